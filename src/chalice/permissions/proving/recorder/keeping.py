"""What of a call is kept: what says which resource is meant, and nothing else that is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

# Texts of a statement of PartiQL are data; its tables are between other quotes.
# Source: DynamoDB developer guide, "PartiQL select statements for DynamoDB".
_SQL_TEXT = re.compile(r"'(?:[^']|'')*'")
_STATEMENT = "Statement"
# What a step of a place begins with that stands for any name that ends so.
_ANY = "*"
#: What a place ends in of which only that it is given is kept.
GIVEN = "?"
#: What a place ends in of which only an ARN is kept, and `HIDDEN` in the place of another text.
ARN_ALONE = "~"
HIDDEN = "-"
# Parameters whose texts name something, of operations that no list has: what the service calls it,
# or an ARN.
NAMING = re.compile(r"(^(name|id|identifier)|Name|Id|ID|Identifier)s?$|[aA][rR][nN]s?$")


class Keeping:
    """Knows what is kept of each operation.

    Args:
        plan: what is recorded, as the recorder has it.
    """

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self._keyed = frozenset(plan["keyed"])
        self._role_names = frozenset(plan["roles"])
        self._places: Mapping[str, str] = plan["places"]
        self._operations: dict[str, dict[str, str]] = {}

    def kept(
        self, given: Mapping[str, Any], service: str, operation: str, unlisted: str = ""
    ) -> dict[str, Any]:
        """Return the parameters that say which resource is meant; False is in the place of others.

        Nothing else that a program sends is written anywhere: it may be a secret.

        Args:
            given: the parameters.
            service: whose list is looked at.
            operation: the one that is called.
            unlisted: the places of one that is not on the list.
        """
        places = self._of_service(service).get(operation, unlisted)
        return self._each(given, _nested(places))

    def _of_service(self, service: str) -> Mapping[str, str]:
        """Return the places of each operation of a service; few services are called."""
        if service not in self._operations:
            lines = (line.partition(" ") for line in self._places.get(service, "").split(","))
            self._operations[service] = {name: places for name, _, places in lines}
        return self._operations[service]

    def unlisted(self, model: Any, operation: str) -> str:
        """Return the places of an operation that is newer than the list: what names something.

        Args:
            model: botocore's, of the service.
            operation: the one that is called.
        """
        is_listed = operation in self._of_service(model.service_name)
        if is_listed or operation not in model.operation_names:
            return ""
        shape = model.operation_model(operation).input_shape
        members: Mapping[str, Any] = shape.members if shape is not None else {}
        named = (
            name
            for name, member in members.items()
            if NAMING.search(name) and not _is_sensitive(member)
        )
        return " ".join(named)

    def _each(self, given: Mapping[str, Any], listed: Mapping[str, Any]) -> dict[str, Any]:
        return {
            str(name): self._kept(str(name), value, _of(str(name), listed))
            for name, value in given.items()
        }

    def _kept(self, name: str, value: Any, listed: Mapping[str, Any] | None) -> Any:
        found: Any = False
        if value is None or (value is False and listed is not None):
            found = None
        elif isinstance(value, dict):
            members = cast("dict[str, Any]", value)
            if name in self._keyed:
                found = dict.fromkeys(map(str, members), False)
            else:
                found = self._roles(members)
            if listed and name not in self._keyed:
                inside = self._of_listed(members, listed) or _nameless(members, listed)
                found = {**cast("dict[str, Any]", found or {}), **inside}
        elif isinstance(value, (list, tuple)):
            found = [self._kept(name, item, listed) for item in cast("list[Any]", value)]
        elif isinstance(value, str) and listed is not None and GIVEN not in listed:
            # What follows in the address of an object may be a signature.
            found = value.partition("?")[0] if value.startswith("http") else value
            found = _SQL_TEXT.sub("''", found) if name == _STATEMENT else found
            found = HIDDEN if ARN_ALONE in listed and not value.startswith("arn:") else found
        elif _is_role(value) and name in self._role_names:
            found = value
        return found

    def _of_listed(self, members: Mapping[str, Any], listed: Mapping[str, Any]) -> dict[str, Any]:
        """Return the members that are listed, by name or as any of a map."""
        below = {str(name): _of(str(name), listed) for name in members}
        return {
            str(name): self._kept(str(name), value, below[str(name)])
            for name, value in members.items()
            if below[str(name)] is not None
        }

    def _roles(self, value: Any) -> Any:
        """Return the ARNs of roles that are handed on inside *value*, or False."""
        found: Any = False
        if isinstance(value, dict):
            kept: dict[str, Any] = {}
            for name, item in cast("dict[str, Any]", value).items():
                own = name in self._role_names and _roles_alone(item)
                kept[str(name)] = own or self._roles(item)
            found = {name: item for name, item in kept.items() if item}
        elif isinstance(value, (list, tuple)):
            found = [item for item in map(self._roles, cast("list[Any]", value)) if item]
        return found or False


def _is_role(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("arn:") and ":role/" in value


def _roles_alone(value: Any) -> Any:
    """Return *value* where it is an ARN of a role, or those in a list of some; else False."""
    if isinstance(value, (list, tuple)):
        return [item for item in cast("list[Any]", value) if _is_role(item)] or False
    return value if _is_role(value) else False


def _nested(places: str) -> dict[str, Any]:
    """Return the members that are on the way to places, each with those inside it."""
    found: dict[str, Any] = {}
    for place in places.split():
        inside = found
        for name in place.rstrip(GIVEN + ARN_ALONE).split("."):
            inside = inside.setdefault(name, {})
        if place.endswith((GIVEN, ARN_ALONE)):
            inside[place[-1]] = {}
    return found


def _nameless(members: Mapping[str, Any], listed: Mapping[str, Any]) -> dict[str, Any]:
    """Return that there is anything in a structure; the keys of a map may be data."""
    is_map = any(key.startswith(_ANY) for key in listed)
    return {} if is_map else dict.fromkeys(sorted(map(str, members))[:1], False)


def _is_sensitive(shape: Any) -> bool:
    """Return whether botocore's model says so of a shape, or of what is in a list of such."""
    inner = getattr(shape, "member", shape)
    return bool(shape.metadata.get("sensitive") or inner.metadata.get("sensitive"))


def _of(name: str, listed: Mapping[str, Any]) -> Any:
    """Return what of a member is listed: by its name, or by what its name ends in; else None."""
    if name in listed:
        return listed[name]
    ends = (key for key in listed if key.startswith(_ANY) and name.endswith(key[1:]))
    return next((listed[key] for key in ends), None)
