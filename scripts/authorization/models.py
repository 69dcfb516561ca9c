"""botocore's models of services, Apache License 2.0: operations, and what they take."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.permissions.granting.actions import asked
from chalice.permissions.reading.services import of_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chalice.permissions.granting.actions import Action

_TAG = re.compile("<[^>]+>")
#: Operations that look something up, or take it away, and make nothing. By their names: the access
#: level `Read` of AWS is that of what works with what it is given, too (`InvokeModel`), and `Write`
#: that of what is deleted as of what is made.
MAKING_NOTHING = re.compile(
    "(Assume|BatchGet|BatchIs|Delete|Describe|Disassociate|Get|Is|List|Remove|Search|Simulate|"
    "Validate)(?![a-z])"
)
#: Keys of KMS and buckets of S3 are called by names and ARNs, which are no secrets.
NO_SECRET = re.compile("kms|bucket", re.IGNORECASE)


def models(packages: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the newest model of each service, with its name."""
    for name in names(packages):
        yield name, model(packages, name)


def names(packages: Path) -> list[str]:
    """Return the services that there is a model of."""
    found = (packages / "botocore" / "data").glob("*/*/service-2.json*")
    return sorted({file.parent.parent.name for file in found})


def model(packages: Path, name: str) -> dict[str, Any]:
    """Return the newest model of a service."""
    newest = max((packages / "botocore" / "data" / name).glob("*/service-2.json*"))
    content = newest.read_bytes()
    found: dict[str, Any] = json.loads(
        gzip.decompress(content) if newest.suffix == ".gz" else content
    )
    return found


@dataclass(frozen=True, slots=True)
class Text:
    """A text inside a shape.

    Attributes:
        place: where it is, as `granting.places` has it: `Targets!.RoleArn`, `Settings.*.Name`.
        said: what the documentation says of it: of the member, and of what is in its lists or maps.
        shapes: those of the member, of what is in its lists or maps, and of the text, the last.
    """

    place: str
    said: tuple[str, ...]
    shapes: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where it is, whatever is required."""
        return self.place.replace("!", "")

    @property
    def name(self) -> str:
        """What the member is called."""
        return _name_of(self.path)


def texts(shapes: Mapping[str, Any], name: str) -> Iterator[Text]:
    """Yield the texts inside a shape, but those that are one of a few; what is in itself once."""
    yield from _texts(shapes, name, Text("", (), ()), frozenset())


def _texts(
    shapes: Mapping[str, Any], name: str, at: Text, around: frozenset[str]
) -> Iterator[Text]:
    shape = shapes[name]
    if name in around:
        return
    inside = around | {name}
    for key, member in shape.get("members", {}).items():
        sign = "!" if key in shape.get("required", ()) else ""
        place = f"{at.place}.{key}{sign}".lstrip(".")
        below = Text(place, (said_of(member),), (member["shape"],))
        yield from _texts(shapes, member["shape"], below, inside)
    for key, sign in (("member", ""), ("value", ".*")):
        if key in shape:
            inner = shape[key]["shape"]
            said = (*at.said, said_of(shape[key]))
            below = Text(at.place + sign, said, (*at.shapes, inner))
            yield from _texts(shapes, inner, below, inside)
    if shape["type"] == "string" and "enum" not in shape:
        yield at


def along(
    shapes: Mapping[str, Any], name: str, place: str
) -> list[tuple[Mapping[str, Any], ...]] | None:
    """Return the shapes on the way to a place, those of lists among them; None where it is none.

    Args:
        shapes: those of the model.
        name: the shape that the place is in.
        place: `Targets.RoleArn`, `Settings.*.Name`; a map has any name.

    Returns:
        For the shape that the place is in, and for each step: it, and what is in its lists.
    """
    found = [_through_lists(shapes, name)]
    for step in place.split("."):
        shape = found[-1][-1]
        inner = shape.get("value") or shape.get("members", {}).get(step)
        if inner is None:
            return None
        found.append(_through_lists(shapes, inner["shape"]))
    return found


def _through_lists(shapes: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    found = [shapes[name]]
    while "member" in found[-1]:
        found.append(shapes[found[-1]["member"]["shape"]])
    return tuple(found)


def said_of(found: Mapping[str, Any]) -> str:
    """Return what the documentation of something says, with its markup."""
    said: str = found.get("documentation", "")
    return said


@dataclass(frozen=True, slots=True)
class Member:
    """A text that an operation takes.

    Attributes:
        path: where it is: `Targets.RoleArn`, `Settings.*.Name`.
        documentation: without markup.
    """

    path: str
    documentation: str

    @property
    def name(self) -> str:
        """What it is called."""
        return _name_of(self.path)


def _name_of(path: str) -> str:
    return path.removesuffix(".*").rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a service.

    Attributes:
        service: as `boto3.client` takes it.
        prefixes: where its actions may be, the likeliest first.
        actions: those that it asks for.
        name: the operation's.
        documentation: without markup.
        inputs: what it takes, by name.
        members: the texts that it takes, at any depth.
    """

    service: str
    prefixes: tuple[str, ...]
    actions: tuple[Action, ...]
    name: str
    documentation: str
    inputs: frozenset[str]
    members: tuple[Member, ...]


def operations(packages: Path) -> Iterator[Operation]:
    """Yield the operations of every service."""
    for service, model in models(packages):
        yield from _of_service(service, model)


def _of_service(service: str, model: Mapping[str, Any]) -> Iterator[Operation]:
    known = of_model(service, model, {})
    for name, found in model["operations"].items():
        taken = found.get("input", {}).get("shape", "")
        members = tuple(_members(model["shapes"], taken)) if taken else ()
        inputs = frozenset(model["shapes"].get(taken, {}).get("members", ()))
        own = asked(known, name)[0]
        yield Operation(service, known.prefixes, own, name, plain(said_of(found)), inputs, members)


def _members(shapes: Mapping[str, Any], name: str) -> Iterator[Member]:
    for text in texts(shapes, name):
        shape = shapes[text.shapes[-1]]
        # What is sensitive is not recorded, so nothing hangs on it; some services call names so.
        if not shape.get("sensitive") or NO_SECRET.search(text.path.rpartition(".")[2]):
            yield Member(text.path, plain(text.said[-1]) or plain(said_of(shape)))


def letters(name: str) -> str:
    """Return a name without what services write differently: `DB-Instance`, `dbinstance`."""
    return re.sub("[^a-z0-9]", "", name.lower())


def plain(documentation: str) -> str:
    """Return documentation without its markup."""
    return _TAG.sub("", documentation)
