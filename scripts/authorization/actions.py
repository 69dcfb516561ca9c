"""The actions of every service, and the types of resources that each is about.

From AWS's service reference (docs.aws.amazon.com/service-authorization/latest/reference/
service-reference.html), as cfn-lint ships it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def actions(packages: Path) -> list[str]:
    """Return a line for each service: its prefix, a tab, its actions and what each is about."""
    found = packages / "cfnlint" / "data" / "AdditionalSpecs" / "Policies.json"
    policies: dict[str, Any] = json.loads(found.read_text())
    lines: list[str] = []
    for prefix, service in sorted(policies.items()):
        by_types: dict[str, list[str]] = {}
        for name, action in sorted(service["Actions"].items()):
            by_types.setdefault(",".join(action.get("Resources", [])), []).append(name)
        table = {types: " ".join(names) for types, names in sorted(by_types.items())}
        lines.append(f"{prefix}\t{json.dumps(table, separators=(',', ':'))}")
    return lines
