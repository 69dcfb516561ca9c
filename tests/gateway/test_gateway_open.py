"""Authorizers that somebody opened: resource policies hold."""

import pytest
from tests.fakes import FakeClock, FakeFunction, FakeIds, FakeInvoker
from tests.gateway.apis import STAGE, document, echo, proxy, uri

from chalice.gateway import Gateway, HttpRequest

LAMBDA = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": uri("Auth")},
}
POOL = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authorizer": {
        "type": "cognito_user_pools",
        "providerARNs": ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a"],
    },
}


def policy(effect, source):
    return {
        "Statement": {
            "Effect": effect,
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "*",
            "Condition": {"IpAddress": {"aws:SourceIp": source}},
        }
    }


def answer(scheme, **extensions):
    paths = {"/x": {"get": {**proxy(), "security": [{"auth": []}]}}}
    clock = FakeClock()
    gateway = Gateway(
        document(paths, schemes={"auth": scheme}, **extensions),
        STAGE,
        FakeInvoker({"Fn": FakeFunction(echo)}, clock),
        clock=clock,
        ids=FakeIds(),
        open_authorizers=True,
    )
    return gateway.answer(HttpRequest("GET", "/x", client_ip="203.0.113.9"))


@pytest.mark.parametrize("scheme", [LAMBDA, POOL])
def test_an_open_authorizer_asks_nobody(scheme):
    response = answer(scheme)

    assert response.status == 200
    assert b'"authorizer"' not in response.body


@pytest.mark.parametrize("scheme", [LAMBDA, POOL])
def test_a_resource_policy_still_denies(scheme):
    assert answer(scheme, policy=policy("Deny", "203.0.113.0/24")).status == 403


@pytest.mark.parametrize(
    ("scheme", "status"), [(LAMBDA, 200), (POOL, 403)], ids=["one union", "both have to allow"]
)
def test_a_resource_policy_that_allows_somebody_else(scheme, status):
    assert answer(scheme, policy=policy("Allow", "198.51.100.0/24")).status == status


@pytest.mark.parametrize("scheme", [LAMBDA, POOL])
def test_a_resource_policy_that_allows(scheme):
    assert answer(scheme, policy=policy("Allow", "203.0.113.0/24")).status == 200
