"""Updates that failed and were not undone, or not to the end: `chalice rollback` undoes them."""

import json

import pytest
from tests import sandboxes
from tests.deploy.deployments import Watcher, deploy, deployment, target, wanted
from tests.deploy.in_memory import StacksInMemory, Step

from chalice.aws.account import Caller
from chalice.deploy.deployment import Deployment
from chalice.deploy.failures import StackFailed
from chalice.deploy.rolling_back import roll_back
from chalice.deploy.states import Busy, Stuck
from chalice.deploy.waiting import Clock

UNDONE = (Step("UPDATE_ROLLBACK_IN_PROGRESS"), Step("UPDATE_ROLLBACK_COMPLETE"))
FAILED = (
    Step("UPDATE_ROLLBACK_IN_PROGRESS"),
    Step("UPDATE_FAILED", "Report", "It is in use"),
    Step("UPDATE_ROLLBACK_FAILED"),
)


class Account:
    """An account with one stack."""

    region = "eu-central-1"
    endpoint_url = None

    def __init__(self, stacks):
        self.stacks = stacks

    def caller(self):
        return Caller("1", "arn:aws:iam::1:user/a")


def of(stacks):
    """Return the deployment of the one stack."""
    aim = target("http://127.0.0.1:1", "shop-dev")
    stacks.tags = aim.tags
    return Deployment(Account(stacks), aim, Watcher(), Clock(lambda _: None))


@pytest.mark.parametrize(
    ("status", "operation"),
    [
        ("UPDATE_ROLLBACK_FAILED", "ContinueUpdateRollback"),
        ("UPDATE_FAILED", "RollbackStack"),
    ],
)
def test_an_update_is_undone_in_the_way_that_its_state_allows(status, operation):
    api = StacksInMemory(status, comes={operation: [UNDONE]})
    with pytest.raises(Stuck, match="`chalice rollback`"):
        of(api).look()

    done, release = roll_back(of(api))

    assert (done.stack.status, release) == ("UPDATE_ROLLBACK_COMPLETE", None)
    assert [name for name, _ in api.calls] == [operation]


def test_undoing_that_failed_is_tried_again_with_another_token():
    api = StacksInMemory(
        "UPDATE_ROLLBACK_FAILED", comes={"ContinueUpdateRollback": [FAILED, UNDONE]}
    )
    with pytest.raises(StackFailed, match="It is in use"):
        roll_back(of(api))

    done, _ = roll_back(of(api))

    assert done.stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert len({token for _, token in api.calls}) == 2


def test_undoing_that_an_earlier_run_has_begun_is_followed():
    api = StacksInMemory()
    api.happened("chalice-undo-1", Step("UPDATE_ROLLBACK_IN_PROGRESS"))
    api.coming += [("chalice-undo-1", step) for step in UNDONE[1:]]

    done, release = roll_back(of(api))

    assert (done.stack.status, release) == ("UPDATE_ROLLBACK_COMPLETE", None)
    assert api.calls == []


def test_undoing_that_somebody_else_has_begun_is_left_to_them():
    api = StacksInMemory()
    api.happened("theirs", Step("UPDATE_ROLLBACK_IN_PROGRESS"))

    with pytest.raises(Busy):
        roll_back(of(api))


def test_an_update_that_was_kept_as_it_failed_is_undone(aws_url, tmp_path):
    name = "undoing-kept"
    deploy(deployment(aws_url, name), wanted(tmp_path))
    account, session = sandboxes.account(aws_url), sandboxes.session(aws_url)
    before = account.stacks.template(name)
    session.call("s3", "create_bucket", Bucket="undoing-taken")
    taken = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "undoing-taken"}}
    session.call(
        "cloudformation",
        "update_stack",
        StackName=name,
        DisableRollback=True,
        Capabilities=["CAPABILITY_IAM"],
        TemplateBody=json.dumps({**before, "Resources": {**before["Resources"], "Taken": taken}}),
        Tags=[{"Key": key, "Value": value} for key, value in target(aws_url, name).tags.items()],
    )
    while account.stacks.stack(name).in_progress:
        pass
    assert account.stacks.stack(name).status == "UPDATE_FAILED"

    done, _ = roll_back(deployment(aws_url, name))

    assert done.stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert account.stacks.template(name) == before
