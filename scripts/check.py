"""Run every check side by side and show only what failed: `python -m scripts.check [NAME ...]`.

Each check is one command that prints what is wrong and exits with a code other than 0. They share
nothing, so as many run at a time as there are processors.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
BIN = str(Path(sys.executable).parent)


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name and the command that makes it."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to, how long it took, and what it said."""

    check: Check
    passed: bool
    seconds: float
    output: str


# The longest first, so that no processor idles at the end.
CHECKS = (
    Check("budgets", (PYTHON, "-m", "benchmarks", "--budgets")),
    Check("pyright", (PYTHON, "-m", "pyright", "--warnings")),
    Check("mypy", (PYTHON, "-m", "mypy")),
    Check("documentation", (PYTHON, "-m", "scripts.docs")),
    Check(
        "names, imports, examples",
        (PYTHON, "-m", "pytest", "-q", "tests/api", "tests/budgets", "tests/docs"),
    ),
    Check("imports point down", (f"{BIN}/lint-imports", "--no-logo", "--no-cache")),
    Check("ruff check", (PYTHON, "-m", "ruff", "check")),
    Check("ruff format", (PYTHON, "-m", "ruff", "format", "--check")),
    Check("tracked files", (PYTHON, "-m", "scripts.tracked")),
)


def run(check: Check) -> Outcome:
    """Run one check and return what came of it."""
    started = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return Outcome(check, done.returncode == 0, time.monotonic() - started, done.stdout)


def environment() -> dict[str, str]:
    """Return the environment of the checks: plain text, and no look for newer versions."""
    return {**os.environ, "NO_COLOR": "1", "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}


def main(names: list[str]) -> int:
    """Run the checks called *names*, or all; print a line for each and the output of the failed."""
    chosen = [check for check in CHECKS if not names or check.name in names]
    failed: list[Outcome] = []
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for future in as_completed([pool.submit(run, check) for check in chosen]):
            outcome = future.result()
            mark = "ok    " if outcome.passed else "FAILED"
            print(f"{mark} {outcome.check.name}, {outcome.seconds:.1f} s", flush=True)
            notes = [line for line in outcome.output.splitlines() if line.startswith("Note: ")]
            print(*notes, sep="\n", end="\n" if notes else "", flush=True)
            if not outcome.passed:
                failed.append(outcome)
    for outcome in failed:
        print(f"\n── {outcome.check.name} ──  {' '.join(outcome.check.command)}")
        print(outcome.output.rstrip())
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
