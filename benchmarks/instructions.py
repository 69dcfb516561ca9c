"""Start the probe under callgrind and read the counts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROBE = Path(__file__).with_name("probe.py")
# The libc function whose entry ends one count and begins the next; `probe.mark` calls it.
MARK = "getloadavg"
TOTAL = re.compile(r"^(?:totals|summary): (\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Counts:
    """What one run of the probe gave.

    Attributes:
        sections: instructions between each pair of marks, in order.
        report: what the probe printed: modules, statuses.
    """

    sections: tuple[int, ...]
    report: dict[str, Any]


class MeasurementFailed(Exception):
    """The measured interpreter did not finish; the text is what it said."""


def valgrind() -> str | None:
    """Return the path of valgrind, or None where instructions cannot be counted."""
    return shutil.which("valgrind")


def count(python: Path, specification: dict[str, Any], *options: str) -> Counts:
    """Return the counts of the probe run by *python* with *specification*.

    Args:
        python: the interpreter to measure in; `-S -s`, so only the specification's path counts.
        specification: what the probe does: see `probe.py`.
        options: further options of the interpreter.
    """
    tool = valgrind() or "valgrind"
    with tempfile.TemporaryDirectory(prefix="chalice-bench-") as folder:
        out = Path(folder, "counts")
        callgrind = (
            tool,
            "--tool=callgrind",
            f"--dump-before={MARK}",
            f"--callgrind-out-file={out}",
        )
        report = run_probe(python, specification, *options, under=callgrind)
        return Counts(tuple(sections(out)), report)


def run_probe(
    python: Path, specification: dict[str, Any], *options: str, under: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return what the probe reports, run by *python* under the command *under*."""
    with tempfile.TemporaryDirectory(prefix="chalice-bench-") as folder:
        given = Path(folder, "specification.json")
        given.write_text(json.dumps(specification), encoding="utf-8")
        command = [*under, str(python), "-S", "-s", *options, str(PROBE), str(given)]
        run = subprocess.run(
            command, capture_output=True, text=True, env=environment(), check=False
        )
    if run.returncode:
        raise MeasurementFailed(run.stderr[-4000:])
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def environment() -> dict[str, str]:
    """Return the whole environment of a measured interpreter: the same on every machine."""
    return {"PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin", "AWS_LAMBDA_FUNCTION_NAME": "bench-dev"}


def sections(out: Path) -> list[int]:
    """Return the totals of every second dump: the marks come in pairs around what is counted."""
    totals: list[int] = []
    for number in range(1, len(list(out.parent.glob(out.name + ".*"))) + 1):
        text = out.with_name(f"{out.name}.{number}").read_text(encoding="utf-8", errors="replace")
        found = TOTAL.search(text)
        totals.append(int(found.group(1)) if found else 0)
    return totals[1::2]
