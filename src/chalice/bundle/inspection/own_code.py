"""The project's own modules: is each valid for the target, and is all that it imports there?"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalice.bundle.inspection import image
from chalice.bundle.inspection.modules import Found, Modules, module_name
from chalice.bundle.python.standard_library import INSTEAD, OTHER_SYSTEMS, removed_in
from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from chalice.bundle.inspection.groups import Group
    from chalice.bundle.parts import LeftOut
    from chalice.bundle.store import Store
    from chalice.bundle.target import Target

_KIND = "own-code"

# `When.ALWAYS` and `When.LATER`; `chalice.bundle.python.imports` is not imported for them alone.
ALWAYS, LATER = 0, 1

# Files that no function imports: what is missing for them is said, and stops nothing.
_TESTS = re.compile(r"(?:^|/)(?:tests?/|conftest\.py$|test_[^/]*\.py$|[^/]*_test\.py$)")


@dataclass(frozen=True, slots=True)
class Import:
    """One import of an own module: what, which names of it, on which line, and when."""

    module: str
    names: tuple[str, ...]
    line: int
    when: int


@dataclass(frozen=True, slots=True)
class Own:
    """One of the project's own modules.

    Attributes:
        location: its place in a function's environment.
        path: its file, relative to the project.
        name: its whole name; empty where imports do not find it.
        fault: line and message of what is not Python of the target.
        checked: whether the target's own parser has seen it.
        imports: what it imports; None where this interpreter cannot read it.
        binds: names at its top level.
        open: whether it may have more names than those.
        edits_path: whether it does something with `sys.path`.
    """

    location: str
    path: str
    name: str
    fault: tuple[int, str] | None
    checked: bool
    imports: tuple[Import, ...] | None
    binds: frozenset[str]
    open: bool
    edits_path: bool


def read_own(
    group: Group, target: Target, interpreter: Path | None, store: Store
) -> tuple[Own, ...]:
    """Return what the project's own modules say; each is read once for each content and target."""
    known: dict[str, dict[str, Any]] = {}
    keys: dict[str, str] = {}
    fresh: dict[str, bytes] = {}
    for location, _ in group.files:
        if not location.endswith(".py"):
            continue
        source = group.read(location)
        found = f"{target}:{interpreter is not None}:{location}:"
        keys[location] = found + sha256(source).hexdigest()
        if (data := store.read(_KIND, keys[location])) is not None:
            known[location] = json.loads(data)
        else:
            fresh[location] = source
    if fresh:
        for location, row in _read(fresh, target, interpreter).items():
            known[location] = row
            store.write(_KIND, keys[location], json.dumps(row).encode())
    places = {location: file.source or file.path for location, file in group.files}
    return tuple(_own(location, places[location], target, known[location]) for location in keys)


def _own(location: str, path: str, target: Target, row: Mapping[str, Any]) -> Own:
    fault, imports = row["fault"], row["imports"]
    return Own(
        location,
        path,
        module_name(location, target),
        None if fault is None else (fault[0], fault[1]),
        row["checked"],
        None if imports is None else tuple(Import(w[0], tuple(w[1]), w[2], w[3]) for w in imports),
        frozenset(row["binds"]),
        row["open"],
        row["edits_path"],
    )


def _read(
    sources: Mapping[str, bytes], target: Target, interpreter: Path | None
) -> dict[str, dict[str, Any]]:
    """Return the rows of modules that have not been seen before."""
    # Only an edit pays for the parser.
    from chalice.bundle.python.imports import read_imports  # noqa: PLC0415
    from chalice.bundle.python.syntax import faults_of  # noqa: PLC0415

    faults, checked = faults_of(sources, target, interpreter)
    rows: dict[str, dict[str, Any]] = {}
    for location, source in sources.items():
        row: dict[str, Any] = {
            "fault": faults.get(location),
            "checked": checked,
            "imports": None,
            "binds": [],
            "open": True,
            "edits_path": False,
        }
        package = location.endswith("/__init__.py")
        try:
            read = read_imports(
                source, module_name(location, target), package=package, target=target
            )
        except (SyntaxError, ValueError):
            pass
        else:
            row["imports"] = [[i.module, list(i.names), i.line, int(i.when)] for i in read.imports]
            row["binds"], row["open"] = sorted(read.binds), read.open
            row["edits_path"] = read.edits_path
        rows[location] = row
    return rows


def problems_of(
    own: Sequence[Own], modules: Modules, left_out: Sequence[LeftOut]
) -> Iterator[Problem]:
    """Yield what is wrong with the project's own modules."""
    yield from _syntax(own, modules.target)
    by_name = {module.name: module for module in own if module.name}
    relied: set[str] = set()
    for module in own:
        seen: set[tuple[str, int]] = set()
        for wanted in module.imports or ():
            if wanted.when > LATER:
                continue
            for missing in _missing(wanted, modules, by_name):
                if (missing, wanted.line) not in seen:
                    seen.add((missing, wanted.line))
                    yield _not_found(module, wanted, missing, modules, left_out)
            top = wanted.module.partition(".")[0]
            if top not in relied and modules.find(top) is Found.RUNTIME:
                relied.add(top)
                if top not in image.SDK_MODULES:
                    yield _from_runtime(module, wanted, top)


def _syntax(own: Sequence[Own], target: Target) -> Iterator[Problem]:
    version = ".".join(map(str, target.python))
    unread = [module.path for module in own if module.imports is None and module.fault is None]
    for module in own:
        if module.fault is not None:
            line, what = module.fault
            yield Problem(
                "syntax",
                f"this is not Python {version}: {what}",
                f"{module.path}:{line}",
                f"write it as Python {version} has it, or set `lambda_python_version`",
            )
    if any(not module.checked for module in own):
        also = f"; imports of {', '.join(f'`{path}`' for path in unread)} neither" if unread else ""
        yield Problem(
            "syntax-unchecked",
            f"no Python {version} is on this machine: syntax could not be checked by it{also}",
            "",
            f"install Python {version}, or package with it",
            "warning",
        )


def _missing(wanted: Import, modules: Modules, own: Mapping[str, Own]) -> Iterator[str]:
    """Yield what of one import nothing provides."""
    if wanted.module.startswith("."):
        yield wanted.module
        return
    if modules.find(wanted.module) is Found.NOWHERE:
        yield wanted.module
        return
    package = own.get(wanted.module)
    pure_folder = wanted.module in modules.folders and wanted.module not in modules.provided
    if package is None and not pure_folder:
        for name in wanted.names:
            whole = f"{wanted.module}.{name}"
            if whole in modules.foreign and not modules.has(whole):
                yield whole
        return
    for name in wanted.names:
        whole = f"{wanted.module}.{name}"
        if name == "*" or modules.has(whole):
            continue
        if package is None or not (package.open or name in package.binds or _standard(name)):
            yield whole


def _standard(name: str) -> bool:
    """Whether every module has *name*."""
    return name.startswith("__") and name.endswith("__")


def _not_found(
    module: Own, wanted: Import, missing: str, modules: Modules, left_out: Sequence[LeftOut]
) -> Problem:
    where = f"{module.path}:{wanted.line}"
    later = wanted.when == LATER
    apart = bool(_TESTS.search(module.path))
    severity = "warning" if later or apart else "error"
    if missing in modules.foreign:
        # Whoever gets there: it is in the package for nothing else.
        return foreign(missing, modules, where, "warning" if apart else "error")
    if missing.startswith("."):
        return Problem(
            "import-not-found",
            f"`from {missing} import` leads out of the packages that ship",
            where,
            "import it by its whole name",
            severity,
        )
    end = ", when it gets there" if later else ""
    return Problem(
        "import-not-found-later" if later else "import-not-found",
        f"`{missing}` is imported{end}, and nothing provides it on {modules.target}",
        where,
        _hint(missing, modules, left_out),
        severity,
    )


def foreign(name: str, modules: Modules, where: str, severity: str) -> Problem:
    """Return what is wrong with a module that only another interpreter or system could load."""
    file = modules.foreign[name].rpartition("/")[2]
    major, minor = modules.target.python
    return Problem(
        "extension-abi",
        f"`{name}` cannot be imported: `{file}` is not for CPython {major}.{minor} on Linux "
        f"{modules.target.machine}",
        where,
        f"take a wheel that is built for {modules.target}",
        severity,
    )


def _hint(missing: str, modules: Modules, left_out: Sequence[LeftOut]) -> str:
    top = missing.partition(".")[0]
    if top in OTHER_SYSTEMS:
        return "it is of another system; import it where `sys.platform` says so"
    if top in image.ABSENT_MODULES:
        return "Lambda's Python is built without it, for it has no screen"
    if (gone := removed_in(top, modules.target.python)) is not None:
        instead = f"; use {INSTEAD[top]} instead" if top in INSTEAD else ""
        return f"Python {gone[0]}.{gone[1]} removed it from the standard library{instead}"
    path = missing.replace(".", "/")
    for left in left_out:
        if left.path in {f"{path}.py", f"{path}/__init__.py"}:
            return f"`{left.path}` is left out of the package ({left.reason}); include it"
    if modules.has(top):
        return _nearest(missing, modules)
    return "add what provides it to the requirements, or its file to the project"


def _nearest(missing: str, modules: Modules) -> str:
    """Return which module of the package may be meant."""
    from chalice.diagnostics import nearest  # noqa: PLC0415 - with `difflib`, for a mistake

    above, _, last = missing.rpartition(".")
    beside = {name.rpartition(".")[2] for name in modules.provided if _is_in(name, above)}
    near = nearest(last, sorted(beside))
    return f"did you mean `{above}.{near}`?" if near else f"`{above}` has nothing of that name"


def _is_in(name: str, package: str) -> bool:
    return name.rpartition(".")[0] == package


def _from_runtime(module: Own, wanted: Import, top: str) -> Problem:
    return Problem(
        "import-from-runtime",
        f"`{top}` comes with Lambda's runtime only, which changes its version, or drops it, "
        "when it likes",
        f"{module.path}:{wanted.line}",
        "add it to the requirements",
        "warning",
    )


def wanted_modules(own: Sequence[Own], modules: Modules) -> tuple[set[str], set[str]]:
    """Return the modules that own code imports whenever it is imported, and those it may import."""
    always: set[str] = set()
    later: set[str] = set()
    for module in own:
        for wanted in module.imports or ():
            if wanted.when > LATER:
                continue
            chosen = always if wanted.when == ALWAYS else later
            if _TESTS.search(module.path):
                chosen = later
            chosen.add(wanted.module)
            for name in wanted.names:
                whole = f"{wanted.module}.{name}"
                if whole in modules.provided:
                    chosen.add(whole)
    return always, later
