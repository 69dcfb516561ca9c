"""A plan in a file: exactly that change set is carried out later, or nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_object
from chalice.deploy import carrying_out, former, preparing, releases
from chalice.deploy import plan as plans
from chalice.deploy.artifacts import canonical, digest
from chalice.deploy.carrying_out import Begun
from chalice.deploy.deployment import Deployed
from chalice.deploy.preparing import KEPT, Prepared
from chalice.deploy.releases import Release
from chalice.deploy.stacks import Moved
from chalice.deploy.states import Way
from chalice.deploy.target import adopts
from chalice.deploy.templates import Placed, standing_template
from chalice.deploy.whose import latest_token
from chalice.diagnostics import InvalidApp, ToolError
from chalice.disk import write_whole
from chalice.template.writing import serialize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.aws.account import Caller
    from chalice.aws.cloudformation import ChangeSet, Stack
    from chalice.deploy.deployment import Deployment, Look
    from chalice.deploy.plan import Plan
    from chalice.deploy.templates import Wanted

_FORM = 3


def keep(deployment: Deployment, look: Look, wanted: Wanted, path: Path) -> Plan:
    """Write the plan of *wanted* into *path* and return it; its change set stays in the cloud.

    Raises:
        ToolError: it cannot be made, or not be written.
    """
    name = deployment.target.stack_name
    if look.stack is not None and look.way in {Way.REMOVE_FIRST, Way.WAIT_FIRST}:
        raise ToolError(
            f"No plan of the stack `{name}` can be kept: it is in the state {look.stack.status},"
            " and has to be gone first. Nothing was changed. `chalice delete` removes it; `chalice"
            " plan` without `--out` says what a deploy would do"
        )
    made = preparing.prepare(deployment, look, wanted, KEPT)
    facts: dict[str, Any] = {
        "form": _FORM,
        "account": look.caller.account,
        "region": deployment.account.region,
        "stack": name,
        "state": _state(made.stack),
        "change_set": made.change_set.id if made.change_set is not None else None,
        "token": made.change_set.name if made.change_set is not None else "",
        "document": made.placed.document,
        "places": dict(made.placed.places),
        "release": asdict(wanted.release(made.placed)),
        "reasons": made.placed.reasons,
    }
    try:
        write_whole(path, json.dumps(facts, indent=1).encode(), private=True)
    except OSError as error:
        raise ToolError(f"Cannot write `{_named(path)}`: {error.strerror or error}") from error
    return preparing.with_synced(made)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is in a plan's file."""

    place: tuple[str, str, str]
    state: str
    change_set: str | None
    token: str
    placed: Placed
    release: Release


def carry_out(deployment: Deployment, look: Look, path: Path) -> Deployed:
    """Carry out the plan in *path*.

    The file is not believed: what is carried out is the change set in the cloud, whose name says
    which template it was made of, and what it changes is asked for again.

    Raises:
        Moved: the stack is another one by now.
        InvalidApp: AWS would refuse it by now.
        ToolError: the file is no plan, was changed, or is one for elsewhere.
    """
    kept = _read(path)
    caller, stack = look.caller, look.stack
    account, region, name = kept.place
    here = (caller.account, deployment.account.region, deployment.target.stack_name)
    if kept.place != here:
        raise ToolError(
            f"The plan `{_named(path)}` is for the stack `{name}` in account {account}, {region};"
            f" this is `{here[2]}` in account {here[0]}, {here[1]}. Nothing was changed"
        )
    if kept.change_set is None:
        if stack is None or _state(stack) != kept.state:
            raise Moved(name)
        nothing = preparing.nothing(deployment)
        bucket = deployment.bucket(caller)
        history = releases.read(bucket.objects, name)
        made = Prepared(bucket, kept.placed, nothing, stack, None, history=history)
        return carrying_out.give_back(deployment, caller, made, kept.release)
    if not preparing.began(deployment, kept.token, kept.placed.sha256, KEPT):
        raise ToolError(
            f"`{_named(path)}` was changed since `chalice plan --out` wrote it: its template is not"
            " that of its change set. Nothing was changed; make it again"
        )
    found = deployment.account.stacks.change_set(name, kept.token)
    if stack is None or (found is not None and found.stack_id != stack.id):
        raise Moved(name)
    bucket = deployment.bucket(caller)
    history = releases.read(bucket.objects, name)
    if found is not None and found.execution == "AVAILABLE":
        before = standing_template(deployment.account.stacks, stack)
        plan = _plan(deployment, caller, stack, before, found, kept)
        made = Prepared(
            bucket,
            kept.placed,
            plan,
            stack,
            found,
            former.others_of(before, stack.name, bucket.name),
            history,
        )
        done = carrying_out.carry_out(deployment, caller, made, kept.release, kept=True)
        return Deployed(done, made.plan)
    if latest_token(deployment, stack) != kept.token:
        raise Moved(name)
    deployment.watching.say("This plan is being carried out, or was; following it")
    operation = Begun(bucket, kept.placed, kept.release, stack.id, kept.token, history)
    done = carrying_out.finish(deployment, caller, operation)
    return Deployed(done, preparing.nothing(deployment))


def _plan(
    deployment: Deployment,
    caller: Caller,
    stack: Stack,
    before: Mapping[str, Any],
    found: ChangeSet,
    kept: _Kept,
) -> Plan:
    """Return what a change set does, as CloudFormation says it now.

    Raises:
        InvalidApp: AWS would refuse it by now: something that it needs is gone.
    """
    placed = kept.placed
    try:
        warnings = preparing.checked(deployment, caller, placed, before)
    except InvalidApp:
        deployment.watching.say(
            "A plan is carried out as it was made: bring back what it needs, or mend the project"
            " and make the plan again"
        )
        raise
    made = plans.plan_of(stack.name, found.changes, before, placed.document, placed.places)
    changed = preparing.permissions(deployment, caller, before, placed)
    return replace(made, warnings=warnings, permissions=changed, adopts=adopts(stack))


def _state(stack: Stack | None) -> str:
    return stack.revision if stack is not None else ""


def _named(path: Path) -> str:
    """Return how messages name a file: as a command in the folder of now takes it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _read(path: Path) -> _Kept:
    try:
        facts: Any = json.loads(path.read_bytes())
    except OSError as error:
        raise ToolError(f"Cannot read `{_named(path)}`: {error.strerror or error}") from error
    except ValueError as error:
        raise ToolError(f"`{_named(path)}` is no plan of `chalice plan --out`: {error}") from error
    try:
        return _kept(as_object(facts))
    except (KeyError, TypeError, ValueError) as error:
        raise ToolError(
            f"`{_named(path)}` is no plan of this version of Chalice; make it with `chalice plan"
            f" --out {_named(path)}`"
        ) from error


def _kept(facts: dict[str, Any]) -> _Kept:
    if facts["form"] != _FORM:
        raise ValueError(facts["form"])
    document = facts["document"]
    sha256 = digest(canonical(document))
    release = replace(Release.of(facts["release"]), sha256=sha256)
    text = serialize(document, "json", compact=True)
    return _Kept(
        (facts["account"], facts["region"], facts["stack"]),
        facts["state"],
        facts["change_set"],
        facts["token"],
        Placed(document, text, sha256, facts["places"], release.files, facts["reasons"]),
        release,
    )
