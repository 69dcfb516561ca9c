"""Builds a package: what goes in -> resolved, collected -> assembled -> inspected -> in its place.

Nothing is in the destination that was not inspected: the archives are written into a folder beside
their place and moved into it when no error was found. What can be told together is told at once:
problems of the project's files with those of its requirements, and everything that an inspection
finds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalice.bundle import kept
from chalice.bundle.parts import CODE_ARCHIVE, LAYER_ARCHIVE
from chalice.bundle.runtimes import ENDINGS
from chalice.diagnostics import InvalidApp, Problem, ordered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from chalice.bundle.files.project_files import Collected
    from chalice.bundle.parts import Archive, Bundle, Progress
    from chalice.bundle.recipe import Recipe
    from chalice.bundle.resolution.resolve import Resolution
    from chalice.bundle.store import Store
    from chalice.bundle.target import Target

# What is written beside the archives, and is no part of a project either.
_TEMPLATES = ("sam.json", "sam.yaml")


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to.

    Attributes:
        bundle: the package; its archives are in the destination.
        changed: False where they were there already.
    """

    bundle: Bundle
    changed: bool


def collect(project_dir: Path, recipe: Recipe, destination: Path) -> Collected:
    """Return the project's own files, without what earlier builds wrote into *destination*."""
    from chalice.bundle.files.project_files import collect_project  # noqa: PLC0415 - `Recipe` does without

    collected = collect_project(
        project_dir,
        include=recipe.include,
        exclude=recipe.exclude,
        named_secrets=recipe.secrets,
    )
    names = (CODE_ARCHIVE, LAYER_ARCHIVE, *_TEMPLATES)
    written = [(destination / name).resolve() for name in names]
    return replace(
        collected,
        files=tuple(
            item
            for item in collected.files
            if item.file.name not in names or item.file.resolve() not in written
        ),
    )


def build(
    project_dir: Path,
    recipe: Recipe,
    store: Store,
    destination: Path,
    *,
    environ: Mapping[str, str],
    today: date,
    progress: Progress,
    collected: Collected | None = None,
    refresh: bool = False,
    lasting: bool = True,
) -> Built:
    """Write the package of a project into *destination*.

    Args:
        project_dir: the project.
        recipe: how it is built.
        store: what is kept between builds.
        destination: the folder; made where it is missing.
        environ: the environment of uv and pip, and where interpreters are looked for.
        today: the day, for runtimes that end.
        progress: is told of slow steps.
        collected: what `collect` returned, where that has been called.
        refresh: ask the package index even where what it said is kept.
        lasting: whether the destination lasts; of one that does not nothing is remembered.

    Raises:
        InvalidApp: it cannot be built, or would not run; with every problem, warnings included.
        ToolError: the destination cannot be written.
    """
    if collected is None:
        collected = collect(project_dir, recipe, destination)
    problems = [*_runtime_problems(recipe.target), *collected.problems]
    resolution = _resolved(project_dir, recipe, store, environ, progress, problems, refresh=refresh)
    interpreter, identity = _interpreter(recipe.target, environ, store)
    key = _fingerprint(recipe, collected, resolution, identity, today)
    before = kept.recall(store, key, destination, recipe.target, resolution.distributions)
    if before is not None:
        return Built(before, changed=False)
    bundle = _assembled(
        recipe,
        store,
        destination,
        collected,
        resolution,
        interpreter,
        today,
        progress,
        problems,
    )
    if lasting:
        kept.remember(store, key, destination, bundle)
    return Built(bundle, changed=True)


def _runtime_problems(target: Target) -> list[Problem]:
    if target.runtime in ENDINGS:
        return []
    known = ", ".join(f"`{name.removeprefix('python')}`" for name in ENDINGS)
    return [
        Problem(
            "runtime-unknown",
            f"Lambda has no runtime `{target.runtime}`",
            "",
            f"set `lambda_python_version` to one that it has: {known}",
        )
    ]


def _interpreter(
    target: Target, environ: Mapping[str, str], store: Store
) -> tuple[Path | None, str]:
    """Return an interpreter that compiles for *target*, and what its bytecode depends on."""
    from chalice.bundle.interpreters import (  # noqa: PLC0415 - `Recipe` does without
        described,
        find_interpreter,
    )

    found = find_interpreter(target.python, environ, store)
    return found, described(found, store).identity if found is not None else ""


def _resolved(
    project_dir: Path,
    recipe: Recipe,
    store: Store,
    environ: Mapping[str, str],
    progress: Progress,
    problems: list[Problem],
    *,
    refresh: bool,
) -> Resolution:
    """Return what the project requires.

    Raises:
        InvalidApp: it cannot be had, or there are errors among the *problems* known so far; with
            all of them.
    """
    from chalice.bundle.resolution.resolve import resolve  # noqa: PLC0415 - `Recipe` does without

    try:
        resolution = resolve(
            project_dir,
            recipe.target,
            store,
            build=recipe.build,
            secrets=recipe.secrets,
            progress=progress,
            environ=environ,
            refresh=refresh,
        )
    except InvalidApp as error:
        raise InvalidApp(ordered([*problems, *error.problems])) from error
    if _has_errors(problems):
        raise InvalidApp(ordered(problems))
    return resolution


def _fingerprint(
    recipe: Recipe,
    collected: Collected,
    resolution: Resolution,
    interpreter: str,
    today: date,
) -> str:
    return kept.fingerprint(
        recipe,
        content_of(collected),
        [(item.name, item.version, item.sha256, item.where) for item in resolution.distributions],
        resolution.notes,
        interpreter,
        today.isoformat(),
    )


def content_of(collected: Collected) -> str:
    """Return a hash of the project's own files and of what is said of them."""
    files = [(item.path, item.origin, item.source, item.sha256) for item in collected.files]
    return kept.fingerprint(files, collected.left_out, collected.problems)


def _assembled(
    recipe: Recipe,
    store: Store,
    destination: Path,
    collected: Collected,
    resolution: Resolution,
    interpreter: Path | None,
    today: date,
    progress: Progress,
    problems: list[Problem],
) -> Bundle:
    from chalice.bundle.aside import aside  # noqa: PLC0415 - where nothing changed: none of these
    from chalice.bundle.assembly.assemble import assemble  # noqa: PLC0415 - the same
    from chalice.bundle.inspection.inspect import inspect  # noqa: PLC0415 - the same

    with aside(destination) as folder:
        bundle = assemble(
            collected,
            resolution.distributions,
            recipe.target,
            store,
            folder,
            automatic_layer=recipe.automatic_layer,
            prune=recipe.prune,
            interpreter=interpreter,
            progress=progress,
        )
        progress("Inspecting the package")
        found = inspect(bundle, store, today, interpreter=interpreter, layers=recipe.layers)
        notes = (*problems, *resolution.notes, *bundle.notes, *found)
        if _has_errors(notes):
            raise InvalidApp(ordered(notes))
        bundle = replace(bundle, notes=ordered(notes))
        return _published(bundle, destination)


def _published(bundle: Bundle, destination: Path) -> Bundle:
    """Move the archives of *bundle* into *destination*, the layer first: code is useless without.

    A layer of an earlier build goes: nobody is to publish it with code that does not need it.
    """
    layer = _moved(bundle.layer, destination) if bundle.layer is not None else None
    code = _moved(bundle.code, destination)
    if layer is None:
        (destination / LAYER_ARCHIVE).unlink(missing_ok=True)
    return replace(bundle, code=code, layer=layer)


def _moved(archive: Archive, destination: Path) -> Archive:
    path = destination / archive.path.name
    archive.path.replace(path)
    return replace(archive, path=path)


def _has_errors(problems: list[Problem] | tuple[Problem, ...]) -> bool:
    return any(problem.severity == "error" for problem in problems)
