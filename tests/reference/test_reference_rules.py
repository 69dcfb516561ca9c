"""Every class, attribute and rule of AWS Chalice's first API reference, in its order.

Where AWS Chalice 1.34 is different, 1.34 is what is tested here, and the test says so.
"""

import inspect
import json

import pytest
from tests.runtime.calling import a_post, an_app, an_event, answer, code_of

import chalice
from chalice import (
    AuthResponse,
    AuthRoute,
    Chalice,
    CognitoUserPoolAuthorizer,
    CORSConfig,
    CustomAuthorizer,
    IAMAuthorizer,
    Response,
)
from chalice.app import APIGateway, AuthRequest, Request

ARN = "arn:aws:execute-api:us-east-1:123456789012:api/stage/GET/"
URI = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-01/functions/arn/invocations"


@pytest.mark.parametrize(
    ("callable_", "parameters"),
    [
        (Chalice, {"app_name": None}),
        (Response, {"body": None, "headers": None, "status_code": 200}),
        (
            CognitoUserPoolAuthorizer,
            {"name": None, "provider_arns": None, "header": "Authorization"},
        ),
        (IAMAuthorizer, {}),
        (AuthRequest, {"auth_type": None, "token": None, "method_arn": None}),
        (AuthResponse, {"routes": None, "principal_id": None, "context": None}),
        (AuthRoute, {"path": None, "methods": None}),
        (
            CORSConfig,
            {
                "allow_origin": "*",
                "allow_headers": None,
                "expose_headers": None,
                "max_age": None,
                "allow_credentials": None,
            },
        ),
    ],
)
def test_signatures_begin_as_documented(callable_, parameters):
    documented = list(inspect.signature(callable_).parameters.values())[: len(parameters)]

    assert {
        item.name: None if item.default is item.empty else item.default for item in documented
    } == parameters


def test_a_custom_authorizers_ttl_is_optional_as_in_1_34():
    parameters = inspect.signature(CustomAuthorizer).parameters

    assert list(parameters)[:4] == ["name", "authorizer_uri", "ttl_seconds", "header"]
    assert (parameters["ttl_seconds"].default, parameters["header"].default) == (
        300,
        "Authorization",
    )


# Chalice


def test_current_request_is_a_request_and_only_set_in_a_view():
    app = an_app()
    seen = []
    app.route("/")(lambda: seen.append(app.current_request))

    app(an_event(), None)

    assert type(seen[0]) is Request
    assert not hasattr(app, "current_request")


def test_api_is_an_api_gateway_of_the_applications_own():
    first, second = an_app(), an_app()

    assert type(first.api) is APIGateway
    assert first.api is not second.api


def test_debug_is_off_unless_it_is_set():
    app = an_app(lambda: 1 / 0)
    assert app.debug is False
    assert "ZeroDivisionError" not in app(an_event(), None)["body"]

    app.debug = True
    assert "ZeroDivisionError" in app(an_event(), None)["body"]


def test_only_get_is_supported_by_default():
    app = an_app(lambda: 1)

    assert app(an_event(), None)["statusCode"] == 200
    assert app(an_event("/", "POST"), None)["statusCode"] == 405


def test_a_view_of_several_verbs_can_tell_them():
    app = an_app()
    app.route("/", methods=["GET", "POST"])(lambda: app.current_request.method)

    assert [app(an_event("/", verb), None)["body"] for verb in ("GET", "POST")] == ["GET", "POST"]


def test_the_name_of_a_view_is_that_of_its_function_unless_it_is_given():
    app = an_app()

    @app.route("/")
    def viewfunction():
        return 1

    app.route("/other", name="other")(viewfunction)

    assert app.routes["/"]["GET"].view_name == "viewfunction"
    assert app.routes["/other"]["GET"].view_name == "other"


@pytest.mark.parametrize(
    "authorizer",
    [
        CognitoUserPoolAuthorizer("pool", ["arn"]),
        CustomAuthorizer("custom", URI, 30),
        IAMAuthorizer(),
    ],
)
def test_a_view_may_have_an_authorizer_of_each_kind(authorizer):
    app = an_app(lambda: 1, authorizer=authorizer)

    assert app.routes["/"]["GET"].authorizer is authorizer


def test_json_is_accepted_unless_content_types_are_given():
    assert answer(lambda: 1, a_post("{}"))["statusCode"] == 200
    assert answer(lambda: 1, a_post("x", "text/plain"))["statusCode"] == 415
    assert answer(lambda: 1, a_post("x", "text/plain"), content_types=["text/plain"])[
        "statusCode"
    ] == (200)
    assert code_of(answer(lambda: 1, a_post("{}"), content_types=["text/plain"])) == (
        415,
        "UnsupportedMediaType",
    )


def test_a_view_may_require_an_api_key():
    app = an_app(lambda: 1, api_key_required=True)

    assert app.routes["/"]["GET"].api_key_required is True


def test_cors_is_a_boolean_or_a_configuration():
    assert answer(lambda: 1, cors=True)["headers"]["Access-Control-Allow-Origin"] == "*"
    assert answer(lambda: 1, cors=CORSConfig("https://a.example"))["headers"][
        "Access-Control-Allow-Origin"
    ] == ("https://a.example")
    assert answer(lambda: 1)["headers"] == {}


def test_an_authorizer_may_have_a_ttl_and_a_role():
    app = an_app()
    app.authorizer(ttl_seconds=30, execution_role="arn:role")(lambda request: None)

    config = app.builtin_auth_handlers[0]
    assert (config.ttl_seconds, config.execution_role) == (30, "arn:role")


def test_an_authorizer_may_have_a_name_by_keyword_as_in_1_34():
    assert an_app().authorizer(name="door")(lambda request: None).name == "door"


# Request


def a_request(**changes):
    event = an_event(
        "/objects/{key}",
        "PUT",
        headers={"Content-Type": "application/json"},
        params={"key": "a"},
        query={"q": ["1"]},
        body='{"a": 1}',
    )
    event["stageVariables"] = {"color": "blue"}
    return Request({**event, **changes})


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("query_params", {"q": "1"}),
        ("uri_params", {"key": "a"}),
        ("method", "PUT"),
        ("json_body", {"a": 1}),
        ("raw_body", b'{"a": 1}'),
        ("stage_vars", {"color": "blue"}),
    ],
)
def test_a_request_has_the_documented_attributes(attribute, value):
    assert getattr(a_request(), attribute) == value


def test_headers_are_a_mapping_in_lower_case_as_in_1_34():
    assert a_request().headers == {"host": "api.example.com", "content-type": "application/json"}


def test_the_context_has_additional_information():
    assert a_request().context["identity"]["sourceIp"] == "127.0.0.1"


def test_without_a_query_it_is_none_as_in_1_34():
    assert a_request(multiValueQueryStringParameters=None).query_params is None


@pytest.mark.parametrize("content_type", ["text/plain", None])
def test_the_json_body_is_none_unless_the_content_type_is_json(content_type):
    headers = {"Content-Type": content_type} if content_type else {}

    assert a_request(headers=headers).json_body is None


def test_a_request_can_be_returned_from_a_view_as_a_dictionary():
    app = an_app()
    app.route("/objects/{key}", methods=["PUT"])(lambda key: app.current_request.to_dict())
    request = a_request()

    result = app(request.to_original_event(), object())

    assert json.loads(result["body"]) == request.to_dict()


# Response


def test_a_response_has_a_body_headers_and_a_status():
    response = Response("a", {"Content-Type": "text/plain"}, 201)

    assert (response.body, response.headers, response.status_code) == (
        "a",
        {"Content-Type": "text/plain"},
        201,
    )


# Authorization


def test_a_cognito_authorizer_has_its_attributes():
    authorizer = CognitoUserPoolAuthorizer("MyPool", ["arn"], header="X-Token")

    assert (authorizer.name, authorizer.provider_arns, authorizer.header) == (
        "MyPool",
        ["arn"],
        "X-Token",
    )


def test_a_custom_authorizer_has_its_attributes():
    authorizer = CustomAuthorizer("MyAuth", URI, 30, header="X-Token")

    assert (authorizer.name, authorizer.authorizer_uri, authorizer.ttl_seconds) == (
        "MyAuth",
        URI,
        30,
    )
    assert authorizer.header == "X-Token"


def test_an_auth_request_has_its_attributes():
    request = AuthRequest("TOKEN", "secret", ARN)

    assert (request.auth_type, request.token, request.method_arn) == ("TOKEN", "secret", ARN)


def test_a_path_is_authorized_for_all_verbs_and_an_auth_route_for_its_own():
    response = AuthResponse(["/foo/bar", AuthRoute("/x", ["GET", "PUT"])], "u", {"a": "b"})

    policy = response.to_dict(AuthRequest("TOKEN", "secret", ARN))

    prefix = "arn:aws:execute-api:us-east-1:123456789012:api/stage"
    assert policy["policyDocument"]["Statement"][0]["Resource"] == [
        f"{prefix}/*/foo/bar",
        f"{prefix}/GET/x",
        f"{prefix}/PUT/x",
    ]
    assert (response.routes[0], response.principal_id, response.context) == (
        "/foo/bar",
        "u",
        {"a": "b"},
    )
    assert (policy["principalId"], policy["context"]) == ("u", {"a": "b"})


def test_an_auth_route_has_its_attributes():
    route = AuthRoute("/x", ["GET"])

    assert (route.path, route.methods) == ("/x", ["GET"])


# APIGateway


def test_the_default_binary_types_and_image_jpeg_as_in_1_34():
    documented = (
        "application/octet-stream, application/x-tar, application/zip, audio/basic, audio/ogg, "
        "audio/mp4, audio/mpeg, audio/wav, audio/webm, image/png, image/jpg, image/gif, "
        "video/ogg, video/mpeg, video/webm"
    )

    assert set(APIGateway().default_binary_types) == {*documented.split(", "), "image/jpeg"}


def test_a_binary_request_has_its_bytes_in_the_raw_body():
    app = an_app()
    app.route("/", methods=["POST"], content_types=["image/png"])(
        lambda: len(app.current_request.raw_body)
    )

    assert app(a_post(b"\x89PNG", "image/png"), None)["body"] == "4"


def test_a_binary_response_must_be_bytes_and_be_accepted():
    view = lambda: Response(b"\x89PNG", {"Content-Type": "image/png"})  # noqa: E731 - one line

    accepted = answer(view, an_event(headers={"Accept": "image/png"}))
    not_accepted = answer(view, an_event(headers={"Accept": "text/html"}))
    not_bytes = answer(lambda: Response("text", {"Content-Type": "image/png"}))

    assert (accepted["statusCode"], accepted["isBase64Encoded"]) == (200, True)
    assert not_accepted["statusCode"] == 400
    assert not_bytes["statusCode"] == 500


def test_a_type_that_is_added_to_the_list_is_binary():
    app = an_app(lambda: Response(b"\xff", {"Content-Type": "font/woff2"}))
    app.api.binary_types.append("font/woff2")

    result = app(an_event(headers={"Accept": "font/woff2"}), None)

    assert result["isBase64Encoded"] is True


# CORS


def test_allowed_headers_are_added_to_the_built_in_ones_and_joined_as_in_1_34():
    cors = CORSConfig(allow_headers=["X-Special-Header"])

    assert cors.allow_headers.split(",") == [
        "Authorization",
        "Content-Type",
        "X-Amz-Date",
        "X-Amz-Security-Token",
        "X-Api-Key",
        "X-Special-Header",
    ]


def test_a_cors_configuration_has_its_attributes():
    cors = CORSConfig("https://a.example", None, ["X-A"], 600, allow_credentials=True)

    assert (cors.allow_origin, cors.expose_headers, cors.max_age, cors.allow_credentials) == (
        "https://a.example",
        ["X-A"],
        600,
        True,
    )


@pytest.mark.parametrize(
    "name",
    [
        "AuthResponse",
        "AuthRoute",
        "CORSConfig",
        "Chalice",
        "CognitoUserPoolAuthorizer",
        "CustomAuthorizer",
        "IAMAuthorizer",
        "Response",
    ],
)
def test_the_documented_names_are_at_the_top(name):
    assert getattr(chalice, name) is getattr(chalice.app, name)
