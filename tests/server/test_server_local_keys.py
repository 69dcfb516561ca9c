"""Usage plans and stand-ins of the configuration, over the socket and from a worker."""

import pytest
from tests.projects import application, write_project
from tests.server.serving import Program

KEY = "k" * 20
APP = application(
    """
    theirs = CustomAuthorizer("theirs", authorizer_uri=(
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        "arn:aws:lambda:us-east-1:123456789012:function:theirs/invocations"
    ))

    @app.route("/key", api_key_required=True)
    def key():
        return {}

    @app.route("/theirs", authorizer=theirs)
    def behind():
        return app.current_request.context["authorizer"]["principalId"]
    """
)
ELSEWHERE = """
def check(event, context):
    allow = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
    return {"principalId": event["authorizationToken"], "policyDocument": {"Statement": [allow]}}
"""
CONFIG = {
    "local": {
        "usage_plans": {"p": {"api_keys": [KEY], "quota": {"limit": 1, "period": "MONTH"}}},
        "authorizers": {"theirs": "elsewhere:check"},
    }
}
MODES = pytest.mark.parametrize("options", [(), ("--no-autoreload",)], ids=["reload", "single"])


@MODES
def test_plans_and_stand_ins_hold(tmp_path, options):
    directory = write_project(tmp_path / "demo", APP, CONFIG, {"elsewhere.py": ELSEWHERE})

    with Program(directory, *options) as program, program.client() as client:
        first = client.get("/key", [("x-api-key", KEY)])
        second = client.get("/key", [("x-api-key", KEY)])
        theirs = client.get("/theirs", [("Authorization", "tok")])
        nobody = client.get("/theirs")

    assert first.status == 200
    assert (second.status, second.body) == (429, b'{"message":"Limit Exceeded"}')
    assert second.header("x-amzn-ErrorType") == "LimitExceededException"
    assert (theirs.status, theirs.body) == (200, b"tok")
    assert nobody.status == 401


def test_a_stand_in_that_cannot_be_loaded_keeps_the_server_from_starting(tmp_path):
    directory = write_project(tmp_path / "demo", APP, CONFIG)

    with Program(directory) as program:
        code = program.wait()
        said = program.said()

    assert code == 1
    assert said.startswith(".chalice/config.json:1: `local.authorizers.theirs` names")
    assert "[config-authorizer-load]" in said
