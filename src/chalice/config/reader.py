"""JSON with a place for every key: what a message about `.chalice/config.json` is made from.

The scanner takes JSON and nothing more. What people write instead (comments, trailing commas,
single quotes, `True`) is named and answered with what to write. It never raises: what is wrong is a
problem of the `Document`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, cast

from chalice.diagnostics import Problem, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Deep enough for every key; a deeper file is a mistake or an attack on the stack.
MAX_DEPTH = 32

# How much of a value a message shows, in characters.
_LONGEST = 60

# Longer integers are read as floats: no key takes one, and `int` refuses thousands of digits.
_INTEGER_DIGITS = 18

_BLANK = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"[\w.$-]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")

_WORDS_OF_JSON = ("true", "false", "null")
_WORDS_OF_PYTHON = {"True": "true", "False": "false", "None": "null"}

Scalar: TypeAlias = "str | int | float | bool | None"


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value.

    Attributes:
        value: a scalar, or the members of an object, or the items of an array.
        offset: where its key begins for a member of an object, else where the value begins; -1
            where the value does not come from a text.
        repeated: for an object, the members that a later one of the same key replaces.
    """

    value: Scalar | dict[str, Node] | list[Node]
    offset: int = -1
    repeated: tuple[tuple[str, Node], ...] = ()

    def plain(self) -> object:
        """Return the value as `json.loads` gives it."""
        if isinstance(self.value, dict):
            return {name: node.plain() for name, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def members(self) -> dict[str, Node]:
        """Return the members of an object; nothing for any other value."""
        return self.value if isinstance(self.value, dict) else {}

    def member(self, key: str | int) -> Node | None:
        """Return the member of an object, or the item of an array, that *key* names."""
        if isinstance(key, str):
            return self.members().get(key)
        items = self.value if isinstance(self.value, list) else []
        return items[key] if key < len(items) else None

    def written(self) -> Iterator[tuple[str, Node]]:
        """Yield the members of an object as they are written: each of those that share a key."""
        yield from self.repeated
        yield from self.members().items()


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON file that was read, whole or as far as it could be.

    Attributes:
        file: its path relative to the project.
        root: the outermost value; None where the text is not JSON.
        problems: what is wrong with the text itself.
        text: the text, from which lines are counted.
    """

    file: str
    root: Node | None
    problems: tuple[Problem, ...] = ()
    text: str = field(default="", repr=False)

    def where(self, node: Node | None) -> str:
        """Return `file:line` of *node*, or the file where the node has no place."""
        if node is None or node.offset < 0:
            return self.file
        return f"{self.file}:{line_and_column(self.text, node.offset)[0]}"

    def beside(self, name: str) -> str:
        """Return how a message calls the file *name* of the same folder."""
        folder = self.file.rpartition("/")[0]
        return f"{folder}/{shown(name)}" if folder and not name.startswith("/") else shown(name)

    def find(self, path: Sequence[str | int]) -> Node | None:
        """Return the value at *path*, keys and indexes, or None where there is none."""
        node = self.root
        for key in path:
            if node is None:
                return None
            node = node.member(key)
        return node

    def plain(self) -> dict[str, object]:
        """Return the outermost object as `json.loads` gives it; empty where there is none."""
        return as_object(self.root.plain() if self.root is not None else None)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    r"""Return the line and the column of *offset*, both from 1.

    >>> line_and_column('{\n  "a": 1}', 4)
    (2, 3)
    """
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def shown(value: object) -> str:
    r"""Return *value* as a message shows it: on one line, without control characters, not long.

    >>> shown("a\x1b[31m"), shown("x" * 100) == "x" * 60 + "..."
    ('a\\x1b[31m', True)
    """
    text = str(value)
    beginning = visible(text[:_LONGEST])
    return beginning if len(text) <= _LONGEST else f"{beginning}..."


def as_object(value: object) -> dict[str, Any]:
    """Return *value* if it is an object as `json.loads` gives it; else an empty one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return *value* if it is a list; else an empty one."""
    return list(cast("Sequence[Any]", value)) if isinstance(value, (list, tuple)) else []


def read(data: bytes, file: str) -> Document:
    """Return what *data*, the content of *file*, holds."""
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return _unreadable(file, "begins with a byte order mark", "save it as UTF-8 without BOM")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        summary = f"is not UTF-8: byte {data[error.start]:#04x} in line {line}"
        return _unreadable(f"{file}:{line}", summary, "save it as UTF-8")
    scanner = _Scanner(text, file)
    try:
        root = scanner.document()
    except _Broken as error:
        scanner.problems.append(error.problem)
        root = None
    return Document(file, root, tuple(scanner.problems), text)


def _unreadable(where: str, summary: str, hint: str) -> Document:
    file = where.partition(":")[0]
    return Document(file, None, (Problem("config-encoding", f"`{file}` {summary}", where, hint),))


class _Broken(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.summary)
        self.problem = problem


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _INTEGER_DIGITS else float(digits)


class _NotJson(ValueError):
    """Raised inside the decoder for `NaN` and the infinities, which it would let pass."""


def _not_json(word: str) -> NoReturn:
    raise _NotJson(word)


class _Scanner:
    """Walks one text; strings, numbers and words are read by the standard library's decoder."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.problems: list[Problem] = []
        self._at = 0
        self._decoder = json.JSONDecoder(parse_int=_integer, parse_constant=_not_json)

    def document(self) -> Node:
        self._skip_blank()
        if self._at == len(self.text):
            self._fail("the file is empty", 'write `{"version": "2.0", "app_name": "NAME"}`')
        root = self._value(0)
        self._skip_blank()
        if self._at < len(self.text):
            self._unexpected("the end of the file")
        return root

    def _value(self, depth: int) -> Node:
        self._skip_blank()
        if depth > MAX_DEPTH:
            self._fail(f"values are nested deeper than {MAX_DEPTH} levels", "nest less")
        mark = self._peek()
        if mark == "{":
            return self._object(depth)
        if mark == "[":
            return self._array(depth)
        return self._scalar()

    def _object(self, depth: int) -> Node:
        start = self._at
        members: dict[str, Node] = {}
        repeated: list[tuple[str, Node]] = []
        self._at += 1
        self._skip_blank()
        while self._peek() != "}":
            offset = self._at
            key = self._key()
            self._skip_blank()
            if self._peek() != ":":
                self._unexpected("`:` after the key")
            self._at += 1
            node = replace(self._value(depth + 1), offset=offset)
            if key in members:
                self._repeated(key, members[key], offset)
                repeated.append((key, members[key]))
            members[key] = node
            self._next("}")
        self._at += 1
        return Node(members, start, tuple(repeated))

    def _array(self, depth: int) -> Node:
        start = self._at
        items: list[Node] = []
        self._at += 1
        self._skip_blank()
        while self._peek() != "]":
            items.append(self._value(depth + 1))
            self._next("]")
        self._at += 1
        return Node(items, start)

    def _next(self, closing: str) -> None:
        """Stand on what follows a member or an item: the next one, or *closing*."""
        self._skip_blank()
        if self._peek() == closing:
            return
        if self._peek() != ",":
            self._unexpected(f"`,` or `{closing}`")
        comma = self._at
        self._at += 1
        self._skip_blank()
        if self._peek() == closing:
            self._at = comma
            self._fail(f"a comma before `{closing}`", "remove the comma")

    def _key(self) -> str:
        if self._peek() != '"':
            word = _WORD.match(self.text, self._at)
            if word:
                bare = shown(word[0])
                self._fail(f"the key `{bare}` has no quotes", f'write `"{bare}"`')
            self._unexpected("a key in double quotes")
        key = self._scalar().value
        return str(key)

    def _scalar(self) -> Node:
        start = self._at
        word = _WORD.match(self.text, start)
        if self._peek() == "'":
            self._fail("a string in single quotes", 'write it in double quotes: `"..."`')
        if word and word[0][0].isalpha() and word[0] not in _WORDS_OF_JSON:
            meant = _WORDS_OF_PYTHON.get(word[0], f'"{shown(word[0])}"')
            self._fail(f"`{shown(word[0])}` is not JSON", f"write `{meant}`")
        try:
            value, self._at = self._decoder.raw_decode(self.text, start)
        except json.JSONDecodeError as error:
            self._at = error.pos
            if error.pos == start and error.msg == "Expecting value":
                self._unexpected("a value")
            self._fail(
                error.msg[0].lower() + error.msg[1:], 'strings are closed by `"`, `\\` is `\\\\`'
            )
        except _NotJson as error:
            self._fail(f"`{error}` is not JSON", "write a number")
        if isinstance(value, str) and _SURROGATE.search(value):
            self._at = start
            self._fail("a string with half of a surrogate pair", "write the character itself")
        return Node(value, start)

    def _peek(self) -> str:
        return self.text[self._at : self._at + 1]

    def _skip_blank(self) -> None:
        blank = _BLANK.match(self.text, self._at)
        self._at = blank.end() if blank else self._at
        if self.text.startswith(("//", "/*", "#"), self._at):
            self._fail("a comment", "remove it: JSON has no comments")

    def _unexpected(self, expected: str) -> NoReturn:
        found = self._peek()
        has = f"`{found}`" if found.isprintable() and found else "the end of the file"
        if found and not found.isprintable():
            has = f"the character U+{ord(found):04X}"
        self._fail(f"{has} where {expected} is expected", f"write {expected}")

    def _fail(self, what: str, hint: str) -> NoReturn:
        line, column = line_and_column(self.text, self._at)
        summary = f"`{self.file}` is not JSON, line {line} column {column}: {what}"
        raise _Broken(Problem("config-json", summary, f"{self.file}:{line}", hint))

    def _repeated(self, key: str, first: Node, offset: int) -> None:
        before = line_and_column(self.text, first.offset)[0]
        line = line_and_column(self.text, offset)[0]
        summary = f"key `{shown(key)}` is written twice, first in line {before}"
        hint = "keep one of them: of two, JSON readers take the last"
        self.problems.append(Problem("config-key-duplicate", summary, f"{self.file}:{line}", hint))
