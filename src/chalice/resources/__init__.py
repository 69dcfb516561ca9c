"""Waist 3: what an application and its settings become in an account, as CloudFormation names it.

Knows the model, the settings, and the properties of resources; one file for each kind of resource,
and `compose`, which puts them together. Must not know how a template is written, uploaded or
deployed: the graph is data, and the same input makes the same graph.
"""

from chalice.resources.compose import graph, located
from chalice.resources.parts import Code, Graph, Resource

__all__ = ["Code", "Graph", "Resource", "graph", "located"]
