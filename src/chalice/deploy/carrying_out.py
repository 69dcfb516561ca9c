"""A deploy from the change set on: carried out where somebody agrees, followed and remembered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalice.deploy import artifacts, preparing, releases, stacks
from chalice.deploy.addresses import url_of
from chalice.deploy.deployment import Deployed
from chalice.deploy.states import Way
from chalice.deploy.unfinished import asked_for, begun
from chalice.deploy.whose import busy_with, latest_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.aws.account import Caller
    from chalice.aws.cloudformation import Stack
    from chalice.deploy.artifacts import Bucket
    from chalice.deploy.deployment import Deployment, Look
    from chalice.deploy.preparing import Prepared
    from chalice.deploy.releases import History, Release
    from chalice.deploy.templates import Placed, Wanted


@dataclass(frozen=True, slots=True)
class Begun:
    """An operation that was begun.

    Attributes:
        bucket: that of artifacts.
        placed: the template that it brings the stack to.
        release: what is remembered of it.
        stack_id: the stack.
        token: what its events carry.
        history: the releases of the stack before.
    """

    bucket: Bucket
    placed: Placed
    release: Release
    stack_id: str
    token: str
    history: History


def deploy(deployment: Deployment, look: Look, wanted: Wanted) -> Deployed:
    """Bring the stack to what is wanted.

    Raises:
        InvalidApp: AWS would refuse it; nothing was changed.
        StackFailed: CloudFormation could not do it, and went back.
        ToolError: it is not done, with the reason and what to do.
    """
    if look.way is Way.BUSY:
        return _joined(deployment, look, wanted)
    agreed = look.way in {Way.REMOVE_FIRST, Way.WAIT_FIRST}
    if agreed:
        deployment.watching.agree(preparing.plan_of_creation(deployment, look, wanted))
        _clear(deployment, look)
        look = replace(look, stack=None, way=Way.CREATE)
    made = preparing.prepare(deployment, look, wanted)
    if made.change_set is None:
        return _unchanged(deployment, look.caller, made, wanted)
    release = wanted.release(made.placed)
    done = carry_out(deployment, look.caller, made, release, agreed=agreed)
    return Deployed(done, made.plan)


def _clear(deployment: Deployment, look: Look) -> None:
    """Remove what a failed creation left, or wait until somebody has removed it."""
    stack = look.stack
    assert stack is not None, "there is something to clear"  # noqa: S101 - for types
    deployment.watching.say(
        f"The stack `{stack.name}` is what a failed first deploy left; it is removed first"
        if look.way is Way.REMOVE_FIRST
        else f"The stack `{stack.name}` is being removed; waiting until it is"
    )
    api = deployment.account.stacks
    stacks.remove(api, stack, deployment.watching.event, deployment.clock)


def _joined(deployment: Deployment, look: Look, wanted: Wanted) -> Deployed:
    """Follow a deploy of the same that is under way: an earlier run was ended early."""
    bucket = artifacts.find(deployment.account, deployment.target, look.caller)
    stack, name = look.stack, deployment.target.stack_name
    assert stack is not None, "a stack that is missing is not busy"  # noqa: S101 - for types
    if bucket is None:
        raise busy_with(deployment, stack)
    placed = wanted.placed(name, bucket.name)
    token = latest_token(deployment, stack)
    kinds = (preparing.DEPLOY, preparing.KEPT)
    if not preparing.began(deployment, token, placed.sha256, *kinds):
        raise busy_with(deployment, stack)
    deployment.watching.say("The same deploy is under way already; following it")
    preparing.put_template(bucket, name, placed)
    history = releases.read(bucket.objects, name)
    operation = Begun(bucket, placed, wanted.release(placed), stack.id, token, history)
    return Deployed(finish(deployment, look.caller, operation), preparing.nothing(deployment))


def _unchanged(deployment: Deployment, caller: Caller, made: Prepared, wanted: Wanted) -> Deployed:
    """See to what a deploy of the same has left undone; nothing, as a rule."""
    stack, placed, name = made.stack, made.placed, deployment.target.stack_name
    assert stack is not None, "what is unchanged is there"  # noqa: S101 - for types
    history = made.history
    if history.synced is not None or not history.is_at(placed.sha256):
        for key, path in wanted.archives(name).items():
            artifacts.upload(made.bucket, key, path)
        preparing.put_template(made.bucket, name, placed)
        _reconcile(deployment, stack, history, placed.document)
        _remember(deployment, caller, made.bucket, history, wanted.release(placed))
    return Deployed(stack, preparing.with_synced(made))


def give_back(deployment: Deployment, caller: Caller, made: Prepared, release: Release) -> Deployed:
    """Give functions of a stack that stays as it is the code of its template, if they got another.

    Args:
        deployment: the stack.
        caller: who wants it.
        made: a deploy that changes nothing.
        release: the release that the stack is.
    """
    stack = made.stack
    assert stack is not None, "what is unchanged is there"  # noqa: S101 - for types
    if made.history.synced is not None:
        _reconcile(deployment, stack, made.history, made.placed.document)
        _remember(deployment, caller, made.bucket, made.history, release)
    return Deployed(stack, preparing.with_synced(made))


def carry_out(
    deployment: Deployment,
    caller: Caller,
    made: Prepared,
    release: Release,
    *,
    agreed: bool = False,
    kept: bool = False,
) -> Stack:
    """Execute a change set where somebody agrees, and remember what was released.

    Args:
        deployment: the stack.
        caller: who releases it.
        made: the change set.
        release: what is remembered of it.
        agreed: whether somebody has agreed before.
        kept: whether somebody keeps the plan, and may agree another time.

    Raises:
        Moved: it does not hold any more.
        StackFailed: CloudFormation could not do it, and went back.
        ToolError: nobody agrees.
    """
    api, name, change_set = deployment.account.stacks, deployment.target.stack_name, made.change_set
    assert change_set is not None, "there is something to carry out"  # noqa: S101 - for types
    history = made.history
    try:
        if not agreed:
            deployment.watching.agree(made.plan)
    except BaseException:
        if not kept:
            preparing.discard(deployment, made)
        raise
    if made.former:
        history = _remember_former(made, name)
    preparing.put_template(made.bucket, name, made.placed)
    with asked_for():
        stacks.execute(api, name, change_set.name)
    stack_id, token = change_set.stack_id, change_set.name
    operation = Begun(made.bucket, made.placed, release, stack_id, token, history)
    return finish(deployment, caller, operation)


def _remember_former(made: Prepared, name: str) -> History:
    """Note where releases are from before the configuration named another bucket.

    Before anything is changed: a run that takes up a killed one finds the template of now.
    """
    from chalice.deploy import former  # noqa: PLC0415 - seldom

    releases.update(
        made.bucket.objects,
        name,
        lambda before: former.remembered(before, made.former),
        made.history,
    )
    return releases.read(made.bucket.objects, name)


def finish(deployment: Deployment, caller: Caller, operation: Begun) -> Stack:
    """Follow an operation that was begun, and remember what was released.

    Raises:
        StackFailed: CloudFormation could not do it, and went back.
        Unfinished: what becomes of it cannot be seen, or not be remembered.
    """
    placed = operation.placed
    done = stacks.follow(
        deployment.account.stacks,
        operation.stack_id,
        operation.token,
        deployment.watching.event,
        deployment.clock,
        placed.places,
    )
    with begun(_deployed(deployment, done)):
        history, release = operation.history, operation.release
        made = done.status == "CREATE_COMPLETE"
        while True:
            _reconcile(deployment, done, history, placed.document)
            history = _remember(deployment, caller, operation.bucket, history, release, anew=made)
            if history.synced is None:
                return done


def _deployed(deployment: Deployment, stack: Stack) -> str:
    """Return what is said where a stack is deployed, and that could not be noted."""
    url = url_of(stack.outputs, deployment.account.endpoint_url)
    answers = f", and answers at `{url}`" if url else ""
    return (
        f"The stack `{stack.name}` is deployed{answers}. What is left is to note the release, which"
        " `chalice rollback` needs: the same command does the rest"
    )


def _reconcile(
    deployment: Deployment, stack: Stack, history: History, template: Mapping[str, Any]
) -> None:
    """Give functions back the code that the stack says they have, if they got another."""
    if history.synced is None:
        return
    from chalice.deploy import syncing  # noqa: PLC0415 - seldom

    deployment.watching.say(
        "Functions were synced since the last deploy; they get the code of this one"
    )
    syncing.give(deployment.account, stack, template, deployment.clock)


def _remember(
    deployment: Deployment,
    caller: Caller,
    bucket: Bucket,
    history: History,
    release: Release,
    *,
    anew: bool = False,
) -> History:
    """Add a release to those of a stack, and return them.

    They say that functions were synced only where that happened after *history* was read.
    """
    signed = releases.signed(release, caller.arn, deployment.clock.today())
    name = deployment.target.stack_name

    def add(before: History) -> History:
        after = releases.added(before, signed)
        return after if before.synced == history.synced else replace(after, synced=before.synced)

    after = releases.update(bucket.objects, name, add, history, anew=anew)
    if history.files() - after.files():
        releases.clear(bucket.objects, name, after, deployment.clock.today())
    return after
