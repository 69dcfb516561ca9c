"""The application object read as data, whatever was put into it."""

from __future__ import annotations

import functools

import pytest

from chalice import (
    AuthResponse,
    Blueprint,
    Chalice,
    CognitoUserPoolAuthorizer,
    CORSConfig,
    CustomAuthorizer,
    IAMAuthorizer,
)
from chalice.model.collect import collect
from chalice.model.declared import (
    BuiltinAuthorizer,
    CognitoAuthorizer,
    Cors,
    Function,
    IamAuthorizer,
    Place,
)
from chalice.model.declared import (
    CustomAuthorizer as CustomDeclared,
)

HERE = Place("app.py", 7)

POOL = ["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/x"]


def here(where, function):
    return HERE


def collected(app):
    return collect(app, here)


def codes(app):
    return [problem.code for problem in collected(app).problems]


@pytest.fixture
def app():
    return Chalice("demo")


def test_a_route_is_read_whole(app):
    @app.authorizer(ttl_seconds=30, execution_role="arn:role", header="X-Token")
    def guard(request): ...

    @app.route(
        "/a/{b}",
        methods=["GET", "POST"],
        name="alpha",
        authorizer=guard.with_scopes(["read"]),
        api_key_required=True,
        content_types=["text/plain"],
        cors=CORSConfig("https://x.example", allow_credentials=True, max_age=0),
    )
    def view(b, c=1, *, d, **rest): ...

    model = collected(app).model

    get, post = model.routes
    assert (get.method, post.method) == ("GET", "POST")
    assert (get.path, get.view, get.function, get.where) == ("/a/{b}", "alpha", "view", HERE)
    assert (get.parameters, get.required, get.accepts_any) == (("b", "c", "d"), ("b", "d"), True)
    assert (get.authorizer, get.scopes, get.api_key_required) == ("guard", ("read",), True)
    assert get.content_types == ("text/plain",)
    assert get.cors == Cors(
        "https://x.example",
        allow_credentials=True,
        headers=(
            ("Access-Control-Allow-Origin", "https://x.example"),
            (
                "Access-Control-Allow-Headers",
                "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key",
            ),
            ("Access-Control-Max-Age", "0"),
            ("Access-Control-Allow-Credentials", "true"),
        ),
    )
    assert model.authorizer("guard") == BuiltinAuthorizer(
        "guard", "guard", "X-Token", 30, "arn:role", HERE
    )


def test_what_a_route_leaves_out_has_its_default(app):
    app.route("/")(lambda: None)

    [route] = collected(app).model.routes

    assert (route.authorizer, route.scopes, route.api_key_required) == (None, (), False)
    assert (route.content_types, route.cors) == (("application/json",), None)


def test_the_application_is_read_whole(app):
    app.debug = True
    app.api.binary_types.append("application/x-custom")
    app.route("/")(lambda: None)

    @app.authorizer()
    def guard(request): ...

    @app.lambda_function(name="work")
    def job(event, context): ...

    model = collected(app).model

    assert (model.name, model.debug, model.where) == ("demo", True, HERE)
    assert model.binary_types[-1] == "application/x-custom"
    assert model.functions == (
        Function("api_handler", "app.app", "api", HERE),
        Function("guard", "app.guard", "authorizer", HERE),
        Function("work", "app.job", "pure_lambda", HERE),
    )


def test_an_application_without_routes_has_no_handler_for_them(app):
    result = collected(app)

    assert (result.model.functions, result.handlers) == ((), {})


def test_each_kind_of_authorizer_is_read(app):
    pool = CognitoUserPoolAuthorizer("pool", POOL, header="X-Pool", scopes=["a"])
    custom = CustomAuthorizer("custom", "arn:uri", 5, "X-Custom", "arn:role")
    for index, authorizer in enumerate([pool, custom, IAMAuthorizer(), pool]):
        app.route(f"/{index}", authorizer=authorizer)(lambda: None)

    model = collected(app).model

    assert model.authorizers == (
        CognitoAuthorizer("pool", "X-Pool", tuple(POOL), HERE),
        CustomDeclared("custom", "X-Custom", "arn:uri", 5, "arn:role", HERE),
        IamAuthorizer("sigv4", HERE),
    )
    assert [route.scopes for route in model.routes] == [("a",), (), (), ("a",)]


def test_handlers_are_callable_by_the_name_of_the_function(app):
    @app.route("/")
    def index():
        return {}

    @app.authorizer()
    def guard(request):
        return AuthResponse(["/"], request.token)

    @app.lambda_function()
    def work(event, context):
        return {"got": event}

    handlers = collected(app).handlers

    assert handlers["api_handler"] is app
    assert handlers["work"]({"a": 1}, None) == {"got": {"a": 1}}
    request = {"type": "TOKEN", "authorizationToken": "t", "methodArn": "arn:a/b/c"}
    assert handlers["guard"](request, None)["principalId"] == "t"


def test_a_view_of_the_same_name_does_not_take_a_functions_place(app):
    @app.authorizer(name="both")
    def guard(request): ...

    @app.lambda_function(name="work")
    def work(event, context):
        return "worked"

    app.route("/", name="both", authorizer=guard)(lambda: None)
    app.route("/w", name="work")(lambda: None)

    handlers = collected(app).handlers

    assert handlers["both"] is guard
    assert handlers["work"]({}, None) == "worked"


def test_names_of_a_blueprint_have_its_prefix(app):
    blueprint = Blueprint("chalicelib.auth")

    @blueprint.authorizer()
    def guard(request): ...

    blueprint.route("/me", authorizer=guard)(lambda: None)
    app.register_blueprint(blueprint, name_prefix="v1_", url_prefix="/v1")

    found = collected(app)

    model = found.model
    assert [(item.path, item.authorizer) for item in model.routes] == [("/v1/me", "v1_guard")]
    assert model.functions[1].name == "v1_guard"
    assert model.functions[1].handler == "chalice.functions.v1_guard"
    assert found.found_at == {"v1_guard": "chalicelib.auth.guard"}


def test_functions_of_app_py_are_called_there(app):
    part = Blueprint("app")

    def work(event, context): ...

    app.lambda_function(name="first")(work)
    part.lambda_function(name="second")(work)
    app.register_blueprint(part)

    found = collected(app).model.functions

    assert [(item.name, item.handler) for item in found] == [
        ("first", "app.work"),
        ("second", "app.work"),
    ]


def test_the_place_is_that_of_the_function_where_nothing_was_recorded(app):
    @app.route("/")
    @functools.lru_cache  # the line of the first decorator counts; this is no plain function
    def cached(): ...

    @app.route("/plain")
    def plain(): ...

    cached_route, plain_route = collect(app).model.routes

    assert plain_route.where.file.endswith("tests/model/test_model_collect.py")
    assert plain_route.where.line == plain.__code__.co_firstlineno
    assert cached_route.where == Place("app.py", 0)


@pytest.mark.parametrize(
    ("options", "code", "summary"),
    [
        ({"methods": "GET"}, "route-methods-type", "`/` are the letters of `GET`"),
        ({"methods": "POST"}, "route-methods-type", "the letters of `POST`"),
        ({"methods": [1]}, "route-methods-type", "`/` are `1`"),
        ({"methods": []}, "route-methods-empty", "no methods"),
        ({"cors": "yes"}, "cors-type", "`cors='yes'`"),
        ({"cors": CORSConfig}, "cors-type", "`cors=CORSConfig`"),
        ({"cors": CORSConfig(max_age="600")}, "cors-type", "`max_age`"),
        ({"cors": CORSConfig(max_age=-1)}, "cors-type", "`-1`"),
        ({"cors": CORSConfig(max_age=True)}, "cors-type", "`True`"),
        ({"cors": CORSConfig(["https://a.example"])}, "cors-type", "`allow_origin`"),
        ({"cors": CORSConfig(allow_headers="X-A")}, "cors-type", "`allow_headers`"),
        ({"cors": CORSConfig(allow_headers=[1])}, "cors-type", "`allow_headers`"),
        ({"cors": CORSConfig(expose_headers="X-A")}, "cors-type", "`expose_headers`"),
        ({"cors": CORSConfig(expose_headers=[1])}, "cors-type", "`expose_headers`"),
        ({"cors": CORSConfig(allow_credentials="yes")}, "cors-type", "`allow_credentials`"),
        ({"authorizer": object()}, "route-authorizer-type", "type object"),
        ({"authorizer": "guard"}, "route-authorizer-type", "'guard'"),
        ({"authorizer": IAMAuthorizer}, "route-authorizer-type", "IAMAuthorizer"),
        ({"authorizer": print}, "route-authorizer-type", "print"),
        ({"api_key_required": "yes"}, "route-option-type", "'yes'"),
        ({"content_types": [1]}, "route-content-types-type", "`1`"),
    ],
)
def test_an_option_of_a_wrong_type_is_a_problem(app, options, code, summary):
    app.route("/", **options)(lambda: None)

    [problem] = collected(app).problems

    assert problem.code == code
    assert summary in problem.summary
    assert problem.hint.startswith(("write", "decorate"))
    assert problem.where.startswith("app.py:7")


@pytest.mark.parametrize(
    ("authorizer", "code"),
    [
        (lambda: CognitoUserPoolAuthorizer("p", [1]), "authorizer-provider-arns-type"),
        (lambda: CognitoUserPoolAuthorizer("p", []), "authorizer-provider-arns"),
        (lambda: CognitoUserPoolAuthorizer("p", POOL, header=5), "authorizer-option-type"),
        (lambda: CognitoUserPoolAuthorizer(5, POOL), "authorizer-option-type"),
        (lambda: CognitoUserPoolAuthorizer("p", POOL, scopes="a"), "authorizer-scopes-type"),
        (lambda: CustomAuthorizer("c", "arn:u", "x"), "authorizer-ttl-type"),
        (lambda: CustomAuthorizer("c", "arn:u", True), "authorizer-ttl-type"),
        (lambda: CustomAuthorizer("c", 5), "authorizer-option-type"),
        (lambda: CustomAuthorizer("c", "arn:u", invoke_role_arn=5), "authorizer-option-type"),
        (lambda: CustomAuthorizer("c", "arn:u", header=""), "authorizer-option-type"),
    ],
)
def test_an_option_of_an_authorizer_of_a_wrong_type_is_a_problem(app, authorizer, code):
    app.route("/", authorizer=authorizer())(lambda: None)

    assert codes(app) == [code]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"ttl_seconds": "x"}, "authorizer-ttl-type"),
        ({"ttl_seconds": 1.5}, "authorizer-ttl-type"),
        ({"header": None}, "authorizer-option-type"),
        ({"execution_role": 5}, "authorizer-option-type"),
    ],
)
def test_an_option_of_a_built_in_authorizer_is_told_once(app, options, code):
    guard = app.authorizer(**options)(lambda request: None)
    app.route("/", authorizer=guard)(lambda: None)
    app.route("/b", authorizer=guard)(lambda: None)

    assert codes(app) == [code]


def test_an_authorizer_of_a_blueprint_that_is_not_registered_is_a_problem(app):
    guard = Blueprint("chalicelib.auth").authorizer(name="guard")(lambda request: None)
    app.route("/", authorizer=guard)(lambda: None)

    [problem] = collected(app).problems

    assert problem.code == "authorizer-unregistered"
    assert "register_blueprint" in problem.hint


@pytest.mark.parametrize("value", ["image/png", None, 5])
def test_binary_types_that_are_no_list_are_a_problem(app, value):
    app.api.binary_types = value

    assert codes(app) == ["binary-types-type"]


def test_a_name_that_is_no_string_is_a_problem():
    app = Chalice("demo")
    app.app_name = 5

    result = collected(app)

    assert [problem.code for problem in result.problems] == ["app-name-type"]
    assert result.model.name == "5"


def blueprint():
    part = Blueprint("chalicelib.part")

    @part.authorizer(ttl_seconds=30)
    def auth(request): ...

    @part.route("/open", authorizer=auth)
    def plain(): ...

    @part.route("/scoped", authorizer=auth.with_scopes(["read"]))
    def scoped(): ...

    return part, auth


def test_a_blueprint_registered_twice_declares_its_authorizer_twice(app):
    part, auth = blueprint()
    app.register_blueprint(part, "one_", "/one")
    app.register_blueprint(part, "two_", "/two")

    found = collected(app)

    assert found.problems == ()
    assert {route.path: (route.authorizer, route.scopes) for route in found.model.routes} == {
        "/one/open": ("one_auth", ()),
        "/one/scoped": ("one_auth", ("read",)),
        "/two/open": ("two_auth", ()),
        "/two/scoped": ("two_auth", ("read",)),
    }
    assert [(item.name, item.ttl_seconds) for item in found.model.authorizers] == [
        ("one_auth", 30),
        ("two_auth", 30),
    ]
    assert [(item.name, item.handler) for item in found.model.functions[1:]] == [
        ("one_auth", "chalice.functions.one_auth"),
        ("two_auth", "chalice.functions.two_auth"),
    ]
    assert found.handlers["one_auth"] is auth
    assert found.handlers["two_auth"].func is auth.func


def test_a_blueprint_of_two_applications_leaves_the_first_one_as_it_is(app):
    part, auth = blueprint()
    app.register_blueprint(part, "one_")
    other = Chalice("other", configure_logs=False)
    other.register_blueprint(part, "two_")

    @other.route("/own", authorizer=auth)
    def own(): ...

    assert [item.name for item in collected(app).model.authorizers] == ["one_auth"]
    assert [item.name for item in collected(other).model.authorizers] == ["two_auth"]
    assert collected(other).problems == ()


def test_an_authorizer_that_is_registered_once_stays_the_object_it_is(app):
    part, auth = blueprint()
    app.register_blueprint(part, "one_")

    assert app.routes["/open"]["GET"].authorizer is auth
    assert app.handler_map["one_auth"] is auth
    assert (auth.name, auth.config) == ("one_auth", app.builtin_auth_handlers[0])
