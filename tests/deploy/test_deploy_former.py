"""What lies in a bucket that the configuration does not name any more."""

from dataclasses import replace

import pytest
from tests import sandboxes
from tests.deploy.deployments import Watcher, deploy, deployment, target, wanted

from chalice.deploy.former import left_in_others
from chalice.deploy.removal import remove

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
