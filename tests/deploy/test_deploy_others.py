"""Stacks that somebody else works on, that are stuck, that are large, or in a fresh account."""

import threading
from dataclasses import replace

import pytest
from tests import faulty, sandboxes
from tests.deploy.deployments import Watcher, deploy, deployment, wanted

from chalice.aws.account import SdkAccount
from chalice.aws.cloudformation_sdk import SdkCloudFormation
from chalice.aws.retrying import Patience
from chalice.aws.session import Access, Session
from chalice.deploy import artifacts, carrying_out, preparing
from chalice.deploy.removal import remove
from chalice.deploy.rolling_back import roll_back
from chalice.deploy.states import Busy
from chalice.deploy.syncing import sync
from chalice.deploy.waiting import Clock, Pauses
from chalice.diagnostics import ToolError


class StacksInState(SdkCloudFormation):
    """Stacks that say they are in a state, the first so many times that they are asked."""

    def __init__(self, session, status, times):
        super().__init__(session)
        self.status = status
        self.times = times
        self.tokens = []

    def stack(self, name):
        found = super().stack(name)
        self.times -= 1
        if found is None or self.times < 0:
            return found
        return replace(found, status=self.status, protected=self.status == "PROTECTED")

    def events(self, name):
        for event in super().events(name):
            token = self.tokens[-1] if self.tokens else event.token
            yield replace(event, token=token)


class AccountInState(SdkAccount):
    """An account whose stacks are in a state."""

    def __init__(self, url, status, times=1):
        session = sandboxes.session(url)
        super().__init__(session)
        self._in_state = StacksInState(session, status, times)

    @property
    def stacks(self):
        return self._in_state


def in_state(url, name, status, times=1):
    """Return a deployment whose stack says it is in *status*."""
    return replace(deployment(url, name), account=AccountInState(url, status, times))


def test_a_deploy_of_the_same_that_is_under_way_is_followed(aws_url, tmp_path):
    what = wanted(tmp_path)
    deploy(deployment(aws_url, "others-same"), what)
    made = in_state(aws_url, "others-same", "CREATE_IN_PROGRESS")

    done = deploy(made, what)

    assert done.stack.status == "CREATE_COMPLETE"
    assert made.watching.said == ["The same deploy is under way already; following it"]


def test_a_deploy_of_something_else_that_is_under_way_is_told_with_whose_it_is(aws_url, tmp_path):
    deploy(deployment(aws_url, "others-busy"), wanted(tmp_path / "a"))
    made = in_state(aws_url, "others-busy", "UPDATE_IN_PROGRESS")
    look = made.look()

    with pytest.raises(Busy) as caught:
        carrying_out.deploy(made, look, wanted(tmp_path / "b", "two"))
    with pytest.raises(Busy):
        preparing.plan(made, look, wanted(tmp_path / "b", "two"))

    assert "of `arn:aws:iam::000000000000:root` of commit c0ffee since " in str(caught.value)


def test_a_rollback_of_the_same_that_is_under_way_is_followed(aws_url, tmp_path):
    deploy(deployment(aws_url, "others-back"), wanted(tmp_path / "a"))
    deploy(deployment(aws_url, "others-back"), wanted(tmp_path / "b", "two"))
    roll_back(deployment(aws_url, "others-back"))
    made = in_state(aws_url, "others-back", "UPDATE_IN_PROGRESS")

    _, release = roll_back(made)

    assert release.kind == "rollback"
    assert made.watching.said == ["The same rollback was begun already; following it"]


@pytest.mark.parametrize("again", [remove, roll_back], ids=["remove", "roll back"])
def test_what_is_worked_on_is_neither_removed_nor_rolled_back(aws_url, tmp_path, again):
    deploy(deployment(aws_url, "others-worked-on"), wanted(tmp_path))
    made = in_state(aws_url, "others-worked-on", "UPDATE_IN_PROGRESS")
    options = {"keep_logs": False} if again is remove else {}

    with pytest.raises(Busy) as caught:
        again(made, **options)

    assert "of `arn:aws:iam::000000000000:root` of commit c0ffee since " in str(caught.value)


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"])
def test_what_is_worked_on_is_not_synced_and_whose_work_it_is_is_told(aws_url, tmp_path, status):
    what = wanted(tmp_path)
    deploy(deployment(aws_url, "others-syncing"), what)
    made = in_state(aws_url, "others-syncing", status)

    with pytest.raises(Busy) as caught:
        sync(made, made.look(), what)

    assert "of `arn:aws:iam::000000000000:root` of commit c0ffee since " in str(caught.value)


def test_a_stack_that_is_protected_is_not_removed(aws_url, tmp_path):
    deploy(deployment(aws_url, "others-protected"), wanted(tmp_path))

    with pytest.raises(ToolError, match="is protected from being removed"):
        remove(in_state(aws_url, "others-protected", "PROTECTED"), keep_logs=False)


def test_two_first_deploys_of_the_same_at_once_make_one_stack(aws_url, tmp_path):
    what = wanted(tmp_path)
    deploy(deployment(aws_url, "others-before"), what)
    came = []
    together = threading.Barrier(3)

    def run():
        together.wait()
        try:
            came.append(deploy(deployment(aws_url, "others-at-once"), what).stack.id)
        except ToolError as error:
            came.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = deploy(deployment(aws_url, "others-at-once"), what)

    assert last.stack.status == "CREATE_COMPLETE"
    assert {item for item in came if isinstance(item, str)} == {last.stack.id}
    sentences = [str(item) for item in came if not isinstance(item, str)]
    assert all("run the command again" in text or "deploy again" in text for text in sentences)


def test_a_first_deploy_in_a_fresh_region_makes_the_bucket_and_few_calls(aws_url, tmp_path):
    with faulty.proxy(aws_url) as proxy:
        access = Access("eu-north-1", "eu-north-1", proxy.url, ("a", "b"))
        session = Session(replace(access, profile=None), {}, Patience(lambda _: None))
        watcher = Watcher()

        deploy(deployment(proxy.url, "others-fresh", watcher, session), wanted(tmp_path))

    assert watcher.said[0].startswith(
        "Making a bucket for packages, once for account 000000000000 in eu-north-1: the stack"
        " `chalice-artifacts`"
    )
    assert len(proxy.counted) <= 18, proxy.counted


def test_a_bucket_that_is_being_made_is_waited_for(aws_url, tmp_path):
    deploy(deployment(aws_url, "others-bucket-made"), wanted(tmp_path))
    account = AccountInState(aws_url, "CREATE_IN_PROGRESS")
    said = []

    found = artifacts.make(account, account.caller(), said.append, Clock())

    stack = sandboxes.account(aws_url).stacks.stack("chalice-artifacts")
    assert found.name == stack.outputs["BucketName"]
    assert said == ["The bucket for packages is being made by another command; waiting until it is"]


def test_a_bucket_that_somebody_changes_is_told(aws_url, tmp_path):
    deploy(deployment(aws_url, "others-bucket-changed"), wanted(tmp_path))
    account = AccountInState(aws_url, "UPDATE_IN_PROGRESS")
    account.stacks.tokens.append("theirs")

    with pytest.raises(Busy, match="makes the bucket of artifacts"):
        artifacts.make(account, account.caller(), print, Clock())


def test_the_bucket_is_private_encrypted_and_versioned(aws_url, tmp_path):
    deploy(deployment(aws_url, "others-bucket"), wanted(tmp_path))
    session = sandboxes.session(aws_url)
    name = sandboxes.account(aws_url).stacks.stack("chalice-artifacts").outputs["BucketName"]

    versioning = session.call("s3", "get_bucket_versioning", Bucket=name)
    encryption = session.call("s3", "get_bucket_encryption", Bucket=name)
    public = session.call("s3", "get_public_access_block", Bucket=name)
    policy = session.call("s3", "get_bucket_policy", Bucket=name)

    assert versioning["Status"] == "Enabled"
    assert "AES256" in str(encryption["ServerSideEncryptionConfiguration"])
    assert set(public["PublicAccessBlockConfiguration"].values()) == {True}
    assert "aws:SecureTransport" in policy["Policy"]


def test_waiting_grows_and_ends():
    slept = []
    pauses = Pauses(Clock(slept.append, lambda: sum(slept)))

    while pauses.wait():
        pass

    assert slept[:3] == [0.1, pytest.approx(0.14), pytest.approx(0.196)]
    assert max(slept) == 4.0
    assert 3 * 3600 <= sum(slept) < 3 * 3600 + 5
