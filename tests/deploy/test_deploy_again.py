"""A deploy that ends anywhere is taken up by a plain re-run: nothing twice, nothing left over."""

import json
from itertools import count

import pytest
from tests import faulty, sandboxes
from tests.deploy.deployments import DyingSession, Killed, Watcher, deploy, deployment, wanted

from chalice.deploy import artifacts, preparing, releases
from chalice.deploy.removal import remove
from chalice.deploy.rolling_back import roll_back
from chalice.deploy.templates import deployed_template

_names = count()


@pytest.fixture
def name():
    return f"again-{next(_names)}"


def state_of(url, name):
    """Return what matters of a stack: its state, its template, and what its function answers."""
    account = sandboxes.account(url)
    stack = account.stacks.stack(name)
    handler = next(
        item for item in account.stacks.resources(name) if item.logical_id == "APIHandler"
    )
    answer = json.loads(account.functions.invoke(handler.physical_id, b"{}").payload)
    return stack.status, deployed_template(account.stacks, stack), answer["body"]


def history_of(url, name):
    made = deployment(url, name)
    bucket = artifacts.find(made.account, made.target, made.account.caller())
    return releases.read(bucket.objects, name)


def leftovers(url, name):
    """Return the change sets that wait at a stack, and functions called after it in no stack."""
    session = sandboxes.session(url)
    listed = session.call("cloudformation", "list_change_sets", StackName=name)["Summaries"]
    members = {item.physical_id for item in sandboxes.account(url).stacks.resources(name)}
    orphans = [item for item in sandboxes.functions(url, f"{name}-") if item not in members]
    return [item["Status"] for item in listed if item["ExecutionStatus"] == "AVAILABLE"], orphans


def die(url, name, what, at, *, after):
    """Deploy and be killed at call *at*; return whether there was such a call."""
    session = DyingSession(url, at, after=after)
    try:
        deploy(deployment(url, name, session=session), what)
    except Killed:
        return True
    return False


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_a_first_deploy_that_is_killed_at_any_call_converges(aws_url, tmp_path, after):
    what = wanted(tmp_path)
    deploy(deployment(aws_url, "again-bucket"), what)  # the bucket is there from now on
    for at in count(1):
        name = f"again-first-{after:d}-{at}"
        killed = die(aws_url, name, what, at, after=after)

        deploy(deployment(aws_url, name), what)

        status, _, answer = state_of(aws_url, name)
        assert (status, answer) == ("CREATE_COMPLETE", "one"), at
        assert len(history_of(aws_url, name).releases) == 1, at
        assert leftovers(aws_url, name) == ([], []), at
        if not killed:
            break
    assert at > 10


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_an_update_that_is_killed_at_any_call_converges(aws_url, tmp_path, after):
    first, second = wanted(tmp_path / "a"), wanted(tmp_path / "b", "two")
    for at in count(1):
        name = f"again-update-{after:d}-{at}"
        deploy(deployment(aws_url, name), first)
        killed = die(aws_url, name, second, at, after=after)

        deploy(deployment(aws_url, name), second)

        status, _, answer = state_of(aws_url, name)
        assert (status, answer) == ("UPDATE_COMPLETE", "two"), at
        assert [item.kind for item in history_of(aws_url, name).releases] == ["deploy"] * 2, at
        assert leftovers(aws_url, name) == ([], []), at
        if not killed:
            break
    assert at > 10


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_a_removal_that_is_killed_at_any_call_converges(aws_url, tmp_path, after):
    what = wanted(tmp_path)
    account = sandboxes.account(aws_url)
    for at in count(1):
        name = f"again-delete-{after:d}-{at}"
        deploy(deployment(aws_url, name), what)
        session = DyingSession(aws_url, at, after=after)
        killed = True
        try:
            remove(deployment(aws_url, name, session=session), keep_logs=False)
            killed = False
        except Killed:
            pass

        remove(deployment(aws_url, name), keep_logs=False)

        made = deployment(aws_url, name)
        bucket = artifacts.find(account, made.target, account.caller())
        assert account.stacks.stack(name) is None, at
        assert bucket.objects.versions(f"{name}/") == (), at
        if not killed:
            break
    assert at > 5


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_a_rollback_that_is_killed_at_any_call_converges(aws_url, tmp_path, after):
    first, second = wanted(tmp_path / "a"), wanted(tmp_path / "b", "two")
    for at in count(1):
        name = f"again-back-{after:d}-{at}"
        deploy(deployment(aws_url, name), first)
        deploy(deployment(aws_url, name), second)
        session = DyingSession(aws_url, at, after=after)
        killed = True
        try:
            roll_back(deployment(aws_url, name, session=session))
            killed = False
        except Killed:
            pass

        if history_of(aws_url, name).releases[-1].kind != "rollback":
            roll_back(deployment(aws_url, name))

        status, _, answer = state_of(aws_url, name)
        assert (status, answer) == ("UPDATE_COMPLETE", "one"), at
        kinds = [item.kind for item in history_of(aws_url, name).releases]
        assert kinds == ["deploy", "deploy", "rollback"], at
        assert leftovers(aws_url, name) == ([], []), at
        if not killed:
            break
    assert at > 10


def test_a_rollback_after_a_rollback_goes_forward_again(aws_url, tmp_path, name):
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))
    deploy(deployment(aws_url, name), wanted(tmp_path / "b", "two"))
    roll_back(deployment(aws_url, name))

    roll_back(deployment(aws_url, name))

    assert state_of(aws_url, name)[2] == "two"


FAULTS = {
    "throttled": faulty.error("Throttling", "Rate exceeded"),
    "429": faulty.error("TooManyRequests", "Slow down", 429),
    "503": faulty.error("ServiceUnavailable", "Later", 503),
    "lost request": faulty.LOST_REQUEST,
    "lost answer": faulty.LOST_ANSWER,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_third_call_may_fail_in_passing(aws_url, tmp_path, name, fault):
    with faulty.proxy(aws_url) as proxy:
        proxy.fault = lambda number, _: FAULTS[fault] if number % 3 == 0 else None

        deploy(deployment(proxy.url, name), wanted(tmp_path / "a"))
        deploy(deployment(proxy.url, name), wanted(tmp_path / "b", "two"))

    assert state_of(aws_url, name)[2] == "two"
    assert leftovers(aws_url, name) == ([], [])
    assert len(history_of(aws_url, name).releases) == 2


def test_an_unchanged_deploy_writes_nothing(aws_url, tmp_path, name):
    what = wanted(tmp_path)
    deploy(deployment(aws_url, name), what)

    with faulty.proxy(aws_url) as proxy:
        done = deploy(deployment(proxy.url, name), what)

    assert not done.plan.changes
    assert proxy.writes == []
    assert len(proxy.calls) <= 6


def test_a_first_deploy_makes_few_calls(aws_url, tmp_path, name):
    deploy(deployment(aws_url, f"{name}-before"), wanted(tmp_path / "a"))

    with faulty.proxy(aws_url) as proxy:
        deploy(deployment(proxy.url, name), wanted(tmp_path / "b"))

    assert len(proxy.counted) <= 12, proxy.counted


def test_a_plan_leaves_no_change_set_and_changes_nothing(aws_url, tmp_path, name):
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))
    before = state_of(aws_url, name)
    made = deployment(aws_url, name)

    plan = preparing.plan(
        made, made.look(), wanted(tmp_path / "b", "two", {"lambda_memory_size": 256})
    )

    (item,) = plan.items
    assert (item.action, item.logical_id) == ("change", "APIHandler")
    assert item.details == ("code", "memory: 128 -> 256 MB")
    assert state_of(aws_url, name) == before
    assert leftovers(aws_url, name) == ([], [])


def test_a_plan_of_a_stack_that_is_not_there_writes_nothing(aws_url, tmp_path, name):
    with faulty.proxy(aws_url) as proxy:
        made = deployment(proxy.url, name)

        plan = preparing.plan(made, made.look(), wanted(tmp_path))

    assert {item.action for item in plan.items} == {"add"}
    assert proxy.writes == []
    assert sandboxes.account(aws_url).stacks.stack(name) is None


def test_what_nobody_agrees_to_is_not_done(aws_url, tmp_path, name):
    two = """
        from chalice import Chalice

        app = Chalice(app_name="demo")

        @app.route("/")
        def index():
            return {}

        @app.lambda_function()
        def report(event, context):
            return {}
    """
    deploy(deployment(aws_url, name), wanted(tmp_path / "a", app=two))
    before = state_of(aws_url, name)[1]
    watcher = Watcher(agrees=RuntimeError("no"))

    with pytest.raises(RuntimeError):
        deploy(deployment(aws_url, name, watcher), wanted(tmp_path / "b"))

    (plan,) = watcher.plans
    assert {(item.action, item.logical_id) for item in plan.questions} == {
        ("delete", "Report"),
        ("delete", "ReportLogGroup"),
    }
    assert state_of(aws_url, name)[1] == before
    assert leftovers(aws_url, name) == ([], [])
