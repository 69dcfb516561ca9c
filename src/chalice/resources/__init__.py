"""Waist 3: what an application and its settings become in an account, as CloudFormation names it.

Knows the model, the settings, and the properties of resources; one file for each kind of resource,
and `compose`, which puts them together. Must not know how a template is written, uploaded or
deployed: the graph is data, and the same input makes the same graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.resources.parts import Code, CodePolicy, Graph, PolicyOf, Resource, located

if TYPE_CHECKING:
    from chalice.resources.compose import graph

__all__ = ["Code", "CodePolicy", "Graph", "PolicyOf", "Resource", "graph", "located"]


def __getattr__(name: str) -> Any:
    # Who reads a graph that was kept needs neither the model nor the definition.
    if name == "graph":
        from chalice.resources.compose import graph  # noqa: PLC0415

        return graph
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
