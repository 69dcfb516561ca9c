"""What of an application the sandbox does other than AWS, told before somebody wonders.

The whole list is in the page on deploying; here is what makes a route answer otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_object
from chalice.diagnostics import Problem
from chalice.openapi.definition import ANY_METHOD
from chalice.resources.kinds import API, FUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.resources.parts import Graph

_CODE = "sandbox-differs"
# Source: API Gateway developer guide, "x-amazon-apigateway-request-validator property".
_VALIDATOR = "x-amazon-apigateway-request-validator"


def warnings(graph: Graph, machine: str) -> Iterator[Problem]:
    """Yield what is about some route or function of *graph*.

    Args:
        graph: what is deployed.
        machine: the architecture of this machine, on which the sandbox runs functions.
    """
    other: list[str] = []
    for resource in graph.resources:
        properties = as_object(resource.properties)
        if resource.type == API:
            yield from _routes(as_object(as_object(properties.get("Body")).get("paths")))
        elif resource.type == FUNCTION and properties.get("Architectures") not in (None, [machine]):
            other.append(resource.logical_id)
    if other:
        summary = f"the sandbox runs on {machine}, which is not configured for {_listed(other)}"
        hint = "extension modules cannot be loaded there; set `lambda_architecture` of the stage"
        yield Problem(_CODE, summary, "", hint, "warning")


def _routes(paths: Mapping[str, Any]) -> Iterator[Problem]:
    any_verb = [path for path, item in paths.items() if ANY_METHOD in as_object(item)]
    if any_verb:
        summary = f"the sandbox does not serve `ANY` of {_listed(any_verb)}: 403"
        hint = 'name the verbs, `methods=["GET", "POST"]`, or ask `chalice local`'
        yield Problem(_CODE, summary, "", hint, "warning")
    validated = [
        path
        for path, item in paths.items()
        if any(_VALIDATOR in as_object(one) for one in as_object(item).values())
    ]
    if validated:
        summary = f"the sandbox passes over `request_validation` of {_listed(validated)}"
        hint = "the function gets every request there; ask `chalice local`"
        yield Problem(_CODE, summary, "", hint, "warning")


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
