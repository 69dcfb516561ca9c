"""Policies of the roles of a template: which there are, and how many and how long."""

import pytest

from chalice.resources.limits import MAX_MANAGED_POLICIES, MAX_ROLE_POLICY
from chalice.template.roles import policies_of, problems_of_roles

ROLE = {"Ref": "R"}


def resource(kind, **properties):
    return {"Type": f"AWS::IAM::{kind}", "Properties": properties}


def document(resource="*", sid=""):
    return {"Statement": [{"Effect": "Allow", "Action": "a:A", "Resource": resource, "Sid": sid}]}


def inline(*documents):
    return [{"PolicyName": "P", "PolicyDocument": item} for item in documents]


def told(resources):
    def where(name, key):
        return f"{name}.{key}"

    return [(item.code, item.where, item.severity) for item in problems_of_roles(resources, where)]


def test_policies_reach_a_role_from_both_sides():
    resources = {
        "R": resource(
            "Role",
            Policies=inline(document("own")),
            ManagedPolicyArns=[{"Ref": "M"}, {"Fn::GetAtt": ["N", "PolicyArn"]}, "arn:other"],
        ),
        "M": resource("ManagedPolicy", PolicyDocument=document("m")),
        "N": resource("ManagedPolicy", PolicyDocument=document("n")),
        "O": resource("ManagedPolicy", PolicyDocument=document("o"), Roles=[ROLE]),
        "P": resource("Policy", PolicyDocument=document("p"), Roles=[ROLE, "elsewhere"]),
        "Q": resource("RolePolicy", PolicyDocument=document("q"), RoleName={"Fn::Sub": "${R}"}),
    }

    found = policies_of(resources)["R"]

    assert found.inline == [document("own"), document("p"), document("q")]
    assert found.managed == [document("m"), document("n"), document("o")]
    assert found.others == ["arn:other"]


def test_all_that_is_inline_counts_together():
    half = document(sid="x" * (MAX_ROLE_POLICY // 2))
    resources = {
        "R": resource("Role", Policies=inline(half)),
        "P": resource("Policy", PolicyDocument=half, Roles=[ROLE]),
    }

    assert told({"R": resources["R"]}) == []
    assert told(resources) == [("role-policy-size", "R.Policies", "error")]


@pytest.mark.parametrize(("characters", "severity"), [(30, "warning"), (130, "error")])
def test_what_only_expressions_make_too_long_is_a_warning(characters, severity):
    arns = [{"Fn::GetAtt": ["Q", "Arn"]}, "x" * characters]
    resources = {"M": resource("ManagedPolicy", PolicyDocument=document(arns * 50))}

    assert told(resources) == [("role-policy-size", "M.PolicyDocument", severity)]


def test_more_managed_policies_than_a_role_may_have_are_a_warning():
    arns = [f"arn:aws:iam::aws:policy/P{n}" for n in range(MAX_MANAGED_POLICIES)]
    resources = {"R": resource("Role", ManagedPolicyArns=arns)}
    more = {**resources, "M": resource("ManagedPolicy", PolicyDocument=document(), Roles=[ROLE])}

    assert told(resources) == []
    assert told(more) == [("role-policy-count", "R.ManagedPolicyArns", "warning")]


def test_what_may_never_be_made_does_not_count():
    long = resource("ManagedPolicy", PolicyDocument=document(sid="x" * MAX_ROLE_POLICY))

    assert told({"M": {**long, "Condition": "Sometimes"}}) == []
