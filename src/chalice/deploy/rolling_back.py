"""Going back to the release before: its template and its archives are kept in the bucket."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalice.deploy import artifacts, carrying_out, former, preparing, releases, stacks
from chalice.deploy.carrying_out import Begun
from chalice.deploy.deployment import Deployed
from chalice.deploy.releases import History
from chalice.deploy.states import Way, way_of
from chalice.deploy.templates import Placed, deployed_template
from chalice.deploy.unfinished import asked_for
from chalice.deploy.whose import busy_with, latest_token
from chalice.diagnostics import InvalidApp, ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.aws.account import Caller
    from chalice.aws.cloudformation import Stack
    from chalice.deploy.artifacts import Bucket
    from chalice.deploy.deployment import Deployment
    from chalice.deploy.preparing import Prepared
    from chalice.deploy.releases import Release
    from chalice.diagnostics import Problem

_KIND = "rollback"
_HALF_UNDONE = frozenset({"UPDATE_ROLLBACK_FAILED", "UPDATE_FAILED"})
_UNDO = "undo"
_UNDONE = frozenset({"UPDATE_ROLLBACK_COMPLETE"})


def roll_back(deployment: Deployment) -> tuple[Deployed, Release | None]:
    """Bring the stack back to the latest release that is not the one that is deployed.

    A stack whose update was half undone is undone to the end; that is all then.

    Returns:
        what came of it, and the release that is deployed now; None where an update was undone.

    Raises:
        StackFailed: CloudFormation could not do it, and went back.
        InvalidApp: AWS would refuse it by now.
        ToolError: there is nothing to go back to, or nobody agrees.
    """
    caller, stack = deployment.standing()
    if stack is None or stack.is_new:
        raise ToolError(
            f"The stack `{deployment.target.stack_name}` is not there: nothing is deployed"
        )
    if stack.status in _HALF_UNDONE:
        return _undone(deployment, stack), None
    if stack.in_progress:
        token = latest_token(deployment, stack)
        if stacks.is_of(token, _UNDO):
            deployment.watching.say(f"Undoing the update of `{stack.name}` was begun; following it")
            return _followed_to_the_end(deployment, stack, token), None
    way = way_of(stack)
    if way not in {Way.BUSY, Way.UPDATE}:
        raise ToolError(
            f"The stack `{stack.name}` is in the state {stack.status}: nothing is there"
        )
    bucket = artifacts.find(deployment.account, deployment.target, caller)
    history = releases.read(bucket.objects, stack.name) if bucket is not None else History()
    before = deployed_template(deployment.account.stacks, stack)
    sha256 = artifacts.digest(artifacts.canonical(before))
    if bucket is not None and (way is Way.BUSY or not history.is_at(sha256)):
        begun = _begun(deployment, stack, history, None if way is Way.BUSY else sha256)
        if begun is not None:
            return _followed(deployment, caller, bucket, stack, history, *begun)
    if way is Way.BUSY:
        raise busy_with(deployment, stack)
    made, release = _prepared(deployment, caller, bucket, stack, before, history)
    again = replace(release, kind=_KIND)
    return Deployed(carrying_out.carry_out(deployment, caller, made, again), made.plan), again


def _prepared(
    deployment: Deployment,
    caller: Caller,
    bucket: Bucket | None,
    stack: Stack,
    before: Mapping[str, Any],
    history: History,
) -> tuple[Prepared, Release]:
    """Return the change set that goes back, and the release that it goes back to.

    Raises:
        InvalidApp: AWS would refuse it by now: something that it needs is gone.
        ToolError: there is no such release, or something of it is gone.
    """
    sha256, whole = artifacts.digest(artifacts.canonical(before)), history
    others = former.known(before, stack.name, history, bucket.name if bucket is not None else "")
    while bucket is not None and (release := history.before(sha256)) is not None:
        placed = _placed(bucket, stack.name, release)
        warnings = _checked(deployment, caller, release, placed, before)
        made = preparing.changing(
            deployment, caller, bucket, placed, stack, before, release.commit, _KIND
        )
        if made.change_set is not None:
            plan = replace(made.plan, warnings=warnings)
            return replace(made, plan=plan, history=whole), release
        # The stack is that release, whatever its template looks like: the one before it is meant.
        sha256 = release.sha256
        history = replace(history, releases=history.releases[: history.releases.index(release)])
    elsewhere = "".join(f". {former.way_back(name)}" for name in others)
    raise ToolError(
        f"No release of the stack `{stack.name}` before this one is known: there is nothing to"
        f" go back to. Nothing was changed{elsewhere}"
    )


def _checked(
    deployment: Deployment,
    caller: Caller,
    release: Release,
    placed: Placed,
    before: Mapping[str, Any],
) -> tuple[Problem, ...]:
    """Return what deserves a look before a release is deployed again.

    Raises:
        InvalidApp: AWS would refuse it by now: something that it needs is gone.
    """
    try:
        return preparing.checked(deployment, caller, placed, before)
    except InvalidApp:
        deployment.watching.say(
            f"The release of {release.at} is deployed as it was, or not at all: bring back what it"
            " needs, or mend the project and run `chalice deploy`"
        )
        raise


def _begun(
    deployment: Deployment, stack: Stack, history: History, sha256: str | None
) -> tuple[Release, str] | None:
    """Return the release that an earlier run has begun to go back to, and the operation's token.

    Without this, running a rollback again that was ended early would go forward again.

    Args:
        deployment: the stack.
        stack: the same as it is.
        history: its releases, without the one that is looked for.
        sha256: the template that the stack has, where nothing goes on any more.
    """
    token = latest_token(deployment, stack)
    for release in reversed(history.releases):
        there = sha256 in {None, release.sha256}
        if there and preparing.began(deployment, token, release.sha256, _KIND):
            return replace(release, kind=_KIND), token
    return None


def _followed(
    deployment: Deployment,
    caller: Caller,
    bucket: Bucket,
    stack: Stack,
    history: History,
    release: Release,
    token: str,
) -> tuple[Deployed, Release]:
    """See a rollback to its end that an earlier run has begun."""
    deployment.watching.say("The same rollback was begun already; following it")
    placed = _placed(bucket, stack.name, release)
    operation = Begun(bucket, placed, release, stack.id, token, history)
    done = carrying_out.finish(deployment, caller, operation)
    return Deployed(done, preparing.nothing(deployment)), release


def _placed(bucket: Bucket, stack_name: str, release: Release) -> Placed:
    """Return the template of a release.

    Raises:
        ToolError: something of it is gone.
    """
    gone = [key for key in release.files if bucket.objects.head(key) is None]
    found = bucket.objects.read(artifacts.template_key(stack_name, release.sha256))
    if gone or found is None:
        listed = ", ".join(f"`{key}`" for key in gone)
        raise ToolError(
            f"The release of {release.at} cannot be brought back: the bucket `{bucket.name}` has"
            f" lost {listed or 'its template'}. Nothing was changed; check out"
            f" {release.commit or 'its commit'} and run `chalice deploy`"
        )
    document: dict[str, Any] = json.loads(found.data)
    return Placed.of(document, stack_name, release.files)


def _undone(deployment: Deployment, stack: Stack) -> Deployed:
    """Have CloudFormation undo the rest of an update."""
    api = deployment.account.stacks
    token = stacks.operation_token(api, stack, _UNDO)
    deployment.watching.say(f"Undoing the update of `{stack.name}` that was half undone")
    # Each is refused in the state of the other. Source: CloudFormation API reference,
    # ContinueUpdateRollback and RollbackStack.
    half = stack.status == "UPDATE_ROLLBACK_FAILED"
    with asked_for():
        stacks.begin(api, stack.id, token, api.continue_rollback if half else api.rollback_stack)
    return _followed_to_the_end(deployment, stack, token)


def _followed_to_the_end(deployment: Deployment, stack: Stack, token: str) -> Deployed:
    api, watch = deployment.account.stacks, deployment.watching.event
    done = stacks.follow(api, stack.id, token, watch, deployment.clock, well=_UNDONE)
    return Deployed(done, preparing.nothing(deployment))
