"""Parameters of merged templates, and roles that authorizers are called with."""

import pytest
from tests.deploy.deployments import APP, wanted
from tests.deploy.preflighting import ACCOUNT, ROLE, checked, found, merged
from tests.deploy.there import TRUST, There

AUTHORIZER = (
    APP
    + """
    @app.authorizer(execution_role="ARN")
    def check(request):
        return {}

    @app.route("/closed", authorizer=check)
    def closed():
        return {}
"""
)
GATEWAY = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]
}


def test_a_parameter_without_a_default_is_told_with_its_line(tmp_path):
    template = {"Parameters": {"Good": {"Type": "String", "Default": ""}, "P": {"Type": "String"}}}

    codes, text = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert codes == [("merge-parameter", f"{tmp_path}/extras.json:7")]
    assert "parameter `P` has no `Default`, and a deploy gives it no value; give it" in text


@pytest.mark.parametrize(
    ("roles", "arn", "expected"),
    [
        ({}, ROLE.replace(ACCOUNT, "9" * 12), ["role-account"]),
        ({}, ROLE, ["role-missing"]),
        ({ROLE: GATEWAY}, ROLE, []),
        (
            {ROLE: TRUST},
            ROLE,
            ["role-trust"],
        ),
    ],
    ids=["another account", "missing", "there", "not for API Gateway"],
)
def test_a_role_that_an_authorizer_is_called_with_is_looked_at(tmp_path, roles, arn, expected):
    what = wanted(tmp_path, app=AUTHORIZER.replace("ARN", arn))

    problems, text = found(what, There(roles=roles))

    assert problems == [(code, "app.py:10") for code in expected]
    assert ("requests that need it would be answered 500" in text) == (
        expected not in ([], ["role-account"])
    )


def test_a_role_that_api_gateway_cannot_take_stops_nothing(tmp_path):
    (warning,) = checked(wanted(tmp_path, app=AUTHORIZER.replace("ARN", ROLE)), There())

    assert (warning.code, warning.severity) == ("role-missing", "warning")


def test_the_role_of_an_authorizer_is_asked_for_only_where_the_definition_changes(tmp_path):
    there = There(roles={ROLE: GATEWAY})
    before = wanted(tmp_path / "a", "one", app=AUTHORIZER.replace("ARN", ROLE))
    after = wanted(tmp_path / "b", "two", app=AUTHORIZER.replace("ARN", ROLE))

    problems, _ = found(after, there, before)

    assert (problems, there.asked) == ([], [])
