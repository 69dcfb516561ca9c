"""A graph as a CloudFormation template, and what CloudFormation takes at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.resources import Graph, Resource

# Source of all four: CloudFormation user guide, "Understand CloudFormation quotas".
MAX_RESOURCES = 500
MAX_OUTPUTS = 200
# A template that travels in the request; a larger one is read from S3, by its address.
MAX_INLINE_BYTES = 51_200
MAX_BYTES = 1_000_000

# The only version there is. Source: CloudFormation user guide, "Template anatomy".
_VERSION = "2010-09-09"


def cloudformation(graph: Graph) -> dict[str, Any]:
    """Return *graph* as a template; the same graph makes the same template."""
    document: dict[str, Any] = {"AWSTemplateFormatVersion": _VERSION}
    if graph.parameters:
        document["Parameters"] = dict(graph.parameters)
    document["Resources"] = {item.logical_id: _resource(item) for item in graph.resources}
    if graph.outputs:
        document["Outputs"] = {name: {"Value": value} for name, value in graph.outputs.items()}
    return document


def _resource(item: Resource) -> dict[str, Any]:
    found: dict[str, Any] = {"Type": item.type}
    if item.depends_on:
        found["DependsOn"] = list(item.depends_on)
    found.update(item.attributes)
    found["Properties"] = dict(item.properties)
    return found


def problems_of(document: Mapping[str, Any], text: str) -> Iterator[Problem]:
    """Yield why CloudFormation does not take *document*, which is written as *text*."""
    hint = "split the application, or what is merged into it, into several stacks"
    for section, limit in (("Resources", MAX_RESOURCES), ("Outputs", MAX_OUTPUTS)):
        count = len(document.get(section, ()))
        if count > limit:
            summary = f"the template has {count} {section.lower()}; CloudFormation takes {limit}"
            yield Problem(f"template-{section.lower()}", summary, "", hint)
    size = len(text.encode())
    if size > MAX_BYTES:
        summary = f"the template has {size} bytes; CloudFormation takes {MAX_BYTES}"
        if not text.startswith("{"):
            hint = f"write JSON, which has fewer bytes: `--template-format json`; else {hint}"
        yield Problem("template-size", summary, "", hint)
