"""The actions of every service, and the types of resources that each is about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scripts.authorization.reference import actions_of

if TYPE_CHECKING:
    from pathlib import Path


def actions(packages: Path) -> list[str]:
    """Return a line for each service: its prefix, a tab, its actions and what each is about."""
    lines: list[str] = []
    for prefix, found in sorted(actions_of(packages).items()):
        by_types: dict[str, list[str]] = {}
        for name, types in sorted(found.items()):
            by_types.setdefault(",".join(sorted(types)), []).append(name)
        table = {types: " ".join(names) for types, names in sorted(by_types.items())}
        lines.append(f"{prefix}\t{json.dumps(table, separators=(',', ':'))}")
    return lines
