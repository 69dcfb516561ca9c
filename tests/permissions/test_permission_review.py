import pytest

from chalice.permissions.granting.resources import formats
from chalice.permissions.reading import services
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
        ("arn:aws:s*:::b", "whose service `s*` has a wildcard"),
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
        ("s3:GetObjects", "policy-action-unknown", "the nearest is `s3:GetObject`"),
        ("s3:getobjectss", "policy-action-unknown", "the nearest is `s3:GetObject`"),
        ("S3:ListBuckett", "policy-action-unknown", "the nearest is `S3:ListBucket`"),
        ("iam:PassRoles", "policy-action-unknown", "the nearest is `iam:PassRole`"),
        (
            "states:StartExecutions",
            "policy-action-unknown",
            "the nearest is `states:StartExecution`",
        ),
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


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        ("arn:aws:s3:us-east-1:123456789012:bucket/x", "a region and an account"),
        ("arn:aws:s3::123456789012:b", "an account"),
        ({"Fn::Sub": "arn:${AWS::Partition}:s3:${AWS::Region}::b/*"}, "a region"),
        ("arn:aws:iam:us-east-1:123456789012:role/r", "a region"),
        ("arn:aws:route53:us-east-1:123456789012:hostedzone/Z", "a region and an account"),
    ],
    ids=str,
)
def test_a_resource_with_what_its_service_has_not(resource, why):
    (problem,) = review(policy(resource=resource), "policy.json")

    assert (problem.code, problem.severity) == ("policy-resource-place", "warning")
    assert problem.summary.endswith(f" has {why}, which such resources have not")


def test_a_resource_of_a_service_that_is_not_known():
    (problem,) = review(policy(resource="arn:aws:snss:us-east-1:123456789012:t"), "policy.json")

    assert (problem.code, problem.severity) == ("policy-resource-place", "warning")
    assert problem.summary.endswith(" is of the service `snss`, and none is known of that name")
    assert problem.hint == "the nearest is `sns`: a name that no service has matches nothing"


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        ("arn:aws:sqs:::q", "a region and an account"),
        ("arn:aws:sqs:us-east-1::q", "an account"),
        ("arn:aws:dynamodb::123456789012:table/t", "a region"),
        ("arn:aws:iam:::role/r", "an account"),
        ({"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}::topic"}, "an account"),
    ],
    ids=str,
)
def test_a_resource_without_what_its_service_has(resource, why):
    (problem,) = review(policy(resource=resource), "policy.json")

    assert (problem.code, problem.severity) == ("policy-resource-place", "warning")
    assert problem.summary.endswith(f" lacks {why}, which such resources have")


def test_arns_as_aws_lists_them_have_their_parts_in_place():
    values = {"R": "us-east-1", "A": "123456789012"}
    wrong = {}

    for prefix in services.prefixes():
        for text in formats.arns_of(prefix):
            service, region, account, name = text.split(":", 3)
            place = f"{values.get(region, region)}:{values.get(account, account)}"
            arn = f"arn:aws:{service}:{place}:{name}"
            found = review(policy(resource=arn), "policy.json")
            if any(problem.code == "policy-resource-place" for problem in found):
                wrong[arn] = found

    assert wrong == {}


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:s3:us-east-1:123456789012:accesspoint/a/object/*",
        "arn:aws:ssm:us-east-1::parameter/aws/service/ami-amazon-linux-latest/*",
        "arn:aws:bedrock:us-east-1::foundation-model/*",
        "arn:aws:apigateway:us-east-1::/restapis/*",
        "arn:aws:catalog:us-east-1:123456789012:product/p",
        "arn:aws:sqs:*:*:q",
        "arn:aws:s3::123456789012:accesspoint/m.mrap",
        "arn:aws:s3:us-east-1:123456789012:storage-lens/x",
        "arn:aws:s3:*:*:b",
        "arn:aws:iam::123456789012:role/r",
        "arn:aws:route53:::hostedzone/Z",
        "arn:aws:s3:us-east-1:123456789012:*",
    ],
)
def test_a_resource_of_a_service_that_has_both_kinds(resource):
    assert review(policy(resource=resource), "policy.json") == []


def sids(*names):
    return {
        "Version": "2012-10-17",
        "Statement": [{"Sid": name, **policy()["Statement"][0]} for name in names],
    }


def test_names_of_statements_that_iam_takes():
    assert review(sids("Read", "read", "2"), "policy.json") == []


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["a b-c"], "statement 1 has the Sid `a b-c`, which has other than letters and digits"),
        ([5], "statement 1 has a Sid that is no text"),
        (["One", "Two", "One"], "statement 3 has the Sid `One`, as statement 1 has"),
    ],
    ids=["characters", "no text", "twice"],
)
def test_names_of_statements_that_iam_refuses(names, told):
    (problem,) = review(sids(*names), "policy.json", lambda path: f"policy.json:{path}")

    at = len(names) - 1
    assert (problem.code, problem.severity) == ("policy-sid", "error")
    assert (problem.summary, problem.where) == (
        told,
        f"policy.json:('Statement', {at}, 'Sid')",
    )


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
