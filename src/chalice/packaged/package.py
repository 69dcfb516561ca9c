"""One project, checked and packaged: what `chalice package` calls, and what runs packages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalice.bundle.build import build, collect, content_of
from chalice.diagnostics import InvalidApp
from chalice.packaged import checked
from chalice.packaged.checked import store_of
from chalice.packaged.shipped import NOTHING_MERGED
from chalice.resources.parts import Code, located

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from chalice.bundle.files.project_files import Collected
    from chalice.bundle.parts import Bundle, Progress
    from chalice.bundle.store import Store
    from chalice.diagnostics import Problem
    from chalice.packaged.shipped import Merged
    from chalice.resources.parts import Graph


Load = Callable[["Path", str, "Mapping[str, str]", "Merged"], "dict[str, Any]"]


@dataclass(frozen=True, slots=True)
class Packaged:
    """A package, and the project that it is of.

    Attributes:
        app_name: the application's name.
        stage: the stage of Chalice.
        bundle: the package.
        changed: whether its archives were written now.
        warnings: what the checks of application, configuration and template say.
        deployed: what the stage deploys, with the archives beside the template; None where it
            cannot be deployed, or is packaged to run here alone.
    """

    app_name: str
    stage: str
    bundle: Bundle
    changed: bool
    warnings: tuple[Problem, ...]
    deployed: Graph | None = None


def package(
    project_dir: Path,
    stage: str,
    destination: Path,
    *,
    environ: Mapping[str, str],
    progress: Progress,
    facts: Mapping[str, Any] | None = None,
    refresh: bool = False,
    accept: Callable[[Graph], Iterable[Problem]] | None = None,
    load: Load = checked.load,
    merged: Merged = NOTHING_MERGED,
) -> Packaged:
    """Write the archives of the project in *project_dir* into *destination*.

    The application is loaded and checked first, unless it was, and nothing that it was loaded from
    has changed since.

    Args:
        project_dir: the project.
        stage: the stage of Chalice.
        destination: the folder of the archives.
        environ: the user's shell.
        progress: is told of slow steps.
        facts: those of the project where it is loaded already, for a destination that does not
            last; with what it deploys where *accept* is given.
        refresh: ask the package index even where what it said is kept.
        accept: is called with what is deployed before anything is built; raises what is wrong, and
            returns what deserves a look. Without it, what cannot be deployed is packaged all the
            same, to run on this machine.
        load: does what `checked.load` does; what the project imports may never end.
        merged: what templates say of variables.

    Raises:
        InvalidApp: with every problem of application and configuration; where there is none, with
            those of its files and requirements, or those of the whole package.
        ToolError: the destination cannot be written.
    """
    store = store_of(environ)
    known, collected = _checked(
        project_dir, stage, destination, store, environ, facts, load, merged
    )
    warnings = known.warnings
    if accept is not None:
        if known.deployed is None:
            raise InvalidApp(known.undeployable)
        warnings = (*warnings, *accept(known.deployed))
    built = build(
        project_dir,
        known.recipe,
        store,
        destination,
        environ=environ,
        today=datetime.now(UTC).date(),
        progress=progress,
        collected=collected,
        refresh=refresh,
        lasting=facts is None,
    )
    deployed = known.deployed
    if deployed is not None:
        deployed = located(deployed, Code.local(layer=built.bundle.layer is not None))
    return Packaged(known.app_name, stage, built.bundle, built.changed, warnings, deployed)


def deployed_graph(
    project_dir: Path,
    stage: str,
    *,
    environ: Mapping[str, str],
    load: Load = checked.load,
    merged: Merged = NOTHING_MERGED,
) -> tuple[Graph, tuple[Problem, ...]]:
    """Return what a stage deploys, with archives that are not built, and what deserves a look.

    Args:
        project_dir: the project.
        stage: the stage of Chalice.
        environ: the user's shell.
        load: as for `package`.
        merged: what templates say of variables.

    Raises:
        InvalidApp: with every problem for which it cannot be deployed.
    """
    store = store_of(environ)
    known, _ = _checked(project_dir, stage, project_dir, store, environ, None, load, merged)
    if known.deployed is None:
        raise InvalidApp(known.undeployable)
    return known.deployed, known.warnings


def _checked(
    project_dir: Path,
    stage: str,
    destination: Path,
    store: Store,
    environ: Mapping[str, str],
    facts: Mapping[str, Any] | None,
    load: Load,
    merged: Merged,
) -> tuple[checked.Verdict, Collected]:
    """Return what is known of a project without problems, and its own files."""
    known = checked.recall(store, project_dir, stage, environ, merged) if facts is None else None
    if known is not None:
        collected = collect(project_dir, known.recipe, destination)
        if known.content == content_of(collected):
            return known, collected
    # Before the import: an application may change the environment.
    surroundings = checked.surroundings(project_dir, environ, merged)
    loaded = facts or load(project_dir, stage, environ, merged)
    collected = collect(project_dir, checked.recipe_of(loaded["recipe"]), destination)
    content = content_of(collected)
    if facts is None:
        checked.remember(store, project_dir, stage, surroundings, loaded, content)
    return checked.verdict_of(loaded, content), collected
