"""What CloudFormation needs to make a resource: its schemas, as cfn-lint (MIT-0) ships them.

CloudFormation calls with the rights of who calls it, so its needs are those of any caller.
"""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.authorization.models import Operation

#: By action in lower case: the types of resource that it makes or changes, each with what of a
#: service that needs.
Made = dict[str, list[tuple[str, frozenset[str]]]]


@functools.cache
def _every(packages: Path) -> tuple[dict[str, Any], ...]:
    folder = packages / "cfnlint" / "data" / "schemas" / "resources"
    return tuple(json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json")))


def asked(packages: Path) -> frozenset[str]:
    """Return every action that a resource needs, in lower case."""
    return frozenset(
        action.lower()
        for schema in _every(packages)
        for handler in schema.get("handlers", {}).values()
        for action in handler.get("permissions", [])
    )


def making(packages: Path) -> dict[str, set[str]]:
    """Return what resources need that are made by an action, and to be tagged, by that action."""
    found: dict[str, set[str]] = defaultdict(set)
    for schema in _every(packages):
        needed = schema.get("handlers", {}).get("create", {}).get("permissions", [])
        of_tags: dict[str, list[str]] = schema.get("tagging") or {}
        for action in needed:
            found[action.lower()].update(needed, of_tags.get("permissions", []))
    return found


def schemas(packages: Path, prefix: str) -> Made:
    """Return the resources that each action makes or changes, and what of *prefix* they need."""
    found: Made = {}
    for schema in _every(packages):
        handlers = [schema.get("handlers", {}).get(event, {}) for event in ("create", "update")]
        permissions = {item for one in handlers for item in one.get("permissions", [])}
        of_prefix = frozenset(item for item in permissions if item.lower().startswith(f"{prefix}:"))
        kind = schema["typeName"].rpartition("::")[2]
        for action in permissions:
            found.setdefault(action.lower(), []).append((kind, of_prefix))
    return found


def needed(operation: Operation, made: Made) -> set[str]:
    """Return what a resource needs that *operation* makes or changes, and has in its name."""
    for prefix in operation.prefixes:
        found = made.get(f"{prefix}:{operation.name}".lower(), [])
        alike = [(len(kind), of_prefix) for kind, of_prefix in found if kind in operation.name]
        if alike:
            longest = max(length for length, _ in alike)
            needed_by = [of_prefix for length, of_prefix in alike if length == longest]
            return {action for of_prefix in needed_by for action in of_prefix}
    return set()
