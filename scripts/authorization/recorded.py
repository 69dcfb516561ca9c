"""Which parameters of an operation say what is needed: those that a recorded call has to keep.

It is found out by asking: each operation is called with all that it takes, in several ways, and
each text is taken away in turn. Where that changes what `granting` says, the text is read.
"""

from __future__ import annotations

import ast
import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from chalice.config.reader import as_list
from chalice.permissions import read
from chalice.permissions.granting.besides import listed, roles, tagging
from chalice.permissions.granting.needs import needs
from chalice.permissions.granting.resources import meant, naming
from chalice.permissions.granting.resources.formats import arns_of
from chalice.permissions.proving.recorded import value_of
from chalice.permissions.proving.recorder.keeping import ARN_ALONE, GIVEN, HIDDEN
from chalice.permissions.reading.services import Services
from chalice.permissions.reading.values import LONGEST_TEXT, Use
from scripts.authorization.models import NO_SECRET, along, models, names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from chalice.permissions.reading.engine import Engine

# How deep rules look that no list is for: `TransactItems.Put.TableName`.
_DEEPEST = 4
_MOST_VALUES = 8

# A key of a map that is the caller's, and the step of places that stands for any.
_KEY, _ANY = "a-key", "*"

# What only a text of that form is read as, by parameter: `{}` is what tells it apart from others.
_FORMS = {
    "CopySource": "bucket/{}",
    "FromEmailAddress": "{}@example.com",
    "ImageId": "resolve:ssm:{}",
    "ImageUri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/{}",
    "MediaFileUri": "s3://{}/key",
    "QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/{}",
    "RedactedMediaFileUri": "s3://{}/key",
    "Source": "{}@example.com",
    "Statement": 'SELECT * FROM "{}"',
}

# What models do not have, and what is no text. Sources: boto3 reference, "copy_object",
# "CopySource"; botocore's model of Redshift, "GetClusterCredentials".
_SOURCE = "CopySource.Bucket CopySource.Key CopySource.VersionId?"
_MORE = {
    ("redshift", "GetClusterCredentials"): "AutoCreate",
    ("s3", "CopyObject"): _SOURCE,
    ("s3", "PutObject"): "ACL",
    ("s3", "UploadPartCopy"): _SOURCE,
}


class _Asked:
    """Calls of one operation, and what they need."""

    def __init__(self, engine: Engine, service: str, operation: str) -> None:
        self._engine = engine
        self._service = service
        self._operation = operation

    def needs(self, params: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
        """Return actions with their resources."""
        node = ast.Constant(None, lineno=1, col_offset=0)
        values = tuple((name, value_of(value)) for name, value in params.items())
        use = Use(self._service, self._operation, values, "app.py", node)
        return frozenset((need.action, need.resource) for need in needs(use, self._engine)[0])

    def read(self, params: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
        """Yield the places of the texts in *names* without which something else is needed."""
        whole = self.needs(params)
        for name in names:
            value = params[name]
            texts = sorted(set(_texts(value, name)))
            is_read = self.needs({**params, name: _without(value, None)}) != whole
            for place in texts if is_read else ():
                below = place.split(".")[1:]
                if self.needs({**params, name: _without(value, below)}) != whole:
                    hidden = self.needs({**params, name: _without(value, below, text=HIDDEN)})
                    yield place if hidden != whole else f"{place}{ARN_ALONE}"
            inside = sorted(set(_nodes(value, name)))
            if inside and self.needs({**params, name: _bare(value, None)}) != whole:
                seen = [
                    place
                    for place in inside
                    if self.needs({**params, name: _bare(value, place.split(".")[1:])}) != whole
                ]
                # Or it is seen that it is a structure, by any member.
                yield from (f"{place}{GIVEN}" for place in seen or (() if is_read else inside))


def recorded(packages: Path) -> list[str]:
    """Return a line for each service: its name, a tab, operations with places, commas between.

    Every operation that takes anything is there: of one that is not, nobody knows.
    """
    engine = read({"app.py": b""}, {}, Services()).engine
    own = _of_lists(names(packages))
    lines: list[str] = []
    for service, model in models(packages):
        found = [
            " ".join([operation, *_of(engine, service, operation, model, own)])
            for operation, facts in sorted(model["operations"].items())
            if "input" in facts
        ]
        lines.append(f"{service}\t{','.join(found)}")
    return lines


@dataclass(frozen=True, slots=True)
class _Places:
    """The places of all lists and written rules, by service and operation.

    Attributes:
        sure: those at which a policy is read, or that only say that something is given.
        naming: what names resources, and at times only says of which type one is: a display name.
    """

    sure: Mapping[tuple[str, str], set[str]]
    naming: Mapping[tuple[str, str], set[str]]


def _of_lists(services: Collection[str]) -> _Places:
    """Return what lists and rules have for *services*: a rule may be about one that no list has."""
    sure: dict[tuple[str, str], set[str]] = defaultdict(set)
    for of in (listed.places_of, roles.places_of, tagging.places_of):
        for called, place in _of_list(services, of):
            sure[called].add(place)
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for called, place in _of_list(services, naming.places_of):
        named[called].add(place)
    return _Places(sure, named)


def _of_list(
    services: Iterable[str], of: Callable[[str], Iterable[tuple[str, str]]]
) -> Iterator[tuple[tuple[str, str], str]]:
    for service in services:
        for operation, place in of(service):
            yield (service, operation), place.replace("!", "")


def _of(
    engine: Engine,
    service: str,
    operation: str,
    model: Mapping[str, Any],
    own: _Places,
) -> list[str]:
    shapes = model["shapes"]
    taken = model["operations"][operation]["input"]["shape"]
    shape = shapes[taken]
    asked = _Asked(engine, service, operation)
    read: set[str] = set()
    tried: set[str] = set()
    for params, which in itertools.chain(
        _variants(asked, shapes, shape), _beside_each(shapes, shape, read)
    ):
        read.update(asked.read(params, which))
        tried.update(place for name in which for place in _texts(params[name], name))
    called = (service, operation)
    read = {place for place in read if not _is_long(shapes, shape, place.rstrip(ARN_ALONE))}
    sure = {place for place in read if not place.endswith(ARN_ALONE)}
    sure |= {*own.sure.get(called, ()), *_MORE.get(called, "").split()}
    # What is too deep to be tried may be read.
    sure |= own.naming.get(called, set()) - tried
    hidden = {place.rstrip(ARN_ALONE) for place in read} - sure
    # What is sensitive is kept only where it is part of what a policy says.
    kept = sure | {
        f"{place}{ARN_ALONE if place in hidden else GIVEN}"
        if is_sensitive(shapes, taken, place)
        else place
        for place in {*_arns(shapes, shape), *own.naming.get(called, ()), *hidden} - sure
    }
    # Tags that are one text are data.
    of_tags = {
        name
        for name, member in shape.get("members", {}).items()
        if member.get("locationName") == "x-amz-tagging"
    }
    kept = {f"{place}{GIVEN}" if place in of_tags else place for place in kept}
    # What is kept itself, or holds something that is, is given.
    known = {
        ".".join(steps[:end])
        for steps in (place.rstrip(ARN_ALONE).split(".") for place in kept)
        for end in range(1, len(steps) + (not steps[-1].endswith(GIVEN)))
    }
    return sorted(
        place
        for place in kept
        if not (place.endswith(GIVEN) and place.removesuffix(GIVEN) in known)
    )


def _variants(
    asked: _Asked, shapes: Mapping[str, Any], shape: Mapping[str, Any]
) -> Iterator[tuple[dict[str, Any], Iterable[str]]]:
    """Yield parameters, and of which to ask: all, and each alone with those that are required."""
    members: Mapping[str, Any] = shape.get("members", {})
    prefixes = {action.partition(":")[0] for action, _ in asked.needs({})}
    for text in ("named", *_some_arns(prefixes)):
        every = {
            name: _made(shapes, member["shape"], name, text, frozenset())
            for name, member in members.items()
        }
        yield every, every
        required = {name: every[name] for name in shape.get("required", ())}
        for name, value in every.items():
            if name not in required:
                yield {**required, name: value}, (name,)
        if text == "named":
            yield required, required
            # What is nested may stand in the place of what is not.
            flat = {name: _flat(value) for name, value in required.items()}
            yield flat, flat
            yield from _chosen(shapes, members, every, required)


def _beside_each(
    shapes: Mapping[str, Any], shape: Mapping[str, Any], read: Collection[str]
) -> Iterator[tuple[dict[str, Any], Iterable[str]]]:
    """Yield what is not read yet beside each that is: one may count where another is not given.

    Users of a database are asked about where a cluster is named, and no secret signs in.
    """
    members: Mapping[str, Any] = shape.get("members", {})
    known = {place.partition(".")[0].rstrip(ARN_ALONE + GIVEN) for place in read}
    required = frozenset(shape.get("required", ()))
    others = [name for name in members if name not in known]
    every = {
        name: _made(shapes, member["shape"], name, "named", frozenset())
        for name, member in members.items()
    }
    for name in sorted(known - required) if others else ():
        around = {*required, name, *others}
        yield {one: every[one] for one in every if one in around}, others


def _some_arns(prefixes: Iterable[str]) -> Iterator[str]:
    for prefix in sorted(prefixes):
        first = next(iter(arns_of(prefix)), f"{prefix}:R:A:thing/named")
        service, _, _, rest = first.split(":", 3)
        start = rest.partition("$")[0]
        yield f"arn:aws:{service}:eu-west-1:123456789012:{start}named"


def _chosen(
    shapes: Mapping[str, Any],
    members: Mapping[str, Any],
    every: Mapping[str, Any],
    required: Mapping[str, Any],
) -> Iterator[tuple[dict[str, Any], Iterable[str]]]:
    """Yield parameters with each of the values that one may have."""
    for name, member in members.items():
        for value in shapes[member["shape"]].get("enum", ())[:_MOST_VALUES]:
            chosen = {**required, name: value}
            yield {**every, name: value}, (name,)
            yield chosen, chosen


def _made(
    shapes: Mapping[str, Any], name: str, called: str, text: str, around: frozenset[str]
) -> Any:
    """Return a value of a shape, with texts in it; False in the place of what is none."""
    shape = shapes[name]
    if name in around or len(around) > _DEEPEST:
        return False
    inside = around | {name}
    kind = shape["type"]
    if kind == "structure":
        return {
            key: _made(shapes, member["shape"], key, text, inside)
            for key, member in shape.get("members", {}).items()
        }
    if kind == "list":
        return [_made(shapes, shape["member"]["shape"], called, text, inside)]
    if kind == "map":
        return {_KEY: _made(shapes, shape["value"]["shape"], called, text, inside)}
    if kind == "string":
        # More than a name: what is alike elsewhere, or of the same form, is told apart.
        own = f"{text}-{called}"
        form = "{}" if text.startswith("arn:") else _FORMS.get(called, "{}")
        return next(iter(shape.get("enum", ())), form.format(own))
    return False


def _without(value: Any, place: list[str] | None, *, text: Any = False) -> Any:
    """Return *value* with nothing known at *place*; with no text at all where that is None.

    Args:
        value: of a parameter, or of a member of one.
        place: the steps to a text.
        text: what is there instead; nobody knows what False is.
    """
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        if place is None:
            return {name: _without(item, None, text=text) for name, item in members.items()}
        first, rest = place[0], place[1:]
        return {
            name: _without(item, rest, text=text) if first in (name, _ANY) else item
            for name, item in members.items()
        }
    if isinstance(value, list):
        return [_without(item, place, text=text) for item in as_list(cast("object", value))]
    return value if text and isinstance(value, str) and value.startswith("arn:") else text


def _flat(value: Any) -> Any:
    """Return *value* without what is nested in it."""
    if not isinstance(value, dict):
        return value
    members = cast("dict[str, Any]", value)
    return {name: item for name, item in members.items() if not isinstance(item, (dict, list))}


def _bare(value: Any, place: list[str] | None) -> Any:
    """Return *value* without the member at *place*; without any where that is None."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        if place is None:
            return {}
        first, rest = place[0], place[1:]
        return {
            name: _bare(item, rest) if first in (name, _ANY) else item
            for name, item in members.items()
            if rest or first not in (name, _ANY)
        }
    if isinstance(value, list):
        return [_bare(item, place) for item in as_list(cast("object", value))]
    return value


def _nodes(value: Any, place: str) -> Iterator[str]:
    """Yield the places of all members inside *value*."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        for name, item in members.items():
            below = f"{place}.{_ANY if name == _KEY else name}"
            yield below
            yield from _nodes(item, below)
    elif isinstance(value, list):
        for item in as_list(cast("object", value)):
            yield from _nodes(item, place)


def _texts(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        for name, item in members.items():
            yield from _texts(item, f"{place}.{_ANY if name == _KEY else name}")
    elif isinstance(value, list):
        for item in as_list(cast("object", value)):
            yield from _texts(item, place)
    elif isinstance(value, str):
        yield place


def _arns(shapes: Mapping[str, Any], shape: Mapping[str, Any]) -> Iterator[str]:
    """Yield parameters that are ARNs, or may be: of which type one is, it says itself."""
    for name, member in shape.get("members", {}).items():
        inner = shapes[member["shape"]]
        kinds = {
            inner["type"],
            shapes[inner["member"]["shape"]]["type"] if "member" in inner else "",
        }
        plain = name.lower()
        if "string" in kinds and (
            plain.endswith(("arn", "arns")) or meant.ANY_TYPE.fullmatch(plain)
        ):
            yield name


def _is_long(shapes: Mapping[str, Any], shape: Mapping[str, Any], place: str) -> bool:
    """Return whether a sensitive text is longer than an ARN may be: a certificate names nothing."""
    if "." in place:
        return False
    last: Mapping[str, Any] = shapes[shape["members"][place]["shape"]]
    return bool(last.get("sensitive")) and last.get("max", 0) > LONGEST_TEXT


def is_sensitive(shapes: Mapping[str, Any], name: str, place: str) -> bool:
    """Return whether the model says that what is at *place* is sensitive, or anything around it.

    Keys of KMS and buckets are called by names and ARNs, which are no secrets.
    """
    way = along(shapes, name, place) or []
    named = bool(NO_SECRET.search(place.rpartition(".")[2]))
    return any(shape.get("sensitive") for step in way[: -1 if named else None] for shape in step)
