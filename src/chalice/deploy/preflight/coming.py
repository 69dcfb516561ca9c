"""Resources as they are about to be, beside what they are now and where they were written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from chalice.config.reader import as_list, as_object
from chalice.diagnostics import Problem, visible
from chalice.regions import dns_suffix, partition_of
from chalice.resources.parts import is_expression

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice.config.kinds import Text
    from chalice.resources import Resource
    from chalice.template.merging import Theirs

# Source: CloudFormation user guide, "Fn::Sub": `${!Literal}` stands for `${Literal}`.
_REFERENCE = re.compile(r"\$\{(!?)([^{}]*)\}")
# Source: CloudFormation user guide, "Pseudo parameters reference".
_NO_VALUE = {"Ref": "AWS::NoValue"}


@dataclass(frozen=True, slots=True)
class Written:
    """Where properties were written: in templates that are merged, the last first, or in ours.

    Attributes:
        graph: what the application came to before anything was merged into it, by logical id.
        merged: the templates that were.
        values: as `values_of` returns.
    """

    graph: Mapping[str, Resource]
    merged: tuple[Theirs, ...]
    values: Mapping[str, str]

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
        return self.of_template(*resource)

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


def values_of(
    document: Mapping[str, Any], stack_name: str, account: str, region: str
) -> dict[str, str]:
    """Return what references come to that are known before a deploy, by name."""
    partition = partition_of(region)
    parameters = {
        name: str(item["Default"])
        for name, item in as_object(document.get("Parameters")).items()
        if isinstance(as_object(item).get("Default"), str | int)
    }
    return {
        **parameters,
        "AWS::AccountId": account,
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::StackName": stack_name,
        "AWS::URLSuffix": dns_suffix(partition),
    }


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
            as_object(resolved(known.get("Properties", {}), values)) if same else None,
            written,
        )


def resolved(value: Any, values: Mapping[str, str]) -> Any:
    """Return *value* with texts for expressions that *values* are enough for.

    >>> resolved([{"Fn::Sub": "${Name}-a"}, {"Ref": "Other"}], {"Name": "shop"})
    ['shop-a', {'Ref': 'Other'}]
    """
    if is_expression(value):
        text = _text_of(value, values)
        return value if text is None else text
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {k: resolved(v, values) for k, v in members.items() if v != _NO_VALUE}
    if isinstance(value, list):
        items = as_list(cast("object", value))
        return [resolved(item, values) for item in items if item != _NO_VALUE]
    return value


def _text_of(value: object, values: Mapping[str, str]) -> str | None:
    """Return the text that an expression, or a text, comes to; None where nobody knows yet."""
    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return values.get(name)
        case {"Fn::Sub": str(template)}:
            return _substituted(template, values)
        case {"Fn::Sub": [str(template), dict()]}:
            named = as_object(as_list(as_object(value)["Fn::Sub"])[1])
            texts = {name: _text_of(item, values) for name, item in named.items()}
            known = {name: text for name, text in texts.items() if text is not None}
            # A name of its own hides what it would stand for otherwise.
            others = {name: text for name, text in values.items() if name not in texts}
            return _substituted(template, {**others, **known})
        case {"Fn::Join": [str(between), list()]}:
            parts = as_list(as_list(as_object(value)["Fn::Join"])[1])
            joined = [_text_of(part, values) for part in parts]
            whole = [text for text in joined if text is not None]
            return between.join(whole) if len(whole) == len(joined) else None
        case _:
            return None


def _substituted(template: str, values: Mapping[str, str]) -> str | None:
    """Return *template* with all of its references replaced, or None where one is not known."""
    found = _REFERENCE.findall(template)
    if any(not literal and name not in values for literal, name in found):
        return None
    return _REFERENCE.sub(
        lambda match: f"${{{match[2]}}}" if match[1] else values[match[2]], template
    )
