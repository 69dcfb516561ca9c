"""A project imported as Lambda imports it, and every place in it remembered.

One project is *installed* in a process at a time. Loading a project

1. takes out the project that was installed before: its entries of `sys.path`, and its modules;
2. puts the project's directory and the content of its `vendor/` first on `sys.path`, which is how
   Lambda sees them: one directory, before everything that is installed;
3. sets aside modules called `app` or `chalicelib` that come from elsewhere, imports `app` while a
   recorder watches the declarations, and removes the recorder.

The project then stays installed, because views import lazily: `from chalicelib import db` inside a
function must work for as long as the application is called. `uninstall` ends that, and puts back
what was set aside; test clients call it when they close. The project's own modules are compiled
from their source each time: an edit within the second of the last import, which the timestamp of a
`.pyc` cannot tell, is seen, and no `__pycache__` is left in what is going to be packaged. Modules
of `vendor/` are kept when the same project is loaded again, since extension modules cannot be
imported twice.

Everything here changes the state of the process, so loads in several threads wait for each other.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
)
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from chalice import runtime
from chalice.diagnostics import Problem
from chalice.model.collect import Handler, collect, declared_at
from chalice.model.declared import AppModel, Place
from chalice.model.reach import reached
from chalice.model.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from types import ModuleType

# The modules of a project that the package carries, beside `vendor/` and the requirements.
# Source: AWS Chalice 1.34, the content of its package.
PACKAGED = ("app", "chalicelib")

#: The code of the warning about a module that a package leaves out.
NOT_PACKAGED = "module-not-packaged"

_LOCK = threading.RLock()


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project that was imported, or what kept it from being.

    Attributes:
        model: what the application declared; None where there is no application to read.
        handlers: what Lambda calls, by the name of the function.
        problems: what went wrong, and values of wrong types. `check` finds what is wrong with the
            model.
        left_out: names of functions whose decorators this version refuses.
    """

    model: AppModel | None
    handlers: dict[str, Handler] = field(default_factory=dict[str, Handler])
    problems: tuple[Problem, ...] = ()
    left_out: frozenset[str] = frozenset()


def load(directory: Path, environment: Mapping[str, str] | None = None) -> Loaded:
    """Import the project in *directory* and return what it declared; never raise for its mistakes.

    Args:
        directory: the project, where `app.py` is.
        environment: variables that are set while `app.py` is imported, and only then.
    """
    root = directory.resolve()
    if not (root / "app.py").is_file():
        hint = "run `chalice` in a project's directory, or make one: `chalice new-project NAME`"
        problem = Problem("app-missing", f"there is no `app.py` in `{directory}`", "", hint)
        return Loaded(None, {}, (problem,))
    with _LOCK:
        _install(root)
        recorder = Recorder(root)
        with _observed(recorder), _variables(environment or {}):
            try:
                module: ModuleType | None = importlib.import_module("app")
            except BaseException as error:  # noqa: BLE001 - app.py may raise anything, SystemExit too
                module = None
                from chalice.model import failure  # noqa: PLC0415 - only a failure pays for it

                recorder.problems.append(failure.problem(error, root))
        if module is None:
            return Loaded(None, {}, tuple(recorder.problems))
        return _read(module, root, recorder)


def _read(module: ModuleType, root: Path, recorder: Recorder) -> Loaded:
    from chalice.app import Chalice  # noqa: PLC0415 - the import of `app` has paid for it

    app = getattr(module, "app", None)
    if not isinstance(app, Chalice):
        return Loaded(None, {}, (*recorder.problems, _no_application(module, Chalice)))

    def place(where: object, function: object) -> Place:
        found = declared_at(where, function)
        return Place(recorder.relative(found.file) or found.file, found.line)

    collected = reached(collect(app, place), sys.modules)
    told = _one_each([*recorder.problems, *collected.problems])
    problems = (*told, *_not_packaged(root))
    return Loaded(collected.model, collected.handlers, problems, collected.left_out)


# Of two problems of one place the second follows from the first: `methods="DELETE"` repeats a
# letter, and a view whose every method was refused has none.
_CONSEQUENCES = (
    ("route-methods-type", "route-duplicate"),
    ("route-duplicate", "route-methods-empty"),
)


def _one_each(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Yield *problems* without those that follow from another one."""
    known = {(problem.code, problem.where) for problem in problems}
    for problem in problems:
        causes = [cause for cause, follows in _CONSEQUENCES if follows == problem.code]
        if not any((cause, problem.where) in known for cause in causes):
            yield problem


def _no_application(module: ModuleType, chalice: type) -> Problem:
    others = [name for name, value in vars(module).items() if isinstance(value, chalice)]
    hint = 'write `app = Chalice(app_name="NAME")`'
    if others:
        hint = f"rename `{others[0]}` to `app`: Lambda calls `app.app`"
    if not hasattr(module, "app"):
        return Problem("app-object-missing", "`app.py` has no `app`", "app.py", hint)
    kind = type(module.app).__name__
    return Problem("app-object-type", f"`app` in `app.py` is of type `{kind}`", "app.py", hint)


def _not_packaged(root: Path) -> Iterator[Problem]:
    """Yield a warning for each module beside `app.py` that was imported: packages leave it out."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file is None or "." in name or name in PACKAGED:
            continue
        path = Path(file)
        if path.parent == root or path == root / name / "__init__.py":
            relative = path.relative_to(root).as_posix()
            yield Problem(
                NOT_PACKAGED,
                f"module `{name}` is imported from `{relative}`, which is no part of the package",
                relative,
                "move it into `chalicelib/`, or name it in `package.include`",
                "warning",
            )


@contextmanager
def _observed(recorder: Recorder) -> Generator[None]:
    before = runtime.observer
    runtime.observer = recorder
    try:
        yield
    finally:
        runtime.observer = before


@contextmanager
def _variables(environment: Mapping[str, str]) -> Generator[None]:
    """Set variables; afterwards take back those that the project has not changed itself."""
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        yield
    finally:
        for name, value in before.items():
            if os.environ.get(name) != environment[name]:
                continue
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


# --- one project in the process --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Installed:
    root: Path
    vendor: Path
    hook: Any
    set_aside: dict[str, ModuleType]


_installed: list[_Installed] = []  # none or one


def uninstall() -> None:
    """Take the loaded project out of the process: its modules, and its entries of `sys.path`."""
    with _LOCK:
        if _installed:
            _take_out(_installed.pop(), keep_vendor=False)


def _install(root: Path) -> None:
    if _installed:
        previous = _installed.pop()
        _take_out(previous, keep_vendor=previous.root == root)
    set_aside = {
        name: module for name, module in sys.modules.items() if name.partition(".")[0] in PACKAGED
    }
    for name in set_aside:
        del sys.modules[name]
    vendor = root / "vendor"
    hook = _path_hook(root, vendor)
    sys.path_hooks.insert(0, hook)
    sys.path[:0] = [str(root), str(vendor)]
    _forget_finders(root)
    importlib.invalidate_caches()
    _installed.append(_Installed(root, vendor, hook, set_aside))


def _take_out(project: _Installed, *, keep_vendor: bool) -> None:
    for entry in (str(project.root), str(project.vendor)):
        with suppress(ValueError):  # the project itself may have taken it out
            sys.path.remove(entry)
    with suppress(ValueError):
        sys.path_hooks.remove(project.hook)
    _forget_finders(project.root)
    for name in [*sys.modules]:
        home = _home(name, project)
        if home is not None and not (keep_vendor and home == project.vendor):
            del sys.modules[name]
    sys.modules.update(project.set_aside)


def _home(name: str, project: _Installed) -> Path | None:
    """Return which directory of *project* the module *name* was imported from, if any.

    A module belongs to a directory if its package is right below: so a virtual environment within
    the project is not the project's.
    """
    top = sys.modules.get(name.partition(".")[0])
    paths = [getattr(top, "__file__", None), *getattr(top, "__path__", ())]
    first = next((Path(path) for path in paths if path), None)
    if first is None:
        return None
    place = first.parent if first.stem == "__init__" else first
    return place.parent if place.parent in {project.root, project.vendor} else None


class _FreshSource(SourceFileLoader):
    """Compiles from source and keeps no `.pyc`, see the module's docstring."""

    def path_stats(self, path: Any) -> NoReturn:
        """Say that nothing is known of the file's age, which turns bytecode caching off."""
        raise OSError(path)


def _path_hook(root: Path, vendor: Path) -> Any:
    """Return a hook of `sys.path_hooks` for the project's own directories."""
    loaders = ((ExtensionFileLoader, EXTENSION_SUFFIXES), (_FreshSource, [".py"]))

    def hook(entry: str) -> FileFinder:
        path = Path(entry)
        own = path == root or path.is_relative_to(root / "chalicelib")
        if not own or path.is_relative_to(vendor) or not path.is_dir():
            raise ImportError(entry)
        return FileFinder(entry, *loaders)

    return hook


def _forget_finders(root: Path) -> None:
    for entry in [*sys.path_importer_cache]:
        if Path(entry).is_relative_to(root):
            del sys.path_importer_cache[entry]
