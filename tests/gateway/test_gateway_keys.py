import pytest
from tests.gateway.apis import ALLOW_ALL, Served, document, header, proxy, returns, uri

from chalice.gateway import UsagePlan

KEY = "k1-00000000000000000000"
SCHEMES = {"api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}
PATHS = {"/x": {"get": {**proxy(), "security": [{"api_key": []}]}}, "/open": {"get": proxy()}}


def served(**stage_fields):
    return Served(document(PATHS, schemes=SCHEMES), **{"api_keys": (KEY,), **stage_fields})


@pytest.mark.parametrize("headers", [[], [("x-api-key", "")], [("x-api-key", "nope")]])
def test_without_a_known_key_the_method_is_forbidden(headers):
    response = served()(headers=headers)

    assert (response.status, response.body) == (403, b'{"message":"Forbidden"}')
    assert header(response, "x-amzn-ErrorType") == ["ForbiddenException"]


@pytest.mark.parametrize("name", ["x-api-key", "X-API-Key"])
def test_with_a_key_the_function_is_told_which(name):
    event = served().event(headers=[(name, KEY)])

    identity = event["requestContext"]["identity"]
    assert identity["apiKey"] == KEY
    assert len(identity["apiKeyId"]) == 10
    assert event["headers"][name] == KEY


def test_a_stage_without_keys_lets_nobody_in():
    assert served(api_keys=())(headers=[("x-api-key", "")]).status == 403


def test_a_method_that_wants_no_key_is_told_of_none():
    event = served().event("/open", headers=[("x-api-key", KEY)])

    assert "apiKey" not in event["requestContext"]["identity"]


def guarded(key_from="HEADER", result=None):
    schemes = {
        **SCHEMES,
        "auth": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": uri("Auth")},
        },
    }
    paths = {"/x": {"get": {**proxy(), "security": [{"api_key": []}, {"auth": []}]}}}
    return Served(
        document(paths, schemes=schemes, api_key_source=key_from),
        functions={"Fn": returns({}), "Auth": returns(result or ALLOW_ALL)},
        api_keys=(KEY,),
    )


def test_the_authorizer_is_asked_before_the_key():
    assert guarded()().status == 401
    assert guarded()(headers=[("Authorization", "tok")]).status == 403


def test_the_authorizer_may_supply_the_key():
    with_key = guarded("AUTHORIZER", {**ALLOW_ALL, "usageIdentifierKey": KEY})
    without = guarded("AUTHORIZER")
    headers = [("Authorization", "tok"), ("x-api-key", KEY)]

    assert with_key(headers=headers[:1]).status == 200
    assert without(headers=headers).status == 403


# --- usage plans -----------------------------------------------------------------------------


def test_a_key_is_throttled_at_its_rate_after_its_burst():
    api = served(usage_plan=UsagePlan(rate=2, burst=3))
    ask = lambda: api(headers=[("x-api-key", KEY)])  # noqa: E731 - three lines would say no more

    assert [ask().status for _ in range(5)] == [200, 200, 200, 429, 429]
    api.clock.advance(1)
    responses = [ask() for _ in range(3)]

    assert [response.status for response in responses] == [200, 200, 429]
    assert responses[-1].body == b'{"message":"Too Many Requests"}'
    assert header(responses[-1], "x-amzn-ErrorType") == ["TooManyRequestsException"]


def test_a_quota_is_used_up_until_the_next_period():
    api = served(usage_plan=UsagePlan(rate=100, burst=100, quota=2, period_seconds=60))
    ask = lambda: api(headers=[("x-api-key", KEY)])  # noqa: E731 - three lines would say no more

    responses = [ask() for _ in range(3)]
    api.clock.advance(60)

    assert [response.status for response in responses] == [200, 200, 429]
    assert responses[-1].body == b'{"message":"Limit Exceeded"}'
    assert header(responses[-1], "x-amzn-ErrorType") == ["LimitExceededException"]
    assert ask().status == 200


def test_each_key_has_its_own_share():
    api = served(api_keys=(KEY, "other"), usage_plan=UsagePlan(rate=1, burst=1))

    assert api(headers=[("x-api-key", KEY)]).status == 200
    assert api(headers=[("x-api-key", "other")]).status == 200
    assert api(headers=[("x-api-key", KEY)]).status == 429
