"""Whose stack it is: what others have made is neither changed nor removed without a question."""

import json
from dataclasses import replace

import pytest
from tests import sandboxes
from tests.deploy.deployments import Watcher, deploy, deployment, wanted

from chalice.aws.account import SdkAccount
from chalice.aws.cloudformation_sdk import SdkCloudFormation
from chalice.aws.errors import Denied
from chalice.deploy import carrying_out, preparing, status, whose
from chalice.deploy.deployment import Look
from chalice.deploy.removal import remove
from chalice.deploy.rolling_back import roll_back
from chalice.deploy.states import Way, way_of
from chalice.deploy.waiting import Clock, Pauses
from chalice.diagnostics import ToolError

TEMPLATE = {"Resources": {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {}}}}


@pytest.fixture
def theirs(aws_url):
    """Return a function that makes a stack without Chalice."""

    def make(name, tags=()):
        session = sandboxes.session(aws_url)
        session.call(
            "cloudformation",
            "create_stack",
            StackName=name,
            TemplateBody=json.dumps(TEMPLATE),
            Tags=[{"Key": key, "Value": value} for key, value in tags],
        )
        settled(aws_url, name)

    return make


def settled(url, name):
    pauses, api = Pauses(Clock()), sandboxes.account(url).stacks
    while api.stack(name).in_progress:
        pauses.wait()


@pytest.mark.parametrize("change", [remove, roll_back], ids=["remove", "roll back"])
def test_a_stack_that_says_nobodys_name_is_left_alone(aws_url, theirs, change):
    name = f"owned-{change.__name__.replace('_', '-')}"
    theirs(name)
    options = {"keep_logs": False} if change is remove else {}

    with pytest.raises(ToolError, match="was not made by this version of Chalice"):
        change(deployment(aws_url, name), **options)

    assert sandboxes.account(aws_url).stacks.stack(name).status == "CREATE_COMPLETE"


def test_a_stack_of_another_application_is_refused_by_all(aws_url, theirs):
    theirs("owned-other", [("chalice:application", "other/dev")])
    made = deployment(aws_url, "owned-other")

    for attempt in (
        made.look,
        lambda: status.status_of(made, drift=False),
        lambda: remove(made, keep_logs=False),
        lambda: roll_back(made),
    ):
        with pytest.raises(ToolError, match="belongs to another application, `other/dev`"):
            attempt()


def test_a_deploy_over_a_stack_of_nobodys_asks(aws_url, theirs, tmp_path):
    theirs("owned-adopted")
    watcher = Watcher()

    plan = preparing.plan(
        deployment(aws_url, "owned-adopted"),
        deployment(aws_url, "owned-adopted").look(),
        wanted(tmp_path / "a"),
    )
    done = deploy(deployment(aws_url, "owned-adopted", watcher), wanted(tmp_path / "a"))
    deploy(deployment(aws_url, "owned-adopted", watcher), wanted(tmp_path / "b", "two"))

    assert plan.adopts
    assert [plan.adopts for plan in watcher.plans] == [True, False]
    assert watcher.plans[0].asks
    assert done.stack.tags["chalice:application"] == "demo/dev"


def test_what_a_failed_first_deploy_left_goes_only_where_somebody_agrees(aws_url, tmp_path):
    name = "owned-failed"
    deploy(deployment(aws_url, name), wanted(tmp_path))
    watcher = Watcher(agrees=RuntimeError("no"))
    made = deployment(aws_url, name, watcher)
    look = made.look()
    # MiniStack undoes nothing half-way: this is how AWS calls what is left.
    failed = Look(look.caller, look.stack, Way.REMOVE_FIRST)

    with pytest.raises(RuntimeError):
        carrying_out.deploy(made, failed, wanted(tmp_path))
    unchanged = sandboxes.account(aws_url).stacks.stack(name)
    again = deployment(aws_url, name)
    done = carrying_out.deploy(again, failed, wanted(tmp_path))

    (plan,) = watcher.plans
    assert [item.kind for item in plan.items if item.action == "delete"] == ["stack"]
    assert unchanged.id == look.stack.id
    assert done.stack.id != look.stack.id
    assert [text for text in again.watching.said if "failed first deploy" in text]
    assert len(again.watching.plans) == 1


class Mangling(SdkCloudFormation):
    """CloudFormation that keeps what is not ASCII as `?`, and carries out what it calls a macro."""

    def create_change_set(self, wanted):
        mangled = "".join(char if char.isascii() else "?" for char in wanted.template)
        super().create_change_set(replace(wanted, template=mangled))

    def template(self, name, stage="Original"):
        found = super().template(name, stage)
        if stage == "Processed" and isinstance(found, dict):
            return {**found, "Metadata": {"Processed": True}}
        return found


class ManglingAccount(SdkAccount):
    def __init__(self, url):
        super().__init__(sandboxes.session(url))
        self._mangling = Mangling(sandboxes.session(url))

    @property
    def stacks(self):
        return self._mangling


def test_a_stack_is_known_by_what_was_sent_whatever_cloudformation_makes_of_it(aws_url, tmp_path):
    name = "owned-mangled"
    made = replace(deployment(aws_url, name), account=ManglingAccount(aws_url))
    what = wanted(tmp_path, config={"environment_variables": {"GREETING": "Grüße"}})
    deploy(made, what)

    again = deploy(made, what)
    found = status.status_of(made, drift=False)

    assert not again.plan.changes
    assert found.release is not None


class Silent(SdkCloudFormation):
    """CloudFormation that may be asked for neither events nor change sets, nor told to forget."""

    def events(self, name):
        raise Denied("AccessDenied", "DescribeStackEvents", "", service="cloudformation")

    def delete_change_set(self, stack, name):
        raise Denied("AccessDenied", "DeleteChangeSet", "", service="cloudformation")


class SilentAccount(ManglingAccount):
    def __init__(self, url):
        super().__init__(url)
        self._mangling = Silent(sandboxes.session(url))


def test_what_may_not_be_looked_at_hides_nothing(aws_url, tmp_path):
    name = "owned-silent"
    deploy(deployment(aws_url, name), wanted(tmp_path / "a"))
    watcher = Watcher(agrees=RuntimeError("no"))
    made = replace(deployment(aws_url, name, watcher), account=SilentAccount(aws_url))
    look = made.look()

    with pytest.raises(RuntimeError):
        deploy(made, wanted(tmp_path / "b", "two"))
    said = whose.busy_with(made, look.stack)

    assert way_of(look.stack) is Way.UPDATE
    assert "is being worked on" in str(said)
