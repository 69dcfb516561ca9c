import json
import time

import pytest
from tests.fakes import FakeClock, FakeFunction
from tests.gateway.apis import ALLOW_ALL, Served, document, echo, header, proxy, returns, uri

from chalice.gateway.authorizer_result import AuthorizerResult, ResultCache, read
from chalice.gateway.responses import Refusal
from chalice.iam import Policy
from chalice.invocation import Result

ARN = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/api"
TOKEN = [("Authorization", "tok")]
UNAUTHORIZED = (401, b'{"message":"Unauthorized"}', "UnauthorizedException")
BROKEN = (500, b'{"message":null}', "AuthorizerConfigurationException")
NOTHING_ALLOWS = (
    403,
    (
        b'{"Message":"User is not authorized to access this resource because no identity-based'
        b' policy allows the execute-api:Invoke action"}'
    ),
    "AccessDeniedException",
)
EXPLICIT_DENY = (
    403,
    (
        b'{"Message":"User is not authorized to access this resource with an explicit deny in an'
        b' identity-based policy"}'
    ),
    "AccessDeniedException",
)


def scheme(kind="token", name="Authorization", **authorizer):
    return {
        "type": "apiKey",
        "name": name,
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
            "type": kind,
            "authorizerUri": uri("Auth"),
            **authorizer,
        },
    }


def guarded(
    result=ALLOW_ALL, *, auth=None, paths=None, stage_fields=None, extensions=None, **given
):
    """Return an API whose methods are guarded by one authorizer that gives *result*."""
    operation = {**proxy(), "security": [{"auth": []}]}
    definition = document(
        {path: {"x-amazon-apigateway-any-method": operation} for path in paths or ["/x"]},
        schemes={"auth": auth or scheme(**given)},
        **(extensions or {}),
    )
    body = result if callable(result) or isinstance(result, FakeFunction) else returns(result)
    return Served(definition, functions={"Fn": echo, "Auth": body}, **(stage_fields or {}))


def answer(response):
    error = header(response, "x-amzn-ErrorType")
    return response.status, response.body, error[0] if error else None


def policy(*resources, effect="Allow", **others):
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": list(resources)}
    return {**ALLOW_ALL, "policyDocument": {"Statement": [{**statement, **others}]}}


# --- the identity ----------------------------------------------------------------------------


def test_the_function_of_a_token_authorizer_is_told_three_things():
    api = guarded(paths=["/a/{id}", "/"])

    api("/a/b%20c/?q=1", "POST", headers=[("authorization", "one"), ("Authorization", "two")])
    api("/", headers=TOKEN)

    events = api.functions["Auth"].events
    assert events == [
        {"type": "TOKEN", "authorizationToken": "two", "methodArn": f"{ARN}/POST/a/b%20c/"},
        {"type": "TOKEN", "authorizationToken": "tok", "methodArn": f"{ARN}/GET/"},
    ]


def test_the_stage_is_in_the_arn_once_wherever_it_is_served():
    api = guarded(paths=["/a"], stage_fields={"in_path": True})

    api("/api//a", headers=TOKEN)

    assert api.functions["Auth"].events[0]["methodArn"] == f"{ARN}/GET/a"


@pytest.mark.parametrize("headers", [[], [("Authorization", "")], [("X-Other", "tok")]])
def test_without_a_token_the_function_is_not_asked(headers):
    api = guarded()

    response = api(headers=headers)

    assert answer(response) == UNAUTHORIZED
    assert not api.functions["Auth"].events


@pytest.mark.parametrize(
    "given",
    [{"name": "X-Auth"}, {"identitySource": "method.request.header.X-Auth"}],
    ids=["by the scheme", "by the source"],
)
def test_the_token_may_be_in_another_header(given):
    api = guarded(**given)

    assert answer(api(headers=TOKEN)) == UNAUTHORIZED
    assert api(headers=[("x-auth", "tok")]).status == 200


@pytest.mark.parametrize(
    ("expression", "token", "admitted"),
    [
        ("^Bearer [a-z]+$", "Bearer abc", True),
        ("^Bearer [a-z]+$", "Bearer ABC", False),
        ("Bearer", "Bearer abc", False),
        ("", "anything", True),
    ],
)
def test_a_token_has_to_match_the_expression_as_a_whole(expression, token, admitted):
    api = guarded(identityValidationExpression=expression)

    response = api(headers=[("Authorization", token)])

    assert (response.status == 200) is admitted
    assert bool(api.functions["Auth"].events) is admitted
    if not admitted:
        assert answer(response) == UNAUTHORIZED


def test_a_token_that_keeps_the_expression_busy_is_refused_and_holds_up_nobody():
    api = guarded(identityValidationExpression="^(a|aa)+$")
    started = time.process_time()

    response = api(headers=[("Authorization", "a" * 60 + "b")])

    assert time.process_time() - started < 1
    assert answer(response) == BROKEN
    assert "`^(a|aa)+$` was not matched within 0.1 s" in response.reason
    assert response.not_emulated != ()
    assert api.functions["Auth"].events == []


# --- what the function says ------------------------------------------------------------------


def raises(message):
    def body(_):
        raise Exception(message)  # noqa: TRY002 - authorizers do

    return body


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (raises("Unauthorized"), UNAUTHORIZED),
        (raises("unauthorized"), BROKEN),
        (raises("Unauthorized "), BROKEN),
        (raises("boom"), BROKEN),
        (FakeFunction(returns(ALLOW_ALL), sleeps_seconds=2, timeout_seconds=1), BROKEN),
        (FakeFunction(returns(ALLOW_ALL), sleeps_seconds=30), BROKEN),
        (FakeFunction(returns(ALLOW_ALL), reserved_concurrency=0), BROKEN),
        (None, BROKEN),
        ("allow", BROKEN),
        ([], BROKEN),
        ({}, BROKEN),
        ({"statusCode": 401}, BROKEN),
        ({"principalId": "u"}, BROKEN),
        ({"policyDocument": ALLOW_ALL["policyDocument"]}, BROKEN),
        ({**ALLOW_ALL, "principalId": ""}, BROKEN),
        ({**ALLOW_ALL, "principalId": None}, BROKEN),
        ({**ALLOW_ALL, "principalId": ["u"]}, BROKEN),
        ({**ALLOW_ALL, "policyDocument": None}, BROKEN),
        ({**ALLOW_ALL, "policyDocument": json.dumps(ALLOW_ALL["policyDocument"])}, BROKEN),
        ({**ALLOW_ALL, "policyDocument": {"Statement": [{"Effect": "allow"}]}}, BROKEN),
        (policy("*", Principal="*"), BROKEN),
        (policy("*", Unknown="*"), BROKEN),
        (policy("*", Condition={"Null": {"aws:x": "true"}}), BROKEN),
        (policy("*", effect="Deny", Condition={"Null": {"aws:x": "true"}}), BROKEN),
        (policy("a" * 513), BROKEN),
        ({**ALLOW_ALL, "context": {"a": "b" * 8192}}, BROKEN),
        ({**ALLOW_ALL, "context": {"roles": ["a"]}}, BROKEN),
        ({**ALLOW_ALL, "context": {"user": {"a": 1}}}, BROKEN),
        ({**ALLOW_ALL, "context": []}, BROKEN),
        ({**ALLOW_ALL, "context": "a"}, BROKEN),
        (policy(), NOTHING_ALLOWS),
        (policy(f"{ARN}/GET/other"), NOTHING_ALLOWS),
        (policy(f"{ARN}/POST/x"), NOTHING_ALLOWS),
        (policy(f"{ARN}/GET/X"), NOTHING_ALLOWS),
        (policy("*", Action="s3:*"), NOTHING_ALLOWS),
        (policy("*", effect="Deny"), EXPLICIT_DENY),
        (policy(f"{ARN}/GET/x", effect="Deny"), EXPLICIT_DENY),
    ],
    ids=lambda value: json.dumps(value)[:60] if isinstance(value, dict) else None,
)  # fmt: skip
def test_a_caller_that_is_not_let_in_gets_the_answer_of_aws(result, expected):
    api = guarded(result)

    response = api(headers=TOKEN)

    assert answer(response) == expected
    assert header(response, "Content-Type") == ["application/json"]
    assert not api.functions["Fn"].events
    assert response.reason


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"[]", "something that is not an object"),
        (b'{"principalId": "u", "policyDocument": []}', "a policy that is not valid: the policy"),
        (b"{", "what cannot be read as JSON: "),
        (b"\xff", "what cannot be read as JSON: "),
        (b'{"context": {"a": NaN}}', "what cannot be read as JSON: NaN is not JSON"),
        (b'{"context": {"a": -Infinity}}', "what cannot be read as JSON: -Infinity is not JSON"),
        (b'{"context": {"a": 1e999}}', "what cannot be read as JSON: 1e999 is too large"),
    ],
)
def test_a_result_that_is_none_is_an_error_and_the_terminal_is_told_why(payload, reason):
    with pytest.raises(Refusal) as refused:
        read(Result(payload), "auth")

    assert refused.value.answer.status == 500
    assert refused.value.reason.startswith(f"authorizer `auth` returned {reason}")


@pytest.mark.parametrize("headers", [(), [("Authorization", "")]])
def test_the_terminal_is_told_that_the_identity_is_missing_or_empty(headers):
    reason = guarded(returns(ALLOW_ALL))(headers=headers).reason

    assert reason == "`Authorization`, by which `auth` identifies callers, is missing or empty"


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ({"sleeps_seconds": 2, "timeout_seconds": 1}, "ran past its timeout of 1 s"),
        ({"sleeps_seconds": 30}, "had no answer in time"),
        ({"reserved_concurrency": 0}, "has no concurrency left"),
    ],
)
def test_the_terminal_is_told_why_an_authorizer_gave_no_answer(function, reason):
    api = guarded(FakeFunction(returns(ALLOW_ALL), **function))

    assert api(headers=TOKEN).reason == f"authorizer `auth` {reason}"


@pytest.mark.parametrize(
    "resource",
    ["*", f"{ARN}/GET/x", f"{ARN}/*/x", f"{ARN}/GET/*", "arn:*", f"{ARN}/?ET/x", "a" * 512],
)
def test_a_policy_that_allows_the_method_lets_the_caller_in(resource):
    api = guarded(policy(resource, "*"))

    assert api(headers=TOKEN).status == 200


def test_the_star_of_a_resource_crosses_slashes():
    api = guarded(policy(f"{ARN}/*/x"), paths=["/{proxy+}"])

    assert api("/a/b/x", headers=TOKEN).status == 200
    assert api("/a/b/y", headers=TOKEN).status == 403


def test_the_context_of_an_authorizer_arrives_as_text():
    context = {"s": "a", "t": True, "f": False, "n": 1, "d": 1.5, "nothing": None, "é": "é"}
    result = {**ALLOW_ALL, "principalId": 7, "context": {**context, "principalId": "mine"}}
    api = guarded(FakeFunction(returns(result), sleeps_seconds=0.25))

    event = api.event(headers=TOKEN)

    assert event["requestContext"]["authorizer"] == {
        "s": "a",
        "t": "true",
        "f": "false",
        "n": "1",
        "d": "1.5",
        "é": "é",
        "principalId": "7",
        "integrationLatency": 250,
    }


def test_a_method_without_authorizer_has_no_such_key():
    assert "authorizer" not in Served().event()["requestContext"]


def test_an_authorizer_that_is_not_there_lets_nobody_in():
    elsewhere = "arn:aws:lambda:us-east-1:123456789012:function:elsewhere"
    path = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31"
    api = guarded(authorizerUri=f"{path}/functions/{elsewhere}/invocations")

    response = api(headers=TOKEN)

    assert answer(response) == BROKEN
    assert elsewhere in response.reason


@pytest.mark.parametrize(
    ("auth", "kind"),
    [
        ({"type": "oauth2", "flows": {}}, "oauth2 scheme"),
        ({"type": "http", "scheme": "bearer"}, "http scheme"),
    ],
)
def test_a_kind_of_authorizer_that_cannot_be_asked_lets_nobody_in_and_names_itself(auth, kind):
    api = guarded(auth=auth)

    response = api(headers=TOKEN)

    assert answer(response) == BROKEN
    assert kind in response.reason
    assert not api.invoker.invocations


def test_an_operation_may_name_its_authorization_itself():
    paths = {
        "/iam": {"get": {**proxy(), "x-amazon-apigateway-auth": {"type": "aws_iam"}}},
        "/odd": {"get": {**proxy(), "x-amazon-apigateway-auth": {"type": "ODD"}}},
        "/open": {"get": {**proxy(), "x-amazon-apigateway-auth": {"type": "NONE"}}},
    }
    api = Served(document(paths))

    assert answer(api("/iam"))[2] == "MissingAuthenticationTokenException"
    assert answer(api("/odd")) == BROKEN
    assert api("/open").status == 200


def test_a_method_arn_is_limited_in_length():
    api = guarded(paths=["/{proxy+}"])
    room = 1_600 - len(f"{ARN}/GET/")

    assert api("/" + "a" * room, headers=TOKEN).status == 200
    assert api("/" + "a" * (room + 1), headers=TOKEN).status == 414


# --- the cache -------------------------------------------------------------------------------


def asked(api):
    return len(api.functions["Auth"].events)


def test_a_result_is_kept_for_a_token_and_not_for_another():
    api = guarded()

    latencies = [
        api.event(headers=[("Authorization", token)])["requestContext"]["authorizer"]
        for token in ("a", "b", "a", "a")
    ]

    assert asked(api) == 2
    assert all(latency["integrationLatency"] == 0 for latency in latencies)


@pytest.mark.parametrize(
    ("ttl", "after", "times"),
    [(None, 299, 1), (None, 300, 2), (60, 59, 1), (60, 60, 2), (0, 0, 2), (3600, 3599, 1)],
)
def test_a_result_is_kept_as_long_as_the_authorizer_says(ttl, after, times):
    api = guarded(**({} if ttl is None else {"authorizerResultTtlInSeconds": ttl}))

    api(headers=TOKEN)
    api.clock.advance(after)
    api(headers=TOKEN)

    assert asked(api) == times


def test_the_policy_that_is_kept_is_applied_to_each_method_anew():
    api = guarded(lambda event: policy(event["methodArn"]), paths=["/x", "/y"])

    assert api("/x", headers=TOKEN).status == 200
    assert answer(api("/y", headers=TOKEN)) == NOTHING_ALLOWS
    assert answer(api("/x", "POST", headers=TOKEN)) == NOTHING_ALLOWS
    assert api("/x", headers=TOKEN).status == 200
    assert asked(api) == 1


@pytest.mark.parametrize("failing", [raises("Unauthorized"), raises("boom"), returns(None)])
def test_errors_are_not_kept(failing):
    api = guarded(failing)

    api(headers=TOKEN)
    api(headers=TOKEN)

    assert asked(api) == 2


def test_authorizers_do_not_share_results():
    operation = {**proxy(), "security": [{"one": []}]}
    other = {**proxy(), "security": [{"two": []}]}
    schemes = {"one": scheme(), "two": scheme()}
    api = Served(
        document({"/x": {"get": operation}, "/y": {"get": other}}, schemes=schemes),
        functions={"Fn": echo, "Auth": returns(ALLOW_ALL)},
    )

    api("/x", headers=TOKEN)
    api("/y", headers=TOKEN)

    assert asked(api) == 2


def test_the_cache_drops_its_oldest_entries_when_it_is_full():
    cache = ResultCache(FakeClock(), most=2)
    result = AuthorizerResult(Policy(()), "u", (), None)

    for name in ("a", "b", "a", "c"):
        cache.put((name,), result, 10)

    assert cache.get(("b",)) is None
    assert cache.get(("a",)) is cache.get(("c",)) is result


# --- REQUEST authorizers ---------------------------------------------------------------------


def request_api(result=ALLOW_ALL, **given):
    return guarded(result, auth=scheme("request", **given), paths=["/a/{id}", "/"])


def test_the_function_of_a_request_authorizer_is_told_all_but_the_body():
    api = request_api(identitySource="method.request.header.Authorization")

    api("/a/7?q=1", "POST", headers=TOKEN, body=b"secret")

    event = api.functions["Auth"].events[0]
    assert event.keys() == {
        "type", "methodArn", "resource", "path", "httpMethod", "headers", "multiValueHeaders",
        "queryStringParameters", "multiValueQueryStringParameters", "pathParameters",
        "stageVariables", "requestContext",
    }  # fmt: skip
    assert event["type"] == "REQUEST"
    assert event["methodArn"] == f"{ARN}/POST/a/7"
    assert event["resource"] == "/a/{id}"
    assert event["pathParameters"] == {"id": "7"}
    assert event["queryStringParameters"] == {"q": "1"}
    assert event["headers"]["Authorization"] == "tok"
    assert "authorizer" not in event["requestContext"]


def test_empty_maps_of_a_request_authorizer_are_objects():
    api = request_api(authorizerResultTtlInSeconds=0)

    api("/")

    event = api.functions["Auth"].events[0]
    assert event["queryStringParameters"] == event["multiValueQueryStringParameters"] == {}
    assert event["pathParameters"] == event["stageVariables"] == {}


SOURCES = (
    "method.request.header.Authorization, method.request.querystring.k,"
    "stageVariables.tenant, context.identity.sourceIp"
)


@pytest.mark.parametrize(
    ("target", "headers", "variables", "admitted"),
    [
        ("/a/1?k=1", TOKEN, {"tenant": "t"}, True),
        ("/a/1", TOKEN, {"tenant": "t"}, False),
        ("/a/1?k=", TOKEN, {"tenant": "t"}, False),
        ("/a/1?k=1", [], {"tenant": "t"}, False),
        ("/a/1?k=1", TOKEN, {}, False),
    ],
)
def test_all_identity_sources_are_wanted_where_results_are_kept(
    target, headers, variables, admitted
):
    api = guarded(
        auth=scheme("request", identitySource=SOURCES),
        paths=["/a/{id}"],
        stage_fields={"variables": variables},
    )

    response = api(target, headers=headers)

    assert (response.status == 200) is admitted
    assert bool(asked(api)) is admitted
    if not admitted:
        assert answer(response) == UNAUTHORIZED


def test_a_context_value_that_is_not_there_is_an_empty_source():
    api = request_api(identitySource="context.identity.userArn")

    assert answer(api("/")) == UNAUTHORIZED


def test_a_source_that_is_named_has_to_be_there_without_cache_too():
    api = request_api(
        identitySource="method.request.header.Authorization", authorizerResultTtlInSeconds=0
    )

    assert answer(api("/")) == UNAUTHORIZED
    assert asked(api) == 0


def test_all_sources_together_are_the_key_of_the_cache():
    api = request_api(identitySource="method.request.header.A,method.request.querystring.b")

    for target, value in (("/?b=1", "1"), ("/?b=2", "1"), ("/?b=1", "2"), ("/?b=1", "1")):
        api(target, headers=[("A", value)])

    assert asked(api) == 3


# --- resource policies -----------------------------------------------------------------------


def api_policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def about(effect="Allow", resource="execute-api:/*", **others):
    return {
        "Effect": effect,
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": resource,
        **others,
    }


FROM_LOOPBACK = {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}
FROM_ELSEWHERE = {"Condition": {"IpAddress": {"aws:SourceIp": ["198.51.100.7/32"]}}}
THROUGH_VPCE = {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
NOT_THROUGH_VPCE = {"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}


@pytest.mark.parametrize(
    ("statements", "status"),
    [
        ([about()], 200),
        ([about(resource="execute-api:/api/GET/x")], 200),
        ([about(resource=["execute-api:/api/GET/x", "arn:aws:execute-api:*:*:other"])], 200),
        ([about(resource=f"{ARN}/GET/x")], 200),
        ([about(resource="execute-api:/api/POST/x")], 403),
        ([about(resource="execute-api:/other/*")], 403),
        ([about(**FROM_LOOPBACK)], 200),
        ([about(**FROM_ELSEWHERE)], 403),
        ([about(), about("Deny")], 403),
        ([about(), about("Deny", **FROM_ELSEWHERE)], 200),
        ([about(), about("Deny", **FROM_LOOPBACK)], 403),
        ([about(**THROUGH_VPCE)], 403),
        ([about(), about("Deny", **NOT_THROUGH_VPCE)], 403),
        ([{**about(), "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}], 403),
        ([about(Condition={"Null": {"aws:x": "true"}})], 500),
        ([about(), about("Deny", Condition={"Null": {"aws:x": "true"}})], 500),
        ([], 403),
    ],
)
def test_an_open_method_is_open_to_whom_the_resource_policy_allows(statements, status):
    api = Served(document(policy=api_policy(*statements)))

    response = api()

    assert response.status == status, response.reason
    if status == 500:
        assert answer(response) == BROKEN
        assert "`aws:x`" in response.reason


def test_a_refusal_by_the_resource_policy_names_the_resource_and_hides_the_account():
    nobody = Served(document(policy=api_policy()))()
    denied = Served(document(policy=api_policy(about("Deny"))))()

    text = (
        '{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource:'
        " arn:aws:execute-api:us-east-1:********9012:a1b2c3d4e5/api/GET/x"
    )
    assert nobody.body.decode() == text + '"}'
    assert denied.body.decode() == text + ' with an explicit deny"}'
    assert header(nobody, "x-amzn-ErrorType") == ["AccessDeniedException"]


@pytest.mark.parametrize(
    ("resource_policy", "result", "status", "times"),
    [
        (api_policy(about()), ALLOW_ALL, 200, 1),
        (api_policy(about()), policy(), 200, 1),
        (api_policy(), ALLOW_ALL, 200, 1),
        (api_policy(), policy(), 403, 1),
        (api_policy(about("Deny")), ALLOW_ALL, 403, 0),
        (api_policy(about()), policy("*", effect="Deny"), 403, 1),
        (api_policy(about("Deny", **FROM_ELSEWHERE)), ALLOW_ALL, 200, 1),
        (api_policy(about("Deny", Condition={"Null": {"a": "b"}})), ALLOW_ALL, 500, 0),
    ],
)
def test_an_authorizer_and_the_resource_policy_are_one_union(
    resource_policy, result, status, times
):
    api = guarded(result, extensions={"policy": resource_policy})

    assert api(headers=TOKEN).status == status
    assert asked(api) == times


@pytest.mark.parametrize(("source_vpce", "status"), [("vpce-1", 200), ("vpce-2", 403), (None, 500)])
def test_a_private_api_is_called_through_the_endpoint_that_the_stage_names(source_vpce, status):
    definition = document(policy=api_policy(about(**THROUGH_VPCE)), endpoint="PRIVATE")

    assert Served(definition, source_vpce=source_vpce)().status == status
