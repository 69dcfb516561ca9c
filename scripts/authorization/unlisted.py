"""Operations for which AWS's list had no action when it was taken.

What is in botocore's models and in neither is newer than the list, and its action with it. So the
models of that day are read, those of botocore 1.43.122, and not the newest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions import table
from chalice.permissions.granting.actions import listed
from chalice.permissions.reading.services import of_model
from scripts.authorization.models import models
from scripts.authorization.schemas import asked

if TYPE_CHECKING:
    from pathlib import Path


def unlisted(packages: Path) -> list[str]:
    """Return a line for each service that has any: its name, a tab, the operations."""
    lines: list[str] = []
    needed = asked(packages)
    for name, model in models(packages / "then"):
        service = of_model(name, model, {})
        if name in table.WITHDRAWN or "apigateway" in service.prefixes:
            continue
        found = [
            item
            for item in sorted(model["operations"])
            if listed(service, item) is None
            and not any(f"{prefix}:{item}".lower() in needed for prefix in service.prefixes)
        ]
        lines += [f"{name}\t{' '.join(found)}"] if found else []
    return lines
