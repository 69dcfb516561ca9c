"""Which rules an answer says that it was decided by."""

import base64
import json
import re
from pathlib import Path

import pytest
from tests.conformance.cases import CASES
from tests.conformance.translate import RestWorld, request_of
from tests.gateway.apis import ALLOW_ALL, Served, document, mock, proxy, uri

from chalice.gateway import responses
from chalice.gateway.receipts import TITLES, lines
from chalice.gateway.responses import Answer

GUARD = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": uri("Auth")},
}
KEY = {"type": "apiKey", "name": "x-api-key", "in": "header"}
DENY_ALL = json.loads(json.dumps(ALLOW_ALL).replace("Allow", "Deny"))
ALLOWS = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}


def result(**fields):
    return lambda _: fields


def guarded(authorizer, **options):
    paths = {"/x": {"get": {**proxy(), "security": [{"auth": []}]}}}
    definition = document(paths, schemes={"auth": GUARD}, **options)
    return Served(definition, functions={"Fn": result(), "Auth": lambda _: authorizer})


TOKEN = (("Authorization", "a"),)


def test_a_plain_answer_names_the_route_and_the_result():
    served = Served(document({"/x": {"get": proxy()}}), functions={"Fn": result()})

    assert served("/x", "GET").rules == ("3.1", "2.1")


@pytest.mark.parametrize(
    ("path", "verb", "asked", "rules"),
    [
        ("/a/{b}", "get", "/a/1", ("3.1", "1.8", "2.1")),
        ("/{b+}", "get", "/a/1", ("3.1", "1.9", "2.1")),
        ("/a", "x-amazon-apigateway-any-method", "/a", ("3.1", "3.11", "2.1")),
        ("/a", "post", "/a", ("3.5",)),
    ],
)
def test_the_route_says_how_it_was_found(path, verb, asked, rules):
    served = Served(document({path: {verb: proxy()}}), functions={"Fn": result()})

    assert served(asked, "GET").rules == rules


@pytest.mark.parametrize(
    ("asked", "greedy_stands_in"),
    [("/admin", True), ("/items/1", True), ("/items", False), ("/other", False), ("/a//b", False)],
)
def test_a_greedy_path_that_answers_for_another_says_so(asked, greedy_stands_in):
    paths = {
        "/admin": {"post": proxy()},
        "/items/{key}": {"post": proxy()},
        "/{proxy+}": {"get": proxy()},
    }
    served = Served(document(paths), functions={"Fn": result()})

    assert ("3.2" in served(asked, "GET").rules) is greedy_stands_in


def test_a_kept_policy_is_told_from_one_that_was_asked_for():
    served = guarded(ALLOW_ALL)

    first, second = (served("/x", "GET", TOKEN).rules for _ in range(2))

    assert first == ("3.1", "4.1", "4.11", "2.1")
    assert second == ("3.1", "4.12", "4.11", "2.1")


def test_a_denial_says_whether_the_policy_was_kept():
    served = guarded(DENY_ALL)

    first, second = (served("/x", "GET", TOKEN).rules for _ in range(2))

    assert first == ("3.1", "4.1", "4.11", "4.10")
    assert second == ("3.1", "4.12", "4.11", "4.10")


def test_the_policy_of_the_api_is_named_where_it_is_asked():
    open_one = Served(document({"/x": {"get": proxy()}}, policy=ALLOWS), functions={"Fn": result()})

    assert open_one("/x", "GET").rules == ("3.1", "4.29", "2.1")
    assert "4.29" in guarded(ALLOW_ALL, policy=ALLOWS)("/x", "GET", TOKEN).rules


def test_an_api_key_a_validator_and_a_decompressed_body_are_named():
    operation = {
        **proxy(),
        "security": [{"key": []}],
        "x-amazon-apigateway-request-validator": "all",
        "parameters": [{"in": "query", "name": "q", "required": True}],
    }
    definition = document(
        {"/x": {"post": operation}},
        schemes={"key": KEY},
        request_validators={"all": {"validateRequestParameters": True}},
        minimum_compression_size=0,
    )
    served = Served(definition, functions={"Fn": result(body="b")}, api_keys=("k",))
    headers = (
        ("x-api-key", "k"),
        ("Content-Encoding", "identity"),
        ("Accept-Encoding", "gzip"),
    )

    answer = served("/x?q=1", "POST", headers, b"body")

    assert answer.rules == ("3.1", "5.1", "7.2", "2.21", "1.25", "2.1", "7.3")


def test_what_shapes_a_result_is_named():
    body = result(
        headers={"Server": "mine"},
        multiValueHeaders={"X-A": ["1"]},
        isBase64Encoded=True,
        body=base64.b64encode(b"b").decode(),
    )
    definition = document({"/x": {"post": proxy()}}, binary_media_types=["*/*"])
    served = Served(definition, functions={"Fn": body})

    answer = served("/x", "POST", (), b"body")

    assert answer.rules == ("3.1", "1.26", "2.1", "2.6", "2.13", "2.15")


def test_a_body_that_is_dropped_is_named():
    definition = document(
        {"/x": {"head": proxy("Long"), "get": proxy("Without")}, "/e": {"head": proxy("Empty")}}
    )
    functions = {
        "Long": result(body="b"),
        "Without": result(body="b", statusCode=204),
        "Empty": result(),
    }
    served = Served(definition, functions=functions)

    assert served("/x", "HEAD").rules[-1] == "2.18"
    assert served("/x", "GET").rules[-1] == "2.19"
    assert served("/e", "HEAD").rules[-1] == "2.1"


def test_a_mock_and_a_changed_answer_are_named():
    changed = {"MISSING_AUTHENTICATION_TOKEN": {"statusCode": 404}}
    served = Served(document({"/x": {"get": mock()}}, gateway_responses=changed))

    assert served("/x", "GET").rules == ("3.1", "2.20")
    assert served("/y", "GET").rules == ("3.5", "2.24")


def test_what_cloudfront_does_is_told_to_be_left_out():
    served = Served(document({"/x": {"get": proxy()}}, endpoint="EDGE"), functions={"Fn": result()})

    plain, with_body = served("/x", "GET"), served("/x", "GET", (), b"body")

    assert [text[:5] for text in plain.not_emulated] == ["1.16:"]
    assert [text[:5] for text in with_body.not_emulated] == ["1.16:", "3.18:"]


def test_an_authorizer_that_cannot_be_asked_is_told_to_be_left_out():
    schemes = {"odd": {**GUARD, "x-amazon-apigateway-authorizer": {"type": "odd"}}}
    paths = {"/x": {"get": {**proxy(), "security": [{"odd": []}]}}}

    answer = Served(document(paths, schemes=schemes))("/x", "GET")

    assert answer.not_emulated == ("authorizers of kind ODD",)
    assert answer.rules == ("3.1", "4.7")


def test_nothing_of_a_receipt_is_in_the_answer():
    served = guarded(DENY_ALL)

    answer = served("/x", "GET", TOKEN)

    assert "4.10" not in json.dumps([answer.headers, answer.body.decode()])


def test_every_answer_of_the_table_has_a_title():
    rows = [value for value in vars(responses).values() if isinstance(value, Answer)]

    assert {row.rule for row in rows} - TITLES.keys() == set()


def test_every_rule_that_the_code_names_has_a_title():
    source = Path(responses.__file__).parent
    named = {
        number
        for file in source.glob("*.py")
        for group in re.findall(r"rules\w*\s*(?:=|\+=|\.append)[^\n]*", file.read_text())
        for number in re.findall(r'"(\d+\.\d+)"', group)
    }

    assert named
    assert named - TITLES.keys() == set()


def test_every_title_is_of_a_rule_that_the_documentation_has():
    page = Path(__file__).parents[2].joinpath("docs", "gateway-rules.md").read_text()
    listed = set(re.findall(r"\b\d+\.\d+\b", page))
    for low, high in re.findall(r"(\d+\.\d+) to (\d+\.\d+)", page):
        section, first = low.split(".")
        listed |= {f"{section}.{n}" for n in range(int(first), int(high.split(".")[1]) + 1)}

    assert TITLES.keys() - listed == set()


@pytest.mark.parametrize(
    "case",
    [case for case in CASES.values() if case["config"]["kind"] == "rest"],
    ids=lambda case: case["id"],
)
def test_every_answer_of_a_conformance_case_has_a_receipt_with_words(case):
    rest = RestWorld(case["config"])
    gateway = rest.world.gateway()
    requests = case["request"] if isinstance(case["request"], list) else [case["request"]]

    for item in requests:
        answer = gateway.answer(request_of(item))

        assert answer.rules
        assert not re.search(r"^rule \d+\.\d+$", "\n".join(lines(answer.rules, ())), re.MULTILINE)
