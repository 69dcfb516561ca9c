"""Bodies that are bytes, in both directions."""

import base64

import pytest
from tests.runtime.calling import an_app, an_event, answer, code_of, sample

from chalice import Response
from chalice.app import APIGateway

PNG = b"\x89PNG\x00\xff"


def png(**headers):
    return Response(PNG, {"Content-Type": "image/png", **headers})


def accepting(accept):
    return an_event(headers={} if accept is None else {"Accept": accept})


@pytest.mark.parametrize(
    "content_type", ["image/png", "IMAGE/PNG", "image/png; q=1", " image/png ", "image/PNG;a=b"]
)
@pytest.mark.parametrize("name", ["Content-Type", "content-type", "CONTENT-TYPE"])
def test_a_binary_body_travels_as_base64(name, content_type):
    result = answer(lambda: Response(PNG, {name: content_type}), accepting("image/png"))

    assert base64.b64decode(result["body"]) == PNG
    assert result["isBase64Encoded"] is True


def test_a_content_type_in_a_list_counts():
    result = answer(
        lambda: Response(PNG, {"content-type": ["image/png"], "X-None": []}), accepting("*/*")
    )

    assert result["isBase64Encoded"] is True


def test_a_list_without_a_content_type_is_none():
    result = answer(lambda: Response(b"text", {"X-A": ["image/png"]}))

    assert (result["body"], "isBase64Encoded" in result) == ("text", False)


ACCEPTED = ["image/png", "image/gif", "*/*", "text/html, image/png;q=0.1", "IMAGE/PNG", "*/*;q=0.1"]
REFUSED = [None, "", "text/html", "image/*", "image/webp", "text/html, application/json"]


@pytest.mark.parametrize("accept", ACCEPTED)
def test_a_client_that_accepts_any_binary_type_gets_the_bytes(accept):
    assert answer(png, accepting(accept))["statusCode"] == 200


@pytest.mark.parametrize("accept", REFUSED)
def test_a_client_that_accepts_no_binary_type_gets_a_400(accept):
    result = answer(png, accepting(accept), cors=True)

    assert result["statusCode"] == 400
    assert result["body"] == (
        '{"Code":"BadRequest","Message":"Request did not specify an Accept header with image/png, '
        "The response has a Content-Type of image/png. If a response has a binary Content-Type "
        'then the request must specify an Accept header that matches."}'
    )
    assert "isBase64Encoded" not in result
    assert result["headers"]["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", ["accept", "ACCEPT", "Accept"])
def test_the_accept_header_is_found_in_any_case(name):
    assert answer(png, an_event(headers={name: "image/png"}))["statusCode"] == 200


@pytest.mark.parametrize("headers", [None, [], "text", {"Accept": 5}])
def test_odd_headers_accept_nothing(headers):
    event = an_event()
    event["headers"] = headers

    assert answer(png, event)["statusCode"] == 400


def test_a_wildcard_for_all_types_never_asks_for_an_accept_header():
    result = answer(lambda: PNG, accepting(None), binary_types=["*/*"])

    assert (result["statusCode"], result["isBase64Encoded"]) == (200, True)


def test_a_wildcard_for_a_kind_of_types_counts():
    result = answer(
        lambda: Response(PNG, {"Content-Type": "font/woff2"}),
        accepting("font/woff2"),
        binary_types=["font/*"],
    )

    assert result["isBase64Encoded"] is True


@pytest.mark.parametrize("binary_types", [["*/*"], ["application/json"]])
@pytest.mark.parametrize("body", ["text", {"a": 1}])
def test_text_without_a_content_type_is_never_base64(binary_types, body):
    result = answer(lambda: body, accepting(None), binary_types=binary_types)

    assert (result["statusCode"], "isBase64Encoded" in result) == (200, False)


def test_json_of_a_binary_type_travels_as_base64():
    result = answer(
        lambda: Response({"a": 1}, {"Content-Type": "application/json; charset=utf-8"}),
        accepting("application/json"),
        binary_types=["application/json"],
    )

    assert base64.b64decode(result["body"]) == b'{"a":1}'


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/plain"}])
def test_bytes_under_a_text_type_are_sent_as_text(headers):
    result = answer(lambda: Response("café".encode(), headers), accepting(None))

    assert (result["body"], "isBase64Encoded" in result) == ("café", False)


def test_a_binary_request_gets_a_binary_answer():
    app = an_app()

    @app.route("/pictures", methods=["POST"], content_types=["image/png"])
    def view():
        return png() if app.current_request.raw_body.startswith(b"\x89PNG") else "no picture"

    assert app(sample("rest_post_binary"), None)["isBase64Encoded"] is True


def test_an_empty_binary_body_is_one():
    result = answer(lambda: Response(b"", {"Content-Type": "image/png"}), accepting("*/*"))

    assert (result["body"], result["isBase64Encoded"]) == ("", True)


def test_the_default_binary_types_are_those_of_aws_chalice():
    expected = (
        "application/octet-stream, application/x-tar, application/zip, audio/basic, audio/ogg, "
        "audio/mp4, audio/mpeg, audio/wav, audio/webm, image/png, image/jpg, image/jpeg, "
        "image/gif, video/ogg, video/mpeg, video/webm"
    )

    assert ", ".join(APIGateway().default_binary_types) == expected


def test_binary_types_are_a_list_of_ones_own():
    api = APIGateway()

    api.binary_types.remove("image/png")

    assert "image/png" in api.default_binary_types
    assert "image/png" in APIGateway().binary_types


def test_a_type_that_is_no_longer_binary_is_text():
    app = an_app(lambda: Response("<svg/>", {"Content-Type": "image/png"}))
    app.api.binary_types.remove("image/png")

    assert app(an_event(), None)["body"] == "<svg/>"


def test_without_any_binary_type_everything_is_text():
    app = an_app(png)
    app.api.binary_types.clear()

    assert code_of(app(an_event(), None)) == (500, "InternalServerError")


@pytest.mark.parametrize("listed", ["Image/PNG", "IMAGE/*"])
def test_a_binary_type_is_listed_in_any_case(listed):
    result = answer(
        lambda: Response(PNG, {"Content-Type": "image/png"}),
        accepting("image/png"),
        binary_types=["text/css", listed],
    )

    assert (result["statusCode"], result["isBase64Encoded"]) == (200, True)
