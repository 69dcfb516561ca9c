"""Which modules of a distribution fail when one of them does.

Goes backwards from what fails: to the modules that import it whenever they are imported, to those
that import these, and so on. Most of what cannot be imported is behind a function or an `except`,
and the search ends where it began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.bundle.inspection.groups import Gap, Group
from chalice.bundle.inspection.modules import Kind, Modules, module_name
from chalice.bundle.python.imports import Module, When, read_imports
from chalice.bundle.python.mentions import mentions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def find_gaps(
    group: Group, modules: Modules, lacking: frozenset[str], broken: Sequence[str]
) -> tuple[Gap, ...]:
    """Return what in *group* cannot be imported, in the order of its files.

    Args:
        group: the files.
        modules: what can be imported on the target.
        lacking: modules that nothing provides.
        broken: places of extension modules that would not be loaded.
    """
    return tuple(_Search(group, modules).gaps(lacking, broken))


class _Search:
    """One group, with what has been read of it."""

    def __init__(self, group: Group, modules: Modules) -> None:
        self._group = group
        self._modules = modules
        self._read: dict[str, Module | None] = {}
        self._places: dict[str, str] = {}
        self._importers: dict[str, set[str]] = {}
        self._mentioned: dict[str, set[str]] = {}
        self._tops: set[str] = set()
        for location, _ in group.files:
            if name := module_name(location, modules.target):
                provided = modules.provided.get(name)
                if provided is not None and provided.location == location:
                    self._places[name] = location
                    self._tops.add(name.partition(".")[0])
        for name, location in self._places.items():
            self._mentioned_by(name, location)

    def gaps(self, lacking: frozenset[str], broken: Sequence[str]) -> Iterator[Gap]:
        for location in broken:
            name = module_name(location, self._modules.target)
            yield Gap(location, 0, name, self._behind(name))
        for name, location in self._places.items():
            if not any(_asks(target, lacking) for target in self._mentioned.get(name, ())):
                continue
            for line, missing in self._fails(name, lacking):
                yield Gap(location, line, missing, self._behind(name))

    def _mentioned_by(self, name: str, location: str) -> None:
        if not location.endswith(".py"):
            return
        for module, names in mentions(self._group.read(location), self._package(name)):
            targets = (module, *(f"{module}.{taken}" for taken in names))
            self._mentioned.setdefault(name, set()).update(targets)
            for target in targets:
                self._importers.setdefault(target, set()).add(name)

    def _fails(self, name: str, lacking: frozenset[str]) -> Iterator[tuple[int, str]]:
        """Yield the imports of *name* that always happen and always fail."""
        module = self._module(name)
        for wanted in module.imports if module is not None else ():
            if wanted.when is not When.ALWAYS:
                continue
            for target in (wanted.module, *(f"{wanted.module}.{n}" for n in wanted.names)):
                found = next((p for p in _prefixes(target) if p in lacking), None)
                if found is not None:
                    yield wanted.line, target if target == wanted.module else found
                    break

    def _behind(self, name: str) -> tuple[str, ...]:
        """Return the modules of the group that fail when *name* does, itself among them."""
        found = {name}
        left = [name]
        while left:
            failing = left.pop()
            if failing in self._tops and failing.partition(".")[2] == "":
                # The whole of it fails, and nothing more can be learnt from who imports it.
                continue
            for importer in self._always_import(failing) - found:
                found.add(importer)
                left.append(importer)
        return tuple(sorted(found))

    def _always_import(self, failing: str) -> set[str]:
        """Return the modules that import *failing*, or something in it, when they are imported."""
        asking: set[str] = set()
        for target, importers in self._importers.items():
            if target == failing or target.startswith(f"{failing}."):
                asking |= importers
        return {
            name
            for name in asking
            if name != failing
            and not name.startswith(f"{failing}.")
            and self._imports_always(name, failing)
        }

    def _imports_always(self, name: str, failing: str) -> bool:
        module = self._module(name)
        if module is None:
            return False
        for wanted in module.imports:
            if wanted.when is not When.ALWAYS:
                continue
            if failing in _prefixes(wanted.module):
                return True
            above, _, last = failing.rpartition(".")
            if wanted.module == above and last in wanted.names:
                # The package's own import is what binds the name.
                return name == above or not self._binds(above, last)
        return False

    def _binds(self, package: str, name: str) -> bool:
        """Whether *package* has *name* already, so that `from` it imports no module."""
        module = self._module(package) if package in self._places else None
        return module is not None and (name in module.binds or module.open)

    def _module(self, name: str) -> Module | None:
        """Return the syntax tree's facts of *name*, None where it cannot be read here."""
        if name not in self._read:
            location = self._places[name]
            package = self._modules.provided[name].kind is Kind.PACKAGE
            try:
                self._read[name] = read_imports(
                    self._group.read(location),
                    name,
                    package=package,
                    target=self._modules.target,
                    later=False,
                )
            except (SyntaxError, ValueError):
                self._read[name] = None
        return self._read[name]

    def _package(self, name: str) -> str:
        provided = self._modules.provided[name]
        return name if provided.kind is Kind.PACKAGE else name.rpartition(".")[0]


def _asks(target: str, lacking: frozenset[str]) -> bool:
    return any(prefix in lacking for prefix in _prefixes(target))


def _prefixes(name: str) -> Iterator[str]:
    """Yield the packages that *name* is in, from the top, and itself.

    >>> list(_prefixes("a.b.c"))
    ['a', 'a.b', 'a.b.c']
    """
    end = name.find(".")
    while end >= 0:
        yield name[:end]
        end = name.find(".", end + 1)
    yield name
