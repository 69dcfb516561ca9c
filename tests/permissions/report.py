"""Write what this package and AWS Chalice 1.34 find in each seeded program.

    python -m tests.permissions.report [CHALICE]

CHALICE is the command of AWS Chalice 1.34; without it, an environment of its own is made, as the
benchmarks make theirs. Ends with 1 if an answer is wrong, or has less than that of AWS Chalice.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.permissions.seeded import ENVIRON, NAMES, answer, files

from chalice.permissions import policy_of, read, shown
from chalice.permissions.reading.services import Services

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "policy-report.md"

_HEAD = """# What the code needs, beside AWS Chalice 1.34

`make policy-report` writes this page. Each program of `tests/permissions/programs` has a known
answer: actions and the resources that they are granted on. AWS Chalice grants every action on `*`.

| program | actions needed | found here | found by AWS Chalice 1.34 |
| --- | --- | --- | --- |
"""


def ours(name: str, services: Services) -> dict[str, list[str]]:
    """Return what this package finds in a program: the resources of each action."""
    found: dict[str, list[str]] = {}
    for statement in policy_of(read(files(name), ENVIRON, services)).statements:
        for action in statement.actions:
            found[action] = sorted(map(shown, statement.resources))
    return found


def theirs(command: str, name: str) -> list[str] | None:
    """Return the actions that AWS Chalice finds in a program; None where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        for path, content in files(name).items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        config = Path(folder, ".chalice", "config.json")
        config.parent.mkdir()
        config.write_text(json.dumps({"version": "2.0", "app_name": "program"}))
        done = subprocess.run(
            [command, "gen-policy"], cwd=folder, capture_output=True, text=True, check=False
        )
    start = done.stdout.find("{")
    if done.returncode or start < 0:
        return None
    # What it cannot find an action for, it says before the document.
    statements = json.loads(done.stdout[start:])["Statement"]
    return sorted({action for item in statements for action in item["Action"]})


def main(arguments: list[str]) -> int:
    """Write the page and return the exit code."""
    command = arguments[0] if arguments else _made()
    services = Services()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda name: theirs(command, name), NAMES))
    rows: list[str] = []
    exact = less = same = 0
    for name, of_peer in zip(NAMES, answers, strict=True):
        found, wanted = ours(name, services), answer(name)["allowed"]
        right = found == wanted
        exact += right
        known = {action.lower() for action in wanted}
        of_peer_lower = {action.lower() for action in of_peer or ()}
        same += known == of_peer_lower
        missed = (of_peer_lower & known) - {action.lower() for action in found}
        less += bool(missed)
        told = "fails" if of_peer is None else ", ".join(of_peer) or "nothing"
        verdict = "exact" if right else "wrong"
        verdict += f", without {', '.join(sorted(missed))}" if missed else ""
        rows.append(f"| {name} | {', '.join(wanted) or 'none'} | {verdict} | {told} |")
    summary = (
        f"\nHere {exact} of {len(NAMES)} are exact, resources included; AWS Chalice finds the"
        f" actions of {same}. In {less} it finds an action that is needed and not found here.\n"
    )
    PAGE.write_text(_HEAD + "\n".join(rows) + "\n" + summary)
    print(summary.strip())  # noqa: T201 - what was asked for
    return 0 if exact == len(NAMES) and not less else 1


def _made() -> str:
    """Return the command of AWS Chalice in an environment of its own."""
    from benchmarks.peers import PEERS, site_packages

    peer = next(item for item in PEERS if item.key == "chalice")
    packages = site_packages(peer, Path(sys.executable))
    return str(packages.parent.parent.parent / "bin" / "chalice")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
