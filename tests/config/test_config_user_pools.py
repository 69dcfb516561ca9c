"""Issuers of tokens in `local`: what is wrong between them, with their files and the model."""

import json

import pytest

from chalice.config import Config, check, user_pools
from chalice.config.check import Effective
from chalice.config.reader import read
from chalice.model.declared import CognitoAuthorizer, Place

POOL, OTHER = "us-east-1_abc", "eu-west-1_def"
KEYS = json.dumps({"keys": [{"kid": "one", "kty": "RSA"}]})


def effective(pools):
    text = "{\n" + f'"local": {{"user_pools": {json.dumps(pools)}}}' + "\n}"
    document = read(text.encode(), ".chalice/config.json")
    return Effective(Config("dev", config_from_disk=document.plain()), document)


def told(problems):
    return [(item.code, item.severity, item.where, item.summary) for item in problems]


def test_a_file_of_keys_goes_before_a_url():
    pools = {POOL: {"jwks_file": "keys.json", "jwks_url": "https://id.example/keys"}}

    assert told(user_pools.between(effective(pools))) == [
        (
            "config-user-pool-keys",
            "warning",
            ".chalice/config.json:2",
            f"`local.user_pools.{POOL}` has a `jwks_file` and a `jwks_url`: the file is read",
        )
    ]


@pytest.mark.parametrize(
    ("first", "second", "issuer"),
    [
        (
            {"issuer": "https://id.example"},
            (OTHER, {"issuer": "https://id.example"}),
            "https://id.example",
        ),
        ({"issuer": "https://id.example"}, ("https://id.example", {}), "https://id.example"),
        (
            {},
            (OTHER, {"issuer": f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}"}),
            f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}",
        ),
    ],
)
def test_each_pool_has_an_issuer_of_its_own(first, second, issuer):
    found = effective({POOL: first, second[0]: second[1]})

    assert told(check.rules(found.document, found.config)) == [
        (
            "config-user-pool-issuer",
            "error",
            ".chalice/config.json:2",
            (
                f"`local.user_pools.{second[0]}` has the issuer of `local.user_pools.{POOL}`,"
                f" `{issuer}`"
            ),
        )
    ]


def test_pools_that_say_nothing_have_issuers_of_their_own():
    pools = {POOL: {}, OTHER: {}, "cn-north-1_x": {}, "https://id.example": {}}

    assert told(user_pools.between(effective(pools))) == []


@pytest.mark.parametrize(
    ("content", "code", "where", "summary"),
    [
        (
            None,
            "config-file-missing",
            ".chalice/config.json:2",
            f"`local.user_pools.{POOL}` names `.chalice/keys.json`, which cannot be read: gone",
        ),
        (
            b"<html>",
            "config-file-keys",
            ".chalice/keys.json",
            "`.chalice/keys.json` is no key set: it is not JSON",
        ),
        (
            b"{}",
            "config-file-keys",
            ".chalice/keys.json",
            "`.chalice/keys.json` is no key set: it has no list `keys`",
        ),
        (
            b"\xff",
            "config-file-keys",
            ".chalice/keys.json",
            "`.chalice/keys.json` is no key set: it is not UTF-8",
        ),
        (
            b'{"keys": [{"kty": "oct", "k": "x", "kid": "a"}, {"kty": "RSA"}, 7]}',
            "config-file-keys",
            ".chalice/keys.json",
            "`.chalice/keys.json` has no RSA or EC key with a `kid`",
        ),
    ],
)
def test_a_file_without_keys_is_told(content, code, where, summary):
    def content_of(name):
        assert name == "keys.json"
        if content is None:
            raise FileNotFoundError(2, "gone")
        return content

    found = user_pools.key_files(effective({POOL: {"jwks_file": "keys.json"}}), content_of)

    assert told(found) == [(code, "warning", where, summary)]


def test_a_file_with_keys_is_fine():
    pools = {POOL: {"jwks_file": "keys.json"}, OTHER: {"jwks_url": "https://id.example/keys"}}

    assert told(user_pools.key_files(effective(pools), lambda _: KEYS.encode())) == []


class Model:
    """As much of a model as is looked at."""

    def __init__(self, *arns):
        self.authorizers = [CognitoAuthorizer("pool", "Authorization", arns, Place("app.py", 1))]


def arn(pool):
    return f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool}"


def test_a_pool_that_no_authorizer_names_is_told():
    found = effective({POOL: {}, OTHER: {}})

    assert told(user_pools.unused(found, Model(arn(POOL)))) == [
        (
            "config-user-pool-unused",
            "warning",
            ".chalice/config.json:2",
            f"`local.user_pools.{OTHER}` is of no authorizer of the application",
        )
    ]


def test_nothing_is_said_where_the_deployment_fills_a_pool_in():
    assert told(user_pools.unused(effective({POOL: {}}), Model("${PoolArn}"))) == []
