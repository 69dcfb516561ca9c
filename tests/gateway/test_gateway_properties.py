"""Whatever a client sends and a function returns: an answer, never an exception."""

import json
import re
import threading

from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.apis import ALLOW_ALL, Served, document, echo, mock, proxy, returns, uri

from chalice.gateway import HttpRequest
from chalice.invocation import FunctionError, NotInvocable, Result, StillRunning, TimedOut

NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")

AUTH = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": uri("Auth")},
}
DEFINITION = document(
    {
        "/": {"get": proxy()},
        "/x": {
            "x-amazon-apigateway-any-method": proxy(),
            "options": mock(
                responses={
                    "default": {
                        "responseParameters": {
                            "method.response.header.X": "method.request.querystring.q",
                            "method.response.header.Y": "method.request.header.X-A",
                        },
                        "responseTemplates": {"application/json": "$context.path"},
                    }
                }
            ),
        },
        "/guarded/{id}": {"get": {**proxy(), "security": [{"auth": []}]}},
        "/all/{proxy+}": {"post": proxy()},
    },
    schemes={"auth": AUTH},
    binary_media_types=["image/*"],
    minimum_compression_size=10,
    gateway_responses={
        "DEFAULT_4XX": {
            "responseParameters": {"gatewayresponse.header.X": "method.request.header.X-A"},
            "responseTemplates": {"application/json": "$context.error.messageString"},
        }
    },
)

anything = st.text(max_size=12)
targets = st.one_of(
    anything,
    st.builds(
        str.__add__,
        st.sampled_from(["/", "/x", "/guarded/", "/all/", "//x", "/x?", "/x?q=", "/guarded/%"]),
        st.text(max_size=10),
    ),
)
headers = st.lists(
    st.tuples(
        st.one_of(
            anything,
            st.sampled_from(
                [
                    "Host", "Authorization", "Content-Type", "Content-Encoding", "Accept",
                    "Accept-Encoding", "X-Forwarded-For", "X-Amzn-Trace-Id", "x-amzn-requestid",
                    "X-A", "User-Agent", "Content-Length",
                ]
            ),
        ),
        st.one_of(anything, st.sampled_from(["gzip", "image/png", "a=b", "Root=1", ":", "]:"])),
    ),
    max_size=6,
)  # fmt: skip
requests = st.builds(
    HttpRequest,
    st.one_of(st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "get", ""]), anything),
    targets,
    headers.map(tuple),
    st.binary(max_size=30),
    st.one_of(st.just("127.0.0.1"), anything),
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
results = st.one_of(
    json_values,
    st.fixed_dictionaries(
        {},
        optional={
            "statusCode": st.one_of(st.integers(-1, 700), json_values),
            "headers": st.one_of(st.dictionaries(anything, json_values, max_size=3), json_values),
            "multiValueHeaders": st.one_of(
                st.dictionaries(anything, st.lists(json_values, max_size=2), max_size=3),
                json_values,
            ),
            "body": st.one_of(st.text(max_size=40), json_values),
            "isBase64Encoded": st.one_of(st.booleans(), json_values),
        },
    ),
)


def assert_sendable(response):
    assert 100 <= response.status <= 599
    assert isinstance(response.body, bytes)
    for name, value in response.headers:
        assert NAME.fullmatch(name), name
        assert not CONTROL.search(value), (name, value)


@given(requests)
def test_any_request_is_answered(request):
    served = Served(DEFINITION, functions={"Fn": echo, "Auth": returns(ALLOW_ALL)})

    response = served.gateway.answer(request)

    assert_sendable(response)
    # A mock fails where no request template fits, whoever's fault that is (rule 2.20).
    assert response.status < 500 or "request template" in (response.reason or "")


@given(results)
def test_any_result_of_a_function_is_answered(result):
    served = Served(DEFINITION, functions={"Fn": returns(result)})

    assert_sendable(served(headers=[("Accept", "image/png"), ("Accept-Encoding", "gzip")]))


@given(results)
def test_any_result_of_an_authorizer_that_is_not_a_policy_lets_nobody_in(result):
    served = Served(DEFINITION, functions={"Fn": echo, "Auth": returns(result)})

    response = served("/guarded/1", headers=[("Authorization", "tok")])

    assert_sendable(response)
    assert response.status == 500
    assert not served.functions["Fn"].events


@given(st.binary(max_size=40))
def test_any_payload_is_answered(payload):
    exchange = Served(DEFINITION).gateway.exchange(HttpRequest("GET", "/x"))
    next(exchange)

    assert_sendable(ended(exchange, Result(payload)))


def ended(exchange, outcome):
    try:
        exchange.send(outcome)
    except StopIteration as end:
        return end.value
    raise AssertionError("the exchange goes on")


def test_outcomes_are_answered_with_what_they_are():
    outcomes = {
        Result(b"{}"): 200,
        FunctionError("E", "\r\n"): 502,
        TimedOut(3): 502,
        StillRunning(): 504,
        NotInvocable("no"): 500,
    }
    for outcome, status in outcomes.items():
        exchange = Served(DEFINITION).gateway.exchange(HttpRequest("GET", "/x"))
        next(exchange)

        response = ended(exchange, outcome)

        assert_sendable(response)
        assert response.status == status


def test_one_gateway_answers_many_threads_at_once():
    served = Served(DEFINITION, functions={"Fn": echo, "Auth": returns(ALLOW_ALL)})
    answers = {}

    def ask(number):
        for step in range(40):
            name = f"{number}-{step}"
            response = served(f"/guarded/{name}", headers=[("Authorization", name)])
            answers[name] = json.loads(response.body)["pathParameters"]["id"]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 320
    assert all(name == found for name, found in answers.items())
