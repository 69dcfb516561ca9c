"""The kinds of value that a configuration key takes.

A kind says both what is wrong with a value that was read and what an editor is told about it (JSON
Schema), so that a rule lives once. Patterns are written in the syntax that Python and ECMAScript
share, without anchors: a value matches whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from chalice.config.reader import shown
from chalice.diagnostics import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.config.reader import Node


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one value: a problem that does not know its file yet."""

    code: str
    node: Node
    summary: str
    hint: str


class Kind(Protocol):
    """What a key takes."""

    @property
    def says(self) -> str:
        """The values, in words: "a whole number from 1 to 900"."""
        ...

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        ...

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*, which messages call *label*."""
        ...


def wrong_type(node: Node, label: str, kind: Kind, write: str | None = None) -> Fault:
    """Return the fault of a value that is of another type than *kind*."""
    summary = f"`{label}` is {_described(node.value)}"
    return Fault("config-type", node, summary, f"write {write or kind.says}")


def wrong_value(node: Node, label: str, kind: Kind, write: str | None = None) -> Fault:
    """Return the fault of a value of the right type that is not allowed."""
    summary = f"`{label}` is `{shown(node.value)}`"
    return Fault("config-value", node, summary, f"write {write or kind.says}")


def _described(value: object) -> str:
    if value is None:
        return "`null`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str):
        return f"the string `{shown(value)}`"
    if isinstance(value, (int, float)):
        return f"the number `{shown(value)}`"
    return "an object" if isinstance(value, dict) else "a list"


@dataclass(frozen=True, slots=True)
class Flag:
    """`true` or `false`."""

    @property
    def says(self) -> str:
        """The values, in words."""
        return "`true` or `false`"

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        return {"type": "boolean"}

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        if isinstance(node.value, bool):
            return
        word = str(node.value).lower()
        unquoted = f"`{word}`, without quotes" if word in {"true", "false"} else None
        yield wrong_type(node, label, self, unquoted)


@dataclass(frozen=True, slots=True)
class FlagOr:
    """`true`, `false`, or one *word*."""

    word: str

    @property
    def says(self) -> str:
        """The values, in words."""
        return f'`true`, `false` or `"{self.word}"`'

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        return {"enum": [True, False, self.word]}

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        value = node.value
        if isinstance(value, str) and value != self.word and value.lower() == self.word:
            yield wrong_value(node, label, self, f'`"{self.word}"`')
        elif value != self.word:
            yield from (
                replace(fault, hint=self._hint(value)) for fault in Flag().faults(node, label)
            )

    def _hint(self, value: object) -> str:
        word = str(value).lower()
        return (
            f"write `{word}`, without quotes" if word in {"true", "false"} else f"write {self.says}"
        )


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, from *minimum* to *maximum*; *unit* is for the reader."""

    minimum: int
    maximum: int | None = None
    unit: str = ""

    @property
    def says(self) -> str:
        """The values, in words."""
        upper = "up" if self.maximum is None else f"to {self.maximum}"
        return f"a whole number from {self.minimum} {upper}" + (f" ({self.unit})" * bool(self.unit))

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        limits: dict[str, object] = {"type": "integer", "minimum": self.minimum}
        return limits if self.maximum is None else {**limits, "maximum": self.maximum}

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int):
            yield wrong_type(node, label, self, _unquoted_number(value))
        elif value < self.minimum or (self.maximum is not None and value > self.maximum):
            yield wrong_value(node, label, self)


def _unquoted_number(value: object) -> str | None:
    if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value):
        return f"`{int(value)}`, without quotes"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e9:
        return f"`{int(value)}`"
    return None


@dataclass(frozen=True, slots=True)
class Text:
    """A string that matches *pattern* whole; *says* tells people what that means.

    A *secret* is never shown in a message.
    """

    says: str = "a string"
    pattern: str = ""
    shortest: int = 1
    longest: int | None = None
    secret: bool = False

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        schema: dict[str, object] = {"type": "string"}
        if self.shortest:
            schema["minLength"] = self.shortest
        if self.longest is not None:
            schema["maxLength"] = self.longest
        if self.pattern:
            schema["pattern"] = f"^(?:{self.pattern})$"
        return schema

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        value = node.value
        if not isinstance(value, str) and self.secret:
            yield Fault("config-type", node, f"`{label}` is not a string", f"write {self.says}")
        elif not isinstance(value, str):
            yield wrong_type(node, label, self)
        elif not self.accepts(value) and self.secret:
            summary = f"`{label}` has {len(value)} characters"
            yield Fault("config-value", node, summary, f"write {self.says}")
        elif not self.accepts(value):
            yield wrong_value(node, label, self)

    def accepts(self, value: str) -> bool:
        """Tell whether the string *value* is one of this kind."""
        fits = self.shortest <= len(value) <= (len(value) if self.longest is None else self.longest)
        return fits and (not self.pattern or re.fullmatch(self.pattern, value) is not None)


_VERSION = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few values."""

    values: tuple[str | int, ...]
    code: str = "config-value"

    @property
    def says(self) -> str:
        """The values, in words."""
        each = [f"`{value}`" for value in self.values]
        return f"one of {', '.join(each)}" if len(each) > 2 else " or ".join(each)

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        return {"enum": list(self.values)}

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        value = node.value
        expected = type(self.values[0])
        if isinstance(value, bool) or not isinstance(value, expected):
            twin = [item for item in self.values if str(item) == str(value)]
            written = _json(twin[0]) if twin else None
            yield wrong_type(node, label, self, written)
        elif value not in self.values:
            fault = wrong_value(node, label, self, self._nearest(value))
            yield Fault(self.code, node, fault.summary, fault.hint)

    def _nearest(self, value: object) -> str | None:
        if not isinstance(value, str):
            return None
        by_case = {str(item).lower(): str(item) for item in self.values}
        if all(map(_VERSION.fullmatch, (value, *by_case))):
            # Not by its letters: 3.10 is next to 3.11, not to 3.14.
            found = min(by_case, key=lambda item: abs(_number(item) - _number(value)))
        else:
            found = nearest(value.lower(), by_case) or ""
        return f"`{by_case[found]}`; it takes {self.says}" if found else None


def _number(version: str) -> int:
    """Return a version so that it is as far from another as it is old or new."""
    major, _, minor = version.partition(".")
    return int(major) * 1000 + int(minor)


def _json(value: str | int) -> str:
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`, without quotes"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one kind, at most *longest* of them."""

    item: Kind
    longest: int | None = None

    @property
    def says(self) -> str:
        """The values, in words."""
        most = f" of at most {self.longest}" if self.longest is not None else ""
        return f"a list{most}: each is {self.item.says}"

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        schema: dict[str, object] = {"type": "array", "items": self.item.schema()}
        return schema if self.longest is None else {**schema, "maxItems": self.longest}

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        if not isinstance(node.value, list):
            listed = f'`["{shown(node.value)}"]`' if isinstance(node.value, str) else None
            yield wrong_type(node, label, self, listed)
            return
        if self.longest is not None and len(node.value) > self.longest:
            summary = f"`{label}` has {len(node.value)} entries"
            yield Fault("config-value", node, summary, f"write {self.says}")
        for index, item in enumerate(node.value):
            yield from self.item.faults(item, f"{label}[{index}]")


@dataclass(frozen=True, slots=True)
class OneOrMore:
    """One value, or a list of them."""

    item: Kind

    @property
    def says(self) -> str:
        """The values, in words."""
        return f"{self.item.says}, or a list of them"

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        return {"anyOf": [self.item.schema(), {**ListOf(self.item).schema(), "minItems": 1}]}

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        if isinstance(node.value, list):
            if not node.value:
                yield Fault(
                    "config-value", node, f"`{label}` is an empty list", f"write {self.says}"
                )
            yield from ListOf(self.item).faults(node, label)
        elif isinstance(node.value, str):
            yield from self.item.faults(node, label)
        else:
            yield wrong_type(node, label, self)


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object with names of the user's choice.

    Attributes:
        name: what a name may be.
        value: what a name stands for.
        taken: names that cannot be used, each with who uses it.
        taken_code: the code of the problem of such a name.
        most: most entries.
    """

    name: Text
    value: Text
    taken: tuple[tuple[str, str], ...] = ()
    taken_code: str = "config-value"
    most: int | None = None

    @property
    def says(self) -> str:
        """The values, in words."""
        return f"an object: each name is {self.name.says}, each value {self.value.says}"

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        names = self.name.schema()
        if self.taken:
            names = {"allOf": [names, {"not": {"enum": [name for name, _ in self.taken]}}]}
        schema: dict[str, object] = {
            "type": "object",
            "propertyNames": names,
            "additionalProperties": self.value.schema(),
        }
        return schema if self.most is None else {**schema, "maxProperties": self.most}

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        if not isinstance(node.value, dict):
            yield wrong_type(node, label, self)
            return
        if self.most is not None and len(node.value) > self.most:
            summary = f"`{label}` has {len(node.value)} entries"
            yield Fault("config-value", node, summary, f"write at most {self.most}")
        taken = dict(self.taken)
        for name, item in node.written():
            if name in taken:
                summary = f"`{label}` sets `{shown(name)}`, which is {taken[name]}"
                yield Fault(self.taken_code, item, summary, "use another name")
            elif not self.name.accepts(name):
                summary = f"`{label}` has the name `{shown(name)}`"
                yield Fault("config-name", item, summary, f"write {self.name.says}")
            number = isinstance(item.value, (bool, int, float))
            if number:
                quoted = f'a string: `"{str(item.value).lower()}"`'
                yield wrong_type(item, f"{label}.{shown(name)}", self.value, quoted)
            else:
                yield from self.value.faults(item, f"{label}.{shown(name)}")

    def accepts(self, name: str, value: object) -> bool:
        """Tell whether the object may hold *value* under *name*."""
        allowed = self.name.accepts(name) and name not in dict(self.taken)
        return allowed and isinstance(value, str) and self.value.accepts(value)


@dataclass(frozen=True, slots=True)
class Record:
    """An object with known names, some of them *required*."""

    fields: Mapping[str, Kind]
    required: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """The values, in words."""
        return f"an object with the keys {', '.join(f'`{name}`' for name in self.fields)}"

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        schema: dict[str, object] = {
            "type": "object",
            "properties": {name: kind.schema() for name, kind in self.fields.items()},
            "additionalProperties": False,
        }
        return {**schema, "required": list(self.required)} if self.required else schema

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        if not isinstance(node.value, dict):
            yield wrong_type(node, label, self)
            return
        for name, item in node.written():
            kind = self.fields.get(name)
            if kind is None:
                yield unknown_key(item, name, f"`{label}`", self.fields)
            else:
                yield from kind.faults(item, f"{label}.{name}")
        for name in self.required:
            if name not in node.value:
                kind = self.fields[name]
                summary = f"`{label}` has no `{name}`"
                yield Fault("config-key-missing", node, summary, f"add `{name}`: {kind.says}")


@dataclass(frozen=True, slots=True)
class ObjectWith:
    """An object of which only some *required* names are known here; *says* tells what it is."""

    says: str
    required: tuple[str, ...]

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        return {"type": "object", "required": list(self.required)}

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        if not isinstance(node.value, dict):
            yield wrong_type(node, label, self)
            return
        for name in self.required:
            if name not in node.value:
                yield Fault(
                    "config-key-missing", node, f"`{label}` has no `{name}`", f"write {self.says}"
                )


@dataclass(frozen=True, slots=True)
class RecordsOf:
    """An object with names of the user's choice, each standing for an object of known keys."""

    name: Text
    record: Record

    @property
    def says(self) -> str:
        """The values, in words."""
        return f"an object: each name is {self.name.says}, each value {self.record.says}"

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        return {
            "type": "object",
            "propertyNames": self.name.schema(),
            "additionalProperties": self.record.schema(),
        }

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        if not isinstance(node.value, dict):
            yield wrong_type(node, label, self)
            return
        for name, item in node.written():
            if not self.name.accepts(name):
                summary = f"`{label}` has the name `{shown(name)}`"
                yield Fault("config-name", item, summary, f"write {self.name.says}")
            yield from self.record.faults(item, f"{label}.{shown(name)}")


def unknown_key(node: Node, name: str, holder: str, known: Mapping[str, object]) -> Fault:
    """Return the fault of a key that *holder* does not have."""
    near = nearest(name, known)
    hint = f"write `{near}`" if near else f"remove it; known are {', '.join(sorted(known))}"
    return Fault("config-key-unknown", node, f"{holder} has no key `{shown(name)}`", hint)
