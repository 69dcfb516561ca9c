"""JWT authorizers of REST APIs (rule 4.23), and decisions beside those of a reference library."""

import random
import time

import jwt
import pytest
from tests.gateway.apis import Served, document, echo, header, proxy
from tests.tokens import KeysForTests, encoded, key_set, minted, private_key, public_jwk

from chalice.gateway import InvalidDefinition, UserPool

NOW = 1_783_711_144.5
ISSUER = "https://id.example/tenant/"
OTHER = "https://other.example"
UNAUTHORIZED = (401, b'{"message":"Unauthorized"}', "UnauthorizedException")
EXPIRED = (401, b'{"message":"The incoming token has expired"}', "UnauthorizedException")
BROKEN = (500, b'{"message":null}', "AuthorizerConfigurationException")

CLAIMS = {"sub": "u1", "iss": ISSUER, "aud": "shop", "iat": NOW - 10, "exp": NOW + 600}
ALL = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]


def trusted(issuer=ISSUER, audiences=("shop",), *claims):
    return {"issuer": issuer, "audiences": list(audiences), "additionalClaims": list(claims)}


def scheme(*issuers, algorithms=("RS256",), **authorizer):
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "jwt",
        "x-amazon-apigateway-authorizer": {
            "type": "jwt",
            "identitySource": "method.request.header.Authorization",
            "jwtConfiguration": {
                "issuers": list(issuers) or [trusted()],
                "defaultAlgorithms": list(algorithms),
            },
            **authorizer,
        },
    }


def served(auth, scopes=(), keys=None, **stage):
    operation = {**proxy(), "security": [{"auth": list(scopes)}]}
    definition = document({"/x": {"get": operation}}, schemes={"auth": auth})
    source = KeysForTests({ISSUER: key_set("one"), OTHER: key_set("two")}) if keys is None else keys
    return Served(definition, functions={"Fn": echo}, keys=source, **stage)


def ask(api, token):
    return api(headers=[("Authorization", f"Bearer {token}")])


def answer(response):
    error = header(response, "x-amzn-ErrorType")
    return response.status, response.body, error[0] if error else None


def test_claims_arrive_with_their_types():
    claims = {**CLAIMS, "version": "42", "roles": ["a", "b"], "address": {"city": "Ü"}, "ok": True}

    event = served(scheme()).event(headers=[("Authorization", minted(claims))])

    assert event["requestContext"]["authorizer"] == {"claims": claims}


@pytest.mark.parametrize("algorithm", ALL)
def test_a_token_is_let_in_by_each_algorithm_that_is_accepted_and_by_no_other(algorithm):
    keys = KeysForTests({ISSUER: key_set(public_jwk("k", algorithm))})
    token = minted(CLAIMS, name="k", algorithm=algorithm)
    others = [name for name in ALL if name != algorithm]

    assert ask(served(scheme(algorithms=[algorithm]), keys=keys), token).status == 200
    assert ask(served(scheme(algorithms=ALL), keys=keys), token).status == 200
    assert answer(ask(served(scheme(algorithms=others), keys=keys), token)) == UNAUTHORIZED


def test_keys_are_where_the_issuer_says():
    keys = KeysForTests({ISSUER: key_set("one")})

    assert ask(served(scheme(), keys=keys), minted(CLAIMS)).status == 200
    assert [(wanted.kind, wanted.issuer) for wanted in keys.wanted] == [("discovery", ISSUER)]


@pytest.mark.parametrize(
    "pool",
    [
        UserPool(ISSUER, jwks_file="keys.json"),
        UserPool("anything", issuer=ISSUER, jwks_file="keys.json"),
    ],
)
def test_keys_may_be_in_a_file(pool):
    keys = KeysForTests({"keys.json": key_set("one")})

    assert ask(served(scheme(), keys=keys, user_pools=(pool,)), minted(CLAIMS)).status == 200


def test_a_user_pool_may_be_a_trusted_issuer_and_is_configured_by_its_id():
    issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x"
    keys = KeysForTests({"keys.json": key_set("one")})
    pools = (UserPool("eu-west-1_x", jwks_file="keys.json"),)
    api = served(scheme(trusted(issuer)), keys=keys, user_pools=pools)

    assert ask(api, minted({**CLAIMS, "iss": issuer})).status == 200


def test_each_issuer_has_its_own_keys_and_audiences():
    api = served(scheme(trusted(), trusted(OTHER, ["other"])))
    theirs = {**CLAIMS, "iss": OTHER, "aud": "other"}

    assert ask(api, minted(CLAIMS)).status == 200
    assert ask(api, minted(theirs, name="two")).status == 200
    assert answer(ask(api, minted(theirs))) == UNAUTHORIZED
    assert answer(ask(api, minted({**theirs, "aud": "shop"}, name="two"))) == UNAUTHORIZED
    assert answer(ask(api, minted({**CLAIMS, "iss": ISSUER[:-1]}))) == UNAUTHORIZED


@pytest.mark.parametrize(
    ("audience", "client", "status"),
    [
        ("shop", None, 200),
        (["x", "shop"], None, 200),
        (["x", 7], None, 401),
        ([], None, 401),
        (["x"], "shop", 401),
        (7, "shop", 401),
        (None, "shop", 401),
        (..., "shop", 200),
        (..., "x", 401),
        (..., None, 401),
    ],
)
def test_the_audience_counts_and_where_there_is_none_the_client(audience, client, status):
    claims = {**CLAIMS, "aud": audience, "client_id": client}
    if audience is ...:
        del claims["aud"]

    assert ask(served(scheme()), minted(claims)).status == status


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"scope": "read write"}, 200),
        ({"scope": "write"}, 401),
        ({"scp": "read"}, 200),
        ({"scp": ["x", "read"]}, 200),
        ({"scp": ["x"]}, 401),
        ({"scope": "x", "scp": "read"}, 401),
        ({}, 401),
    ],
)
def test_any_one_scope_of_the_method_is_wanted(claims, status):
    api = served(scheme(), scopes=["read", "all"])

    assert ask(api, minted({**CLAIMS, **claims})).status == status


@pytest.mark.parametrize(
    ("rule", "claims", "status"),
    [
        ({}, {}, 200),
        ({}, {"tenant": "any"}, 200),
        ({}, {"tenant": 7}, 401),
        ({}, {"tenant": ["a"]}, 401),
        ({"required": True}, {}, 401),
        ({"required": True}, {"tenant": "any"}, 200),
        ({"expectedValues": ["a"]}, {}, 200),
        ({"expectedValues": ["a"]}, {"tenant": "a"}, 200),
        ({"expectedValues": ["a"]}, {"tenant": "A"}, 401),
        ({"required": True, "expectedValues": ["a"]}, {"tenant": None}, 401),
    ],
)
def test_additional_claims_are_asked_for(rule, claims, status):
    additional = {"claimName": "tenant", "format": "SINGLE_STRING", **rule}
    api = served(scheme(trusted(ISSUER, ["shop"], additional)))

    assert ask(api, minted({**CLAIMS, **claims})).status == status


def test_without_keys_the_terminal_says_how_to_configure_them():
    response = ask(served(scheme(), keys=KeysForTests()), minted(CLAIMS))

    assert answer(response) == BROKEN
    assert f'"user_pools": {{"{ISSUER}": {{"jwks_file"' in response.reason


def test_an_expired_token_is_told_so():
    response = ask(served(scheme(), keys=KeysForTests()), minted({**CLAIMS, "exp": NOW}))

    assert answer(response) == EXPIRED


def test_the_token_is_in_the_header_that_is_named():
    api = served(scheme(identitySource="method.request.header.X-Token"))

    assert api(headers=[("x-token", minted(CLAIMS))]).status == 200
    assert answer(ask(api, minted(CLAIMS))) == UNAUTHORIZED


# --- definitions that cannot be served ---------------------------------------------------------


def configuration(**fields):
    auth = scheme()
    auth["x-amazon-apigateway-authorizer"]["jwtConfiguration"].update(fields)
    return auth


def cognito(**fields):
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authorizer": {"type": "COGNITO_USER_POOLS", **fields},
    }


@pytest.mark.parametrize(
    ("auth", "codes"),
    [
        (configuration(issuers=None), ["authorizer-issuers"]),
        (configuration(issuers=[]), ["authorizer-issuers"]),
        (configuration(issuers=[trusted(), trusted()]), ["authorizer-issuers"]),
        (configuration(issuers=[trusted("http://id.example")]), ["authorizer-issuer-url"]),
        (configuration(issuers=[trusted("id.example")]), ["authorizer-issuer-url"]),
        (configuration(issuers=[trusted("https://")]), ["authorizer-issuer-url"]),
        (configuration(issuers=[trusted("https://a@id.example")]), ["authorizer-issuer-url"]),
        (configuration(issuers=[trusted("https://id.example?a")]), ["authorizer-issuer-url"]),
        (configuration(issuers=[trusted("https://[x")]), ["authorizer-issuer-url"]),
        (configuration(issuers=[{"audiences": ["a"]}]), ["authorizer-issuer-url"]),
        (configuration(issuers=[trusted(ISSUER, [])]), ["authorizer-audiences"]),
        (configuration(defaultAlgorithms=[]), ["authorizer-algorithms"]),
        (configuration(defaultAlgorithms=["HS256"]), ["definition-value"]),
        (configuration(defaultAlgorithms=["none"]), ["definition-value"]),
        (
            configuration(issuers=[trusted(ISSUER, ["a"], {"claimName": "aud"})]),
            ["authorizer-claim"],
        ),
        (
            configuration(issuers=[trusted(ISSUER, ["a"], {"format": "LIST"})]),
            ["authorizer-claim", "definition-value"],
        ),
        (scheme(identitySource="method.request.querystring.t"), ["authorizer-source"]),
        (
            scheme(identitySource="method.request.header.A,method.request.header.B"),
            ["authorizer-source"],
        ),
        (cognito(), ["authorizer-provider-arns"]),
        (cognito(providerARNs=["a"], identityValidationExpression="("), ["definition-pattern"]),
    ],
)
def test_what_api_gateway_would_not_import_is_refused(auth, codes):
    with pytest.raises(InvalidDefinition) as caught:
        served(auth)

    assert [problem.code for problem in caught.value.problems] == codes
    assert all("#/components/securitySchemes/auth" in item.where for item in caught.value.problems)


# --- beside a reference library ----------------------------------------------------------------

KEYS = {
    "one": ("RS256", "one"),
    "two": ("RS256", "two"),
    "ec": ("ES256", "ec"),
    "big": ("ES512", "big"),
}
PUBLISHED = key_set(
    public_jwk("one", alg="RS256"), public_jwk("ec", "ES256"), public_jwk("big", "ES512")
)


def generated(rng, now):
    """Return a token: mostly good, with some thing or other changed."""
    name = rng.choice(["one"] * 6 + ["ec", "ec", "ec", "big", "big", "two"])
    algorithm = KEYS[name][0]
    claims = {
        "sub": rng.choice(["u1", "ü", "", "x" * 500]),
        "iss": rng.choice([ISSUER] * 30 + [OTHER, "", ISSUER[:-1]]),
        "aud": rng.choice(["shop"] * 30 + [["x", "shop"], ["shop"], "x", [], ["x", "y"], "shop "]),
        "exp": now + rng.choice([600, 86_400] * 12 + [-60, -600]),
        "iat": now + rng.choice([0, -600] * 12 + [300]),
        "nbf": now + rng.choice([0, -600] * 12 + [300]),
    }
    for field in ("exp", "iat", "nbf", "iss", "aud"):
        if rng.random() < 0.03:
            del claims[field]
    headers = {}
    if rng.random() < 0.05:
        headers = rng.choice(
            [
                {"crit": ["exp"]},
                {"kid": "nobody"},
                {"alg": "none"},
                {"alg": "HS256"},
                {"alg": "RS384"},
                {"alg": "ES256" if algorithm != "ES256" else "ES384"},
                {"typ": "JWT", "jku": "https://evil.example"},
                {"kid": None},
            ]
        )
    signer = rng.choice([name] * 12 + ["one", "two"])
    if KEYS[signer][0] != algorithm:
        signer = name
    token = minted(
        claims,
        name=name,
        algorithm=algorithm,
        headers={"alg": algorithm, **headers} if "alg" not in headers else {},
        key=private_key(signer, algorithm),
    )
    if "alg" in headers:
        parts = token.split(".")
        parts[0] = encoded({"kid": name, **headers})
        token = ".".join(parts)
    return damaged(token, rng) if rng.random() < 0.15 else token


def damaged(token, rng):
    """Return *token* with a part lost, exchanged, or one character changed."""
    parts = token.split(".")
    match rng.randrange(5):
        case 0:
            parts[rng.randrange(3)] = ""
        case 1:
            parts.pop()
        case 2:
            parts[1] = encoded({**CLAIMS, "sub": "admin"})
        case 3:
            parts[2] = parts[2][4:]
        case 4:
            part = rng.randrange(3)
            index = rng.randrange(len(parts[part]) - 2)
            other = rng.choice("ABCXYZ089_-")
            parts[part] = parts[part][:index] + other + parts[part][index + 1 :]
    return ".".join(parts)


def reference(token):
    """Tell whether PyJWT lets *token* in, by the clock of this machine."""
    algorithms = ["RS256", "ES256", "ES512"]
    try:
        header = jwt.get_unverified_header(token)
        key = jwt.PyJWKSet.from_json(PUBLISHED)[header["kid"]]
        jwt.decode(
            token,
            key,
            algorithms,
            audience=["shop"],
            issuer=ISSUER,
            options={"require": ["exp", "iss", "aud"]},
        )
    except (jwt.PyJWTError, KeyError):
        return False
    return True


@pytest.mark.parametrize("seed", range(4))
def test_tokens_are_decided_as_a_reference_library_decides(seed):
    rng = random.Random(seed)
    api = served(
        scheme(algorithms=["RS256", "ES256", "ES512"]), keys=KeysForTests({ISSUER: PUBLISHED})
    )
    api.clock.seconds = time.time()
    decided = {True: 0, False: 0}

    for _ in range(500):
        token = generated(rng, int(api.clock.seconds))
        expected = reference(token)

        response = ask(api, token)

        assert (response.status == 200) is expected, (token, response.reason)
        decided[expected] += 1
    assert min(decided.values()) > 100, decided
