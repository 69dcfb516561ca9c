"""What a module imports, on which line, and whether it does without it: from its syntax tree."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from chalice.bundle.python.conditions import truth
from chalice.bundle.python.mentions import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalice.bundle.target import Target


class When(IntEnum):
    """When an import happens, and so what it means if it fails; the larger, the milder."""

    ALWAYS = 0
    """Whenever the module is imported."""
    LATER = 1
    """When a function runs, or where a condition holds that nobody knows beforehand."""
    SPARED = 2
    """Never on the target, or where a failure is answered by the code itself."""


@dataclass(frozen=True, slots=True)
class Import:
    """One module that is asked for.

    Attributes:
        module: its whole name, `chalicelib.db`.
        names: what is taken from it by `from`; each may be a module, too.
        line: of the statement.
        when: in which case it happens.
    """

    module: str
    names: tuple[str, ...]
    line: int
    when: When


@dataclass(frozen=True, slots=True)
class Module:
    """What the syntax tree of a module says.

    Attributes:
        imports: in the order of the file.
        binds: the names that it binds at its top level, but for those that a package takes from
            itself.
        open: whether it may have names or submodules that cannot be seen: `import *`,
            `__getattr__`, a module that is put in `sys.modules`, ...
        edits_path: whether it does something with `sys.path`.
    """

    imports: tuple[Import, ...]
    binds: frozenset[str]
    open: bool
    edits_path: bool


# A module of a later Python fails with a SyntaxError: who answers that expects what fails to fail.
_ANSWERING = frozenset(
    ("ImportError", "ModuleNotFoundError", "SyntaxError", "Exception", "BaseException")
)
_DYNAMIC = frozenset(("modules", "meta_path", "path_hooks"))


def read_imports(
    source: bytes, name: str, *, package: bool, target: Target, later: bool = True
) -> Module:
    """Return what the module *name* imports when it runs on *target*.

    Args:
        source: its text.
        name: its whole name.
        package: whether it is the `__init__.py` of a package.
        target: decides conditions such as `sys.version_info >= (3, 12)`.
        later: whether imports inside functions are wanted, too.

    Raises:
        SyntaxError: this interpreter does not read it.
        ValueError: it holds a NUL, or is nested beyond all measure.
    """
    tree = parse(source, name)
    reader = _Reader(name if package else name.rpartition(".")[0], target, later, itself=package)
    reader.block(tree.body, When.ALWAYS)
    return Module(tuple(reader.imports), frozenset(reader.binds), reader.open, reader.edits_path)


def parse(source: bytes, name: str) -> ast.Module:
    """Return the syntax tree of *source*, with what Python would warn of left unsaid.

    Raises:
        SyntaxError: this interpreter does not read it.
        ValueError: it holds a NUL, or is nested beyond all measure.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source, name)
    except (RecursionError, MemoryError) as error:
        raise ValueError("nested too deeply") from error


@dataclass
class _Reader:
    """Walks the statements of a module in the order in which they run."""

    package: str
    target: Target
    functions: bool
    imports: list[Import] = field(default_factory=list[Import])
    binds: set[str] = field(default_factory=set[str])
    open: bool = False
    edits_path: bool = False
    top: bool = True
    itself: bool = False

    def block(self, body: Sequence[ast.stmt], when: When) -> None:
        for statement in body:
            self.statement(statement, when)

    def statement(self, node: ast.stmt, when: When) -> None:  # noqa: C901, PLR0912 - one branch a kind
        match node:
            case ast.Import():
                self.plain(node, when)
            case ast.ImportFrom():
                self.from_module(node, when)
            case ast.If():
                self.condition(node, when)
            case ast.Try() | ast.TryStar():
                self.attempt(node, when)
            case ast.With() | ast.AsyncWith():
                self.calls(node.items, when)
                self.block(node.body, When.SPARED if _suppresses(node) else when)
                for item in node.items:
                    self.bind(item.optional_vars)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.function(node, when)
            case ast.ClassDef():
                self.class_body(node, when)
            case ast.For() | ast.AsyncFor() | ast.While():
                if isinstance(node, ast.For | ast.AsyncFor):
                    self.bind(node.target)
                self.block(node.body, max(when, When.LATER))
                self.block(node.orelse, max(when, When.LATER))
            case ast.Match():
                for case in node.cases:
                    self.open = True
                    self.block(case.body, max(when, When.LATER))
            case _:
                self.plain_statement(node, when)

    def plain(self, node: ast.Import, when: When) -> None:
        for alias in node.names:
            self.imports.append(Import(alias.name, (), node.lineno, when))
            self.name(alias.asname or alias.name.partition(".")[0])

    def from_module(self, node: ast.ImportFrom, when: When) -> None:
        written = "." * node.level + (node.module or "")
        module = absolute(written, self.package)
        names = tuple(alias.name for alias in node.names)
        if "*" in names:
            self.open = self.open or self.top
        for alias in node.names:
            # What a package takes from itself has to be there already.
            if not (self.itself and module == self.package and alias.asname in {None, alias.name}):
                self.name(alias.asname or alias.name)
        if node.module == "__future__":
            return
        self.imports.append(Import(module or written, names, node.lineno, when))

    def condition(self, node: ast.If, when: When) -> None:
        holds = truth(node.test, self.target)
        self.calls([node.test], when)
        unknown = max(when, When.LATER)
        yes = when if holds else unknown if holds is None else When.SPARED
        no = unknown if holds is None else When.SPARED if holds else when
        self.block(node.body, yes)
        self.block(node.orelse, no)

    def attempt(self, node: ast.Try | ast.TryStar, when: When) -> None:
        answered = any(_answers(handler) for handler in node.handlers)
        inner = When.SPARED if answered else when
        self.block(node.body, inner)
        for handler in node.handlers:
            if handler.name:
                self.name(handler.name)
            self.block(handler.body, When.SPARED)
        # What follows success runs only where the attempt did not fail.
        self.block(node.orelse, inner)
        self.block(node.finalbody, when)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, when: When) -> None:
        self.name(node.name)
        self.calls(node.decorator_list, when)
        if self.functions:
            self.inside(node.body, max(when, When.LATER))

    def class_body(self, node: ast.ClassDef, when: When) -> None:
        self.name(node.name)
        self.calls(node.decorator_list, when)
        self.inside(node.body, when)

    def inside(self, body: Sequence[ast.stmt], when: When) -> None:
        """Read a body whose names are not the module's."""
        inner = replace(self, top=False)
        inner.block(body, when)
        self.open = self.open or inner.open
        self.edits_path = self.edits_path or inner.edits_path

    def plain_statement(self, node: ast.stmt, when: When) -> None:
        targets: list[ast.expr] = []
        match node:
            case ast.Assign():
                targets = node.targets
            case ast.AnnAssign() | ast.AugAssign():
                targets = [node.target]
            case _ if type(node).__name__ == "TypeAlias":
                targets = [node.name]  # type: ignore[attr-defined]  # known from Python 3.12 on
            case _:
                pass
        for target in targets:
            self.bind(target)
        self.calls([node], when)

    def calls(self, nodes: Sequence[ast.AST], when: When) -> None:
        """Note modules that are imported by name, and what makes the module's names unknowable."""
        for top in nodes:
            for node, kind in _parts(top, when):
                match node:
                    case ast.Call(func=function, args=[ast.Constant(value=str(name)), *rest]) if (
                        _called(function) in {"import_module", "__import__"}
                    ):
                        self.by_name(name, rest, node.lineno, kind)
                    case ast.Attribute(value=ast.Name(id="sys"), attr=attribute) if (
                        attribute in _DYNAMIC
                    ):
                        self.open = True
                    case ast.Attribute(value=ast.Name(id="sys"), attr="path"):
                        self.edits_path = True
                    case ast.Name(
                        id="__path__" | "globals" | "locals" | "exec" | "setattr" | "vars"
                    ):
                        self.open = self.open or self.top
                    case ast.NamedExpr():
                        self.bind(node.target)
                    case _:
                        pass

    def by_name(self, name: str, rest: list[ast.expr], line: int, when: When) -> None:
        package = self.package
        if name.startswith(".") and not (
            rest and isinstance(rest[0], ast.Name) and rest[0].id in {"__name__", "__package__"}
        ):
            match rest:
                case [ast.Constant(value=str(package))]:
                    pass
                case _:
                    return
        if module := absolute(name, package):
            self.imports.append(Import(module, (), line, when))

    def bind(self, target: ast.AST | None) -> None:
        for node in ast.walk(target) if target is not None else ():
            if isinstance(node, ast.Name):
                self.name(node.id)

    def name(self, name: str) -> None:
        if self.top:
            self.binds.add(name)
            self.open = self.open or name == "__getattr__"


def _parts(top: ast.AST, when: When) -> Iterator[tuple[ast.AST, When]]:
    """Yield what *top* is made of; what is in a lambda runs later."""
    left = [(top, when)]
    while left:
        node, kind = left.pop()
        yield node, kind
        if isinstance(node, ast.Lambda):
            kind = max(kind, When.LATER)
        left += [(child, kind) for child in ast.iter_child_nodes(node)]


def _called(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _answers(handler: ast.ExceptHandler) -> bool:
    """Whether a failed import ends in *handler* and goes no further.

    A handler that only raises again answers nothing; what nobody can name is believed to answer.
    """
    if handler.body and isinstance(handler.body[-1], ast.Raise):
        return False
    kinds = handler.type
    if kinds is None:
        return True
    for kind in kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]:
        name = _called(kind)
        if name in _ANSWERING or not name.endswith(("Error", "Exception", "Warning", "Interrupt")):
            return True
    return False


def _suppresses(node: ast.With | ast.AsyncWith) -> bool:
    """Whether the `with` suppresses a failed import, or what nobody can name."""
    for item in node.items:
        call = item.context_expr
        if isinstance(call, ast.Call) and _called(call.func) == "suppress":
            names = {_called(argument) for argument in call.args}
            if names & _ANSWERING or "" in names:
                return True
    return False
