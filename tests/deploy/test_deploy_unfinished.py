"""Deploys that end before all is done: in which state things are is said, and what takes it up."""

import pytest
from tests import faulty, sandboxes
from tests.deploy.deployments import Watcher, bucket_of, deploy, deployment, wanted

from chalice.aws.account import SdkAccount
from chalice.aws.session import Access, Session
from chalice.deploy import artifacts, releases
from chalice.deploy.removal import remove
from chalice.deploy.rolling_back import roll_back
from chalice.deploy.status import status_of
from chalice.deploy.waiting import Clock
from chalice.diagnostics import ToolError

DENIED = faulty.error("AccessDenied", "Not you", 403)
GOES_ON = (
    "What was begun goes on in the cloud without this command. `chalice status` says how far it is;"
    " the same command takes it up again"
)


class Interrupted(Session):
    """A session in which somebody presses Ctrl-C when it makes a call, which has arrived."""

    def __init__(self, url, operation, region="us-east-1"):
        super().__init__(Access.to_sandbox(url, region), {})
        self._operation = operation

    def call(self, service, operation, **parameters):
        answer = super().call(service, operation, **parameters)
        if operation == self._operation:
            raise KeyboardInterrupt
        return answer


def notes_of(caught):
    return getattr(caught.value, "__notes__", [])


def told(aws_url, name, what, fails):
    """Deploy where calls that *fails* picks are denied; return what is told, and the calls."""
    with faulty.proxy(aws_url) as proxy:
        proxy.fault = lambda _number, call: DENIED if fails(call) else None
        with pytest.raises(ToolError) as caught:
            deploy(deployment(proxy.url, name), what)
        return str(caught.value), proxy.calls


# --- errors --------------------------------------------------------------------------------------


def test_who_may_not_see_how_an_update_goes_is_told_that_it_goes_on(aws_url, tmp_path):
    name, what = "unfinished-unseen", wanted(tmp_path / "b", "two")
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))

    text, _ = told(aws_url, name, what, lambda call: call == "DescribeStackEvents")

    assert text.startswith("Access denied: ")
    assert text.endswith(f". {GOES_ON}")
    assert "Nothing was changed" not in text


def test_an_update_that_is_refused_goes_not_on(aws_url, tmp_path):
    name, what = "unfinished-refused", wanted(tmp_path / "b", "two")
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))

    text, _ = told(aws_url, name, what, lambda call: call == "ExecuteChangeSet")

    assert "goes on" not in text
    assert "Nothing was changed by this call" in text


def test_a_release_that_cannot_be_noted_is_told_with_what_is_deployed_and_where(aws_url, tmp_path):
    name, what = "unfinished-unnoted", wanted(tmp_path / "b", "two")
    url = deploy(deployment(aws_url, name), wanted(tmp_path / "a")).stack.outputs["RestAPIId"]

    text, _ = told(
        aws_url, name, what, lambda call: call.startswith("PUT /") and call.endswith("s.json")
    )
    again = deploy(deployment(aws_url, name), what)

    assert f"The stack `{name}` is deployed, and answers at `http://" in text
    assert url in text
    assert text.endswith("the same command does the rest")
    assert "Nothing was changed" not in text
    assert not again.plan.changes
    assert len(releases.read(bucket_of(aws_url, name), name).releases) == 2


def test_who_may_not_see_a_removal_is_told_that_it_goes_on(aws_url, tmp_path):
    name = "unfinished-removal"
    deploy(deployment(aws_url, name), wanted(tmp_path))
    seen = []

    def fault(_number, call):
        seen.append(call)
        return DENIED if "DeleteStack" in seen and call == "DescribeStacks" else None

    with faulty.proxy(aws_url) as proxy:
        proxy.fault = fault
        with pytest.raises(ToolError) as caught:
            remove(deployment(proxy.url, name), keep_logs=False)

    assert str(caught.value).endswith(GOES_ON)


# --- what is remembered --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        "{x",
        "[]",
        "5",
        '{"releases": [5]}',
        '{"releases": [], "synced": 5}',
        '{"releases": [{"sha256": 1, "files": [], "at": 2, "by": 3, "commit": 4, "version": 5}]}',
        '{"form": 99, "releases": []}',
    ],
)
def test_a_list_of_releases_that_cannot_be_read_stops_a_deploy_before_it_changes_anything(
    aws_url, tmp_path, data
):
    name, what = f"unfinished-{data.encode().hex()[:100]}", wanted(tmp_path / "b", "two")
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))
    bucket_of(aws_url, name).write(f"{name}/releases.json", data.encode())

    text, calls = told(aws_url, name, what, lambda _: False)
    made = deployment(aws_url, name)
    status = status_of(made, drift=False)

    assert f"`{name}/releases.json` in the bucket of artifacts " in text
    assert not [call for call in calls if call.startswith("PUT ") or "ChangeSet" in call]
    listed = sandboxes.session(aws_url).call("cloudformation", "list_change_sets", StackName=name)
    assert [i for i in listed["Summaries"] if i["ExecutionStatus"] == "AVAILABLE"] == []
    assert (status.stack.status, status.history) == ("CREATE_COMPLETE", None)
    assert made.watching.said == [text]


class Syncing(Watcher):
    """Somebody who agrees while somebody else notes that they sync."""

    def __init__(self, objects, name):
        super().__init__()
        self._note = lambda: releases.update(
            objects,
            name,
            lambda history: releases.replace(
                history, synced=releases.Sync("sha256", "at", "by", "commit")
            ),
        )

    def agree(self, plan):
        super().agree(plan)
        self._note()


def test_a_sync_that_begins_during_a_deploy_is_seen_to_by_it(aws_url, tmp_path):
    name = "unfinished-synced"
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))
    objects = bucket_of(aws_url, name)
    watcher = Syncing(objects, name)

    deploy(deployment(aws_url, name, watcher), wanted(tmp_path / "b", "two"))

    history = releases.read(objects, name)
    assert any(said.startswith("Functions were synced") for said in watcher.said)
    assert (history.synced, len(history.releases)) == (None, 2)


# --- Ctrl-C --------------------------------------------------------------------------------------


def interrupted(aws_url, name, what, operation):
    made = deployment(aws_url, name, session=Interrupted(aws_url, operation))
    with pytest.raises(KeyboardInterrupt) as caught:
        deploy(made, what)
    return notes_of(caught)


def test_who_interrupts_while_a_change_set_is_made_is_told_of_it(aws_url, tmp_path):
    name = "unfinished-set"
    deploy(deployment(aws_url, "unfinished-before"), wanted(tmp_path))

    found = interrupted(aws_url, name, wanted(tmp_path), "create_change_set")

    (note,) = found
    assert note.startswith(f"A change set may wait at the stack `{name}`, which changes nothing")


@pytest.mark.parametrize("operation", ["execute_change_set", "describe_stack_events"])
def test_who_interrupts_an_update_is_told_that_it_goes_on(aws_url, tmp_path, operation):
    name = f"unfinished-{operation.replace('_', '-')}"
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))

    assert interrupted(aws_url, name, wanted(tmp_path / "b", "two"), operation) == [GOES_ON]


def test_who_interrupts_the_note_of_a_release_is_told_what_is_deployed(aws_url, tmp_path):
    name = "unfinished-note"
    deploy(deployment(aws_url, "unfinished-before"), wanted(tmp_path))
    what = wanted(tmp_path / "a")
    written = []

    class AtTheNote(Session):
        def call(self, service, operation, **parameters):
            if str(parameters.get("Key")).endswith("releases.json") and operation == "put_object":
                written.append(operation)
                raise KeyboardInterrupt
            return super().call(service, operation, **parameters)

    with pytest.raises(KeyboardInterrupt) as caught:
        deploy(deployment(aws_url, name, session=AtTheNote(sandboxes.access(aws_url), {})), what)

    (note,) = notes_of(caught)
    assert written
    assert note.startswith(f"The stack `{name}` is deployed, and answers at `")


@pytest.mark.parametrize("operation", ["execute_change_set", "describe_stack_events"])
def test_who_interrupts_the_making_of_the_bucket_is_told_that_it_goes_on(aws_url, operation):
    region = {"execute_change_set": "ap-south-1", "describe_stack_events": "ap-east-1"}[operation]
    account = SdkAccount(Interrupted(aws_url, operation, region))

    with pytest.raises(KeyboardInterrupt) as caught:
        artifacts.make(account, account.caller(), print, Clock())

    (note,) = notes_of(caught)
    assert note.startswith("The stack `chalice-artifacts`, of the bucket for packages, is made in")


def test_who_interrupts_a_removal_is_told_that_it_goes_on(aws_url, tmp_path):
    name = "unfinished-removed"
    deploy(deployment(aws_url, name), wanted(tmp_path))
    made = deployment(aws_url, name, session=Interrupted(aws_url, "delete_stack"))

    with pytest.raises(KeyboardInterrupt) as caught:
        remove(made, keep_logs=False)

    assert notes_of(caught) == [GOES_ON]


def test_who_interrupts_a_rollback_is_told_that_it_goes_on(aws_url, tmp_path):
    name = "unfinished-back"
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))
    deploy(deployment(aws_url, name), wanted(tmp_path / "b", "two"))
    made = deployment(aws_url, name, session=Interrupted(aws_url, "execute_change_set"))

    with pytest.raises(KeyboardInterrupt) as caught:
        roll_back(made)

    assert notes_of(caught) == [GOES_ON]
