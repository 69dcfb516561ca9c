"""The modules of a project: their syntax trees, and which name is which module."""

from __future__ import annotations

import ast
import contextlib
import re
import warnings
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalice.diagnostics import Problem
from chalice.permissions.reading.literals import without_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORD = re.compile(r"\b[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Source:
    """One module: its dotted name, its file as people know it, and its tree.

    `characters` are those that the tree is made of.
    """

    name: str
    path: str
    tree: ast.Module
    is_package: bool
    lines: int
    characters: int

    @property
    def package(self) -> str:
        """The package that relative imports start from."""
        return self.name if self.is_package else self.name.rpartition(".")[0]


@dataclass(eq=False, slots=True)
class FunctionInfo:
    """A function or lambda as it is written; what decorators say of it is found as they run."""

    name: str
    source: Source
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    owner: ClassInfo | None = None
    kind: str = ""
    """`property`, `static`, `class`, or empty."""
    entry: str = ""
    """The decorator that has the framework call it: `route`; empty where there is none."""
    called: str = ""
    """The name of the function of Lambda, where it is one by itself."""
    prefix: str = ""
    """What its blueprint is registered with; empty where that is not one text."""

    params: list[ast.arg] = field(init=False)
    """The parameters that have a name of their own, in order."""
    positional: list[str] = field(init=False)
    """Names of what may be given by position."""
    named: frozenset[str] = field(init=False)
    """Names of what may be given by name."""
    received: list[ast.arg] = field(init=False)
    """All parameters, with `*args` and `**kwargs`."""

    lines: int = field(init=False)
    """Lines of its text."""

    def __post_init__(self) -> None:
        """Look at the parameters once."""
        self.lines = (self.node.end_lineno or self.node.lineno) - self.node.lineno + 1
        args = self.node.args
        self.params = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        self.positional = [item.arg for item in (*args.posonlyargs, *args.args)]
        self.named = frozenset([item.arg for item in self.params])
        self.received = [*self.params, *filter(None, (args.vararg, args.kwarg))]


@dataclass(eq=False, slots=True)
class ClassInfo:
    """A class as it is written."""

    name: str
    source: Source
    node: ast.ClassDef
    fields: list[str] = field(default_factory=list[str])

    _attributes: tuple[str, ...] | None = None

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names that its body and its methods give a value: `name = ...`, `self.name = ...`."""
        if self._attributes is None:
            body = [item for item in self.node.body if isinstance(item, ast.Assign | ast.AnnAssign)]
            own = [part for item in body for part in ast.walk(item) if isinstance(part, ast.Name)]
            parts = [part for part in ast.walk(self.node) if isinstance(part, ast.Attribute)]
            names = [item.id for item in own if isinstance(item.ctx, ast.Store)]
            names += [item.attr for item in parts if isinstance(item.ctx, ast.Store)]
            self._attributes = tuple(dict.fromkeys(names))
        return self._attributes


@dataclass(frozen=True, slots=True)
class Program:
    """The modules of a project, by dotted name, and what is wrong with others.

    `unread` are packages that ship, call AWS and are not read.
    """

    sources: Mapping[str, Source]
    problems: tuple[Problem, ...]
    unread: frozenset[str] = frozenset()

    @property
    def lines(self) -> int:
        """Lines of all modules."""
        return sum(item.lines for item in self.sources.values())

    @property
    def characters(self) -> int:
        """Characters of all modules."""
        return sum(item.characters for item in self.sources.values())


def parse(files: Mapping[str, bytes], unread: frozenset[str] = frozenset()) -> Program:
    """Return the modules in *files*, whose keys are paths in the project: `chalicelib/db.py`."""
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for path, content in sorted(files.items()):
        name, is_package = _module_name(path)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree, length = _tree(content, path)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None) or 1
            summary = f"`{path}` cannot be read: {getattr(error, 'msg', None) or error}"
            hint = "mend it; what it needs is not in the policy"
            problems.append(
                Problem("policy-unreadable", summary, f"{path}:{line}", hint, severity="warning")
            )
            continue
        lines = content.count(b"\n") + 1
        sources[name] = Source(name, path, tree, is_package, lines, length)
    return Program(sources, tuple(problems), unread)


def _tree(content: bytes, path: str) -> tuple[ast.Module, int]:
    """Return the tree of a module, and of how many characters it was made."""
    short = without_tables(content)
    if short is not content:
        with contextlib.suppress(SyntaxError):
            return ast.parse(short, path), len(short)
    # What is wrong is told of the text as it is written.
    return ast.parse(content, path), len(content)


def _module_name(path: str) -> tuple[str, bool]:
    """Return the dotted name of a file and whether it is a package.

    >>> _module_name("chalicelib/__init__.py"), _module_name("vendor/db.py")
    (('chalicelib', True), ('db', False))
    """
    # What is in `vendor/` ships at the top.
    name = path.removeprefix("vendor/").removesuffix(".py").replace("/", ".")
    return (name.removesuffix(".__init__"), True) if path.endswith("__init__.py") else (name, False)


def absolute(source: Source, module: str | None, level: int) -> str:
    """Return the whole name of what `from ..module import` means in *source*."""
    if not level:
        return module or ""
    parts = source.package.split(".") if source.package else []
    parts = parts[: len(parts) - level + 1]
    return ".".join([*parts, module] if module else parts)


def words(files: Mapping[str, bytes]) -> Counter[str]:
    """Return how often each word stands in *files*, whatever it means there."""
    found: Counter[str] = Counter()
    for content in files.values():
        found.update(_WORD.findall(content.decode("utf-8", "replace")))
    return found
