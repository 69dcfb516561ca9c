"""Requirements that have to be resolved: asked of uv or pip, fetched, built, checked."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.bundle.inputs import variables
from chalice.bundle.inputs.choice import PYLOCK, PYPROJECT, UV_LOCK, parsed
from chalice.bundle.inputs.requirements import OWN_NAME, normalized, without_own
from chalice.bundle.parts import Distribution
from chalice.bundle.resolution import (
    closure,
    explain,
    hashes,
    locked,
    own_files,
    own_sources,
    settings,
    unusable,
)
from chalice.bundle.resolution.locked import Package
from chalice.bundle.resolution.question import (
    NoInterpreter,
    Question,
    SourceOnly,
    Unbuilt,
    Unreachable,
    Unsolved,
    problem,
)
from chalice.bundle.resolution.sources import Builder
from chalice.bundle.resolution.tools import Surroundings, find_tool
from chalice.bundle.resolution.uv import EXPORT, Uv
from chalice.bundle.wheels import fits
from chalice.bundle.wheels.fetch import NotFetched
from chalice.diagnostics import InvalidApp, Problem, ToolError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from chalice.bundle.inputs.choice import Inputs
    from chalice.bundle.inputs.requirements import Requirement
    from chalice.bundle.parts import Progress
    from chalice.bundle.resolution.question import Tool
    from chalice.bundle.store import Store
    from chalice.bundle.target import Target
    from chalice.bundle.wheels.fetch import Kept, Wheels
    from chalice.bundle.wheels.fits import Offer
    from chalice.bundle.wheels.transfer import Http


@dataclass(frozen=True, slots=True)
class Solved:
    """What came out.

    Attributes:
        distributions: by name.
        notes: what deserves a look.
        pinned: whether nothing else can come out of the same files.
        lasting: whether the same may be taken next time without asking again.
    """

    distributions: tuple[Distribution, ...]
    notes: tuple[Problem, ...]
    pinned: bool
    lasting: bool


def solve(
    inputs: Inputs,
    project_dir: Path,
    target: Target,
    store: Store,
    wheels: Wheels,
    *,
    build: Collection[str],
    progress: Progress,
    environ: Mapping[str, str],
    secrets: Collection[str] = (),
) -> Solved:
    """Return the wheels of everything that *inputs* ask for.

    Raises:
        InvalidApp: what cannot be had; everything at once.
        ToolError: there is no place for what is fetched.
    """
    try:
        with wheels.aside() as folder:
            question = _question(inputs, project_dir, target, folder, build, secrets)
            found = _Solving(inputs, project_dir, question, store, wheels, progress, environ)
            return found.run()
    except OSError as error:
        place = error.filename2 or error.filename or store.root
        if Path(place).is_relative_to(store.root):
            place = store.root  # what is below it nobody knows
        raise ToolError(
            f"`{place}` cannot be written: {error.strerror}; make room, "
            "or name another folder in CHALICE_CACHE_DIR"
        ) from error


def _question(
    inputs: Inputs,
    project_dir: Path,
    target: Target,
    folder: Path,
    build: Collection[str],
    secrets: Collection[str],
) -> Question:
    asked = inputs.asked
    return Question(
        lines=(),
        constraints=tuple(line.text for line in asked.constraints if line.name != OWN_NAME),
        options=asked.options,
        target=target,
        folder=folder,
        tags=fits.ranks(target),
        file=project_dir / PYPROJECT if inputs.kind == PYPROJECT else None,
        allowed=frozenset(build),
        secrets=frozenset(secrets),
    )


class _Solving:
    """One resolution on its way: collects what is wrong, and says it all at the end of a step."""

    def __init__(
        self,
        inputs: Inputs,
        project_dir: Path,
        question: Question,
        store: Store,
        wheels: Wheels,
        progress: Progress,
        environ: Mapping[str, str],
    ) -> None:
        self._inputs = inputs
        self._project_dir = project_dir
        self._question = question
        self._store = store
        self._wheels = wheels
        self._progress = progress
        self._environ = settings.with_index_of_pip(environ, project_dir, inputs.asked.options)
        self._chosen_tool: Tool | None = None
        self._builder = Builder(self._tool, question, store, wheels, progress, self._environ)
        self._problems: list[Problem] = []
        self._notes: list[Problem] = []
        self._lasting = True
        # Wheels of folders and repositories that lines ask for, made before anything else.
        self._built: set[str] = set()

    def run(self) -> Solved:
        """Go all the way."""
        asked = self._inputs.asked
        lines, own = without_own(asked.lines)
        self._notes += [_own_note(line.where) for line in own]
        if not self._inputs.locked:
            lines = self._sources_built(lines)
        self._stop()
        packages = self._packages(lines)
        found = self._taken(packages, lines)
        self._stop()
        if any(package.name == OWN_NAME for package in packages):
            found = self._without_own(found, lines)
        self._notes += own_files.unknown_extras(lines, found)
        exact = {line.name for line in (*lines, *asked.constraints) if line.exact}
        pinned = self._inputs.locked or all(wheel.name in exact for wheel in found)
        ordered = tuple(sorted(found, key=lambda wheel: wheel.name))
        notes = tuple(dict.fromkeys(self._notes))
        return Solved(ordered, notes, pinned=pinned, lasting=self._lasting)

    def _tool(self) -> Tool:
        """Return uv or pip, looked for once."""
        if self._chosen_tool is None:
            around = Surroundings(self._environ)
            target = self._question.target
            self._chosen_tool = find_tool(self._project_dir, target, self._store, around)
        return self._chosen_tool

    def _stop(self) -> None:
        if self._problems:
            raise InvalidApp(list(dict.fromkeys(self._problems)))

    # --- what is asked ---------------------------------------------------------------------------

    def _sources_built(self, lines: Sequence[Requirement]) -> list[Requirement]:
        """Return *lines* with the wheel of each folder, archive and repository in its place."""
        result: list[Requirement] = []
        for line in lines:
            if not line.source:
                result.append(line)
            elif not _meant(line.marker, self._question.target):
                continue
            elif line.is_wheel:
                self._problems += self._wrong_wheel(line)
                result.append(own_files.with_file(line) if line.is_local else line)
            elif built := self._line_built(line):
                result.append(built)
        return result

    def _wrong_wheel(self, line: Requirement) -> list[Problem]:
        """Return what is wrong with a wheel that a line names itself."""
        name = locked.file_name(line.source)
        if not fits.fits(name, self._question.tags):
            version = name.split("-")[1] if name.count("-") > 1 else ""
            package = Package(line.name, version, (fits.Offer(name, line.source, {}),))
            return [explain.no_wheel(self._tool(), self._question, package, line.where)]
        return own_files.wrong_wheel(line, name) if line.is_local else []

    def _line_built(self, line: Requirement) -> Requirement | None:
        if line.is_local and not line.file().exists():
            summary = f"`{line.plain_source}` does not exist"
            hint = "put it there, or remove the line"
            self._problems.append(problem("requirement-unreadable", summary, line.where, hint))
            return None
        name = line.name or own_sources.name_of(line.plain_source)
        try:
            wheel = self._made_of(line.plain_source, name, line.where)
        except Unbuilt as error:
            self._problems.append(explain.unbuilt(self._question, line, name, error.said))
            return None
        self._lasting = self._lasting and not line.is_local
        name = normalized(wheel.path.name.partition("-")[0])
        if name == OWN_NAME:
            self._notes.append(_own_note(line.where))
            return None
        self._built.add(name)
        uri = wheel.path.as_uri()
        return replace(
            line, name=name, text=f"{name}{own_files.extras(line.text)} @ {uri}", marker=""
        )

    def _made_of(self, source: str, name: str, where: str) -> Kept:
        """Return the wheel of a folder, an archive or a repository; note secrets in a folder's."""
        wheel = self._builder.build(variables.replaced(source, self._environ), name)
        folder = own_sources.folder_of(source)
        if folder is not None:
            self._problems += self._secrets_of(wheel, folder, where)
        return wheel

    def _secrets_of(self, wheel: Kept, source: Path, where: str) -> Iterator[Problem]:
        named = self._question.secrets
        return own_sources.secrets_of(wheel.path, source, self._project_dir, named, where)

    def _packages(self, lines: Sequence[Requirement]) -> Sequence[Package]:
        """Return what is taken, before anything of it is fetched."""
        kind = self._inputs.kind
        question = replace(self._question, lines=tuple(line.text for line in lines))
        try:
            if kind == PYLOCK:
                return self._in_pylock()
            if kind == UV_LOCK:
                return self._in_uv_lock(question)
            return self._tool().solve(question, self._progress) if lines else ()
        except Unreachable as error:
            pinned = self._inputs.locked or all(line.exact for line in lines)
            raise InvalidApp([explain.unreachable(error.said, kind, pinned=pinned)]) from error
        except NoInterpreter as error:
            raise InvalidApp([explain.no_interpreter(question, error.said, kind)]) from error
        except SourceOnly as error:
            where = next((line.where for line in lines if line.name == error.package.name), kind)
            tool, said = self._tool(), error.said
            raise InvalidApp(
                [explain.no_wheel(tool, question, error.package, where, build_said=said)]
            ) from error
        except Unsolved as error:
            if self._inputs.locked:
                raise InvalidApp([explain.lock(error.said, kind)]) from error
            damaged = self._damaged(error.said, lines)
            raise InvalidApp(
                explain.unsolved(self._tool(), question, lines, error.said, kind, damaged)
            ) from error

    def _damaged(self, said: str, lines: Sequence[Requirement]) -> list[Problem]:
        """Return the problem of a file that uv or pip could not read."""
        options = self._inputs.asked.options
        folders = settings.folders(self._project_dir, self._environ, options)
        kind = self._inputs.kind
        return list(unusable.damaged(said, lines, kind, folders, self._project_dir))

    def _in_pylock(self) -> Sequence[Package]:
        document = parsed(self._inputs.texts[0][1], PYLOCK)
        try:
            return locked.packages(document, self._project_dir, self._question.target.markers)
        except locked.Unreadable as error:
            raise Unsolved(str(error)) from error

    def _in_uv_lock(self, question: Question) -> Sequence[Package]:
        tool = self._tool()
        if isinstance(tool, Uv):
            self._progress("Resolving")
            return tool.locked(question)
        hint = f"install uv, or export the lock: `{EXPORT}`"
        summary = "`uv.lock` is read by uv, which is not on this machine"
        raise InvalidApp([Problem("resolver-missing", summary, UV_LOCK, hint)])

    # --- what is taken ---------------------------------------------------------------------------

    def _taken(
        self, packages: Sequence[Package], lines: Sequence[Requirement]
    ) -> list[Distribution]:
        """Return the wheel of each package: fetched, or built where there is none."""
        places = {line.name: line.where for line in reversed(lines)}
        wanted = hashes.asked_for(lines, required=self._inputs.asked.hashed)
        ready: list[tuple[Package, Offer]] = []
        unready: list[Package] = []
        for package in packages:
            if package.name == OWN_NAME:
                self._notes.append(_own_note(places.get(OWN_NAME, self._inputs.kind)))
                continue
            where = places.get(package.name, self._inputs.kind)
            promised = wanted.get(package.name, ()) if wanted is not None else None
            if promised == () and package.name not in self._built:
                self._problems.append(hashes.missing(package, where))
                continue
            kept = hashes.allowed(package, promised) if package.name not in self._built else package
            offer = fits.best(kept.wheels, self._question.tags)
            if offer is not None:
                ready.append((package, offer))
            elif promised and fits.best(package.wheels, self._question.tags):
                self._problems.append(hashes.mismatch(package, self._question, where))
            else:
                unready.append(kept)
        # Everything is looked at before anybody is told.
        made = self._made(unready, places)
        return [*self._fetched(ready, places), *made] if not self._problems else []

    def _without_own(
        self, found: list[Distribution], lines: Sequence[Requirement]
    ) -> list[Distribution]:
        """Return *found* without what only Chalice itself needs, where what is asked is known."""
        roots = {line.name for line in lines}
        if not roots:
            return found
        wheels = {wheel.name: wheel.wheel for wheel in found}
        try:
            kept = closure.needed(wheels, roots, self._question.target.markers)
        except zipfile.BadZipFile:
            return found  # whoever reads the wheels says which it is
        return [wheel for wheel in found if wheel.name in kept]

    def _fetched(
        self, chosen: Sequence[tuple[Package, Offer]], places: Mapping[str, str]
    ) -> list[Distribution]:
        found: list[Distribution] = []
        got = self._fetch([offer for _, offer in chosen])
        for (package, offer), wheel in zip(chosen, got, strict=True):
            where = places.get(package.name, self._inputs.kind)
            if isinstance(wheel, NotFetched):
                self._problems.append(unusable.not_fetched(package, wheel, where, self._inputs))
                continue
            wrong = unusable.wrong_content(package, wheel, self._question, where)
            if wrong:
                self._problems.append(wrong)
                continue
            version = package.version or offer.name.split("-")[1]
            built = package.built or package.name in self._built
            places_of = () if built else self._places_of(offer)
            if own := own_sources.own_wheel(wheel, places_of, self._project_dir):
                self._problems += self._secrets_of(wheel, own, where)
            found.append(
                Distribution(package.name, version, wheel.path, wheel.sha256, where, built)
            )
        return found

    def _places_of(self, offer: Offer) -> Iterator[Path]:
        """Yield the files of this machine that a wheel may be: pip copies what it has chosen."""
        asked = self._inputs.asked
        yield from settings.folders(self._project_dir, {}, [f"-f {offer.url}"])
        yield from [line.file() for line in asked.lines if line.is_local and line.is_wheel]
        for folder in settings.folders(self._project_dir, self._environ, asked.options):
            yield folder / offer.name

    def _fetch(self, offers: Sequence[Offer]) -> list[Kept | NotFetched]:
        if not offers:
            return []
        return self._wheels.fetch(offers, self._connected, self._progress)

    def _connected(self) -> Http:
        from chalice.bundle.wheels.credentials import Credentials  # noqa: PLC0415 - what follows is
        from chalice.bundle.wheels.transfer import Http  # noqa: PLC0415 - heavy, and wheels may be here

        addresses = [option.partition(" ")[2] for option in self._inputs.asked.options]
        addresses += settings.uv_indexes(self._project_dir, self._environ)
        return Http(Credentials(self._environ, addresses, self._signed_in), self._environ)

    def _signed_in(self, service: str) -> tuple[str, str] | None:
        """Return what uv keeps for *service*, where it is uv that resolves."""
        tool = self._chosen_tool
        return tool.token(service) if isinstance(tool, Uv) else None

    def _made(self, packages: Sequence[Package], places: Mapping[str, str]) -> list[Distribution]:
        """Return the wheels of packages that have a source only."""
        found: list[Distribution] = []
        for package in packages:
            where = places.get(package.name, self._inputs.kind)
            wheel = self._one_made(package, where)
            if wheel is not None:
                version = package.version or wheel.path.name.split("-")[1]
                found.append(
                    Distribution(package.name, version, wheel.path, wheel.sha256, where, built=True)
                )
        return found

    def _one_made(self, package: Package, where: str) -> Kept | None:
        try:
            if package.source:
                self._lasting = self._lasting and ":" in package.source[2:]
                return self._made_of(package.source, package.name, where)
            if package.sdist is None:
                if self._inputs.locked and not package.wheels:
                    said = f"`{package.name}` has neither `wheels` nor `sdist`"
                    self._problems.append(explain.lock(said, self._inputs.kind))
                    return None
                self._problems.append(
                    explain.no_wheel(self._tool(), self._question, package, where)
                )
                return None
            (archive,) = self._fetch([package.sdist])
            if isinstance(archive, NotFetched):
                self._problems.append(unusable.not_fetched(package, archive, where, self._inputs))
                return None
            return self._builder.build(str(archive.path), package.name, archive.sha256)
        except Unbuilt as error:
            self._problems.append(
                explain.no_wheel(
                    self._tool(), self._question, package, where, build_said=error.said
                )
            )
            return None


def _meant(marker: str, target: Target) -> bool:
    from packaging.markers import InvalidMarker, Marker  # noqa: PLC0415 - few lines have one

    try:
        return not marker or Marker(marker).evaluate(target.markers)
    except InvalidMarker:
        return True  # uv or pip will say what is wrong with it


def _own_note(where: str) -> Problem:
    summary = "`chalice` is not taken from an index: the Chalice that packages ships itself"
    return Problem("requirement-chalice", summary, where, "remove the line", "warning")
