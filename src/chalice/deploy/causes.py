"""Why a property changes that reads as before: what it refers to is another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_object
from chalice.deploy import words
from chalice.diagnostics import visible
from chalice.template.references import references_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.aws.cloudformation import Change

# The sections of a template whose members come to other values without a resource that changes.
_VALUES = {"Parameters": "parameter", "Mappings": "mapping", "Conditions": "condition"}


def causes_of(
    change: Change,
    others: Mapping[str, Change],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> dict[str, str]:
    """Return what each property refers to that CloudFormation says will change, as far as known.

    Args:
        change: that of one resource.
        others: all changes of the change set, by logical id.
        before: the template that is deployed.
        after: the template that will be.
    """
    resource = as_object(as_object(after.get("Resources")).get(change.logical_id))
    properties = as_object(resource.get("Properties"))
    causes: dict[str, str] = {}
    for name in change.properties:
        said = [one.causing for one in change.details if one.property == name and one.causing]
        found = said or _referred(properties.get(name), others, before, after)
        causes[name] = ", ".join(
            _described(entity, others, before, after) for entity in dict.fromkeys(found)
        )
    return causes


def _referred(
    value: Any,
    others: Mapping[str, Change],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Iterator[str]:
    """Yield what *value* refers to and changes, for whoever answers may not say it."""
    for name, section in references_in(value):
        sections = ("Parameters",) if section == "Resources" else (section,)
        if name in others or any(_differs(name, one, before, after) for one in sections):
            yield name


def _differs(name: str, section: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    old, new = as_object(before.get(section)), as_object(after.get(section))
    return old.get(name) != new.get(name)


def _described(
    entity: str,
    others: Mapping[str, Change],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> str:
    # Source: CloudFormation API reference, ResourceChangeDetail, "CausingEntity": an attribute is
    # `RESOURCE.ATTRIBUTE`.
    other = others.get(entity.partition(".")[0])
    named = f"`{visible(entity)}`"
    if other is not None:
        return f"{named} ({_becomes(other)})"
    for section, noun in _VALUES.items():
        if entity in {**as_object(before.get(section)), **as_object(after.get(section))}:
            changed = " (changed)" if _differs(entity, section, before, after) else ""
            return f"{noun} {named}{changed}"
    return named


def _becomes(change: Change) -> str:
    if change.action in {"Add", "Import"}:
        return "added"
    if change.action == "Remove":
        return "removed"
    if change.replacement == "True":
        return "replaced"
    properties = [words.property_of(name) for name in change.properties]
    # `Properties` are told one by one.
    others = [name.lower() for name in change.scope if name != "Properties"]
    what = ", ".join((*properties, *others))
    return f"changed: {what}" if what else "changed"
