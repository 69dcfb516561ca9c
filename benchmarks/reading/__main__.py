"""Measure and print: `python -m benchmarks.reading [SHAPE | FOLDER ...] [--lines N] [--json]`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.reading.shapes import SHAPES
from benchmarks.table import grid

ONE = Path(__file__).with_name("one.py")
ROOT = Path(__file__).parents[2]
LINES = 20_000
HEAD = ["", "lines", "CPU, s", "CPU, s for 20,000 lines", "memory, MiB", "steps for each character"]


def main(arguments: list[str] | None = None) -> int:
    """Print the table and return the exit code."""
    options = parser().parse_args(arguments)
    rows = [measured(name, options.lines) for name in options.what or SHAPES]
    if options.json:
        print(json.dumps([dict(zip(HEAD, row, strict=True)) for row in rows], indent=2))
    else:
        print("\n".join(grid([HEAD, *rows])))
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    what = f"{', '.join(SHAPES)}, or a folder of modules (all shapes)"
    made.add_argument("what", nargs="*", metavar="SHAPE", help=what)
    made.add_argument("--lines", type=int, default=LINES, help=f"lines of each shape ({LINES:,})")
    made.add_argument("--json", action="store_true", help="print the figures as JSON")
    return made


def measured(name: str, lines: int) -> list[str]:
    """Return the cells of one program, which is read in a process of its own."""
    # What is installed has its bytecode.
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = (sys.executable, "-m", "benchmarks.reading.one", name, str(lines))
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{name}:\n{done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    for_all = found["seconds"] / found["lines"] * LINES
    return [
        name.replace("_", " "),
        f"{found['lines']:,}",
        f"{found['seconds']:.2f}",
        f"{for_all:.2f}",
        f"{found['memory']:.0f}",
        f"{found['steps'] / found['characters']:.2f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
