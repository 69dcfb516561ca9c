import pytest
from tests.gateway.apis import Served, document, header

from chalice.gateway.limits import MAX_BODY_BYTES

TOO_LARGE = b"HTTP content length exceeded 10485760 bytes."


@pytest.mark.parametrize("target", ["/x", "/nowhere"])
def test_a_body_over_ten_megabytes_is_refused_in_text_before_anything_else(target):
    response = Served()(target, "POST", body=bytes(MAX_BODY_BYTES + 1))

    assert (response.status, response.body) == (413, TOO_LARGE)
    assert header(response, "Content-Type") == ["text/plain"]
    assert not header(response, "x-amzn-ErrorType")


def test_gateway_responses_cannot_change_that_answer():
    parameters = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}
    responses = {
        kind: {"responseParameters": parameters, "statusCode": "400"}
        for kind in ("DEFAULT_4XX", "REQUEST_TOO_LARGE")
    }

    response = Served(document(gateway_responses=responses))(body=bytes(MAX_BODY_BYTES + 1))

    assert (response.status, response.body) == (413, TOO_LARGE)
    assert not header(response, "Access-Control-Allow-Origin")


def test_a_body_of_ten_megabytes_passes_the_door_and_is_too_long_for_lambda():
    response = Served()(method="POST", body=b"a" * MAX_BODY_BYTES)

    assert (response.status, response.body) == (413, b'{"message": "Request Too Long"}')
    assert header(response, "Content-Type") == ["application/json"]
    assert header(response, "x-amzn-ErrorType") == ["RequestTooLargeException"]


@pytest.mark.parametrize(
    ("body", "binary", "fits"),
    [
        (b"a" * 6_200_000, False, True),
        (b"a" * 6_300_000, False, False),
        # JSON escapes a quote, base64 grows by a third.
        (b'"' * 3_200_000, False, False),
        (b"a" * 4_600_000, True, True),
        (b"a" * 4_800_000, True, False),
    ],
    ids=["text", "more text", "quotes", "binary", "more binary"],
)
def test_what_counts_for_lambda_is_the_event_as_it_travels(body, binary, fits):
    served = Served(
        document(binary_media_types=["*/*"] if binary else []), functions={"Fn": lambda _: {}}
    )

    assert served(method="POST", body=body).status == (200 if fits else 413)


@pytest.mark.parametrize(
    ("endpoint", "length", "status"),
    [
        ("EDGE", 8_189, 200),
        ("EDGE", 8_190, 414),
        ("REGIONAL", 10_237, 200),
        ("REGIONAL", 10_238, 414),
    ],
)
def test_a_request_line_is_limited(endpoint, length, status):
    target = "/x?" + "a" * (length - 3)

    response = Served(document(endpoint=endpoint))(target)

    assert response.status == status


@pytest.mark.parametrize(
    ("endpoint", "limit"), [("EDGE", 10_240), ("REGIONAL", 10_240), ("PRIVATE", 8_000)]
)
def test_headers_are_limited_together(endpoint, limit):
    served = Served(document(endpoint=endpoint))
    fitting = [("X-A", "a" * (limit - 10)), ("X-B", "b" * 4)]

    assert served(headers=fitting).status == 200
    response = served(headers=[*fitting, ("c", "")])

    text = f"HTTP header is larger than {limit} bytes."
    assert (response.status, response.body.decode()) == (431, text)


def test_headers_are_counted_in_bytes():
    served = Served(document(endpoint="REGIONAL"))
    fitting = [("X-A", "é" * 5_117), ("X", "bb")]

    assert served(headers=fitting).status == 200
    assert served(headers=[*fitting, ("c", "")]).status == 431
