"""The ARNs of every type of resource, and which types each call of an action is about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scripts.authorization.reference import actions_of, arns_of

if TYPE_CHECKING:
    from pathlib import Path


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
        arns = {name: " ".join(map(_shortened, found)) for name, found in sorted(types.items())}
        taken = {name: arn for name, arn in arns.items() if arn.count(":") >= _COLONS}
        table = [taken, {kinds: " ".join(names) for kinds, names in sorted(required.items())}]
        lines.append(f"{prefix}\t{json.dumps(table, separators=(',', ':'))}")
    return lines


# In what is left of an ARN: `SERVICE:REGION:ACCOUNT:REST`.
_COLONS = 3


def _shortened(arn: str) -> str:
    _, _, service, region, account, rest = [*arn.split(":", 5), "", "", "", "", "", ""][:6]
    where = {"${Region}": "R", "": ""}.get(region, region)
    return f"{service}:{where}:{'A' if account == '${Account}' else account}:{rest}" if rest else ""
