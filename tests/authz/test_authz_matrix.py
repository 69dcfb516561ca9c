"""The matrix of a definition: what is sent for each kind of authorizer, and which verb and path."""

import json
import threading
import time
from dataclasses import replace

import pytest
from tests.gateway.apis import ALLOW_ALL, STAGE, document, mock, proxy, uri
from tests.gateway.signing import ANN
from tests.tokens import POOL, POOL_ARN, POOL_ISSUER, POOL_KEYS, KeysForTests, key_set, minted

from chalice.authz.asking import targets_of
from chalice.authz.fixture import Fixture, Principal
from chalice.authz.matrix import compute
from chalice.gateway import Gateway, UserPool
from chalice.invocation import FunctionError, Result

ISSUER = "https://id.example/tenant"


class Answers:
    """Runs no function: gives what it was told, and notes who was asked."""

    def __init__(self, **outcomes):
        self.outcomes = outcomes
        self.asked = []

    def invoke(self, invocation):
        self.asked.append(invocation.function)
        return self.outcomes[invocation.function]


def scheme(kind, **fields):
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authorizer": {"type": kind, **fields},
    }


def jwt_scheme(algorithm):
    configuration = {
        "issuers": [{"issuer": ISSUER, "audiences": ["shop"]}],
        "defaultAlgorithms": [algorithm],
    }
    return scheme("jwt", jwtConfiguration=configuration)


POOLED = scheme("cognito_user_pools", providerARNs=[POOL_ARN])


def guarded(declared, scopes=()):
    return document(
        {"/x": {"get": {**proxy(), "security": [{"auth": list(scopes)}]}}},
        schemes={"auth": declared},
    )


def verdicts(definition, *principals, stage=STAGE, functions=None, keys=None):
    matrix = compute(
        definition,
        stage,
        Fixture(principals),
        functions or Answers(),
        keys or KeysForTests(),
        timeouts={},
    )
    return [cell.verdict for cell in matrix.cells]


def member(**claims):
    return Principal(f"member {claims}", claims=claims)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "ES384", "ES512"])
def test_claims_become_a_token_of_the_issuer_that_a_jwt_authorizer_trusts(algorithm):
    definition = guarded(jwt_scheme(algorithm))

    assert verdicts(definition, member(), member(aud="another")) == ["allowed", "401"]


def test_claims_become_a_token_of_the_pool():
    stage = replace(STAGE, user_pools=(UserPool(POOL, client_ids=("client1",)),))
    id_token = member(), member(aud="client2"), member(token_use="access"), member(exp=1)
    access_token = member(scope="a/b"), member(scope="c/d")

    assert verdicts(guarded(POOLED), *id_token, stage=stage) == ["allowed", "401", "401", "401"]
    assert verdicts(guarded(POOLED, ["a/b"]), *access_token, stage=stage) == ["allowed", "401"]


def test_a_token_that_a_principal_has_is_verified_by_the_keys_of_its_issuer():
    claims = {"iss": POOL_ISSUER, "aud": "c", "token_use": "id", "exp": time.time() + 60}
    header = {"Authorization": minted(claims)}
    principals = Principal("bearer", headers=header), member(), Principal("both", header, {})
    keys = KeysForTests({POOL_KEYS: key_set("one")})

    assert verdicts(guarded(POOLED), *principals, keys=keys) == ["allowed"] * 3
    assert verdicts(guarded(POOLED), *principals) == ["error", "allowed", "error"]


def test_functions_of_authorizers_are_asked_and_no_others():
    functions = Answers(Auth=Result(json.dumps(ALLOW_ALL).encode()))
    declared = scheme("token", authorizerUri=uri("Auth"))
    caller = Principal("caller", headers={"Authorization": "x"})

    assert verdicts(guarded(declared), caller, functions=functions) == ["allowed"]
    assert functions.asked == ["Auth"]


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (FunctionError("Exception", "Unauthorized"), "401"),
        (FunctionError("ValueError", "no"), "error"),
        (Result(b"{}"), "error"),
    ],
)
def test_what_an_authorizer_fails_with_is_the_verdict(outcome, verdict):
    declared = scheme("token", authorizerUri=uri("Auth"))
    caller = Principal("caller", headers={"Authorization": "x"})

    assert verdicts(guarded(declared), caller, functions=Answers(Auth=outcome)) == [verdict]


class Hangs:
    """Answers after a second where the method ARN says so."""

    def invoke(self, invocation):
        if b"/GET/slow" in invocation.payload:
            time.sleep(1)
        return Result(json.dumps(ALLOW_ALL).encode())


def test_who_hung_once_is_not_waited_for_so_long_again():
    auth = {"security": [{"auth": []}]}
    definition = document(
        {f"/slow{number}": {"get": {**proxy(), **auth}} for number in range(3)},
        schemes={"auth": scheme("token", authorizerUri=uri("Auth"))},
    )
    caller = Principal("caller", headers={"Authorization": "x"})

    matrix = compute(
        definition,
        STAGE,
        Fixture((caller,)),
        Hangs(),
        KeysForTests(),
        timeouts={"Auth": 0.2},
        patience_seconds=0.1,
    )

    first, *others = [cell.reason for cell in matrix.cells]
    assert first == "authorizer `auth` ran past its timeout of 0.2 s"
    assert set(others) == {
        (
            "authorizer `auth` had no answer in time: it was given 0.1 s, since it hung for"
            " `GET /slow0` before"
        )
    }


def test_a_stage_in_the_path_is_put_there():
    stage = replace(STAGE, in_path=True)

    assert verdicts(document({"/x": {"get": proxy()}}), Principal("a"), stage=stage) == ["allowed"]


def test_verbs_and_paths_are_those_that_reach_the_method():
    any_verb = {"get": proxy(), "x-amazon-apigateway-any-method": proxy(), "options": mock()}
    api = Gateway(document({"/a/{id}/{rest+}": any_verb}), STAGE).api
    fixture = Fixture((), {"GET /a/{id}/{rest+}": {"rest": "b/c"}})

    targets = targets_of(api, fixture)

    assert [(item.verb, item.asked_verb, item.asked_path) for item in targets] == [
        ("GET", "GET", "/a/id-1/b/c"),
        ("ANY", "PUT", "/a/id-1/rest-1"),
    ]


def test_a_parameter_that_leads_elsewhere_is_an_error():
    definition = document({"/{id}": {"get": proxy()}, "/me": {"get": proxy()}})
    fixture = Fixture((Principal("a"),), {"GET /{id}": {"id": "me"}})

    matrix = compute(definition, STAGE, fixture, Answers(), KeysForTests(), timeouts={})

    first, second = matrix.cells
    assert (first.verdict, first.reason) == ("error", "`/me` answers `GET /me`")
    assert second.verdict == "allowed"


def test_a_request_authorizer_is_told_the_query_of_a_principal():
    declared = scheme(
        "request",
        authorizerUri=uri("Auth"),
        identitySource="method.request.querystring.token, method.request.header.X-Tenant",
    )
    functions = Answers(Auth=Result(json.dumps(ALLOW_ALL).encode()))
    sent = {"X-Tenant": "t1"}

    found = verdicts(
        guarded(declared),
        Principal("known", headers=sent, query={"token": "a b"}),
        Principal("without a token", headers=sent),
        functions=functions,
    )

    assert found == ["allowed", "401"]


SIGV4 = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authtype": "awsSigv4",
}


def test_what_is_signed_may_have_a_query():
    stage = replace(STAGE, credentials=(replace(ANN, policies=(ALLOW_ALL["policyDocument"],)),))
    signs = Principal("ann", credential=ANN.access_key_id, query={"b c": "1&2", "a": "ä", "A": ""})

    assert verdicts(guarded(SIGV4), signs, stage=stage) == ["allowed"]


def test_request_validation_is_about_what_is_sent_and_not_about_who_sends():
    parameter = {"in": "header", "name": "X-Tenant", "required": True}
    operation = {**proxy(), "parameters": [parameter]}
    definition = document(
        {"/x": {"post": {**operation, "x-amazon-apigateway-request-validator": "all"}}},
        request_validators={"all": {"validateRequestParameters": True}},
        request_validator="all",
    )

    assert verdicts(definition, Principal("nobody")) == ["allowed"]


class HangsForEver:
    """Never answers in the time of a test where the method ARN says so."""

    def __init__(self):
        self.asked_at_once = 0
        self._asking = 0
        self._lock = threading.Lock()

    def invoke(self, invocation):
        if b"/GET/slow" in invocation.payload:
            time.sleep(3)
            return Result(b"{}")
        with self._lock:
            self._asking += 1
            self.asked_at_once = max(self.asked_at_once, self._asking)
        time.sleep(0.01)
        with self._lock:
            self._asking -= 1
        return Result(json.dumps(ALLOW_ALL).encode())


def test_principals_wait_together_for_a_function_that_hangs_and_run_the_others_in_turn():
    auth = {"security": [{"auth": []}]}
    definition = document(
        {f"/{name}": {"get": {**proxy(), **auth}} for name in ("slow", "a", "b")},
        schemes={"auth": scheme("token", authorizerUri=uri("Auth"))},
    )
    callers = tuple(Principal(f"p{n}", headers={"Authorization": f"x{n}"}) for n in range(6))
    functions = HangsForEver()
    began = time.monotonic()

    matrix = compute(
        definition,
        STAGE,
        Fixture(callers),
        functions,
        KeysForTests(),
        timeouts={"Auth": 1.0},
        patience_seconds=0.8,
    )

    rows = {}
    for cell in matrix.cells:
        rows.setdefault(cell.target.path, []).append((cell.principal, cell.verdict))
    names = [caller.name for caller in callers]
    assert rows == {
        "/slow": [(name, "error") for name in names],
        "/a": [(name, "allowed") for name in names],
        "/b": [(name, "allowed") for name in names],
    }
    assert time.monotonic() - began < 2.5
    assert functions.asked_at_once == 1
