"""A deploy up to the moment before it changes anything: checks, uploads, the change set.

Each step may have been done before by a run that ended early: a look at the cloud says how far
things are, and the rest is done. Nothing is kept on this machine.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chalice.aws.cloudformation import NewChangeSet
from chalice.aws.errors import Denied
from chalice.deploy import artifacts, releases, stacks
from chalice.deploy import plan as plans
from chalice.deploy.failures import locating
from chalice.deploy.releases import History
from chalice.deploy.states import Way
from chalice.deploy.target import adopts
from chalice.deploy.templates import deployed_template, standing_template
from chalice.deploy.unfinished import asked_for
from chalice.deploy.whose import busy_with
from chalice.diagnostics import ToolError
from chalice.template.document import MAX_INLINE_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.aws.account import Caller
    from chalice.aws.cloudformation import ChangeSet, Stack
    from chalice.deploy.artifacts import Bucket
    from chalice.deploy.deployment import Deployment, Look
    from chalice.deploy.grants import Compared
    from chalice.deploy.plan import Plan
    from chalice.deploy.templates import Placed, Wanted
    from chalice.diagnostics import Problem

# What change sets are made for. Each has names of its own: a plan that is looked at takes nothing
# away from one that is kept in a file, or from a deploy that runs.
DEPLOY, PLAN, KEPT = "deploy", "plan", "kept plan"

_WAITS = (
    "A change set may wait at the stack `{}`, which changes nothing by itself; the same command"
    " takes it up again"
)

_NOT_UPDATED = frozenset({Way.REMOVE_FIRST, Way.WAIT_FIRST})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A deploy up to the moment before it changes anything.

    Attributes:
        bucket: that of artifacts.
        placed: the template.
        plan: what would be done.
        stack: the stack as it is; None where there is none.
        change_set: what would do it; None where nothing has to be done.
        former: other buckets that have what is deployed now.
        history: the releases of the stack as they were when it was prepared.
    """

    bucket: Bucket
    placed: Placed
    plan: Plan
    stack: Stack | None
    change_set: ChangeSet | None
    former: tuple[str, ...] = ()
    history: History = field(default_factory=History)


# --- plan ----------------------------------------------------------------------------------------


def plan(deployment: Deployment, look: Look, wanted: Wanted) -> Plan:
    """Return what a deploy would do.

    Of a stack that is there, a package is uploaded and a change set made, which is taken away
    again. Of one that is not, CloudFormation has nothing to compare: its template is checked, and
    nothing is uploaded.

    Raises:
        Busy: somebody else is at it.
        InvalidApp: AWS would refuse it.
        ToolError: CloudFormation refuses it, and says why.
    """
    if look.way is not Way.UPDATE:
        return plan_of_creation(deployment, look, wanted)
    made = prepare(deployment, look, wanted, PLAN)
    discard(deployment, made)
    return with_synced(made)


def with_synced(made: Prepared) -> Plan:
    """Return the plan of *made* with the functions that get their code back, for it was synced."""
    if made.history.synced is None:
        return made.plan
    from chalice.deploy.syncing import codes_of  # noqa: PLC0415 - seldom

    document = made.placed.document
    return plans.given_back(made.plan, document, codes_of(document))


def plan_of_creation(deployment: Deployment, look: Look, wanted: Wanted) -> Plan:
    """Return what a deploy would do where there is nothing to update; nothing is changed.

    Raises:
        Busy: somebody else is at it.
        InvalidApp: AWS would refuse it.
        ToolError: CloudFormation refuses it, and says why.
    """
    if look.way is Way.BUSY:
        raise busy_with(deployment, look.stack)
    name = deployment.target.stack_name
    found = artifacts.find(deployment.account, deployment.target, look.caller)
    if found is not None and deployment.target.bucket is not None:
        # One in another region is refused here, as a deploy would. Denied may be what is not there.
        with suppress(Denied):
            found.objects.head(artifacts.releases_key(name))
    placed = wanted.placed(name, found.name if found else "bucket")
    leaving = look.way is Way.WAIT_FIRST
    warnings = checked(deployment, look.caller, placed, {}, wanted=wanted, leaving=leaving)
    if len(placed.text.encode()) <= MAX_INLINE_BYTES:
        with locating(placed.document, placed.places):
            deployment.account.stacks.validate(placed.text)
    made = plans.creation(name, placed.document, placed.places)
    if look.way is Way.REMOVE_FIRST:
        made = made.with_removal()
    gained = permissions(deployment, look.caller, {}, placed)
    return replace(made, warnings=warnings, permissions=gained, adopts=adopts(look.stack))


# --- change sets ---------------------------------------------------------------------------------


def prepare(deployment: Deployment, look: Look, wanted: Wanted, kind: str = DEPLOY) -> Prepared:
    """Upload what a deploy needs, and return what it would do, with its change set.

    Args:
        deployment: the stack; one that has to go first is gone.
        look: what is there.
        wanted: what is to be deployed.
        kind: what the change set is for.

    Raises:
        Busy: somebody else is at it.
        InvalidApp: AWS would refuse it; nothing was uploaded.
        ToolError: CloudFormation refuses it, and says why; or what is remembered of earlier
            releases cannot be read, and nothing was uploaded.
    """
    if look.way is Way.BUSY:
        raise busy_with(deployment, look.stack)
    account, target = deployment.account, deployment.target
    stack = None if look.way in _NOT_UPDATED else there(look.stack)
    sent = deployed_template(account.stacks, stack)
    bucket = artifacts.find(account, target, look.caller)
    # Before anything is changed: afterwards it would be too late to say that it is damaged.
    history = releases.read(bucket.objects, target.stack_name) if bucket else History()
    placed = wanted.placed(target.stack_name, bucket.name if bucket else "bucket")
    if stack is not None and bucket is not None and _is_there(deployment, stack, placed, sent):
        return Prepared(bucket, placed, nothing(deployment), stack, None, history=history)
    before = standing_template(account.stacks, stack) if adopts(stack) else sent
    warnings = checked(deployment, look.caller, placed, before, wanted=wanted)
    if bucket is None:
        bucket = deployment.bucket(look.caller)
        placed = wanted.placed(target.stack_name, bucket.name)
    creates = stack is None or stack.is_new
    for key, path in wanted.archives(target.stack_name).items():
        if artifacts.upload(bucket, key, path, anew=creates):
            deployment.watching.say(f"Uploaded `{path.name}` to `{bucket.name}`")
    former = _tell_of_former(deployment, sent, bucket)
    made = changing(deployment, look.caller, bucket, placed, stack, before, wanted.commit, kind)
    plan = replace(made.plan, warnings=warnings)
    return replace(made, plan=plan, former=former, history=history)


def _tell_of_former(
    deployment: Deployment, sent: Mapping[str, Any], bucket: Bucket
) -> tuple[str, ...]:
    """Say which other buckets have what is deployed, and return them."""
    from chalice.deploy import former  # noqa: PLC0415 - only what changes has it

    place = (sent, deployment.target.stack_name, bucket.name)
    for sentence in former.left_in_others(*place):
        deployment.watching.say(sentence)
    return former.others_of(*place)


def there(stack: Stack | None) -> Stack | None:
    """Return *stack* where it is more than a memory of one that is gone."""
    return stack if stack is not None and not stack.status.startswith("DELETE") else None


def checked(
    deployment: Deployment,
    caller: Caller,
    placed: Placed,
    before: Mapping[str, Any],
    *,
    wanted: Wanted | None = None,
    leaving: bool = False,
) -> tuple[Problem, ...]:
    """Return what deserves a look before a template is carried out.

    Args:
        deployment: the stack.
        caller: who wants it.
        placed: the template.
        before: that of the stack; empty where there is none.
        wanted: what it was made of, if that is known.
        leaving: whether a stack of that name is being removed.

    Raises:
        InvalidApp: AWS would refuse it later on.
    """
    from chalice.deploy.preflight import checking  # noqa: PLC0415 - only what changes is checked
    from chalice.deploy.preflight.looking import Looking  # noqa: PLC0415 - the same

    return checking.check(
        Looking(deployment.account, caller, deployment.clock.today().date()),
        placed,
        before,
        deployment.target.stack_name,
        wanted=wanted,
        sandbox=deployment.target.sandbox,
        leaving=leaving,
    )


def changing(
    deployment: Deployment,
    caller: Caller,
    bucket: Bucket,
    placed: Placed,
    stack: Stack | None,
    before: Mapping[str, Any],
    commit: str,
    kind: str = DEPLOY,
) -> Prepared:
    """Return the change set that brings *stack* to a template whose archives are uploaded.

    Args:
        deployment: the stack.
        caller: who wants it.
        bucket: that of artifacts.
        placed: the template.
        stack: the stack as it is; None where there is none.
        before: its template.
        commit: that of the project; may be empty.
        kind: what it is for.

    Raises:
        ToolError: CloudFormation refuses it, and says why.
    """
    api, name = deployment.account.stacks, deployment.target.stack_name
    text = placed.text
    if len(text.encode()) > MAX_INLINE_BYTES:
        text = put_template(bucket, name, placed)
    creates = stack is None or stack.is_new
    wanted = NewChangeSet(
        name,
        stacks.change_set_name(_content(deployment, placed.sha256, kind), stack),
        text,
        creates=creates,
        description=_description(caller, commit),
        tags=deployment.target.tags,
    )
    try:
        with locating(placed.document, placed.places), asked_for(_WAITS.format(name)):
            change_set = stacks.make(api, wanted, deployment.clock)
    except ToolError:
        if creates:
            _forget_new(deployment)
        raise
    if change_set is None:
        return Prepared(bucket, placed, nothing(deployment), api.stack(name), None)
    made = plans.plan_of(name, change_set.changes, before, placed.document, placed.places)
    changed = permissions(deployment, caller, before, placed)
    made = replace(made, permissions=changed, adopts=adopts(stack))
    return Prepared(bucket, placed, made, stack, change_set)


def permissions(
    deployment: Deployment, caller: Caller, before: Mapping[str, Any], placed: Placed
) -> Compared:
    """Return what roles gain and lose from the template *before* to what is *placed*."""
    from chalice.deploy.grants import compare  # noqa: PLC0415 - only what changes is compared
    from chalice.deploy.values import values_of  # noqa: PLC0415 - the same

    name, region = deployment.target.stack_name, deployment.account.region
    values = values_of(placed.document, name, caller.account, region, secret=False)
    return compare(before, placed.document, values, placed.reasons)


def discard(deployment: Deployment, made: Prepared) -> None:
    """Take a change set away that is not carried out, and a stack that is nothing else.

    What AWS refuses of it is left; whoever calls has something more important to say.
    """
    api, name = deployment.account.stacks, deployment.target.stack_name
    with suppress(ToolError):
        if made.change_set is not None:
            api.delete_change_set(name, made.change_set.name)
    if made.stack is None or made.stack.is_new:
        _forget_new(deployment)


def _forget_new(deployment: Deployment) -> None:
    """Remove a stack that is a name and nothing else: no change set of anybody waits at it."""
    api, name = deployment.account.stacks, deployment.target.stack_name
    with suppress(ToolError):
        stack = api.stack(name)
        if stack is not None and stack.is_new and not api.change_sets(name):
            api.delete_stack(stack.id, f"chalice-forget-{stack.id.rpartition('/')[2]}"[:128])


def nothing(deployment: Deployment) -> Plan:
    """Return the plan that changes nothing."""
    return plans.Plan(deployment.target.stack_name, ())


def _is_there(
    deployment: Deployment, stack: Stack, placed: Placed, sent: Mapping[str, Any]
) -> bool:
    """Return whether the stack is what the template makes of it."""
    tagged = deployment.target.tags.items() <= stack.tags.items()
    return tagged and artifacts.canonical(sent) == artifacts.canonical(placed.document)


def put_template(bucket: Bucket, stack_name: str, placed: Placed) -> str:
    """Keep a template beside its archives, and return its address."""
    key = artifacts.template_key(stack_name, placed.sha256)
    bucket.objects.write(key, placed.text.encode())
    return bucket.objects.url(key)


# --- whose operation it is -----------------------------------------------------------------------


def began(deployment: Deployment, token: str, sha256: str, *kinds: str) -> bool:
    """Return whether the operation *token* is one that brings the stack to a template.

    Args:
        deployment: the stack.
        token: that of an operation.
        sha256: that of the template.
        kinds: what its change set was made for.
    """
    marks = tuple(stacks.mark_of(_content(deployment, sha256, kind)) for kind in kinds)
    return token.startswith(marks)


def _content(deployment: Deployment, sha256: str, kind: str) -> str:
    """Return what a change set is known by, however often it is made."""
    tags = json.dumps(deployment.target.tags)
    return artifacts.digest(f"{kind} {sha256} {tags}".encode())


def _description(caller: Caller, commit: str) -> str:
    """Return what others see of a deploy while it runs."""
    of = f" of commit {commit[:12]}" if commit else ""
    # Source: CloudFormation API reference, CreateChangeSet, "Description": at most 1,024.
    return f"of `{caller.arn}`{of}"[:1024]
