"""What an API names before a deploy: roles of its backends, and the VPC endpoints to it."""

import pytest
from tests.deploy.deployments import wanted
from tests.deploy.preflighting import ACCOUNT, ROLE, checked, found, merged
from tests.deploy.there import TRUST, There

PRIVATE = {
    "api_gateway_endpoint_type": "PRIVATE",
    "api_gateway_endpoint_vpce": ["vpce-1", "vpce-2"],
}
EXECUTE_API = "com.amazonaws.eu-central-1.execute-api"
GATEWAY = {
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
}


def called_with(credentials):
    """Return a template that has the API call its backend with *credentials*."""
    integration = {"x-amazon-apigateway-integration": {"credentials": credentials}}
    body = {"paths": {"/": {"get": integration}}}
    return {"Resources": {"RestAPI": {"Properties": {"Body": body}}}}


@pytest.mark.parametrize(
    ("roles", "arn", "expected"),
    [
        ({}, ROLE.replace(ACCOUNT, "9" * 12), ["role-account"]),
        ({}, ROLE, ["role-missing"]),
        ({ROLE: TRUST}, ROLE, ["role-trust"]),
        ({ROLE: GATEWAY}, ROLE, []),
        ({}, "arn:aws:iam::*:user/*", []),
        ({}, {"Fn::GetAtt": ["DefaultRole", "Arn"]}, []),
    ],
    ids=["another account", "missing", "not for API Gateway", "there", "who asks", "an expression"],
)
def test_a_role_that_a_backend_is_called_with_is_looked_at(tmp_path, roles, arn, expected):
    what = merged(wanted(tmp_path), tmp_path, called_with(arn))

    problems, text = found(what, There(roles=roles))

    assert [code for code, _ in problems] == expected
    assert {where.rpartition(":")[0] for _, where in problems} <= {str(tmp_path / "extras.json")}
    assert ("would be answered 500" in text) == (expected in (["role-missing"], ["role-trust"]))


def test_vpc_endpoints_that_lead_to_no_api_are_told_and_stop_nothing(tmp_path):
    there = There(endpoint_services={"vpce-1": "com.amazonaws.eu-central-1.s3"})

    warnings = checked(wanted(tmp_path, "one", PRIVATE), there)

    assert [(item.code, item.where, item.severity) for item in warnings] == [
        ("vpc-endpoint-service", ".chalice/config.json:4", "warning"),
        ("vpc-endpoint-missing", ".chalice/config.json:4", "warning"),
    ]
    assert "one of `com.amazonaws.eu-central-1.s3`" in warnings[0].summary


def test_vpc_endpoints_that_are_there_are_asked_for_once_and_where_they_change(tmp_path):
    there = There(endpoint_services={"vpce-1": EXECUTE_API, "vpce-2": EXECUTE_API})
    before = wanted(tmp_path / "a", "one", PRIVATE)
    after = wanted(tmp_path / "b", "two", PRIVATE)

    first, again = checked(before, there), checked(after, there, before)

    assert (first, again, there.asked) == ((), (), ["endpoints"])


def test_vpc_endpoints_that_may_not_be_looked_up_are_a_warning(tmp_path):
    (warning,) = checked(wanted(tmp_path, "one", PRIVATE), There(denied={"endpoints"}))

    assert (warning.code, warning.severity) == ("not-looked-up", "warning")
