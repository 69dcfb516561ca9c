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


def planned(*plans, **stage_fields):
    """Return an API whose keys are those of *plans*, and what asks it with a key."""
    api = served(**{"api_keys": (), "usage_plans": plans, **stage_fields})
    return api, lambda key=KEY: api(headers=[("x-api-key", key)])


def test_a_key_is_throttled_at_its_rate_after_its_burst():
    api, ask = planned(UsagePlan((KEY,), rate=2, burst=3))

    assert [ask().status for _ in range(5)] == [200, 200, 200, 429, 429]
    api.clock.advance(1)
    responses = [ask() for _ in range(3)]

    assert [response.status for response in responses] == [200, 200, 429]
    assert responses[-1].body == b'{"message":"Too Many Requests"}'
    assert header(responses[-1], "x-amzn-ErrorType") == ["TooManyRequestsException"]


@pytest.mark.parametrize(("period", "days"), [("DAY", 1), ("WEEK", 7), ("MONTH", 31)])
def test_a_quota_is_used_up_until_the_next_period(period, days):
    api, ask = planned(UsagePlan((KEY,), quota=2, period=period))
    api.clock.seconds = 1_782_864_000.0 + 4 * 86_400  # Sunday, 2026-07-05, 00:00 UTC
    if period == "MONTH":
        api.clock.seconds = 1_782_864_000.0  # 2026-07-01

    responses = [ask() for _ in range(3)]
    api.clock.advance(days * 86_400 - 1)
    last_second = ask()
    api.clock.advance(1)

    assert [response.status for response in (*responses, last_second)] == [200, 200, 429, 429]
    assert responses[-1].body == b'{"message":"Limit Exceeded"}'
    assert header(responses[-1], "x-amzn-ErrorType") == ["LimitExceededException"]
    assert ask().status == 200


def test_a_request_over_the_rate_does_not_count_for_the_quota():
    api, ask = planned(UsagePlan((KEY,), rate=1, burst=1, quota=2))

    before = [ask().status for _ in range(3)]
    api.clock.advance(1)

    assert before == [200, 429, 429]
    assert ask().status == 200


def test_each_key_of_a_plan_has_its_own_share():
    _, ask = planned(UsagePlan((KEY, "other"), rate=1, burst=1))

    assert [ask(KEY).status, ask("other").status, ask(KEY).status] == [200, 200, 429]


def test_each_key_is_limited_by_its_own_plan():
    plans = (UsagePlan((KEY,), quota=1), UsagePlan(("other",), quota=2))
    _, ask = planned(*plans, api_keys=("free",))

    assert [ask(KEY).status for _ in range(3)] == [200, 429, 429]
    assert [ask("other").status for _ in range(3)] == [200, 200, 429]
    assert {ask("free").status for _ in range(9)} == {200}
    assert ask("nobody's").status == 403


def test_a_clock_that_goes_back_gives_nothing():
    api, ask = planned(UsagePlan((KEY,), rate=1, burst=1))

    assert ask().status == 200
    api.clock.advance(-3600)

    assert ask().status == 429
