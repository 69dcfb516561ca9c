"""What an interpreter of the target runs to compile source files: `python compiling.py`.

This file is a program of its own, for Python 3.11 and later: it imports nothing of the package, and
is run by path in a fresh process. It reads frames from its standard input, a file name and a
source, and answers each with the content of a `.pyc` (PEP 552, unchecked hash), or with nothing
where the source does not compile.

`marshal` marks each object of which it knows more than one reference, so what it writes depends
on what else is alive in the process: a name that some other module uses too is marked, and all
references after it are counted differently. It also says which strings are interned, and of the
shortest a process has one object each: interned once, as a name, it is so in all that is compiled
afterwards. `canonical` rewrites both: equal constants become one object, what is marked is exactly
what is referred to again, and the shortest strings are interned always. The bytes then follow from
the code alone, and there are fewer of them to load.
"""

from __future__ import annotations

import importlib.util
import marshal
import sys
import warnings
from struct import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import BinaryIO

#: Before a file name and a source: how long they are.
REQUEST = Struct("<II")

#: Before the content of a `.pyc`: how long it is; 0 where there is none.
ANSWER = Struct("<I")

# PEP 552: a hash follows, and nobody compares it with the source's.
_UNCHECKED_HASH = (0b01).to_bytes(4, "little")

_LONG = Struct("<i")
_FLAG_REF = 0x80

# The kinds of objects in what `marshal` writes, versions 3 to 5.
# Source: CPython, Python/marshal.c, the defines TYPE_*; the same in 3.11 to 3.14.
_SINGLETONS = frozenset(b"0NFTS.")
_FIXED_SIZES = {ord("i"): 4, ord("g"): 8, ord("y"): 16}
_LONG_SIZED = frozenset(b"suta" + b"A")
_SHORT_SIZED = frozenset(b"zZ")
_INTERNED = {ord("t"): ord("u"), ord("A"): ord("a"), ord("Z"): ord("z")}
_NOT_INTERNED = {plain: interned for interned, plain in _INTERNED.items()}
# The strings of which a process has only one each: nothing, and one character of Latin-1.
# Source: CPython, Include/internal/pycore_global_strings.h; from 3.13 on all of them are interned
# from the start.
_SHARED = frozenset(
    [b"z\0"]
    + [b"z\1" + bytes((code,)) for code in range(128)]
    + [b"u\2\0\0\0" + chr(code).encode() for code in range(128, 256)]
)
# How many bytes say how many objects there are; a slice has three.
_COUNTED = {ord(")"): 1, ord("("): 4, ord("["): 4, ord("<"): 4, ord(">"): 4, ord(":"): 0}
_SLICE_ITEMS = 3
_SETS = frozenset(b"<>")
_INTEGER = ord("l")
_CODE = ord("c")
_REFERENCE = ord("r")

# A code object: five numbers, eight objects, the first line's number, two objects.
_CODE_NUMBERS = 5 * 4
_CODE_OBJECTS = (8, 2)

# What a reference takes; what is not longer is written again instead.
_REFERENCE_SIZE = 5


def pyc(source: bytes, filename: str) -> bytes:
    """Return the content of the `.pyc` of *source*, which tracebacks call *filename*.

    Raises:
        Exception: it does not compile, for one of the reasons that `compile` has.
    """
    code = compile(source, filename, "exec", dont_inherit=True, optimize=0)
    body = canonical(marshal.dumps(code))
    if not _same(code, body):
        raise ValueError(filename)
    head = importlib.util.MAGIC_NUMBER + _UNCHECKED_HASH + importlib.util.source_hash(source)
    return head + body


def canonical(data: bytes) -> bytes:
    """Return *data*, a marshalled code object, in the one form that all equal ones have."""
    reader = _Reader(data)
    root = reader.read()
    return _Writer(reader.nodes, reader.interned).written(root)


def _same(code: CodeType, body: bytes) -> bool:
    """Return whether *body* is *code*; a constant that is not equal to itself is looked at."""
    loaded = marshal.loads(body)  # noqa: S302 - written a moment ago
    return loaded == code or canonical(marshal.dumps(loaded)) == body


class _Reader:
    """Reads objects into a table in which equal ones are one.

    A code object stays one of its own: two functions that read the same are two.

    Attributes:
        nodes: of each object what it begins with and the numbers of the objects in it.
        interned: the numbers of the strings that are interned anywhere in them, or always.
    """

    def __init__(self, data: bytes) -> None:
        self.nodes: list[tuple[bytes, tuple[int, ...]]] = []
        self.interned: set[int] = set()
        self._numbers: dict[tuple[bytes, tuple[int, ...]], int] = {}
        self._references: list[int] = []
        self._data = data
        self._at = 0

    def read(self) -> int:
        """Return the number of the object that comes next."""
        marked = self._data[self._at]
        kind = marked & ~_FLAG_REF
        if kind == _REFERENCE:
            return self._references[self._number(5)]
        if not marked & _FLAG_REF:
            return self._object(kind)
        # Counted where it begins: what is in it is counted after it.
        place = len(self._references)
        self._references.append(-1)
        number = self._references[place] = self._object(kind)
        return number

    def _object(self, kind: int) -> int:
        if kind in _LONG_SIZED:
            return self._string(kind, _LONG.unpack_from(self._data, self._at + 1)[0] + 5)
        if kind in _SHORT_SIZED:
            return self._string(kind, self._data[self._at + 1] + 2)
        if kind == _CODE:
            return self._code()
        if kind in _COUNTED:
            return self._container(kind)
        return self._leaf(kind)

    def _leaf(self, kind: int) -> int:
        """Read a number or a singleton."""
        if kind in _SINGLETONS:
            size = 1
        elif kind in _FIXED_SIZES:
            size = _FIXED_SIZES[kind] + 1
        elif kind == _INTEGER:
            size = abs(_LONG.unpack_from(self._data, self._at + 1)[0]) * 2 + 5
        else:
            raise ValueError(chr(kind))
        return self._node(bytes((kind,)) + self._take(size)[1:], ())

    def _string(self, kind: int, size: int) -> int:
        plain = _INTERNED.get(kind, kind)
        head = bytes((plain,)) + self._take(size)[1:]
        number = self._node(head, ())
        if plain != kind or head in _SHARED:
            self.interned.add(number)
        return number

    def _container(self, kind: int) -> int:
        size = _COUNTED[kind]
        count = self._take(size + 1)[1:]
        length = int.from_bytes(count, "little") if size else _SLICE_ITEMS
        items = [self.read() for _ in range(length)]
        if kind in _SETS:
            items.sort(key=self._expanded)
        return self._node(bytes((kind,)) + count, tuple(items))

    def _code(self) -> int:
        head = self._take(_CODE_NUMBERS + 1)[1:]
        before, after = _CODE_OBJECTS
        items = [self.read() for _ in range(before)]
        items.append(self._node(self._take(_LONG.size), ()))
        items += [self.read() for _ in range(after)]
        self.nodes.append((bytes((_CODE,)) + head, tuple(items)))
        return len(self.nodes) - 1

    def _expanded(self, number: int) -> bytes:
        """Return all that an object is, whatever its number and what it is shared with."""
        head, items = self.nodes[number]
        return head + b"".join(map(self._expanded, items))

    def _node(self, head: bytes, items: tuple[int, ...]) -> int:
        key = (head, items)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.nodes)
            self.nodes.append(key)
        return number

    def _number(self, size: int) -> int:
        """Return the number that ends the next *size* bytes."""
        return int.from_bytes(self._take(size)[-_LONG.size :], "little")

    def _take(self, size: int) -> bytes:
        start = self._at
        self._at += size
        return self._data[start : self._at]


class _Writer:
    """Writes a table of objects, each once where it is long enough to refer to."""

    def __init__(self, nodes: list[tuple[bytes, tuple[int, ...]]], interned: set[int]) -> None:
        self._nodes = nodes
        self._interned = interned
        self._uses = [0] * len(nodes)
        self._references: dict[int, bytes] = {}
        self._parts: list[bytes] = []

    def written(self, root: int) -> bytes:
        """Return the object *root* with all that is in it."""
        for _, items in self._nodes:
            for item in items:
                self._uses[item] += 1
        self._write(root)
        return b"".join(self._parts)

    def _write(self, number: int) -> None:
        if number in self._references:
            self._parts.append(self._references[number])
            return
        head, items = self._nodes[number]
        kind = head[0]
        if number in self._interned:
            kind = _NOT_INTERNED[kind]
        # The bare number in a code object is no object; it is too short to be marked.
        if self._uses[number] > 1 and (items or len(head) > _REFERENCE_SIZE):
            self._references[number] = bytes((_REFERENCE,)) + _LONG.pack(len(self._references))
            kind |= _FLAG_REF
        self._parts.append(bytes((kind,)) + head[1:] if kind != head[0] else head)
        for item in items:
            self._write(item)


def main(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer *requests* until there are no more."""
    warnings.simplefilter("ignore")
    while len(head := requests.read(REQUEST.size)) == REQUEST.size:
        name_size, source_size = REQUEST.unpack(head)
        filename = requests.read(name_size).decode()
        source = requests.read(source_size)
        try:
            content = pyc(source, filename)
        except Exception:  # noqa: BLE001 - a dependency may ship what no Python reads
            content = b""
        answers.write(ANSWER.pack(len(content)))
        answers.write(content)
        answers.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
