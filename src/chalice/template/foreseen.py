"""What Lambda will do as the roles of functions, told without the application and its template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.model.declared import Function, Place
from chalice.resources.function import function
from chalice.resources.kinds import ROLE
from chalice.resources.parts import Code, Graph, Resource, role_in
from chalice.resources.role import role_of
from chalice.template.acting import Acting
from chalice.template.document import cloudformation
from chalice.template.merging import overlaid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalice.config import Settings
    from chalice.resources.parts import Written
    from chalice.template.merging import Theirs


def acting(
    names: Iterable[str], settings: Settings, written: Written, merged: Sequence[Theirs]
) -> Acting:
    """Return what Lambda does as the roles of functions.

    Whether the templates fit is not looked at: that takes all that they are merged into.

    Args:
        names: of the functions.
        settings: the stage.
        written: where the configuration sets what.
        merged: the templates, in the order in which they are merged.
    """
    roles: dict[str, Resource] = {}
    made: list[Resource] = []
    for name in names:
        declared = Function(name, "", "", Place("", 0))
        role = role_of(settings.function(name), settings)
        made.append(function(declared, settings, Code.local(layer=False), role, written))
        if named := role_in({"Role": role}):
            roles[named] = Resource(named, ROLE, {})
    graph = Graph((*roles.values(), *made))
    document: Mapping[str, Any] = cloudformation(graph)
    places = graph.places()
    for theirs in merged:
        places.update(theirs.places(document["Resources"]))
        document = overlaid(document, theirs)
    return Acting.of(document, places)
