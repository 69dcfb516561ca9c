"""What a view can ask a request for."""

import json

import pytest
from tests.runtime.calling import a_post, an_app, an_event, answer, code_of, sample

from chalice import BadRequestError
from chalice.app import CaseInsensitiveMapping, MultiDict, Request


def seen(event, read, context=None):
    """Return what *read* makes of the current request in a view."""
    app = an_app()
    kept = []

    def view(**_):
        kept.append(read(app.current_request))

    where = event["requestContext"]
    app.route(where["resourcePath"], methods=[where["httpMethod"]], content_types=[])(view)
    result = app(event, context)
    assert result["statusCode"] == 200, result
    return kept[0]


@pytest.mark.parametrize("name", ["X-Tea", "x-tea", "X-TEA"])
def test_headers_are_found_in_any_case(name):
    headers = seen(an_event(headers={"x-Tea": "green"}), lambda request: request.headers)

    assert headers[name] == "green"
    assert name in headers
    assert headers.get(name) == "green"


def test_headers_are_listed_in_lower_case_and_read_only():
    headers = seen(sample("rest_put_authorized"), lambda request: request.headers)

    assert list(headers) == [name.lower() for name in sample("rest_put_authorized")["headers"]]
    assert len(headers) == 10
    assert headers.get("nothing") is None
    with pytest.raises(TypeError):
        headers["X-New"] = "1"


def test_of_a_repeated_header_the_last_value_counts():
    headers = seen(sample("rest_get_edge"), lambda request: request.headers)

    assert headers["cookie"] == "theme=dark"


@pytest.mark.parametrize("absent", [None, {}, "text", ["list"]])
def test_headers_that_are_absent_are_an_empty_mapping(absent):
    event = an_event()
    event["headers"] = absent

    assert dict(seen(event, lambda request: request.headers)) == {}


def test_a_query_reads_as_a_mapping_to_the_last_values():
    query = seen(sample("rest_put_authorized"), lambda request: request.query_params)

    assert isinstance(query, MultiDict)
    assert query == {"tag": "sale", "q": "café"}
    assert query.getlist("tag") == ["new", "sale"]


@pytest.mark.parametrize(
    ("attribute", "key"),
    [
        ("query_params", "multiValueQueryStringParameters"),
        ("uri_params", "pathParameters"),
        ("stage_vars", "stageVariables"),
    ],
)
@pytest.mark.parametrize("absent", [None, "text", 5, []])
def test_what_a_request_does_not_have_is_none(attribute, key, absent):
    event = an_event()
    event[key] = absent
    missing = an_event()
    del missing[key]

    assert seen(event, lambda request: getattr(request, attribute)) is None
    assert seen(missing, lambda request: getattr(request, attribute)) is None


def test_path_parameters_are_the_views_arguments_as_sent():
    event = sample("rest_put_authorized")
    app = an_app()

    @app.route("/users/{key}/orders/{order}", methods=["PUT"])
    def view(order, key):
        return {"key": key, "order": order, "uri_params": app.current_request.uri_params}

    assert json.loads(app(event, None)["body"]) == {
        "key": "u%2042",
        "order": "o-1001",
        "uri_params": {"key": "u%2042", "order": "o-1001"},
    }


def test_a_greedy_path_parameter_is_an_argument_under_its_name():
    app = an_app(lambda rest: rest, "/files/{rest+}")

    assert app(sample("rest_get_greedy"), None)["body"] == "a/b%20c/d.txt"


def test_a_request_has_the_facts_of_its_event():
    event = sample("rest_put_authorized")
    event["stageVariables"] = {"color": "blue"}
    lambda_context = object()

    def facts(request):
        return (request.method, request.path, request.context, request.stage_vars)

    assert seen(event, facts) == (
        "PUT",
        "/users/{key}/orders/{order}",
        event["requestContext"],
        {"color": "blue"},
    )
    assert seen(event, lambda request: request.lambda_context, lambda_context) is lambda_context
    assert seen(event, lambda request: request.to_original_event()) is event


def test_what_an_authorizer_said_is_in_the_context():
    context = seen(sample("rest_put_authorized"), lambda request: request.context)

    assert context["authorizer"]["tier"] == "gold"


def test_the_class_gives_its_descriptors():
    assert Request.headers.name == "headers"


def test_attributes_are_read_once_and_can_be_set():
    request = Request(an_event(headers={"A": "1"}))

    assert request.headers is request.headers

    request.headers = CaseInsensitiveMapping({"B": "2"})
    request.method = "PATCH"
    request.context = {}
    assert dict(request.headers) == {"b": "2"}
    assert request.to_dict()["method"] == "PATCH"


BODIES = [
    (None, b""),
    ("", b""),
    ("tea", b"tea"),
    ("café", "café".encode()),
    (b"\x00\xff", b"\x00\xff"),
    ("half \ud800", b"half ?"),
]


@pytest.mark.parametrize(("body", "raw"), BODIES)
def test_the_raw_body_is_bytes(body, raw):
    assert seen(a_post(body, "text/plain"), lambda request: request.raw_body) == raw


def test_a_png_arrives_as_it_was_sent():
    raw = seen(sample("rest_post_binary"), lambda request: request.raw_body)

    assert raw.startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize("body", ["a", "é", "====", "\ud800"])
def test_damaged_base64_is_the_clients_fault(body):
    event = a_post(body, "application/octet-stream")
    event["isBase64Encoded"] = True
    app = an_app()
    app.route("/", methods=["POST"], content_types=[])(lambda: app.current_request.raw_body)

    result = app(event, None)

    assert result["statusCode"] in (200, 400)
    assert body == "====" or code_of(result) == (400, "BadRequestError")


@pytest.mark.parametrize("body", [5, True, {"a": 1}, [1]])
@pytest.mark.parametrize("attribute", ["raw_body", "json_body"])
def test_a_body_that_is_no_text_is_a_400(body, attribute):
    app = an_app()
    view = lambda: getattr(app.current_request, attribute)  # noqa: E731 - a view in one line
    app.route("/", methods=["POST"])(view)

    assert code_of(app(a_post(body), None)) == (400, "BadRequestError")


JSON_BODIES = [
    ('{"a": 1}', {"a": 1}),
    (" \r\n{}\t ", {}),
    ("null", None),
    ("true", True),
    ("0", 0),
    ("1.5e3", 1500.0),
    ('"caf\\u00e9"', "café"),
    ('"\\ud800"', "\ud800"),
    ("[]", []),
    (b'{"a": "\xc3\xa9"}', {"a": "é"}),
    ("9" * 4000, int("9" * 4000)),
    ('{"a": 1, "a": 2}', {"a": 2}),
    ("1e999", float("inf")),
    ("\ufeff{}", {}),
    (b"\xef\xbb\xbf{}", {}),
]


@pytest.mark.parametrize(("body", "value"), JSON_BODIES, ids=lambda item: str(item)[:12])
def test_a_json_body_is_parsed(body, value):
    assert seen(a_post(body), lambda request: request.json_body) == value


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "APPLICATION/JSON",
        "Application/Json; charset=utf-8",
        "application/json;",
    ],
)
@pytest.mark.parametrize("name", ["Content-Type", "content-type", "CONTENT-TYPE", "content-Type"])
def test_json_is_recognised_in_any_case(name, content_type):
    event = a_post("{}", None, headers={name: content_type})

    assert seen(event, lambda request: request.json_body) == {}


@pytest.mark.parametrize("content_type", [None, "text/plain", "", "text/json", 5])
def test_a_body_of_another_type_has_no_json(content_type):
    assert seen(a_post("{}", content_type), lambda request: request.json_body) is None


@pytest.mark.parametrize("headers", [None, [], "text"])
def test_without_headers_there_is_no_json(headers):
    event = a_post("{}")
    event["headers"] = headers

    assert seen(event, lambda request: request.json_body) is None


NOT_JSON = [
    None,
    "",
    b"",
    "{",
    "{}}",
    "{'a': 1}",
    "NaN",
    "[Infinity]",
    '{"a": -Infinity}',
    "nul",
    b"\xff",
    "9" * 5000,
    "[" * 100_000,
    '{"a":' * 100_000,
    "\x00",
]


@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: repr(body)[:12])
def test_a_body_that_is_not_json_is_a_400(body):
    app = an_app()
    app.route("/", methods=["POST"])(lambda: app.current_request.json_body)

    result = app(a_post(body), None)

    assert result["statusCode"] == 400
    assert result["body"] == '{"Code":"BadRequestError","Message":"Error Parsing JSON"}'


def test_json_is_parsed_once():
    request = Request(a_post('{"a": []}'))

    request.json_body["a"].append(1)

    assert request.json_body == {"a": [1]}


def test_a_null_body_is_parsed_once():
    request = Request(a_post("null"))

    assert (request.json_body, request.parsed) == (None, None)


def test_a_request_as_a_dict_holds_what_can_be_shown():
    event = sample("rest_put_authorized")

    shown = Request(event, object()).to_dict()

    assert shown == {
        "query_params": {"tag": "sale", "q": "café"},
        "headers": {name.lower(): value for name, value in event["headers"].items()},
        "uri_params": {"key": "u%2042", "order": "o-1001"},
        "method": "PUT",
        "context": event["requestContext"],
        "stage_vars": None,
        "path": "/users/{key}/orders/{order}",
    }
    assert json.loads(json.dumps(shown)) == shown


def test_a_request_without_a_query_is_shown_with_none():
    assert Request(an_event()).to_dict()["query_params"] is None


def test_a_view_may_catch_the_error_of_a_body():
    app = an_app()

    @app.route("/", methods=["POST"])
    def view():
        try:
            return app.current_request.json_body
        except BadRequestError as error:
            return {"caught": str(error)}

    assert app(a_post("{"), None)["body"] == '{"caught":"Error Parsing JSON"}'


def test_a_multidict_is_a_mapping_to_last_values():
    values = MultiDict({"a": ["1", "2"], "none": []})

    values["b"] = "3"
    del values["none"]

    assert (values["a"], values["b"], values.getlist("b")) == ("2", "3", ["3"])
    assert dict(values) == {"a": "2", "b": "3"}
    assert repr(values) == "MultiDict({'a': ['1', '2'], 'b': ['3']})"
    assert len(MultiDict()) == len(MultiDict(None)) == 0
    with pytest.raises(KeyError):
        values.getlist("c")


def test_a_name_without_values_is_not_in_a_multidict():
    values = MultiDict({"none": []})

    assert (list(values), len(values), "none" in values) == ([], 0, False)
    assert values.getlist("none") == []


def test_a_multidict_does_not_change_what_it_was_made_of():
    source = {"a": ["1"]}
    values = MultiDict(source)

    values["a"] = "2"
    values.getlist("a").append("3")

    assert (source, values.getlist("a")) == ({"a": ["1"]}, ["2"])


def test_a_multidict_in_a_result_is_an_object_of_last_values():
    result = answer(lambda: {"query": MultiDict({"a": ["1", "2"]})})

    assert result["body"] == '{"query":{"a":"2"}}'


def test_a_mapping_of_any_case_shows_itself():
    assert repr(CaseInsensitiveMapping({"A": "1"})) == "CaseInsensitiveMapping({'a': '1'})"
