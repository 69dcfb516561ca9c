"""A deploy that AWS would refuse half-way writes nothing; look-ups are few."""

import json
from dataclasses import replace

import pytest
from tests import faulty, sandboxes
from tests.deploy.deployments import deploy, deployment, wanted
from tests.deploy.there import TRUST

from chalice.aws.retrying import Patience
from chalice.aws.session import Access, Session
from chalice.deploy import carrying_out, preparing
from chalice.diagnostics import InvalidApp

# Source: MiniStack (observed): the account of its root keys.
ACCOUNT = "000000000000"

MISSING = {
    "manage_iam_role": False,
    "iam_role_arn": f"arn:aws:iam::{ACCOUNT}:role/preflight-missing",
    "layers": [f"arn:aws:lambda:us-east-1:{ACCOUNT}:layer:preflight-missing:1"],
}


def elsewhere(url, name, session=None):
    """Return the deployment of *name* by an AWS that is not told to be a sandbox."""
    made = deployment(url, name, session=session)
    return replace(made, target=replace(made.target, sandbox=False))


@pytest.fixture
def role(aws_url):
    session = sandboxes.session(aws_url)
    if sandboxes.account(aws_url).identity.role("preflight") is None:
        policy = json.dumps(TRUST)
        session.call("iam", "create_role", RoleName="preflight", AssumeRolePolicyDocument=policy)
    return f"arn:aws:iam::{ACCOUNT}:role/preflight"


@pytest.fixture
def layer(aws_url):
    empty = b"PK\x05\x06" + b"\0" * 18
    made = sandboxes.session(aws_url).call(
        "lambda", "publish_layer_version", LayerName="preflight", Content={"ZipFile": empty}
    )
    return made["LayerVersionArn"]


def test_what_would_be_refused_is_before_anything_is_made(aws_url, tmp_path):
    with faulty.proxy(aws_url) as proxy:
        access = Access(None, "eu-south-1", proxy.url, ("a", "b"))
        made = elsewhere(proxy.url, "preflight-none", Session(access, {}, Patience(lambda _: None)))
        look = made.look()
        what = wanted(tmp_path, "one", MISSING)

        for attempt in (carrying_out.deploy, preparing.plan, preparing.prepare):
            with pytest.raises(InvalidApp) as caught:
                attempt(made, look, what)

            assert [item.code for item in caught.value.problems] == [
                "role-missing",
                "layer-region",
            ]

        # Not even the bucket was.
        assert proxy.writes == []
        assert made.account.stacks.stack("chalice-artifacts") is None


def test_what_is_there_is_deployed_and_an_unchanged_deploy_looks_nothing_up(
    aws_url, tmp_path, role, layer
):
    config = {
        "manage_iam_role": False,
        "iam_role_arn": role,
        "layers": [layer],
        "reserved_concurrency": 1,
    }
    what = wanted(tmp_path / "a", "one", config)
    deploy(deployment(aws_url, "preflight-bucket"), wanted(tmp_path / "b"))

    with faulty.proxy(aws_url) as proxy:
        done = deploy(elsewhere(proxy.url, "preflight-there"), what)
        first = list(proxy.counted)
        proxy.calls.clear()
        deploy(elsewhere(proxy.url, "preflight-there"), what)

    assert done.stack.status == "CREATE_COMPLETE"
    # Those of an application that names nothing, and one look-up for each thing that this names.
    assert len(first) <= 12 + 3, first
    assert proxy.writes == []
    assert not {"GetRole", "GET /2018-10-31/layers"} & set(proxy.calls)


def test_a_deploy_of_code_alone_looks_nothing_up(aws_url, tmp_path, role):
    config = {"manage_iam_role": False, "iam_role_arn": role}
    deploy(elsewhere(aws_url, "preflight-code"), wanted(tmp_path / "a", "one", config))

    with faulty.proxy(aws_url) as proxy:
        done = deploy(elsewhere(proxy.url, "preflight-code"), wanted(tmp_path / "b", "two", config))

    assert [item.logical_id for item in done.plan.items] == ["APIHandler"]
    assert "GetRole" not in proxy.calls


def test_a_look_up_that_nobody_answers_stops_nothing(aws_url, tmp_path, role):
    config = {"manage_iam_role": False, "iam_role_arn": role}
    with faulty.proxy(aws_url) as proxy:
        denied = faulty.error("AccessDenied", "not authorized to perform: iam:GetRole", 403)
        proxy.fault = lambda _number, name: denied if name == "GetRole" else None

        done = deploy(elsewhere(proxy.url, "preflight-denied"), wanted(tmp_path, "one", config))

    (warning,) = done.plan.warnings
    assert (warning.code, warning.where) == ("not-looked-up", ".chalice/config.json:4")
    assert warning.summary == (
        f"the role `{role}` could not be looked up: the credentials in use may not `iam:GetRole`"
    )
