"""What code is read with where templates set variables."""

import json

import pytest

from chalice.permissions import policy_of, read, shown
from chalice.template.merging import opened
from chalice.template.variables import variables_of

MADE = {
    "Bus": {"Type": "AWS::Events::EventBus"},
    "Files": {"Type": "AWS::S3::Bucket"},
    "Flow": {"Type": "AWS::StepFunctions::StateMachine"},
    "Jobs": {"Type": "AWS::SQS::Queue"},
    "Key": {"Type": "AWS::KMS::Key"},
    "News": {"Type": "AWS::SNS::Topic"},
    "Orders": {"Type": "AWS::DynamoDB::Table"},
    "Other": {"Type": "AWS::Lambda::Function"},
    "Secret": {"Type": "AWS::SecretsManager::Secret"},
    "Users": {"Type": "AWS::Cognito::UserPool"},
    "Words": {"Type": "AWS::Kinesis::Stream"},
}
HERE = "${AWS::Region}:${AWS::AccountId}"


def merged(tmp_path, *of_functions):
    found = []
    for number, variables in enumerate(of_functions):
        function = {"Properties": {"Environment": {"Variables": variables}}}
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps({"Resources": {**MADE, "F": function}}))
        found.append(opened(path))
    return variables_of(found)


def att(name, attribute):
    return {"Fn::GetAtt": [name, attribute]}


NAMED = [
    ({"Ref": "Orders"}, "dynamodb", "get_item(TableName=X, Key={})", f"{HERE}:table/${{Orders}}"),
    (att("Orders", "Arn"), "dynamodb", "scan(TableName=X)", f"{HERE}:table/${{Orders}}"),
    ({"Ref": "Files"}, "s3", "get_object(Bucket=X, Key='k')", "::${Files}/k"),
    ({"Ref": "Jobs"}, "sqs", "purge_queue(QueueUrl=X)", f"{HERE}:${{Jobs.QueueName}}"),
    (att("Jobs", "QueueUrl"), "sqs", "purge_queue(QueueUrl=X)", f"{HERE}:${{Jobs.QueueName}}"),
    ({"Ref": "News"}, "sns", "publish(TopicArn=X, Message='')", f"{HERE}:${{News.TopicName}}"),
    (
        att("News", "TopicArn"),
        "sns",
        "publish(TopicArn=X, Message='')",
        f"{HERE}:${{News.TopicName}}",
    ),
    (
        {"Ref": "Flow"},
        "stepfunctions",
        "start_execution(stateMachineArn=X)",
        f"{HERE}:stateMachine:${{Flow.Name}}",
    ),
    (att("Other", "Arn"), "lambda", "invoke(FunctionName=X)", f"{HERE}:function:${{Other}}"),
    (
        {"Fn::Sub": "${Words}"},
        "kinesis",
        "put_record(StreamName=X, Data=b'', PartitionKey='')",
        f"{HERE}:stream/${{Words}}",
    ),
    ({"Ref": "Key"}, "kms", "encrypt(KeyId=X, Plaintext=b'')", f"{HERE}:key/${{Key}}"),
    (
        {"Ref": "Users"},
        "cognito-idp",
        "admin_get_user(UserPoolId=X, Username='')",
        f"{HERE}:userpool/${{Users}}",
    ),
    (
        {"Fn::Sub": "${AWS::StackName}-${Files}"},
        "s3",
        "get_object(Bucket=X, Key='k')",
        "::${AWS::StackName}-${Files}/k",
    ),
    (
        {"Fn::Join": ["-", ["a", {"Ref": "AWS::Region"}]]},
        "s3",
        "get_object(Bucket=X, Key='k')",
        "::a-${AWS::Region}/k",
    ),
    ("literal", "s3", "get_object(Bucket=X, Key='k')", "::literal/k"),
]


@pytest.mark.parametrize(("value", "service", "call", "resource"), NAMED, ids=str)
def test_code_that_names_what_a_template_makes_needs_just_that(
    tmp_path, value, service, call, resource
):
    code = f"import boto3, os\nX = os.environ['X']\nboto3.client('{service}').{call}\n"

    variables = merged(tmp_path, {"X": value})["F"]
    policy = policy_of(read({"app.py": code.encode()}, variables))

    [statement] = policy.statements
    [whole] = map(shown, statement.resources)
    assert whole.removeprefix("arn:${AWS::Partition}:").partition(":")[2] == resource
    assert policy.problems == ()


@pytest.mark.parametrize(
    "value", [{"Ref": "Secret"}, {"Fn::ImportValue": "x"}, att("Orders", "StreamArn")], ids=str
)
def test_what_nobody_knows_is_set_and_may_be_anything(tmp_path, value):
    code = b"import boto3, os\nboto3.client('s3').get_object(Bucket=os.environ['X'], Key='k')\n"

    policy = policy_of(read({"app.py": code}, merged(tmp_path, {"X": value})["F"]))

    [statement] = policy.statements
    assert [shown(arn).rpartition(":")[2] for arn in statement.resources] == ["*"]
    assert policy.problems == ()


def test_the_last_template_decides_and_a_variable_may_be_removed(tmp_path):
    found = merged(tmp_path, {"A": "1", "B": True, "C": "1"}, {"A": 2, "C": None})

    assert found == {"F": {"A": "2", "B": "true", "C": None}}
