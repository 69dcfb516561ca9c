"""Count and print: `python -m benchmarks [--json | --page] [--only KEY ...] [--budgets]`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from scripts.interpreters import find

from benchmarks import budgets, table
from benchmarks.instructions import MeasurementFailed, valgrind
from benchmarks.measure import added_modules, figures
from benchmarks.peers import OURS, PEERS

REFERENCE = (3, 11)
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
TOOLS_MISSING = 2


def main(arguments: list[str] | None = None) -> int:
    """Print the tables, or check the budgets; return the exit code."""
    options = parser().parse_args(arguments)
    python = find(*REFERENCE)
    missing = [
        what
        for what, found in (("valgrind", valgrind()), ("a CPython 3.11", python))
        if found is None
    ]
    if options.budgets:
        return check_budgets(python, missing)
    if missing or python is None:
        print(f"Counting instructions needs {' and '.join(missing)}", file=sys.stderr)
        return TOOLS_MISSING
    chosen = [peer for peer in PEERS if not options.only or peer.key in options.only]
    rows = []
    for peer in chosen:
        print(f"Counting {peer.title}", file=sys.stderr)
        rows.append(figures(peer, python))
    if options.json:
        print(json.dumps([row.to_dict() for row in rows], indent=2))
        return 0
    tables = table.markdown(rows, budgets.cells())
    print(tables)
    if options.page:
        PAGE.write_text(table.put(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    made.add_argument("--json", action="store_true", help="print the figures as JSON")
    made.add_argument("--page", action="store_true", help=f"put the tables into {PAGE.name}, too")
    keys = [peer.key for peer in PEERS]
    made.add_argument("--only", nargs="+", choices=keys, metavar="KEY", help=", ".join(keys))
    made.add_argument("--budgets", action="store_true", help="hold this package to its budgets")
    return made


def check_budgets(python: Path | None, missing: list[str]) -> int:
    """Print what breaks a budget; where instructions cannot be counted, count modules."""
    if missing or python is None:
        print(f"Note: no {' and no '.join(missing)}; instructions not counted, modules are")
        modules = added_modules(OURS, python or Path(sys.executable))
        found = budgets.broken_modules(modules)
        summary = f"modules added: {len(modules)}, budget {budgets.MODULES}"
    else:
        row = figures(OURS, python, without_bytecode=False)
        found = budgets.broken(row)
        summary = table.markdown([row], budgets.cells())
    print(summary)
    for sentence in found:
        print(f"over budget: {sentence}")
    return 1 if found else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except MeasurementFailed as failure:
        sys.exit(f"The measured program failed: {failure}")
