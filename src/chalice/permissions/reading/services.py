"""What botocore and boto3 know of services, read when a program asks for one.

Of a service's model only names are kept: its operations by the names of Python, and which members
the objects have that boto3's resources stand for. Must not know programs.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice.permissions.lists import lines
from chalice.permissions.reading import models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Service:
    """One service.

    Attributes:
        name: as `boto3.client` takes it.
        prefixes: where its actions may be, the likeliest first.
        operations: their names by those of Python: `get_object` -> `GetObject`.
        inputs: the parameters of each operation.
        waiters: the operation of each waiter, by the name that `get_waiter` takes.
        requests: the HTTP method and path of each operation.
        unsigned: operations for which no policy is asked: they take no signature of IAM, or need
            no permission.
        named: of operations that AWS's list of actions does not have, the action that their
            documentation names and that is called as they are.
        shapes: members of the structures that resource objects load, by shape.
    """

    name: str
    prefixes: tuple[str, ...]
    operations: Mapping[str, str]
    inputs: Mapping[str, frozenset[str]]
    waiters: Mapping[str, str]
    requests: Mapping[str, tuple[str, str]]
    unsigned: frozenset[str]
    named: Mapping[str, str] = field(default_factory=dict[str, str])
    shapes: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])


class Services:
    """The services, each read when it is first asked for.

    Args:
        load: returns a service by its name, or None where there is none.
    """

    def __init__(self, load: Callable[[str], Service | None] | None = None) -> None:
        self._load = load or service
        self._found: dict[str, Service | None] = {}

    def get(self, name: str) -> Service | None:
        """Return the service that `boto3.client(name)` is for, or None where there is none."""
        if name not in self._found:
            self._found[name] = self._load(name)
        return self._found[name]

    def known(self) -> list[Service]:
        """Return the services that were asked for."""
        return [item for item in self._found.values() if item is not None]


@functools.cache
def python_name(name: str) -> str:
    """Return what an operation or member is called in Python: `get_object`."""
    from botocore import xform_name  # noqa: PLC0415 - programs without the SDK do without

    return str(xform_name(name))


@functools.cache
def resources() -> dict[str, dict[str, Any]]:
    """Return boto3's definitions of resource objects, by service."""
    return {name: json.loads(definition) for name, definition in lines("resources").items()}


@functools.cache
def actions_of(prefix: str) -> Mapping[str, frozenset[str]] | None:
    """Return the types of resource that each action of *prefix* is about, or None.

    Actions are in lower case. Source: AWS's service reference; see
    `scripts/authorization/actions.py`.
    """
    line = lines("actions").get(prefix)
    if line is None:
        return None
    table: dict[str, str] = json.loads(line)
    return {
        name: frozenset(types.split(",")) if types else frozenset()
        for types, names in table.items()
        for name in names.split()
    }


def has_action(prefix: str, name: str) -> bool:
    """Return whether AWS's list has an action of *prefix*, however its name is written."""
    return name.lower() in (actions_of(prefix) or {})


def prefixes() -> list[str]:
    """Return the prefixes of all services."""
    return list(lines("actions"))


def unlisted(service: str) -> frozenset[str]:
    """Return the operations that were there and had no action when AWS's list was taken."""
    return frozenset(lines("unlisted").get(service, "").split())


@functools.cache
def action_names() -> frozenset[str]:
    """Return the actions of all services, in lower case, without their prefixes."""
    found = [actions_of(prefix) or {} for prefix in lines("actions")]
    return frozenset(name for actions in found for name in actions)


def service(name: str) -> Service | None:
    """Return what botocore knows of a service, or None where it knows none of that name."""
    if not name.replace("-", "").isalnum():
        return None
    try:
        model = models.model(name, "service-2")
    except ValueError:
        return None
    if model is None:
        return None
    waiting = models.model(name, "waiters-2") or {"waiters": {}}
    return of_model(name, model, waiting["waiters"])


def of_model(name: str, model: Mapping[str, Any], waiting: Mapping[str, Any]) -> Service:
    """Return what botocore's model says of a service.

    Args:
        name: as `boto3.client` takes it.
        model: its operations and shapes.
        waiting: its waiters, by name.
    """
    metadata, shapes = model["metadata"], model["shapes"]
    prefixes = (metadata.get("signingName"), metadata["endpointPrefix"], name)
    inputs = {
        operation: frozenset(shapes[found["input"]["shape"]].get("members", ()))
        for operation, found in model["operations"].items()
        if "input" in found
    }
    waiters = {python_name(key): item["operation"] for key, item in waiting.items()}
    loaded = {
        item["shape"]: frozenset(
            python_name(member) for member in shapes.get(item["shape"], {}).get("members", ())
        )
        for item in resources().get(name, {}).get("resources", {}).values()
        if "shape" in item
    }
    operations = {python_name(item): item for item in model["operations"]}
    requests = {
        operation: (found["http"]["method"], found["http"]["requestUri"])
        for operation, found in model["operations"].items()
    }
    known = tuple(dict.fromkeys(item for item in prefixes if item))
    unsigned = frozenset(
        operation
        for operation, found in model["operations"].items()
        if not _is_signed({**metadata, **found})
    )
    named = dict(_named(known, model["operations"]))
    return Service(name, known, operations, inputs, waiters, requests, unsigned, named, loaded)


def _is_signed(facts: Mapping[str, Any]) -> bool:
    """Return whether a policy is asked about what has *facts* of an operation, or its service.

    Sources: Smithy, "Authentication traits"; botocore, `botocore.model`, "authtype"; models of
    Connect, Cognito and STS, whose documentation says it.
    """
    ways = facts.get("auth")
    if facts.get("authtype") == "none" or facts.get("signatureVersion") == "bearer":
        return False
    if ways is not None and not any("sigv4" in way for way in ways):
        return False
    return not any(text in facts.get("documentation", "") for text in _UNSIGNED)


_UNSIGNED = (
    'do not use <a href="https://docs.aws.amazon.com/general/latest/gr/signature-version-4.html">',
    "you can't grant IAM permissions in policies",
    "No permissions are required",
)


def _named(prefixes: Sequence[str], models: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    listed = [actions_of(prefix) or {} for prefix in prefixes]
    for operation, found in models.items():
        if any(operation.lower() in actions for actions in listed):
            continue
        actions = "|".join(re.escape(f"{prefix}:{operation}") for prefix in prefixes)
        match = re.search(rf"\b(?:{actions})\b", found.get("documentation", ""))
        if match is not None:
            yield operation, match.group()
