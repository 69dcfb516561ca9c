"""The whole graph of one stage, from what each kind of resource adds to it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from chalice.diagnostics import InvalidApp, Problem, ordered
from chalice.project import nowhere
from chalice.resources import api, domain
from chalice.resources.function import function, log_group, too_many_layers
from chalice.resources.layer import layer
from chalice.resources.parts import CodePolicy, Graph, Resource
from chalice.resources.role import role_of, roles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice.config import Settings
    from chalice.model.declared import AppModel
    from chalice.resources.parts import Code, Places, PolicyOf, Value, Written


def nothing(functions: Sequence[str]) -> CodePolicy:
    """Return that the code of *functions* needs nothing."""
    del functions
    return CodePolicy()


def graph(
    model: AppModel,
    settings: Settings,
    code: Code,
    *,
    policies: PolicyOf = nothing,
    written: Written = nowhere,
    in_files: Mapping[str, Places] = MappingProxyType({}),
) -> Graph:
    """Return everything that *model* is deployed as, in the stage of *settings*.

    Args:
        model: what the application declares.
        settings: the stage.
        code: where the archives are.
        policies: returns what the source code of functions needs beside their logs; it goes into
            roles whose policy nobody wrote.
        written: tells where the configuration sets a key, as a function sees it.
        in_files: where policy files grant what, by their names.

    Raises:
        InvalidApp: with every problem, warnings included: it cannot be written as a template, or
            AWS would refuse it.
    """
    resources, problems = roles(model.functions, settings, policies, written, in_files)
    for item in model.functions:
        problems += too_many_layers(item, settings.function(item.name), code, written)
    if model.functions and code.layer is not None:
        resources.append(layer(settings, code.layer, written))
    for item in model.functions:
        resources.append(log_group(item, settings, written))
        role = role_of(settings.function(item.name), settings)
        resources.append(function(item, settings, code, role, written))
    outputs: dict[str, Value] = {}
    if model.routes:
        with_api, with_outputs, wrong = _api(model, settings, written)
        resources += with_api
        outputs.update(with_outputs)
        problems += wrong
    problems += _shared_ids(resources)
    if not resources:
        summary = "the application declares no route and no function: there is nothing to deploy"
        problems.append(Problem("app-empty", summary, str(model.where), "declare one"))
    if any(problem.severity == "error" for problem in problems):
        raise InvalidApp(ordered(problems))
    # The routes are called by `app.app`.
    named = tuple(item.name for item in model.functions if item.kind != "api")
    return Graph(tuple(resources), outputs, warnings=tuple(ordered(problems)), functions=named)


def _api(
    model: AppModel, settings: Settings, written: Written
) -> tuple[list[Resource], dict[str, Value], list[Problem]]:
    try:
        resources = [*api.rest_api(model, settings, written), *api.permissions(model)]
    except InvalidApp as error:
        return [], {}, list(error.problems)
    outputs = api.outputs(settings)
    custom = settings.custom_domain
    if custom is None:
        return resources, outputs, []
    problems = list(domain.problems_of_domain(settings, custom, written))
    resources += domain.custom_domain(settings, custom, written)
    return resources, {**outputs, **domain.outputs(settings)}, problems


def _shared_ids(resources: Sequence[Resource]) -> Iterator[Problem]:
    first: dict[str, Resource] = {}
    for item in resources:
        other = first.setdefault(item.logical_id, item)
        if other is not item:
            summary = (
                f"`{item.logical_id}` is the logical id of two resources, {other.type} and"
                f" {item.type}"
            )
            summary += f", the other from {other.where}" if other.where else ""
            hint = "rename a function: what belongs to it has a logical id that begins with its own"
            yield Problem("function-logical-id", summary, item.where, hint)
