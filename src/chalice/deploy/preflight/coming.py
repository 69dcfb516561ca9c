"""Resources as they are about to be, beside what they are now and where they were written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_list, as_object
from chalice.deploy.values import parameters_of
from chalice.diagnostics import Problem, visible
from chalice.expressions import resolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice.config.kinds import Text
    from chalice.resources import Resource
    from chalice.template.merging import Theirs


@dataclass(frozen=True, slots=True)
class Written:
    """Where properties were written: in templates that are merged, the last first, or in ours.

    Attributes:
        graph: what the application came to before anything was merged into it, by logical id.
        merged: the templates that were.
        values: as `values_of` returns.
        places: of resources and their properties, by logical id, where nothing else is known.
    """

    graph: Mapping[str, Resource]
    merged: tuple[Theirs, ...]
    values: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict[str, str])

    def where(self, logical_id: str, keys: Sequence[str]) -> str:
        """Return the place of a property, of its resource where it has none, or nothing."""
        resource = ("Resources", logical_id)
        for count in range(len(keys), 0, -1):
            path = (*resource, "Properties", *keys[:count])
            if place := self.of_template(*path):
                return place
        ours = self.graph.get(logical_id)
        if ours is not None:
            named = (ours.written.get(".".join(keys[:count])) for count in range(len(keys), 0, -1))
            return next(filter(None, named), ours.where)
        named = (
            self.places.get(f"{logical_id}.{'.'.join(keys[:n])}") for n in range(len(keys), 0, -1)
        )
        return self.of_template(*resource) or next(
            filter(None, named), self.places.get(logical_id, "")
        )

    def of_template(self, *keys: str) -> str:
        """Return the place of what a merged template sets, the last one first, or nothing."""
        places = (theirs.where(keys) for theirs in reversed(self.merged) if theirs.has(keys))
        return next(places, "")

    def is_ours(self, logical_id: str, name: str, value: object) -> bool:
        """Return whether *value* of a property is as the application and configuration have it."""
        ours = self.graph.get(logical_id)
        return ours is not None and resolved(ours.properties.get(name), self.values) == value


@dataclass(frozen=True, slots=True)
class Coming:
    """A resource that is about to be made or changed, or stays as it is.

    Attributes:
        logical_id: its name in the stack.
        type: as CloudFormation spells it.
        properties: as they will be; expressions that say nothing but text are that text.
        before: as they are; None where the resource is not there.
        written: where they come from.
    """

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    before: Mapping[str, Any] | None
    written: Written

    @property
    def is_new(self) -> bool:
        """Whether it is not there yet."""
        return self.before is None

    def differs(self, *names: str) -> bool:
        """Return whether one of the properties *names* is another one than it is now."""
        before = self.before
        return before is None or any(self.properties.get(n) != before.get(n) for n in names)

    @property
    def is_configured(self) -> bool:
        """Whether AWS is given more of it than code, and so looks at all of it again."""
        before = self.before
        return before is None or self.differs(*({*self.properties, *before} - {"Code"}))

    def where(self, *keys: str) -> str:
        """Return where a property was written, `("VpcConfig", "SubnetIds")`."""
        return self.written.where(self.logical_id, keys)

    def is_ours(self, name: str) -> bool:
        """Return whether a property is as the application and its configuration have it."""
        return self.written.is_ours(self.logical_id, name, self.properties.get(name))

    def refused(self, name: str, value: str, taken: Text) -> Problem:
        """Return the problem of a property that is none of what is *taken*."""
        summary = f"`{name}` of `{self.logical_id}` is `{visible(value)}`"
        return Problem("config-value", summary, self.where(name), f"write {taken.says}")

    def texts(self, *keys: str) -> tuple[str, ...]:
        """Return the texts of a list of properties; what only CloudFormation knows is left out."""
        value: Any = self.properties
        for key in keys:
            value = as_object(value).get(key)
        return tuple(item for item in as_list(value) if isinstance(item, str))


def resources_of(
    document: Mapping[str, Any],
    before: Mapping[str, Any],
    written: Written,
) -> Iterator[Coming]:
    """Yield the resources of a template; those that hang on a condition may never be, and are not.

    Args:
        document: the template.
        before: the one that is deployed; empty where none is.
        written: where it comes from.
    """
    values = written.values
    # A parameter may come to another value than before.
    known_values = {**values, **parameters_of(before)}
    old = as_object(before.get("Resources"))
    for logical_id, facts in as_object(document.get("Resources")).items():
        if "Condition" in facts:
            continue
        known = as_object(old.get(logical_id))
        same = known.get("Type") == facts.get("Type")
        yield Coming(
            logical_id,
            str(facts.get("Type")),
            as_object(resolved(facts.get("Properties", {}), values)),
            as_object(resolved(known.get("Properties", {}), known_values)) if same else None,
            written,
        )
