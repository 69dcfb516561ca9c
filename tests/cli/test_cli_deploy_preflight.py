"""What a person reads of a deploy that AWS would refuse."""

import json

import pytest

APP = """
    from chalice import Chalice

    app = Chalice(app_name="preflight")


    @app.route("/")
    def index():
        return {}
"""

CONFIG = """
    {
      "version": "2.0",
      "app_name": "preflight",
      "manage_iam_role": false,
      "iam_role_arn": "arn:aws:iam::000000000000:role/preflight-nobody",
      "subnet_ids": ["subnet-404"],
      "security_group_ids": ["sg-404"]
    }
"""

PROBLEMS = """\
.chalice/config.json:5: there is no role `arn:aws:iam::000000000000:role/preflight-nobody`\
 [role-missing]
    name one that is there, or set `manage_iam_role` to true, and Chalice makes it
.chalice/config.json:6: there is no subnet `subnet-404` in `us-east-1` [subnet-missing]
    name one of account 000000000000 in that region
.chalice/config.json:7: there is no security group `sg-404` in `us-east-1` [security-group-missing]
    name one of account 000000000000 in that region
Error: 3 problems
"""


@pytest.mark.parametrize("command", [["plan"], ["plan", "--json"], ["deploy"]], ids=" ".join)
def test_all_that_aws_would_refuse_is_told_and_nothing_else(
    chalice, project, monkeypatch, aws_url, tmp_path, command
):
    project(APP, CONFIG)
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "any")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("CHALICE_CACHE_DIR", str(tmp_path / "cache"))

    code, out, err = chalice(*command)

    assert (code, out, err) == (1, "", PROBLEMS)


def test_in_the_sandbox_it_is_told_and_passed(in_sandbox, project):
    project(APP, CONFIG)

    out, err = in_sandbox("plan", "--json")

    found = json.loads(out)
    codes = [item["code"] for item in found["warnings"]]
    assert codes == ["role-missing", "subnet-missing", "security-group-missing"]
    assert {item["severity"] for item in found["warnings"]} == {"warning"}
    assert found["changes"]
    assert ".chalice/config.json:5: warning: there is no role `arn:aws:iam::" in err
    assert "`; on AWS that stops the deploy [role-missing]" in err
