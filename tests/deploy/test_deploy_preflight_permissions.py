"""What roles have to allow before Lambda takes a function that runs as them."""

import json

import pytest
from tests.deploy.deployments import wanted
from tests.deploy.preflighting import NETWORK, ROLE, checked, found, merged, of_function
from tests.deploy.there import TRUST, There

LOGS = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
INTERFACES = {
    "Effect": "Allow",
    "Action": ["ec2:Describe*", "EC2:create*Interface", "ec2:DeleteNetworkInterface"],
    "Resource": "*",
}
TRACES = {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}
NETWORK_THERE = {
    "subnet_vpcs": {"subnet-1": "vpc-1", "subnet-2": "vpc-1"},
    "group_vpcs": {"sg-1": "vpc-1"},
}


def with_policy(folder, *statements, **keys):
    """Return what is deployed of an application whose role has a policy of a file."""
    path = folder / ".chalice" / "policy-dev.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    return wanted(folder, config={"autogen_policy": False, **keys})


@pytest.mark.parametrize(
    ("statements", "keys", "expected"),
    [
        ([LOGS], {}, []),
        ([LOGS], NETWORK, ["ec2:CreateNetworkInterface"]),
        ([LOGS], {"xray": True}, ["xray:PutTraceSegments"]),
        (
            [LOGS],
            {**NETWORK, "xray": True},
            ["ec2:CreateNetworkInterface", "xray:PutTraceSegments"],
        ),
        ([LOGS, INTERFACES], NETWORK, []),
        ([TRACES], {"xray": True}, []),
        ([{**INTERFACES, "Effect": "Deny"}], NETWORK, ["ec2:CreateNetworkInterface"]),
    ],
)
def test_a_policy_file_has_to_allow_what_lambda_does_as_the_role(
    tmp_path, statements, keys, expected
):
    what = with_policy(tmp_path, *statements, **keys)

    problems, text = found(what, There(**NETWORK_THERE))

    assert [code for code, _ in problems] == ["role-permission"] * len(expected)
    assert all(f"does not allow `{action}`" in text for action in expected)
    assert all(where for _, where in problems)


@pytest.mark.parametrize("keys", [NETWORK, {"xray": True}])
def test_a_policy_that_chalice_writes_allows_it(tmp_path, keys):
    problems, _ = found(wanted(tmp_path, config=keys), There(**NETWORK_THERE))

    assert problems == []


def test_what_a_role_of_the_account_allows_is_not_known(tmp_path):
    what = wanted(tmp_path, config={"manage_iam_role": False, "iam_role_arn": ROLE, "xray": True})

    problems, _ = found(what, There(roles={ROLE: TRUST}))

    assert problems == []


TARGETS = {
    "Resources": {
        "Failed": {"Type": "AWS::SQS::Queue"},
        "Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1}},
        "APIHandler": {
            "Properties": {"DeadLetterConfig": {"TargetArn": {"Fn::GetAtt": ["Failed", "Arn"]}}}
        },
        "Reading": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "FunctionName": {"Ref": "APIHandler"},
                "EventSourceArn": {"Fn::GetAtt": ["Clicks", "Arn"]},
            },
        },
    }
}
READS = {"Effect": "Allow", "Action": "kinesis:*", "Resource": "*"}
SENDS = {"Effect": "Allow", "Action": "sqs:Send*", "Resource": "*"}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], ["DeadLetterConfig of APIHandler", "EventSourceArn of Reading"]),
        ([READS], ["DeadLetterConfig of APIHandler"]),
        ([SENDS], ["EventSourceArn of Reading"]),
        ([READS, SENDS], []),
    ],
)
def test_a_policy_file_has_to_allow_what_targets_and_sources_ask(tmp_path, statements, expected):
    what = merged(with_policy(tmp_path, LOGS, *statements), tmp_path, TARGETS)

    problems, text = found(what, There())

    assert [code for code, _ in problems] == ["role-permission"] * len(expected)
    assert all(f"needs it for {asked}, and its role" in text for asked in expected)
    assert all("extras.json" in where for _, where in problems)


DEAD = "arn:aws:sqs:eu-central-1:123456789012:dead"
BUILT = {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:dead"}
MADE = {"Fn::GetAtt": ["Failed", "Arn"]}


@pytest.mark.parametrize(
    ("target", "resources", "is_told"),
    [
        (DEAD, {"Resource": DEAD}, False),
        (DEAD, {"Resource": "arn:aws:sqs:*:*:de*"}, False),
        (DEAD, {"Resource": [f"{DEAD}er", BUILT]}, False),
        (BUILT, {"Resource": DEAD}, False),
        (DEAD, {"Resource": f"{DEAD}er"}, True),
        (BUILT, {"Resource": "arn:aws:sqs:*:*:other"}, True),
        (DEAD, {"NotResource": f"{DEAD}er"}, False),
        (DEAD, {"NotResource": "arn:aws:sqs:*:*:de*"}, True),
        (MADE, {"Resource": MADE}, False),
        (MADE, {"NotResource": [MADE]}, True),
        (MADE, {"Resource": DEAD}, False),
        (DEAD, {"Resource": MADE}, False),
        (DEAD, {"Resource": "arn:aws:sqs:*:*:${aws:PrincipalTag/queue}"}, False),
    ],
)
def test_what_is_allowed_elsewhere_is_not_allowed_as_far_as_that_is_known(
    tmp_path, target, resources, is_told
):
    sends = {"Effect": "Allow", "Action": "sqs:*", **resources}
    template = of_function(DeadLetterConfig={"TargetArn": target})
    template["Resources"]["Failed"] = {"Type": "AWS::SQS::Queue"}
    what = merged(with_policy(tmp_path, LOGS, sends), tmp_path, template)

    problems, _ = found(what, There())

    assert [code for code, _ in problems if code == "role-permission"] == (
        ["role-permission"] * is_told
    )


BUCKET = "arn:aws:s3:::kept"


@pytest.mark.parametrize(
    ("resource", "is_told"),
    [(f"{BUCKET}/aws/lambda/*", False), ("arn:aws:s3:::other", True)],
    ids=["a part of what is asked", "another bucket"],
)
def test_a_part_of_what_is_asked_may_be_enough(tmp_path, resource, is_told):
    writes = {"Effect": "Allow", "Action": "s3:*", "Resource": resource}
    lists = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": BUCKET}
    statements = [LOGS, writes] if is_told else [LOGS, writes, lists]
    sending = {
        "Type": "AWS::Lambda::EventInvokeConfig",
        "Properties": {
            "FunctionName": {"Ref": "APIHandler"},
            "Qualifier": "$LATEST",
            "DestinationConfig": {"OnFailure": {"Destination": BUCKET}},
        },
    }
    what = merged(with_policy(tmp_path, *statements), tmp_path, {"Resources": {"Sending": sending}})

    problems, _ = found(what, There())

    assert [code for code, _ in problems if code == "role-permission"] == (
        ["role-permission"] * is_told
    )


MANAGED = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"


@pytest.mark.parametrize(
    "template",
    [
        {"Resources": {"ApiHandlerRole": {"Properties": {"ManagedPolicyArns": [MANAGED]}}}},
        {
            "Resources": {
                "Extra": {
                    "Type": "AWS::IAM::RolePolicy",
                    "Properties": {"RoleName": {"Ref": "ApiHandlerRole"}, "PolicyName": "x"},
                }
            }
        },
        of_function(Role={"Fn::GetAtt": ["Other", "Arn"]}),
        {
            "Resources": {
                "ApiHandlerRole": {"Properties": {"Policies": {"Fn::If": ["A", [], []]}}}
            },
            "Conditions": {"A": {"Fn::Equals": ["a", "a"]}},
        },
    ],
    ids=["a managed policy", "a policy beside it", "another role", "an expression"],
)
def test_where_more_than_the_file_may_allow_nothing_is_said(tmp_path, template):
    what = merged(with_policy(tmp_path, LOGS, xray=True), tmp_path, template)

    problems, _ = found(what, There(policies={MANAGED}))

    assert [code for code, _ in problems if code == "role-permission"] == []


def test_a_role_that_is_there_may_have_been_given_more(tmp_path):
    before = with_policy(tmp_path, LOGS)

    warnings = checked(with_policy(tmp_path, LOGS, xray=True), There(), before)
    same, _ = found(
        with_policy(tmp_path, LOGS, xray=True, lambda_memory_size=256),
        There(),
        with_policy(tmp_path, LOGS, xray=True),
    )

    assert [item.code for item in warnings] == ["role-permission"]
    assert same == []
