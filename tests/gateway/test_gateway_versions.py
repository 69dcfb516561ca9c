"""Definitions as other tools write them: Swagger 2.0, joined uris."""

import pytest
from tests.fakes import FakeClock, FakeFunction, FakeInvoker
from tests.gateway.apis import ALLOW_ALL, STAGE, Served, document, echo, mock, proxy, uri

from chalice.gateway import Gateway, HttpRequest, InvalidDefinition
from chalice.gateway.document import Node

TOKEN = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": uri("Auth")},
}


def swagger(paths, **fields):
    return {"swagger": "2.0", "info": {"title": "x", "version": "1"}, "paths": paths, **fields}


def test_swagger_has_its_authorizers_elsewhere():
    definition = swagger(
        {"/x": {"get": {**proxy(), "security": [{"auth": []}]}}},
        securityDefinitions={"auth": TOKEN},
        basePath="/prod",
    )
    served = Served(definition, functions={"Fn": echo, "Auth": lambda _: ALLOW_ALL})

    assert served().status == 401
    assert served(headers=(("Authorization", "a"),)).status == 200


def test_what_swagger_does_not_define_cannot_guard():
    definition = swagger(
        {"/x": {"get": {**proxy(), "security": [{"auth": []}]}}},
        components={"securitySchemes": {"auth": TOKEN}},
    )

    with pytest.raises(InvalidDefinition, match="`auth` is not defined"):
        Gateway(definition, STAGE)


VALIDATORS = {
    "x-amazon-apigateway-request-validators": {
        "bodies": {"validateRequestBody": True},
        "both": {"validateRequestBody": True, "validateRequestParameters": True},
    }
}


@pytest.mark.parametrize("validator", ["bodies", "both"])
@pytest.mark.parametrize("consumes", [{}, {"consumes": ["text/json"]}], ids=["default", "named"])
@pytest.mark.parametrize("at_root", [True, False], ids=["root", "operation"])
def test_bodies_of_swagger_are_validated(validator, consumes, at_root):
    operation = {
        **proxy(),
        "x-amazon-apigateway-request-validator": validator,
        "parameters": [{"in": "body", "name": "b", "schema": {"$ref": "#/definitions/A"}}],
        **({} if at_root else consumes),
    }
    others = {"definitions": {"A": {"type": "object"}}, **(consumes if at_root else {})}
    served = Served(swagger({"/x": {"post": operation}}, **VALIDATORS, **others))
    kind = consumes.get("consumes", ["application/json"])[0]

    for body, status in ((b"{}", 200), (b"1", 400), (b"", 400)):
        assert served("/x", "POST", [("Content-Type", kind)], body).status == status
    assert served("/x", "POST", [("Content-Type", "text/plain")], b"1").status == 200


def test_a_body_of_swagger_without_a_schema_is_refused():
    operation = {
        **proxy(),
        "x-amazon-apigateway-request-validator": "bodies",
        "parameters": [{"in": "body", "name": "b"}],
    }

    with pytest.raises(InvalidDefinition) as error:
        Gateway(swagger({"/x": {"post": operation}}, **VALIDATORS), STAGE)

    [problem] = error.value.problems
    place = "#/paths/~1x/post/parameters/0/schema"
    assert (problem.code, problem.where) == ("validator-schema", place)


def test_parameters_of_swagger_are_validated():
    operation = {
        **proxy(),
        "x-amazon-apigateway-request-validator": "both",
        "parameters": [{"$ref": "#/parameters/Q"}],
    }
    parameters = {"Q": {"in": "query", "name": "q", "required": True, "type": "string"}}
    served = Served(swagger({"/x": {"get": operation}}, parameters=parameters, **VALIDATORS))

    assert served().status == 400
    assert served("/x?q=1").status == 200


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"swagger": "1.2"}, "#/swagger"),
        ({"swagger": 2.0}, "#/swagger"),
        ({"openapi": "3.1.0"}, "#/openapi"),
        ({"openapi": "2.0"}, "#/openapi"),
        ({}, "#/openapi"),
    ],
)
def test_other_versions_are_refused(fields, place):
    with pytest.raises(InvalidDefinition) as error:
        Gateway({**fields, "paths": {}}, STAGE)

    assert place in [problem.where for problem in error.value.problems]


BEFORE, AFTER = "arn:aws:apigateway:r:lambda:path/2015-03-31/functions/", "/invocations"


@pytest.mark.parametrize(
    "part",
    [{"Fn::GetAtt": ["Fn", "Arn"]}, {"Fn::GetAtt": "Fn.Arn"}, {"Ref": "Fn"}, "${Fn.Arn}"],
)
def test_a_joined_uri_names_its_function(part):
    joined = {"Fn::Join": ["", [BEFORE, part, AFTER]]}
    operation = mock()
    operation["x-amazon-apigateway-integration"] = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": joined,
    }
    invoker = FakeInvoker({"Fn": FakeFunction(echo)}, FakeClock())

    gateway = Gateway(document({"/x": {"get": operation}}), STAGE, invoker)

    assert gateway.answer(HttpRequest("GET", "/x")).status == 200


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Join": [",", ["a"]]},
        {"Fn::Join": ["", ["a", {"Fn::ImportValue": "b"}]]},
        {"Fn::Join": ["", "a"]},
        {"Fn::Join": "a"},
    ],
)
def test_a_join_that_is_not_known_stays_what_it_is(value):
    node = Node(value, ("uri",), [])

    assert node.reference().value == value
