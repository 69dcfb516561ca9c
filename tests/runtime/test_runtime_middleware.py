"""Middleware around views and functions."""

import json

import pytest
from tests.runtime.calling import INTERNAL, an_app, an_event, code_of

import chalice.app
from chalice import (
    BadRequestError,
    Blueprint,
    ChaliceUnhandledError,
    ConvertToMiddleware,
    CORSConfig,
    ForbiddenError,
    Response,
)
from chalice.app import LambdaFunctionEvent, Request


def noting(notes, name):
    """Return a middleware that writes down when it is entered and left."""

    def middleware(request, get_response):
        notes.append(f"{name} in")
        response = get_response(request)
        notes.append(f"{name} out")
        return response

    return middleware


def test_middleware_runs_in_the_order_of_its_registration():
    notes = []
    app = an_app(lambda: notes.append("view"))
    app.register_middleware(noting(notes, "outer"))
    app.middleware("http")(noting(notes, "inner"))

    app(an_event(), None)

    assert notes == ["outer in", "inner in", "view", "inner out", "outer out"]


def test_a_decorated_middleware_stays_what_it_is():
    def middleware(request, get_response):
        return get_response(request)

    app = an_app()

    assert app.middleware("all")(middleware) is middleware
    assert app.middleware_handlers == [(middleware, "all")]


@pytest.mark.parametrize("event_type", ["pure_lambda", "s3", "websocket", "nonsense"])
def test_middleware_for_other_events_leaves_requests_alone(event_type):
    notes = []
    app = an_app(lambda: 1)
    app.register_middleware(noting(notes, "other"), event_type)

    app(an_event(), None)

    assert notes == []


def test_middleware_sees_a_request_and_a_response():
    seen = []
    app = an_app(lambda: {"a": 1})

    @app.middleware("http")
    def middleware(request, get_response):
        response = get_response(request)
        seen.extend([request, response, request is app.current_request])
        return response

    app(an_event(), None)

    assert isinstance(seen[0], Request)
    assert (type(seen[1]), seen[1].body, seen[2]) == (Response, {"a": 1}, True)


def test_middleware_may_change_request_and_response():
    app = an_app(lambda: {"tier": app.current_request.context["tier"]}, cors=True)

    @app.middleware("http")
    def middleware(request, get_response):
        request.context["tier"] = "gold"
        response = get_response(request)
        response.headers["X-Tier"] = response.body["tier"]
        response.status_code = 201
        return response

    result = app(an_event(), None)

    assert (result["statusCode"], result["body"]) == (201, '{"tier":"gold"}')
    assert result["headers"]["X-Tier"] == "gold"


@pytest.mark.parametrize(
    ("value", "body"),
    [(Response("no", status_code=200), "no"), ({"a": 1}, '{"a":1}'), ("no", "no"), (None, "null")],
    ids=["Response", "dict", "str", "None"],
)
def test_middleware_may_answer_in_the_views_place(value, body):
    notes = []
    app = an_app(lambda: notes.append("view"), cors=True)
    app.register_middleware(noting(notes, "outer"))
    app.register_middleware(lambda request, get_response: value)

    result = app(an_event(), None)

    assert (result["statusCode"], result["body"]) == (200, body)
    assert result["headers"]["Access-Control-Allow-Origin"] == "*"
    assert notes == ["outer in", "outer out"]


def test_an_outer_middleware_sees_a_response_whatever_an_inner_one_returns():
    seen = []
    app = an_app(lambda: 1)

    @app.middleware()
    def outer(request, get_response):
        seen.append(type(get_response(request)))
        return get_response(request)

    app.register_middleware(lambda request, get_response: {"a": 1})

    assert app(an_event(), None)["body"] == '{"a":1}'
    assert seen == [Response]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ForbiddenError("no"), 403, "ForbiddenError"),
        (ValueError("no"), 500, "InternalServerError"),
        (SystemExit(1), 500, "InternalServerError"),
    ],
)
@pytest.mark.parametrize("before", [True, False], ids=["before the view", "after the view"])
def test_an_error_of_a_middleware_is_answered_with_cors(before, error, status, code):
    app = an_app(lambda: 1, cors=True)

    @app.middleware("http")
    def middleware(request, get_response):
        if not before:
            get_response(request)
        raise error

    result = app(an_event(), None)

    assert code_of(result) == (status, code)
    assert result["headers"]["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("error", [BadRequestError("no"), ValueError("no"), KeyboardInterrupt()])
def test_errors_of_views_are_responses_to_middleware(error):
    seen = []
    app = an_app()

    @app.route("/")
    def view():
        raise error

    @app.middleware("http")
    def middleware(request, get_response):
        response = get_response(request)
        seen.append(response.status_code)
        return response

    result = app(an_event(), None)

    assert seen == [result["statusCode"]]


def test_an_unhandled_error_reaches_middleware_as_an_exception():
    app = an_app()

    @app.route("/")
    def view():
        raise ChaliceUnhandledError("mine")

    @app.middleware("http")
    def middleware(request, get_response):
        try:
            return get_response(request)
        except ChaliceUnhandledError as error:
            return Response({"mine": str(error)}, status_code=409)

    result = app(an_event(), None)

    assert (result["statusCode"], result["body"]) == (409, '{"mine":"mine"}')


def test_an_unhandled_error_that_no_middleware_catches_is_a_500(caplog):
    app = an_app()
    app.register_middleware(noting([], "any"))

    @app.route("/")
    def view():
        raise ChaliceUnhandledError("mine")

    result = app(an_event(), None)

    assert (result["statusCode"], result["body"]) == (500, INTERNAL)
    assert "ChaliceUnhandledError: mine" in caplog.text


def test_middleware_sees_refusals_too():
    seen = []
    app = an_app(lambda: 1, cors=True)

    @app.middleware("http")
    def middleware(request, get_response):
        response = get_response(request)
        seen.append((response.status_code, dict(response.headers)["Access-Control-Allow-Origin"]))
        response.headers["X-Seen"] = "yes"
        return response

    refused = app(an_event("/", "PUT"), None)
    unsupported = app(an_event(headers={"Content-Type": "a/b"}), None)

    assert seen == [(405, "*"), (415, "*")]
    for result in (refused, unsupported):
        assert result["headers"]["X-Seen"] == "yes"
        assert result["headers"]["Access-Control-Allow-Origin"] == "*"
    assert refused["headers"]["Allow"] == "GET"


def test_middleware_may_answer_a_path_that_no_view_serves():
    app = an_app(lambda: 1)
    app.register_middleware(lambda request, get_response: {"path": request.path})

    result = app(an_event("/unknown"), None)

    assert (result["statusCode"], result["body"]) == (200, '{"path":"/unknown"}')


def test_middleware_that_is_registered_late_counts_from_then_on():
    notes = []
    app = an_app(lambda: 1)
    function = app.lambda_function()(lambda event, context: 1)
    app(an_event(), None)
    function({}, None)

    app.register_middleware(noting(notes, "late"))
    app(an_event(), None)
    function({}, None)

    assert notes == ["late in", "late out"] * 2


def test_middleware_of_a_blueprint_is_the_whole_applications():
    notes = []
    part = Blueprint("part")
    part.middleware("http")(noting(notes, "part"))
    app = an_app(lambda: 1)
    app.register_blueprint(part)

    app(an_event(), None)

    assert notes == ["part in", "part out"]


def test_a_request_that_middleware_passes_on_in_its_place_is_answered():
    app = an_app(lambda key: key, "/{key}")

    @app.middleware("http")
    def middleware(request, get_response):
        return get_response(Request(an_event("/{key}", params={"key": "other"})))

    assert app(an_event("/{key}", params={"key": "first"}), None)["body"] == "other"


def test_middleware_around_a_function_sees_its_event():
    seen = []
    app = an_app()

    @app.middleware("pure_lambda")
    def middleware(event, get_response):
        seen.append(event)
        event.event = {"b": 2}
        return {"result": get_response(event)}

    @app.lambda_function()
    def work(event, context):
        return [event, context]

    assert work({"a": 1}, "context") == {"result": [{"b": 2}, "context"]}
    assert isinstance(seen[0], LambdaFunctionEvent)
    assert (seen[0].context, seen[0].to_dict()) == ("context", {"b": 2})


def test_middleware_for_requests_leaves_functions_alone():
    notes = []
    app = an_app()
    app.register_middleware(noting(notes, "http"), "http")

    app.lambda_function()(lambda event, context: 1)({}, None)

    assert notes == []


def test_errors_around_functions_go_to_lambda():
    app = an_app()
    app.register_middleware(noting([], "all"))
    work = app.lambda_function()(lambda event, context: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        work({}, None)


def a_tracer(notes):
    """Return a decorator of Lambda handlers, as tracers and metrics have."""

    def tracer(handler):
        def wrapped(event, context):
            notes.append((event, context))
            response = handler(event, context)
            notes.append(getattr(response, "body", response))
            return response

        return wrapped

    return tracer


def test_a_decorator_of_handlers_becomes_middleware_of_requests():
    notes = []
    app = an_app(lambda: {"a": 1})
    app.register_middleware(ConvertToMiddleware(a_tracer(notes)))
    event = an_event()

    result = app(event, "context")

    assert result["body"] == '{"a":1}'
    assert notes == [(event, "context"), {"a": 1}]


def test_a_decorator_of_handlers_becomes_middleware_of_functions():
    notes = []
    app = an_app()
    app.register_middleware(ConvertToMiddleware(a_tracer(notes)))
    work = app.lambda_function()(lambda event, context: event["a"])

    assert work({"a": 1}, "context") == 1
    assert notes == [({"a": 1}, "context"), 1]


class Context:
    function_name = "demo-dev"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:demo-dev"
    aws_request_id = "0123"


def test_powertools_works_as_middleware(capsys):
    powertools = pytest.importorskip("aws_lambda_powertools")
    logger = powertools.Logger(service="billing")
    app = an_app()
    app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context(log_event=True)))

    @app.route("/")
    def view():
        logger.info("seen")
        return {"a": 1}

    result = app(an_event(), Context())

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert result["body"] == '{"a":1}'
    assert [line["function_name"] for line in lines] == ["demo-dev", "demo-dev"]
    assert lines[0]["message"]["requestContext"]["resourcePath"] == "/"
    assert lines[1]["message"] == "seen"


def test_the_handler_of_one_middleware_can_be_made_by_hand():
    handler = chalice.app.MiddlewareHandler(
        lambda request, get_response: get_response(request) + 1, len
    )

    assert handler([1, 2]) == 3


# --- what middleware sees of an answer -----------------------------------------------------------


def watched(app):
    """Return what a middleware sees of each answer; it adds a header to each."""
    seen = []

    @app.middleware("http")
    def watch(request, get_response):
        response = get_response(request)
        seen.append((response.status_code, response.body, dict(response.headers)))
        response.headers["X-Frame-Options"] = "DENY"
        return response

    return seen


def test_middleware_sees_the_cors_headers_and_may_take_them_away():
    app = an_app(dict, cors=CORSConfig(allow_origin="https://a.example"))
    seen = []

    @app.middleware("http")
    def strangers(request, get_response):
        response = get_response(request)
        seen.append(response.headers.pop("Access-Control-Allow-Origin"))
        return response

    result = app(an_event(), None)

    assert seen == ["https://a.example"]
    assert "Access-Control-Allow-Origin" not in result["headers"]
    assert "Access-Control-Allow-Headers" in result["headers"]


def test_a_copy_that_lacks_a_cors_header_is_sent_as_it_is():
    app = an_app(dict, cors=True)

    @app.middleware("http")
    def strangers(request, get_response):
        response = get_response(request)
        del response.headers["Access-Control-Allow-Origin"]
        return Response(response.body, dict(response.headers), response.status_code)

    assert "Access-Control-Allow-Origin" not in app(an_event(), None)["headers"]


def test_an_answer_of_the_middlewares_own_has_cors_headers():
    app = an_app(dict, cors=True)

    @app.middleware("http")
    def wrap(request, get_response):
        return {"data": get_response(request).body}

    assert app(an_event(), None)["headers"]["Access-Control-Allow-Origin"] == "*"


def test_the_response_that_a_view_keeps_is_not_touched_by_cors():
    kept = Response("x", {"access-control-allow-origin": "https://own.example"})
    app = an_app(lambda: kept, cors=True)
    seen = watched(app)

    result = app(an_event(), None)

    assert kept.headers == {"access-control-allow-origin": "https://own.example"}
    assert "Access-Control-Allow-Origin" not in seen[0][2]
    assert result["headers"]["access-control-allow-origin"] == "https://own.example"


@pytest.mark.parametrize(
    ("method", "headers", "status", "code"),
    [
        ("GET", {"content-type": "text/html"}, 415, "UnsupportedMediaType"),
        ("PUT", {}, 405, "MethodNotAllowedError"),
    ],
)
def test_the_body_of_a_refusal_is_an_object(method, headers, status, code):
    app = an_app(dict)
    seen = watched(app)

    result = app(an_event(method=method, headers=headers), None)

    assert (seen[0][0], seen[0][1]["Code"]) == (status, code)
    assert (result["statusCode"], result["headers"]["X-Frame-Options"]) == (status, "DENY")


PNG = {"Content-Type": "image/png"}
UNSENDABLE = {
    "nobody accepts its bytes": (Response(b"x", PNG), 400, "BadRequest"),
    "a header": (Response("x", {"X": "a\nb"}), 500, "InternalServerError"),
    "a header beside JSON": (Response({}, {"X": "a\nb"}), 500, "InternalServerError"),
    "text as bytes": (Response("x", PNG), 500, "InternalServerError"),
}


@pytest.mark.parametrize(("response", "status", "code"), UNSENDABLE.values(), ids=UNSENDABLE.keys())
def test_middleware_sees_the_error_that_is_sent(response, status, code):
    app = an_app(lambda: response, cors=True)
    seen = watched(app)

    result = app(an_event(), None)

    assert (seen[0][0], seen[0][1]["Code"]) == (status, code)
    assert result["statusCode"] == status
    assert result["headers"]["X-Frame-Options"] == "DENY"
    assert result["headers"]["Access-Control-Allow-Origin"] == "*"


def test_bytes_that_are_accepted_are_seen_as_bytes():
    app = an_app(lambda: Response(b"x", PNG))
    seen = watched(app)

    result = app(an_event(headers={"accept": "image/png"}), None)

    assert seen[0][:2] == (200, b"x")
    assert (result["body"], result["isBase64Encoded"]) == ("eA==", True)


def test_headers_that_middleware_takes_away_altogether_are_none():
    app = an_app(dict, cors=True)

    @app.middleware("http")
    def bare(request, get_response):
        response = get_response(request)
        response.headers = None
        return response

    assert app(an_event(), None)["headers"] == {}


@pytest.mark.parametrize("body", ["text", {}])
def test_a_response_without_headers_has_those_of_cors(body):
    def view():
        response = Response(body)
        response.headers = None
        return response

    app = an_app(view, cors=True)
    watched(app)

    result = app(an_event(), None)

    assert result["statusCode"] == 200
    assert result["headers"]["Access-Control-Allow-Origin"] == "*"
