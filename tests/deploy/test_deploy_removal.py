"""What is removed, and what is not: the files of others, and what nobody has agreed to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests import sandboxes
from tests.deploy.deployments import Watcher, bucket_of, deploy, deployment, wanted

from chalice.deploy import releases, stacks
from chalice.deploy.removal import remove
from chalice.deploy.waiting import Clock


@pytest.fixture
def theirs(aws_url):
    """Return a function that writes files of somebody else's below a name; it returns keys."""

    def write(name):
        keys = [
            f"{name}/backup.sql",
            f"{name}/archives/readme.txt",
            f"{name}/archives/old.zip",
            f"{name}/templates/{'0' * 64}.json.bak",
            f"{name}/more/archives/{'0' * 64}.zip",
            f"{name}/archives/{'0' * 64}.zip\n",
        ]
        for key in keys:
            bucket_of(aws_url, name).write(key, b"theirs")
        return sorted(keys)

    return write


def left(url, name):
    return sorted(item.key for item in bucket_of(url, name).objects(f"{name}/"))


def test_files_of_others_survive_a_removal(aws_url, tmp_path, theirs):
    deploy(deployment(aws_url, "removal-others"), wanted(tmp_path))
    keys = theirs("removal-others")

    gone = remove(deployment(aws_url, "removal-others"), keep_logs=False)

    assert gone.artifacts == 3
    assert left(aws_url, "removal-others") == keys


def test_files_of_others_survive_what_is_cleared_away(aws_url, tmp_path, theirs):
    deploy(deployment(aws_url, "removal-cleared"), wanted(tmp_path))
    keys = theirs("removal-cleared")
    later = datetime.now(UTC) + timedelta(days=2)

    history = releases.History()
    count = releases.clear(bucket_of(aws_url, "removal-cleared"), "removal-cleared", history, later)

    assert count == 2
    assert left(aws_url, "removal-cleared") == sorted([*keys, "removal-cleared/releases.json"])


def test_files_of_a_stack_that_is_gone_are_deleted_where_somebody_agrees(aws_url, tmp_path):
    name = "removal-gone"
    deploy(deployment(aws_url, name), wanted(tmp_path))
    before = left(aws_url, name)
    api = sandboxes.account(aws_url).stacks
    stacks.remove(api, api.stack(name), lambda _: None, Clock())
    watcher = Watcher(agrees=RuntimeError("no"))

    with pytest.raises(RuntimeError):
        remove(deployment(aws_url, name, watcher), keep_logs=False)
    unchanged = left(aws_url, name)
    gone = remove(deployment(aws_url, name), keep_logs=False)

    (plan,) = watcher.plans
    assert (plan.files, plan.asks) == (3, True)
    assert unchanged == before
    assert (gone.stack, gone.artifacts, left(aws_url, name)) == (False, 3, [])


class MeanwhileDeployed:
    """A CloudFormation in which somebody deploys as soon as a stack is gone."""

    def __init__(self, stacks, deploys):
        self._stacks = stacks
        self._deploys = deploys

    def __getattr__(self, name):
        return getattr(self._stacks, name)

    def delete_stack(self, name, token):
        self._stacks.delete_stack(name, token)
        self._deploys()


class MeanwhileDeployedBucket:
    """A bucket into which somebody deploys as soon as files are about to be deleted."""

    def __init__(self, objects, deploys):
        self._objects = objects
        self._deploys = deploys

    def __getattr__(self, name):
        return getattr(self._objects, name)

    def delete(self, objects):
        self._deploys()
        self._objects.delete(objects)


class With:
    """An account with something in another's place."""

    def __init__(self, account, **others):
        self._account = account
        self.__dict__.update(others)

    def __getattr__(self, name):
        return getattr(self._account, name)


def test_files_of_a_stack_that_is_deployed_again_meanwhile_stay(aws_url, tmp_path):
    name = "removal-again"
    deploy(deployment(aws_url, name), wanted(tmp_path))
    watcher = Watcher()
    made = deployment(aws_url, name, watcher)
    racing = MeanwhileDeployed(
        made.account.stacks, lambda: deploy(deployment(aws_url, name), wanted(tmp_path))
    )

    gone = remove(replace(made, account=With(made.account, stacks=racing)), keep_logs=False)

    files = releases.read(bucket_of(aws_url, name), name).files()
    assert (gone.stack, gone.artifacts) == (True, 0)
    assert files
    assert files <= set(left(aws_url, name))
    assert any("is there again" in text for text in watcher.said)


def test_files_of_a_stack_that_is_deployed_again_after_the_last_look_stay(aws_url, tmp_path):
    name = "removal-after"
    deploy(deployment(aws_url, name), wanted(tmp_path))
    made = deployment(aws_url, name)

    def again():
        deploy(deployment(aws_url, name), wanted(tmp_path))

    def bucket(*given):
        return MeanwhileDeployedBucket(made.account.bucket(*given), again)

    remove(replace(made, account=With(made.account, bucket=bucket)), keep_logs=False)

    files = releases.read(bucket_of(aws_url, name), name).files()
    assert files
    assert files <= set(left(aws_url, name))
