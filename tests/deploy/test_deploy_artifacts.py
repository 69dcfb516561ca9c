"""What is kept in the bucket: archives by their content, and the list of releases."""

import json
from dataclasses import replace

import pytest
from tests import faulty, sandboxes
from tests.deploy.buckets import Memory
from tests.deploy.deployments import deployment, target, wanted

from chalice.aws.account import Caller, SdkAccount
from chalice.aws.cloudformation import Stack
from chalice.aws.errors import AwsError
from chalice.deploy import artifacts, carrying_out, preparing, releases
from chalice.deploy.artifacts import Bucket
from chalice.deploy.releases import History, Release
from chalice.deploy.waiting import Clock
from chalice.diagnostics import ToolError

RELEASE = Release("0" * 64, ("s/a",), "2026-01-01", "arn", "c0ffee", "2.0")
KEY = "s/releases.json"


def test_an_archive_that_is_there_is_not_uploaded_again(tmp_path):
    path, memory = tmp_path / "a.zip", Memory()
    path.write_bytes(b"whole")

    came = [artifacts.upload(Bucket("b", memory), "k", path) for _ in range(2)]

    assert came == [True, False]


def test_an_archive_of_the_same_size_and_another_content_is_written_over(tmp_path):
    path, memory = tmp_path / "a.zip", Memory({"k": b"wrong"})
    path.write_bytes(b"whole")

    assert artifacts.upload(Bucket("b", memory), "k", path)
    assert memory.data == {"k": b"whole"}


def test_the_sandbox_tells_the_checksum_of_what_was_written(aws_url, tmp_path):
    session = sandboxes.session(aws_url)
    session.call("s3", "create_bucket", Bucket="checksums")
    bucket = Bucket("checksums", SdkAccount(session).bucket("checksums", "000000000000"))
    path = tmp_path / "a.zip"
    path.write_bytes(b"whole")

    came = [artifacts.upload(bucket, "k", path) for _ in range(2)]

    assert came == [True, False]


def test_releases_are_read_as_they_were_written():
    memory = Memory()

    releases.update(memory, "s", lambda _: History((RELEASE,)))

    assert json.loads(memory.data[KEY])["form"] == 1
    assert releases.read(memory, "s").releases == (RELEASE,)


def test_what_a_later_version_has_added_to_releases_is_passed_over():
    memory = Memory()
    releases.update(memory, "s", lambda _: History((RELEASE,)))
    facts = json.loads(memory.data[KEY])
    facts["releases"][0]["mood"] = "good"
    facts["synced"] = {"sha256": "1", "at": "2", "by": "3", "commit": "4", "mood": "good"}
    memory.data[KEY] = json.dumps(facts).encode()

    history = releases.read(memory, "s")

    assert history.releases == (RELEASE,)
    assert history.synced == releases.Sync("1", "2", "3", "4")


def test_releases_of_another_form_are_told_and_not_to_be_deleted():
    memory = Memory({KEY: b'{"form": 2, "lists": {}}'})

    with pytest.raises(ToolError, match="written by a later version of Chalice") as caught:
        releases.read(memory, "s")

    assert "delete" not in str(caught.value)


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", b'{"releases": [{}]}', b'{"form": []}'])
def test_what_is_no_list_of_releases_is_told(content):
    with pytest.raises(ToolError, match="cannot be read"):
        releases.read(Memory({KEY: content}), "s")


class Foreign:
    """An account with a stack of somebody else's that is called as Chalice's is."""

    region = "eu-central-1"

    def __init__(self, status, outputs):
        self.found = Stack("id", artifacts.STACK, status, outputs=outputs)

    @property
    def stacks(self):
        return self

    def stack(self, name):
        return self.found if name == artifacts.STACK else None


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "ROLLBACK_COMPLETE", "UPDATE_IN_PROGRESS"])
def test_a_stack_of_that_name_that_chalice_has_not_made_is_left_alone(status):
    account = Foreign(status, {artifacts.OUTPUT: "theirs"})
    said = []

    with pytest.raises(ToolError, match="was not made by Chalice"):
        artifacts.make(account, Caller("1", "arn"), said.append, Clock())

    assert said == []


@pytest.mark.parametrize("command", [carrying_out.deploy, preparing.plan])
def test_a_bucket_in_another_region_is_refused_before_anything_is_written(
    aws_url, tmp_path, command
):
    with faulty.proxy(aws_url) as proxy:
        moved = faulty.Answer(301, headers=(("x-amz-bucket-region", "us-east-2"),))
        proxy.fault = lambda _number, name: moved if "/our-bucket" in name else None
        made = deployment(proxy.url, "elsewhere")
        made = replace(made, target=target(proxy.url, "elsewhere", "our-bucket"))

        with pytest.raises(AwsError) as caught:
            command(made, made.look(), wanted(tmp_path))

    text = str(caught.value)
    assert text.startswith("The bucket `our-bucket` is in `us-east-2`, and `us-east-1` is deployed")
    assert "`deploy.artifact_bucket` in `.chalice/config.json`, or leave the key out" in text
    assert "CreateChangeSet" not in proxy.calls
    # What an upload begins with was refused: there is nothing in the bucket.
    assert len(proxy.writes) <= 1
