"""The template of a graph with what users merge into it: `complete(graph, templates)`.

Roles whose policy is generated get what the merged templates have Lambda do as them: dead-letter
targets, event sources, destinations, log groups, the network, X-Ray. What that comes to is not
always known; it is a warning then, and nothing is granted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_object
from chalice.diagnostics import ordered
from chalice.expressions import as_text
from chalice.resources.kinds import ROLE
from chalice.resources.parts import both
from chalice.template.acting import Acting
from chalice.template.document import cloudformation
from chalice.template.granting import untangled, with_policies
from chalice.template.merging import merge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice.diagnostics import Problem
    from chalice.resources import Graph, Resource
    from chalice.template.granting import Given
    from chalice.template.merging import Theirs


@dataclass(frozen=True, slots=True)
class Complete:
    """A template with all that is merged into it.

    Attributes:
        document: the template.
        graph: what was made from the application, its roles with what else they were given.
        places: where resources and properties come from, as `Graph.places` has them.
        merged: what was merged.
        warnings: what roles may need besides, and nobody knows.
    """

    document: Mapping[str, Any]
    graph: Graph
    places: Mapping[str, str]
    merged: tuple[Theirs, ...] = ()
    warnings: tuple[Problem, ...] = ()


def complete(graph: Graph, templates: Sequence[Theirs]) -> Complete:
    """Return the template of *graph* with *templates* merged into it, in their order.

    Args:
        graph: what was made from the application.
        templates: of users.

    Raises:
        InvalidApp: one does not fit.
    """
    document: Mapping[str, Any] = cloudformation(graph)
    places = graph.places()
    for theirs in templates:
        known = document["Resources"]
        document = merge(document, theirs, places=places)
        places.update(theirs.places(known))
    acting = Acting.of(document, places)
    resources: list[Resource] = []
    warnings: list[Problem] = []
    for item in graph.resources:
        known = document["Resources"]
        # Who sets the policies of a role in a template has written them.
        if _is_generated(item) and _policies(known.get(item.logical_id)) == _policies(
            {"Properties": item.properties}
        ):
            given = acting.given(item.logical_id)
            document, apart = untangled(document, item.logical_id)
            places.update(dict.fromkeys(apart, item.where))
            document, made = with_policies(document, item.logical_id, given)
            places.update(made)
            item = replace(item, reasons=both(_reasons(given), item.reasons))  # noqa: PLW2901
            warnings += acting.unknown(item.logical_id)
        resources.append(item)
    whole = replace(graph, resources=tuple(resources))
    return Complete(document, whole, places, tuple(templates), tuple(ordered(warnings)))


def _is_generated(item: Resource) -> bool:
    """Return whether *item* is a role that is generated; so are managed policies of such a one."""
    return item.generated and item.type == ROLE


def _policies(role: object) -> list[Any] | None:
    """Return what *role* has; None where a template has removed it."""
    if role is None:
        return None
    properties = as_object(as_object(role).get("Properties"))
    return [properties.get(key) for key in ("Policies", "ManagedPolicyArns")]


def _reasons(given: Sequence[Given]) -> dict[str, Mapping[str, str]]:
    """Return the places of what is given, as `Resource.reasons` has them."""
    found: dict[str, Mapping[str, str]] = {}
    for item in given:
        shown = as_text(item.statement["Resource"], {})
        for action in item.statement["Action"] if item.where else ():
            found[action] = {shown: item.where, **found.get(action, {})}
    return found
