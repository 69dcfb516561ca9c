"""Write what `chalice.permissions` knows of AWS's actions and of boto3's resources.

    python -m scripts.authorization_data POLICIES BOTO3

POLICIES is `data/AdditionalSpecs/Policies.json` of cfn-lint, which holds AWS's service reference
(docs.aws.amazon.com/service-authorization/latest/reference/service-reference.html); BOTO3 is the
folder of the package boto3, whose definitions of resources are under the Apache License 2.0. What
is written is a line a service, so that a reader decodes the few that it asks for.
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


def main(policies: str, boto3: str) -> None:
    """Write both files."""
    DATA.mkdir(exist_ok=True)
    found = actions(json.loads(Path(policies).read_text()))
    (DATA / "actions.tsv").write_text("\n".join(found) + "\n")
    (DATA / "resources.tsv").write_text("\n".join(definitions(Path(boto3))) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
