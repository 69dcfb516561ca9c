"""Measure and print: `python -m benchmarks.cold [--rounds N] [--count] [--json]`."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.environments import ensure
from scripts.interpreters import find

from benchmarks.cold.packages import NotPackaged, Unpacked, packages
from benchmarks.cold.start import Start, StartFailed, start
from benchmarks.instructions import valgrind
from benchmarks.measure import compile_bytecode
from benchmarks.peers import ENVIRONMENTS
from benchmarks.table import grid

if TYPE_CHECKING:
    from collections.abc import Sequence

REFERENCE = (3, 11)
TITLES = {"bare": "bare handler", "chalice2": "this package", "chalice": "AWS Chalice 1.34.0"}
HEAD = ["", "application", "zip, bytes", "CPU, ms (median)", "spread", "M instructions"]


def main(arguments: list[str] | None = None) -> int:
    """Print the table and the ratios that are promised; return the exit code."""
    options = parser().parse_args(arguments)
    python = find(*REFERENCE)
    if python is None:
        print("A CPython 3.11 is needed", file=sys.stderr)
        return 2
    client_python = ensure(ENVIRONMENTS / "client", python, ("awslambdaric",))
    client = next(client_python.parent.parent.glob("lib/python*/site-packages"))
    compile_bytecode(python, [str(client)])
    with tempfile.TemporaryDirectory(prefix="chalice-bench-") as folder:
        measured = measure(packages(Path(folder), python), python, client, options)
    if options.json:
        print(json.dumps([row(*one) for one in measured], indent=2))
    else:
        print("\n".join(grid([HEAD, *(row(*one) for one in measured)])))
        print(promises(measured))
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.cold", description=__doc__)
    made.add_argument("--rounds", type=int, default=20, help="starts of each zip (20)")
    made.add_argument("--no-count", action="store_true", help="count no instructions")
    made.add_argument("--json", action="store_true", help="print the figures as JSON")
    return made


def measure(
    made: Sequence[Unpacked], python: Path, client: Path, options: argparse.Namespace
) -> list[tuple[Unpacked, list[Start]]]:
    """Return the starts of each package: interleaved, the first round not counted in."""
    starts: dict[Unpacked, list[Start]] = {package: [] for package in made}
    for number in range(options.rounds + 1):
        for package in made:
            one = start(package, python, client)
            if number:
                starts[package].append(one)
    if valgrind() and not options.no_count:
        for package in made:
            print(f"Counting {package.tool} {package.application}", file=sys.stderr)
            starts[package].append(start(package, python, client, counted=True))
    return list(starts.items())


def row(package: Unpacked, starts: Sequence[Start]) -> list[str]:
    """Return the cells of one package."""
    low, _, high = statistics.quantiles(cpu(starts), n=4)
    counted = instructions(starts)
    return [
        TITLES[package.tool],
        package.application,
        f"{package.zipped:,}",
        f"{statistics.median(cpu(starts)):.1f}",
        f"{low:.1f} to {high:.1f}",
        f"{counted:.1f}" if counted else "-",
    ]


def cpu(starts: Sequence[Start]) -> list[float]:
    """Return the CPU times of the starts that were not slowed by counting."""
    return [one.cpu_ms for one in starts if one.instructions is None]


def instructions(starts: Sequence[Start]) -> float | None:
    """Return the counted instructions, in millions."""
    return next((one.instructions for one in starts if one.instructions is not None), None)


def promises(measured: Sequence[tuple[Unpacked, Sequence[Start]]]) -> str:
    """Return what of AWS Chalice's cost is left: of hello's above bare, and of the whole start."""
    times = {(p.application, p.tool): statistics.median(cpu(s)) for p, s in measured}
    counts = {(p.application, p.tool): instructions(s) for p, s in measured}
    lines = [_share("CPU time", times)]
    if all(counts.values()):
        lines.append(_share("instructions", {key: value or 0 for key, value in counts.items()}))
    return "\n".join(lines)


def _share(what: str, figures: dict[tuple[str, str], float]) -> str:
    bare = figures["hello", "bare"]
    hello = (figures["hello", "chalice2"] - bare) / (figures["hello", "chalice"] - bare)
    large = figures["large", "chalice2"] / figures["large", "chalice"]
    return f"{what}: hello above bare {hello:.2f} of AWS Chalice's, large {large:.2f} of it"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (NotPackaged, StartFailed) as failure:
        sys.exit(str(failure))
