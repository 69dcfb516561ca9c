"""What merged templates say, for the commands that only read the code."""

import json
import sys
from textwrap import dedent

import pytest

from chalice.definitions import yaml_text

APP = """
    import boto3, os
    from chalice import Chalice

    app = Chalice(app_name="orders")

    @app.lambda_function()
    def tell(event, context):
        boto3.client("dynamodb").get_item(TableName=os.environ["TABLE"], Key={})

    @app.lambda_function()
    def other(event, context):
        pass
"""
EXTRA = """
Resources:
  Tell:
    Properties:
      Environment: {Variables: {TABLE: !Ref Orders}}
      DeadLetterConfig: {TargetArn: !GetAtt Dead.Arn}
  Orders:
    Type: AWS::DynamoDB::Table
  Dead:
    Type: AWS::SQS::Queue
  Source:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Other, EventSourceArn: !GetAtt Jobs.Arn}
  Jobs:
    Type: AWS::SQS::Queue
"""
CONFIG = {"version": "2.0", "app_name": "orders"}
MERGED = ("--merge-template", "extra.yaml")


@pytest.fixture
def orders(project, tmp_path):
    """Return a function that writes the project with a template, as it is configured."""

    def write(extra=EXTRA, **config):
        project(APP, json.dumps({**CONFIG, **config}))
        (tmp_path / "extra.yaml").write_text(extra)

    return write


def said(out):
    """Return the pairs of action and resource that are printed."""
    return sorted(pairs(json.loads(out)["Statement"]))


def pairs(statements):
    for one in statements:
        resources = one["Resource"] if isinstance(one["Resource"], list) else [one["Resource"]]
        for action in one["Action"]:
            yield from ((action, json.dumps(resource)) for resource in resources)


def deployed(chalice, tmp_path):
    """Return what the packaged role grants, but for the logs of the functions."""
    code, _, err = chalice("package", "out", *MERGED)
    assert code == 0, err
    template = yaml_text.load((tmp_path / "out" / "sam.yaml").read_text())
    roles = [one for one in template["Resources"].values() if one["Type"] == "AWS::IAM::Role"]
    policies = [one for role in roles for one in role["Properties"]["Policies"]]
    found = [one for policy in policies for one in pairs(policy["PolicyDocument"]["Statement"])]
    return sorted({one for one in found if not one[0].startswith("logs:")})


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"xray": True, "subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]},
        {"iam_role": "per_function"},
    ],
    ids=["shared", "network", "per_function"],
)
def test_the_policy_is_that_of_the_package(chalice, orders, tmp_path, config):
    orders(**config)

    code, out, err = chalice("gen-policy", *MERGED)

    assert (code, err) == (0, "")
    assert said(out) == deployed(chalice, tmp_path)


def test_without_the_template_its_variables_are_not_set(chalice, orders):
    orders()

    _, out, err = chalice("gen-policy")

    assert said(out) == [("dynamodb:GetItem", '"*"')]
    assert "`TABLE` is not set in this stage" in err


def test_one_function_has_what_the_template_has_lambda_do_for_it(chalice, orders):
    orders()

    _, of_tell, _ = chalice("gen-policy", "--function", "tell", *MERGED)
    _, of_other, _ = chalice("gen-policy", "--function", "other", *MERGED)

    assert [action for action, _ in said(of_tell)] == ["dynamodb:GetItem", "sqs:SendMessage"]
    assert {action for action, _ in said(of_other)} == {
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
    }


def test_what_a_template_has_lambda_do_is_explained_by_its_line(chalice, orders):
    orders()

    _, text, _ = chalice("gen-policy", "--function", "tell", "--explain", *MERGED)
    _, out, _ = chalice("gen-policy", "--function", "tell", "--explain", "--json", *MERGED)

    assert text.splitlines()[-3:] == [
        '{"Fn::GetAtt": ["Dead", "Arn"]}',
        "  sqs:SendMessage",
        "    extra.yaml:6  DeadLetterConfig of Tell",
    ]
    assert json.loads(out)["reasons"][-1]["actions"]["sqs:SendMessage"] == [
        {
            "where": "extra.yaml:6",
            "expression": "DeadLetterConfig of Tell",
            "resource": '{"Fn::GetAtt": ["Dead", "Arn"]}',
            "note": "",
        }
    ]


def test_what_nobody_knows_of_a_template_is_told(chalice, orders):
    orders(EXTRA.replace("!GetAtt Dead.Arn", "!ImportValue Dead"))

    _, _, err = chalice("gen-policy", *MERGED)
    code, checked, _ = chalice("check", *MERGED)

    assert "extra.yaml:6: warning: what `DefaultRole` has to allow for `DeadLetterConfig`" in err
    assert (code, checked.count("[merge-permissions]")) == (0, 1)


def test_a_file_that_is_read_alone_has_the_variables_of_the_template(chalice, orders):
    orders()

    _, out, _ = chalice("gen-policy", "--filename", "app.py", *MERGED)

    assert ("dynamodb:GetItem", '"*"') not in said(out)


def test_a_check_knows_the_template(chalice, orders):
    orders()

    code, out, _ = chalice("check", *MERGED)
    _, without, _ = chalice("check")

    assert (code, out) == (0, "No problems\n")
    assert "`TABLE` is not set in this stage" in without


def test_a_check_tells_what_does_not_fit(chalice, orders):
    orders(EXTRA.replace("!Ref Orders", "!Ref Ordres"))

    code, out, _ = chalice("check", "--json", *MERGED)

    assert code == 1
    told = [(item["code"], item["where"]) for item in json.loads(out)]
    assert ("merge-reference", "extra.yaml:5") in told


BETWEEN = """\
Resources:
  Sending:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Tell
      Qualifier: $LATEST
      DestinationConfig: {OnSuccess: {Destination: !GetAtt Other.Arn}}
"""


def test_of_one_function_what_goes_to_another_is_known_and_of_that_nothing(chalice, orders):
    orders(BETWEEN)

    _, of_one, err = chalice("gen-policy", "--function", "tell", *MERGED)
    _, of_another, _ = chalice("gen-policy", "--function", "other", *MERGED)

    invoked = ("lambda:InvokeFunction", '{"Fn::GetAtt": ["Other", "Arn"]}')
    assert [pair for pair in said(of_one) if "lambda:" in pair[0]] == [invoked]
    assert "lambda:" not in of_another
    assert "nor granted" not in err


@pytest.mark.parametrize("command", [("check",), ("gen-policy",)])
def test_a_template_that_is_not_there_is_told(chalice, orders, command):
    orders()

    code, _, err = chalice(*command, "--merge-template", "nope.yaml")

    assert (code, err) == (1, "Error: Cannot read `nope.yaml`: No such file or directory\n")


SCRIPT = """
    import os
    os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_REGION="us-east-1")
    os.environ.update(AWS_DEFAULT_REGION="us-east-1", TABLE="in-tests")
    import botocore.client
    botocore.client.BaseClient._make_api_call = lambda *given: {}
    import app
    app.tell({}, None)
"""


def test_a_certificate_is_about_the_policy_with_the_variables_of_the_template(
    chalice, orders, tmp_path
):
    orders(environment_variables={"TABLE": "configured"})
    (tmp_path / "script.py").write_text(dedent(SCRIPT))
    program = ("--", sys.executable, "script.py")

    code, out, err = chalice("policy", "prove", *MERGED, *program)

    assert (code, "policy-variable-missing" in err) == (0, False), out + err
    assert "Sufficient" in out


BLUEPRINT = """
    from chalice import Chalice
    from chalicelib.jobs import jobs

    app = Chalice(app_name="shop")
    app.register_blueprint(jobs)
"""
JOBS = """
    from chalice import Blueprint

    jobs = Blueprint(__name__)

    @jobs.lambda_function()
    def clean(event, context):
        pass
"""


@pytest.mark.parametrize("command", [("check",), ("package", "out")], ids=["check", "package"])
def test_a_handler_that_names_no_function_is_told(chalice, project, tmp_path, command):
    project(BLUEPRINT)
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib" / "__init__.py").write_text("")
    (tmp_path / "chalicelib" / "jobs.py").write_text(dedent(JOBS))
    (tmp_path / "extra.yaml").write_text(
        "Resources:\n  Clean:\n    Properties:\n      Handler: chalice.functions.claen\n"
    )

    code, out, err = chalice(*command, *MERGED)

    assert code == 1
    assert "extra.yaml:4: the handler `chalice.functions.claen` of `Clean` names no" in out + err
    assert "write `chalice.functions.clean`" in out + err
