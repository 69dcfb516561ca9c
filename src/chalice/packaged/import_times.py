"""What `python -X importtime` says, as data: which module took how long, and who imported it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Source: the output of CPython 3.11 to 3.14, `import time: self [us] | cumulative | package`.
_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|( +)(\S+)")


@dataclass(frozen=True, slots=True)
class Import:
    """One module, where it was imported first.

    Attributes:
        name: the module's.
        depth: how many imports were under way; 0 for none.
        self_ms: milliseconds in it alone.
        total_ms: milliseconds with what it imports.
        importer: the module that imports it, empty where none does.
    """

    name: str
    depth: int
    self_ms: float
    total_ms: float
    importer: str = ""


def imports_of(text: str) -> tuple[Import, ...]:
    r"""Return the imports that *text* tells of, an importer before what it imports.

    >>> text = "import time: 1 | 1 |   b\nimport time: 2 | 3 | a\nsomething else"
    >>> [(item.name, item.importer) for item in imports_of(text)]
    [('a', ''), ('b', 'a')]
    """
    found: list[Import] = []
    # Written from the inside to the outside: read backwards, importers come first.
    importers: list[str] = []
    for match in map(_LINE.match, reversed(text.splitlines())):
        if match is None:
            continue
        own, total, indent, name = match.groups()
        depth = (len(indent) - 1) // 2
        del importers[depth:]
        importer = importers[-1] if importers else ""
        found.append(Import(name, depth, int(own) / 1000, int(total) / 1000, importer))
        importers.append(name)
    return tuple(found)


def most_expensive(imports: Sequence[Import], count: int = 10) -> tuple[tuple[int, Import], ...]:
    """Return the *count* imports that take longest, as a tree: each with its depth in it.

    An import is below the nearest of its importers that is among them.
    """
    by_name = {item.name: item for item in imports}
    measured = [item for item in imports if item.total_ms]
    chosen = sorted(measured, key=lambda item: -item.total_ms)[:count]
    names = {item.name for item in chosen}
    parents = {item.name: _parent(item, by_name, names) for item in chosen}
    tree: list[tuple[int, Import]] = []

    def add(parent: str, depth: int) -> None:
        for item in chosen:
            if parents[item.name] == parent:
                tree.append((depth, item))
                add(item.name, depth + 1)

    add("", 0)
    return tuple(tree)


def _parent(item: Import, by_name: dict[str, Import], names: Iterable[str]) -> str:
    importer = item.importer
    while importer and importer not in names:
        importer = by_name[importer].importer if importer in by_name else ""
    return importer
