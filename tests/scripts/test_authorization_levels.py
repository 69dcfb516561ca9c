"""Which actions may be granted on everything, by the access levels of a small reference."""

import pytest
from scripts.authorization.levels import levels
from tests.scripts.packages import action


@pytest.mark.parametrize(
    ("name", "level", "types", "expected"),
    [
        ("ec2:DescribeSubnets", "List", [], True),
        ("glue:GetTable", "Read", ["table"], True),
        ("secretsmanager:GetSecretValue", "Read", ["Secret"], False),
        ("logs:CreateLogDelivery", "Write", [], True),
        # It takes a resource; it is asked on what a call names; an account is run by it.
        ("sns:Publish", "Write", ["topic"], False),
        ("elasticloadbalancing:SetWebAcl", "Write", [], False),
        ("organizations:EnableAWSServiceAccess", "Write", [], False),
        ("lakeformation:PutDataLakeSettings", "Permissions management, Write", [], False),
    ],
)
def test_what_gives_little_away_is_listed(packages, name, level, types, expected):
    prefix, _, name = name.partition(":")
    packages.pages(prefix, action(name, level, types))

    found = levels(packages.folder)

    assert (f"{prefix}\t{name}" in found) is expected
