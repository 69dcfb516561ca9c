"""Operations for which AWS's list had no action when it was taken.

What is in botocore's models and in neither is newer than the list, and its action with it. So the
models of that day are read, those of botocore 1.43.122, and not the newest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions import table
from chalice.permissions.reading import services
from scripts.authorization.models import models
from scripts.authorization.schemas import asked

if TYPE_CHECKING:
    from pathlib import Path


def unlisted(packages: Path) -> list[str]:
    """Return a line for each service that has any: its name, a tab, the operations."""
    lines: list[str] = []
    needed = asked(packages)
    for name, model in models(packages / "then"):
        service = services.service(name)
        # What is asked for API Gateway is a method of HTTP, whatever the operation is.
        if service is None or name in table.WITHDRAWN or "apigateway" in service.prefixes:
            continue
        own = table.PREFIXES.get(name)
        listed = [services.actions_of(item) or {} for item in ((own,) if own else service.prefixes)]
        found = [
            operation
            for operation in sorted(model["operations"])
            if (name, operation) not in table.ACTIONS
            and operation not in service.unsigned
            and operation not in service.named
            and not any(operation.lower() in actions for actions in listed)
            and not any(f"{prefix}:{operation}".lower() in needed for prefix in service.prefixes)
        ]
        lines += [f"{name}\t{' '.join(found)}"] if found else []
    return lines
