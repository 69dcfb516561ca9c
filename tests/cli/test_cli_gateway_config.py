"""`chalice gateway --config FILE --stage-variable NAME=VALUE`: who is let in, and what is told."""

import json
import time

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.server.serving import Program
from tests.tokens import POOL, POOL_ARN, POOL_ISSUER, key_set, minted

FUNCTIONS = """
import json

def show(event, context):
    shown = {
        "who": event["requestContext"]["identity"].get("userArn"),
        "claims": (event["requestContext"].get("authorizer") or {}).get("claims", {}).get("sub"),
        "variables": event["stageVariables"],
        "account": event["requestContext"]["accountId"],
    }
    return {"statusCode": 200, "body": json.dumps(shown)}
"""

SHOW = "arn:aws:lambda:eu-west-1:111122223333:function:show"
INTEGRATION = {
    "type": "aws_proxy",
    "httpMethod": "POST",
    "uri": f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{SHOW}/invocations",
}


def scheme(authtype, authorizer=None):
    written = {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": authtype,
    }
    return {**written, "x-amazon-apigateway-authorizer": authorizer} if authorizer else written


def method(*schemes):
    security = [{name: [] for name in schemes}] if schemes else []
    return {"get": {"security": security, "x-amazon-apigateway-integration": INTEGRATION}}


DEFINITION = {
    "openapi": "3.0.1",
    "info": {"title": "shop", "version": "1.0"},
    "components": {
        "securitySchemes": {
            "signed": scheme("awsSigv4"),
            "pool": scheme(
                "cognito_user_pools", {"type": "cognito_user_pools", "providerARNs": [POOL_ARN]}
            ),
            "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
        }
    },
    "paths": {
        "/open": method(),
        "/signed": method("signed"),
        "/pool": method("pool"),
        "/keyed": method("key"),
    },
}

KEY, OTHER_KEY, OF_PROD = "a" * 20, "b" * 20, "c" * 20
POLICY = {"Statement": {"Effect": "Allow", "Action": "execute-api:*", "Resource": "*"}}
ANN = {
    "access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "arn": "arn:aws:iam::111122223333:user/ann",
    "policy_files": ["ann.json"],
}
LOCAL = {
    "api_keys": [KEY],
    "credentials": [ANN],
    "user_pools": {POOL: {"jwks_file": "keys.json"}},
    "allow_hosts": ["shop.example"],
}
CONFIG = {
    "region": "eu-west-1",
    "account_id": "111122223333",
    "local": LOCAL,
    "stages": {"prod": {"local": {**LOCAL, "api_keys": [OF_PROD]}}},
}
COMMAND = ("gateway", "api.json", "--function", "show=functions:show")


@pytest.fixture
def directory(tmp_path):
    folder = tmp_path / "api"
    (folder / "here").mkdir(parents=True)
    (folder / "api.json").write_text(json.dumps(DEFINITION))
    (folder / "functions.py").write_text(FUNCTIONS)
    (folder / "here" / "local.json").write_text(json.dumps(CONFIG))
    (folder / "here" / "ann.json").write_text(json.dumps(POLICY))
    (folder / "here" / "keys.json").write_text(key_set("one"))
    return folder


def signed(url):
    keys = Credentials(ANN["access_key_id"], ANN["secret_access_key"])
    request = AWSRequest(method="GET", url=url)
    SigV4Auth(keys, "execute-api", "eu-west-1").add_auth(request)
    return list(request.headers.items())


def token():
    now = int(time.time())
    claims = {"iss": POOL_ISSUER, "sub": "bob", "aud": "client", "token_use": "id"}
    return minted({**claims, "iat": now, "exp": now + 600})


def test_a_configuration_and_variables_hold_for_a_definition(directory):
    options = ("--config", "here/local.json", "--stage-variable", "color=blue/1")

    with Program(directory, *options, command=COMMAND) as program, program.client() as client:
        answers = [
            client.get("/signed", signed(f"{program.url}signed")),
            client.get("/signed"),
            client.get("/pool", [("Authorization", token())]),
            client.get("/pool", [("Authorization", token()[:-4])]),
            client.get("/keyed", [("x-api-key", KEY)]),
            client.get("/keyed", [("x-api-key", OTHER_KEY)]),
        ]
        told = program.said()

    assert [answer.status for answer in answers] == [200, 403, 200, 401, 200, 403]
    shown = json.loads(answers[0].body)
    assert shown == {
        "who": ANN["arn"],
        "claims": None,
        "variables": {"color": "blue/1"},
        "account": "111122223333",
    }
    assert json.loads(answers[2].body)["claims"] == "bob"
    assert ANN["secret_access_key"] not in told
    assert "API key" not in told


def test_the_configuration_is_that_of_the_stage(directory):
    options = ("--config", "here/local.json", "--stage", "prod", "--api-key", OTHER_KEY)

    with Program(directory, *options, command=COMMAND) as program, program.client() as client:
        keys = (KEY, OTHER_KEY, OF_PROD)
        statuses = [client.get("/prod/keyed", [("x-api-key", key)]).status for key in keys]

    assert statuses == [403, 200, 200]


def test_authorizers_of_an_application_mean_nothing_and_that_is_said(directory):
    config = {"local": {**LOCAL, "authorizers": {"door": "show"}}}
    (directory / "here" / "local.json").write_text(json.dumps(config))

    with Program(directory, "--config", "here/local.json", command=COMMAND) as program:
        said = program.said()

    assert "here/local.json: warning: `local.authorizers` means nothing here" in said


def test_mistakes_of_a_configuration_are_told_with_their_places(chalice, directory):
    config = {"local": {"credentials": [ANN], "api_key": [KEY]}, "regoin": "x"}
    (directory / "here" / "local.json").write_text(json.dumps(config, indent=1))
    (directory / "here" / "ann.json").unlink()

    code, out, err = chalice(
        "--project-dir", str(directory), *COMMAND, "--config", "here/local.json"
    )

    assert (code, out) == (1, "")
    assert "here/local.json:13: `local` has no key `api_key` [config-key-unknown]" in err
    assert "here/local.json:17: " in err
    assert "there is no policy in `here/ann.json` [config-file-missing]" in err
    assert "Error: 3 problems" in err


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (("--stage-variable", "color"), 2, "`color` is no stage variable; write NAME=VALUE"),
        (("--stage-variable", "a-b=c"), 2, "`a-b=c` is no stage variable"),
        (("--stage-variable", "a=b c"), 2, "`a=b c` is no stage variable"),
        (("--stage-variable", "a=b", "--stage-variable", "a=c"), 2, "`a` is given twice"),
        (("--api-key", "short"), 2, "`--api-key` is no API key; write an API key of 20 to 128"),
        (("--api-key", KEY, "--api-key", "k"), 2, "`--api-key` number 2 is no API key"),
        (("--config", "api.yaml"), 1, "`api.yaml` is YAML; `--config` names a file in JSON"),
        (("--config", "nothing.json"), 2, "nothing.json' does not exist"),
    ],
)
def test_what_is_no_variable_no_key_and_no_file_is_refused(chalice, directory, options, code, text):
    (directory / "api.yaml").write_text("openapi: 3.0.1")

    found, _, err = chalice("--project-dir", str(directory), *COMMAND, *options)

    assert found == code
    assert text in err
