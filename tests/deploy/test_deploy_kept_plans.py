"""Plans that are kept in a file: nothing else takes them away, and nobody forges them."""

import json
from dataclasses import replace

import pytest
from tests import sandboxes
from tests.deploy.deployments import Watcher, deploy, deployment, wanted

from chalice.deploy import planned, preparing, whose
from chalice.deploy.states import Way
from chalice.deploy.status import status_of
from chalice.diagnostics import ToolError
from chalice.resources.kinds import ROLE


def kept(url, name, what, path):
    made = deployment(url, name)
    return planned.keep(made, made.look(), what, path)


def carried_out(url, name, path, watcher=None):
    made = deployment(url, name, watcher)
    return planned.carry_out(made, made.look(), path)


def change_sets(url, name):
    found = sandboxes.session(url).call("cloudformation", "list_change_sets", StackName=name)
    return [item["ChangeSetName"] for item in found["Summaries"]]


def test_a_plan_that_is_kept_outlives_plans_and_deploys_nobody_agrees_to(aws_url, tmp_path):
    name, path = "kept-outlives", tmp_path / "plan"
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))
    what = wanted(tmp_path / "b", "two")
    kept(aws_url, name, what, path)
    made = deployment(aws_url, name)

    preparing.plan(made, made.look(), what)
    with pytest.raises(RuntimeError):
        deploy(deployment(aws_url, name, Watcher(agrees=RuntimeError("no"))), what)
    done = carried_out(aws_url, name, path)

    assert done.stack.status == "UPDATE_COMPLETE"
    assert [item.logical_id for item in done.plan.items] == ["APIHandler"]


@pytest.mark.parametrize("no", [RuntimeError("no"), KeyboardInterrupt()], ids=["no", "Ctrl-C"])
def test_a_plan_that_nobody_agrees_to_is_kept(aws_url, tmp_path, no):
    name, path = f"kept-refused-{type(no).__name__}", tmp_path / "plan"
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))
    kept(aws_url, name, wanted(tmp_path / "b", "two"), path)

    with pytest.raises(type(no)):
        carried_out(aws_url, name, path, Watcher(agrees=no))
    done = carried_out(aws_url, name, path)

    assert done.stack.status == "UPDATE_COMPLETE"


def test_a_deploy_of_what_a_kept_plan_has_begun_is_known_as_the_same(aws_url, tmp_path):
    name, path = "kept-same", tmp_path / "plan"
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))
    what = wanted(tmp_path / "b", "two")
    kept(aws_url, name, what, path)
    carried_out(aws_url, name, path)
    made = deployment(aws_url, name)
    token = whose.latest_token(made, made.look().stack)
    sha256 = json.loads(path.read_bytes())["release"]["sha256"]

    assert preparing.began(made, token, sha256, preparing.DEPLOY, preparing.KEPT)
    assert not preparing.began(made, token, sha256, preparing.DEPLOY)


@pytest.mark.parametrize("part", ["document", "release"])
def test_a_plan_that_somebody_has_changed_is_refused(aws_url, tmp_path, part):
    name, path = f"kept-forged-{part}", tmp_path / "plan"
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))
    kept(aws_url, name, wanted(tmp_path / "b", "two"), path)
    facts = json.loads(path.read_bytes())
    facts["document"]["Description"] = "forged"
    if part == "release":
        facts["release"]["sha256"] = "0" * 64
    path.write_text(json.dumps(facts))
    watcher = Watcher()

    with pytest.raises(ToolError, match="was changed since"):
        carried_out(aws_url, name, path, watcher)

    assert watcher.plans == []


def test_what_is_shown_of_a_plan_is_what_its_change_set_does(aws_url, tmp_path):
    name, path = "kept-shown", tmp_path / "plan"
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))
    kept(aws_url, name, wanted(tmp_path / "b", "two"), path)
    facts = json.loads(path.read_bytes())
    path.write_text(json.dumps({**facts, "changes": []}))
    watcher = Watcher()

    carried_out(aws_url, name, path, watcher)

    assert [item.logical_id for item in watcher.plans[0].items] == ["APIHandler"]


def test_permissions_of_a_kept_plan_are_those_of_its_templates(aws_url, tmp_path):
    name, path = "kept-permissions", tmp_path / "plan"
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))
    planned_now = kept(aws_url, name, wanted(tmp_path / "b", config={"xray": True}), path)
    facts = json.loads(path.read_bytes())
    path.write_text(json.dumps({**facts, "permissions": {"gained": [], "lost": []}}))
    watcher = Watcher()

    carried_out(aws_url, name, path, watcher)

    actions = {item.action for item in watcher.plans[0].permissions.gained}
    assert {"xray:PutTelemetryRecords", "xray:PutTraceSegments"} <= actions
    assert watcher.plans[0].permissions == planned_now.permissions


def test_a_kept_plan_tells_where_the_code_needs_what_is_gained(aws_url, tmp_path):
    name, path = "kept-reasons", tmp_path / "plan"
    what = wanted(tmp_path / "a")
    deploy(deployment(aws_url, name), what)
    reasons = {"xray:PutTraceSegments": {"*": "app.py:9"}}
    graph = wanted(tmp_path / "b", config={"xray": True}).graph
    told = tuple(
        replace(item, reasons=reasons) if item.type == ROLE else item for item in graph.resources
    )
    kept(aws_url, name, replace(what, graph=replace(graph, resources=told)), path)
    watcher = Watcher()

    carried_out(aws_url, name, path, watcher)

    gained = {item.action: item.where for item in watcher.plans[0].permissions.gained}
    assert gained["xray:PutTraceSegments"] == "app.py:9"


def test_a_plan_is_not_kept_where_a_stack_has_to_go_first(aws_url, tmp_path):
    name = "kept-first"
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))
    made = deployment(aws_url, name)
    look = replace(made.look(), way=Way.REMOVE_FIRST)

    with pytest.raises(ToolError, match="has to be gone first"):
        planned.keep(made, look, wanted(tmp_path / "b", "two"), tmp_path / "plan")

    assert sandboxes.account(aws_url).stacks.stack(name).status == "CREATE_COMPLETE"


def test_a_first_deploy_that_nobody_agrees_to_leaves_no_stack(aws_url, tmp_path):
    name = "kept-none"

    with pytest.raises(RuntimeError):
        deploy(deployment(aws_url, name, Watcher(agrees=RuntimeError("no"))), wanted(tmp_path))

    assert sandboxes.account(aws_url).stacks.stack(name) is None


def test_a_first_deploy_that_nobody_agrees_to_leaves_a_plan_that_is_kept(aws_url, tmp_path):
    name, path = "kept-beside", tmp_path / "plan"
    what = wanted(tmp_path / "a")
    kept(aws_url, name, what, path)

    with pytest.raises(RuntimeError):
        deploy(deployment(aws_url, name, Watcher(agrees=RuntimeError("no"))), what)

    # Carrying it out is another matter: MiniStack makes a stack anew for a second change set.
    assert change_sets(aws_url, name) == [json.loads(path.read_bytes())["token"]]
    assert sandboxes.account(aws_url).stacks.stack(name).is_new
    assert status_of(deployment(aws_url, name), drift=False).stack is None
