"""How the checks before a deploy ask, and how they tell; nothing is called."""

import pytest
from tests.deploy.deployments import wanted
from tests.deploy.preflighting import LAYER, NETWORK, REGIONAL, ROLE, TWO, checked, found, merged
from tests.deploy.there import TRUST, There

from chalice.aws.functions import Layer


def test_an_application_that_names_nothing_asks_for_nothing(tmp_path):
    there = There()

    assert checked(wanted(tmp_path, app=TWO), there) == ()
    assert there.asked == []


def test_what_several_functions_name_is_asked_for_once(tmp_path):
    config = {"manage_iam_role": False, "iam_role_arn": ROLE, "layers": [LAYER], **NETWORK}
    there = There(
        roles={ROLE: TRUST},
        layers={LAYER: Layer(10)},
        subnet_vpcs={"subnet-1": "vpc-1", "subnet-2": "vpc-1"},
        group_vpcs={"sg-1": "vpc-1"},
    )

    assert checked(wanted(tmp_path, "one", config, TWO), there) == ()
    assert there.asked == ["role", "layer", "subnets", "security_groups"]


def test_where_only_code_changes_nothing_is_asked_for(tmp_path):
    config = {"manage_iam_role": False, "iam_role_arn": ROLE, **REGIONAL}
    before = wanted(tmp_path / "a", "one", config)
    there = There()

    assert checked(wanted(tmp_path / "b", "two", config), there, before) == ()
    assert there.asked == []


def test_what_is_configured_anew_is_looked_at_again(tmp_path):
    config = {"manage_iam_role": False, "iam_role_arn": ROLE}
    before = wanted(tmp_path / "a", "one", config)
    after = wanted(tmp_path / "b", "one", {**config, "lambda_memory_size": 256})

    codes, _ = found(after, There(), before)

    assert codes == [("role-missing", ".chalice/config.json:4")]


def test_what_may_not_be_looked_up_is_a_warning(tmp_path):
    config = {"manage_iam_role": False, "iam_role_arn": ROLE, "reserved_concurrency": 5, **REGIONAL}
    there = There(denied={"role", "concurrency", "certificate", "has_domain"})

    warnings = checked(wanted(tmp_path, "one", config), there)

    assert {item.code for item in warnings} == {"not-looked-up"}
    assert {item.severity for item in warnings} == {"warning"}
    assert "the credentials in use may not `any:role`" in warnings[0].summary
    assert len(warnings) == 4


EVERY_LOOK_UP = (
    *("role", "has_policy", "layer", "concurrency", "describe", "subnets", "security_groups"),
    *("certificate", "has_domain", "mappings", "has_group", "endpoints"),
)


@pytest.mark.parametrize("allowed", [set(), {"has_domain"}], ids=["none", "all but one"])
def test_every_look_up_may_be_denied(tmp_path, allowed):
    config = {
        "manage_iam_role": False,
        "iam_role_arn": ROLE,
        "layers": [LAYER],
        "reserved_concurrency": 5,
        **NETWORK,
        **REGIONAL,
    }
    mapping = {"DomainName": "api.example.org", "BasePath": "v1"}
    template = {
        "Resources": {
            "F": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "f"}},
            "G": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "g"}},
            "M": {"Type": "AWS::ApiGateway::BasePathMapping", "Properties": mapping},
            "RestAPI": {"Properties": {"EndpointConfiguration": {"VpcEndpointIds": ["vpce-1"]}}},
            "R": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": ["arn:aws:p"]}},
        }
    }
    there = There(denied=set(EVERY_LOOK_UP) - allowed, known_domains={"api.example.org": ()})

    warnings = checked(merged(wanted(tmp_path, "one", config), tmp_path, template), there)

    assert {item.code for item in warnings} == {"not-looked-up"}
    assert set(there.asked) == set(EVERY_LOOK_UP) - ({"mappings"} if not allowed else set())


def test_in_the_sandbox_what_is_missing_is_a_warning(tmp_path):
    config = {"manage_iam_role": False, "iam_role_arn": ROLE}

    (warning,) = checked(wanted(tmp_path, "one", config), There(), sandbox=True)

    assert (warning.code, warning.severity) == ("role-missing", "warning")
    assert warning.summary.endswith("; on AWS that stops the deploy")


def test_all_problems_are_told_at_once_with_file_and_line(tmp_path):
    config = {
        "manage_iam_role": False,
        "iam_role_arn": ROLE,
        "layers": [LAYER],
        "reserved_concurrency": 950,
        **NETWORK,
    }

    codes, _ = found(wanted(tmp_path, "one", config), There())

    assert codes == [
        ("role-missing", ".chalice/config.json:4"),
        ("layer-missing", ".chalice/config.json:5"),
        ("concurrency", ".chalice/config.json:8"),
        ("subnet-missing", ".chalice/config.json:9"),
        ("subnet-missing", ".chalice/config.json:9"),
        ("security-group-missing", ".chalice/config.json:13"),
    ]
