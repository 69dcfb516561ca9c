"""Which view answers, and what is answered in its place."""

import json

import pytest
from tests.runtime.calling import INTERNAL, an_app, an_event, answer, code_of

from chalice import CORSConfig
from chalice.app import RouteEntry

UNKNOWN = '{"Code":"InternalServerError","Message":"Unknown request."}'

NOT_REQUESTS = [
    None,
    5,
    "text",
    [],
    {},
    True,
    {"requestContext": None},
    {"requestContext": []},
    {"requestContext": "text"},
    {"requestContext": {}},
    {"requestContext": {"httpMethod": "GET"}},
    {"requestContext": {"resourcePath": "/"}},
    {"requestContext": {"httpMethod": "GET", "resourcePath": []}},
    {"requestContext": {"httpMethod": {}, "resourcePath": "/"}},
    {"requestContext": {"httpMethod": [], "resourcePath": "/unknown"}},
    {"requestContext": {"http": {"method": "GET"}}, "version": "2.0", "rawPath": "/"},
    {"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/"},
    {"Records": [{"eventSource": "aws:sqs"}]},
]


@pytest.mark.parametrize("event", NOT_REQUESTS, ids=lambda event: str(event)[:40])
def test_what_is_no_request_is_told_so(event):
    result = an_app(lambda: 1)(event, None)

    assert (result["statusCode"], result["body"]) == (500, UNKNOWN)


def test_each_verb_has_its_view():
    app = an_app()
    app.route("/", methods=["GET", "HEAD"])(lambda: "read")
    app.route("/", methods=["POST"], content_types=[])(lambda: "written")

    def body(method):
        return app(an_event("/", method), None)["body"]

    assert [body(verb) for verb in ("GET", "HEAD", "POST")] == ["read", "read", "written"]


def test_any_answers_the_verbs_that_no_other_view_serves():
    app = an_app()
    app.route("/", methods=["ANY"])(lambda: "any")
    app.route("/", methods=["POST"])(lambda: "post")

    assert app(an_event("/", "DELETE"), None)["body"] == "any"
    assert app(an_event("/", "POST"), None)["body"] == "post"


@pytest.mark.parametrize(
    ("path", "allow"), [("/", "GET, POST"), ("/unknown", "")], ids=["known path", "unknown path"]
)
def test_another_verb_is_a_405_that_names_those_served(path, allow):
    result = answer(lambda: 1, an_event(path, "DELETE"))

    assert result == {
        "headers": {"Allow": allow},
        "multiValueHeaders": {},
        "statusCode": 405,
        "body": '{"Code":"MethodNotAllowedError","Message":"Unsupported method: DELETE"}',
    }


@pytest.mark.parametrize("method", ["get", 'G"E\nT', "\ud800", None, 5, 1.5, True])
def test_a_verb_of_no_gateway_is_quoted(method):
    event = an_event()
    event["requestContext"]["httpMethod"] = method

    result = an_app(lambda: 1)(event, None)

    assert result["statusCode"] == 405
    assert json.loads(result["body"])["Message"] == f"Unsupported method: {method}"


def test_a_405_has_the_cors_headers_of_its_path():
    app = an_app()
    app.route("/", methods=["GET"])(lambda: 1)
    app.route("/", methods=["PUT"], cors=CORSConfig(allow_origin="https://a.example"))(lambda: 1)

    result = app(an_event("/", "DELETE"), None)

    assert result["headers"]["Access-Control-Allow-Origin"] == "https://a.example"
    assert result["headers"]["Allow"] == "GET, PUT"


ACCEPTED = [
    ("application/json", ["application/json"]),
    ("Application/JSON", ["application/json"]),
    ("application/json; charset=utf-8", ["application/json"]),
    ("text/plain, application/json", ["application/json"]),
    ("text/plain", ["application/json", "TEXT/PLAIN"]),
    ("a/b", ["*/*"]),
    ("*/*", ["application/json"]),
    ("anything at all", []),
    ("", ["application/json"]),
    (None, ["application/json"]),
    (5, ["application/json"]),
]
REFUSED = [
    ("text/plain", ["application/json"]),
    ("application/jsonx", ["application/json"]),
    ("application/json-patch+json", ["application/json"]),
    ("application /json", ["application/json"]),
    ("image/*", ["image/png"]),
    (None, ["text/plain"]),
    ("\ud800", ["text/plain"]),
]


@pytest.mark.parametrize(("sent", "content_types"), ACCEPTED)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_content_type_of_the_view_is_taken(method, sent, content_types):
    headers = {} if sent is None else {"Content-Type": sent}

    result = answer(
        lambda: 1, an_event("/", method, headers=headers, body=""), content_types=content_types
    )

    assert result["statusCode"] == 200


@pytest.mark.parametrize(("sent", "content_types"), REFUSED)
@pytest.mark.parametrize("name", ["Content-Type", "content-type", "CONTENT-type"])
def test_any_other_content_type_is_a_415(name, sent, content_types):
    headers = {} if sent is None else {name: sent}
    event = an_event("/", "POST", headers=headers, body="x")

    result = answer(lambda: 1, event, content_types=content_types, cors=True)

    assert code_of(result) == (415, "UnsupportedMediaType")
    message = json.loads(result["body"])["Message"]
    assert message == f"Unsupported media type: {sent or 'application/json'}"
    assert result["headers"]["Access-Control-Allow-Origin"] == "*"


def test_a_415_without_cors_has_no_headers():
    result = answer(lambda: 1, an_event(headers={"content-type": "a/b"}))

    assert (result["statusCode"], result["headers"]) == (415, {})


def test_a_bodiless_request_names_its_type_in_one_of_two_spellings():
    result = answer(lambda: 1, an_event(headers={"CONTENT-TYPE": "a/b"}))

    assert result["statusCode"] == 200


@pytest.mark.parametrize("values", [None, [], {}, "text", {"other": "1"}])
def test_a_missing_path_parameter_is_a_500(values, caplog):
    app = an_app(lambda key: key, "/{key}")

    result = app(an_event("/{key}", params=values), None)

    assert (result["statusCode"], result["body"]) == (500, INTERNAL)
    assert "Caught exception for path /{key}" in caplog.text


@pytest.mark.parametrize(
    "options",
    [
        {"content_types": [None]},
        {"cors": "yes"},
        {"cors": CORSConfig(allow_origin="a\nb")},
        {"cors": CORSConfig(allow_origin=None)},
    ],
    ids=["content types", "no CORS", "a line break in CORS", "no origin"],
)
@pytest.mark.parametrize(
    "event",
    [an_event(), an_event("/", "DELETE"), an_event(headers={"Content-Type": "a/b"})],
    ids=["200", "405", "415"],
)
@pytest.mark.parametrize("middleware", [False, True], ids=["plain", "middleware"])
def test_a_route_that_is_declared_wrongly_never_raises(event, options, middleware, caplog):
    app = an_app(lambda: 1, **options)
    if middleware:
        app.register_middleware(lambda request, get_response: get_response(request))

    result = app(event, None)

    assert result["statusCode"] in (200, 405, 500)
    if result["statusCode"] == 500:
        assert "Caught exception for path /" in caplog.text


def test_a_route_entry_can_be_made_by_hand():
    entry = RouteEntry(len, "view", "/a/{b}/{c+}", "GET")

    assert entry.view_args == ["b", "c"]
    assert entry.content_types == ["application/json"]
    assert (entry.cors, entry.authorizer, entry.api_key_required) == (None, None, None)


def test_a_route_without_captures_has_no_arguments():
    assert RouteEntry(len, "view", "/a/b", "GET", cors=False).view_args == []


def test_the_table_of_routes_says_what_was_declared():
    app = an_app()
    cors = CORSConfig()

    @app.route(
        "/a/{b}", methods=["PUT"], name="other", api_key_required=True, content_types=[], cors=cors
    )
    def view(b):
        return b

    entry = app.routes["/a/{b}"]["PUT"]
    assert entry.view_function is view
    assert (entry.view_name, entry.uri_pattern, entry.method) == ("other", "/a/{b}", "PUT")
    assert (entry.api_key_required, entry.content_types, entry.cors) == (True, [], cors)
    assert app.handler_map["other"] is view
