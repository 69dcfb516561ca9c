"""What users merge into a template: `merge(document, opened(path))`.

The user wins: objects are merged key by key, everything else replaces what the template has, and
null removes it. An expression (`Ref`, `Fn::...`) is one value and never merged with another. What
cannot be meant is a problem: a list where the template has an object, a misspelt resource.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from chalice.config.reader import Document, as_object, line_and_column, read
from chalice.diagnostics import InvalidApp, Problem, ToolError, nearest, ordered, visible
from chalice.expressions import is_expression
from chalice.resources.api import DEPLOYMENT, REST_API, deployment_id
from chalice.template.serverless import PROPERTIES, TRANSFORM
from chalice.template.writing import is_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

# What the values of a document come to once its YAML aliases are written out.
_MAX_VALUES = 200_000
_MAX_DEPTH = 100

# Far above what a template may have. Source: as for `document.MAX_BYTES`.
_MAX_FILE_BYTES = 4_000_000

_DEPLOYMENT_ID = re.compile(f"{DEPLOYMENT}[0-9a-f]{{10}}")


def merge(
    document: Mapping[str, Any],
    theirs: Theirs,
    *,
    places: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return *document* with a template of the user merged into it.

    Args:
        document: a template.
        theirs: the user's.
        places: where resources of *document* come from, by logical id, for messages.

    Raises:
        InvalidApp: it does not fit; with every problem.
    """
    merging = _Merging(theirs, places or {})
    merged = merging.both(document, theirs.value, ())
    problems = [*merging.problems, *_of_resources(document, merged, theirs)]
    if problems:
        raise InvalidApp(ordered(problems))
    return redeployed(merged)


def overlaid(document: Mapping[str, Any], theirs: Theirs) -> dict[str, Any]:
    """Return a part of a template with *theirs* over it, whether or not that fits."""
    whole: dict[str, Any] = _Merging(theirs, {}).both(document, theirs.value, ())
    return whole


# --- reading ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Theirs:
    """A user's template.

    Attributes:
        name: what messages call its file.
        value: its content.
        text: for YAML, the text of which lines are looked up.
        document: for JSON, the same with places.
    """

    name: str
    value: dict[str, Any]
    text: str = ""
    document: Document | None = None
    # The nodes of YAML, composed when the first line is looked up.
    _nodes: list[Any] = field(default_factory=list[Any], compare=False, repr=False)

    def has(self, path: Sequence[str]) -> bool:
        """Return whether there is something at *path*, be it null."""
        value: object = self.value
        for key in path:
            members = _members(value)
            if members is None or key not in members:
                return False
            value = members[key]
        return True

    def where(self, path: Sequence[str]) -> str:
        """Return `file:line` of the value at *path*."""
        if self.document is not None:
            node = self.document.find(path)
            line = 0 if node is None else line_and_column(self.document.text, node.offset)[0]
        else:
            from chalice.definitions import yaml_text  # noqa: PLC0415 - only YAML loads PyYAML

            if not self._nodes:
                self._nodes.append(yaml_text.nodes_of(self.text))
            line = yaml_text.line_of(self._nodes[0], path)
        return f"{self.name}:{line}" if line else self.name

    def places(self, known: Mapping[str, object]) -> dict[str, str]:
        """Return where it sets resources and their properties, as `Graph.places` does.

        Args:
            known: what is in the template before: resources that are changed are not made here.
        """
        found: dict[str, str] = {}
        for name, resource in as_object(self.value.get("Resources")).items():
            path = ("Resources", name)
            if name not in known:
                found[name] = self.where(path)
            for key in as_object(as_object(resource).get("Properties")):
                found[f"{name}.{key}"] = self.where((*path, "Properties", key))
        return found


def opened(path: Path, name: str | None = None) -> Theirs:
    """Return the template in the file *path*, JSON or YAML; messages call it *name*, or its path.

    Raises:
        ToolError: the file cannot be read.
        InvalidApp: it is no template.
    """
    name = name or str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ToolError(f"Cannot read `{name}`: {error.strerror or error}") from error
    if len(data) > _MAX_FILE_BYTES:
        raise _refused(name, f"`{name}` has over {_MAX_FILE_BYTES} bytes", "name a template")
    in_json = path.suffix.lower() == ".json" or data.lstrip().startswith(b"{")
    if is_yaml(path) or not in_json:
        return _read_yaml(data, name)
    document = read(data, name)
    if document.problems:
        raise InvalidApp([_recoded(item) for item in document.problems])
    value = document.root.plain() if document.root is not None else None
    return Theirs(name, _object(value, name), document=document)


def _recoded(problem: Problem) -> Problem:
    return Problem("merge-json", problem.summary, problem.where, problem.hint)


def _read_yaml(data: bytes, name: str) -> Theirs:
    from chalice.definitions import yaml_text  # noqa: PLC0415 - only YAML loads PyYAML

    try:
        text = data.decode("utf-8-sig")
        value = yaml_text.load(text)
    except UnicodeDecodeError:
        raise _refused(name, f"`{name}` is not UTF-8", "save it as UTF-8") from None
    except yaml_text.NotYaml as error:
        where = f"{name}:{error.line}" if error.line else name
        raise _refused(where, f"`{name}` is not YAML: {error}", "mend it") from None
    return Theirs(name, _object(value, name), text=text)


def _refused(where: str, summary: str, hint: str) -> InvalidApp:
    return InvalidApp([Problem("merge-file", summary, where, hint)])


def _object(value: object, name: str) -> dict[str, Any]:
    if value is None:
        return {}
    members = _members(value)
    if members is None:
        raise _refused(name, f"`{name}` holds no object", 'write `{"Resources": {...}}`')
    return cast("dict[str, Any]", _plain(members, name))


def _plain(value: object, name: str) -> object:
    """Return *value* as JSON would have it: keys are texts, nothing contains itself."""
    left = _MAX_VALUES

    def plain(item: object, depth: int) -> object:
        nonlocal left
        left -= 1
        if left < 0 or depth > _MAX_DEPTH:
            summary = f"`{name}` has over {_MAX_VALUES} values, or nests over {_MAX_DEPTH} deep"
            raise _refused(name, summary, "write it without such aliases")
        if isinstance(item, dict):
            members = cast("dict[object, object]", item).items()
            return {_key(key): plain(member, depth + 1) for key, member in members}
        if isinstance(item, list):
            return [plain(element, depth + 1) for element in cast("list[object]", item)]
        return item

    return plain(value, 0)


def _key(key: object) -> str:
    # `200:` in YAML is a number, and `true:` a boolean; JSON has texts alone.
    return key if isinstance(key, str) else json.dumps(key)


# --- merging ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Merging:
    theirs: Theirs
    places: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list[Problem])

    def both(
        self, ours: Mapping[str, Any], theirs: Mapping[str, Any], path: tuple[str, ...]
    ) -> Any:
        """Return two objects as one, at *path* of the template."""
        merged = dict(ours)
        for key, value in theirs.items():
            if value is None:
                merged.pop(key, None)
            elif key not in ours:
                merged[key] = without_nulls(value)
            else:
                merged[key] = self._one(ours[key], value, (*path, key))
        return merged

    def _one(self, ours: Any, theirs: Any, path: tuple[str, ...]) -> Any:
        if is_expression(ours) or is_expression(theirs):
            return theirs
        if _kind(ours) != _kind(theirs):
            self.problems.append(self._clash(ours, theirs, path))
            return ours
        members = _members(ours)
        return without_nulls(theirs) if members is None else self.both(members, theirs, path)

    def _clash(self, ours: object, theirs: object, path: Sequence[str]) -> Problem:
        place = ".".join(path)
        made_of = self.places.get(path[1], "") if len(path) > 1 and path[0] == "Resources" else ""
        summary = f"`{place}` is {_kind(theirs)} here and {_kind(ours)} in the template"
        summary += f", from {made_of}" if made_of else ""
        hint = f"write {_kind(ours)}"
        if path[-1] == "Tags":
            hint += (
                ', `[{"Key": ..., "Value": ...}]`, of all tags: it replaces the one that is there'
            )
        return Problem("merge-type", summary, self.theirs.where(path), hint)


def without_nulls(value: Any) -> Any:
    """Return *value* without members that are null, which no template may have."""
    if (members := _members(value)) is not None:
        return {key: without_nulls(item) for key, item in members.items() if item is not None}
    if (items := _items(value)) is not None:
        return [without_nulls(item) for item in items if item is not None]
    return value


def _members(value: object) -> dict[str, Any] | None:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _items(value: object) -> list[Any] | None:
    return list(cast("Sequence[Any]", value)) if isinstance(value, list) else None


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    return "a list" if isinstance(value, list) else "a single value"


# --- the deployment of the API ---------------------------------------------------------------


def redeployed(document: dict[str, Any]) -> dict[str, Any]:
    """Return *document* with the deployment that its API asks for as it is now.

    What is merged into a template may change the API after its deployment was named.
    """
    resources: dict[str, Any] = document.get("Resources", {})
    api = resources.get(REST_API)
    before = [name for name in resources if _DEPLOYMENT_ID.fullmatch(name)]
    if api is None or len(before) != 1:
        return document
    after = deployment_id(api.get("Properties", {}))
    renamed: dict[str, Any] = _renamed(document, before[0], after)
    return renamed


def _renamed(value: Any, before: str, after: str) -> Any:
    """Return *value* with *after* for the logical id *before*: where it is declared and named."""
    if (members := _members(value)) is not None:
        return {
            (after if key == before else key): _renamed(item, before, after)
            for key, item in members.items()
        }
    if (items := _items(value)) is not None:
        return [_renamed(item, before, after) for item in items]
    return after if value == before else value


# --- resources -------------------------------------------------------------------------------


def _of_resources(
    ours: Mapping[str, Any], merged: Mapping[str, Any], theirs: Theirs
) -> Iterator[Problem]:
    written = as_object(theirs.value.get("Resources"))
    known: dict[str, Any] = dict(ours.get("Resources", {}))
    transformed = "Transform" in merged
    if "Globals" in theirs.value and not transformed:
        yield _untransformed("`Globals` is a section", theirs, ("Globals",))
    for name, resource in written.items():
        path = ("Resources", name)
        members = _members(resource)
        if members is None:
            if name.startswith("Fn::ForEach"):
                yield _loop(name, theirs)
            elif resource is not None and name not in known:
                hint = 'write `{"Type": ..., "Properties": {...}}`'
                summary = f"resource `{name}` is {_kind(resource)}"
                yield Problem("merge-type", summary, theirs.where(path), hint)
            continue
        kind = members.get("Type")
        if name in known:
            yield from _of_known(name, known[name]["Type"], members, theirs)
            yield from _of_stage(name, known[name], members, theirs)
        elif kind is None:
            near = nearest(name, known)
            summary = f"resource `{name}` has no `Type`, and the template has none of that name"
            hint = f"write `{near}`, or give it a type" if near else "give it a type"
            yield Problem("merge-resource", summary, theirs.where(path), hint)
        elif str(kind).startswith("AWS::Serverless::") and not transformed:
            yield _untransformed(f"resource `{name}` is of a type", theirs, path)


def _loop(name: str, theirs: Theirs) -> Problem:
    # What it makes could neither be checked nor told before it is there.
    summary = f"`{visible(name)}` makes resources by a loop, which is not taken here"
    return Problem("merge-loop", summary, theirs.where(("Resources", name)), "write each of them")


def _untransformed(what: str, theirs: Theirs, path: Sequence[str]) -> Problem:
    return Problem(
        "merge-transform",
        f"{what} of the Serverless transform, which the template does not have",
        theirs.where(path),
        f"add `Transform: {TRANSFORM}`, or write resources of CloudFormation itself",
    )


def _of_known(
    name: str, kind: str, resource: Mapping[str, Any], theirs: Theirs
) -> Iterator[Problem]:
    path = ("Resources", name)
    if resource.get("Type", kind) != kind:
        summary = f"resource `{name}` is {resource['Type']} here and {kind} in the template"
        hint = "leave `Type` out, or give the resource another name"
        yield Problem("merge-resource-type", summary, theirs.where((*path, "Type")), hint)
    of_transform = PROPERTIES.get(kind, {})
    for key in as_object(resource.get("Properties")):
        if key in of_transform:
            summary = f"`{key}` of `{name}` is a property of the Serverless transform"
            where = theirs.where((*path, "Properties", key))
            yield Problem("merge-serverless", summary, where, of_transform[key])


def _of_stage(
    name: str, known: Mapping[str, Any], resource: Mapping[str, Any], theirs: Theirs
) -> Iterator[Problem]:
    """Yield a problem where the stage of the API gets a name that its URL does not have."""
    before = as_object(known.get("Properties")).get("StageName")
    written = as_object(resource.get("Properties"))
    if before is None or written.get("StageName", before) == before:
        return
    if known["Type"] == "AWS::ApiGateway::Stage" and not theirs.has(("Outputs", "EndpointURL")):
        summary = f"`{name}` is the stage `{before}`, which URLs are told with"
        hint = "set `api_gateway_stage` in the configuration, or merge `EndpointURL` too"
        where = theirs.where(("Resources", name, "Properties", "StageName"))
        yield Problem("merge-stage-name", summary, where, hint)
