"""What roles gain and lose between two templates."""

import json

import pytest
from tests.resources.graphs import STORE, graph_in, their_template

from chalice.deploy.grants import WHOLE_POLICY, compare
from chalice.deploy.values import values_of
from chalice.template.document import cloudformation

VALUES = {"AWS::Region": "eu-west-1", "AWS::AccountId": "123456789012", "AWS::StackName": "shop"}


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def role(*statements, **more):
    policy = {"PolicyName": "P", "PolicyDocument": {"Statement": list(statements)}}
    return {"Type": "AWS::IAM::Role", "Properties": {"Policies": [policy], **more}}


def function(of):
    return {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": [of, "Arn"]}}}


def template(**resources):
    return {"Resources": resources}


def found(before, after, needed=None):
    """Return what is gained and lost, each as (role, action, resource)."""
    compared = compare(before, after, VALUES, needed or {})
    return [
        [(item.role, item.action, item.resource) for item in listed]
        for listed in (compared.gained, compared.lost)
    ]


def test_a_role_gains_what_nothing_of_its_policy_covered():
    before = template(R=role(allow("s3:*", "arn:aws:s3:::b/*")))
    after = template(R=role(allow("s3:Get*", "arn:aws:s3:::b/k"), allow(["sns:Publish"], "t")))

    assert found(before, after) == [
        [("R", "sns:Publish", "t")],
        [("R", "s3:*", "arn:aws:s3:::b/*")],
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [[("R", "s3:GetObject", "b")], [("R", "s3:GetObject", "a")]]),
        ({"NoEcho": True}, [[], []]),
    ],
    ids=["a parameter", "a secret one"],
)
def test_a_parameter_that_comes_to_something_else_changes_permissions(more, expected):
    whole = template(R=role(allow("s3:GetObject", {"Ref": "P"})))
    before, after = (
        {**whole, "Parameters": {"P": {"Type": "String", "Default": text, **more}}} for text in "ab"
    )
    values = values_of(after, "stack", "1", "eu-west-1", secret=False)

    compared = compare(before, after, values, {})

    assert [
        [(item.role, item.action, item.resource) for item in listed]
        for listed in (compared.gained, compared.lost)
    ] == expected


def test_what_the_code_needs_is_told_with_its_line():
    arn = "arn:${AWS::Partition}:s3:::b-${AWS::Region}"
    after = template(R=role(allow("s3:ListBucket", {"Fn::Sub": arn})))

    compared = compare({}, after, VALUES, {"R": {"s3:ListBucket": {arn: "app.py:9"}}})

    [gained] = compared.gained
    assert (gained.resource, gained.where) == ("arn:${AWS::Partition}:s3:::b-eu-west-1", "app.py:9")


def test_functions_that_get_a_role_each_gain_nothing_and_lose_what_the_others_need():
    before = template(D=role(allow("a:A"), allow("b:B")), F=function("D"), G=function("D"))
    after = template(
        FR=role(allow("a:A")), GR=role(allow("b:B")), F=function("FR"), G=function("GR")
    )

    assert found(before, after) == [[], [("FR", "b:B", "*"), ("GR", "a:A", "*")]]


def test_a_function_that_leaves_a_role_which_stays_loses_what_it_had():
    before = template(D=role(allow("a:A"), allow("b:B")), F=function("D"), G=function("D"))
    after = template(
        D=role(allow("a:A"), allow("b:B")), FR=role(allow("a:A")), F=function("FR"), G=function("D")
    )

    assert found(before, after) == [[], [("FR", "b:B", "*")]]


def test_a_function_that_comes_into_a_role_which_stays_gains_and_loses():
    before = template(
        D=role(allow("a:A")), FR=role(allow("b:B")), F=function("FR"), G=function("D")
    )
    after = template(D=role(allow("a:A")), F=function("D"), G=function("D"))

    assert found(before, after) == [[("D", "a:A", "*")], [("D", "b:B", "*")]]


def test_a_function_that_is_new_gains_nothing_by_a_role_which_was_there():
    before = template(D=role(allow("a:A")), F=function("D"))

    assert found(before, template(**before["Resources"], G=function("D"))) == [[], []]


def test_a_function_that_comes_to_share_a_role_of_others_gains_what_it_had_not():
    before = template(
        FR=role(allow("a:A")), GR=role(allow("b:B")), F=function("FR"), G=function("GR")
    )
    after = template(D=role(allow("a:A"), allow("b:B")), F=function("D"), G=function("D"))

    gained, lost = found(before, after)

    assert sorted(gained) == [("D", "a:A", "*"), ("D", "b:B", "*")]
    assert lost == []


def test_what_goes_with_a_role_is_lost():
    before = template(R=role(allow("a:A")), S=role(allow("b:B")))

    assert found(before, template(R=role(allow("a:A")))) == [[], [("S", "b:B", "*")]]


def test_what_is_denied_no_more_is_gained():
    deny = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    before, after = template(R=role(allow("a:A"), deny)), template(R=role(allow("a:A")))

    assert found(before, after) == [[("R", "s3:*", "*")], []]
    assert found(after, before) == [[], [("R", "s3:*", "*")]]


def attached(kind, **properties):
    document = {"Statement": allow("a:A")}
    return {"Type": kind, "Properties": {"PolicyDocument": document, **properties}}


@pytest.mark.parametrize(
    "after",
    [
        template(R=role(ManagedPolicyArns=[{"Ref": "P"}]), P=attached("AWS::IAM::ManagedPolicy")),
        template(R=role(), P=attached("AWS::IAM::ManagedPolicy", Roles=[{"Ref": "R"}])),
        template(R=role(), P=attached("AWS::IAM::Policy", Roles=[{"Ref": "R"}])),
        template(R=role(), P=attached("AWS::IAM::RolePolicy", RoleName={"Ref": "R"})),
    ],
    ids=["named by the role", "naming the role", "inline", "of one role"],
)
def test_policies_that_are_resources_count(after):
    assert found({}, after) == [[("R", "a:A", "*")], []]
    assert found(template(R=role(allow("a:A"))), after) == [[], []]


def test_a_policy_of_which_only_the_name_is_known_is_told_by_it():
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"

    gained, _ = found(template(R=role()), template(R=role(ManagedPolicyArns=[arn])))

    assert gained == [("R", WHOLE_POLICY, arn)]


def test_a_functions_own_log_is_not_told():
    logs = ["logs:CreateLogStream", "logs:PutLogEvents"]
    groups = [{"Fn::GetAtt": ["ReportLogGroup", "Arn"]}]
    pattern = {"Fn::Sub": "arn:aws:logs:x:y:log-group:/aws/lambda/${AWS::StackName}-*:*"}
    granted = role(allow(logs, groups), allow(logs, pattern), allow(logs, "other"))
    report = function("R")
    report["Properties"]["LoggingConfig"] = {"LogGroup": {"Ref": "ReportLogGroup"}}

    gained, _ = found({}, template(R=granted, Report=report))

    assert gained == [("R", action, "other") for action in logs]


def test_a_log_group_that_is_no_functions_own_is_told():
    group = {"Fn::GetAtt": ["AuditLogGroup", "Arn"]}

    gained, _ = found({}, template(R=role(allow("logs:PutLogEvents", group)), F=function("R")))

    assert gained == [("R", "logs:PutLogEvents", "AuditLogGroup.Arn")]


def test_expressions_are_told_by_what_they_name():
    joined = {"Fn::Join": ["", ["a", {"Ref": "B"}]]}
    resources = [{"Ref": "Topic"}, {"Fn::GetAtt": "Table.Arn"}, joined]

    gained, _ = found({}, template(R=role(allow("a:A", resources))))

    assert sorted(item[2] for item in gained) == ["Table.Arn", "Topic", json.dumps(joined)]


@pytest.mark.parametrize("body", [{}, {"Resources": {"R": {"Type": "AWS::IAM::Role"}}}])
def test_a_template_of_any_form_is_compared(body):
    assert found(body, body) == [[], []]


@pytest.mark.parametrize("stage", ["dev", "mixed", "policies"])
def test_a_stack_of_aws_chalice_gains_nothing_by_ours(stage):
    gained, lost = found(their_template(stage), cloudformation(graph_in(STORE, stage)))

    assert gained == []
    assert {action.partition(":")[0] for _, action, _ in lost} <= {"logs"}
