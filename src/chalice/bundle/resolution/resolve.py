"""What a project requires, as wheels that fit the target.

What was resolved is kept, and taken again

-   for ever where a lock file says what is taken, or the requirements pin each package that came
    out (`requests==2.32.3`): nothing else can come out;
-   for ten minutes otherwise, which is how long PyPI lets its own answers be kept;

as long as the files, the target, the variables and settings of uv and pip, and the wheels are what
they were. A folder that is required is built each time: it changes without telling.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from chalice.bundle.inputs import pythons
from chalice.bundle.inputs.choice import find_inputs
from chalice.bundle.inputs.requirements import ARCHIVES
from chalice.bundle.parts import Distribution
from chalice.bundle.resolution import settings
from chalice.bundle.wheels.fetch import Wheels
from chalice.diagnostics import InvalidApp, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from chalice.bundle.inputs.choice import Inputs
    from chalice.bundle.parts import Progress
    from chalice.bundle.resolution.solving import Solved
    from chalice.bundle.store import Store
    from chalice.bundle.target import Target

_KIND = "resolutions"

# Source: observed on PyPI's simple index, `Cache-Control: max-age=600`.
FRESH_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a project requires, met.

    Attributes:
        distributions: one wheel for each package, by name.
        notes: what deserves a look and stops nothing.
        source: the file that asks for it, empty where the project requires nothing.
    """

    distributions: tuple[Distribution, ...]
    notes: tuple[Problem, ...]
    source: str


def resolve(
    project_dir: Path,
    target: Target,
    store: Store,
    *,
    build: Collection[str],
    progress: Progress,
    environ: Mapping[str, str],
    refresh: bool = False,
    secrets: Collection[str] = (),
    now: Callable[[], float] = time.time,
) -> Resolution:
    """Return what the project requires, every wheel whole and checked.

    Args:
        project_dir: the project.
        target: where it is to run.
        store: what earlier builds have kept.
        build: names of packages that may be built here even where that compiles.
        progress: is told what takes long.
        environ: the variables, those of uv and pip among them.
        refresh: look at the index even where what was kept would do.
        secrets: paths of files in folders that are built which ship although they look secret.
        now: the time, in seconds since the epoch.

    Raises:
        InvalidApp: something cannot be had, or asked for; every problem.
        ToolError: the cache, or its substitute, cannot be written.
    """
    inputs = find_inputs(project_dir, environ)
    unfit = pythons.excluded(inputs, target.python)
    if any(problem.severity == "error" for problem in unfit):
        raise InvalidApp(unfit)
    notes = (*inputs.notes, *unfit)
    if not inputs.kind:
        return Resolution((), notes, "")
    wheels = Wheels(store)
    key = _key(inputs, project_dir, target, build, secrets, environ)
    if key and not refresh:
        kept = _kept(store.read(_KIND, key), wheels, now())
        if kept:
            return Resolution(kept[0], (*notes, *kept[1]), inputs.kind)
    from chalice.bundle.resolution import solving  # noqa: PLC0415 - most builds find what they need

    solved = solving.solve(
        inputs,
        project_dir,
        target,
        store,
        wheels,
        build={_plain(name) for name in build},
        secrets=secrets,
        progress=progress,
        environ=environ,
    )
    if key and solved.lasting and wheels.kept:
        store.write(_KIND, key, _written(solved, now()))
    return Resolution(solved.distributions, (*notes, *solved.notes), inputs.kind)


def _plain(name: str) -> str:
    from chalice.bundle.inputs.requirements import normalized  # noqa: PLC0415 - as above

    return normalized(name)


# --- what is kept ------------------------------------------------------------------------------


def _key(
    inputs: Inputs,
    project_dir: Path,
    target: Target,
    build: Collection[str],
    secrets: Collection[str],
    environ: Mapping[str, str],
) -> str:
    """Return what a resolution depends on; empty where it depends on what nobody can see."""
    local: list[str] = []
    for line in inputs.asked.lines:
        if line.is_local:
            if not line.is_wheel:
                return ""
            local.append(_state(line.source))
    for folder in settings.folders(project_dir, environ, inputs.asked.options):
        local += [_state(str(path)) for path in _archives(folder)]
    if local or inputs.asked.options or inputs.locked:
        local += (str(project_dir.absolute()), *sorted(secrets))
    # Hashed: it may hold passwords.
    named = [f"{name}={environ.get(name)}" for name in sorted(inputs.asked.variables)]
    seen = "\0".join((*named, *settings.seen(project_dir, environ)))
    told = hashlib.sha256(seen.encode("utf-8", "replace"))
    return json.dumps(
        [str(target), inputs.kind, inputs.texts, sorted(build), local, told.hexdigest()]
    )


def _archives(folder: Path) -> list[Path]:
    """Return the wheels and sources in *folder*, which are replaced without telling."""
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(ARCHIVES))
    except OSError:
        return []


def _state(path: str) -> str:
    try:
        status = Path(path.removeprefix("file://").partition("#")[0]).stat()
    except (OSError, ValueError):
        return f"{path} missing"
    return f"{path} {status.st_mtime_ns} {status.st_size}"


def _written(solved: Solved, at: float) -> bytes:
    distributions = [
        {
            "name": wheel.name,
            "version": wheel.version,
            "file": wheel.wheel.name,
            "sha256": wheel.sha256,
            "where": wheel.where,
            "built": wheel.built,
        }
        for wheel in solved.distributions
    ]
    notes = [asdict(note) for note in solved.notes]
    kept = {"at": at, "pinned": solved.pinned, "distributions": distributions, "notes": notes}
    return json.dumps(kept).encode()


def _kept(
    content: bytes | None, wheels: Wheels, now: float
) -> tuple[tuple[Distribution, ...], tuple[Problem, ...]] | None:
    """Return what was kept where it still holds, and every wheel is there and whole."""
    if content is None:
        return None
    # Written by `_written`, and whole: the store has seen to that.
    kept = cast("dict[str, object]", json.loads(content))
    if not kept["pinned"] and not 0 <= now - cast("float", kept["at"]) < FRESH_SECONDS:
        return None
    found: list[Distribution] = []
    for entry in cast("list[dict[str, str]]", kept["distributions"]):
        wheel = wheels.find(entry["sha256"], entry["file"])
        if wheel is None:
            return None
        found.append(
            Distribution(
                entry["name"],
                entry["version"],
                wheel.path,
                wheel.sha256,
                entry["where"],
                bool(entry["built"]),
            )
        )
    notes = cast("list[dict[str, str]]", kept["notes"])
    return tuple(found), tuple(Problem(**note) for note in notes)
