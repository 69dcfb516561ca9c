"""Removing a stack, and everything else that its deploys have made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalice.deploy import artifacts, stacks
from chalice.deploy import plan as plans
from chalice.deploy.preparing import changing
from chalice.deploy.states import Way, way_of
from chalice.deploy.templates import Placed, deployed_template
from chalice.deploy.unfinished import asked_for, begun
from chalice.deploy.whose import busy_with
from chalice.diagnostics import ToolError
from chalice.resources.kinds import LOG_GROUP

if TYPE_CHECKING:
    from chalice.aws.account import Caller
    from chalice.aws.cloudformation import Member, Stack
    from chalice.deploy.artifacts import Bucket
    from chalice.deploy.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Removed:
    """What was there, and is not any more.

    Attributes:
        stack: whether there was a stack.
        artifacts: how many versions of files in the bucket of artifacts.
        kept: the names of the log groups that were left.
    """

    stack: bool
    artifacts: int
    kept: tuple[str, ...]


def remove(deployment: Deployment, *, keep_logs: bool) -> Removed:
    """Remove the stack and its artifacts, where somebody agrees.

    What an earlier run has removed is not there any more; the rest is removed.

    Args:
        deployment: the stack.
        keep_logs: leave the log groups and what is in them.

    Raises:
        Busy: something is being done to the stack.
        StackFailed: something cannot be removed.
        ToolError: nobody agrees, or the stack is protected.
    """
    caller, stack = deployment.standing()
    bucket = artifacts.find(deployment.account, deployment.target, caller)
    name = deployment.target.stack_name
    files = artifacts.versions(bucket.objects, name) if bucket is not None else ()
    if stack is None and not files:
        return Removed(stack=False, artifacts=0, kept=())
    kept: dict[str, str] = {}
    members: tuple[Member, ...] = ()
    if stack is not None:
        _accept(deployment, stack)
        members = deployment.account.stacks.resources(stack.id) if not stack.is_new else ()
        if keep_logs:
            kept = {item.logical_id: item.physical_id for item in members if item.type == LOG_GROUP}
    plan = plans.removal(name, [(item.logical_id, item.type) for item in members], kept)
    if bucket is not None:
        plan = replace(plan, files=len(files), bucket=bucket.name)
    deployment.watching.agree(plan)
    if stack is not None and bucket is not None and not files:
        # Unless the configuration has come to name another bucket, there are some.
        from chalice.deploy.former import left_in_others  # noqa: PLC0415 - seldom

        before = deployed_template(deployment.account.stacks, stack)
        for sentence in left_in_others(before, name, bucket.name):
            deployment.watching.say(sentence)
    if stack is not None:
        if kept and bucket is not None:
            _retain(deployment, caller, stack, bucket, tuple(kept))
        stacks.remove(deployment.account.stacks, stack, deployment.watching.event, deployment.clock)
    if bucket is not None:
        with begun(_emptying(bucket, name)):
            files = () if _is_there_again(deployment, bucket) else files
            bucket.objects.delete(files)
    return Removed(stack is not None, len(files), tuple(kept.values()))


def _emptying(bucket: Bucket, stack_name: str) -> str:
    """Return what is said where a stack is gone, and the files of its deploys are not."""
    return (
        f"The stack `{stack_name}` is not there any more. What is left are files of it in the"
        f" bucket `{bucket.name}`: the same command removes them"
    )


def _is_there_again(deployment: Deployment, bucket: Bucket) -> bool:
    """Return whether somebody deploys meanwhile, who has found the files in the bucket."""
    name = deployment.target.stack_name
    stack = deployment.account.stacks.stack(name)
    if stack is None or stack.is_new:
        return False
    deployment.watching.say(
        f"The stack `{name}` is there again: somebody has deployed it meanwhile, so its files stay"
        f" in `{bucket.name}`"
    )
    return True


def _accept(deployment: Deployment, stack: Stack) -> None:
    if stack.in_progress and stack.status != "DELETE_IN_PROGRESS":
        # Removing what is being made leaves behind what is made a moment later.
        raise busy_with(deployment, stack)
    if stack.protected:
        raise ToolError(
            f"The stack `{stack.name}` is protected from being removed. Nothing was changed. Lift"
            " it: `aws cloudformation update-termination-protection --no-enable-termination-"
            f"protection --stack-name {stack.name}`"
        )


def _retain(
    deployment: Deployment, caller: Caller, stack: Stack, bucket: Bucket, kept: tuple[str, ...]
) -> None:
    """Have CloudFormation leave the resources *kept* where they are when their stack goes.

    Raises:
        ToolError: the stack is in no state that can be updated.
    """
    if way_of(stack) is not Way.UPDATE:
        raise ToolError(
            f"The logs of the stack `{stack.name}` cannot be kept: it is in the state"
            f" {stack.status}. Leave `--keep-logs` out"
        )
    before = deployed_template(deployment.account.stacks, stack)
    resources: dict[str, Any] = dict(before.get("Resources", {}))
    for name in kept:
        resources[name] = {**resources[name], "DeletionPolicy": "Retain"}
    placed = Placed.of({**before, "Resources": resources}, deployment.target.stack_name)
    made = changing(deployment, caller, bucket, placed, stack, before, "")
    if made.change_set is None:
        return
    api = deployment.account.stacks
    with asked_for():
        stacks.execute(api, stack.name, made.change_set.name)
    stacks.follow(api, stack.id, made.change_set.name, lambda _: None, deployment.clock)
