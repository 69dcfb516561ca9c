"""Tokens against COGNITO_USER_POOLS authorizers: who is let in, and what everybody else is told."""

import json
import sys
import time

import jwt
import pytest
from tests.gateway.apis import STAGE, Served, document, echo, header, mock, proxy
from tests.tokens import (
    POOL,
    POOL_ARN,
    POOL_ISSUER,
    POOL_KEYS,
    KeysForTests,
    NeverInTime,
    encoded,
    key_set,
    minted,
    private_key,
    public_jwk,
)

from chalice.gateway import Gateway, HttpRequest, UserPool

PSEUDO_ARN = "arn:${AWS::Partition}:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/" + POOL

NOW = 1_783_711_144.5

UNAUTHORIZED = (401, b'{"message":"Unauthorized"}', "UnauthorizedException")
EXPIRED = (401, b'{"message":"The incoming token has expired"}', "UnauthorizedException")
BROKEN = (500, b'{"message":null}', "AuthorizerConfigurationException")

ID = {
    "sub": "58e18350",
    "iss": POOL_ISSUER,
    "aud": "client1",
    "token_use": "id",
    "auth_time": 1_783_711_000,
    "iat": 1_783_711_000,
    "exp": 1_783_714_600,
}
ACCESS = {
    "sub": "58e18350",
    "iss": POOL_ISSUER,
    "client_id": "client1",
    "token_use": "access",
    "scope": "shop/read shop/write",
    "iat": 1_783_711_000,
    "exp": 1_783_714_600,
}


def scheme(*arns, **authorizer):
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
            "type": "cognito_user_pools",
            "providerARNs": list(arns) or [POOL_ARN],
            **authorizer,
        },
    }


def guarded(*arns, keys=None, scopes=(), auth=None, stage=None, extensions=None, **authorizer):
    """Return an API whose method wants a token of a user pool."""
    operation = {**proxy(), "security": [{"auth": list(scopes)}]}
    definition = document(
        {"/x": {"get": operation}},
        schemes={"auth": auth or scheme(*arns, **authorizer)},
        **(extensions or {}),
    )
    source = KeysForTests({POOL_KEYS: key_set("one")}) if keys is None else keys
    return Served(definition, functions={"Fn": echo}, keys=source, **(stage or {}))


def bearer(token, prefix="Bearer "):
    return [("Authorization", f"{prefix}{token}")]


def answer(response):
    error = header(response, "x-amzn-ErrorType")
    return response.status, response.body, error[0] if error else None


# --- who is let in ---------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["Bearer ", ""], ids=["with a prefix", "raw"])
def test_an_id_token_of_the_pool_is_let_in(prefix):
    event = guarded().event(headers=bearer(minted(ID), prefix))

    assert event["requestContext"]["authorizer"]["claims"]["sub"] == "58e18350"
    assert event["requestContext"]["identity"]["user"] is None


@pytest.mark.parametrize("scopes", [["shop/read"], ["other", "shop/write"]])
def test_an_access_token_with_any_one_of_the_scopes_is_let_in(scopes):
    event = guarded(scopes=scopes).event(headers=bearer(minted(ACCESS)))

    assert event["requestContext"]["authorizer"]["claims"]["scope"] == "shop/read shop/write"


def test_claims_arrive_as_text():
    claims = {
        **ID,
        "email_verified": True,
        "phone_number_verified": False,
        "cognito:groups": ["admin", "staff"],
        "custom:level": 7,
        "custom:nothing": None,
        "nbf": 1_783_711_000.9,
        "identities": [{"userId": "1", "primary": "true", "issuer": None}],
        "é": "ü",
        "address": {"formatted": "a b"},
    }

    event = guarded().event(headers=bearer(minted(claims)))

    assert event["requestContext"]["authorizer"] == {
        "claims": {
            "sub": "58e18350",
            "iss": POOL_ISSUER,
            "aud": "client1",
            "token_use": "id",
            "auth_time": "1783711000",
            "iat": "Fri Jul 10 19:16:40 UTC 2026",
            "exp": "Fri Jul 10 20:16:40 UTC 2026",
            "email_verified": "true",
            "phone_number_verified": "false",
            "cognito:groups": "admin,staff",
            "custom:level": "7",
            "nbf": "Fri Jul 10 19:16:40 UTC 2026",
            "identities": '{"userId":"1","primary":"true","issuer":null}',
            "é": "ü",
            "address": '{"formatted":"a b"}',
        }
    }


def test_times_that_no_calendar_has_arrive_as_they_are():
    event = guarded().event(headers=bearer(minted({**ID, "exp": 10**30})))

    assert event["requestContext"]["authorizer"]["claims"]["exp"] == str(10**30)


def test_a_token_of_each_of_several_pools_is_let_in():
    other = POOL_ARN.replace(POOL, "us-east-1_other")
    issuer = POOL_ISSUER.replace(POOL, "us-east-1_other")
    places = {POOL_KEYS: key_set("one"), f"{issuer}/.well-known/jwks.json": key_set("two")}
    api = guarded(POOL_ARN, other, keys=KeysForTests(places))

    assert api(headers=bearer(minted(ID))).status == 200
    assert api(headers=bearer(minted({**ID, "iss": issuer}, name="two"))).status == 200
    # Each pool's keys are for its own tokens.
    assert answer(api(headers=bearer(minted({**ID, "iss": issuer})))) == UNAUTHORIZED
    assert answer(api(headers=bearer(minted(ID, name="two")))) == UNAUTHORIZED


@pytest.mark.parametrize(
    ("arn", "issuer"),
    [
        (
            {"Fn::Sub": POOL_ARN.replace("123456789012", "${AWS::AccountId}")},
            POOL_ISSUER,
        ),
        (
            {"Fn::Sub": [PSEUDO_ARN, {}]},
            POOL_ISSUER,
        ),
        (POOL_ARN.replace(POOL, "${stageVariables.pool}"), POOL_ISSUER),
        (
            f"arn:aws-cn:cognito-idp:cn-north-1:123456789012:userpool/cn-north-1_{POOL[-3:]}",
            f"https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_{POOL[-3:]}",
        ),
        (
            "arn:aws-us-gov:cognito-idp:us-gov-west-1:123456789012:userpool/us-gov-west-1_a",
            "https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_a",
        ),
    ],
    ids=["Fn::Sub", "Fn::Sub with a list", "stage variable", "China", "GovCloud"],
)  # fmt: skip
def test_the_issuer_follows_from_the_arn(arn, issuer):
    keys = KeysForTests({f"{issuer}/.well-known/jwks.json": key_set("one")})
    api = guarded(arn, keys=keys, stage={"variables": {"pool": POOL}})

    assert api(headers=bearer(minted({**ID, "iss": issuer}))).status == 200


def test_the_token_may_be_in_another_header():
    auth = {**scheme(), "name": "X-Token"}
    source = scheme(identitySource="method.request.header.X-Token")

    for api in (guarded(auth=auth), guarded(auth=source)):
        assert answer(api(headers=bearer(minted(ID)))) == UNAUTHORIZED
        assert api(headers=[("x-token", minted(ID))]).status == 200


# --- who is not, although there are no keys ----------------------------------------------------


def with_signature(token, signature):
    return f"{token.rpartition('.')[0]}.{signature}"


def hs256_by_public_key(public):
    """Return a token signed by HS256 with the public key as the shared secret."""
    head = f"{encoded({'alg': 'HS256', 'kid': 'one'})}.{encoded(ID)}"
    signature = jwt.get_algorithm_by_name("HS256")
    # PyJWT refuses to prepare such a secret; its hash does not.
    return f"{head}.{encoded(signature.sign(head.encode(), public))}"


def public_pem():
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = private_key("one").public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


GOOD = minted(ID)
HEAD, PAYLOAD, SIGNATURE = GOOD.split(".")

WITHOUT_KEYS = {
    "no token": None,
    "empty": "",
    "only the prefix": "Bearer ",
    "another scheme": "Basic dTpw",
    "prefix in lower case": f"bearer {GOOD}",
    "prefix twice": f"Bearer Bearer {GOOD}",
    "two spaces": f"Bearer  {GOOD}",
    "space at the end": f"{GOOD} ",
    "not a token": "abc",
    "dots": "..",
    "four parts": f"{GOOD}.x",
    "five parts, encrypted": "a.b.c.d.e",
    "two parts": f"{HEAD}.{PAYLOAD}",
    "empty signature is no canonical one": f"{HEAD}.{PAYLOAD}.=",
    "padded": f"{HEAD}.{PAYLOAD}.{SIGNATURE}==",
    "plus and slash": f"{HEAD}.{PAYLOAD}.++//",
    "spare bits in the signature": f"{GOOD[:-1]}{chr(ord(GOOD[-1]) + 1)}",
    "one character too many": f"{HEAD}.{PAYLOAD}.AAAAA",
    "unicode": "Bearer ünïcödé.ünïcödé.ünïcödé",
    "unicode digits": f"{HEAD}.{PAYLOAD}.\u0661\u0662\u0663\u0664",
    "surrogate": "Bearer \udcff.\udcff.\udcff",
    "header is no JSON": f"{encoded(b'{')}.{PAYLOAD}.{SIGNATURE}",
    "header is a list": f"{encoded([])}.{PAYLOAD}.{SIGNATURE}",
    "header is not UTF-8": f"{encoded(bytes([255]))}.{PAYLOAD}.{SIGNATURE}",
    "header is deep": f"{encoded(b'[' * 3000)}.{PAYLOAD}.{SIGNATURE}",
    "payload is no JSON": f"{HEAD}.{encoded(b'x')}.{SIGNATURE}",
    "payload is a text": f"{HEAD}.{encoded('x')}.{SIGNATURE}",
    "payload has NaN": ".".join([HEAD, encoded(b'{"exp": NaN}'), SIGNATURE]),
    "payload has endless digits": f"{HEAD}.{encoded(b'[' + b'1' * 5000 + b']')}.{SIGNATURE}",
    "alg none": f"{encoded({'alg': 'none', 'kid': 'one'})}.{PAYLOAD}.",
    "alg none with a signature": f"{encoded({'alg': 'none', 'kid': 'one'})}.{PAYLOAD}.{SIGNATURE}",
    "alg None": f"{encoded({'alg': 'None', 'kid': 'one'})}.{PAYLOAD}.",
    "no alg": f"{encoded({'kid': 'one'})}.{PAYLOAD}.{SIGNATURE}",
    "alg is a list": f"{encoded({'kid': 'one', 'alg': ['RS256']})}.{PAYLOAD}.{SIGNATURE}",
    "no kid": f"{encoded({'alg': 'RS256'})}.{PAYLOAD}.{SIGNATURE}",
    "kid is a number": f"{encoded({'alg': 'RS256', 'kid': 1})}.{PAYLOAD}.{SIGNATURE}",
    "crit": minted(ID, headers={"crit": ["exp"]}),
    "crit empty": minted(ID, headers={"crit": []}),
    "crit b64": minted(ID, headers={"crit": ["b64"], "b64": False}),
    "b64 without crit": minted(ID, headers={"b64": False}),
    "RS384": minted(ID, algorithm="RS384"),
    "ES256": minted(ID, algorithm="ES256"),
    "PS256": minted(ID, algorithm="PS256", key=private_key("one")),
    "HS256 by the public key": hs256_by_public_key(public_pem()),
    "HS256 by the modulus": hs256_by_public_key(public_jwk("one")["n"].encode()),
    "another issuer": minted({**ID, "iss": "https://evil.example"}),
    "another pool": minted({**ID, "iss": f"{POOL_ISSUER}x"}),
    "issuer with a slash": minted({**ID, "iss": f"{POOL_ISSUER}/"}),
    "issuer in upper case": minted({**ID, "iss": POOL_ISSUER.upper()}),
    "issuer is a list": minted({**ID, "iss": [POOL_ISSUER]}),
    "no issuer": minted({name: value for name, value in ID.items() if name != "iss"}),
    "no exp": minted({name: value for name, value in ID.items() if name != "exp"}),
    "exp is a text": minted({**ID, "exp": "9999999999"}),
    "exp is true": minted({**ID, "exp": True}),
    "exp is infinite": minted(json.dumps(ID).replace("1783714600", "1e999").encode()),
    "exp is beyond floats": minted({**ID, "exp": 10**400}),
    "not yet valid": minted({**ID, "nbf": NOW + 1}),
    "issued in the future": minted({**ID, "iat": NOW + 1}),
    "nbf is a text": minted({**ID, "nbf": "0"}),
    "an access token": minted(ACCESS),
    "no token_use": minted({**ID, "token_use": None}),
    "token_use in upper case": minted({**ID, "token_use": "ID"}),
    "token_use is a list": minted({**ID, "token_use": ["id"]}),
}  # fmt: skip


@pytest.mark.parametrize("name", WITHOUT_KEYS)
def test_what_shows_without_keys_is_refused_without_keys(name):
    keys = KeysForTests()
    api = guarded(keys=keys)
    credentials = WITHOUT_KEYS[name]

    response = api(headers=[] if credentials is None else [("Authorization", credentials)])

    assert answer(response) == UNAUTHORIZED
    assert response.reason.startswith("authorizer `auth` (COGNITO_USER_POOLS): ")
    assert keys.wanted == []
    assert not api.functions["Fn"].events


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        (ID, ["shop/read"]),
        ({**ID, "scope": "shop/read"}, ["shop/read"]),
        ({**ACCESS, "scope": "shop/rea"}, ["shop/read"]),
        ({**ACCESS, "scope": "SHOP/READ"}, ["shop/read"]),
        ({**ACCESS, "scope": ""}, ["shop/read"]),
        ({**ACCESS, "scope": None}, ["shop/read"]),
        ({**ACCESS, "scope": 7}, ["shop/read"]),
        ({**ACCESS, "scope": "shop/read,shop/write"}, ["shop/read"]),
    ],
)
def test_a_method_with_scopes_takes_access_tokens_that_have_one(claims, scopes):
    keys = KeysForTests()

    response = guarded(keys=keys, scopes=scopes)(headers=bearer(minted(claims)))

    assert answer(response) == UNAUTHORIZED
    assert keys.wanted == []


@pytest.mark.parametrize("seconds", [0, 1, 3600, NOW])
def test_an_expired_token_is_told_so_whoever_signed_it(seconds):
    keys = KeysForTests()

    response = guarded(keys=keys)(headers=bearer(minted({**ID, "exp": NOW - seconds}, name="x")))

    assert answer(response) == EXPIRED
    assert keys.wanted == []


def test_a_token_expires_on_the_second_although_its_key_is_known():
    api = guarded()
    headers = bearer(minted({**ID, "exp": NOW + 10}))

    answers = []
    for _ in range(3):
        answers.append(api(headers=headers).status)
        api.clock.advance(5)

    assert answers == [200, 200, 401]
    assert answer(api(headers=headers)) == EXPIRED


def test_a_token_becomes_valid_on_the_second():
    api = guarded()
    headers = bearer(minted({**ID, "nbf": NOW + 1, "iat": NOW + 1}))

    assert answer(api(headers=headers)) == UNAUTHORIZED
    api.clock.advance(1)
    assert api(headers=headers).status == 200


def test_a_clock_that_is_wrong_is_suspected():
    response = guarded()(headers=bearer(minted({**ID, "iat": NOW + 30})))

    assert "30 s in the future (`iat`); is the clock of this machine right?" in response.reason


@pytest.mark.parametrize(
    ("claims", "scopes", "status"),
    [
        (ID, [], 200),
        ({**ID, "aud": "client12"}, [], 401),
        ({**ID, "aud": ["client1"]}, [], 401),
        ({**ID, "aud": None}, [], 401),
        (ACCESS, ["shop/read"], 401),
        ({**ACCESS, "aud": "client1"}, ["shop/read"], 200),
    ],
)
def test_the_audience_has_to_match_the_expression_as_a_whole(claims, scopes, status):
    api = guarded(identityValidationExpression="client[0-9]", scopes=scopes)

    assert api(headers=bearer(minted(claims))).status == status


def test_an_audience_that_keeps_the_expression_busy_is_refused_and_holds_up_nobody():
    api = guarded(identityValidationExpression="(a|aa)+")

    response = api(headers=bearer(minted({**ID, "aud": "a" * 60 + "b"})))

    assert (response.status, response.body) == (500, b'{"message":null}')
    assert "`(a|aa)+` was not matched within 0.1 s" in response.reason


# --- who is not, by the keys -------------------------------------------------------------------


def tampered(token, part, index):
    """Return *token* with one character of a part replaced by another, in canonical form."""
    parts = token.split(".")
    text = parts[part]
    other = "A" if text[index] != "A" else "Q"
    parts[part] = text[:index] + other + text[index + 1 :]
    return ".".join(parts)


WITH_KEYS = {
    "a key of another pool under the same name": minted(ID, key=private_key("two")),
    "an unknown key": minted(ID, name="two"),
    "kid of nothing": minted(ID, headers={"kid": ""}),
    "no signature": with_signature(GOOD, ""),
    "a short signature": with_signature(GOOD, encoded(b"x" * 255)),
    "a long signature": with_signature(GOOD, encoded(b"x" * 257)),
    "a signature of zeros": with_signature(GOOD, encoded(bytes(256))),
    "another token's signature": with_signature(GOOD, minted({**ID, "sub": "x"}).split(".")[2]),
    "tampered payload": ".".join([HEAD, encoded({**ID, "sub": "admin"}), SIGNATURE]),
    "tampered signature": tampered(GOOD, 2, 0),
    "signature in the middle": tampered(GOOD, 2, 171),
    "tampered header": ".".join([encoded({"alg": "RS256", "kid": "one"}), PAYLOAD, SIGNATURE]),
    "jwk in the header": minted(
        ID, key=private_key("two"), headers={"jwk": public_jwk("two", kid="one")}
    ),
    "jku in the header": minted(
        ID, key=private_key("two"), headers={"jku": "https://evil.example/jwks.json"}
    ),
    "x5u in the header": minted(
        ID, key=private_key("two"), headers={"x5u": "https://evil.example/key.pem"}
    ),
    "x5c in the header": minted(ID, key=private_key("two"), headers={"x5c": ["AAAA"]}),
}  # fmt: skip


@pytest.mark.parametrize("name", WITH_KEYS)
def test_a_token_that_no_key_of_the_pool_has_signed_is_refused(name):
    keys = KeysForTests({POOL_KEYS: key_set("one")})
    api = guarded(keys=keys)

    response = api(headers=bearer(WITH_KEYS[name]))

    assert answer(response) == UNAUTHORIZED
    assert response.reason
    assert {wanted.place for wanted in keys.wanted} == {POOL_KEYS}
    assert not api.functions["Fn"].events


def test_what_a_header_says_of_keys_does_not_harm_a_good_token():
    headers = {"jwk": public_jwk("two"), "jku": "https://evil.example", "x5t": "x", "typ": "JWT"}
    keys = KeysForTests({POOL_KEYS: key_set("one")})

    assert guarded(keys=keys)(headers=bearer(minted(ID, headers=headers))).status == 200
    assert [wanted.place for wanted in keys.wanted] == [POOL_KEYS]


@pytest.mark.parametrize("part", [0, 1, 2])
def test_no_single_character_of_a_token_can_be_another(part):
    api = guarded()
    text = GOOD.split(".")[part]

    for index in range(len(text)):
        response = api(headers=bearer(tampered(GOOD, part, index)))

        assert response.status == 401, (part, index)


@pytest.mark.parametrize(
    "jwk",
    [
        public_jwk("one", use="enc"),
        public_jwk("one", alg="RS384"),
        public_jwk("one", key_ops=["encrypt"]),
        public_jwk("one", n=""),
        public_jwk("one", n="!!"),
        public_jwk("one", n=None),
        public_jwk("one", e="AQ"),
        public_jwk("one", e=7),
        public_jwk("one", e=None),
        public_jwk("one", n=encoded(b"\xff" * 3000)),
        public_jwk("one", kty="oct", k="AAAA"),
        public_jwk("one", kty="EC"),
        public_jwk("one", kty=["RSA"]),
        public_jwk("one", kid=1),
        public_jwk("one", kid=["one"]),
        public_jwk("small", bits=1024, kid="one"),
        public_jwk("two", kid="one"),
        public_jwk("one", "ES256"),
        "x",
        None,
        [],
    ],
)  # fmt: skip
def test_a_key_that_cannot_verify_lets_nobody_in(jwk):
    keys = KeysForTests({POOL_KEYS: json.dumps({"keys": [jwk]})})

    response = guarded(keys=keys)(headers=bearer(GOOD))

    assert answer(response) == UNAUTHORIZED


def test_a_small_key_is_refused_although_it_is_the_right_one():
    small = private_key("small", "RS256", 1024)
    keys = KeysForTests({POOL_KEYS: key_set(public_jwk("small", bits=1024, kid="one"))})

    response = guarded(keys=keys)(headers=bearer(minted(ID, key=small)))

    assert answer(response) == UNAUTHORIZED
    assert "2048" in response.reason


def test_keys_of_other_kinds_stand_beside_the_one_that_is_wanted():
    members = [
        7,
        {"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "one"},
        public_jwk("one", "ES256"),
        public_jwk("one", key_ops=["verify"], x5c=["AAAA"], use=None, alg=None),
    ]
    keys = KeysForTests({POOL_KEYS: json.dumps({"keys": members, "more": 1})})

    assert guarded(keys=keys)(headers=bearer(GOOD)).status == 200


# --- keys that cannot be had -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        (KeysForTests(reason="no route to host"), "no route to host"),
        (KeysForTests({POOL_KEYS: "<html>"}), "it is not JSON"),
        (KeysForTests({POOL_KEYS: "[" * 5000}), "it is not JSON"),
        (KeysForTests({POOL_KEYS: "[]"}), "it has no list `keys`"),
        (KeysForTests({POOL_KEYS: '{"keys": {}}'}), "it has no list `keys`"),
    ],
)
def test_without_keys_the_terminal_says_how_to_configure_them(keys, why):
    api = guarded(keys=keys)

    response = api(headers=bearer(GOOD))

    assert answer(response) == BROKEN
    assert why in response.reason
    assert f'"local": {{"user_pools": {{"{POOL}": {{"jwks_file": "FILE"}}}}}}' in response.reason
    assert not api.functions["Fn"].events


def test_without_a_source_there_are_no_keys():
    definition = document(
        {"/x": {"get": {**proxy(), "security": [{"auth": []}]}}}, schemes={"auth": scheme()}
    )
    gateway = Gateway(definition, STAGE, clock=lambda: NOW)

    response = gateway.answer(HttpRequest("GET", "/x", tuple(bearer(GOOD))))

    assert answer(response) == BROKEN
    assert f"{POOL_KEYS}: there is no source of keys" in response.reason


def test_a_source_that_does_not_answer_is_not_waited_for():
    keys = NeverInTime()
    api = guarded(keys=keys)

    response = api(headers=bearer(GOOD))

    assert answer(response) == BROKEN
    assert f"{POOL_KEYS}: no answer within 3 s" in response.reason
    assert keys.waited == [3.0]


def test_messages_name_the_configuration_that_is_read():
    api = guarded(keys=KeysForTests(), stage={"configured_in": "the file of `--config`"})

    unavailable = api(headers=bearer(GOOD)).reason
    untrusted = api(headers=bearer(minted({**ID, "iss": "https://other.example"}))).reason

    assert "say where they are in the file of `--config`: " in unavailable
    assert untrusted.endswith(
        f"the token's issuer `https://other.example` is not trusted; trusted: `{POOL_ISSUER}`; for"
        f" another one set `local.user_pools.{POOL}.issuer` in the file of `--config`"
    )


def test_keys_that_change_are_looked_for_once_more():
    texts = [key_set("one"), key_set("one", "two")]
    keys = KeysForTests({POOL_KEYS: lambda wanted: texts[wanted.beyond is not None]})
    api = guarded(keys=keys)

    assert api(headers=bearer(GOOD)).status == 200
    assert len(keys.wanted) == 1
    assert api(headers=bearer(minted(ID, name="two"))).status == 200
    assert [wanted.beyond for wanted in keys.wanted[1:]] == [None, texts[0]]


def test_a_key_that_is_withdrawn_is_no_longer_trusted():
    keys = KeysForTests({POOL_KEYS: key_set("one")})
    api = guarded(keys=keys)
    assert api(headers=bearer(GOOD)).status == 200

    keys.places[POOL_KEYS] = key_set("two")

    assert answer(api(headers=bearer(GOOD))) == UNAUTHORIZED


@pytest.mark.parametrize("again", [None, "x"], ids=["unreachable", "nonsense"])
def test_an_unknown_key_is_refused_where_new_keys_cannot_be_had(again):
    keys = KeysForTests({POOL_KEYS: lambda wanted: again if wanted.beyond else key_set("one")})

    response = guarded(keys=keys)(headers=bearer(minted(ID, name="two")))

    assert answer(response) == UNAUTHORIZED
    assert "the issuer has no key `two` for RS256, and new ones cannot be had" in response.reason


@pytest.mark.parametrize(
    "arn", ["arn", POOL_ARN.replace("cognito-idp", "iam"), {"Fn::GetAtt": ["Pool", "Arn"]}]
)
def test_a_pool_that_nobody_can_name_lets_nobody_in(arn):
    api = guarded(arn)

    assert answer(api()) == UNAUTHORIZED
    response = api(headers=bearer(GOOD))
    assert answer(response) == BROKEN
    assert "is not the ARN of a user pool" in response.reason


def test_the_known_pool_beside_an_unknown_one_lets_its_tokens_in():
    api = guarded("arn", POOL_ARN)

    assert api(headers=bearer(GOOD)).status == 200
    assert answer(api(headers=bearer(minted({**ID, "iss": "https://other"})))) == BROKEN


# --- what is configured on this machine --------------------------------------------------------


def configured(**fields):
    return {"user_pools": (UserPool(POOL, **fields), UserPool("us-east-1_other"))}


def test_keys_may_be_in_a_file():
    keys = KeysForTests({"keys.json": key_set("one")})
    stage = configured(jwks_file="keys.json", jwks_url="http://localhost/x")

    assert guarded(keys=keys, stage=stage)(headers=bearer(GOOD)).status == 200
    assert [(wanted.kind, wanted.place) for wanted in keys.wanted] == [("file", "keys.json")]


def test_keys_may_be_at_another_url():
    keys = KeysForTests({"http://localhost:9229/keys": key_set("one")})
    stage = configured(jwks_url="http://localhost:9229/keys")

    assert guarded(keys=keys, stage=stage)(headers=bearer(GOOD)).status == 200
    assert [wanted.kind for wanted in keys.wanted] == ["url"]


def test_a_local_pool_may_have_another_name():
    issuer = f"http://localhost:9229/{POOL}"
    keys = KeysForTests({f"{issuer}/.well-known/jwks.json": key_set("one")})
    api = guarded(keys=keys, stage=configured(issuer=issuer))

    assert api(headers=bearer(minted({**ID, "iss": issuer}))).status == 200
    assert answer(api(headers=bearer(GOOD))) == UNAUTHORIZED


@pytest.mark.parametrize(
    ("claims", "scopes", "status"),
    [
        (ID, [], 200),
        ({**ID, "aud": "client2"}, [], 200),
        ({**ID, "aud": "client3"}, [], 401),
        ({**ID, "aud": ["client1"]}, [], 401),
        ({**ID, "aud": None, "client_id": "client1"}, [], 401),
        (ACCESS, ["shop/read"], 200),
        ({**ACCESS, "client_id": "client3", "aud": "client1"}, ["shop/read"], 401),
    ],
)
def test_only_tokens_of_known_clients_are_let_in_where_they_are_configured(claims, scopes, status):
    api = guarded(scopes=scopes, stage=configured(client_ids=("client1", "client2")))

    assert api(headers=bearer(minted(claims))).status == status


# --- beside other rules ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effect", "ip", "status"),
    [("Allow", "203.0.113.9", 200), ("Allow", "198.51.100.7", 403), ("Deny", "203.0.113.9", 403)],
)
def test_the_resource_policy_is_asked_about_a_good_token_and_has_to_allow(effect, ip, status):
    policy = {
        "Statement": [
            {
                "Effect": effect,
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "execute-api:/*",
                "Condition": {"IpAddress": {"aws:SourceIp": ip}},
            }
        ]
    }
    api = guarded(extensions={"policy": policy})

    assert api(headers=bearer(GOOD)).status == status
    assert answer(api()) == UNAUTHORIZED


def test_a_gateway_response_may_change_both_answers():
    response = {
        "UNAUTHORIZED": {
            "statusCode": 403,
            "responseTemplates": {"application/json": '{"why":$context.error.messageString}'},
        }
    }
    api = guarded(extensions={"gateway_responses": response})

    assert api().body == b'{"why":"Unauthorized"}'
    expired = api(headers=bearer(minted({**ID, "exp": NOW})))
    assert (expired.status, expired.body) == (403, b'{"why":"The incoming token has expired"}')


def test_a_huge_token_is_refused_for_its_size():
    token = minted({**ID, "more": "x" * 20_000})

    assert guarded()(headers=bearer(token)).status == 431


@pytest.mark.skipif("coverage" in sys.modules, reason="coverage costs more than what is measured")
def test_a_warm_decision_costs_well_under_a_third_of_a_millisecond():
    api = guarded()
    open_api = Served(document({"/x": {"get": proxy()}}))
    request = HttpRequest("GET", "/x", tuple(bearer(GOOD)))

    def fastest(gateway):
        best = 1.0
        for _ in range(300):
            began = time.perf_counter()
            assert gateway.answer(request).status == 200
            best = min(best, time.perf_counter() - began)
        return best

    assert fastest(api.gateway) - fastest(open_api.gateway) < 0.000_3


def test_claims_can_be_named_by_a_mock():
    answers = {
        "default": {
            "responseParameters": {"method.response.header.X-Who": "context.authorizer.claims.sub"},
            "responseTemplates": {"text/plain": "$context.authorizer.claims.aud"},
        }
    }
    operation = {**mock(responses=answers), "security": [{"auth": []}]}
    definition = document({"/x": {"get": operation}}, schemes={"auth": scheme()})
    served = Served(definition, keys=KeysForTests({POOL_KEYS: key_set("one")}))

    response = served(headers=bearer(minted(ID)))

    assert response.body == b"client1"
    assert header(response, "X-Who") == ["58e18350"]
