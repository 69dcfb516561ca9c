"""What boto3's resource objects are made of: its own definitions, Apache License 2.0."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def definitions(packages: Path) -> list[str]:
    """Return a line for each service that has resource objects: its name, a tab, the definition."""
    lines: list[str] = []
    for folder in sorted(path for path in (packages / "boto3" / "data").iterdir() if path.is_dir()):
        newest = max(folder.iterdir())
        found = json.loads((newest / "resources-1.json").read_text())
        lines.append(f"{folder.name}\t{json.dumps(found, separators=(',', ':'))}")
    return lines
