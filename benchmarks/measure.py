"""The figures of one framework: thousands of instructions warm, millions cold."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import events
from benchmarks.instructions import MeasurementFailed, count, environment, run_probe
from benchmarks.peers import HERE, search_path

if TYPE_CHECKING:
    from benchmarks.peers import Peer

CALLS = 20
# CPython 3.11 specialises a function's bytecode in its first dozens of calls.
WARM_UP = 40
# Large bodies spend their instructions in C, which does not warm up, and callgrind is slow.
LARGE_CALLS, LARGE_WARM_UP = 2, 4


@dataclass(frozen=True, slots=True)
class Cold:
    """What a cold start costs on top of Lambda's own bootstrap.

    Attributes:
        import_millions: the import of an application with one route, bytecode in place.
        compile_millions: the same without any `.pyc` of the application and its framework.
        modules: what it adds to `sys.modules`, the application's own modules left out.
        first_millions: the first call.
    """

    import_millions: float
    compile_millions: float | None
    modules: tuple[str, ...]
    first_millions: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the tables.

    Attributes:
        warm: thousands of instructions of one invocation by scenario; None where the framework
            raised, or has no such answer.
        answers: status (or the error's name) and body size by scenario.
        cold: what a cold start costs.
        route_thousands: thousands of instructions that each further route costs at import.
        last_of_many: the last of 5000 routes relative to the only one.
    """

    key: str
    title: str
    warm: dict[str, float | None]
    answers: dict[str, tuple[Any, int]]
    cold: Cold
    route_thousands: float
    last_of_many: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as `--json` prints them."""
        return asdict(self)


def figures(peer: Peer, python: Path, *, without_bytecode: bool = True) -> Figures:
    """Return the figures of *peer*, counted in *python*."""
    path = search_path(peer, python)
    compile_bytecode(python, path)
    warm, answers = count_warm(path, python)
    route, last = count_routes(path, python)
    return Figures(
        key=peer.key,
        title=peer.title,
        warm=warm,
        answers=answers,
        cold=count_cold(path, python, without_bytecode=without_bytecode),
        route_thousands=route,
        last_of_many=last,
    )


def compile_bytecode(python: Path, path: list[str]) -> None:
    """Write the `.pyc` of everything on *path*: what a deployed zip carries."""
    command = [str(python), "-m", "compileall", "-q", *path]
    subprocess.run(command, check=False, capture_output=True, env=environment())


def scenario(name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Return what the probe needs to know of one scenario."""
    large = "100 KB JSON" in name
    return {
        "name": name,
        "handler": "cors_handler" if "CORS" in name else "handler",
        "event": json.dumps(event),
        "calls": LARGE_CALLS if large else CALLS,
        "warm_up": LARGE_WARM_UP if large else WARM_UP,
    }


def per_call(sections: tuple[int, ...], counts: list[int]) -> list[float]:
    """Return thousands of instructions per call; the first section is the empty loop's."""
    empty = sections[0] / counts[0]
    return [
        (total / calls - empty) / 1000
        for total, calls in zip(sections[1:], counts[1:], strict=True)
    ]


def count_warm(
    path: list[str], python: Path
) -> tuple[dict[str, float | None], dict[str, tuple[Any, int]]]:
    """Return the cost of one warm invocation and the answer, by scenario."""
    calibration = scenario("calibration", events.SCENARIOS["GET hello"])
    scenarios = [scenario(name, event) for name, event in events.SCENARIOS.items()]
    specification = {
        "kind": "warm",
        "path": path,
        "module": "service",
        "scenarios": [calibration, *scenarios],
    }
    counted = count(python, specification)
    costs = per_call(counted.sections, [item["calls"] for item in (calibration, *scenarios)])
    answers = {
        item["name"]: tuple(answer)
        for item, answer in zip(scenarios, counted.report["answers"][1:], strict=True)
    }
    return {
        name: cost if answered(name, answers[name][0]) else None
        for name, cost in zip(answers, costs, strict=True)
    }, answers


def answered(name: str, status: int | str) -> bool:
    """Return whether *status* is the scenario's; a success that is none has no figure at all."""
    if name in events.REFUSALS:
        return status in events.REFUSALS[name]
    if status != 200:
        raise MeasurementFailed(f"{name}: answered {status}, not 200")
    return True


def count_routes(path: list[str], python: Path) -> tuple[float, float | None]:
    """Return what a further route costs, in thousands, and the last route against the first."""
    first = scenario("first", events.event("/r0"))
    last = scenario(events.MANY, events.MANY_EVENT)
    many = {"kind": "many", "path": path, "module": "service"}
    alone = count(python, {**many, "routes": 1, "scenarios": [first]})
    counted = count(python, {**many, "routes": events.ROUTES, "scenarios": [last]})
    _, one, all_of_them, last_call = counted.sections
    route = (all_of_them - one) / (events.ROUTES - 1) / 1000
    answered = isinstance(counted.report["answers"][0][0], int)
    return route, last_call / alone.sections[-1] if answered else None


def count_cold(path: list[str], python: Path, *, without_bytecode: bool = True) -> Cold:
    """Return what a cold start costs."""
    specification = cold_start(path)
    counted = count(python, specification)
    compiled = None
    if without_bytecode:
        with tempfile.TemporaryDirectory(prefix="chalice-bench-") as empty:
            sources = cold_start(without_pyc(path, Path(empty)))
            compiled = count(python, sources, "-B").sections[0] / 1e6
    return Cold(
        import_millions=counted.sections[0] / 1e6,
        compile_millions=compiled,
        modules=framework_modules(counted.report),
        first_millions=counted.sections[1] / 1e6,
    )


def without_pyc(path: list[str], folder: Path) -> list[str]:
    """Return *path* as trees of links inside *folder* that leave every `__pycache__` out."""
    trees = []
    for number, entry in enumerate(path):
        tree = folder / str(number)
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(entry, tree, copy_function=os.symlink, ignore=ignore)
        trees.append(str(tree))
    return trees


def cold_start(path: list[str]) -> dict[str, Any]:
    """Return the specification of a cold start."""
    event = json.dumps(events.SCENARIOS["GET hello"])
    return {"kind": "cold", "path": path, "module": "hello", "event": event}


def framework_modules(report: dict[str, Any]) -> tuple[str, ...]:
    """Return the modules that a cold start added, the application's own left out."""
    own = {file.stem for file in (HERE / "applications").glob("*/*.py")}
    return tuple(name for name in report["modules"] if name not in own)


def added_modules(peer: Peer, python: Path) -> tuple[str, ...]:
    """Return what a cold start of *peer* adds to `sys.modules`; needs no valgrind."""
    return framework_modules(run_probe(python, cold_start(search_path(peer, python))))
