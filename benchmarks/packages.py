"""Package popular requirements for every target and show what inspection says of them.

`python -m benchmarks.packages [--python 3.13] [--architecture arm64] [--all-at-once] [NAME ...]`

Each requirement is resolved from the package index, packaged by itself with an `app.py` that
imports it, and inspected twice: cold, and with an edited `app.py` when all wheels are known. An
alarm is any problem but those that are true of a package that runs; the exit code is 1 where there
is one.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from chalice.bundle.build import build
from chalice.bundle.inspection.inspect import inspect
from chalice.bundle.interpreters import find_interpreter
from chalice.bundle.recipe import Recipe
from chalice.bundle.store import Store
from chalice.bundle.target import Architecture, Target
from chalice.diagnostics import InvalidApp, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice.bundle.parts import Bundle

POPULAR = {
    "numpy": "numpy",
    "pydantic": "pydantic",
    "cryptography": "cryptography.x509",
    "requests": "requests",
    "pandas": "pandas",
    "orjson": "orjson",
    "lxml": "lxml.etree",
    "pillow": "PIL.Image",
    "sqlalchemy": "sqlalchemy.orm",
    "psycopg[binary]": "psycopg",
}
PYTHONS = ((3, 11), (3, 13))

# True of a package that runs: it is large, its runtime ends, no interpreter is here to check it.
EXPECTED = frozenset(("package-too-large", "package-needs-s3", "runtime-ends", "syntax-unchecked"))

ROW = "{:<22} {:<22} {:>9} {:>9} {:>8}  {}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What inspection said of one package, and the CPU time that it took."""

    alarms: tuple[Problem, ...]
    cold_milliseconds: float = 0
    warm_milliseconds: float = 0
    unzipped: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 where there is an alarm."""
    options = parser().parse_args(arguments)
    chosen = {name: POPULAR.get(name, name) for name in options.names or POPULAR}
    pythons = [tuple(map(int, text.split("."))) for text in options.python or ()] or PYTHONS
    architectures: Sequence[Architecture] = options.architecture or get_args(Architecture)
    groups = [chosen] if options.all_at_once else [{name: chosen[name]} for name in chosen]
    print(ROW.format("", "", "unzipped", "cold", "edited", ""))
    alarms = 0
    with tempfile.TemporaryDirectory() as folder:
        for python in pythons:
            for architecture in architectures:
                target = Target((python[0], python[1]), architecture)
                for group in groups:
                    outcome = measure(Path(folder), group, target)
                    show(group, target, outcome)
                    alarms += len(outcome.alarms)
    print(f"{alarms} alarms" if alarms else "No alarm")
    return 1 if alarms else 0


def measure(folder: Path, requirements: Mapping[str, str], target: Target) -> Outcome:
    """Package *requirements* for *target* and inspect them."""
    project, store = folder / "project", Store(folder / "store")
    project.mkdir(exist_ok=True)
    write(project / "requirements.txt", requirements)
    write(project / "app.py", [f"import {module}" for module in requirements.values()])
    try:
        bundle = packaged(project, store, target)
        # `build` has inspected it: a store that knows nothing shows what that costs.
        empty = Store(folder / f"empty-{time.monotonic_ns()}")
        found, cold = timed(bundle, empty)
        write(project / "app.py", [f"from {module} import *" for module in requirements.values()])
        _, warm = timed(packaged(project, store, target), empty)
    except InvalidApp as error:
        return Outcome(error.problems)
    alarms = tuple(problem for problem in found if problem.code not in EXPECTED)
    return Outcome(alarms, cold, warm, bundle.code.unzipped)


def packaged(project: Path, store: Store, target: Target) -> Bundle:
    today = datetime.now(UTC).date()
    built = build(
        project,
        Recipe(target),
        store,
        project.parent / "out",
        environ=os.environ,
        today=today,
        progress=lambda doing, done=0, total=0: None,
    )
    return built.bundle


def timed(bundle: Bundle, store: Store) -> tuple[tuple[Problem, ...], float]:
    interpreter = find_interpreter(bundle.target.python, os.environ, store)
    started = time.process_time()
    found = inspect(bundle, store, datetime.now(UTC).date(), interpreter=interpreter)
    return found, (time.process_time() - started) * 1000


def write(path: Path, lines: Mapping[str, str] | Sequence[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def show(requirements: Mapping[str, str], target: Target, outcome: Outcome) -> None:
    name = next(iter(requirements)) if len(requirements) == 1 else f"all {len(requirements)}"
    row = (
        name,
        str(target),
        f"{outcome.unzipped / 1e6:.0f} MB",
        f"{outcome.cold_milliseconds:.0f} ms",
        f"{outcome.warm_milliseconds:.0f} ms",
    )
    print(ROW.format(*row, "" if outcome.alarms else "no alarm"), flush=True)
    for problem in outcome.alarms:
        print(f"    {problem.severity}: {problem}", flush=True)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.packages", description=__doc__)
    made.add_argument("names", nargs="*", metavar="NAME", help="requirements; each its own import")
    made.add_argument("--python", action="append", help="a minor version; 3.11 and 3.13 if none is")
    made.add_argument("--architecture", action="append", choices=get_args(Architecture))
    made.add_argument("--all-at-once", action="store_true", help="one package with all of them")
    return made


if __name__ == "__main__":
    sys.exit(main())
