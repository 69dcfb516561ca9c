"""What a template refers to and does not have: `problems_of_references(document, merged, graph)`.

Users write references into templates that are merged and into policy files. CloudFormation says so
in one sentence without a line, and only when it is asked. A template with macros is none to judge:
they make resources of which nobody here knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from chalice.config.reader import as_list, as_object
from chalice.diagnostics import Problem, nearest, ordered, visible
from chalice.expressions import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice.resources import Graph
    from chalice.template.merging import Theirs

Section = Literal["Conditions", "Functions", "Mappings", "Resources"]

# Source: CloudFormation user guide, "Pseudo parameters reference".
_PSEUDO = frozenset(
    f"AWS::{name}"
    for name in (
        "AccountId",
        "NoValue",
        "NotificationARNs",
        "Partition",
        "Region",
        "StackId",
        "StackName",
        "URLSuffix",
    )
)
_MACROS = ("Fn::Transform", "Fn::ForEach")

# Source: CloudFormation template reference, "Intrinsic function reference".
_FUNCTIONS = frozenset(
    f"Fn::{name}"
    for name in (
        *("And", "Base64", "Cidr", "Equals", "FindInMap", "GetAZs", "GetAtt", "If", "ImportValue"),
        *("Join", "Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString"),
    )
)

_NOUNS: dict[str, str] = {
    "Conditions": "condition",
    "Mappings": "mapping",
    "Resources": "resource or parameter",
}


@dataclass(frozen=True, slots=True)
class _Reference:
    """Something that a template refers to.

    Attributes:
        name: what it names.
        section: where such names are declared; parameters go with resources.
        path: what refers to it, as far as keys lead there.
    """

    name: str
    section: Section
    path: tuple[str, ...]


def problems_of_references(
    document: Mapping[str, Any],
    merged: Sequence[Theirs],
    graph: Graph | None = None,
) -> tuple[Problem, ...]:
    """Return what *document* refers to and does not have, each with its line.

    Args:
        document: a template.
        merged: the templates that were merged into it, one after the other.
        graph: what was made from the application.
    """
    if "Transform" in document or _has_macro(document):
        return ()
    known = {
        "Conditions": as_object(document.get("Conditions")).keys(),
        "Functions": _FUNCTIONS,
        "Mappings": as_object(document.get("Mappings")).keys(),
        "Resources": {
            *as_object(document.get("Resources")),
            *as_object(document.get("Parameters")),
            *_PSEUDO,
        },
    }
    dangling = [item for item in _references(document) if item.name not in known[item.section]]
    if not dangling:
        return ()
    files = merged[::-1]
    removed: dict[str, list[_Reference]] = {}
    found: list[Problem] = []
    for item in dangling:
        where = _where_removed(item, files)
        if where:
            removed.setdefault(where, []).append(item)
        else:
            where = _where(item.path, files) or _where_made(item, graph)
            found.append(_missing(item, where, known[item.section]))
    found += [_removed(items, where) for where, items in removed.items()]
    return ordered(dict.fromkeys(found))


def references_in(value: Any) -> Iterator[tuple[str, Section]]:
    """Yield the names that a part of a template refers to, and where they are declared.

    Parameters are told as resources: a name alone does not say which it is.
    """
    for item in _within(value, ()):
        yield item.name, item.section


def _has_macro(value: Any) -> bool:
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return any(key.startswith(_MACROS) or _has_macro(item) for key, item in members.items())
    return any(map(_has_macro, as_list(value)))


# --- what is referred to -------------------------------------------------------------------------


def _references(document: Mapping[str, Any]) -> Iterator[_Reference]:
    for name, condition in as_object(document.get("Conditions")).items():
        yield from _within(condition, ("Conditions", name), in_conditions=True)
    for section in ("Resources", "Outputs"):
        for name, item in as_object(document.get(section)).items():
            path = (section, name)
            facts = as_object(item)
            if isinstance(facts.get("Condition"), str):
                yield _Reference(facts["Condition"], "Conditions", (*path, "Condition"))
            needed = facts.get("DependsOn")
            for other in [needed] if isinstance(needed, str) else as_list(needed):
                if isinstance(other, str):
                    yield _Reference(other, "Resources", (*path, "DependsOn"))
            yield from _within(item, path)


def _within(
    value: Any, path: tuple[str, ...], *, in_conditions: bool = False
) -> Iterator[_Reference]:
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        if len(members) == 1:
            ((name, operand),) = members.items()
            if name.startswith("Fn::"):
                yield _Reference(name, "Functions", path)
            yield from _of_function(name, operand, path, in_conditions=in_conditions)
        for key, item in members.items():
            yield from _within(item, (*path, key), in_conditions=in_conditions)
    elif isinstance(value, list):
        # Places are told of keys only.
        for item in as_list(cast("object", value)):
            yield from _within(item, path, in_conditions=in_conditions)


def _of_function(
    name: str, operand: Any, path: tuple[str, ...], *, in_conditions: bool
) -> Iterator[_Reference]:
    """Yield what a function names by itself; what its operands hold is looked at elsewhere."""
    first = next(iter(as_list(operand)), operand)
    if not isinstance(first, str):
        return
    match name:
        case "Ref" if first is operand:
            yield _Reference(first, "Resources", path)
        case "Fn::GetAtt":
            # One text is `Resource.Attribute`; a logical id has no dot.
            yield _Reference(first.partition(".")[0], "Resources", path)
        case "Fn::Sub":
            own = as_object(next(iter(as_list(operand)[1:]), None))
            for written in names_in(first):
                named = written.strip()
                if named and named not in own:
                    yield _Reference(named.partition(".")[0], "Resources", path)
        case "Fn::If":
            yield _Reference(first, "Conditions", path)
        case "Condition" if in_conditions and first is operand:
            yield _Reference(first, "Conditions", path)
        case "Fn::FindInMap":
            yield _Reference(first, "Mappings", path)
        case _:
            pass


# --- what is said of it --------------------------------------------------------------------------


def _where_removed(item: _Reference, files: Sequence[Theirs]) -> str:
    """Return where a user has removed what *item* names; empty where nobody has."""
    sections = ("Resources", "Parameters") if item.section == "Resources" else (item.section,)
    for theirs in files:
        for section in sections:
            members = as_object(theirs.value.get(section))
            if item.name in members and members[item.name] is None:
                return theirs.where((section, item.name))
    return ""


def _removed(items: Sequence[_Reference], where: str) -> Problem:
    noun = _NOUNS[items[0].section].partition(" ")[0]
    users = dict.fromkeys(f"`{visible(item.path[1])}`" for item in items)
    verb = "refers" if len(users) == 1 else "refer"
    return Problem(
        "merge-reference",
        f"{noun} `{visible(items[0].name)}` is removed, and {', '.join(users)} {verb} to it",
        where,
        "keep it, or remove what refers to it, too",
    )


def _missing(item: _Reference, where: str, known: object) -> Problem:
    near = nearest(item.name, cast("set[str]", known) - _PSEUDO)
    user, name = visible(".".join(item.path[:2])), visible(item.name)
    if item.section == "Functions":
        # AWS may have new ones.
        hint = f"write `{near}`" if near else "write one that it has"
        summary = f"`{user}` has `{name}`, and CloudFormation is not known to have such a function"
        return Problem("merge-function", summary, where, hint, "warning")
    noun = _NOUNS[item.section]
    summary = f"`{user}` refers to `{name}`, and the template has no {noun} of that name"
    hint = f"write `{near}`, or declare it" if near else "declare it, or name one that is there"
    return Problem("merge-reference", summary, where, hint)


def _where_made(item: _Reference, graph: Graph | None) -> str:
    """Return what of the project says so: the line of a policy file, or what the resource is of."""
    made = graph.resources if graph is not None else ()
    resource = next((one for one in made if one.logical_id == item.path[1]), None)
    if resource is None:
        return ""
    lines = (places.items() for places in resource.reasons.values())
    found = (line for places in lines for text, line in places if item.name in text)
    return next(found, resource.where)


def _where(path: Sequence[str], files: Sequence[Theirs]) -> str:
    """Return the line of the last key of *path* that some template sets, the last one first."""
    for count in range(len(path), 1, -1):
        for theirs in files:
            if theirs.has(path[:count]):
                return theirs.where(path[:count])
    return ""
