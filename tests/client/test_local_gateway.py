import base64
import gzip
import json

import pytest

from chalice import AuthResponse, Chalice, ForbiddenError, Response
from chalice.config import Config
from chalice.local import ForbiddenError as GatewayForbidden
from chalice.local import LocalGateway, LocalGatewayException, NotAuthorizedError

PIXEL = b"\x89PNG\xff"


def guard(app):
    @app.authorizer()
    def door(auth_request):
        return AuthResponse(routes=["/in"] if auth_request.token == "ok" else [], principal_id="me")

    @app.route("/in", authorizer=door)
    def inside():
        return {}

    @app.route("/cors", cors=True)
    def cors():
        return {}


def a_gateway(config=None):
    app = Chalice(app_name="shop")

    @app.route("/")
    def index():
        return {"hello": "world"}

    @app.route("/echo", methods=["POST"])
    def echo():
        return app.current_request.json_body

    @app.route("/several")
    def several():
        return Response("x", headers={"Set-Cookie": ["a=1", "b=2"], "X-One": "1"})

    @app.route("/pixel")
    def pixel():
        return Response(PIXEL, headers={"Content-Type": "image/png"})

    @app.route("/forbidden")
    def forbidden():
        raise ForbiddenError("by the view")

    @app.route("/stage")
    def stage():
        return app.current_request.context["stage"]

    @app.route("/broken")
    def broken():
        return {1, 2}

    guard(app)
    return LocalGateway(app, config or Config())


def ask(path, method="GET", headers=None, body=""):
    return a_gateway().handle_request(method=method, path=path, headers=headers or {}, body=body)


def test_a_response_is_a_dict_with_a_text_body():
    response = ask("/")

    assert response["statusCode"] == 200
    assert json.loads(response["body"]) == {"hello": "world"}
    assert response["headers"]["Content-Type"] == "application/json"
    assert response["multiValueHeaders"] == {}
    assert "isBase64Encoded" not in response


@pytest.mark.parametrize("body", ['{"a": 1}', b'{"a": 1}'], ids=["text", "bytes"])
def test_a_body_is_text_or_bytes(body):
    response = ask("/echo", "POST", {"Content-Type": "application/json"}, body)

    assert json.loads(response["body"]) == {"a": 1}


def test_no_body_is_none():
    assert ask("/", body=None)["statusCode"] == 200


def test_repeated_headers_are_multi_value_headers():
    response = ask("/several")

    assert response["multiValueHeaders"] == {"Set-Cookie": ["a=1", "b=2"]}
    assert response["headers"]["X-One"] == "1"


def test_a_binary_body_is_base64_as_a_function_would_return_it():
    response = ask("/pixel", headers={"Accept": "image/png"})

    assert (response["body"], response["isBase64Encoded"]) == ("iVBOR/8=", True)


def test_a_preflight_has_its_headers_and_an_empty_body():
    response = ask("/cors", "OPTIONS", {"Origin": "https://example.com"})

    assert (response["statusCode"], response["body"]) == (200, "")
    assert response["headers"]["Access-Control-Allow-Methods"] == "GET,OPTIONS"


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("PUT", "/")])
def test_what_no_route_serves_is_raised_as_forbidden(method, path):
    with pytest.raises(GatewayForbidden) as caught:
        ask(path, method)

    assert json.loads(caught.value.body) == {"message": "Missing Authentication Token"}
    assert caught.value.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


def test_a_missing_token_is_raised_as_not_authorized():
    with pytest.raises(NotAuthorizedError) as caught:
        ask("/in")

    assert json.loads(caught.value.body) == {"message": "Unauthorized"}


def test_a_denied_token_is_raised_as_forbidden():
    with pytest.raises(GatewayForbidden):
        ask("/in", headers={"Authorization": "bad"})


def test_an_allowed_token_gets_in():
    assert ask("/in", headers={"Authorization": "ok"})["statusCode"] == 200


def test_the_two_refusals_are_of_one_family():
    assert issubclass(GatewayForbidden, LocalGatewayException)
    assert issubclass(NotAuthorizedError, LocalGatewayException)


def test_a_403_of_a_view_is_a_response():
    response = ask("/forbidden")

    assert response["statusCode"] == 403
    assert json.loads(response["body"])["Code"] == "ForbiddenError"


def test_other_answers_of_the_gateway_are_responses():
    assert ask("/broken")["statusCode"] >= 500


def test_the_stage_of_the_configuration_is_served():
    config = Config(
        chalice_stage="prod",
        config_from_disk={"stages": {"prod": {"api_gateway_stage": "live"}}},
    )

    response = a_gateway(config).handle_request("GET", "/stage", {}, "")

    assert response["body"] == "live"


def test_bytes_that_are_no_text_are_base64_whatever_their_type():
    config = Config(config_from_disk={"minimum_compression_size": 0})

    response = a_gateway(config).handle_request("GET", "/", {"Accept-Encoding": "gzip"}, "")

    assert response["headers"]["Content-Encoding"] == "gzip"
    assert response["isBase64Encoded"] is True
    assert gzip.decompress(base64.b64decode(response["body"])) == b'{"hello":"world"}'


@pytest.mark.parametrize(
    ("listed", "encoded"), [(["image/*"], True), (["Image/SVG+xml"], True), (["*/*"], False)]
)
def test_a_type_is_binary_as_the_gateway_has_it_and_text_stays_text(listed, encoded):
    app = Chalice(app_name="shop")
    app.api.binary_types = listed

    @app.route("/")
    def index():
        return Response(b"<svg/>", headers={"Content-Type": "image/svg+xml"})

    response = LocalGateway(app, Config()).handle_request(
        "GET", "/", {"Accept": "image/svg+xml"}, ""
    )

    assert response["statusCode"] == 200
    assert ("isBase64Encoded" in response) is encoded
