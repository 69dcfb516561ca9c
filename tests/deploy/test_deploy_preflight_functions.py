"""What a function needs of an account, before a deploy."""

import pytest
from tests.deploy.deployments import wanted
from tests.deploy.preflighting import ACCOUNT, LAYER, NETWORK, ROLE, found
from tests.deploy.there import TRUST, Functions, There

from chalice.aws.errors import Denied
from chalice.aws.functions import Concurrency, Layer


def trust(**statement):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


@pytest.mark.parametrize(
    ("policy", "taken"),
    [
        (TRUST, True),
        (trust(Principal={"Service": "lambda.amazonaws.com"}, Action=["sts:*"]), True),
        (trust(Principal="*", Action="sts:AssumeRole"), True),
        (trust(Principal={"Service": "ec2.amazonaws.com"}, Action="sts:AssumeRole"), False),
        (trust(Principal={"Service": "lambda.amazonaws.com"}, Action="sts:TagSession"), False),
        ({}, False),
    ],
)
def test_a_role_has_to_let_lambda_take_it(tmp_path, policy, taken):
    config = {"manage_iam_role": False, "iam_role_arn": ROLE}

    codes, _ = found(wanted(tmp_path, "one", config), There(roles={ROLE: policy}))

    assert codes == ([] if taken else [("role-trust", ".chalice/config.json:4")])


def test_a_role_of_another_account_or_path_is_told(tmp_path):
    elsewhere = {"manage_iam_role": False, "iam_role_arn": "arn:aws:iam::999999999999:role/a"}
    short = {"manage_iam_role": False, "iam_role_arn": f"arn:aws:iam::{ACCOUNT}:role/functions"}
    there = There(roles={ROLE: TRUST})

    codes, _ = found(wanted(tmp_path / "a", "one", elsewhere), there)
    _, text = found(wanted(tmp_path / "b", "one", short), there)

    assert codes == [("role-account", ".chalice/config.json:4")]
    assert f"there is `{ROLE}`; write `{ROLE}`" in text


def test_layers_are_there_in_the_region_and_once(tmp_path):
    far = LAYER.replace("eu-central-1", "us-east-1")
    newer = LAYER.replace(":3", ":4")
    config = {"layers": [LAYER, newer, far, "arn:aws:lambda:::awslayer:Any"]}
    there = There(layers={LAYER: Layer(300_000_000, ("arm64",)), newer: Layer(1)})

    codes, text = found(wanted(tmp_path, "one", config), there)

    assert [code for code, _ in codes] == [
        "layer-twice",
        "layer-architecture",
        "layer-region",
        "package-too-large",
    ]
    assert "publish it in `eu-central-1`" in text


def test_a_layer_that_its_owner_does_not_share_is_none(tmp_path):
    theirs = LAYER.replace(ACCOUNT, "580247275435")
    said = (
        "User: arn:aws:iam::123456789012:user/a is not authorized to perform:"
        f" lambda:GetLayerVersion on resource: {theirs} because no resource-based policy allows the"
        " lambda:GetLayerVersion action"
    )

    class Closed(Functions):
        def layer(self, arn):
            raise Denied("AccessDeniedException", "GetLayerVersionByArn", said, service="lambda")

    there = There()
    there.functions = Closed(there)

    codes, text = found(wanted(tmp_path, "one", {"layers": [theirs]}), there)

    assert codes == [("layer-missing", ".chalice/config.json:3")]
    assert "account 580247275435 does not share the layer" in text


@pytest.mark.parametrize(
    ("subnets", "groups", "codes"),
    [
        ({"subnet-1": "vpc-1", "subnet-2": "vpc-1"}, {"sg-1": "vpc-1"}, []),
        ({"subnet-1": "vpc-1", "subnet-2": "vpc-2"}, {"sg-1": "vpc-1"}, ["vpc-mixed"]),
        ({"subnet-1": "vpc-1", "subnet-2": "vpc-1"}, {"sg-1": "vpc-2"}, ["vpc-mixed"]),
        ({"subnet-1": "vpc-1"}, {"sg-1": "vpc-1"}, ["subnet-missing"]),
    ],
)
def test_subnets_and_security_groups_are_of_one_vpc(tmp_path, subnets, groups, codes):
    there = There(subnet_vpcs=subnets, group_vpcs=groups)

    found_codes, _ = found(wanted(tmp_path, "one", NETWORK), there)

    assert [code for code, _ in found_codes] == codes


@pytest.mark.parametrize(
    ("reserved", "limits", "fits"),
    [
        (900, Concurrency(1000, 1000), True),
        (901, Concurrency(1000, 1000), False),
        (50, Concurrency(1000, 120), False),
        (1, Concurrency(10, 10), False),
        (0, Concurrency(10, 10), True),
    ],
)
def test_100_invocations_at_once_stay_unreserved(tmp_path, reserved, limits, fits):
    config = {"reserved_concurrency": reserved}

    codes, _ = found(wanted(tmp_path, "one", config), There(limits=limits))

    assert codes == ([] if fits else [("concurrency", ".chalice/config.json:3")])


def test_what_is_reserved_already_counts_once(tmp_path):
    before = wanted(tmp_path / "a", "one", {"reserved_concurrency": 800})
    after = wanted(tmp_path / "b", "one", {"reserved_concurrency": 850})

    codes, _ = found(after, There(limits=Concurrency(1000, 200)), before)

    assert codes == []
