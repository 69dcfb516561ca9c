"""The ARNs of every type of resource, and which types each call of an action is about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scripts.authorization.reference import actions_of, arns_of, shortened

if TYPE_CHECKING:
    from pathlib import Path

# In an ARN as it is shortened: `SERVICE:REGION:ACCOUNT:REST`.
_COLONS = 3


def formats(packages: Path) -> list[str]:
    """Return a line for each service: its prefix, a tab, the ARNs of its types, what is required.

    An ARN is shortened to service, region, account and the rest: `glue:R:A:job/${JobName}`. A type
    that has several has them with spaces between.
    """
    every = actions_of(packages)
    lines: list[str] = []
    for prefix, types in sorted(arns_of(packages).items()):
        required: dict[str, list[str]] = {}
        for name, kinds in sorted(every.get(prefix, {}).items()):
            always = ",".join(sorted(kind for kind, is_required in kinds.items() if is_required))
            if always:
                required.setdefault(always, []).append(name)
        arns = {name: " ".join(map(shortened, found)) for name, found in sorted(types.items())}
        taken = {name: arn for name, arn in arns.items() if arn.count(":") >= _COLONS}
        table = [taken, {kinds: " ".join(names) for kinds, names in sorted(required.items())}]
        lines.append(f"{prefix}\t{json.dumps(table, separators=(',', ':'))}")
    return lines
