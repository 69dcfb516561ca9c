"""What is wrong with a policy that somebody wrote."""

import json

import pytest

from chalice.iam.review import review

SOURCE = "aws:SourceIp"


def statement(**others):
    return {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "*",
        **others,
    }


def condition(operator, key, value):
    return statement(Condition={operator: {key: value}})


def told(*statements):
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return [
        (fault.path, fault.summary, fault.hint, fault.severity)
        for fault in review(document, resource_based=True)
    ]


@pytest.mark.parametrize(
    "good",
    [
        statement(),
        statement(Action="*"),
        statement(Action=["EXECUTE-API:inv*", "s3:GetObject"]),
        condition("IpAddress", SOURCE, ["203.0.113.0/24", "::1"]),
        condition("ForAllValues:StringLikeIfExists", "aws:PrincipalTag/team", "a*"),
        condition("Null", "AWS:SOURCEVPCE", False),
        condition("DateLessThan", "aws:CurrentTime", "2030-01-01T00:00:00Z"),
        condition("NumericLessThan", "aws:MultiFactorAuthAge", 300),
        condition("StringEquals", "s3:prefix", "a"),
    ],
)
def test_what_is_right_is_not_spoken_of(good):
    assert told(good) == []


@pytest.mark.parametrize(
    ("wrong", "below", "summary", "hint", "severity"),
    [
        (
            condition("IpAdress", SOURCE, "203.0.113.1"),
            ("Condition", "IpAdress"),
            "there is no condition operator `IpAdress`",
            "write `IpAddress`",
            "error",
        ),
        (
            condition("ForAnyValues:StringEqualIfExists", SOURCE, "x"),
            ("Condition", "ForAnyValues:StringEqualIfExists"),
            "there is no condition operator `ForAnyValues:StringEqualIfExists`",
            "write `ForAnyValue:StringEqualsIfExists`",
            "error",
        ),
        (
            condition("Near", SOURCE, "x"),
            ("Condition", "Near"),
            "there is no condition operator `Near`",
            "write an operator of IAM, `StringEquals`",
            "error",
        ),
        (
            condition("IpAddress", SOURCE, ["::1", "1.2.3.4/99"]),
            ("Condition", "IpAddress", SOURCE, 1),
            "`IpAddress` of `aws:SourceIp` is `1.2.3.4/99`, no address",
            "write an address or a range, `203.0.113.0/24`",
            "error",
        ),
        (
            condition("Null", SOURCE, "perhaps"),
            ("Condition", "Null", SOURCE),
            "`Null` of `aws:SourceIp` is `perhaps`, no boolean",
            "write `true` or `false`",
            "error",
        ),
        (
            condition("StringEquals", "aws:SourceIpp", "x"),
            ("Condition", "StringEquals", "aws:SourceIpp"),
            "there is no condition key `aws:SourceIpp`",
            "write `aws:SourceIp`",
            "warning",
        ),
        (
            statement(Action=["execute-api:Invoke", "execute-api:Invok"]),
            ("Action", 1),
            "there is no action `execute-api:Invok`",
            "write `execute-api:Invoke`",
            "warning",
        ),
    ],
)
def test_a_slip_is_told_with_its_place_and_what_was_meant(wrong, below, summary, hint, severity):
    found = told(statement(), wrong)

    assert found == [(("Statement", 1, *below), summary, hint, severity)]


def test_every_statement_that_is_wrong_is_told_at_once():
    found = told(statement(Effect="allow"), statement(), statement(Sids="x"), "nothing")

    assert [(path, summary) for path, summary, _, _ in found] == [
        (("Statement", 0), "Effect of Statement 0 is `allow`, neither Allow nor Deny"),
        (("Statement", 2), "Statement 2 has an unknown element `Sids`"),
        (("Statement", 3), "Statement 3 is not an object"),
    ]


def test_a_condition_that_is_no_object_is_told_once():
    found = told(statement(Condition={"IpAddress": ["203.0.113.1"]}))

    assert [fault[:2] for fault in found] == [
        (("Statement", 0), "IpAddress of Statement 0 is not an object")
    ]


def test_a_policy_without_statements_is_none():
    assert [(path, summary) for path, summary, _, _ in told()] == [
        (("Statement",), "Statement is empty")
    ]
    assert [fault.summary for fault in review([], resource_based=False)] == [
        "the policy document is not an object"
    ]


@pytest.mark.parametrize(
    "written",
    [
        {"Resource": {"Fn::Sub": "arn:${AWS::Partition}:s3:::b"}},
        {"Resource": [{"Fn::GetAtt": ["Bucket", "Arn"]}, {"Ref": "Topic"}]},
        {"Resource": "*", "Condition": {"NumericLessThan": {"s3:max-keys": {"Ref": "Most"}}}},
    ],
    ids=["a resource", "resources", "a condition"],
)
def test_what_functions_may_do_may_hold_expressions_of_cloudformation(written):
    document = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", **written}]}

    assert list(review(document, resource_based=False, of_role=True)) == []
    assert list(review(document, resource_based=False))


GET = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
SOMETIMES = {"Fn::If": ["Sometimes", GET, {"Ref": "AWS::NoValue"}]}


@pytest.mark.parametrize(
    "document",
    [
        {"Fn::Transform": {"Name": "AWS::Include"}},
        {"Statement": {"Fn::If": ["Sometimes", [GET], []]}},
        {"Statement": [GET, SOMETIMES]},
        {"Statement": [{**GET, "Effect": {"Ref": "Effect"}, "Sid": {"Ref": "Sid"}}]},
        {"Statement": [{**GET, "Action": {"Fn::Split": [",", {"Ref": "Actions"}]}}]},
    ],
    ids=["a document", "statements", "a statement", "an effect", "actions"],
)
def test_what_an_expression_comes_to_is_not_judged(document):
    assert list(review(document, resource_based=False, of_role=True)) == []


def test_what_stands_beside_an_expression_is_judged_at_its_place():
    document = {"Statement": [SOMETIMES, {**GET, "Effect": "Alow", "Resource": {"Ref": "Bucket"}}]}

    found = list(review(document, resource_based=False, of_role=True))

    assert [(fault.path, fault.summary) for fault in found] == [
        (("Statement", 1), "Effect of Statement 1 is `Alow`, neither Allow nor Deny")
    ]


@pytest.mark.parametrize(("element", "severity"), [("Action", "warning"), ("Resource", "error")])
def test_a_statement_about_nothing_is_told_and_without_resources_refused(element, severity):
    found = list(review({"Statement": [{**GET, element: []}]}, resource_based=False, of_role=True))

    assert [(fault.path, fault.severity) for fault in found] == [
        (("Statement", 0, element), severity)
    ]
    assert f"{element} of Statement 0 is empty" in found[0].summary


@pytest.mark.parametrize("resource_based", [True, False])
@pytest.mark.parametrize("of_role", [True, False])
def test_the_statement_that_is_hinted_at_is_right(resource_based, of_role):
    empty = {"Version": "2012-10-17", "Statement": []}
    (fault,) = review(empty, resource_based=resource_based, of_role=of_role)

    hinted = json.loads(fault.hint.split("`")[1])

    document = {"Version": "2012-10-17", "Statement": [hinted]}
    assert list(review(document, resource_based=resource_based)) == []


def test_a_statement_of_a_role_that_is_no_object_is_told():
    document = {"Version": "2012-10-17", "Statement": ["s3:GetObject"]}

    [fault] = review(document, resource_based=False, of_role=True)

    assert (fault.path, fault.severity) == (("Statement", 0), "error")
