"""One project, checked and packaged: what `chalice package` calls, and what runs packages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalice.bundle.build import build, collect, content_of
from chalice.bundle.store import Store, cache_folder
from chalice.packaged import checked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chalice.bundle.parts import Bundle, Progress
    from chalice.diagnostics import Problem


@dataclass(frozen=True, slots=True)
class Packaged:
    """A package, and the project that it is of.

    Attributes:
        app_name: the application's name.
        stage: the stage of Chalice.
        bundle: the package.
        changed: whether its archives were written now.
        warnings: what the checks of application and configuration say.
    """

    app_name: str
    stage: str
    bundle: Bundle
    changed: bool
    warnings: tuple[Problem, ...]


def store_of(environ: Mapping[str, str]) -> Store:
    """Return what this user keeps between builds."""
    return Store(cache_folder(environ) / "package")


def package(
    project_dir: Path,
    stage: str,
    destination: Path,
    *,
    environ: Mapping[str, str],
    progress: Progress,
) -> Packaged:
    """Write the archives of the project in *project_dir* into *destination*.

    The application is loaded and checked first, unless it was, and nothing that it was loaded from
    has changed since.

    Raises:
        InvalidApp: with every problem of application and configuration; where there is none, with
            those of its files and requirements, or those of the whole package.
        ToolError: the destination cannot be written.
    """
    store = store_of(environ)
    verdict = checked.recall(store, project_dir, stage, environ)
    collected = None
    if verdict is not None:
        collected = collect(project_dir, verdict.recipe, destination)
        if verdict.content != content_of(collected):
            verdict = None
    if verdict is None:
        verdict, collected = checked.check(store, project_dir, stage, environ, destination)
    built = build(
        project_dir,
        verdict.recipe,
        store,
        destination,
        environ=environ,
        today=datetime.now(UTC).date(),
        progress=progress,
        collected=collected,
    )
    return Packaged(verdict.app_name, stage, built.bundle, built.changed, verdict.warnings)
