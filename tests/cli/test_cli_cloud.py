"""Commands that call AWS, where things are not as they should be; by the variables of AWS."""

import json
import os
import signal

import pytest
from tests import faulty, sandboxes

RECORD = {
    "resources": [
        {"resource_type": "rest_api", "rest_api_url": "https://a1.execute-api.x.amazonaws.com/api/"}
    ]
}


@pytest.fixture
def at(monkeypatch, tmp_path):
    """Return a function that has commands call the AWS at a URL, as somebody."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("CHALICE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("AWS_PROFILE", raising=False)

    def set_variables(url):
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
        monkeypatch.setenv("AWS_REGION", "eu-west-3")

    return set_variables


APP = """
    from chalice import Chalice

    app = Chalice(app_name="old")

    @app.route("/")
    def index():
        return {}
"""


def test_what_aws_chalice_has_deployed_is_said_by_all_that_find_no_stack(
    chalice, project, at, aws_url, tmp_path
):
    project(APP, '{"version": "2.0", "app_name": "older"}')
    (tmp_path / ".chalice" / "deployed").mkdir()
    (tmp_path / ".chalice" / "deployed" / "dev.json").write_text(json.dumps(RECORD))
    at(aws_url)
    said = "AWS Chalice has deployed the stage (`.chalice/deployed/dev.json`: rest api `https://a1."

    for command in ("url", "logs", "status", "delete", "plan"):
        _, _, err = chalice(command)
        assert said in err
    code, out, err = chalice("deploy")
    assert (code, out) == (1, "")
    assert "`chalice deploy --beside` makes the second one" in err


def test_an_application_with_problems_is_still_found_by_its_name(chalice, project, at, aws_url):
    project(APP.replace('"/"', '"/a/"') + "\n    print('imported')\n", '{"version": "2.0"}')
    at(aws_url)

    code, out, err = chalice("url", "--stage", "gone")

    assert (code, out) == (1, "")
    assert err.startswith("imported\n")
    assert "there is no stack `old-gone` in eu-west-3" in err


def test_a_stack_that_failed_at_first_has_no_url(chalice, project, at, aws_url, tmp_path):
    project(APP, '{"version": "2.0", "app_name": "failed"}')
    at(aws_url)
    # MiniStack finds out on the way that nothing exports it.
    group = {"LogGroupName": {"Fn::ImportValue": "nowhere"}}
    extras = {"Resources": {"Extra": {"Type": "AWS::Logs::LogGroup", "Properties": group}}}
    (tmp_path / "extras.json").write_text(json.dumps(extras))
    assert chalice("deploy", "--merge-template", "extras.json")[0] == 1

    code, out, err = chalice("url")

    assert (code, out) == (1, "")
    assert "has no API: it is in the state ROLLBACK_COMPLETE" in err


def test_what_a_failed_first_deploy_left_hides_nothing_that_aws_chalice_has_deployed(
    chalice, project, at, aws_url, tmp_path
):
    project(APP, '{"version": "2.0", "app_name": "failedbeside"}')
    at(aws_url)
    group = {"LogGroupName": {"Fn::ImportValue": "nowhere"}}
    extras = {"Resources": {"Extra": {"Type": "AWS::Logs::LogGroup", "Properties": group}}}
    (tmp_path / "extras.json").write_text(json.dumps(extras))
    assert chalice("deploy", "--merge-template", "extras.json")[0] == 1
    (tmp_path / ".chalice" / "deployed").mkdir()
    (tmp_path / ".chalice" / "deployed" / "dev.json").write_text(json.dumps(RECORD))

    plan = chalice("plan")
    code, out, err = chalice("deploy", "--yes")

    assert "Warning: AWS Chalice has deployed the stage" in plan[2]
    assert (code, out) == (1, "")
    assert "`chalice deploy --beside` makes the second one" in err


def test_credentials_that_expire_on_the_way_are_told_with_the_next_command(
    chalice, project, at, aws_url
):
    project(APP, '{"version": "2.0", "app_name": "expiring"}')
    with faulty.proxy(aws_url) as proxy:
        at(proxy.url)
        expired = faulty.error("ExpiredToken", "The security token is expired", 403)
        proxy.fault = lambda _number, name: expired if name == "DescribeStackEvents" else None
        code, out, err = chalice("deploy")
        proxy.fault = lambda _number, _name: None
        again, _, said = chalice("deploy")

    assert (code, out) == (1, "")
    assert "The AWS credentials have expired" in err
    assert "or set new ones, and run the command again" in err
    assert err.endswith("; the same command takes it up again\n")
    assert again == 0, said


@pytest.mark.parametrize("state", [None, "kept here"])
def test_a_sandbox_that_was_killed_says_what_is_lost_and_how_to_start_it_again(
    chalice, project, monkeypatch, sandbox_folder, tmp_path, state
):
    project("", '{"version": "2.0", "app_name": "a"}')
    for name, value in sandboxes.environment_of(tmp_path / "own").items():
        monkeypatch.setenv(name, value)
    options = ["--state", state] if state else []
    assert chalice("sandbox", "start", "--port", str(sandboxes.free_port()), *options)[0] == 0
    number = json.loads(chalice("sandbox", "status", "--json")[1])["pid"]
    os.kill(number, signal.SIGKILL)
    os.waitpid(number, 0)

    code, out, err = chalice("sandbox", "status")
    refused = chalice("url", "--sandbox")

    assert (code, out) == (1, "")
    assert err.startswith(f"The sandbox was killed (process {number}), and what was ")
    assert err.endswith("`chalice sandbox start`\n") is (state is None)
    assert (f"--state '{tmp_path / 'kept here'}'`" in err) is (state is not None)
    assert refused == (1, "", f"Error: {err}")
    assert chalice("sandbox", "stop")[2].startswith("The sandbox had been killed")


def test_keys_may_be_given_as_options_as_for_aws_chalice(chalice, project, at, aws_url, tmp_path):
    project(APP, '{"version": "2.0", "app_name": "given", "api_gateway_stage": "v1"}')
    at(aws_url)

    staged = chalice("plan", "--api-gateway-stage", "live", "--connection-timeout", "5")
    wrong = chalice("plan", "--api-gateway-stage", "li ve")
    missing = chalice("plan", "--no-autogen-policy")
    (tmp_path / ".chalice" / "policy-dev.json").write_text(
        '{"Version": "2012-10-17", "Statement": '
        '{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}}'
    )
    policy = chalice("deploy", "--no-autogen-policy", "--json")
    planned = chalice("deploy", "--plan", "x", "--autogen-policy")

    assert (staged[0], "API stage RestAPIliveStage" in staged[1]) == (0, True)
    assert wrong[0] == 2
    assert "write at most 128 letters" in wrong[2]
    assert "there is no policy in `.chalice/policy-dev.json`" in missing[2]
    assert policy[0] == 0, policy[2]
    roles = [item for item in json.loads(policy[1])["changes"] if item["kind"] == "role"]
    assert [item["logical_id"] for item in roles] == ["ApiHandlerRole"]
    assert (planned[0], "A plan has its template already" in planned[2]) == (2, True)


def test_credentials_of_another_account_are_refused_by_all(chalice, project, at, aws_url):
    project(APP, '{"version": "2.0", "app_name": "a", "account_id": "111111111111"}')
    at(aws_url)

    for command in ("plan", "deploy", "url", "logs", "status", "delete", "rollback", "sync"):
        code, out, err = chalice(command)
        assert (code, out) == (1, "")
        assert "the credentials in use are of account 000000000000" in err


def test_status_says_where_it_is_and_logs_that_nothing_was_logged(chalice, project, at, aws_url):
    project(APP, '{"version": "2.0", "app_name": "silent"}')
    at(aws_url)
    assert chalice("deploy")[0] == 0

    code, out, err = chalice("logs", "--since", "2026-01-31T12:00:00Z")

    assert (code, out) == (0, "")
    status = json.loads(chalice("status", "--json")[1])
    assert (status["region"], status["account"]) == ("eu-west-3", "000000000000")
    assert "region    eu-west-3 of account 000000000000\n" in chalice("status")[1]
    assert err == (
        "Nothing was logged since 2026-01-31T12:00:00+00:00; `--since 1d` looks further back\n"
    )
