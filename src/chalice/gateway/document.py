"""A JSON document that remembers where each value stands and collects what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from chalice.diagnostics import Problem
from chalice.gateway import intrinsics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalice.rules.patterns import Pattern


class Node:
    """One value of a document, with its place.

    The readers return what they found, or None after noting a problem; a value that is absent is
    None without a problem. All nodes of a document share one list of problems.
    """

    __slots__ = ("place", "problems", "value")

    def __init__(self, value: object, place: tuple[str, ...], problems: list[Problem]) -> None:
        self.value = value
        self.place = place
        self.problems = problems

    @property
    def pointer(self) -> str:
        """The JSON pointer of the value, as a URI fragment: `#/paths/~1x/get`."""
        parts = (part.replace("~", "~0").replace("/", "~1") for part in self.place)
        return "#" + "".join(f"/{part}" for part in parts)

    @property
    def name(self) -> str:
        """The key of the value, or its index."""
        return self.place[-1] if self.place else ""

    def refuse(self, code: str, summary: str, hint: str) -> None:
        """Note that the value cannot be served."""
        self.problems.append(Problem(code, summary, self.pointer, hint))

    def warn(self, code: str, summary: str, hint: str) -> None:
        """Note that the value is served otherwise than it seems to say."""
        self.problems.append(Problem(code, summary, self.pointer, hint, "warning"))

    def doubt_context(self, names: Iterable[str]) -> None:
        """Warn of those of *names* that `$context` is not documented to have."""
        for name in dict.fromkeys(names):
            from chalice.rules import contexts  # noqa: PLC0415 - many documents name none

            doubt = contexts.doubt(name)
            if doubt:
                self.warn("context-name", *doubt)

    def __getitem__(self, key: str) -> Node:
        """Return the value of *key*; None inside where there is no such key, or no object."""
        fields = self._fields()
        return Node(fields.get(key) if fields else None, (*self.place, key), self.problems)

    def at(self, pointer: str) -> Node:
        """Return the node at a JSON pointer, `#/components/schemas/A`; None inside if gone."""
        node = self
        for part in pointer.removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        return node

    def __contains__(self, key: str) -> bool:
        fields = self._fields()
        return fields is not None and key in fields

    def _fields(self) -> Mapping[str, object] | None:
        value = self.value
        return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else None

    def _list(self) -> list[object] | None:
        value = self.value
        return cast("list[object]", value) if isinstance(value, list) else None

    def items(self) -> Iterator[Node]:
        """Yield the values of an object; anything else is a problem."""
        if self.value is None:
            return
        fields = self._fields()
        if fields is None:
            self.refuse("definition-type", f"{self.name} is not an object", "write an object")
            return
        for key, value in fields.items():
            # A document that was YAML may have numbers as keys.
            yield Node(value, (*self.place, str(key)), self.problems)

    def elements(self) -> Iterator[Node]:
        """Yield the values of a list; anything else is a problem."""
        if self.value is None:
            return
        items = self._list()
        if items is None:
            self.refuse("definition-type", f"{self.name} is not a list", "write a list")
            return
        for index, value in enumerate(items):
            yield Node(value, (*self.place, str(index)), self.problems)

    def text(self) -> str | None:
        """Return a text; anything else is a problem."""
        if self.value is None or isinstance(self.value, str):
            return self.value
        self.refuse("definition-type", f"{self.name} is not a text", "write a text")
        return None

    def pattern(self) -> Pattern | None:
        """Return a regular expression, None for an empty one; anything else is a problem."""
        text = self.text()
        if not text:
            return None
        from chalice.rules import patterns  # noqa: PLC0415 - most documents have none

        try:
            return patterns.python(text)
        except ValueError as error:
            self.refuse("definition-pattern", f"`{text}` is no pattern: {error}", "mend it")
            return None

    def flag(self) -> bool:
        """Return a boolean, false where it is absent; anything else is a problem."""
        if self.value is None or isinstance(self.value, bool):
            return bool(self.value)
        self.refuse("definition-type", f"{self.name} is not true or false", "write true or false")
        return False

    def integer(self, low: int, high: int, message: str = "") -> int | None:
        """Return an integer, or its decimal text, from *low* to *high*."""
        value = self.value
        if value is None:
            return None
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.refuse(
            "definition-range",
            message or f"{self.name} is `{value}`",
            f"write a whole number from {low} to {high}",
        )
        return None

    def choice(self, allowed: Iterable[str], default: str) -> str:
        """Return the one of *allowed* that the text is, whatever its case."""
        found = self.text()
        if found is None:
            return default
        choices = list(allowed)
        for item in choices:
            if item.lower() == found.lower():
                return item
        self.refuse(
            "definition-value", f"{self.name} is `{found}`", f"write one of {', '.join(choices)}"
        )
        return default

    def reference(self) -> Node:
        """Return the text that an intrinsic function of CloudFormation holds, not yet resolved.

        `Fn::Sub`, with or without names of its own, `Fn::Join` without a delimiter, `Ref` and
        `Fn::GetAtt` are read, since that is enough to tell the function: `${Orders.Arn}` stands for
        what only CloudFormation knows, `${?Name}` for what it makes by other functions. A text
        stays what it is, and so does what is none of these.
        """
        text = None if isinstance(self.value, str) else intrinsics.written(self.value)
        return self if text is None else Node(text, self.place, self.problems)
