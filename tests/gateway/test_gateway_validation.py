"""Request validators: parameters first, then the body by the schema of its content type."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.apis import STAGE, Served, document, header, proxy

from chalice.gateway import InvalidDefinition
from chalice.gateway.definition import examine

ORDER = {
    "type": "object",
    "required": ["item"],
    "properties": {
        "item": {"type": "string"},
        "parts": {"items": {"$ref": "#/components/schemas/Order"}},
    },
}
VALIDATORS = {
    "all": {"validateRequestBody": True, "validateRequestParameters": True},
    "params-only": {"validateRequestParameters": True},
}
JSON = ("Content-Type", "application/json")


def served(content=None, **options):
    return Served(checked(content, **options))


def checked(content=None, *, validator="all", parameters=(), **extensions):
    operation = {
        **proxy(),
        "x-amazon-apigateway-request-validator": validator,
        "parameters": list(parameters),
        "requestBody": {"$ref": "#/components/requestBodies/Order"},
    }
    definition = document({"/x": {"post": operation}}, request_validators=VALIDATORS, **extensions)
    reference = {"schema": {"$ref": "#/components/schemas/Order"}}
    body = {"content": {"application/json": reference} if content is None else content}
    definition["components"] |= {"schemas": {"Order": ORDER}, "requestBodies": {"Order": body}}
    return definition


def post(api, body=b"", *headers):
    return api("/x", "POST", headers, body)


def test_a_body_that_fits_reaches_the_function():
    api = served()

    response = post(api, b'{"item": "a", "parts": [{"item": "b"}]}', JSON)

    assert json.loads(response.body)["body"] == '{"item": "a", "parts": [{"item": "b"}]}'
    assert "2.21" in response.rules


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{}", 'object has missing required properties (["item"])'),
        (b'{"item": "a", "parts": [{}]}', 'object has missing required properties (["item"])'),
        (b"", "Unknown error parsing request body"),
        (b"{", "Unknown error parsing request body"),
    ],
    ids=["lacking", "lacking inside", "empty", "cut off"],
)
def test_a_body_that_does_not_fit_is_400_and_the_terminal_says_why(body, why):
    api = served()

    response = post(api, body, JSON)

    assert (response.status, response.body) == (400, b'{"message":"Invalid request body"}')
    assert header(response, "x-amzn-ErrorType") == ["BadRequestException"]
    assert response.reason == (
        f"Request body does not match model schema for content type application/json: [{why}]"
    )
    assert response.rules[-1] == "2.21"
    assert api.functions["Fn"].events == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ((), 400),
        ((("content-type", "Application/JSON; charset=utf-8"),), 400),
        ((("Content-Type", "text/plain"),), 200),
        ((("Content-Type", "application/json+x"),), 200),
    ],
    ids=["none", "with parameters", "another", "a longer one"],
)
def test_only_bodies_of_the_content_types_that_have_a_schema_are_looked_at(headers, status):
    assert post(served(), b"{}", *headers).status == status


def test_the_default_schema_is_for_all_other_content_types():
    api = served({"text/json": {"schema": {}}, "$default": {"schema": ORDER}, "a/b": {}})

    assert post(api, b"{}", ("Content-Type", "text/json")).status == 200
    assert post(api, b"{}", ("Content-Type", "text/plain")).status == 400
    assert post(api, b"{}", ("Content-Type", "a/b")).status == 400


def test_a_validator_of_parameters_does_not_look_at_bodies():
    assert post(served(validator="params-only"), b"{}", JSON).status == 200


def test_parameters_are_asked_for_before_the_body():
    parameters = [
        {"in": "header", "name": "X-Tenant", "required": True},
        {"in": "query", "name": "page", "required": True},
        {"in": "query", "name": "size"},
    ]
    api = served(parameters=parameters)

    response = post(api, b"{}", JSON)

    assert json.loads(response.body) == {
        "message": "Missing required request parameters: [X-Tenant, page]"
    }
    assert response.reason == (
        "header `X-Tenant` and query parameter `page` are required, and missing or empty"
    )
    assert api("/x?page=1", "POST").reason == (
        "header `X-Tenant` is required, and missing or empty"
    )
    assert api("/x?page=", "POST", [("x-tenant", "a"), JSON], b"{}").status == 400
    assert api("/x?page=1", "POST", [("x-tenant", "a"), JSON], b'{"item":"a"}').status == 200


def test_a_gateway_response_can_say_what_is_wrong():
    template = (
        '{"message":$context.error.messageString,"error":"$context.error.validationErrorString"}'
    )
    responses = {
        "BAD_REQUEST_BODY": {
            "statusCode": "422",
            "responseTemplates": {"application/json": template},
        }
    }
    schema = {"type": "object", "required": ["a"], "minProperties": 1}
    api = served({"application/json": {"schema": schema}}, gateway_responses=responses)

    response = post(api, b"{}", JSON)

    assert response.status == 422
    assert json.loads(response.body) == {
        "message": "Invalid request body",
        "error": '[object has missing required properties (["a"]),'
        " object has too few properties (found 0 but schema requires at least 1)]",
    }


def test_other_errors_have_nothing_to_say_of_the_request():
    template = "<$context.error.validationErrorString>"
    responses = {"DEFAULT_4XX": {"responseTemplates": {"text/plain": template}}}

    assert served(gateway_responses=responses)("/nowhere").body == b"<>"


def test_a_warning_about_a_schema_does_not_keep_it_from_being_used():
    strict = {"properties": {"a": {}}, "additionalProperties": False}
    api = served({"application/json": {"schema": strict}})

    assert post(api, b'{"b":1}', JSON).status == 400
    assert post(api, b'{"a":1}', JSON).status == 200


API = served()


@given(st.binary(max_size=80))
def test_whatever_a_client_sends_is_answered_200_or_400(body):
    assert post(API, body, JSON).status in (200, 400)


# What no machine matches in time: each `a` is one of two alternatives, or half of one.
SLOW, HOSTILE = "^(a|aa)+$", "a" * 60 + "b"


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": SLOW},
        {"not": {"pattern": SLOW}},
        {"properties": {HOSTILE: {}}, "patternProperties": {SLOW: {}}},
        {"patternProperties": {SLOW: {}}, "additionalProperties": False},
    ],
    ids=["of a text", "negated", "of names", "of other names"],
)
def test_a_body_that_keeps_a_pattern_busy_is_refused_and_holds_up_nobody(schema):
    api = served({"application/json": {"schema": schema}})
    value = HOSTILE if "pattern" in json.dumps(schema).split('"') else {HOSTILE: 1}
    started = time.process_time()

    response = post(api, json.dumps(value).encode(), JSON)

    assert time.process_time() - started < 1
    assert (response.status, response.body) == (400, b'{"message":"Invalid request body"}')
    assert response.reason == (
        f"Request body is refused: the pattern `{SLOW}` was not matched within 0.1 s"
    )
    assert response.not_emulated != ()


def test_all_patterns_of_a_body_share_one_time():
    api = served({"application/json": {"schema": {"items": {"not": {"pattern": SLOW}}}}})
    started = time.process_time()

    response = post(api, json.dumps([f"{'a' * 24}b"] * 10_000).encode(), JSON)

    assert time.process_time() - started < 1
    assert response.status == 400
    assert post(api, b'["b"]', JSON).status == 200


def test_keywords_that_are_not_evaluated_are_passed_over_where_the_schema_stands():
    schema = {"type": "object", "properties": {"a": {"type": "string", "format": "date"}}}
    definition = checked()
    definition["components"]["schemas"]["Order"] = schema | {"minItems": 1}

    api, problems = examine(definition, STAGE)

    assert [(problem.severity, problem.where, problem.summary) for problem in problems] == [
        (
            "warning",
            "#/components/schemas/Order/properties/a/format",
            "the local gateway does not evaluate `format`",
        ),
        (
            "warning",
            "#/components/schemas/Order/minItems",
            "API Gateway does not evaluate `minItems`",
        ),
    ]
    assert post(Served(definition), b'{"a": "today"}', JSON).status == 200
    assert post(Served(definition), b'{"a": 1}', JSON).status == 400
    assert api.resources[0].methods["POST"].bodies != {}


def test_references_that_lead_only_to_one_another_cannot_be_served():
    definition = checked()
    definition["components"]["schemas"] |= {
        "Order": {"$ref": "#/components/schemas/Other"},
        "Other": {"$ref": "#/components/schemas/Order"},
    }

    with pytest.raises(InvalidDefinition, match="leads only back to itself") as raised:
        Served(definition)

    [problem] = raised.value.problems
    assert problem.where == "#/components/schemas/Other/$ref"
