import pytest

from chalice.iam.arns import fault_of_resource, parts_of


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        "arn:aws:s3:::orders/*",
        "arn:aws-cn:sqs:cn-north-1:123456789012:jobs",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs",
        "${Table.Arn}/index/*",
        "arn:*",
        "arn*",
    ],
)
def test_what_iam_takes_as_a_resource_has_no_fault(resource):
    assert fault_of_resource(resource) == ""


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        ("arn:aws:s3:::förder/\u0100", "which has characters that IAM does not take"),
        ("orders", "which is no ARN"),
        ("arn:aws:s3", "which has 3 parts of the 6 of an ARN"),
        ("arn:amazon:s3:::orders", "whose partition `amazon` is none"),
        ("arn:aws:s*:::orders", "whose service `s*` has a wildcard"),
        ("arn:aws:s?s:::orders", "whose service `s?s` has a wildcard"),
        ("arn:aws::::orders", "which names no service"),
        ("arn:aws:s3:::", "which names no resource"),
        ("arn:aws:sqs:eu-west-1:12345:jobs", "whose account `12345` is not 12 digits"),
    ],
)
def test_what_iam_refuses_as_a_resource_is_told_by_its_part(resource, why):
    assert fault_of_resource(resource) == why


def test_a_variable_with_colons_is_one_part_of_an_arn():
    assert parts_of("arn:aws:sqs:${AWS::Region}:123456789012:a:b") == [
        *("arn", "aws", "sqs", "$", "123456789012", "a:b"),
    ]
