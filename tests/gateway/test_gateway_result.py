import base64
import json

import pytest
from tests.fakes import FakeFunction
from tests.gateway.apis import STAGE, Served, document, header, proxy, returns

from chalice.gateway import Gateway, HttpRequest
from chalice.gateway.responses import Refusal
from chalice.gateway.result import reply
from chalice.invocation import MAX_RESULT_BYTES, FunctionError, Result

INTERNAL = b'{"message": "Internal server error"}'


def served(value, definition=None):
    return Served(definition, functions={"Fn": returns(value)})


def assert_bad_gateway(response):
    assert (response.status, response.body) == (502, INTERNAL)
    assert header(response, "x-amzn-ErrorType") == ["InternalServerErrorException"]
    assert header(response, "Content-Type") == ["application/json"]
    assert not header(response, "X-Amzn-Trace-Id")
    assert response.reason


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ({}, 200),
        ({"statusCode": None}, 200),
        ({"statusCode": 201}, 201),
        ({"statusCode": "201"}, 201),
        ({"statusCode": 201.0}, 201),
        ({"statusCode": 100}, 100),
        ({"statusCode": 599}, 599),
        ({"headers": None, "multiValueHeaders": None, "body": None}, 200),
        ({"isBase64Encoded": None}, 200),
        ({"isBase64Encoded": False}, 200),
        ({"isBase64Encoded": "True"}, 200),
        ({"base64Encoded": True}, 200),
    ],
)
def test_a_result_that_says_little_is_filled_up(result, status):
    response = served(result)()

    assert (response.status, response.body) == (status, b"")
    assert header(response, "Content-Type") == ["application/json"]
    assert response.reason is None
    assert response.resource == "/x"


@pytest.mark.parametrize(
    "result",
    [
        None, True, 1, 1.5, "text", [1], [],
        {"statusCode": 200, "cookies": []},
        {"version": "1.0"},
        {"StatusCode": 200},
        {"statusCode": "test"}, {"statusCode": ""}, {"statusCode": "2e2"}, {"statusCode": " 200"},
        {"statusCode": True}, {"statusCode": [200]}, {"statusCode": 200.5}, {"statusCode": "²00"},
        {"statusCode": 99}, {"statusCode": 600}, {"statusCode": -200}, {"statusCode": "9" * 5000},
        {"statusCode": 0},
        {"headers": []}, {"headers": "a: b"}, {"headers": {"a": []}}, {"headers": {"a": {}}},
        {"multiValueHeaders": []}, {"multiValueHeaders": {"a": "b"}},
        {"multiValueHeaders": {"a": None}}, {"multiValueHeaders": {"a": [["b"]]}},
        {"body": {"a": 1}}, {"body": []},
        {"isBase64Encoded": "yes"}, {"isBase64Encoded": 1}, {"isBase64Encoded": []},
    ],
    ids=repr,
)  # fmt: skip
def test_a_malformed_result_is_a_bad_gateway(result):
    assert_bad_gateway(served(result)())


@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"\xff", b'{"statusCode": NaN}', b'{"body": 1} x', b"[" * 100_000, b"9" * 5_000],
    ids=["empty", "cut", "not UTF-8", "NaN", "more", "deep", "digits"],
)
def test_a_payload_that_is_not_json_is_a_bad_gateway(payload):
    with pytest.raises(Refusal) as caught:
        reply(payload, accepts_binary=False)

    assert caught.value.answer.status == 502


@pytest.mark.parametrize(
    ("size", "fits"), [(MAX_RESULT_BYTES, True), (MAX_RESULT_BYTES + 1, False)]
)
def test_a_result_is_limited_in_size(size, fits):
    payload = b'{"body":"' + b"a" * (size - 11) + b'"}'
    assert len(payload) == size

    if fits:
        assert reply(payload, accepts_binary=False).status == 200
    else:
        with pytest.raises(Refusal) as caught:
            reply(payload, accepts_binary=False)
        assert caught.value.answer.status == 502


# --- headers ---------------------------------------------------------------------------------


def sent(result):
    """Return the headers that came from the function."""
    ours = {"x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id", "content-type"}
    response = served(result)()
    assert response.status == 200, response.reason
    return [(name, value) for name, value in response.headers if name.lower() not in ours]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("text", "text"),
        ("", ""),
        (" kept ", " kept "),
        ("tab\there", "tab\there"),
        ("é", "é"),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (1.5, "1.5"),
        (-7, "-7"),
    ],
)
def test_values_of_headers_become_text(value, text):
    assert sent({"headers": {"X-A": value}}) == [("X-A", text)]
    assert sent({"multiValueHeaders": {"X-A": [value]}}) == [("X-A", text)]


def test_a_header_that_is_null_is_not_sent():
    assert sent({"headers": {"X-A": None}, "multiValueHeaders": {"X-B": [None, "b"]}}) == [
        ("X-B", "b")
    ]


def test_a_name_in_both_maps_is_sent_with_all_values_and_the_spelling_of_the_lists():
    result = {
        "headers": {"test-multi": "solo", "X-One": "1", "TEST-multi": "second"},
        "multiValueHeaders": {"tesT-Multi": ["a", "b"], "X-Two": ["2"]},
    }

    assert sent(result) == [
        ("tesT-Multi", "a"),
        ("tesT-Multi", "b"),
        ("tesT-Multi", "solo"),
        ("tesT-Multi", "second"),
        ("X-Two", "2"),
        ("X-One", "1"),
    ]


@pytest.mark.parametrize("content_type", ["Content-Type", "content-type"])
def test_the_function_chooses_the_content_type(content_type):
    single = served({"headers": {content_type: "text/plain"}})()
    several = served({"multiValueHeaders": {content_type: ["text/plain"]}})()

    assert header(single, "Content-Type") == header(several, "Content-Type") == ["text/plain"]


@pytest.mark.parametrize(
    "name",
    [
        "Authorization", "Connection", "Content-Length", "Content-MD5", "Date", "Expect", "Host",
        "Max-Forwards", "Proxy-Authenticate", "Server", "Trailer", "Upgrade", "User-Agent",
        "WWW-Authenticate", "content-length", "DATE",
    ],
)  # fmt: skip
def test_headers_that_are_the_gateways_own_are_renamed(name):
    assert sent({"headers": {name: "v"}}) == [(f"x-amzn-Remapped-{name}", "v")]
    assert sent({"multiValueHeaders": {name: ["v", "w"]}}) == [
        (f"x-amzn-Remapped-{name}", "v"),
        (f"x-amzn-Remapped-{name}", "w"),
    ]


@pytest.mark.parametrize(
    "name",
    ["Accept", "Accept-Ranges", "Age", "Content-Encoding", "Pragma", "Range", "Referer", "TE",
     "Warn", "Location", "Set-Cookie", "ETag", "Vary"],
)  # fmt: skip
def test_other_headers_are_not_renamed(name):
    assert sent({"headers": {name: "v"}}) == [(name, "v")]


def test_transfer_encoding_is_dropped():
    result = {"headers": {"Transfer-Encoding": "chunked"}}
    assert sent(result) == sent({"multiValueHeaders": {"transfer-encoding": ["gzip"]}}) == []


@pytest.mark.parametrize("character", ["\r", "\n", "\0", "\x1b", "\x7f", "\ud800"])
@pytest.mark.parametrize("key", ["headers", "multiValueHeaders"])
def test_a_value_that_could_end_the_header_is_a_bad_gateway(key, character):
    value = f"a{character}Set-Cookie: b"

    assert_bad_gateway(served({key: {"X-A": value if key == "headers" else [value]}})())


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\r\nb", "é", "a\0", "(a)", "a" * 50 + " "])
@pytest.mark.parametrize("value", ["v", None])
def test_a_name_that_is_no_token_is_a_bad_gateway(name, value):
    assert_bad_gateway(served({"headers": {name: value}})())


def test_a_success_carries_the_ids_of_the_request():
    response = served({"body": "hi"})()

    assert header(response, "x-amzn-RequestId") == ["00000000-0000-4000-a000-000000000001"]
    assert header(response, "x-amz-apigw-id") == ["000000000000002="]
    (trace,) = header(response, "X-Amzn-Trace-Id")
    parts = dict(part.split("=", 1) for part in trace.split(";"))
    assert parts.keys() == {"Root", "Parent", "Sampled", "Lineage"}
    assert parts["Root"] == "1-6a5145a8-000000000000000000000003"
    assert (parts["Sampled"], len(parts["Parent"])) == ("0", 16)
    assert not header(response, "x-amzn-ErrorType")


# --- body ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content"),
    [
        ("text", b"text"),
        ("é", "é".encode()),
        ("\ud800", b"?"),
        (5, b"5"),
        (True, b"true"),
        (1.5, b"1.5"),
        (None, b""),
    ],
)
def test_a_body_is_sent_as_utf_8(body, content):
    assert served({"body": body})().body == content


@pytest.mark.parametrize("status", [100, 101, 204, 304])
def test_some_statuses_have_no_body(status):
    response = served({"statusCode": status, "body": "text", "headers": {"X-A": "b"}})()

    assert (response.status, response.body) == (status, b"")
    assert header(response, "X-A") == ["b"]


def test_the_answer_to_head_has_no_body():
    assert served({"body": "text"})(method="HEAD").body == b""


PNG = base64.b64encode(b"\x89PNG").decode()


@pytest.mark.parametrize(
    ("listed", "accept", "decoded"),
    [
        (["image/png"], "image/png", True),
        (["image/png"], "image/PNG;q=0.8, text/html", True),
        (["image/png"], "text/html,image/png", False),
        (["image/png"], "image/*", False),
        (["image/png"], "*/*", False),
        (["image/png"], None, False),
        (["image/png"], "", False),
        (["image/*"], "image/webp", True),
        (["image/*"], "image/*", True),
        (["image/*"], "imagex/png", False),
        (["*/png"], "*/png", False),
        (["*/png"], "image/png", False),
        (["*/*"], "text/plain", True),
        (["*/*"], None, True),
        ([], "image/png", False),
    ],
)
def test_base64_is_decoded_where_the_first_accepted_type_is_binary(listed, accept, decoded):
    result = {"body": PNG, "isBase64Encoded": True, "headers": {"Content-Type": "image/png"}}
    headers = [] if accept is None else [("accept", accept)]

    response = served(result, document(binary_media_types=listed))(headers=headers)

    assert response.body == (b"\x89PNG" if decoded else PNG.encode())


def test_a_body_without_the_flag_is_never_decoded():
    definition = document(binary_media_types=["*/*"])

    assert served({"body": PNG}, definition)().body == PNG.encode()


@pytest.mark.parametrize("body", ["###", "abc", "YWJj\n", "é", "YW Jj"])
def test_a_body_that_is_not_base64_is_an_internal_error(body):
    definition = document(binary_media_types=["*/*"])

    response = served({"body": body, "isBase64Encoded": True}, definition)()

    assert (response.status, response.body) == (500, INTERNAL)
    assert header(response, "x-amzn-ErrorType") == ["InternalServerErrorException"]
    assert "isBase64Encoded" in response.reason


# --- when there is no result -----------------------------------------------------------------


def raises(error):
    def body(_):
        raise error

    return body


@pytest.mark.parametrize(
    ("function", "status", "body", "reason"),
    [
        (FakeFunction(raises(KeyError("k"))), 502, INTERNAL, "`Fn` raised KeyError: 'k'"),
        (
            FakeFunction(returns({}), sleeps_seconds=5, timeout_seconds=1.5),
            502,
            INTERNAL,
            "`Fn` ran past its timeout of 1.5 s",
        ),
        (
            FakeFunction(returns({}), sleeps_seconds=30),
            504,
            b'{"message": "Endpoint request timed out"}',
            "`Fn` had no answer within 29 s",
        ),
        (
            FakeFunction(returns({}), reserved_concurrency=0),
            500,
            INTERNAL,
            "`Fn` has no concurrency left",
        ),
    ],
    ids=["error", "timeout", "29 seconds", "throttled"],
)
def test_a_function_without_a_result_is_answered_for(function, status, body, reason):
    response = Served(functions={"Fn": function})()

    assert (response.status, response.body) == (status, body)
    assert header(response, "x-amzn-ErrorType") == ["InternalServerErrorException"]
    assert reason in response.reason


def test_a_function_that_is_not_there_is_an_internal_error():
    response = Served(functions={"Other": returns({})})()

    assert (response.status, response.body) == (500, INTERNAL)
    assert "`Fn` cannot be invoked here" in response.reason


def test_without_an_invoker_nothing_can_be_invoked():
    gateway = Gateway(document(), STAGE)

    response = gateway.answer(HttpRequest("GET", "/x"))

    assert (response.status, response.reason) == (
        500,
        "function `Fn` cannot be invoked here: there is no invoker",
    )


@pytest.mark.parametrize(
    ("endpoint", "given", "seconds"),
    [("REGIONAL", {}, 29), ("EDGE", {}, 29), ("EDGE", 50, 0.05), ("REGIONAL", 120_000, 120)],
)
def test_an_integration_says_how_long_it_may_take(endpoint, given, seconds):
    timeout = {"timeoutInMillis": given} if given else {}
    served_so = Served(document({"/x": {"get": proxy(**timeout)}}, endpoint=endpoint))

    served_so()

    assert served_so.invoker.invocations[0].within_seconds == seconds


@pytest.mark.parametrize(
    ("integration", "reason"),
    [
        ({"httpMethod": "GET"}, "Lambda is invoked with POST"),
        (
            {"requestParameters": {"integration.request.header.Content-Length": "'1'"}},
            "requestParameters map onto `Content-Length`",
        ),
        (
            {"requestParameters": {"integration.request.header.te": "'1'"}},
            "requestParameters map onto `te`",
        ),
    ],
)
def test_an_integration_that_fails_on_aws_fails_here(integration, reason):
    served_so = Served(document({"/x": {"get": proxy(**integration)}}))

    response = served_so()

    assert (response.status, response.body) == (500, INTERNAL)
    assert reason in response.reason
    assert not served_so.invoker.invocations


def test_mapped_request_parameters_do_not_show_in_the_event():
    mapped = {"integration.request.header.X-A": "'1'", "integration.request.querystring.a": "'1'"}
    event = Served(document({"/x": {"get": proxy(requestParameters=mapped)}})).event()

    assert "X-A" not in event["headers"]
    assert event["queryStringParameters"] is None


def test_the_exchange_can_be_driven_by_hand():
    from chalice.gateway import HttpRequest

    exchange = Served().gateway.exchange(HttpRequest("GET", "/x"))
    invocation = next(exchange)

    with pytest.raises(StopIteration) as end:
        exchange.send(Result(b'{"body":"by hand"}'))

    assert invocation.function == "Fn"
    assert json.loads(invocation.payload)["path"] == "/x"
    assert end.value.value.body == b"by hand"


def test_an_error_named_unauthorized_is_nothing_special_for_an_integration():
    from chalice.gateway import HttpRequest

    exchange = Served().gateway.exchange(HttpRequest("GET", "/x"))
    next(exchange)

    with pytest.raises(StopIteration) as end:
        exchange.send(FunctionError("Exception", "Unauthorized"))

    assert end.value.value.status == 502
