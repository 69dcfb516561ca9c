"""Whether a project is known to be without problems: loading it can cost more than packaging it.

A verdict holds as long as nothing changes of what the application was loaded from: its
configuration, everything of its own that ships, the modules that its import left in the process
(ours among them), where modules are looked for, the environment, the interpreter. What an
application reads at import from elsewhere (the network, files outside of the project) is not seen.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from chalice.bundle.kept import fingerprint
from chalice.bundle.recipe import Recipe
from chalice.bundle.target import Target
from chalice.diagnostics import InvalidApp, Problem, ordered
from chalice.packaged.needed import reader, reviewed
from chalice.resources.parts import Code, Graph, Resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalice.bundle.store import Store
    from chalice.packaged.needed import Needs
    from chalice.project import Project

_KIND = "checked"

# Variables that shells change by themselves, and that terminals differ in.
_VOLATILE = frozenset({"_", "COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks of a project came to that had no error.

    Attributes:
        app_name: the application's name.
        recipe: what its stage is configured to ship.
        content: the hash of the project's own files, as `content_of` has it.
        warnings: what the checks say all the same.
        deployed: what the stage deploys, with archives beside the template; None where it cannot
            be deployed.
        undeployable: why it cannot.
    """

    app_name: str
    recipe: Recipe
    content: str
    warnings: tuple[Problem, ...]
    deployed: Graph | None = None
    undeployable: tuple[Problem, ...] = ()


def recall(
    store: Store, project_dir: Path, stage: str, environ: Mapping[str, str]
) -> Verdict | None:
    """Return the verdict on a project where it still holds, but for `Verdict.content`.

    The caller compares that: to know it takes the recipe.
    """
    data = store.read(_KIND, _key(project_dir, stage))
    if data is None:
        return None
    known: dict[str, Any] = json.loads(data)
    if known["surroundings"] != surroundings(project_dir, environ):
        return None
    if known["modules"] != _states(known["modules"]):
        return None
    recipe: dict[str, Any] = known["recipe"]
    target = recipe.pop("target")
    return Verdict(
        known["app_name"],
        Recipe(
            Target(tuple(target["python"]), target["architecture"]),
            **{key: _hashable(value) for key, value in recipe.items()},
        ),
        known["content"],
        tuple(Problem(**item) for item in known["warnings"]),
        _graph(known["deployed"]),
        tuple(Problem(**item) for item in known["undeployable"]),
    )


def _graph(facts: dict[str, Any] | None) -> Graph | None:
    if facts is None:
        return None
    resources = tuple(map(_resource, facts["resources"]))
    return Graph(resources, facts["outputs"], facts["parameters"])


def _resource(facts: dict[str, Any]) -> Resource:
    return Resource(depends_on=tuple(facts.pop("depends_on")), **facts)


@dataclass(frozen=True, slots=True)
class Deployable:
    """What a project's stage deploys, or why it cannot be deployed.

    Attributes:
        graph: what it deploys; None where it cannot be deployed.
        undeployable: why it cannot.
        warnings: what deserves a look: what policies of roles were written of.
    """

    graph: Graph | None
    undeployable: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def deployable(project: Project, needs: Needs) -> Deployable:
    """Return what a project's stage deploys; its code is read for what its roles may do.

    Args:
        project: the project.
        needs: what its code needs of AWS.
    """
    from chalice.resources.compose import graph  # noqa: PLC0415 - a verdict that holds does without

    found = reviewed(project)
    errors = tuple(problem for problem in found if problem.severity == "error")
    warnings = [problem for problem in found if problem.severity != "error"]
    code = Code.local(layer=project.settings.automatic_layer)
    whole: Graph | None = None
    try:
        whole = graph(
            project.model, project.settings, code, policies=needs, written=project.written
        )
    except InvalidApp as error:
        errors += error.problems
    told = tuple(ordered([*warnings, *needs.problems]))
    return Deployable(None if errors else whole, tuple(ordered(errors)), told)


def load(
    project_dir: Path,
    stage: str,
    environ: Mapping[str, str],
    given: Mapping[str, object] | None = None,
) -> Project:
    """Load and check a project, *given* what the command line sets of its configuration.

    Raises:
        InvalidApp: with every problem of application and configuration.
    """
    from chalice.openapi import api_definition  # noqa: PLC0415 - a verdict that holds does without
    from chalice.project import load_project  # noqa: PLC0415 - the same

    project = load_project(project_dir, stage, environ, given)
    api_definition(project.model, project.settings)
    return project


def remember(
    store: Store, project_dir: Path, stage: str, surroundings: str, verdict: Verdict
) -> None:
    """Keep the verdict on a project that was loaded into this process.

    Args:
        store: where.
        project_dir: the project.
        stage: the stage of Chalice.
        surroundings: what `surroundings` returned before it was loaded.
        verdict: what came of it.
    """
    facts = {
        "app_name": verdict.app_name,
        "recipe": asdict(verdict.recipe),
        "content": verdict.content,
        "warnings": [asdict(item) for item in verdict.warnings],
        "deployed": asdict(verdict.deployed) if verdict.deployed is not None else None,
        "undeployable": [asdict(item) for item in verdict.undeployable],
        "surroundings": surroundings,
        "modules": _states(_modules()),
    }
    store.write(_KIND, _key(project_dir, stage), json.dumps(facts).encode())


def _key(project_dir: Path, stage: str) -> str:
    return f"{project_dir}\0{stage}\0{sys.version}\0{sys.prefix}"


def _hashable(value: Any) -> Any:
    """Return a list as JSON has it as the tuple that was written."""
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


def surroundings(project_dir: Path, environ: Mapping[str, str]) -> str:
    """Return a hash of what an import sees beside modules, and of what reads its code."""
    variables = sorted(item for item in environ.items() if item[0] not in _VOLATILE)
    files = sorted(Path(project_dir, ".chalice").glob("*.json"))
    configuration = [(file.name, _content(file)) for file in files]
    places = [(entry, _state(entry)) for entry in sys.path if entry and Path(entry) != project_dir]
    return fingerprint(variables, configuration, places, _beside(project_dir), reader())


def _content(file: Path) -> bytes | str:
    try:
        return file.read_bytes()
    except OSError as error:
        return str(error)


def _beside(project_dir: Path) -> list[str]:
    """Return what could be imported from the project's folder itself, whether or not it ships."""
    with os.scandir(project_dir) as entries:
        return sorted(
            entry.name
            for entry in entries
            if entry.name.endswith((".py", ".so"))
            or (entry.name.isidentifier() and Path(entry.path, "__init__.py").exists())
        )


def _modules() -> list[str]:
    """Return the files of all modules of this process."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return sorted({file for file in files if isinstance(file, str)})


def _states(files: Iterable[str]) -> dict[str, list[int] | None]:
    return {file: _state(file) for file in files}


def _state(path: str) -> list[int] | None:
    """Return what tells one state of a file from another; None where there is no file."""
    try:
        status = os.stat(path)  # noqa: PTH116 - several hundred of them: a `Path` costs as much
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_size, status.st_ino]
