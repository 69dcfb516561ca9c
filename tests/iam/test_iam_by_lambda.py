import pytest

from chalice.iam import by_lambda, listed


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, ()),
        ({"VpcConfig": {"SubnetIds": []}, "TracingConfig": {"Mode": "PassThrough"}}, ()),
        ({"VpcConfig": {"SubnetIds": ["subnet-1"]}}, (by_lambda.VPC,)),
        ({"TracingConfig": {"Mode": "Active"}}, (by_lambda.XRAY,)),
        (
            {"VpcConfig": {"SubnetIds": ["subnet-1"]}, "TracingConfig": {"Mode": "Active"}},
            (by_lambda.VPC, by_lambda.XRAY),
        ),
    ],
)
def test_a_function_in_a_vpc_or_traced_needs_its_role_for_that(properties, expected):
    assert by_lambda.settings(properties) == expected


def test_what_a_setting_needs_is_a_statement_on_everything():
    assert by_lambda.XRAY.statement == {
        "Effect": "Allow",
        "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
        "Resource": "*",
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [("s3:GetObject", ["s3:GetObject"]), (["a", "b"], ["a", "b"]), ([], []), (None, [])],
)
def test_one_name_or_a_list_of_them_is_a_list(value, expected):
    assert listed(value) == expected
