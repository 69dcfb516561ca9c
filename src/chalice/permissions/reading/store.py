"""What is known of a program, by key, and who has asked for it; and what classes inherit.

A key is written by whoever learns something, and read by tasks; those run again when it grows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.reading.values import NOTHING, ClassOf, External, Value, join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chalice.permissions.reading.engine import Task
    from chalice.permissions.reading.notes import Notes

#: Classes that one is and inherits from, at most; what it has from others is not known.
MOST_BASES = 32


class _Cell:
    """What is under one key, and who runs again when that grows."""

    __slots__ = ("heirs", "readers", "value")

    def __init__(self) -> None:
        self.heirs: list[_Inherited] | None = None
        """What classes have under this name because one of them, or of their bases, has it here."""
        self.value: Value | None = None
        """None while nobody has written."""
        self.readers: dict[Task, None] = {}


class _Inherited(_Cell):
    """What a class or the nearest of its bases has under one name."""

    __slots__ = ("sources",)

    def __init__(self, sources: list[_Cell]) -> None:
        super().__init__()
        self.sources = sources
        self.look()

    def look(self) -> bool:
        """Look at the class and its bases again; return whether there is anything else."""
        before = self.value
        self.value = next((cell.value for cell in self.sources if cell.value), None)
        return self.value is not before and self.value != before


class Store:
    """Values by key.

    Attributes:
        steps: how much work was done: each reading and writing is a step.
        subclasses: the classes that each class has right below it.

    Args:
        again: called with each task that has read what has grown.
        notes: what is told of a class with too many bases.
    """

    def __init__(self, again: Callable[[Task], None], notes: Notes) -> None:
        self.steps: int = 0
        self.subclasses: dict[ClassOf, dict[ClassOf, None]] = {}
        self._again = again
        self._notes = notes
        self._cells: dict[object, _Cell] = {}
        self._names: dict[str, dict[str, None]] = {}
        self._bases: dict[ClassOf, tuple[Value, ...]] = {}
        self._lineages: dict[ClassOf, tuple[ClassOf, ...]] = {}
        self._outside: dict[ClassOf, frozenset[str]] = {}
        self._inherited: dict[tuple[ClassOf, str], _Inherited] = {}

    def read(self, key: object, task: Task) -> Value:
        """Return what is under *key*; *task* runs again when that grows."""
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = _Cell()
        cell.readers[task] = None
        self.steps += 1
        return cell.value or NOTHING

    def look(self, key: object) -> Value:
        """Return what is under *key*, once all is known."""
        cell = self._cells.get(key)
        return NOTHING if cell is None else cell.value or NOTHING

    def values(self) -> Iterable[Value]:
        """Return all values that are known."""
        return [cell.value for cell in self._cells.values() if cell.value is not None]

    def items(self) -> Iterable[tuple[object, Value]]:
        """Return what is known under each key."""
        return [(key, cell.value) for key, cell in self._cells.items() if cell.value is not None]

    def write(self, key: object, value: Value) -> None:
        """Add *value* to what is under *key*."""
        cell = self._cells.get(key)
        self.steps += 1
        if cell is None:
            cell = self._cells[key] = _Cell()
        before = cell.value
        if before is None:
            cell.value = join(value)
            if value:
                self._tell(cell)
        elif not value <= before:
            cell.value = after = join(before, value)
            if after is not before and after != before:
                self._tell(cell)

    def tell(self, key: object) -> None:
        """Let who has read *key* run again: more is to be read where it stands."""
        self._tell(self._cell(key))

    def _tell(self, cell: _Cell) -> None:
        for reader in cell.readers:
            self._again(reader)
        for heir in cell.heirs or ():
            if heir.look():
                self._tell(heir)

    def _cell(self, key: object) -> _Cell:
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = _Cell()
        return cell

    def write_name(self, module: str, name: str, value: Value) -> None:
        """Give the name of a module a value."""
        names = self._names.setdefault(module, {})
        if name not in names:
            names[name] = None
            self._tell(self._cell(("names", module)))
        self.write(("var", module, name), value)

    def names_of(self, module: str, task: Task) -> list[str]:
        """Return the names that *module* has given a value; *task* runs again for further ones."""
        cell = self._cell(("names", module))
        cell.readers[task] = None
        return self.names(module)

    def names(self, module: str) -> list[str]:
        """Return the names that *module* has given a value, once all is known."""
        return list(self._names.get(module, ()))

    # --- classes ---------------------------------------------------------------------------------

    def inherit(self, of: ClassOf, bases: Sequence[Value]) -> None:
        """Take note of the bases of a class."""
        before = self._bases.get(of)
        values = tuple(bases) if before is None else tuple(map(join, before, bases))
        for value in values:
            for atom in value:
                if isinstance(atom, ClassOf):
                    self.subclasses.setdefault(atom, {})[of] = None
        self._bases[of] = values
        self.write(("bases", of), NOTHING.union(*values))
        if before is not None and before != values:
            self._lineages.clear()
            self._outside.clear()
            self._tell(self._cell("lineages"))
            inherited, self._inherited = self._inherited, {}
            for cell in inherited.values():
                self._tell(cell)

    def inherited(self, of: ClassOf, name: str, task: Task) -> Value:
        """Return what *of* or the nearest of its bases has under *name*."""
        cell = self._inherited.get((of, name))
        if cell is None:
            sources = [self._cell(("attr", item, name)) for item in self.lineage_of(of)]
            self.steps += len(sources)
            cell = self._inherited[of, name] = _Inherited(sources)
            for source in sources:
                if source.heirs is None:
                    source.heirs = []
                source.heirs.append(cell)
        cell.readers[task] = None
        self.steps += 1
        return cell.value or NOTHING

    def lineage(self, of: ClassOf, task: Task) -> tuple[ClassOf, ...]:
        """Return *of* and its bases that are of the project, the nearest first, each once."""
        self.read("lineages", task)
        return self.lineage_of(of)

    def lineage_of(self, of: ClassOf) -> tuple[ClassOf, ...]:
        """Return what `lineage` does, as far as it is known now."""
        if of not in self._lineages:
            self._lineages[of] = self._lineage(of)
        return self._lineages[of]

    def outside(self, of: ClassOf) -> frozenset[str]:
        """Return the names of other packages that *of* and its bases inherit from."""
        found = self._outside.get(of)
        if found is None:
            bases = [base for item in self.lineage_of(of) for base in self.look(("bases", item))]
            names = [base.name for base in bases if isinstance(base, External)]
            found = self._outside[of] = frozenset(names)
        return found

    def _lineage(self, of: ClassOf) -> tuple[ClassOf, ...]:
        found: dict[ClassOf, None] = {}
        left = [of]
        while left:
            self.steps += 1
            item = left.pop()
            if item in found:
                continue
            if len(found) == MOST_BASES:
                self._notes.many_bases(of)
                break
            found[item] = None
            bases = [base for value in self._bases.get(item, ()) for base in value]
            left += [base for base in reversed(bases) if isinstance(base, ClassOf)]
        return tuple(found)
