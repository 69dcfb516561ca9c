"""Templates that were made before, by a kept plan or a release: what they need may be gone."""

import json
from dataclasses import replace

import pytest
from tests import faulty, sandboxes
from tests.deploy.deployments import Watcher, deploy, deployment, wanted
from tests.deploy.there import TRUST

from chalice.deploy import planned
from chalice.deploy.rolling_back import roll_back
from chalice.diagnostics import InvalidApp

LOOK_UPS = {"GetRole", "GetPolicy", "DescribeSubnets", "DescribeSecurityGroups"}


@pytest.fixture
def roles(aws_url):
    """Return a function that makes a role, or takes it away."""
    session = sandboxes.session(aws_url)

    def role(name, *, there):
        if there:
            policy = json.dumps(TRUST)
            session.call("iam", "create_role", RoleName=name, AssumeRolePolicyDocument=policy)
        else:
            session.call("iam", "delete_role", RoleName=name)
        # Source: MiniStack (observed): the account of its root keys.
        return f"arn:aws:iam::000000000000:role/{name}"

    return role


def given(role):
    return {"manage_iam_role": False, "iam_role_arn": role}


def made(url, name, watcher=None, *, sandbox=False):
    found = deployment(url, name, watcher)
    return replace(found, target=replace(found.target, sandbox=sandbox))


def test_a_kept_plan_whose_role_is_gone_by_now_is_refused(aws_url, tmp_path, roles):
    name, path, watcher = "again-kept", tmp_path / "plan", Watcher()
    role = roles(name, there=True)
    deploy(made(aws_url, name), wanted(tmp_path / "a"))
    aim = made(aws_url, name, watcher)
    planned.keep(aim, aim.look(), wanted(tmp_path / "b", "two", given(role)), path)
    roles(name, there=False)

    with faulty.proxy(aws_url) as proxy:
        aim = made(proxy.url, name, watcher)
        with pytest.raises(InvalidApp) as caught:
            planned.carry_out(aim, aim.look(), path)

    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == ("role-missing", ".chalice/config.json:4")
    assert watcher.plans == []
    assert proxy.writes == []
    assert "make the plan again" in watcher.said[-1]
    # Where what was missing is there again the plan holds.
    roles(name, there=True)
    aim = made(aws_url, name)
    assert planned.carry_out(aim, aim.look(), path).plan.warnings == ()


def test_a_kept_plan_of_a_new_stack_is_looked_at_too(aws_url, tmp_path, roles):
    name, path = "again-new", tmp_path / "plan"
    role = roles(name, there=True)
    aim = made(aws_url, name)
    planned.keep(aim, aim.look(), wanted(tmp_path, "one", given(role)), path)
    roles(name, there=False)

    with pytest.raises(InvalidApp, match="there is no role"):
        planned.carry_out(aim, aim.look(), path)


def test_going_back_to_a_release_whose_role_is_gone_is_refused(aws_url, tmp_path, roles):
    name, watcher = "again-release", Watcher()
    role = roles(name, there=True)
    deploy(made(aws_url, name), wanted(tmp_path / "a", "one", given(role)))
    deploy(made(aws_url, name), wanted(tmp_path / "b", "two"))
    roles(name, there=False)

    with faulty.proxy(aws_url) as proxy, pytest.raises(InvalidApp) as caught:
        roll_back(made(proxy.url, name, watcher))

    assert [problem.code for problem in caught.value.problems] == ["role-missing"]
    assert proxy.writes == []
    assert watcher.plans == []
    assert "is deployed as it was" in watcher.said[-1]


def test_in_the_sandbox_going_back_tells_what_is_missing_and_goes_on(aws_url, tmp_path, roles):
    name, watcher = "again-sandbox", Watcher()
    role = roles(name, there=True)
    deploy(made(aws_url, name), wanted(tmp_path / "a", "one", given(role)))
    deploy(made(aws_url, name), wanted(tmp_path / "b", "two"))
    roles(name, there=False)

    done, _ = roll_back(made(aws_url, name, watcher, sandbox=True))

    assert done.stack.status == "UPDATE_COMPLETE"
    (plan,) = watcher.plans
    assert [(item.code, item.severity) for item in plan.warnings] == [("role-missing", "warning")]


def test_what_names_nothing_and_what_stays_as_it_is_are_not_looked_up(aws_url, tmp_path, roles):
    name, path = "again-same", tmp_path / "plan"
    role = roles(name, there=True)
    deploy(made(aws_url, name), wanted(tmp_path / "a", "one", given(role)))
    deploy(made(aws_url, name), wanted(tmp_path / "b", "two", given(role)))
    aim = made(aws_url, name)
    planned.keep(aim, aim.look(), wanted(tmp_path / "c", "three", given(role)), path)

    with faulty.proxy(aws_url) as proxy:
        aim = made(proxy.url, name)
        planned.carry_out(aim, aim.look(), path)
        kept = list(proxy.counted)
        proxy.calls.clear()
        roll_back(aim)
        back = list(proxy.counted)

    assert not LOOK_UPS & {*kept, *back}
    # As many as where nothing is looked up at all.
    assert (len(kept), len(back)) == (10, 14)
