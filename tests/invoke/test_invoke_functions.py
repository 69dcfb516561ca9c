"""What a function of this machine is called in AWS, and where it pretends to be."""

import pytest

from chalice.invoke.functions import LocalFunction
from chalice.regions import partition_of


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_a_region_lies_in_a_partition(region, partition):
    assert partition_of(region) == partition


def test_a_function_s_arn_is_of_its_region_and_partition():
    function = LocalFunction("demo-dev", region="cn-north-1", account_id="111122223333")

    assert function.arn == "arn:aws-cn:lambda:cn-north-1:111122223333:function:demo-dev"


def test_a_function_that_nobody_placed_is_where_the_defaults_say():
    assert LocalFunction("f").arn == "arn:aws:lambda:us-east-1:123456789012:function:f"
