import json
from dataclasses import replace

import pytest
from tests.gateway.apis import ALLOW_ALL, Served, document, echo, header, mock, proxy, returns, uri
from tests.gateway.signing import ANN, BOB, arrival, signed, time_of

from chalice.diagnostics import ToolError
from chalice.rules.callers import Credential

ARN = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/api"
SIGV4 = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authtype": "awsSigv4",
}
BROKEN = (500, "AuthorizerConfigurationException", {"message": None})


def statement(effect="Allow", resource="*", **others):
    return {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource, **others}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


ALLOW, DENY = policy(statement()), policy(statement("Deny"))
ANYBODY = {"Principal": "*"}
ALLOW_ANYBODY = policy(statement(**ANYBODY))
DENY_ANYBODY = policy(statement("Deny", **ANYBODY))
UNKNOWN = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}


class Guarded:
    """An API whose method is guarded by AWS_IAM; `ask` sends a request that botocore signs."""

    def __init__(self, *policies, by=ANN, resource_policy=None, endpoint="REGIONAL", **stage):
        operation = {**proxy(), "security": [{"sigv4": []}]}
        extensions = {} if resource_policy is None else {"policy": resource_policy}
        definition = document(
            {"/x": {"x-amazon-apigateway-any-method": operation}},
            schemes={"sigv4": SIGV4},
            endpoint=endpoint,
            **extensions,
        )
        self.by = replace(by, policies=policies)
        self.served = Served(definition, credentials=(self.by,), **stage)

    def ask(self, target="/x", method="GET", headers=(), body=b"", **others):
        request = signed(target, method, headers, body, by=self.by, **others)
        self.served.clock.seconds = time_of(request)
        return self.served.gateway.answer(replace(request, client_ip="203.0.113.9"))


def answer(response):
    error = header(response, "x-amzn-ErrorType")
    return response.status, error[0] if error else None, json.loads(response.body)


def identity(response):
    assert response.status == 200, response.reason
    found = json.loads(response.body)["requestContext"]["identity"]
    names = ("accessKey", "accountId", "caller", "user", "userArn", "principalOrgId")
    return {name: found[name] for name in names}, found


# --- signatures --------------------------------------------------------------------------------


def test_an_unsigned_request_is_refused_as_on_aws():
    response = Guarded(ALLOW).served("/x")

    assert (response.status, response.body) == (403, b'{"message":"Missing Authentication Token"}')
    assert header(response, "x-amzn-ErrorType") == ["MissingAuthenticationTokenException"]


def test_an_access_key_that_is_not_configured_is_refused_and_the_terminal_says_how_to_do_it():
    response = Guarded(ALLOW).ask(access_key_id="AKIAUNKNOWN00000")

    assert response.status == 403
    assert response.body == (
        b'{"message":"The security token included in the request is invalid."}'
    )
    assert header(response, "x-amzn-ErrorType") == ["UnrecognizedClientException"]
    assert "`local.credentials` in .chalice/config.json" in response.reason


def test_without_any_credential_nobody_is_let_in():
    operation = {**proxy(), "security": [{"sigv4": []}]}
    served = Served(document({"/x": {"get": operation}}, schemes={"sigv4": SIGV4}))
    request = signed()
    served.clock.seconds = time_of(request)

    response = served.gateway.answer(request)

    assert answer(response)[:2] == (403, "UnrecognizedClientException")


def test_a_bad_signature_is_answered_with_what_should_have_been_signed():
    response = Guarded(ALLOW).ask(secret_access_key="wrong")

    status, error, body = answer(response)
    assert (status, error) == (403, "InvalidSignatureException")
    assert (
        "\n\nThe Canonical String for this request should have been\n'GET\n/x\n\nhost:"
        in (body["message"])
    )
    assert ANN.secret_access_key not in body["message"] + response.reason


def test_the_gateways_own_clock_counts():
    api = Guarded(ALLOW)
    request = signed(by=api.by)
    api.served.clock.seconds = time_of(request) + 301

    response = api.served.gateway.answer(request)

    assert answer(response)[2]["message"].startswith("Signature expired: ")


def test_a_presigned_url_lets_in():
    assert Guarded(ALLOW).ask("/x?a=b", presigned=True).status == 200


def test_the_body_is_signed_as_it_came_and_arrives_as_it_is():
    response = Guarded(ALLOW).ask(method="POST", body="{déjà}".encode())

    assert json.loads(response.body)["body"] == "{déjà}"


# --- the identity ------------------------------------------------------------------------------


def test_events_say_which_user_signed():
    shown, whole = identity(Guarded(ALLOW, by=replace(ANN, user_id="AIDA1234")).ask())

    assert shown == {
        "accessKey": "AKIAIOSFODNN7EXAMPLE",
        "accountId": "123456789012",
        "caller": "AIDA1234",
        "user": "AIDA1234",
        "userArn": "arn:aws:iam::123456789012:user/ann",
        "principalOrgId": None,
    }
    assert whole["sourceIp"] == "203.0.113.9"
    assert all(value is None for name, value in whole.items() if name.startswith("cognito"))
    assert len(whole) == 12


def test_an_id_is_made_up_where_nobody_said_it_and_stays_the_same():
    users = [identity(Guarded(ALLOW).ask())[0]["caller"] for _ in range(2)]
    [role] = {identity(Guarded(ALLOW, by=BOB).ask())[0]["user"]}

    assert users[0] == users[1]
    assert users[0].startswith("AIDA")
    assert len(users[0]) == 21
    assert role.startswith("AROA")
    assert role.endswith(":bob")


def test_there_is_no_authorizer_in_the_context():
    assert "authorizer" not in json.loads(Guarded(ALLOW).ask().body)["requestContext"]


# --- policies ----------------------------------------------------------------------------------

NOTHING_ALLOWS = "because no {}-based policy allows the execute-api:Invoke action".format
DENIES = "with an explicit deny in {}-based policy".format


def not_authorized(user, why):
    resource = "arn:aws:execute-api:us-east-1:********9012:a1b2c3d4e5/api/GET/x"
    text = f"User: {user} is not authorized to perform: execute-api:Invoke on resource: {resource}"
    return 403, "AccessDeniedException", {"Message": f"{text} {why}"}


@pytest.mark.parametrize(
    ("policies", "resource_policy", "why"),
    [
        ([ALLOW], None, None),
        ([], None, NOTHING_ALLOWS("identity")),
        ([DENY, ALLOW], None, DENIES("an identity")),
        ([policy(statement(resource=f"{ARN}/GET/x"))], None, None),
        ([policy(statement(resource=f"{ARN}/POST/x"))], None, NOTHING_ALLOWS("identity")),
        ([ALLOW], ALLOW_ANYBODY, None),
        ([ALLOW], policy(), None),
        ([ALLOW], DENY_ANYBODY, DENIES("a resource")),
        ([], ALLOW_ANYBODY, None),
        ([], policy(), NOTHING_ALLOWS("identity")),
        ([], DENY_ANYBODY, DENIES("a resource")),
        ([DENY], ALLOW_ANYBODY, DENIES("an identity")),
        ([DENY], policy(), DENIES("an identity")),
        ([DENY], DENY_ANYBODY, DENIES("an identity")),
    ],
)
def test_in_one_account_the_policies_are_one_union(policies, resource_policy, why):
    response = Guarded(*policies, resource_policy=resource_policy).ask()

    if why is None:
        assert response.status == 200, response.reason
    else:
        assert answer(response) == not_authorized(ANN.arn, why)
        assert why in response.reason


CAT = Credential("AKIACATCATCATCATCAT0", "secret", "arn:aws:iam::210987654321:user/cat")


@pytest.mark.parametrize(
    ("policies", "resource_policy", "why"),
    [
        ([ALLOW], ALLOW_ANYBODY, None),
        ([ALLOW], policy(statement(Principal={"AWS": "210987654321"})), None),
        ([ALLOW], policy(statement(Principal={"AWS": CAT.arn})), None),
        ([ALLOW], policy(statement(Principal={"AWS": ANN.arn})), NOTHING_ALLOWS("resource")),
        ([ALLOW], None, NOTHING_ALLOWS("resource")),
        ([ALLOW], policy(), NOTHING_ALLOWS("resource")),
        ([ALLOW], DENY_ANYBODY, DENIES("a resource")),
        ([], ALLOW_ANYBODY, NOTHING_ALLOWS("identity")),
        ([], policy(), NOTHING_ALLOWS("identity")),
        ([], DENY_ANYBODY, DENIES("a resource")),
        ([DENY], ALLOW_ANYBODY, DENIES("an identity")),
        ([DENY], policy(), DENIES("an identity")),
        ([DENY], DENY_ANYBODY, DENIES("an identity")),
    ],
)
def test_between_accounts_both_policies_have_to_allow(policies, resource_policy, why):
    response = Guarded(*policies, by=CAT, resource_policy=resource_policy).ask()

    if why is None:
        assert response.status == 200, response.reason
    else:
        assert answer(response) == not_authorized(CAT.arn, why)


def test_the_root_of_an_account_needs_no_policy_of_its_own():
    root = replace(ANN, arn="arn:aws:iam::123456789012:root")

    assert Guarded(by=root).ask().status == 200
    assert Guarded(by=root, resource_policy=DENY_ANYBODY).ask().status == 403


def test_a_session_of_a_role_is_the_role_where_policies_name_it():
    named = {"Principal": {"AWS": "arn:aws:iam::123456789012:role/Admin"}}

    assert Guarded(by=BOB, resource_policy=policy(statement(**named))).ask().status == 200
    assert Guarded(resource_policy=policy(statement(**named))).ask().status == 403


@pytest.mark.parametrize(
    "policies", [[policy(statement(**UNKNOWN))], [ALLOW, policy(statement("Deny", **UNKNOWN))]]
)
def test_what_cannot_be_evaluated_lets_nobody_in_and_says_so(policies):
    response = Guarded(*policies).ask()

    assert answer(response) == BROKEN
    assert "`aws:PrincipalOrgID`" in response.reason


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
        ("StringEquals", "aws:username", "ann"),
        ("StringEquals", "aws:PrincipalAccount", "123456789012"),
        ("StringEquals", "aws:PrincipalType", "User"),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user/a*"),
        ("StringLike", "aws:UserAgent", "test/*"),
        ("StringEquals", "aws:Referer", "https://example.com/"),
        ("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"),
        ("NumericGreaterThan", "aws:EpochTime", "1767225600"),
        ("Bool", "aws:SecureTransport", "true"),
        ("StringEquals", "aws:RequestedRegion", "us-east-1"),
        ("StringEquals", "aws:ResourceAccount", "123456789012"),
        ("Bool", "aws:ViaAWSService", "false"),
        ("Null", "aws:SourceVpce", "true"),
        ("Null", "aws:MultiFactorAuthPresent", "true"),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", "true"),
    ],
)
def test_a_policy_may_hang_on_what_a_request_has(operator, key, value):
    named = policy(statement(Condition={operator: {key: value}}))
    other = policy(statement(Condition={operator: {key: _another(value)}}))
    headers = [("User-Agent", "test/1"), ("Referer", "https://example.com/")]

    assert Guarded(named).ask(headers=headers).status == 200
    if "IfExists" not in operator:
        assert Guarded(other).ask(headers=headers).status == 403


def _another(value):
    return {
        "true": "false",
        "false": "true",
        "203.0.113.0/24": "10.0.0.0/8",
        "2026-01-01T00:00:00Z": "2126-01-01T00:00:00Z",
        "1767225600": "9767225600",
        "arn:aws:iam::*:user/a*": "arn:aws:iam::*:user/b*",
    }.get(value, f"x{value}")


def test_a_policy_may_name_its_user_by_a_variable():
    own = policy(statement(resource=f"{ARN}/GET/${{aws:username}}"))
    operation = {**mock(), "security": [{"sigv4": []}]}
    served = Served(
        document({"/{name}": {"get": operation}}, schemes={"sigv4": SIGV4}),
        credentials=(replace(ANN, policies=(own,)),),
    )

    statuses = []
    for target in ("/ann", "/bob", "/*"):
        request = signed(target)
        served.clock.seconds = time_of(request)
        statuses.append(served.gateway.answer(request).status)

    assert statuses == [200, 403, 403]


def test_a_private_api_is_asked_for_its_endpoint_and_not_for_an_address():
    through = policy(statement(Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}))
    addressed = policy(statement(Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}))
    private = {"endpoint": "PRIVATE", "source_vpce": "vpce-1"}

    assert Guarded(through, **private).ask().status == 200
    assert Guarded(addressed, **private).ask().status == 403
    assert answer(Guarded(through, endpoint="PRIVATE").ask()) == BROKEN


def test_policies_of_lambda_authorizers_may_hang_on_what_a_request_has():
    condition = {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}
    result = {**ALLOW_ALL, "policyDocument": policy(statement(**condition))}
    scheme = {
        **SIGV4,
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": uri("Auth")},
    }
    served = Served(
        document({"/x": {"get": {**proxy(), "security": [{"a": []}]}}}, schemes={"a": scheme}),
        functions={"Fn": echo, "Auth": returns(result)},
    )

    asked = [served("/x", headers=[("Authorization", "t")], client_ip=ip).status for ip in IPS]

    assert asked == [200, 403]


IPS = ("203.0.113.9", "198.51.100.1")


def test_who_has_not_signed_has_no_keys_of_callers():
    not_me = {"Condition": {"StringNotEquals": {"aws:PrincipalArn": "me"}}}
    unsigned = policy(statement(**ANYBODY), statement("Deny", **ANYBODY, **not_me))

    assert Served(document(policy=unsigned))().status == 403


def test_a_policy_that_is_none_is_told_when_the_gateway_is_made():
    with pytest.raises(ToolError, match=r"^credential `.*` of the stage: .* has no Statement"):
        Guarded({})


def test_an_arn_that_nobody_signs_with_is_told_when_the_gateway_is_made():
    nobody = replace(ANN, arn="arn:aws:s3:::bucket")

    with pytest.raises(ToolError, match=f"^credential `{ANN.access_key_id}` of the stage: "):
        Served(document(), credentials=(nobody,))


def test_the_gateway_finds_who_signed_among_several():
    operation = {**proxy(), "security": [{"sigv4": []}]}
    people = tuple(replace(item, policies=(ALLOW,)) for item in (ANN, BOB))
    served = Served(
        document({"/x": {"get": operation}}, schemes={"sigv4": SIGV4}), credentials=people
    )
    request = signed(by=BOB)
    served.clock.seconds = arrival(request).seconds

    shown, _ = identity(served.gateway.answer(request))

    assert shown["userArn"] == BOB.arn


def test_claims_of_a_signer_can_be_named_by_a_mock():
    answers = {"default": {"responseTemplates": {"text/plain": "$context.identity.userArn"}}}
    operation = {**mock(responses=answers), "security": [{"sigv4": []}]}
    definition = document({"/x": {"get": operation}}, schemes={"sigv4": SIGV4})
    served = Served(definition, credentials=(replace(ANN, policies=(ALLOW,)),))
    request = signed(by=ANN)
    served.clock.seconds = arrival(request).seconds

    assert served.gateway.answer(request).body == ANN.arn.encode()


BEARER = (("Authorization", "Bearer x"),)


@pytest.mark.parametrize(
    ("asked", "rules"),
    [
        (lambda api: api.ask(), ("3.1", "3.11", "4.26", "4.29", "4.27")),
        (lambda api: api.served("/x", headers=BEARER), ("3.1", "3.11", "4.26")),
        (lambda api: api.served("/x?X-Amz-Algorithm=x"), ("3.1", "3.11", "4.26")),
        (lambda api: api.ask(region="eu-west-1"), ("3.1", "3.11", "4.26")),
        (lambda api: api.ask(secret_access_key="x"), ("3.1", "3.11", "4.26")),
        (lambda api: api.ask(access_key_id="AKIAX"), ("3.1", "3.11", "4.25")),
        (lambda api: api.ask(session_token="x"), ("3.1", "3.11", "4.25")),
    ],
    ids=["no policy", "bearer", "presigned", "scope", "signature", "key", "session token"],
)
def test_who_is_refused_by_signature_or_policy_is_told_by_which_rule(asked, rules):
    response = asked(Guarded())

    assert response.status == 403
    assert response.rules == rules


def test_who_signed_and_is_refused_by_the_resource_policy_is_told_all_that_was_asked():
    response = Guarded(ALLOW, resource_policy=DENY_ANYBODY).ask()

    assert response.rules == ("3.1", "3.11", "4.26", "4.29", "4.27")


def test_messages_about_unknown_keys_name_the_configuration_that_is_read():
    reason = Guarded(configured_in="the file of `--config`").ask(access_key_id="AKIAX").reason

    assert reason.endswith("add it to `local.credentials` in the file of `--config`")


def test_what_is_not_signed_names_the_rule_of_signatures():
    operation = {**proxy(), "security": [{"sigv4": []}]}
    served = Served(document({"/x": {"get": operation}}, schemes={"sigv4": SIGV4}))

    response = served()

    assert (response.status, response.rules) == (403, ("3.1", "4.24"))
