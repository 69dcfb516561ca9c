"""A plan in a file: exactly that change set is carried out later, or nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_object
from chalice.deploy.deployment import Deployed, Prepared
from chalice.deploy.grants import Compared
from chalice.deploy.plan import Item, Plan
from chalice.deploy.releases import Release
from chalice.deploy.stacks import Moved
from chalice.deploy.templates import Placed
from chalice.diagnostics import ToolError
from chalice.disk import write_whole
from chalice.template.writing import serialize

if TYPE_CHECKING:
    from pathlib import Path

    from chalice.aws.cloudformation import Stack
    from chalice.deploy.deployment import Deployment, Look
    from chalice.deploy.templates import Wanted

_FORM = 2


def keep(deployment: Deployment, look: Look, wanted: Wanted, path: Path) -> Plan:
    """Write the plan of *wanted* into *path* and return it; its change set stays in the cloud.

    Raises:
        ToolError: it cannot be made, or not be written.
    """
    made = deployment.prepare(look, wanted)
    name = deployment.target.stack_name
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
        "changes": made.plan.to_dict()["changes"],
        "permissions": made.plan.permissions.to_dict(),
    }
    try:
        write_whole(path, json.dumps(facts, indent=1).encode(), private=True)
    except OSError as error:
        raise ToolError(f"Cannot write `{path}`: {error.strerror or error}") from error
    return made.plan


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is in a plan's file."""

    place: tuple[str, str, str]
    state: str
    change_set: str | None
    token: str
    placed: Placed
    release: Release
    plan: Plan


def carry_out(deployment: Deployment, path: Path) -> Deployed:
    """Carry out the plan in *path*.

    Raises:
        Moved: the stack is another one by now.
        ToolError: the file is no plan, or one for elsewhere.
    """
    kept = _read(path)
    caller, stack = deployment.standing()
    account, region, name = kept.place
    here = (caller.account, deployment.account.region, deployment.target.stack_name)
    if kept.place != here:
        raise ToolError(
            f"The plan `{path.name}` is for the stack `{name}` in account {account}, {region};"
            f" this is `{here[2]}` in account {here[0]}, {here[1]}. Nothing was changed"
        )
    if kept.change_set is None:
        if stack is None or _state(stack) != kept.state:
            raise Moved(name)
        return Deployed(stack, kept.plan)
    bucket = deployment.bucket(caller)
    found = deployment.account.stacks.change_set(name, kept.change_set)
    if found is not None and found.execution == "AVAILABLE":
        made = Prepared(bucket, kept.placed, kept.plan, stack, found)
        return Deployed(deployment.carry_out(caller, made, kept.release), kept.plan)
    if stack is None or deployment.latest_token(stack) != kept.token:
        raise Moved(name)
    deployment.watching.say("This plan is being carried out, or was; following it")
    done = deployment.finish(caller, bucket, kept.placed, kept.release, stack.id, kept.token)
    return Deployed(done, kept.plan)


def _state(stack: Stack | None) -> str:
    return f"{stack.id} {stack.updated}" if stack is not None else ""


def _read(path: Path) -> _Kept:
    try:
        facts: Any = json.loads(path.read_bytes())
    except OSError as error:
        raise ToolError(f"Cannot read `{path.name}`: {error.strerror or error}") from error
    except ValueError as error:
        raise ToolError(f"`{path.name}` is no plan of `chalice plan --out`: {error}") from error
    try:
        return _kept(as_object(facts))
    except (KeyError, TypeError, ValueError) as error:
        raise ToolError(
            f"`{path.name}` is no plan of this version of Chalice; make it with `chalice plan"
            f" --out {path.name}`"
        ) from error


def _kept(facts: dict[str, Any]) -> _Kept:
    if facts["form"] != _FORM:
        raise ValueError(facts["form"])
    release = Release.of(facts["release"])
    document = facts["document"]
    text = serialize(document, "json", compact=True)
    return _Kept(
        (facts["account"], facts["region"], facts["stack"]),
        facts["state"],
        facts["change_set"],
        facts["token"],
        Placed(document, text, release.sha256, facts["places"], release.files),
        release,
        Plan(
            facts["stack"],
            tuple(map(Item.of, facts["changes"])),
            permissions=Compared.of(facts["permissions"]),
        ),
    )
