"""What commands tell of the permissions that the code needs, before and after a deploy."""

from __future__ import annotations

import json

import pytest

APP = """
    from botocore.session import get_session
    from chalice import Chalice

    app = Chalice(app_name="NAME")


    @app.route("/")
    def index():
        return {"body": get_session().create_client("s3").get_object(Bucket="b", Key="k")["ETag"]}


    @app.lambda_function()
    def report(event, context):
        get_session().create_client("sns").publish(TopicArn=event["topic"], Message="m")
"""
MORE = """

    @app.lambda_function()
    def nightly(event, context):
        get_session().create_client("s3").put_object(Bucket="b", Key="k", Body=b"")
"""

FIRST = """
Permissions gained
+ DefaultRole: s3:GetObject on arn:aws:s3:::b/k  app.py:9
+ DefaultRole: sns:Publish on *  app.py:14
"""
SECOND = """\
Permissions gained
+ DefaultRole: s3:PutObject on arn:aws:s3:::b/k  app.py:19
"""


def written(project, name, text, **config):
    project(text.replace("NAME", name), json.dumps({"version": "2.0", "app_name": name, **config}))


def test_a_new_grant_shows_with_its_line_until_it_is_deployed(in_sandbox, project):
    written(project, "gains", APP)
    planned, _ = in_sandbox("plan")
    _, told = in_sandbox("deploy")
    written(project, "gains", APP + MORE)

    compared, _ = in_sandbox("gen-policy", "--diff", "dev", "--exit-code", code=3)
    as_json, _ = in_sandbox("gen-policy", "--diff", "dev", "--json")
    in_sandbox("deploy")
    after, _ = in_sandbox("gen-policy", "--diff", "dev", "--exit-code")
    written(project, "gains", APP)
    less, _ = in_sandbox("plan", "--json")

    assert planned.endswith(FIRST)
    assert FIRST in told
    assert compared == SECOND
    [gained] = json.loads(as_json)["gained"]
    assert gained == {
        "role": "DefaultRole",
        "action": "s3:PutObject",
        "resource": "arn:aws:s3:::b/k",
        "condition": "",
        "allows": True,
        "where": "app.py:19",
    }
    assert after == "No permission would change\n"
    permissions = json.loads(less)["permissions"]
    assert permissions["gained"] == []
    assert [item["action"] for item in permissions["lost"]] == ["s3:PutObject"]


def test_roles_of_single_functions_lose_what_the_shared_one_had_for_others(in_sandbox, project):
    written(project, "splits", APP)
    in_sandbox("deploy")
    written(project, "splits", APP, iam_role="per_function")

    compared, _ = in_sandbox("gen-policy", "--diff", "dev", "--exit-code", code=3)
    in_sandbox("deploy", "--yes")
    after, _ = in_sandbox("plan")

    assert (
        compared
        == """\
Permissions lost
- ApiHandlerRole: sns:Publish on *
- ReportRole: s3:GetObject on arn:aws:s3:::b/k
"""
    )
    assert after == "Nothing would change\n"


def test_what_is_not_deployed_gains_everything(in_sandbox, project):
    written(project, "nowhere", APP)

    out, err = in_sandbox("gen-policy", "--diff", "dev")

    assert out == FIRST.lstrip()
    assert err == "Nothing is deployed: there is no stack `nowhere-dev`\n"


def test_what_a_policy_file_grants_shows_with_its_line(in_sandbox, project, tmp_path):
    written(project, "files", APP, autogen_policy="merge")
    file = tmp_path / ".chalice" / "policy-dev.json"
    older = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::x/${a}"}
    named = {"Effect": "Allow", "NotAction": ["a:A", "b:B"], "Resource": {"Ref": "DefaultRole"}}
    file.write_text(json.dumps({"Statement": [older, named]}, indent=1))

    found, _ = in_sandbox("gen-policy", "--diff", "dev", "--json")

    places = {item["action"]: item["where"] for item in json.loads(found)["gained"]}
    assert places["not a:A, b:B"] == ".chalice/policy-dev.json:8"
    assert [
        item["where"]
        for item in json.loads(found)["gained"]
        if item["resource"].startswith("arn:aws:s3:::x")
    ] == [".chalice/policy-dev.json:3"]


MERGED = """
Resources:
  DefaultRole:
    Properties:
      ManagedPolicyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess]
  Theirs:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: theirs
      Roles: [{Ref: DefaultRole}]
      PolicyDocument:
        Statement: [{Effect: Allow, Action: "sqs:SendMessage", Resource: "*"}]
"""


def test_what_merged_templates_grant_is_compared_too(in_sandbox, project, tmp_path):
    written(project, "merges", APP)
    (tmp_path / "more.yml").write_text(MERGED)
    more = ("--merge-template", "more.yml")
    in_sandbox("deploy")

    without, _ = in_sandbox("gen-policy", "--diff", "dev")
    compared, _ = in_sandbox("gen-policy", "--diff", "dev", *more)
    planned, _ = in_sandbox("plan", *more)

    assert without == "No permission would change\n"
    assert (
        compared
        == """\
Permissions gained
+ DefaultRole: all of the policy on arn:aws:iam::aws:policy/ReadOnlyAccess
+ DefaultRole: sqs:SendMessage on *
"""
    )
    assert compared in planned


def test_a_merged_template_that_does_not_fit_is_told(in_sandbox, project, tmp_path):
    written(project, "unfit", APP)
    (tmp_path / "more.yml").write_text("Resources: {DefaultRoel: {Properties: {Path: /x/}}}")

    _, err = in_sandbox("gen-policy", "--diff", "dev", "--merge-template", "more.yml", code=1)

    assert "`DefaultRole`" in err


@pytest.mark.parametrize("option", [("--explain",), ("--function", "report"), ("--filename", "a")])
def test_a_difference_is_that_of_a_whole_stage(chalice, project, option):
    written(project, "usage", APP)

    code, _, err = chalice("gen-policy", "--diff", "dev", *option)

    assert code == 2
    assert "`--diff` compares the roles of a stage" in err


def test_of_a_role_of_ones_own_it_is_said_what_it_has_to_allow(chalice, project):
    arn = "arn:aws:iam::123456789012:role/theirs"
    written(project, "given", APP, manage_iam_role=False, iam_role_arn=arn)

    code, out, err = chalice("gen-policy")

    assert (code, len(json.loads(out)["Statement"])) == (0, 2)
    assert err == (
        f"No role is made where `manage_iam_role` is false: this is what `{arn}` has to allow,"
        " beside writing the function's logs\n"
    )


def test_where_a_policy_file_is_the_policy_it_is_said_that_it_has_to_allow_this(
    chalice, project, tmp_path
):
    written(project, "given", APP, autogen_policy=False, iam_policy_file="mine.json")
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [allow]}
    (tmp_path / ".chalice" / "mine.json").write_text(json.dumps(document))

    code, out, err = chalice("gen-policy")

    assert (code, len(json.loads(out)["Statement"])) == (0, 2)
    assert err == (
        "Nothing is generated where `autogen_policy` is false: this is what `.chalice/mine.json`"
        " has to allow, beside writing the function's logs\n"
    )


def test_each_function_is_read_with_its_own_variables(chalice, project):
    app = APP.replace('Bucket="b"', 'Bucket=os.environ["BUCKET"]').replace(
        "from", "import os; from", 1
    )
    more = {"lambda_functions": {"report": {"environment_variables": {"BUCKET": "two"}}}}
    written(project, "vars", app, environment_variables={"BUCKET": "one"}, stages={"dev": more})

    _, whole, _ = chalice("gen-policy", "--explain")
    _, one, _ = chalice("gen-policy", "--explain", "--function", "api_handler")

    assert whole.startswith("arn:${AWS::Partition}:s3:::one/k\n  s3:GetObject\n")
    assert "two/k" not in whole
    assert one.startswith("arn:${AWS::Partition}:s3:::one/k\n  s3:GetObject\n")


DYNAMIC = """
    from botocore.session import get_session
    from chalice import Chalice

    app = Chalice(app_name="dynamic")


    @app.lambda_function()
    def load(event, context):
        getattr(get_session().create_client("s3"), event["name"])()
"""


@pytest.mark.parametrize("command", [("check",), ("package", "out")])
def test_what_the_reader_cannot_know_is_a_warning_of_all_commands(chalice, project, command):
    project(DYNAMIC)

    code, out, err = chalice(*command)

    assert code == 0
    assert "app.py:9: warning: which operation of `s3` is called here" in out + err


def test_a_variable_that_is_missing_in_a_stage_is_told(chalice, project):
    project(
        DYNAMIC.replace(
            'getattr(get_session().create_client("s3"), event["name"])()',
            "get_session().create_client('s3').get_object(Bucket=os.environ['BUCKET'], Key='k')",
        ).replace("from", "import os; from", 1)
    )

    code, out, _ = chalice("check")

    assert code == 0
    assert "app.py:9: warning:" in out
    assert "[policy-variable-missing]" in out


POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow",
     "Action": ["s3:GetObject", "s3:GetObjekt"],
     "Resource": "ACTUAL"},
    {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
  ]
}"""


@pytest.mark.parametrize(
    ("resource", "code", "last"),
    [
        ("*", 0, ""),
        (
            "arn:aws:s3:bucket",
            1,
            (
                ".chalice/policy-dev.json:6: statement 1 has the resource `arn:aws:s3:bucket`,"
                " which has 4 parts of the 6 of an ARN [policy-resource-form]\n"
                "    write `arn:aws:SERVICE:REGION:ACCOUNT:NAME`, or `*`\n"
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_policy_file_is_told_with_its_line(
    chalice, project, tmp_path, resource, code, last
):
    project(DYNAMIC.replace("getattr", "print"), '{"version": "2.0", "autogen_policy": false}')
    (tmp_path / ".chalice" / "policy-dev.json").write_text(POLICY.replace("ACTUAL", resource))

    found, out, _ = chalice("check")

    assert found == code
    assert out.startswith(
        ".chalice/policy-dev.json:5: warning: statement 1 has the action `s3:GetObjekt`, which no"
        " service is known to have [policy-action-unknown]\n    the nearest is `s3:GetObject`\n"
    )
    assert out.endswith(last)


def test_what_is_too_long_for_a_role_is_deployed_as_managed_policies(in_sandbox, project, tmp_path):
    names = [f"arn:aws:s3:::bucket-of-the-orders-of-{number:03}/*" for number in range(300)]
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": names}],
    }
    written(project, "long", APP, autogen_policy="merge", iam_role_path="/team/")
    (tmp_path / ".chalice" / "policy-dev.json").write_text(json.dumps(policy))

    in_sandbox("deploy")
    again, _ = in_sandbox("plan")
    policy["Statement"][0]["Resource"] = names[:1]
    (tmp_path / ".chalice" / "policy-dev.json").write_text(json.dumps(policy))
    shorter, _ = in_sandbox("plan", "--json")
    in_sandbox("deploy", "--yes")
    after, _ = in_sandbox("plan")

    assert again == after == "Nothing would change\n"
    found = json.loads(shorter)
    assert {
        (item["action"], item["kind"], item["logical_id"])
        for item in found["changes"]
        if item["kind"] != "function"
    } == {
        ("change", "role", "DefaultRole"),
        *(("delete", "managed policy", f"DefaultRolePolicy{number}") for number in (1, 2, 3)),
    }
    assert len(found["permissions"]["lost"]) == 299


def test_a_boundary_that_is_not_there_is_told_before_anything_is_deployed(in_sandbox, project):
    arn = "arn:aws:iam::000000000000:policy/nobody"
    written(project, "bounded", APP, iam_permissions_boundary=arn)

    out, _ = in_sandbox("plan", "--json")

    [problem] = json.loads(out)["warnings"]
    assert (problem["code"], problem["where"]) == ("policy-missing", ".chalice/config.json:1")
