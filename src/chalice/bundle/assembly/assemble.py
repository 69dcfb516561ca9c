"""A package put together: the project's files and the requirements' into one archive, or two.

    collected files ─┐
    our runtime ─────┼─ compressed, compiled ─┐
    wheels ──────────┴─ planned, compiled ────┴─ settled (`shadows`) ─ written

What is compiled says where it will stand on Lambda: `/var/task` for the functions' archive,
`/opt/python` for a layer.
"""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import chalice
from chalice.bundle.archives.archive import Content, Member, write
from chalice.bundle.archives.entries import BadArchive
from chalice.bundle.assembly import requirement_files
from chalice.bundle.assembly.bytecode import Compiler, place
from chalice.bundle.assembly.packing import Own, Scratch, packed_all
from chalice.bundle.assembly.shadows import Candidate, settle
from chalice.bundle.interpreters import described
from chalice.bundle.parts import (
    CHALICE,
    CODE_ARCHIVE,
    LAYER_ARCHIVE,
    PROJECT,
    Archive,
    Bundle,
    LeftOut,
    Shipped,
)
from chalice.diagnostics import InvalidApp, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import FileIO

    from chalice.bundle.archives.entries import Fault
    from chalice.bundle.assembly.requirement_files import Plan
    from chalice.bundle.files.project_files import Collected
    from chalice.bundle.parts import Distribution, Progress
    from chalice.bundle.store import Store
    from chalice.bundle.target import Target

# Where Lambda unpacks a function's archive and its layers, and the folder of a layer that is on
# Python's path. Source: Lambda developer guide, "Packaging your layer content".
_TASK_ROOT = "/var/task/"
_LAYER_ROOT = "/opt/"
_LAYER_FOLDER = "python/"

# What of our own package runs on Lambda; the tools stay here.
_RUNTIME = ("__init__.py", "app.py", "blueprint.py", "functions.py", "runtime/*.py")

_WHEEL_HINTS = {
    "damaged": "run the command again to fetch it anew; if it stays, ask for another version",
    "escapes": "do not use it: no good archive has such a name; ask for another version",
    "unsupported": "ask for another version",
}


@dataclass(frozen=True, slots=True)
class _Wheel:
    """A requirement whose wheel is open and planned."""

    distribution: Distribution
    file: FileIO
    plan: Plan


@dataclass(frozen=True, slots=True)
class _Job:
    """What does the work: where it is kept, who compiles, what is closed at the end."""

    store: Store
    compiler: Compiler | None
    scratch: Scratch
    progress: Progress


def assemble(
    collected: Collected,
    distributions: Sequence[Distribution],
    target: Target,
    store: Store,
    folder: Path,
    *,
    automatic_layer: bool,
    prune: bool,
    interpreter: Path | None,
    progress: Progress,
) -> Bundle:
    """Write `deployment.zip`, and `layer-deployment.zip` where a layer is asked for.

    Args:
        collected: the project's own files, without errors.
        distributions: the requirements.
        target: where the package is to run.
        store: what is kept between builds.
        folder: where they are written; the caller removes it where this does not come to its end.
        automatic_layer: whether requirements, `vendor/` and Chalice go into a layer.
        prune: whether what nothing on Lambda needs is left out of requirements.
        interpreter: one of the target's minor version; None leaves bytecode out, with a note.
        progress: is told of what is compiled.

    Raises:
        InvalidApp: a file or a wheel cannot ship; with every such problem.
        ToolError: an archive cannot be written.
    """
    errors = [problem for problem in collected.problems if problem.severity == "error"]
    if errors:
        raise InvalidApp(errors)
    with ExitStack() as ending:
        compiler = None
        if interpreter is not None:
            compiler = ending.enter_context(Compiler(described(interpreter, store)))
        job = _Job(store, compiler, ending.enter_context(Scratch()), progress)
        wheels = _opened(distributions, job, ending, prune=prune)
        root = _LAYER_ROOT + _LAYER_FOLDER if automatic_layer else _TASK_ROOT
        candidates = [
            *_project(collected, job, root),
            *_runtime(job, root),
            *_required(wheels, job, root),
        ]
        settled = settle(candidates)
        files = list(_with_bytecode(settled.ships, compiler))
        layer: Archive | None = None
        if automatic_layer:
            files, shared = _split(files)
            layer = _written(folder / LAYER_ARCHIVE, shared)
        code = _written(folder / CODE_ARCHIVE, files)
    left_out = [*collected.left_out, *settled.left_out, *_unshipped(wheels)]
    return Bundle(
        target,
        code,
        layer,
        tuple(distributions),
        tuple(sorted(left_out, key=lambda one: (one.path, one.origin))),
        (*settled.notes, *([] if interpreter else [_without_bytecode(target)])),
    )


def _opened(
    distributions: Sequence[Distribution], job: _Job, ending: ExitStack, *, prune: bool
) -> list[_Wheel]:
    """Return the wheels, open, each looked at.

    Raises:
        InvalidApp: some cannot be copied from.
    """
    wheels: list[_Wheel] = []
    problems: list[Problem] = []
    for distribution in sorted(distributions, key=lambda one: (one.name, one.version)):
        try:
            # Without a buffer: what is copied is read in pieces of the right size.
            file = ending.enter_context(distribution.wheel.open("rb", buffering=0))
            requirement_files.check_hash(distribution, file)
            plan = requirement_files.plan(distribution, file, job.store, prune=prune)
        except BadArchive as error:
            problems.append(_bad_wheel(distribution, error.fault, error.why))
        except OSError as error:
            why = f"cannot be read: {error.strerror or error}"
            problems.append(_bad_wheel(distribution, "damaged", why))
        else:
            wheels.append(_Wheel(distribution, file, plan))
    if problems:
        raise InvalidApp(problems)
    return wheels


def _project(collected: Collected, job: _Job, root: str) -> Iterator[Candidate]:
    """Yield the project's files; those of `vendor/` stand in *root* on Lambda.

    Raises:
        InvalidApp: some cannot be read, or stand in the place of Chalice.
    """
    if problems := list(_instead_of_chalice(collected)):
        raise InvalidApp(problems)
    files = [
        Own(file.file, file.source, file.sha256, (_TASK_ROOT if own else root) + file.path)
        for file in collected.files
        for own in (file.origin == PROJECT,)
    ]
    packed = packed_all(files, job.store, job.compiler, job.scratch, job.progress)
    for file, one in zip(collected.files, packed, strict=True):
        facts = (file.origin, file.source, file.executable)
        yield Candidate(file.path, one.content, *facts, one.bytecode)


def _runtime(job: _Job, root: str) -> Iterator[Candidate]:
    """Yield the part of this package that runs on Lambda."""
    package = Path(chalice.__file__).parent
    found = sorted(path for pattern in _RUNTIME for path in package.glob(pattern))
    names = [f"{CHALICE}/{path.relative_to(package).as_posix()}" for path in found]
    files = [
        Own(path, name, hashlib.sha256(path.read_bytes()).hexdigest(), root + name)
        for path, name in zip(found, names, strict=True)
    ]
    packed = packed_all(files, job.store, job.compiler, job.scratch, job.progress)
    for name, one in zip(names, packed, strict=True):
        yield Candidate(name, one.content, CHALICE, bytecode=one.bytecode)


def _required(wheels: Sequence[_Wheel], job: _Job, root: str) -> Iterator[Candidate]:
    """Yield the files of the requirements.

    Raises:
        InvalidApp: a wheel has changed since it was looked at.
    """
    for wheel in wheels:
        compiled: dict[str, Content] = {}
        if job.compiler is not None:
            compiled = requirement_files.bytecode(
                wheel.distribution,
                wheel.file,
                wheel.plan.ships,
                job.store,
                job.compiler,
                root,
                job.progress,
            )
        origin = wheel.distribution.origin
        for path, entry in wheel.plan.ships:
            sizes = (entry.method, entry.crc, entry.size, entry.compressed)
            content = Content(*sizes, b"", wheel.file, entry.start)
            yield Candidate(path, content, origin, "", entry.executable, compiled.get(path))


def _with_bytecode(ships: Sequence[Candidate], compiler: Compiler | None) -> Iterator[Candidate]:
    """Yield *ships*, each followed by its bytecode: a source that lost its place loses that too."""
    for one in ships:
        yield one
        if one.bytecode is not None and compiler is not None:
            path = place(one.path, compiler.interpreter.cache_tag)
            yield Candidate(path, one.bytecode, one.origin)


def _split(ships: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """Return the project's own, and what goes into the layer."""
    layer = [one._replace(path=_LAYER_FOLDER + one.path) for one in ships if one.origin != PROJECT]
    return [one for one in ships if one.origin == PROJECT], layer


def _written(path: Path, ships: Sequence[Candidate]) -> Archive:
    members = [Member(one.path, one.content, one.executable) for one in ships]
    written = write(path, members)
    shipped = [
        Shipped(one.path, one.content.size, one.content.compressed, one.origin, one.source)
        for one in sorted(ships, key=lambda one: one.path.encode())
    ]
    unzipped = sum(one.size for one in shipped)
    return Archive(path, written.sha256, written.size, unzipped, tuple(shipped))


def _unshipped(wheels: Sequence[_Wheel]) -> Iterator[LeftOut]:
    for wheel in wheels:
        for path, size, reason in wheel.plan.left_out:
            yield LeftOut(path, size, wheel.distribution.origin, reason)


def _instead_of_chalice(collected: Collected) -> Iterator[Problem]:
    for file in collected.files:
        if file.path in {f"{CHALICE}.py", f"{CHALICE}/__init__.py"}:
            summary = f"`{file.source}` would take the place of Chalice"
            hint = "remove or rename it: every package carries Chalice itself"
            yield Problem("chalice-shadowed", summary, file.source, hint)


def _bad_wheel(distribution: Distribution, fault: Fault, why: str) -> Problem:
    summary = f"`{distribution.wheel.name}` of `{distribution.origin}` {why}"
    return Problem(f"wheel-{fault}", summary, distribution.where, _WHEEL_HINTS[fault])


def _without_bytecode(target: Target) -> Problem:
    minor = f"{target.python[0]}.{target.python[1]}"
    return Problem(
        "bytecode-left-out",
        f"the package carries no bytecode: there is no Python {minor} on this machine to make it",
        "",
        f"install one, for example with `uv python install {minor}`: functions start faster",
        severity="warning",
    )
