"""Small APIs to ask: builders of definitions, and a gateway served with clock and functions."""

import json
from dataclasses import replace
from typing import Any

from tests.fakes import FakeClock, FakeFunction, FakeIds, FakeInvoker

from chalice.gateway import Gateway, HttpRequest, Stage

Json = dict[str, Any]

STAGE = Stage(
    name="api",
    in_path=False,
    region="us-east-1",
    account_id="123456789012",
    api_id="a1b2c3d4e5",
    deployment_id="dep123",
)

ALLOW_ALL = {
    "principalId": "u1",
    "policyDocument": {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}],
    },
}


def uri(name):
    place = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31"
    return {"Fn::Sub": f"{place}/functions/${{{name}.Arn}}/invocations"}


def proxy(name="Fn", **others):
    return {
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": uri(name),
            **others,
        }
    }


def mock(**others):
    return {
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "responses": {"default": {"statusCode": "200"}},
            **others,
        }
    }


def document(paths=None, *, schemes=None, endpoint="REGIONAL", **extensions):
    """Return a definition; *extensions* are named as their extension, with underscores."""
    found: Json = {
        "openapi": "3.0.1",
        "info": {"title": "test", "version": "1.0"},
        "paths": {"/x": {"x-amazon-apigateway-any-method": proxy()}} if paths is None else paths,
        "components": {"securitySchemes": schemes or {}},
        "x-amazon-apigateway-endpoint-configuration": {"types": [endpoint]},
    }
    for name, value in extensions.items():
        found[f"x-amazon-apigateway-{name.replace('_', '-')}"] = value
    return found


def echo(event):
    return {"statusCode": 200, "body": json.dumps(event)}


class Served:
    """A gateway with its clock and functions; calling it sends a request."""

    def __init__(self, definition=None, *, functions=None, stage=STAGE, keys=None, **stage_fields):
        self.clock = FakeClock()
        self.functions = {
            name: function if isinstance(function, FakeFunction) else FakeFunction(function)
            for name, function in (functions or {"Fn": echo}).items()
        }
        self.invoker = FakeInvoker(self.functions, self.clock)
        self.stage = replace(stage, **stage_fields)
        self.gateway = Gateway(
            document() if definition is None else definition,
            self.stage,
            self.invoker,
            keys=keys,
            clock=self.clock,
            ids=FakeIds(),
        )

    def __call__(self, target="/x", method="GET", headers=(), body=b"", client_ip="203.0.113.9"):
        request = HttpRequest(method, target, tuple(headers), body, client_ip)
        return self.gateway.answer(request)

    def event(self, *arguments, **others):
        """Return the event that the function got."""
        response = self(*arguments, **others)
        assert response.status == 200, (response, response.reason)
        return self.functions["Fn"].events[-1]


def returns(value):
    """Return a function that returns *value*, whatever the event."""
    return lambda _: value


def header(response, name):
    """Return all values of a header of *response*."""
    return [value for key, value in response.headers if key.lower() == name.lower()]
