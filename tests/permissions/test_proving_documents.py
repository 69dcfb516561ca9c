"""Policies that somebody wrote: what of them is used, and what their expressions come to."""

import json
from textwrap import dedent

import pytest
from tests.permissions.asked import load

from chalice.iam import Question, Verdict, evaluate
from chalice.permissions import policy_of as policy_of_code
from chalice.permissions import read
from chalice.permissions.proving import Grants, prove
from chalice.permissions.proving.documents import policy_of
from chalice.permissions.proving.recorded import called
from chalice.permissions.reading.services import Services

SERVICES = Services(load)

APP = """
    import boto3

    def load(name):
        return boto3.client("s3").get_object(Bucket="b", Key="k")
"""
FILE = ".chalice/policy-dev.json"


def call(operation="GetObject", service="s3", **params):
    return json.dumps(
        {
            "service": service,
            "operation": operation,
            "params": params or {"Bucket": "b", "Key": "k"},
            "region": "us-east-1",
            "default_region": "us-east-1",
            "variables": {},
            "chain": [["app.py", 4, 3, "load"]],
        }
    ).encode()


def allow(action, resource, **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def certificate(statements, calls, *, generated=False, deployed=True, file=FILE):
    """Return what is proved of an application whose policy file has *statements*."""
    reading = read({"app.py": dedent(APP).lstrip().encode()}, {}, SERVICES)
    document = {"Version": "2012-10-17", "Statement": statements}
    code = policy_of_code(reading).statements if generated else ()
    grants = Grants("R", (), code, (document,), file, generated, deployed)
    return prove(called(calls)[0], lambda _: [grants], reading.engine)


def spare(found):
    return [(item.action, item.resource, item.places) for item in found.spare]


def test_what_a_policy_file_grants_and_nothing_uses_is_spare():
    statements = [
        allow("s3:GetObject", ["arn:aws:s3:::b/*", "arn:aws:s3:::other/*"]),
        allow(["sqs:SendMessage", "s3:PutObject"], {"Fn::Sub": "arn:${AWS::Partition}:sqs:::q"}),
    ]

    found = certificate(statements, [call()])

    assert found.sufficient
    assert spare(found) == [
        ("s3:GetObject", "arn:aws:s3:::other/*", (f"{FILE}, statement 1",)),
        ("sqs:SendMessage", "arn:${AWS::Partition}:sqs:::q", (f"{FILE}, statement 2",)),
        ("s3:PutObject", "arn:${AWS::Partition}:sqs:::q", (f"{FILE}, statement 2",)),
    ]


def test_what_is_merged_may_be_spare_too():
    found = certificate([allow("sqs:SendMessage", "*")], [call()], generated=True)

    assert spare(found) == [("sqs:SendMessage", "*", (f"{FILE}, statement 1",))]


@pytest.mark.parametrize(
    "action",
    [
        "logs:PutLogEvents",
        "logs:*",
        "logs:Create*",
        "xray:PutTraceSegments",
        "ec2:CreateNetworkInterface",
        "sqs:ReceiveMessage",
        "kinesis:GetRecords",
        "*",
    ],
)
def test_what_lambda_does_as_the_role_is_not_spare(action):
    found = certificate([allow("s3:GetObject", "arn:aws:s3:::b/*"), allow(action, "*")], [call()])

    assert found.spare == ()


def test_what_a_file_denies_is_no_grant():
    deny = {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}

    found = certificate([allow("s3:GetObject", "arn:aws:s3:::b/*"), deny], [call()])

    assert (found.spare, found.wide) == ((), ())


def test_a_statement_about_nothing_has_no_part():
    nothing = {**allow("s3:GetObject", "*"), "Action": []}

    found = certificate([allow("s3:GetObject", "arn:aws:s3:::b/*"), nothing], [call()])

    assert (found.spare, found.wide) == ((), ())


def test_what_is_named_by_its_opposite_is_one_part():
    statement = {
        "Effect": "Allow",
        "NotAction": ["iam:*", "s3:GetObject"],
        "NotResource": "arn:aws:s3:::c",
    }

    found = certificate([statement], [call()])

    assert spare(found) == [
        ("all but iam:*, s3:GetObject", "all but arn:aws:s3:::c", (f"{FILE}, statement 1",))
    ]


def test_for_everything_of_a_file_the_narrower_statement_is_proposed():
    calls = [call(), call("PutObject"), call("ListBuckets", Prefix=False)]

    found = certificate([allow("s3:*", "*")], calls)

    arn = {"Fn::Sub": "arn:${AWS::Partition}:s3:::b/k"}
    assert [item.statement() for item in found.wide] == [
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": arn},
        {"Effect": "Allow", "Action": ["s3:ListAllMyBuckets"], "Resource": "*"},
    ]
    assert [item.places for item in found.wide] == [(f"{FILE}, statement 1",)] * 2


def test_what_takes_no_resource_is_not_narrower():
    found = certificate([allow("s3:ListAllMyBuckets", "*")], [call("ListBuckets", Prefix=False)])

    assert (found.wide, found.spare) == ((), ())


# --- advice ------------------------------------------------------------------------------------


DENY = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}
CONDITION = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}


@pytest.mark.parametrize(
    ("statements", "generated", "expected"),
    [
        (
            [allow("sqs:*", "*")],
            False,
            f"Write the statement into `{FILE}`, or have the policy written from the code",
        ),
        (
            [allow("s3:*", "*"), DENY],
            True,
            f"What `{FILE}` denies no other statement allows: change it, or what the code calls",
        ),
        (
            [allow("s3:*", "*", Condition=CONDITION)],
            False,
            (
                f"Whether `{FILE}` allows it hangs on what is known on AWS alone; a statement"
                " without that can be proved"
            ),
        ),
    ],
    ids=["nothing allows it", "it is denied", "a condition"],
)
def test_what_is_advised_hangs_on_why_it_is_denied(statements, generated, expected):
    found = certificate(statements, [call()], generated=generated)

    assert found.advice == (expected,)


def test_a_policy_that_is_in_no_file_is_named_as_what_it_is():
    found = certificate([allow("s3:*", "*", Condition=CONDITION)], [call()], file="")

    (advice,) = found.advice
    assert advice.startswith("Whether the policy allows it hangs on what is known on AWS alone")


def test_what_is_missing_beside_a_merged_file_goes_into_it():
    found = certificate(
        [allow("sqs:*", "*")], [call("DeleteObject", Bucket="x", Key="y")], generated=True
    )

    assert found.advice == (
        f"Call it by names that can be read, or write the statement into `{FILE}`",
    )


def test_a_role_that_gets_no_policy_is_named():
    assert certificate([], [], deployed=False).not_deployed == ("R",)


# --- expressions -------------------------------------------------------------------------------


VALUES = {"AWS::Partition": "aws", "AWS::Region": "us-east-1", "AWS::AccountId": "1"}


def decided(resource, version="2012-10-17"):
    document = {"Version": version, "Statement": [allow("s3:GetObject", resource)]}
    return evaluate([policy_of(document, VALUES)], Question("s3:GetObject", "arn:aws:s3:::b"))


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:s3:::b",
        ["arn:aws:s3:::a", {"Fn::Sub": "arn:${AWS::Partition}:s3:::b"}],
    ],
)
@pytest.mark.parametrize("version", ["2012-10-17", "2008-10-17"])
def test_pseudo_parameters_are_what_they_are_here(resource, version):
    assert decided(resource, version).verdict is Verdict.ALLOW


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ({"Fn::GetAtt": ["Table", "Arn"]}, "Fn::GetAtt of Table.Arn"),
        ({"Ref": "Bucket"}, "Bucket"),
        ({"Fn::Sub": "arn:aws:s3:::${Bucket}"}, "Bucket"),
        ({"Fn::Sub": ["arn:aws:s3:::${X}", {"X": "b"}]}, "Fn::Sub of arn:aws:s3:::X"),
        ({"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "B"}]]}, "Fn::Join of several"),
    ],
    ids=["attribute", "reference", "template", "template with names", "join"],
)
@pytest.mark.parametrize("version", ["2012-10-17", "2008-10-17"])
def test_what_only_cloudformation_knows_is_told(resource, name, version):
    decision = decided(resource, version)

    assert decision.verdict is Verdict.UNDECIDED
    assert decision.because == f"the policy variable `${{{name}}}`"


def test_dollars_of_an_older_document_are_characters():
    assert decided("arn:aws:s3:::${b}", "2008-10-17").verdict is Verdict.IMPLICIT_DENY
    literal = decided({"Fn::Sub": "arn:aws:s3:::${!b}"}, "2008-10-17")
    assert literal.verdict is Verdict.IMPLICIT_DENY


READ = allow("s3:GetObject", "arn:aws:s3:::b")
NOTHING = {"Ref": "AWS::NoValue"}


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        ([{"Fn::If": ["A", READ, NOTHING]}], Verdict.UNDECIDED),
        ({"Fn::If": ["A", [READ], []]}, Verdict.UNDECIDED),
        ([READ, {"Fn::If": ["A", READ, NOTHING]}], Verdict.ALLOW),
        ([READ, {"Fn::If": ["A", {**READ, "Effect": "Deny"}, NOTHING]}], Verdict.UNDECIDED),
        ([{**READ, "Effect": {"Ref": "Effect"}}], Verdict.UNDECIDED),
        ([READ, {**READ, "Effect": {"Ref": "Effect"}}], Verdict.UNDECIDED),
        ([{**READ, "Action": {"Fn::Split": [",", "a"]}}], Verdict.UNDECIDED),
        ([{**READ, "Action": ["s3:GetObject", {"Ref": "Another"}]}], Verdict.ALLOW),
        ([{"Effect": "Allow", "NotAction": [{"Ref": "A"}], "Resource": "*"}], Verdict.UNDECIDED),
        ([{**READ, "Action": {"Fn::Sub": "s3:GetObject"}}], Verdict.ALLOW),
    ],
)
def test_a_statement_that_hangs_on_an_expression_decides_nothing(statements, verdict):
    policy = policy_of({"Version": "2012-10-17", "Statement": statements}, VALUES)

    decision = evaluate([policy], Question("s3:GetObject", "arn:aws:s3:::b"))

    assert decision.verdict is verdict
