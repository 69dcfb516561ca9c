"""A plan in a file: exactly that change set is carried out later, or nothing."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from chalice.bundle.store import write_whole
from chalice.deploy.deployment import Deployed, Prepared
from chalice.deploy.plan import Item, Plan
from chalice.deploy.releases import Release
from chalice.deploy.stacks import Moved
from chalice.deploy.templates import Placed
from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from pathlib import Path

    from chalice.deploy.deployment import Deployment, Look
    from chalice.deploy.templates import Wanted

_FORM = 1


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
        "change_set": made.change_set.id if made.change_set is not None else None,
        "document": made.placed.document,
        "places": dict(made.placed.places),
        "release": asdict(wanted.release(made.placed)),
        "changes": made.plan.to_dict()["changes"],
    }
    try:
        write_whole(path, json.dumps(facts, indent=1).encode())
    except OSError as error:
        raise ToolError(f"Cannot write `{path}`: {error.strerror or error}") from error
    return made.plan


def carry_out(deployment: Deployment, path: Path) -> Deployed:
    """Carry out the plan in *path*.

    Raises:
        Moved: the stack is another one by now.
        ToolError: the file is no plan, or one for elsewhere.
    """
    facts = _read(path)
    caller, stack = deployment.standing()
    place = (facts["account"], facts["region"], facts["stack"])
    here = (caller.account, deployment.account.region, deployment.target.stack_name)
    if place != here:
        raise ToolError(
            f"The plan `{path.name}` is for the stack `{place[2]}` in account {place[0]},"
            f" {place[1]}; this is `{here[2]}` in account {here[0]}, {here[1]}. Nothing was changed"
        )
    plan = Plan(place[2], tuple(_item(item) for item in facts["changes"]))
    if facts["change_set"] is None:
        if stack is None:
            raise Moved(place[2])
        return Deployed(stack, plan)
    found = deployment.account.stacks.change_set(place[2], facts["change_set"])
    if found is None or found.execution != "AVAILABLE":
        raise Moved(place[2])
    release = facts["release"]
    files = tuple(release["files"])
    document = facts["document"]
    placed = Placed(document, json.dumps(document), release["sha256"], facts["places"], files)
    made = Prepared(deployment.bucket(caller), placed, plan, stack, found)
    done = deployment.carry_out(caller, made, Release(**{**release, "files": files}))
    return Deployed(done, plan)


def _item(facts: dict[str, Any]) -> Item:
    return Item(**{**facts, "details": tuple(facts["details"])})


def _read(path: Path) -> dict[str, Any]:
    try:
        facts: Any = json.loads(path.read_bytes())
    except OSError as error:
        raise ToolError(f"Cannot read `{path.name}`: {error.strerror or error}") from error
    except ValueError as error:
        raise ToolError(f"`{path.name}` is no plan of `chalice plan --out`: {error}") from error
    if not isinstance(facts, dict) or cast("dict[str, Any]", facts).get("form") != _FORM:
        raise ToolError(
            f"`{path.name}` is no plan of this version of Chalice; make it with `chalice plan"
            f" --out {path.name}`"
        )
    return cast("dict[str, Any]", facts)
