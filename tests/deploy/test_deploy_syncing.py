"""Code given straight to functions, and stacks whose templates CloudFormation tells mangled."""

from dataclasses import replace

import pytest
from tests import faulty, sandboxes
from tests.deploy.deployments import bucket_of, deploy, deployment, wanted

from chalice.aws.cloudformation import Member, Stack
from chalice.aws.functions import FunctionState
from chalice.deploy import releases
from chalice.deploy.releases import Sync
from chalice.deploy.rolling_back import roll_back
from chalice.deploy.syncing import give, sync
from chalice.deploy.waiting import Clock
from chalice.diagnostics import ToolError
from chalice.template.merging import opened

STACK = Stack("id", "shop-dev", "UPDATE_COMPLETE")
TEMPLATE = {
    "Resources": {
        "Report": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Code": {"S3Bucket": "b", "S3Key": "k"}},
        }
    }
}
READY = FunctionState("report", "Active", "Successful", "group")
FAILED = replace(READY, update="Failed", reason="The layer is gone")
GOING = replace(READY, update="InProgress")


class OneFunction:
    """An account whose stack has one function; it takes code, and goes through states then."""

    def __init__(self, before, *after):
        self.now = before
        self.after = list(after)
        self.given = []

    @property
    def stacks(self):
        return self

    @property
    def functions(self):
        return self

    def resources(self, _stack):
        return (Member("Report", "report", "AWS::Lambda::Function", "UPDATE_COMPLETE"),)

    def describe(self, _name):
        if self.given and self.after:
            self.now = self.after.pop(0)
        return self.now

    def update_code(self, name, bucket, key):
        self.given.append((name, bucket, key))
        return self.now


@pytest.mark.parametrize("before", [READY, FAILED, replace(READY, state="Failed")])
def test_a_function_whose_last_update_failed_gets_its_code_all_the_same(before):
    account = OneFunction(before, GOING, READY)

    given = give(account, STACK, TEMPLATE, Clock(lambda _: None))

    assert given == ["Report"]
    assert account.given == [("report", "b", "k")]


@pytest.mark.parametrize(
    "after", [FAILED, replace(READY, state="Failed", reason="The layer is gone")]
)
def test_a_function_that_does_not_take_its_code_is_told(after):
    account = OneFunction(READY, GOING, after)

    with pytest.raises(ToolError, match="`report` does not take the code: The layer is gone"):
        give(account, STACK, TEMPLATE, Clock(lambda _: None))


def test_code_that_the_functions_have_already_is_not_given_again(aws_url, tmp_path):
    name = "syncing-unchanged"
    one, two = wanted(tmp_path / "a", "one"), wanted(tmp_path / "b", "two")
    deploy(deployment(aws_url, name), one)
    with faulty.proxy(aws_url) as proxy:
        made = deployment(proxy.url, name)

        deployed = sync(made, made.look(), one)
        unwritten = list(proxy.writes)
        first = sync(made, made.look(), two)
        proxy.calls.clear()
        again = sync(made, made.look(), two)

        assert (deployed, unwritten) == ([], [])
        assert first == ["APIHandler"]
        assert (again, proxy.writes) == ([], [])
    assert b"two" in answer(aws_url, name)


def test_code_that_was_noted_and_not_given_is_given(aws_url, tmp_path):
    name = "syncing-killed"
    two = wanted(tmp_path / "b", "two")
    deploy(deployment(aws_url, name), wanted(tmp_path / "a", "one"))
    note = Sync(two.code.sha256, "2026-01-01T00:00:00+00:00", "arn", "")
    releases.update(bucket_of(aws_url, name), name, lambda before: replace(before, synced=note))
    made = deployment(aws_url, name)

    given = sync(made, made.look(), two)

    assert given == ["APIHandler"]
    assert b"two" in answer(aws_url, name)


def test_code_that_somebody_else_has_given_is_noted(aws_url, tmp_path):
    name = "syncing-by-hand"
    two = wanted(tmp_path / "b", "two")
    deploy(deployment(aws_url, name), wanted(tmp_path / "a", "one"))
    before = releases.read(bucket_of(aws_url, name), name)
    made = deployment(aws_url, name)
    sync(made, made.look(), two)
    releases.update(bucket_of(aws_url, name), name, lambda _: before)

    given = sync(made, made.look(), two)

    assert given == []
    assert releases.read(bucket_of(aws_url, name), name).synced.sha256 == two.code.sha256


UMLAUTS = {"environment_variables": {"GREETING": "Grüße, 你好"}}


def mangled(data):
    """Return what CloudFormation tells of a template.

    Source: aws-cloudformation/cloudformation-coverage-roadmap#1220.
    """
    return data.decode().encode("ascii", "replace")


@pytest.fixture
def url(aws_url):
    """Give an AWS that tells templates as the real one does."""
    with faulty.proxy(aws_url) as proxy:
        told = faulty.Edited(mangled)
        proxy.fault = lambda _number, name: told if name == "GetTemplate" else None
        yield proxy.url


def answer(aws_url, name):
    account = sandboxes.account(aws_url)
    members = account.stacks.resources(name)
    handler = next(item for item in members if item.logical_id == "APIHandler")
    return account.functions.invoke(handler.physical_id, b"{}").payload


def test_a_stack_with_more_than_ascii_is_synced(aws_url, url, tmp_path):
    name = "syncing-umlauts"
    deploy(deployment(url, name), wanted(tmp_path / "a", "one", UMLAUTS))
    made = deployment(url, name)

    given = sync(made, made.look(), wanted(tmp_path / "b", "two", UMLAUTS))

    assert given == ["APIHandler"]
    assert b"two" in answer(aws_url, name)


def test_a_stack_with_more_than_ascii_goes_back(aws_url, url, tmp_path):
    name = "syncing-umlauts-back"
    deploy(deployment(url, name), wanted(tmp_path / "a", "one", UMLAUTS))
    deploy(deployment(url, name), wanted(tmp_path / "b", "two", UMLAUTS))

    roll_back(deployment(url, name))

    assert b"one" in answer(aws_url, name)


def test_going_back_from_a_release_that_is_not_recognised_goes_to_the_one_before(aws_url, tmp_path):
    name = "syncing-unrecognised"
    deploy(deployment(aws_url, name), wanted(tmp_path / "a", "one"))
    deploy(deployment(aws_url, name), wanted(tmp_path / "b", "two"))
    with faulty.proxy(aws_url) as proxy:
        told = faulty.Edited(lambda data: data.replace(b"APIHandler", b"Another"))
        proxy.fault = lambda _number, called: told if called == "GetTemplate" else None

        roll_back(deployment(proxy.url, name))

    assert b"one" in answer(aws_url, name)


def test_more_than_code_is_not_synced_in_whatever_section(aws_url, tmp_path):
    name = "syncing-sections"
    merged = tmp_path / "more.json"
    merged.write_text('{"Mappings": {"Sizes": {"one": {"value": "1"}}}}')
    deploy(
        deployment(aws_url, name), replace(wanted(tmp_path / "a", "one"), merged=(opened(merged),))
    )
    merged.write_text('{"Mappings": {"Sizes": {"one": {"value": "2"}}}}')
    made = deployment(aws_url, name)

    with pytest.raises(ToolError, match=r"More than code differs .*`Mappings`"):
        sync(made, made.look(), replace(wanted(tmp_path / "b", "two"), merged=(opened(merged),)))


def test_a_stage_with_merged_templates_is_synced_with_them(aws_url, tmp_path):
    name = "syncing-merged"
    merged = tmp_path / "more.json"
    merged.write_text('{"Resources": {"Items": {"Type": "AWS::SQS::Queue"}}}')
    theirs = (opened(merged),)
    deploy(deployment(aws_url, name), replace(wanted(tmp_path / "a", "one"), merged=theirs))
    made = deployment(aws_url, name)

    with pytest.raises(ToolError) as refused:
        sync(made, made.look(), wanted(tmp_path / "b", "two"))
    given = sync(made, made.look(), replace(wanted(tmp_path / "c", "two"), merged=theirs))

    assert "name the template that has `Items`, `--merge-template FILE`" in str(refused.value)
    assert "run `chalice deploy`" not in str(refused.value)
    assert given == ["APIHandler"]
