"""Which modules a package provides on its target, and which the runtime does."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from chalice.bundle.inspection import image
from chalice.bundle.python.standard_library import standard_library

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.bundle.target import Target

TASK_ROOT = "/var/task/"
LAYER_ROOT = "/opt/"


class Kind(Enum):
    """What a module is made of."""

    SOURCE = "source"
    PACKAGE = "package"
    EXTENSION = "extension"


class Found(Enum):
    """Where a module comes from."""

    BUNDLE = "bundle"
    STANDARD_LIBRARY = "standard library"
    RUNTIME = "runtime"
    MAYBE = "maybe"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Provided:
    """One module of the package.

    Attributes:
        location: its file in a function's environment, `/var/task/app.py`.
        kind: what it is made of.
    """

    location: str
    kind: Kind


@dataclass(slots=True)
class Modules:
    """Every module that can be imported on a target.

    Attributes:
        target: where.
        provided: the modules of the package, by whole name.
        folders: packages without a file of their own, and all others, too.
        foreign: extension modules that another interpreter or system would load, by whole name.
        open: modules that may have more in them than can be seen.
        hidden: what lies in folders that code puts on `sys.path` when it runs, perhaps.
    """

    target: Target
    provided: dict[str, Provided] = field(default_factory=dict[str, Provided])
    folders: set[str] = field(default_factory=set[str])
    foreign: dict[str, str] = field(default_factory=dict[str, str])
    open: set[str] = field(default_factory=set[str])
    hidden: set[str] = field(default_factory=set[str])
    _standard: frozenset[str] = frozenset()
    _runtime: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._standard = standard_library(self.target.python) - image.ABSENT_MODULES
        self._runtime = image.runtime_modules(self.target)

    def add(self, locations: Iterable[str]) -> None:
        """Add the modules that the files at *locations* are."""
        suffixes = extension_suffixes(self.target)
        for location in locations:
            if not location.endswith((".py", ".so", ".pyd")):
                continue
            self._add(location, suffixes)

    def _add(self, location: str, suffixes: tuple[str, ...]) -> None:
        path = import_path(location, self.target)
        if path is None:
            return
        folder, _, base = path.rpartition("/")
        stem, _, _ = base.partition(".")
        parts = [*folder.split("/"), stem] if folder else [stem]
        if not all(part.isidentifier() for part in parts):
            return
        name = ".".join(parts)
        if base.endswith(".py"):
            if base == "__init__.py":
                name = ".".join(parts[:-1])
                self._provide(name, Provided(location, Kind.PACKAGE))
            elif base == f"{stem}.py":
                self._provide(name, Provided(location, Kind.SOURCE))
        elif base[len(stem) :] in suffixes:
            self._provide(name, Provided(location, Kind.EXTENSION))
        else:
            self.foreign.setdefault(name, location)
        for end in range(1, len(parts)):
            self.folders.add(".".join(parts[:end]))

    def hide(self, locations: Iterable[str]) -> None:
        """Note that some folder of these files may be on `sys.path` when it comes to it."""
        for location in locations:
            *folders, base = location.split("/")
            self.hidden.update(folders)
            self.hidden.add(base.partition(".")[0])

    def _provide(self, name: str, module: Provided) -> None:
        """Note a module; of several of one name a package wins, then an extension."""
        # Source: importlib's FileFinder: the folder first, then extensions, then source.
        order = (Kind.PACKAGE, Kind.EXTENSION, Kind.SOURCE)
        known = self.provided.get(name)
        if name and (known is None or order.index(module.kind) < order.index(known.kind)):
            self.provided[name] = module

    def has(self, name: str) -> bool:
        """Whether the package itself has *name*, as a module or as a folder of some."""
        return name in self.provided or name in self.folders

    def find(self, name: str) -> Found:
        """Return where *name* comes from when it is imported on the target."""
        top = name.partition(".")[0]
        if self.has(top):
            return self._inside(name)
        if top in self._standard:
            return Found.STANDARD_LIBRARY
        if top in self._runtime:
            return Found.RUNTIME
        if top in self.hidden or (top in _MAYBE_OLD and self.target.python < (3, 12)):
            return Found.MAYBE
        if top == "distutils" and self.has("setuptools"):
            # setuptools puts its own in the place of the standard library's.
            return Found.MAYBE
        return Found.NOWHERE

    def _inside(self, name: str) -> Found:
        parts = name.split(".")
        for end in range(2, len(parts) + 1):
            if self.has(".".join(parts[:end])):
                continue
            above = ".".join(parts[: end - 1])
            known = self.provided.get(above)
            if above in self.open or (known is not None and known.kind is Kind.EXTENSION):
                return Found.BUNDLE
            return Found.NOWHERE
        return Found.BUNDLE


# In the images of Python 3.11 and older, beside the interpreter; promised by nobody, and no longer
# with Python from 3.12 on. Source: PEP 632 and "What's New in Python 3.12", `ensurepip`.
_MAYBE_OLD = frozenset(("setuptools", "pkg_resources", "pip", "_distutils_hack"))


def extension_suffixes(target: Target) -> tuple[str, ...]:
    """Return how the files of extension modules end that *target* loads.

    Source: `importlib.machinery.EXTENSION_SUFFIXES` of CPython on Linux; PEP 3149.
    """
    major, minor = target.python
    return (f".cpython-{major}{minor}-{target.machine}-linux-gnu.so", ".abi3.so", ".so")


def import_path(location: str, target: Target) -> str | None:
    """Return *location* relative to the folder that imports find it in, or None where none does.

    Source: the environment of functions, `sys.path`: the task's folder, then of the layers
    `python/lib/pythonX.Y/site-packages` and `python` (Lambda developer guide, "Layer paths for each
    Lambda runtime").
    """
    if location.startswith(TASK_ROOT):
        return location[len(TASK_ROOT) :]
    for folder in (f"python/lib/{target.runtime}/site-packages/", "python/"):
        if location.startswith(LAYER_ROOT + folder):
            return location[len(LAYER_ROOT + folder) :]
    return None


def module_name(location: str, target: Target) -> str:
    """Return the whole name of the module whose file is at *location*; empty where it is none."""
    path = import_path(location, target)
    if path is None:
        return ""
    folder, _, base = path.rpartition("/")
    stem = base.partition(".")[0]
    parts = folder.split("/") if folder else []
    if base.endswith(".py") and base != f"{stem}.py":
        return ""
    if base != "__init__.py":
        parts.append(stem)
    return ".".join(parts) if all(part.isidentifier() for part in parts) else ""
