import pytest

from chalice.permissions.review import review


def policy(action="s3:GetObject", resource="*"):
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}],
    }


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        "arn:aws:s3:::b/*",
        "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:queue",
        "arn:*:sqs:*:*:queue",
        "arn:aws:sqs:us-east-?:1234*:queue",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/x:log-stream:y",
        "arn:aws:s3:::${aws:PrincipalTag/team}/*",
        "arn:aws:s3:::user files/*",
        {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:q"},
        {"Fn::GetAtt": ["Bucket", "Arn"]},
        {"Fn::Sub": "${Bucket.Arn}/*"},
    ],
    ids=str,
)
def test_a_resource_that_iam_takes(resource):
    assert review(policy(resource=resource), ".chalice/policy.json") == []


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        ("my-bucket", "which is no ARN"),
        ("", "which is no ARN"),
        ("arn:aws:s3", "which has 3 parts of the 6 of an ARN"),
        ("arn:amazon:s3:::b", "whose partition `amazon` is none"),
        ("arn:aws::::b", "which names no service"),
        ("arn:aws:s3:::", "which names no resource"),
        ("arn:aws:sqs:us-east-1:12345:q", "whose account `12345` is not 12 digits"),
        ("arn:aws:s3:::日本", "which has characters that IAM does not take"),
        ({"Fn::Sub": "arn:${AWS::Partition}:s3"}, "which has 3 parts of the 6 of an ARN"),
    ],
    ids=str,
)
def test_a_resource_that_iam_refuses(resource, why):
    (problem,) = review(policy(resource=resource), ".chalice/policy.json")

    assert (problem.code, problem.where, problem.severity) == (
        "policy-resource-form",
        ".chalice/policy.json",
        "error",
    )
    assert problem.summary.endswith(why)


@pytest.mark.parametrize("action", ["*", "s3:*", "S3:getobject", "s3:Get*", "s3:?etObject"])
def test_an_action_that_there_is(action):
    assert review(policy(action=action), ".chalice/policy.json") == []


@pytest.mark.parametrize(
    ("action", "code", "hint"),
    [
        ("s3:GetObjects", "policy-action-unknown", "the nearest is `s3:getobject`"),
        ("dynamo:GetItem", "policy-action-unknown", "the nearest is `dynamodb`"),
        (
            "s3:Frob*",
            "policy-action-unknown",
            "look it up in AWS's service authorization reference",
        ),
        (
            "GetObject",
            "policy-action-form",
            "write `SERVICE:ACTION`, such as `s3:GetObject`, or `*`",
        ),
        (
            "s3:Get Object",
            "policy-action-form",
            "write `SERVICE:ACTION`, such as `s3:GetObject`, or `*`",
        ),
    ],
)
def test_an_action_that_there_is_not(action, code, hint):
    (problem,) = review(policy(action=["s3:PutObject", action]), "policy.json")

    assert (problem.code, problem.hint) == (code, hint)
    assert problem.severity == ("warning" if code == "policy-action-unknown" else "error")


def test_all_of_a_document_is_told_at_once():
    wrong = policy(action=["s3:X1", "s3:X2"], resource=["a", "b"])

    assert len(review(wrong, "policy.json")) == 4


def variables(version, **statement):
    policy = {"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}
    policy["Statement"] |= statement
    return {**policy, "Version": version} if version else policy


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ({"Resource": "arn:aws:s3:::b/${aws:username}/*"}, "${aws:username}"),
        ({"Resource": ["*", {"Fn::Sub": "${Bucket.Arn}/${!aws:userid}"}]}, "${aws:userid}"),
        ({"Resource": {"Fn::Sub": ["${B}/${!aws:userid}", {"B": "b"}]}}, "${aws:userid}"),
        (
            {"Condition": {"StringLike": {"s3:prefix": ["", "${aws:PrincipalTag/team}/*"]}}},
            "${aws:PrincipalTag/team}",
        ),
    ],
    ids=["a resource", "an expression", "an expression with names", "a condition"],
)
@pytest.mark.parametrize("version", ["2008-10-17", ""], ids=["older", "none"])
def test_what_looks_like_a_variable_where_there_are_none_is_told(version, statement, text):
    (problem,) = review(variables(version, **statement), "policy.json")

    assert (problem.code, problem.severity) == ("policy-version", "warning")
    assert problem.summary == (
        f"statement 1 has `{text}`, which is plain text in a policy of this version"
    )
    assert problem.hint == 'write `"Version": "2012-10-17"` for a variable'
    assert review(variables("2012-10-17", **statement), "policy.json") == []


def test_what_cloudformation_fills_in_is_no_variable():
    resource = {"Fn::Sub": "arn:${AWS::Partition}:s3:::b"}

    assert review(variables("", Resource=resource), "policy.json") == []
