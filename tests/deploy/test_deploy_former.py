"""What lies in a bucket that the configuration does not name any more."""

from dataclasses import replace

import pytest
from tests import sandboxes
from tests.deploy.deployments import Watcher, deploy, deployment, target, wanted

from chalice.deploy import planned, preparing
from chalice.deploy.former import left_in_others
from chalice.deploy.removal import remove
from chalice.deploy.rolling_back import roll_back
from chalice.deploy.status import status_of
from chalice.diagnostics import ToolError

OLD, NEW = "former-old", "former-new"
ARCHIVE = f"s/archives/{'a' * 64}.zip"


def template(bucket, key=ARCHIVE):
    code = {"S3Bucket": bucket, "S3Key": key}
    return {"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Code": code}}}}


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (template("old"), 1),
        (template("new"), 0),
        (template("old", "theirs.zip"), 0),
        (template({"Ref": "Mine"}), 0),
        ({}, 0),
    ],
    ids=["another", "the same", "not ours", "an expression", "nothing"],
)
def test_another_bucket_with_our_packages_is_told(before, told):
    assert len(left_in_others(before, "s", "new")) == told


@pytest.fixture
def buckets(aws_url):
    """Return the deployments of a name by a watcher: one by an old bucket, one by a new one."""

    def of(name, watcher=None):
        names = (f"{name}-old", f"{name}-new")
        for bucket in names:
            sandboxes.session(aws_url).call("s3", "create_bucket", Bucket=bucket)
        return tuple(
            replace(deployment(aws_url, name, watcher), target=target(aws_url, name, bucket))
            for bucket in names
        )

    return of


def test_where_another_bucket_is_named_since_status_and_a_rollback_say_where_releases_are(
    buckets, tmp_path
):
    old, new = buckets("former-named")
    deploy(old, wanted(tmp_path))

    found = status_of(new, drift=False)
    with pytest.raises(ToolError) as caught:
        roll_back(new)

    assert found.former == ("former-named-old",)
    assert found.to_dict()["former_buckets"] == ["former-named-old"]
    assert str(caught.value).startswith("No release of the stack `former-named` before this one")
    assert "Releases are in the bucket `former-named-old`, which is not" in str(caught.value)


def test_after_a_deploy_by_another_bucket_the_one_before_is_remembered(buckets, tmp_path):
    old, new = buckets("former-since")
    deploy(old, wanted(tmp_path / "a", "one"))
    deploy(new, wanted(tmp_path / "b", "two"))

    with pytest.raises(ToolError, match="Releases are in the bucket `former-since-old`"):
        roll_back(new)
    deploy(new, wanted(tmp_path / "c", "three"))
    found = status_of(new, drift=False)
    done, _ = roll_back(new)

    assert found.former == ("former-since-old",)
    assert done.stack.status == "UPDATE_COMPLETE"
    # Where it is named again there is no other.
    assert status_of(old, drift=False).former == ("former-since-new",)


def test_a_kept_plan_remembers_the_bucket_before_too(buckets, tmp_path):
    old, new = buckets("former-kept")
    deploy(old, wanted(tmp_path / "a", "one"))
    planned.keep(new, new.look(), wanted(tmp_path / "b", "two"), tmp_path / "plan")

    planned.carry_out(new, new.look(), tmp_path / "plan")

    assert status_of(new, drift=False).former == ("former-kept-old",)


def test_a_plan_alone_remembers_nothing(aws_url, buckets, tmp_path):
    old, new = buckets("former-planned")
    deploy(old, wanted(tmp_path / "a", "one"))

    preparing.plan(new, new.look(), wanted(tmp_path / "b", "two"))

    objects = new.bucket(new.account.caller()).objects
    assert objects.read("former-planned/releases.json") is None


def test_a_deploy_and_a_removal_say_that_another_bucket_keeps_packages(aws_url, tmp_path):
    for name in (OLD, NEW):
        sandboxes.session(aws_url).call("s3", "create_bucket", Bucket=name)
    watcher = Watcher()
    old, new = (
        replace(deployment(aws_url, "former", watcher), target=target(aws_url, "former", name))
        for name in (OLD, NEW)
    )
    deploy(old, wanted(tmp_path))
    told = f"What was deployed before lies in the bucket `{OLD}`"

    remove(new, keep_logs=False)
    removed = [text for text in watcher.said if text.startswith(told)]
    watcher.said.clear()
    deploy(old, wanted(tmp_path))
    deploy(new, wanted(tmp_path))
    deployed = [text for text in watcher.said if text.startswith(told)]
    remove(new, keep_logs=False)

    assert (len(removed), len(deployed)) == (1, 1)
    assert f"s3://{OLD}/former/`" in removed[0]
