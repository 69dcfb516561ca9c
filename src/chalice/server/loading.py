"""A project loaded for serving: its functions, and as data what is to be served."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalice.config.settings import region_of
from chalice.config.values import VARIABLES
from chalice.diagnostics import InvalidApp
from chalice.emulator import api_keys_of, functions_of, stage_of
from chalice.invoke.environ import function_environment
from chalice.invoke.functions import LocalFunction
from chalice.model.names import API_HANDLER, lambda_name, logical_id
from chalice.openapi import api_definition
from chalice.project import load_project, read_configuration
from chalice.regions import DEFAULT_REGION
from chalice.server.facts import Facts, NotLoaded

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from pathlib import Path

    from chalice.project import Project


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a process that runs the application keeps, and what it tells the server."""

    functions: Mapping[str, LocalFunction]
    facts: Facts


def load(
    directory: Path,
    stage: str,
    *,
    spare_api_key: str,
    environ: MutableMapping[str, str],
    outlined: bool = False,
) -> Loaded:
    """Load the project of *directory*, with the environment that its functions have in AWS.

    The variables are those of the function that answers the routes; the other functions share the
    process, and so see them, too.

    Args:
        directory: the project's.
        stage: the stage of Chalice.
        spare_api_key: the key to let in where routes ask for one and none is configured.
        environ: the environment of the process; the functions' variables are set in it.
        outlined: whether the facts are to have what packaging takes, too.

    Raises:
        NotLoaded: with every problem of the project.
    """
    inherited = dict(environ)
    root = str(directory)
    # Once before the import, which may read them, from a configuration that nobody has checked;
    # once after it, when everything is known.
    _set(environ, function_environment(_provisional(directory, stage, inherited), root, inherited))
    try:
        project = load_project(directory, stage, inherited)
        definition = api_definition(project.model, project.settings)
    except InvalidApp as error:
        raise NotLoaded(error.problems) from error
    functions = functions_of(project)
    routes = functions.get(logical_id(API_HANDLER)) or next(iter(functions.values()), None)
    if routes is not None:
        _set(environ, function_environment(routes, root, inherited))
    facts = _facts(project, definition, functions, spare_api_key)
    if outlined:
        from chalice.packaged.outline import outline_of  # noqa: PLC0415 - for packages only

        facts = replace(facts, outline=outline_of(project).to_dict())
    return Loaded(functions, facts)


def _facts(
    project: Project,
    definition: dict[str, Any],
    functions: Mapping[str, LocalFunction],
    spare_api_key: str,
) -> Facts:
    """Return what the server is told of a project that was loaded."""
    model, settings = project.model, project.settings
    api_keys = api_keys_of(model, settings, lambda: spare_api_key)
    domain = settings.custom_domain
    return Facts(
        definition=definition,
        stage=stage_of(model, settings, in_path=False, api_keys=api_keys),
        timeouts={name: function.timeout_seconds for name, function in functions.items()},
        hosts=(*settings.allow_hosts, *((domain.domain_name,) if domain else ())),
        api_key=spare_api_key if spare_api_key in api_keys else None,
        warnings=tuple(project.warnings),
    )


def _provisional(directory: Path, stage: str, environ: Mapping[str, str]) -> LocalFunction:
    """Return the routes' function as far as the configuration tells without being checked."""
    config = read_configuration(directory, stage).of_stage
    name, region = config.app_name, region_of(config, environ)
    return LocalFunction(
        name=lambda_name(name if isinstance(name, str) else directory.name, stage, API_HANDLER),
        handler_string="app.app",
        environment={
            key: value
            for key, value in config.environment_variables.items()
            if VARIABLES.accepts(key, value)
        },
        region=region if isinstance(region, str) else DEFAULT_REGION,
    )


def _set(environ: MutableMapping[str, str], variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        try:
            environ[name] = value
        except (OSError, ValueError):  # no name for a variable: the checks say so
            continue
    if "TZ" in variables and hasattr(time, "tzset"):
        time.tzset()
