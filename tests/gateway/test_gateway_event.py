import base64
import json

import pytest
from tests.gateway.apis import Served, document, echo, header, proxy

from chalice.gateway.event import encode, short_id

UUID = "0a1b2c3d-0000-4000-8000-0123456789ab"


def test_an_event_has_exactly_the_twelve_keys_and_null_for_what_is_absent():
    event = Served().event()

    assert event.keys() == {
        "resource", "path", "httpMethod", "headers", "multiValueHeaders",
        "queryStringParameters", "multiValueQueryStringParameters", "pathParameters",
        "stageVariables", "requestContext", "body", "isBase64Encoded",
    }  # fmt: skip
    assert [key for key, value in event.items() if value is None] == [
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "pathParameters",
        "stageVariables",
        "body",
    ]
    assert event["isBase64Encoded"] is False


def test_the_request_context_says_what_aws_would_say():
    served = Served()

    event = served.event(headers=[("Host", "localhost:8000"), ("user-agent", "curl/8")])

    context = event["requestContext"]
    resource_id = context.pop("resourceId")
    assert len(resource_id) == 6
    assert context == {
        "accountId": "123456789012",
        "apiId": "a1b2c3d4e5",
        "deploymentId": "dep123",
        "domainName": "localhost",
        "domainPrefix": "localhost",
        "extendedRequestId": "000000000000002=",
        "httpMethod": "GET",
        "identity": {
            "accessKey": None,
            "accountId": None,
            "caller": None,
            "cognitoAuthenticationProvider": None,
            "cognitoAuthenticationType": None,
            "cognitoIdentityId": None,
            "cognitoIdentityPoolId": None,
            "principalOrgId": None,
            "sourceIp": "203.0.113.9",
            "user": None,
            "userAgent": "curl/8",
            "userArn": None,
        },
        "path": "/api/x",
        "protocol": "HTTP/1.1",
        "requestId": "00000000-0000-4000-a000-000000000001",
        "requestTime": "10/Jul/2026:19:19:04 +0000",
        "requestTimeEpoch": 1783711144500,
        "resourcePath": "/x",
        "stage": "api",
    }


def test_resource_ids_are_stable_and_that_of_the_root_is_longer():
    paths = {"/": {"get": proxy()}, "/x": {"get": proxy()}}

    root = Served(document(paths)).event("/")["requestContext"]["resourceId"]
    again = Served(document(paths)).event("/")["requestContext"]["resourceId"]
    other = Served(document(paths)).event("/x")["requestContext"]["resourceId"]

    assert root == again
    assert (len(root), len(other)) == (10, 6)
    assert short_id("a", 6) != short_id("b", 6)


def test_an_operation_name_is_told_where_there_is_one():
    paths = {"/x": {"get": {**proxy(), "operationId": "getX"}}}

    assert Served(document(paths)).event()["requestContext"]["operationName"] == "getX"


@pytest.mark.parametrize(
    ("host", "name", "prefix"),
    [
        (None, "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com", "a1b2c3d4e5"),
        ("", "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com", "a1b2c3d4e5"),
        ("api.example.com", "api.example.com", "api"),
        ("api.example.com:443", "api.example.com", "api"),
        ("[::1]:8000", "[::1]", "[::1]"),
        ("[::1]", "[::1]", "[::1]"),
    ],
)
def test_the_domain_is_the_host_without_its_port(host, name, prefix):
    event = Served().event(headers=[] if host is None else [("host", host)])

    context = event["requestContext"]
    assert (context["domainName"], context["domainPrefix"]) == (name, prefix)
    assert event["headers"]["Host"] == (host or name)


def test_a_stage_may_name_its_domain():
    served = Served(domain_name="shop.example.com")

    context = served.event(headers=[("Host", "localhost:8000")])["requestContext"]

    assert (context["domainName"], context["domainPrefix"]) == ("shop.example.com", "shop")


def test_stage_variables_are_told():
    assert Served(variables={"table": "t1"}).event()["stageVariables"] == {"table": "t1"}


# --- headers ---------------------------------------------------------------------------------


def test_header_names_keep_the_spelling_of_the_client_and_both_maps_have_the_same_names():
    event = Served().event(
        headers=[("tEsT-HEADeR", "aValUE"), ("content-type", "a/b"), ("authorization", "tok")]
    )

    assert event["headers"]["tEsT-HEADeR"] == "aValUE"
    assert event["headers"]["content-type"] == "a/b"
    assert event["headers"]["authorization"] == "tok"
    assert event["headers"].keys() == event["multiValueHeaders"].keys()


def test_edge_spells_authorization_itself():
    served = Served(document(endpoint="EDGE"))

    event = served.event(headers=[("aUThorization", "tok"), ("user-agent", "curl")])

    assert event["headers"]["Authorization"] == "tok"
    assert event["headers"]["User-Agent"] == "curl"
    assert "aUThorization" not in event["multiValueHeaders"]


def test_repeated_headers_are_all_in_one_map_and_the_last_in_the_other():
    event = Served().event(headers=[("X-A", "1"), ("x-a", "2"), ("X-A", "3")])

    assert event["headers"]["X-A"] == "3"
    assert event["multiValueHeaders"]["X-A"] == ["1", "2", "3"]
    assert "x-a" not in event["headers"]


@pytest.mark.parametrize(
    "name",
    [
        "Connection", "Content-Length", "Content-MD5", "Expect", "Max-Forwards",
        "Proxy-Authenticate", "Server", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "WWW-Authenticate", "connection", "CONTENT-LENGTH",
    ],
)  # fmt: skip
def test_the_function_never_sees_these_headers(name):
    event = Served().event(headers=[(name, "v")])

    assert name.lower() not in {key.lower() for key in event["headers"]}
    assert name.lower() not in {key.lower() for key in event["multiValueHeaders"]}


@pytest.mark.parametrize(
    "name",
    [
        "Accept", "Accept-Charset", "Accept-Encoding", "Age", "Authorization", "Cookie",
        "Content-Encoding", "Content-Type", "Date", "Pragma", "Range", "Referer", "Via", "Warn",
    ],
)  # fmt: skip
def test_the_function_sees_these_headers(name):
    assert Served().event(headers=[(name, "v")])["headers"][name] == "v"


@pytest.mark.parametrize(
    ("endpoint", "given", "expected"),
    [
        ("REGIONAL", [], "203.0.113.9"),
        ("PRIVATE", [], "203.0.113.9"),
        ("EDGE", [], "203.0.113.9, 192.0.2.1"),
        ("REGIONAL", ["10.0.0.1"], "10.0.0.1, 203.0.113.9"),
        ("REGIONAL", ["10.0.0.1", "10.0.0.2"], "10.0.0.1, 10.0.0.2, 203.0.113.9"),
    ],
)
def test_the_client_is_the_last_hop_before_the_edge(endpoint, given, expected):
    served = Served(document(endpoint=endpoint))

    event = served.event(headers=[("x-forwarded-for", value) for value in given])

    assert event["multiValueHeaders"]["X-Forwarded-For"] == [expected]
    assert event["headers"]["X-Forwarded-Port"] == "443"
    assert event["headers"]["X-Forwarded-Proto"] == "https"


def test_a_client_cannot_choose_port_and_protocol():
    event = Served().event(headers=[("X-Forwarded-Port", "1"), ("x-forwarded-proto", "ftp")])

    assert event["multiValueHeaders"]["X-Forwarded-Port"] == ["443"]
    assert event["multiValueHeaders"]["X-Forwarded-Proto"] == ["https"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Root=1-3152b799-8954dae64eda91bc9a23a7e8", True),
        ("Self=1;Root=1-3152b799-8954dae64eda91bc9a23a7e8;Sampled=1", True),
        ("Root=1-short", False),
        ("nonsense", False),
    ],
)
def test_a_root_that_the_client_sent_is_kept(given, kept):
    served = Served()

    response = served(headers=[("x-amzn-trace-id", given)])

    event = json.loads(response.body)
    root = "Root=1-3152b799-8954dae64eda91bc9a23a7e8"
    assert (event["headers"]["X-Amzn-Trace-Id"] == root) is kept
    assert event["headers"]["X-Amzn-Trace-Id"].startswith("Root=1-")
    sent = header(response, "X-Amzn-Trace-Id")[0]
    assert sent.startswith(event["headers"]["X-Amzn-Trace-Id"] + ";Parent=")
    assert served.invoker.invocations[-1].trace_id == sent


@pytest.mark.parametrize(("given", "kept"), [(UUID, True), ("mine", False), (UUID + "0", False)])
def test_a_client_may_choose_the_request_id_if_it_is_one(given, kept):
    response = Served()(headers=[("x-amzn-RequestId", given)])

    event = json.loads(response.body)
    assert (event["requestContext"]["requestId"] == given) is kept
    assert header(response, "x-amzn-RequestId") == [event["requestContext"]["requestId"]]


def test_the_function_has_a_request_id_of_its_own():
    served = Served()

    event = served.event()

    assert served.invoker.invocations[0].request_id != event["requestContext"]["requestId"]


# --- query -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "several"),
    [
        ("a=1", {"a": ["1"]}),
        ("a=1&a=2&b=3", {"a": ["1", "2"], "b": ["3"]}),
        ("a", {"a": [""]}),
        ("a=", {"a": [""]}),
        ("a=b=c", {"a": ["b=c"]}),
        ("=1", {"": ["1"]}),
        ("a=1&&b=2&", {"a": ["1"], "b": ["2"]}),
        ("a=1;b=2", {"a": ["1"], "b": ["2"]}),
        ("a=b+c%2Bd", {"a": ["b c+d"]}),
        ("%C3%A9=%e2%82%ac", {"é": ["€"]}),
        ("a=%ff", {"a": ["\ufffd"]}),
        ("a=%zz", {"a": ["%zz"]}),
        ("A=1&a=2", {"A": ["1"], "a": ["2"]}),
        ("a=1?b=2", {"a": ["1?b=2"]}),
        ("t=2023-01-01T00:00:00+00:00", {"t": ["2023-01-01T00:00:00 00:00"]}),
        ("", None),
        ("&", None),
    ],
)
def test_a_query_is_decoded_and_the_last_value_wins_in_the_single_map(query, several):
    event = Served().event(f"/x?{query}")

    assert event["multiValueQueryStringParameters"] == several
    expected = several and {name: values[-1] for name, values in several.items()}
    assert event["queryStringParameters"] == expected


@pytest.mark.parametrize("character", "|{}")
def test_some_characters_of_a_query_have_to_be_encoded(character):
    served = Served()

    refused = served(f"/x?a={character}")
    accepted = served(f"/x?a=%{ord(character):02X}")

    assert (refused.status, accepted.status) == (400, 200)


# --- body ------------------------------------------------------------------------------------


def test_a_text_body_is_text_and_what_is_not_utf_8_is_lost():
    event = Served().event(method="POST", body=b"\xff\xc3\xa9")

    assert (event["body"], event["isBase64Encoded"]) == ("\ufffdé", False)


@pytest.mark.parametrize(
    ("listed", "content_type", "binary"),
    [
        (["image/png"], "image/png", True),
        (["image/png"], "IMAGE/PNG", True),
        (["image/png"], "image/png; charset=x", True),
        (["image/png"], "image/gif", False),
        (["image/*"], "image/gif", True),
        (["image/*"], "text/plain", False),
        (["*/png"], "image/png", False),
        (["*/*"], "text/plain", True),
        (["*/*"], None, True),
        (["application/json"], None, True),
        (["image/png"], None, False),
        ([], "image/png", False),
        (["multipart/form-data"], "multipart/form-data; boundary=a,b", True),
    ],
)
def test_a_body_is_base64_where_its_type_is_listed(listed, content_type, binary):
    served = Served(document(binary_media_types=listed))
    headers = [] if content_type is None else [("Content-Type", content_type)]

    event = served.event(method="POST", headers=headers, body=b"abc")

    expected = base64.b64encode(b"abc").decode() if binary else "abc"
    assert (event["body"], event["isBase64Encoded"]) == (expected, binary)


def test_an_empty_body_is_null_and_never_base64():
    event = Served(document(binary_media_types=["*/*"])).event(method="POST")

    assert (event["body"], event["isBase64Encoded"]) == (None, False)


def test_text_travels_as_utf_8_and_lone_surrogates_are_replaced():
    assert encode({"a": "é"}) == '{"a":"é"}'.encode()
    assert encode({"a": "\udcff"}) == '{"a":"\ufffd"}'.encode()


def test_a_surrogate_in_a_header_reaches_the_function_as_a_replacement():
    served = Served(functions={"Fn": echo})

    assert served.event(headers=[("X-A", "\udcff")])["headers"]["X-A"] == "\ufffd"
