"""What operations take: botocore's models, Apache License 2.0, member by member."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_TAG = re.compile("<[^>]+>")
# Keys of KMS and buckets of S3 are called by names and ARNs, which are no secrets.
_NAMING = re.compile("kms|bucket", re.IGNORECASE)


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
        return self.path.removesuffix(".*").rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a service.

    Attributes:
        service: as `boto3.client` takes it.
        prefixes: where its action may be, the likeliest first.
        name: the operation's.
        documentation: without markup.
        inputs: what it takes, by name.
        members: the texts that it takes, at any depth.
    """

    service: str
    prefixes: tuple[str, ...]
    name: str
    documentation: str
    inputs: frozenset[str]
    members: tuple[Member, ...]


def operations(packages: Path) -> Iterator[Operation]:
    """Yield the operations of every service."""
    for folder in sorted(path for path in (packages / "botocore" / "data").iterdir()):
        found = sorted(folder.glob("*/service-2.json*"))
        if found:
            yield from _of_service(folder.name, found[-1])


def _of_service(service: str, file: Path) -> Iterator[Operation]:
    content = file.read_bytes()
    model: dict[str, Any] = json.loads(
        gzip.decompress(content) if file.suffix == ".gz" else content
    )
    metadata = model["metadata"]
    prefixes = (metadata.get("signingName"), metadata["endpointPrefix"], service)
    known = tuple(dict.fromkeys(item for item in prefixes if item))
    for name, found in model["operations"].items():
        taken = found.get("input", {}).get("shape", "")
        members = tuple(_members(model["shapes"], taken, "", frozenset())) if taken else ()
        inputs = frozenset(model["shapes"].get(taken, {}).get("members", ()))
        yield Operation(service, known, name, _plain(found), inputs, members)


def _members(
    shapes: Mapping[str, Any], name: str, path: str, seen: frozenset[str]
) -> Iterator[Member]:
    """Yield the texts inside a shape; a structure that is inside itself once."""
    shape = shapes[name]
    if name in seen:
        return
    inside = seen | {name}
    for key, member in shape.get("members", {}).items():
        below = f"{path}.{key}".lstrip(".")
        yield from _text(shapes, member, below)
        yield from _members(shapes, member["shape"], below, inside)
    for key, sign in (("member", ""), ("value", ".*")):
        if key in shape:
            yield from _text(shapes, shape[key], path + sign)
            yield from _members(shapes, shape[key]["shape"], path + sign, inside)


def _text(shapes: Mapping[str, Any], member: Mapping[str, Any], path: str) -> Iterator[Member]:
    shape = shapes[member["shape"]]
    name = path.rpartition(".")[2]
    # What is sensitive is not recorded, so nothing hangs on it; some services call names so.
    is_secret = shape.get("sensitive") and not _NAMING.search(name)
    if shape["type"] == "string" and "enum" not in shape and not is_secret:
        yield Member(path, _plain(member) or _plain(shape))


def _plain(found: Mapping[str, Any]) -> str:
    return _TAG.sub("", found.get("documentation", ""))
