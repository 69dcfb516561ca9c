"""Would this package run on its target? Everything that says no, all at once, before it leaves.

The written archives are read, not what they were made of. Nothing is executed and nothing imported.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from chalice.bundle.archives.contents import Contents
from chalice.bundle.archives.entries import BadArchive
from chalice.bundle.inspection.facts import SCRIPT, Facts, facts_of
from chalice.bundle.inspection.gaps import gaps_of
from chalice.bundle.inspection.groups import Gap, Group
from chalice.bundle.inspection.limits import sizes
from chalice.bundle.inspection.linking import Fault, Linker
from chalice.bundle.inspection.modules import (
    LAYER_ROOT,
    TASK_ROOT,
    Found,
    Modules,
    import_path,
    module_name,
)
from chalice.bundle.inspection.own_code import foreign, problems_of, read_own, wanted_modules
from chalice.bundle.inspection.unparsed import compiled_sources, unparsed_of, unparsed_problem
from chalice.bundle.parts import CHALICE, PROJECT
from chalice.bundle.runtimes import ending
from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from chalice.bundle.inspection.elf import Elf
    from chalice.bundle.parts import Archive, Bundle, Shipped
    from chalice.bundle.python.syntax import Fault as SyntaxFault
    from chalice.bundle.store import Store
    from chalice.bundle.target import Target

_KIND = "inspected"

# What a layer of somebody else's may have.
_MISSING = frozenset(("import-not-found", "dependency-import-not-found", "library-missing"))


def inspect(
    bundle: Bundle,
    store: Store,
    today: date,
    *,
    interpreter: Path | None = None,
    layers: Sequence[str] = (),
) -> tuple[Problem, ...]:
    """Return every reason why *bundle* would not run on its target, errors before warnings.

    Args:
        bundle: what was written.
        store: keeps what was read of each wheel and of each own module, and the last answers.
        today: decides which runtimes have ended.
        interpreter: a Python of the target's minor version; without one, and where this Python is
            of another, the syntax of the project is checked in part, which is said.
        layers: names of layers that functions have beside the package's own. Nothing is known of
            what is in them: what is missing may be there, and stops nothing.
    """
    key = _answer_key(bundle, interpreter)
    found = _kept(store, key)
    if found is None:
        found = tuple(_inspected(bundle, store, interpreter))
        rows = [problem.to_dict() for problem in found]
        store.write(_KIND, key, json.dumps(rows).encode())
    if layers:
        found = tuple(map(_perhaps_in_a_layer, found))
    end = ending(bundle.target, today)
    problems = (*found, *sizes(bundle), *((end,) if end is not None else ()))
    return tuple(sorted(problems, key=lambda problem: problem.severity != "error"))


def _perhaps_in_a_layer(problem: Problem) -> Problem:
    if problem.code not in _MISSING:
        return problem
    hint = f"it is well if one of the function's `layers` has it; else {problem.hint}"
    return replace(problem, hint=hint, severity="warning")


def _answer_key(bundle: Bundle, interpreter: Path | None) -> str:
    """Return what an answer depends on: the archives, and who is named in it."""
    digest = sha256()
    for archive in _archives(bundle):
        digest.update(archive.sha256.encode())
        for file in archive.shipped:
            digest.update(f"{file.path}\0{file.origin}\0{file.source}\n".encode(errors="replace"))
    for distribution in bundle.distributions:
        digest.update(f"{distribution.origin}\0{distribution.where}\n".encode(errors="replace"))
    for left in bundle.left_out:
        digest.update(f"{left.path}\0{left.reason}\n".encode(errors="replace"))
    return f"{bundle.target}:{interpreter is not None}:{digest.hexdigest()}"


def _kept(store: Store, key: str) -> tuple[Problem, ...] | None:
    data = store.read(_KIND, key)
    if data is None:
        return None
    try:
        return tuple(Problem(**row) for row in json.loads(data))
    except (ValueError, TypeError):
        return None


def _archives(bundle: Bundle) -> list[Archive]:
    return [archive for archive in (bundle.code, bundle.layer) if archive is not None]


def _inspected(bundle: Bundle, store: Store, interpreter: Path | None) -> Iterator[Problem]:
    with ExitStack() as opened:
        try:
            inspection = _Inspection(bundle, store, opened)
            found = list(inspection.problems(interpreter))
        except (OSError, BadArchive) as error:
            found = [_unreadable(bundle, error)]
    yield from found


def _unreadable(bundle: Bundle, error: Exception) -> Problem:
    return Problem(
        "package-unreadable",
        f"`{bundle.code.path.name}` cannot be read again: {error}",
        "",
        "package again",
    )


class _Inspection:
    """One bundle, with what is known of each of its groups."""

    def __init__(self, bundle: Bundle, store: Store, opened: ExitStack) -> None:
        self._bundle = bundle
        self._store = store
        self._groups = list(_groups(bundle, opened))
        self._modules = Modules(bundle.target)
        self._files: dict[str, Shipped] = {}
        for group in self._groups:
            self._modules.add(location for location, _ in group.files)
            self._files.update(group.files)
        self._facts: list[Facts] = [
            facts_of(group, bundle.target, store)
            if group.origin != CHALICE
            else Facts({}, (), (), (), edits_path=False)
            for group in self._groups
        ]
        self._bare = {place for facts in self._facts for place in facts.bare}
        for group, facts in zip(self._groups, self._facts, strict=True):
            self._modules.open.update(facts.open)
            if facts.edits_path and group.origin != PROJECT:
                self._modules.hide(location for location, _ in group.files)

    def problems(self, interpreter: Path | None) -> Iterator[Problem]:
        own = [
            module
            for group in self._groups
            if group.origin == PROJECT
            for module in read_own(group, self._bundle.target, interpreter, self._store)
        ]
        if any(module.edits_path for module in own):
            self._modules.hide(self._files)
        yield from problems_of(own, self._modules, self._bundle.left_out)
        always, later = wanted_modules(own, self._modules)
        imported = always | later
        self._bare = {
            place for place in self._bare if module_name(place, self._bundle.target) not in imported
        }
        unloadable = self._unloadable()
        compiled = compiled_sources(self._files)
        for group, facts in zip(self._groups, self._facts, strict=True):
            mine = {place: unloadable[place] for place in facts.libraries if place in unloadable}
            if group.origin == PROJECT:
                for place, faults in mine.items():
                    yield from self._load_problems(group, place, faults, self._is_module(place))
            elif group.origin != CHALICE:
                unparsed = unparsed_of(
                    group, compiled, self._bundle.target, interpreter, self._store
                )
                yield from self._of_group(group, facts, mine, unparsed, always, later)

    def _unloadable(self) -> dict[str, list[Fault]]:
        """Return what goes wrong when each library is loaded by itself."""
        libraries: dict[str, Elf] = {}
        faults: dict[str, list[Fault]] = {}
        for facts in self._facts:
            for place, library in facts.libraries.items():
                if isinstance(library, str):
                    faults[place] = [Fault(place, "library-damaged", library)]
                else:
                    libraries[place] = library
        linker = Linker(self._bundle.target, libraries, self._files)
        brought: set[str] = set()
        for place in sorted(libraries, key=lambda place: not self._is_module(place)):
            if place in brought and not self._is_module(place):
                continue
            wrong, seen = linker.load(place)
            brought |= seen - {place}
            if wrong:
                faults[place] = wrong
        return {
            place: wrong for place, wrong in faults.items() if not self._for_others(place, wrong)
        }

    def _is_module(self, place: str) -> bool:
        name = module_name(place, self._bundle.target)
        known = self._modules.provided.get(name)
        return known is not None and known.location == place and place not in self._bare

    def _for_others(self, place: str, faults: list[Fault]) -> bool:
        """Whether a file is no library of this system, and nothing on this one asks for it."""
        if self._is_module(place):
            return False
        return any(
            fault.location == place and (fault.code == "library-machine" or fault.what == SCRIPT)
            for fault in faults
        )

    def _of_group(
        self,
        group: Group,
        facts: Facts,
        unloadable: Mapping[str, list[Fault]],
        unparsed: Mapping[str, SyntaxFault],
        always: set[str],
        later: set[str],
    ) -> Iterator[Problem]:
        broken = [place for place in (*unloadable, *unparsed) if self._is_module(place)]
        lacking = [
            name
            for name in facts.mentions
            if self._modules.find(name) is Found.NOWHERE or self._only_foreign(name)
        ]
        gaps = gaps_of(group, self._modules, lacking, broken, self._store)
        tops = _main_modules(group, self._bundle.target) if gaps else set[str]()
        behind = {gap.location: gap.behind for gap in gaps if not gap.line}
        for place, faults in unloadable.items():
            names = behind.get(place, ())
            needed = place in behind and _enters(names, always | later | tops)
            yield from self._load_problems(group, place, faults, needed)
        for place, fault in unparsed.items():
            if severity := _severity(behind.get(place, ()), always, later | tops):
                source = self._files[place].source
                where = f"{source}:{fault[0]}" if source else group.where
                shown = _shown(place)
                yield unparsed_problem(shown, fault, where, self._bundle.target, severity)
        for severity in ("error", "warning"):
            told = [
                gap
                for gap in gaps
                if gap.line and self._gap_severity(gap, always, later | tops) == severity
            ]
            for same in _by_name(told):
                yield self._gap_problem(group, same, severity)
        yield from self._foreign_tops(group, facts)

    def _gap_severity(self, gap: Gap, always: set[str], later: set[str]) -> str:
        severity = _severity(gap.behind, always, later)
        # That a file is for another interpreter is as certain as that it is for another machine.
        return severity and ("error" if gap.name in self._modules.foreign else severity)

    def _only_foreign(self, name: str) -> bool:
        return name in self._modules.foreign and not self._modules.has(name)

    def _foreign_tops(self, group: Group, facts: Facts) -> Iterator[Problem]:
        """Yield the extension modules at a group's top that only another interpreter could load."""
        places = set(facts.libraries)
        for name, place in self._modules.foreign.items():
            if place in places and "." not in name and not self._modules.has(name):
                yield foreign(name, self._modules, group.where, "error")

    def _gap_problem(self, group: Group, same: Sequence[Gap], severity: str) -> Problem:
        gap = same[0]
        at = f"{_shown(gap.location)}:{gap.line}"
        source = self._files[gap.location].source
        where = f"{source}:{gap.line}" if source else group.where
        if gap.name in self._modules.foreign:
            return foreign(gap.name, self._modules, where or at, severity)
        what = at.partition("/")[0] if source else group.origin
        others = len({other.location for other in same}) - 1
        also = f", as do {others} more of its files," if others else ""
        part = self._modules.has(gap.name.partition(".")[0])
        return Problem(
            "dependency-import-not-found",
            f"`{what}` cannot be imported: `{at}`{also} imports `{gap.name}`, and nothing "
            f"provides it on {self._bundle.target}",
            where,
            "take another version: it lacks a part of its own"
            if part
            else "add what provides it to the requirements",
            severity,
        )

    def _load_problems(
        self,
        group: Group,
        place: str,
        faults: Sequence[Fault],
        needed: bool,  # noqa: FBT001 - one caller each
    ) -> Iterator[Problem]:
        for fault in faults:
            severity = "error" if needed and fault.certain else "warning"
            summary, hint = _told(fault, self._bundle, self._files.get(fault.location))
            where = self._files[place].source or group.where
            asked = "" if fault.location == place else f", which `{_shown(place)}` needs,"
            yield Problem(
                fault.code, f"`{_shown(fault.location)}`{asked} {summary}", where, hint, severity
            )


def _told(fault: Fault, bundle: Bundle, file: Shipped | None) -> tuple[str, str]:
    """Return what is wrong with a library, which is *file*, and what to do about it."""
    from chalice.bundle.inspection.image import image_of  # noqa: PLC0415 - only a mistake pays for it

    target, system = bundle.target, image_of(bundle.target).name
    built = f"take a wheel that is built for {target}"
    perhaps = "" if fault.certain else ", at least in some builds"
    match fault.code:
        case "library-machine":
            return f"is for {fault.what}, and {target} is {target.machine}", built
        case "library-version":
            has = f"which `{fault.where}` of {system} does not have{perhaps}"
            older = "take an older version, whose wheel asks for less"
            newer = ", or a newer `lambda_python_version`" if target.python < (3, 12) else ""
            return f"needs `{fault.what}`, {has}", older + newer
        case "library-missing" if fault.where:
            return (
                f"needs `{fault.what}`, and the loader does not find `{_shown(fault.where)}`",
                "it works only if something else loads that first",
            )
        case "library-missing":
            return (
                f"needs `{fault.what}`, which is neither in the package nor in {system}{perhaps}",
                "put the library into `vendor/lib/`, or take a wheel that brings it",
            )
        case _:
            own = file is not None and file.source
            return (
                f"cannot be loaded: {fault.what}",
                "put the whole library in its place, or remove it"
                if own
                else "take another version: its wheel is whole, and has it so",
            )


def _by_name(gaps: Sequence[Gap]) -> Iterator[list[Gap]]:
    """Yield the gaps that one missing module makes, by its top where it is not the group's own."""
    same: dict[str, list[Gap]] = {}
    for gap in gaps:
        top = gap.name.partition(".")[0]
        own = any(name.partition(".")[0] == top for name in gap.behind)
        same.setdefault(gap.name if own else top, []).append(gap)
    yield from same.values()


def _severity(behind: Sequence[str], always: set[str], later: set[str]) -> str:
    """Return how bad it is that modules fail: an error if own code always imports one of them."""
    if _enters(behind, always):
        return "error"
    return "warning" if _enters(behind, later) else ""


def _enters(behind: Sequence[str], wanted: set[str]) -> bool:
    """Whether importing one of *wanted* imports one of *behind*."""
    failing = set(behind)
    for name in wanted:
        prefix = ""
        for part in name.split("."):
            prefix = f"{prefix}.{part}" if prefix else part
            if prefix in failing:
                return True
    return False


def _main_modules(group: Group, target: Target) -> set[str]:
    """Return the module that a distribution is there for: its only one, or the one of its name."""
    tops: set[str] = set()
    for location, _ in group.files:
        if location.endswith((".py", ".so")) and (path := import_path(location, target)):
            top, inside, _ = path.partition("/")
            tops.add(top if inside else top.partition(".")[0])
    public = {top for top in tops if top.isidentifier() and not top.startswith("_")}
    if len(public) == 1:
        return public
    name = group.origin.partition(" ")[0].replace("-", "_").lower()
    return {top for top in tops if top.lower() == name}


def _groups(bundle: Bundle, opened: ExitStack) -> Iterator[Group]:
    """Yield the files of both archives by where they come from."""
    named = {distribution.origin: distribution for distribution in bundle.distributions}
    for archive, root in ((bundle.code, TASK_ROOT), (bundle.layer, LAYER_ROOT)):
        if archive is None:
            continue
        contents = _Lazy(archive, root, opened)
        by_origin: dict[str, list[tuple[str, Shipped]]] = {}
        for file in archive.shipped:
            by_origin.setdefault(file.origin, []).append((root + file.path, file))
        for origin, files in by_origin.items():
            known = named.get(origin)
            key = known.sha256 if known is not None else contents.hash_of(origin, files)
            where = known.where if known is not None else ""
            yield Group(origin, where, key, tuple(files), contents.read)


class _Lazy:
    """An archive that is opened when something of it has to be read."""

    def __init__(self, archive: Archive, root: str, opened: ExitStack) -> None:
        self._archive = archive
        self._root = root
        self._opened = opened
        self._contents: Contents | None = None

    def read(self, location: str) -> bytes:
        """Return the content of the file at *location*."""
        return self._open().read(location[len(self._root) :])

    def hash_of(self, origin: str, files: Sequence[tuple[str, Shipped]]) -> str:
        """Return what stands for the content of files that no wheel's hash stands for."""
        if origin in {CHALICE, PROJECT}:
            return origin if origin == CHALICE else self._archive.sha256
        digest = sha256()
        for location, _ in files:
            digest.update(sha256(self._open().stored(location[len(self._root) :])).digest())
        return digest.hexdigest()

    def _open(self) -> Contents:
        if self._contents is None:
            self._contents = self._opened.enter_context(Contents(self._archive.path))
        return self._contents


def _shown(location: str) -> str:
    """Return a file's place as the archive has it."""
    return location.removeprefix(TASK_ROOT).removeprefix(LAYER_ROOT)
