"""Applications themselves: what they refuse, how they log, what a tool is told."""

import logging
import subprocess
import sys

import pytest
from tests.runtime.calling import an_app, an_event

import chalice
import chalice.app
from chalice import Blueprint, Chalice, CognitoUserPoolAuthorizer, Cron, Rate, runtime
from chalice.app import ChaliceError, ScheduleExpression

EVENT_DECORATORS = [
    "on_cw_event",
    "on_dynamodb_record",
    "on_kinesis_record",
    "on_s3_event",
    "on_sns_message",
    "on_sqs_message",
    "on_ws_connect",
    "on_ws_disconnect",
    "on_ws_message",
    "schedule",
]


def twice(app):
    app.route("/")(lambda: 1)
    app.route("/", name="other")(lambda: 2)


# What AWS Chalice 1.34.0 raises, observed.
REFUSED = {
    "a verb twice": (twice, ValueError, "Duplicate method: 'GET' detected for route: '/'"),
    "an unknown option": (
        lambda app: app.route("/", foo=1, bar=2)(len),
        TypeError,
        r"route\(\) got unexpected keyword arguments: foo, bar",
    ),
    "content types as text": (
        lambda app: app.route("/", content_types="a/b")(len),
        ValueError,
        r'In view function "len", the content_types value must be a list, not .*: a/b',
    ),
    "content types as a tuple": (
        lambda app: app.route("/", content_types=("a/b",))(len),
        ValueError,
        "must be a list",
    ),
    "no content types": (
        lambda app: app.route("/", content_types=None)(len),
        ValueError,
        "must be a list",
    ),
    "no methods": (lambda app: app.route("/", methods=None)(len), TypeError, "iterable"),
    "no path": (lambda app: app.route(None)(len), TypeError, "not None"),
    "a number as the path": (lambda app: app.route(5)(len), TypeError, "not 5"),
    "a view without a name": (lambda app: app.route("/")(object()), AttributeError, "__name__"),
    "an unknown option of an authorizer": (
        lambda app: app.authorizer(foo=1),
        TypeError,
        "unexpected keyword arguments: foo",
    ),
    "an unknown option of a function": (
        lambda app: app.lambda_function(foo=1),
        TypeError,
        "unexpected keyword arguments: foo",
    ),
    "provider ARNs as text": (
        lambda app: CognitoUserPoolAuthorizer("pool", "arn"),
        TypeError,
        "provider_arns should be a list of ARNs, received: arn",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_aws_chalice_refuses_is_refused_with_the_same_type(name):
    declare, kind, message = REFUSED[name]

    with pytest.raises(kind, match=message):
        declare(an_app())


@pytest.mark.parametrize("name", EVENT_DECORATORS)
@pytest.mark.parametrize(
    ("make", "holder"),
    [(an_app, "app"), (lambda: Blueprint("part"), "blueprint")],
    ids=["app", "blueprint"],
)
def test_a_decorator_that_comes_later_is_refused_by_name(make, holder, name):
    message = f"`{holder}.{name}` is not available in Chalice {chalice.__version__}"

    with pytest.raises(ChaliceError, match=message):
        getattr(make(), name)("argument", option=1)


def test_websockets_are_refused_by_name():
    app = an_app()

    with pytest.raises(AttributeError, match=r"`app\.websocket_api` is not available"):
        _ = app.websocket_api
    assert not hasattr(app, "websocket_api")


class Tool:
    """What a tool is told while it loads a project."""

    def __init__(self):
        self.refusals = []
        self.places = 0

    def here(self):
        self.places += 1
        return f"app.py:{self.places}"

    def refused(self, code, error, where, *names):
        self.refusals.append((code, type(error).__name__, where))


@pytest.fixture
def tool():
    runtime.observer = Tool()
    yield runtime.observer
    runtime.observer = None


def test_a_class_of_a_later_version_can_be_imported_while_a_tool_loads_the_project(tool):
    from chalice import app as module

    found = [module.SQSEvent, module.WebsocketAPI]

    assert found == [object, object]
    assert [code for code, _, _ in tool.refusals] == ["class-not-supported"] * 2


def test_a_tool_is_told_of_what_cannot_be_an_option_and_loading_goes_on(tool):
    app = Chalice("demo", configure_logs=False)
    app.route(5)(len)
    app.route(len)
    app.route("/a", methods=None)(len)
    app.route("/b", name=5)(len)
    app.lambda_function(name=5)(len)
    app.lambda_function(foo=1)(len)
    app.authorizer(foo=1)(len)
    app.route("/c")(len)

    assert [(code, where) for code, _, where in tool.refusals] == [
        ("route-path-type", "app.py:2"),
        ("route-path-type", "app.py:3"),
        ("decorator-option-type", "app.py:5"),
        ("decorator-option-type", "app.py:7"),
        ("decorator-option-type", "app.py:9"),
        ("decorator-option-unknown", "app.py:10"),
        ("decorator-option-unknown", "app.py:12"),
    ]
    assert "/c" in app.routes


def test_a_tool_is_told_of_every_refusal_and_loading_goes_on(tool):
    app = Chalice("demo", configure_logs=False)
    twice(app)
    app.route("/a", foo=1)(len)
    app.route("/b", content_types="a/b")(len)
    pool = CognitoUserPoolAuthorizer("pool", "arn")
    app.schedule("rate(1 day)")(len)
    app.websocket_api.session = "session"

    assert tool.refusals == [
        ("route-duplicate", "ValueError", "app.py:3"),
        ("route-option-unknown", "TypeError", "app.py:4"),
        ("route-content-types-type", "ValueError", "app.py:5"),
        ("authorizer-provider-arns-type", "TypeError", "app.py:6"),
        ("decorator-not-supported", "ChaliceError", "app.py:7"),
        ("decorator-not-supported", "AttributeError", "app.py:8"),
    ]
    assert sorted(app.routes) == ["/", "/a", "/b"]
    assert app.routes["/"]["GET"].view_function() == 1
    assert app.routes["/b"]["GET"].content_types == ["application/json"]
    assert pool.provider_arns == "arn"


def test_a_tool_is_told_where_everything_was_declared(tool):
    app = Chalice("demo", configure_logs=False)
    route = app.route("/")
    authorizer = app.authorizer()
    function = app.lambda_function()

    door = authorizer(lambda request: None)
    route(len)
    function(lambda event, context: None)

    assert app.where == "app.py:1"
    assert app.routes["/"]["GET"].where == "app.py:2"
    assert door.where == app.builtin_auth_handlers[0].where == "app.py:3"
    assert app.pure_lambda_functions[0].where == "app.py:4"


def test_a_decorated_view_stays_a_plain_function():
    def view():
        return 1

    assert an_app().route("/")(view) is view
    assert view() == 1


@pytest.fixture
def own_log():
    """Return the name of a logger that no other test has configured."""
    name = "demo-of-logs"
    yield name
    log = logging.getLogger(name)
    log.handlers.clear()
    log.propagate = True
    log.setLevel(logging.NOTSET)


def test_an_application_logs_errors_to_stdout(own_log, capsys):
    app = Chalice(own_log)

    app.log.error("bad")
    app.log.warning("not shown")

    assert capsys.readouterr().out == f"{own_log} - ERROR - bad\n"
    assert app.log is logging.getLogger(own_log)
    assert app.log.propagate is False


def test_two_applications_of_a_name_share_a_handler(own_log):
    Chalice(own_log)
    Chalice(own_log)

    assert len(logging.getLogger(own_log).handlers) == 1


def test_a_handler_of_the_applications_own_stays(own_log):
    log = logging.getLogger(own_log)
    log.addHandler(logging.StreamHandler(sys.stdout))
    log.propagate = True

    Chalice(own_log)

    assert (len(log.handlers), log.propagate) == (1, True)


def test_debug_lowers_the_level_and_back(own_log):
    app = Chalice(own_log)
    assert (app.debug, app.log.level) == (False, logging.ERROR)

    app.debug = True
    assert (app.debug, app.log.level) == (True, logging.DEBUG)

    app.debug = False
    assert app.log.level == logging.ERROR
    assert Chalice(own_log, debug=True).log.level == logging.DEBUG


def test_logs_that_are_not_configured_are_left_alone(own_log):
    app = Chalice(own_log, configure_logs=False)
    app.debug = True

    assert (app.log.handlers, app.log.level, app.log.propagate) == ([], logging.NOTSET, True)


@pytest.mark.parametrize("variables", [{}, {"AWS_EXECUTION_ENV": ""}])
def test_elsewhere_than_on_lambda_the_user_agent_is_left_alone(variables):
    env = dict(variables)

    Chalice("demo", configure_logs=False, env=env)

    assert env == variables


def test_on_lambda_the_sdk_names_chalice_once():
    env = {"AWS_EXECUTION_ENV": "AWS_Lambda_python3.13"}

    for _ in range(2):
        Chalice("demo", configure_logs=False, env=env)

    assert env == {"AWS_EXECUTION_ENV": f"AWS_Lambda_python3.13 aws-chalice/{chalice.__version__}"}


def test_an_application_has_the_attributes_that_tools_read():
    app = an_app()

    assert (app.app_name, app.configure_logs, app.debug) == ("demo", False, False)
    assert app.experimental_feature_flags == set()
    assert (app.routes, app.handler_map, app.api.cors) == ({}, {}, False)
    assert app.where is None


@pytest.mark.parametrize("module", [chalice, chalice.app])
def test_every_public_name_can_be_imported(module):
    for name in module.__all__:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("module", [chalice, chalice.app])
def test_an_unknown_name_is_an_attribute_error(module):
    with pytest.raises(AttributeError, match=f"module '{module.__name__}' has no attribute 'nope'"):
        _ = module.nope


def test_names_are_loaded_on_first_use_and_kept():
    code = (
        "import sys, chalice; assert 'chalice.app' not in sys.modules;"
        "first = chalice.Response; assert chalice.__dict__['Response'] is first;"
        "from chalice import *; assert Blueprint and Chalice;"
        "import chalice.runtime as r; name = 'chalice.runtime.schedule';"
        "sys.modules.pop(name, None); assert r.late(name) is sys.modules[name] is r.late(name)"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (Rate(1, unit=Rate.MINUTES), "rate(1 minute)"),
        (Rate(2, Rate.HOURS), "rate(2 hours)"),
        (Rate(7, unit=Rate.DAYS), "rate(7 days)"),
        (Cron(0, 18, "?", "*", "MON-FRI", "*"), "cron(0 18 ? * MON-FRI *)"),
        (ScheduleExpression(), ""),
    ],
)
def test_a_schedule_is_written_as_eventbridge_reads_it(expression, text):
    assert expression.to_string() == text


def test_the_version_is_one_that_error_trackers_take_for_a_new_one():
    assert chalice.__version__ == chalice.chalice_version
    assert int(chalice.__version__.partition(".")[0]) == 2


def test_two_applications_do_not_share_anything():
    first, second = an_app(lambda: 1), an_app()

    first.api.binary_types.clear()
    first.register_middleware(lambda request, get_response: get_response(request))

    assert second.api.binary_types
    assert (second.routes, second.middleware_handlers) == ({}, [])
    assert second(an_event(), None)["statusCode"] == 405
