"""Policy files and merged templates, from the command that prints a policy to the template."""

import json
import os

import pytest

from chalice.definitions import yaml_text

APP = """
    import boto3
    from chalice import Chalice

    app = Chalice(app_name="orders")

    @app.lambda_function()
    def tell(event, context):
        boto3.client("sns").publish(TopicArn=event["topic"], Message="m")
        boto3.client("s3").get_object(Bucket="b", Key="k")
"""

# As a certificate says to paste it.
NARROWER = {
    "Effect": "Allow",
    "Action": ["sns:Publish"],
    "Resource": {"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:r"},
}


def configured(autogen):
    return json.dumps({"version": "2.0", "app_name": "orders", "autogen_policy": autogen})


def resources_in(folder):
    return json.loads((folder / "out" / "sam.json").read_text())["Resources"]


def statements_in(resources, role):
    policies = resources[role]["Properties"]["Policies"]
    return [one for item in policies for one in item["PolicyDocument"]["Statement"]]


def test_what_is_printed_is_a_policy_file_as_it_is(chalice, project, tmp_path):
    project(APP)
    _, printed, _ = chalice("gen-policy")
    project(APP, configured(False))
    (tmp_path / ".chalice" / "policy-dev.json").write_text(printed)

    code, _, err = chalice("package", "out")

    # Logs are written by Lambda itself, and are no part of what is printed.
    assert (code, err.count("warning:"), "[policy-no-logs]" in err) == (0, 1, True)
    actions = [item["Action"] for item in statements_in(resources_in(tmp_path), "TellRole")]
    assert actions == [["s3:GetObject"], ["sns:Publish"]]


def test_the_narrower_statement_of_a_certificate_is_one_of_a_policy_file(
    chalice, project, tmp_path
):
    project(APP, configured("merge"))
    document = {"Version": "2012-10-17", "Statement": [NARROWER]}
    (tmp_path / ".chalice" / "policy-dev.json").write_text(json.dumps(document))

    code, _, err = chalice("package", "out")

    assert (code, "problem" in err, "warning" in err) == (0, False, False)
    assert NARROWER in statements_in(resources_in(tmp_path), "DefaultRole")


def test_a_merged_template_gives_the_role_what_it_needs_and_says_what_is_not_known(
    chalice, project, tmp_path
):
    project(APP)
    (tmp_path / "extra.yaml").write_text(
        "Resources:\n"
        "  Tell:\n"
        "    Properties:\n"
        "      DeadLetterConfig: {TargetArn: !GetAtt Dead.Arn}\n"
        "      FileSystemConfigs: [{Arn: 'arn:aws:x', LocalMountPath: /mnt/x}]\n"
        "  Dead: {Type: 'AWS::SQS::Queue'}\n"
    )

    code, out, err = chalice("package", "out", "--merge-template", "extra.yaml", "--json")

    assert code == 0, err
    [warning] = json.loads(out)["warnings"]
    assert (warning["code"], warning["where"]) == ("merge-permissions", "extra.yaml:5")
    sent = {
        "Effect": "Allow",
        "Action": ["sqs:SendMessage"],
        "Resource": {"Fn::GetAtt": ["Dead", "Arn"]},
    }
    assert sent in statements_in(resources_in_yaml(tmp_path), "DefaultRole")


def resources_in_yaml(folder):
    return yaml_text.load((folder / "out" / "sam.yaml").read_text())["Resources"]


READING = """
    import boto3, os
    from chalice import Chalice

    app = Chalice(app_name="orders")

    @app.lambda_function()
    def tell(event, context):
        boto3.client("dynamodb").get_item(TableName=os.environ["TABLE"], Key={})
"""
ORDERS = """
Resources:
  Tell:
    Properties:
      Environment: {Variables: {TABLE: !Ref Orders}}
  Orders:
    Type: AWS::DynamoDB::Table
"""


def test_code_needs_the_table_that_a_merged_template_makes_and_names_in_a_variable(
    chalice, project, tmp_path
):
    project(READING)
    (tmp_path / "extra.yaml").write_text(ORDERS)

    _, _, without = chalice("package", "out")
    code, _, err = chalice("package", "out", "--merge-template", "extra.yaml")
    _, _, again = chalice("package", "out")

    template = yaml_text.load((tmp_path / "out" / "sam.yaml").read_text())
    _, read = statements_in(template["Resources"], "DefaultRole")
    assert (code, "policy-variable-missing" in err) == (0, False)
    assert read["Resource"]["Fn::Sub"].endswith(":table/${Orders}")
    assert all("`TABLE` is not set in this stage" in one for one in (without, again))


def test_what_a_policy_file_refers_to_and_nobody_makes_is_told(chalice, project, tmp_path):
    project(APP, configured("merge"))
    named = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": {"Ref": "Nope"}}
    document = {"Version": "2012-10-17", "Statement": [NARROWER, named]}
    (tmp_path / ".chalice" / "policy-dev.json").write_text(json.dumps(document, indent=1))
    (tmp_path / "extra.yaml").write_text("Resources:\n  Nope: {Type: AWS::SNS::Topic}\n")

    code, _, err = chalice("package", "out")
    declared, _, _ = chalice("package", "out", "--merge-template", "extra.yaml")

    assert (code, declared) == (1, 0)
    assert ".chalice/policy-dev.json:13: `Resources.DefaultRole` refers to `Nope`" in err


def test_a_policy_file_may_be_named_by_its_whole_path(chalice, project, tmp_path):
    file = tmp_path / "elsewhere.json"
    named = {"Effect": "Allow", "Action": ["sqs:SendMesage", "logs:*"], "Resource": "*"}
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [named]}))
    project(APP, json.dumps({**json.loads(configured(False)), "iam_policy_file": str(file)}))

    code, _, err = chalice("package", "out")

    assert code == 0
    assert err.startswith(f"{file}:1: warning: statement 1 has the action `sqs:SendMesage`")


def test_a_pipe_is_no_policy_file(chalice, project, tmp_path):
    project(APP, configured(False))
    os.mkfifo(tmp_path / ".chalice" / "policy-dev.json")

    code, told, _ = chalice("check")

    assert code == 1
    assert "there is no policy in `.chalice/policy-dev.json`" in told


HANDING_ON = """
    import boto3
    from chalice import Chalice

    app = Chalice(app_name="orders")

    @app.lambda_function()
    def tell(event, context):
        boto3.client("ecs").register_task_definition(
            family="f", containerDefinitions=[], taskRoleArn=event["role"]
        )
        boto3.client("secretsmanager").create_secret(Name="n", KmsKeyId="alias/own")
        boto3.client("athena").start_query_execution(
            QueryString="q", ResultConfiguration={"OutputLocation": "s3://results/x"}
        )
        boto3.client("cloudformation").create_stack(StackName="s", TemplateBody="{}")

    @app.lambda_function()
    def other(event, context):
        pass
"""
ROLE_WARNING = "hands on a role (`taskRoleArn`)"
KEY_WARNING = "which `CreateSecret` may need"
QUERY_WARNING = "reads tables of Glue"
STACK_WARNING = "makes, changes and deletes resources"


def allowing(*actions, effect="Allow", **more):
    return {"Effect": effect, "Action": [*actions], "Resource": "*", **more}


def told_of(chalice, command, *options):
    """Return which of the warnings a command shows."""
    _, out, err = chalice(*command, *options)
    known = (ROLE_WARNING, KEY_WARNING, QUERY_WARNING, STACK_WARNING)
    return [text for text in known if text in out + err]


@pytest.fixture
def handing_on(project, tmp_path):
    """Return a function that writes the project with a policy file."""

    def write(*statements, config=None):
        project(HANDING_ON, json.dumps(config or json.loads(configured("merge"))))
        document = {"Version": "2012-10-17", "Statement": [*statements]}
        (tmp_path / ".chalice" / "policy-dev.json").write_text(json.dumps(document))

    return write


KEYS = ("kms:Decrypt", "kms:GenerateDataKey")


@pytest.mark.parametrize(
    "command", [("check",), ("gen-policy",), ("package", "out")], ids=lambda one: one[0]
)
def test_what_is_not_granted_and_a_policy_file_allows_is_no_warning(chalice, handing_on, command):
    handing_on(allowing("iam:PassRole"), allowing(*KEYS))

    assert told_of(chalice, command) == [QUERY_WARNING, STACK_WARNING]


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        (allowing("s3:ListBucket"), [ROLE_WARNING, KEY_WARNING, QUERY_WARNING, STACK_WARNING]),
        (allowing("iam:*"), [KEY_WARNING, QUERY_WARNING, STACK_WARNING]),
        (
            allowing("iam:PassRole", Resource={"Fn::GetAtt": ["DefaultRole", "Arn"]}),
            [KEY_WARNING, QUERY_WARNING, STACK_WARNING],
        ),
        (
            allowing("iam:passrole", Condition={"ArnLike": {"iam:AssociatedResourceArn": "x"}}),
            [KEY_WARNING, QUERY_WARNING, STACK_WARNING],
        ),
        (allowing("kms:Decrypt"), [ROLE_WARNING, KEY_WARNING, QUERY_WARNING, STACK_WARNING]),
        (allowing("glue:Get*", "s3:Get*"), [ROLE_WARNING, KEY_WARNING, STACK_WARNING]),
    ],
    ids=["another", "all of a service", "an expression", "a condition", "a part", "a query"],
)
def test_a_statement_answers_the_warnings_whose_actions_it_allows(
    chalice, handing_on, statement, left
):
    handing_on(statement)

    assert told_of(chalice, ("gen-policy",)) == left


@pytest.mark.parametrize(
    ("operator", "services", "is_told"),
    [
        ("StringEquals", "ecs-tasks.amazonaws.com", False),
        ("StringEquals", ["lambda.amazonaws.com", "ecs.amazonaws.com"], False),
        ("StringEquals", "lambda.amazonaws.com", True),
        ("StringEqualsIfExists", "lambda.amazonaws.com", True),
        ("StringLike", "ec*", False),
        ("StringLike", "*.amazonaws.com", False),
        ("StringLike", "lambda.*", True),
        ("StringNotEquals", "lambda.amazonaws.com", False),
        ("StringNotEquals", "ecs-tasks.amazonaws.com", True),
        ("StringEquals", {"Fn::Sub": "${Service}.amazonaws.com"}, False),
        ("Null", "false", False),
    ],
)
def test_a_role_for_another_service_than_the_one_that_is_called_is_no_answer(
    chalice, handing_on, operator, services, is_told
):
    handing_on(allowing("iam:PassRole", Condition={operator: {"iam:passedToService": services}}))

    assert (ROLE_WARNING in told_of(chalice, ("gen-policy",))) == is_told


def test_a_warning_that_was_kept_knows_the_service(chalice, handing_on):
    of_lambda = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    handing_on(allowing("iam:PassRole"))

    before = told_of(chalice, ("package", "out"))
    handing_on(allowing("iam:PassRole", Condition=of_lambda))
    after = told_of(chalice, ("package", "out"))

    assert (ROLE_WARNING in before, ROLE_WARNING in after) == (False, True)


def test_what_the_file_itself_denies_is_no_answer(chalice, handing_on):
    handing_on(allowing("iam:*"), allowing("iam:PassRole", effect="Deny"))

    assert ROLE_WARNING in told_of(chalice, ("gen-policy",))


def test_what_the_file_denies_elsewhere_is_an_answer(chalice, handing_on):
    elsewhere = "arn:aws:iam::123456789012:role/admin"
    handing_on(
        allowing("iam:PassRole"), allowing("iam:PassRole", effect="Deny", Resource=elsewhere)
    )

    assert ROLE_WARNING not in told_of(chalice, ("gen-policy",))


def test_the_file_of_one_function_is_no_answer_for_others(chalice, handing_on):
    own = {"tell": {"autogen_policy": "merge"}}
    base = json.loads(configured(True))
    handing_on(allowing("iam:PassRole"), config={**base, "lambda_functions": own})

    assert ROLE_WARNING not in told_of(chalice, ("gen-policy", "--function", "tell"))
    assert ROLE_WARNING not in told_of(chalice, ("check",))


def test_a_warning_that_was_kept_with_its_policy_is_answered_by_a_later_file(chalice, handing_on):
    handing_on()

    before = told_of(chalice, ("package", "out"))
    handing_on(allowing("iam:PassRole"))
    after = told_of(chalice, ("package", "out"))

    assert (ROLE_WARNING in before, ROLE_WARNING in after) == (True, False)


LOGGING = ("logs:CreateLogStream", "logs:PutLogEvents")


def test_a_policy_file_that_lets_nobody_log_is_told(chalice, project, tmp_path):
    project(APP, configured(False))
    file = tmp_path / ".chalice" / "policy-dev.json"
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [NARROWER]}))

    code, out, _ = chalice("check")

    assert code == 0
    assert out == (
        ".chalice/policy-dev.json: warning: what `tell` logs is lost: `.chalice/policy-dev.json`"
        " does not allow it to write logs [policy-no-logs]\n"
        "    allow `logs:CreateLogStream` and `logs:PutLogEvents` on"
        ' `{"Fn::GetAtt": ["TellLogGroup", "Arn"]}`\n'
    )


@pytest.mark.parametrize("autogen", [False, "merge"])
def test_a_policy_file_that_lets_functions_log_or_is_merged_is_no_warning(
    chalice, project, tmp_path, autogen
):
    project(APP, configured(autogen))
    allowed = [NARROWER] if autogen else [NARROWER, allowing(*LOGGING)]
    file = tmp_path / ".chalice" / "policy-dev.json"
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": allowed}))

    assert chalice("check")[:2] == (0, "No problems\n")


def test_a_check_tells_what_lambda_needs_and_a_policy_file_does_not_allow(
    chalice, project, tmp_path
):
    project(APP, json.dumps({**json.loads(configured(False)), "xray": True}))
    document = {"Version": "2012-10-17", "Statement": [allowing(*LOGGING)]}
    (tmp_path / ".chalice" / "policy-dev.json").write_text(json.dumps(document))

    code, out, _ = chalice("check")

    assert code == 0
    assert out.startswith(
        ".chalice/config.json:1: warning: function `Tell` is traced by X-Ray, and its role"
        " `TellRole` does not allow `xray:PutTraceSegments` [role-permission]"
    )
