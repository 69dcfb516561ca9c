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

from chalice.bundle.build import collect
from chalice.bundle.kept import fingerprint
from chalice.bundle.recipe import Recipe
from chalice.bundle.store import Store
from chalice.bundle.target import Target
from chalice.diagnostics import InvalidApp, Problem, ordered
from chalice.disk import cache_folder
from chalice.packaged.code_policy import policies_of, policy_files
from chalice.packaged.shipped import NOTHING_MERGED, sdk
from chalice.resources.parts import Code, Graph, Resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalice.packaged.shipped import Merged
    from chalice.project import Project
    from chalice.resources.parts import PolicyOf

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


def store_of(environ: Mapping[str, str]) -> Store:
    """Return what this user keeps between builds."""
    return Store(cache_folder(environ) / "package")


def recall(
    store: Store,
    project_dir: Path,
    stage: str,
    environ: Mapping[str, str],
    merged: Merged = NOTHING_MERGED,
) -> Verdict | None:
    """Return the verdict on a project where it still holds, but for `Verdict.content`.

    The caller compares that: to know it takes the recipe.
    """
    data = store.read(_KIND, _key(project_dir, stage))
    if data is None:
        return None
    known: dict[str, Any] = json.loads(data)
    if known["surroundings"] != surroundings(project_dir, environ, merged):
        return None
    if known["modules"] != _states(known["modules"]):
        return None
    return verdict_of(known, known["content"])


def verdict_of(facts: Mapping[str, Any], content: str) -> Verdict:
    """Return the verdict that *facts* say, on a project with the *content*."""
    return Verdict(
        facts["app_name"],
        recipe_of(facts["recipe"]),
        content,
        tuple(Problem(**item) for item in facts["warnings"]),
        _graph(facts["deployed"]),
        tuple(Problem(**item) for item in facts["undeployable"]),
    )


def recipe_of(facts: Mapping[str, Any]) -> Recipe:
    """Return the recipe that `asdict` made *facts* of, which may have been JSON meanwhile."""
    target = facts["target"]
    return Recipe(
        Target(tuple(target["python"]), target["architecture"]),
        **{key: _hashable(value) for key, value in facts.items() if key != "target"},
    )


def _graph(facts: Mapping[str, Any] | None) -> Graph | None:
    if facts is None:
        return None
    resources = tuple(map(_resource, facts["resources"]))
    warnings = tuple(Problem(**item) for item in facts["warnings"])
    functions = tuple(facts["functions"])
    return Graph(resources, facts["outputs"], facts["parameters"], warnings, functions)


def _resource(facts: Mapping[str, Any]) -> Resource:
    values: dict[str, Any] = {**facts, "depends_on": tuple(facts["depends_on"])}
    return Resource(**values)


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


def deployable(project: Project, policies: PolicyOf) -> Deployable:
    """Return what a project's stage deploys; its code is read for what its roles may do.

    Args:
        project: the project.
        policies: finds what its code needs of AWS.
    """
    from chalice.resources.compose import graph  # noqa: PLC0415 - a verdict that holds does without

    files = policy_files(project)
    found = files.problems
    code = Code.local(layer=project.settings.automatic_layer)
    whole: Graph | None = None
    try:
        whole = graph(
            project.model,
            project.settings,
            code,
            policies=policies,
            written=project.written,
            in_files=files.places,
        )
        found += whole.warnings
    except InvalidApp as error:
        found += error.problems
    errors = ordered(problem for problem in found if problem.severity == "error")
    told = ordered(problem for problem in found if problem.severity != "error")
    return Deployable(None if errors else whole, errors, told)


def code_policies(project: Project, store: Store, merged: Merged = NOTHING_MERGED) -> PolicyOf:
    """Return what finds the policy of a project's code; what was found before is in *store*.

    Args:
        project: the project.
        store: keeps what was found.
        merged: what templates say of variables.
    """
    files = collect(project.directory, Recipe.of(project.settings), project.directory)
    return policies_of(project, files, store, merged)


def load(
    project_dir: Path,
    stage: str,
    environ: Mapping[str, str],
    merged: Merged = NOTHING_MERGED,
) -> dict[str, Any]:
    """Load and check a project, and return what is to be known of it to deploy it.

    Args:
        project_dir: where `app.py` is.
        stage: the stage of Chalice.
        environ: the user's shell.
        merged: what templates say of variables.

    Raises:
        InvalidApp: with every problem of application and configuration.
    """
    store = store_of(environ)  # before the import: an application may change the environment
    return known_of(store, merged, project_of(project_dir, stage, environ))


def project_of(
    project_dir: Path,
    stage: str,
    environ: Mapping[str, str],
    given: Mapping[str, object] | None = None,
) -> Project:
    """Load and check a project.

    Args:
        project_dir: where `app.py` is.
        stage: the stage of Chalice.
        environ: the user's shell.
        given: what the command line sets of the configuration.

    Raises:
        InvalidApp: with every problem of application and configuration.
    """
    from chalice.openapi import api_definition  # noqa: PLC0415 - a verdict that holds does without
    from chalice.project import load_project  # noqa: PLC0415 - the same

    project = load_project(project_dir, stage, environ, given)
    api_definition(project.model, project.settings)
    return project


def known_of(store: Store, merged: Merged, project: Project) -> dict[str, Any]:
    """Return the facts of a project, with the modules that were loaded for them.

    Args:
        store: keeps what its code was found to need.
        merged: what templates say of variables.
        project: the project, loaded into this process.
    """
    return {**facts_of(project, code_policies(project, store, merged)), "modules": imported()}


def facts_of(project: Project, policies: PolicyOf) -> dict[str, Any]:
    """Return what a verdict on a project says, as JSON has it.

    Args:
        project: the project.
        policies: finds what its code needs of AWS.
    """
    found = deployable(project, policies)
    own = facts_here(project)
    return {
        **own,
        "warnings": [*own["warnings"], *map(asdict, found.warnings)],
        "deployed": asdict(found.graph) if found.graph is not None else None,
        "undeployable": [asdict(item) for item in found.undeployable],
    }


def facts_here(project: Project) -> dict[str, Any]:
    """Return what a verdict says of a project that is to run on this machine alone.

    Nothing is said of what it deploys: its roles would take reading its code.
    """
    return {
        "app_name": project.settings.app_name,
        "recipe": asdict(Recipe.of(project.settings)),
        "warnings": [asdict(item) for item in project.warnings],
        "deployed": None,
        "undeployable": [],
    }


def remember(
    store: Store,
    project_dir: Path,
    stage: str,
    surroundings: str,
    facts: Mapping[str, Any],
    content: str,
) -> None:
    """Keep the verdict on a project.

    Args:
        store: where.
        project_dir: the project.
        stage: the stage of Chalice.
        surroundings: what `surroundings` returned before it was loaded.
        facts: what `load` returned.
        content: the hash of the project's own files, as `content_of` has it.
    """
    known = {**facts, "content": content, "surroundings": surroundings}
    store.write(_KIND, _key(project_dir, stage), json.dumps(known).encode())


def _key(project_dir: Path, stage: str) -> str:
    return f"{project_dir}\0{stage}\0{sys.version}\0{sys.prefix}"


def _hashable(value: Any) -> Any:
    """Return a list as JSON has it as the tuple that was written."""
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


def surroundings(
    project_dir: Path, environ: Mapping[str, str], merged: Merged = NOTHING_MERGED
) -> str:
    """Return a hash of what an import sees beside modules, and of what reads its code.

    Args:
        project_dir: the project.
        environ: the user's shell.
        merged: what templates say of variables.
    """
    variables = sorted(item for item in environ.items() if item[0] not in _VOLATILE)
    files = sorted(Path(project_dir, ".chalice").glob("*.json"))
    configuration = [(file.name, _content(file)) for file in files]
    places = [(entry, _state(entry)) for entry in sys.path if entry and Path(entry) != project_dir]
    read_with = [(name, sorted(own.items())) for name, own in sorted(merged.items())]
    return fingerprint(variables, configuration, places, _beside(project_dir), sdk(), read_with)


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


def imported() -> dict[str, list[int] | None]:
    """Return the files of all modules of this process, and their states."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return _states(sorted({file for file in files if isinstance(file, str)}))


def _states(files: Iterable[str]) -> dict[str, list[int] | None]:
    return {file: _state(file) for file in files}


def _state(path: str) -> list[int] | None:
    """Return what tells one state of a file from another; None where there is no file."""
    try:
        status = os.stat(path)  # noqa: PTH116 - several hundred of them: a `Path` costs as much
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_size, status.st_ino]
