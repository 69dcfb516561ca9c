"""Requirements files as pip reads them: lines, each with its place, and what they include.

Only as much is understood as it takes to name a place, to keep to hashes and to know what is
pinned; versions and markers are uv's and pip's matter. Addresses of other machines are passed on as
they are written: `${VARIABLES}` in them are replaced where they are used, and never seen here.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.bundle.inputs import reading, variables
from chalice.diagnostics import InvalidApp, Problem, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# Options of a line of its own that say where packages come from: passed on.
_INDEXES = ("--index-url", "-i", "--extra-index-url", "--find-links", "-f", "--no-index")
# Options that ask for what is done anyway, or for what uv and pip are told by their configuration.
_MEANINGLESS = ("--only-binary", "--prefer-binary", "--trusted-host")
_INCLUDES = ("-r", "--requirement", "-c", "--constraint")
_EDITABLE = ("-e", "--editable")
_NEXT_OPTION = re.compile(r"\s+(?=--?[A-Za-z])")

# Source: packaging's specification "Names and normalization".
_NAME = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(.*)", re.DOTALL
)
_SEPARATORS = re.compile(r"[-_.]+")
_PIN = re.compile(r"\(?\s*={2,3}\s*([A-Za-z0-9.!+_-]+)\s*\)?\s*(?:;.*)?")
_ONE = r"(?:===|==|~=|!=|<=|>=|<|>)\s*[A-Za-z0-9.*+!_-]+\s*"
_VERSIONS = re.compile(rf"(?:\(\s*)?(?:{_ONE}(?:,\s*{_ONE})*,?\s*)?(?:\)\s*)?(?:;.+)?")
_HASH = re.compile(r"\s--hash(?:=|\s+)([A-Za-z0-9]+:[0-9A-Fa-f]+)")
_COMMENT = re.compile(r"(^|\s+)#.*$")
_URL = re.compile(r"(?:(?:git|hg|svn|bzr)\+)?[A-Za-z][A-Za-z0-9+.-]*:(?://)?\S+")
#: How the names of wheels and of packed sources end.
ARCHIVES = (".whl", ".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz")
_EXTRAS = re.compile(r"\[[A-Za-z0-9._, -]*\]$")
_COMMIT = re.compile(r"@[0-9a-f]{40}(?:#|$)")

OWN_NAME = "chalice"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that is asked for.

    Attributes:
        name: normalized; empty for a path or an address that does not say.
        text: as written, without hashes, continued lines joined.
        where: its place, `requirements.txt:3`.
        version: the one version that will do, empty where several may.
        hashes: of files that may be taken, `sha256:...`; any where there are none.
        source: the path, address or repository that it comes from; empty for an index.
        marker: the condition of a requirement that has a source.
    """

    name: str
    text: str
    where: str
    version: str = ""
    hashes: tuple[str, ...] = ()
    source: str = ""
    marker: str = ""

    @property
    def is_wheel(self) -> bool:
        """Whether the source is a wheel's file."""
        return self.plain_source.partition("#")[0].partition("?")[0].endswith(".whl")

    @property
    def plain_source(self) -> str:
        """The source without extras, `./lib` of `./lib[fast]`."""
        return _EXTRAS.sub("", self.source)

    @property
    def is_local(self) -> bool:
        """Whether the source is on this machine: it changes without telling."""
        return bool(self.source) and (self.source.startswith("file:") or ":" not in self.source[2:])

    def file(self) -> Path:
        """Return the file that a local source names."""
        from urllib.parse import unquote, urlsplit  # noqa: PLC0415 - few lines name one

        path = self.plain_source.partition("#")[0]
        return Path(unquote(urlsplit(path).path) if path.startswith("file:") else path)

    @property
    def exact(self) -> bool:
        """Whether it stands for the same thing for ever."""
        if self.source:
            return (
                bool(self.hashes) or "#sha256=" in self.source or bool(_COMMIT.search(self.source))
            )
        return bool(self.version)


@dataclass(frozen=True, slots=True)
class Requirements:
    """A requirements file with all that it includes.

    Attributes:
        lines: what is asked for.
        constraints: what holds for what is installed anyway.
        options: where packages come from, as uv and pip read it.
        texts: each file's content by its name, in the order of reading.
        hashed: whether everything has to have a hash, `--require-hashes`.
        variables: the names of the variables in all of these files.
    """

    lines: tuple[Requirement, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    options: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    hashed: bool = False
    variables: frozenset[str] = frozenset()

    def places(self) -> dict[str, str]:
        """Return where each name is asked for first."""
        found: dict[str, str] = {}
        for line in self.lines:
            found.setdefault(line.name, line.where)
        return found


NONE = Requirements()


def normalized(name: str) -> str:
    """Return a project's name in the one spelling that compares.

    >>> normalized("Flask_SQLAlchemy")
    'flask-sqlalchemy'
    """
    return _SEPARATORS.sub("-", name).lower()


def read(project_dir: Path, name: str, environ: Mapping[str, str]) -> Requirements:
    """Return what the file *name* of *project_dir* asks for, and what it includes.

    Raises:
        InvalidApp: every problem of these files, a variable that *environ* does not have among
            them.
    """
    reader = _Reader(project_dir, environ)
    try:
        reader.file(project_dir / name, name, name, constraint=False)
    except InvalidApp as error:
        reader.problems += error.problems
    return reader.result()


def listed(entries: Sequence[str], text: str, name: str, project_dir: Path) -> Requirements:
    """Return what *entries* ask for that the file *name* lists in its *text*.

    Raises:
        InvalidApp: every problem of the entries.
    """
    reader = _Reader(project_dir, None)
    reader.texts.append((name, text))
    written = text.splitlines()
    for entry in entries:
        numbers = (number for number, line in enumerate(written, 1) if entry in line)
        line = next(numbers, 0)
        reader.line(
            entry.strip(), f"{name}:{line}" if line else name, project_dir, constraint=False
        )
    return reader.result()


@dataclass(slots=True)
class _Reader:
    """Reads files and what they include; collects what is wrong.

    Attributes:
        project_dir: the project.
        environ: the variables; None where `${NAME}` means nothing.
    """

    project_dir: Path
    environ: Mapping[str, str] | None
    lines: list[Requirement] = field(default_factory=list[Requirement])
    constraints: list[Requirement] = field(default_factory=list[Requirement])
    options: list[str] = field(default_factory=list[str])
    texts: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    problems: list[Problem] = field(default_factory=list[Problem])
    variables: set[str] = field(default_factory=set[str])
    seen: set[tuple[str, bool]] = field(default_factory=set[tuple[str, bool]])
    hashed: bool = False

    def result(self) -> Requirements:
        if self.problems:
            raise InvalidApp(self.problems)
        return Requirements(
            tuple(self.lines),
            tuple(self.constraints),
            tuple(self.options),
            tuple(self.texts),
            self.hashed,
            frozenset(self.variables),
        )

    def file(self, path: Path, name: str, where: str, *, constraint: bool) -> None:
        key = (os.path.realpath(path), constraint)
        if key in self.seen:
            return  # twice is once, and a circle ends
        self.seen.add(key)
        text = reading.read_text(path, name, where)
        self.texts.append((name, text))
        for number, line in joined(text):
            try:
                self.line(line, f"{name}:{number}", path.parent, constraint=constraint)
            except InvalidApp as error:
                self.problems += error.problems

    def line(self, line: str, where: str, folder: Path, *, constraint: bool) -> None:
        """Take one logical line, or note what is wrong with it."""
        if self.environ is not None:
            names = variables.used(line)
            self.variables.update(names)
            if unset := [name for name in names if not self.environ.get(name)]:
                self.problems += [_unset(name, where) for name in unset]
                return
            line = variables.replaced_in_line(line, self.environ)
        if not line.startswith("-"):
            self._requirement(line, where, folder, constraint=constraint)
            return
        for written in _options(line):
            self._option(written, where, folder, constraint=constraint)

    def _option(self, written: str, where: str, folder: Path, *, constraint: bool) -> None:
        option, value = _split_option(written)
        if option in _INCLUDES:
            self._include(option, value, where, folder, constraint=constraint)
        elif option in _EDITABLE:
            # What ships is a copy anyway: there is nothing to edit on Lambda.
            self._requirement(value, where, folder, constraint=constraint)
        elif option in _INDEXES:
            self.options.append(_index_option(option, value, folder))
        elif option == "--pre":
            self.options.append("--pre")
        elif option == "--require-hashes":
            self.hashed = True
        elif option not in _MEANINGLESS:
            summary = f"`{visible(option)}` is not understood in a requirements file"
            hint = "remove it"
            if option == "--no-binary":
                hint = "wheels are taken; name what must be built here under `package.build`"
            self.problems.append(Problem("requirements-option", summary, where, hint))

    def _include(
        self, option: str, value: str, where: str, folder: Path, *, constraint: bool
    ) -> None:
        if "://" in value:
            summary = f"`{option}` names an address; only files of the project are included"
            hint = "save it beside, and include that file"
            self.problems.append(Problem("requirements-include", summary, where, hint))
            return
        path = folder / value
        try:
            name = path.resolve().relative_to(self.project_dir.resolve()).as_posix()
        except ValueError:
            name = value
        self.file(path, name, where, constraint=constraint or option in {"-c", "--constraint"})

    def _requirement(self, line: str, where: str, folder: Path, *, constraint: bool) -> None:
        hashes = tuple(found.lower() for found in _HASH.findall(f" {line}"))
        text = _HASH.sub("", f" {line}").strip()
        if _leftover := re.search(r"(?:^|\s)(--[a-z][a-z-]*)", text):
            summary = f"`{visible(_leftover[1])}` is not understood beside a requirement"
            self.problems.append(Problem("requirements-option", summary, where, "remove it"))
            return
        found = _parsed(text, where, hashes, folder)
        if isinstance(found, Problem):
            self.problems.append(found)
        else:
            (self.constraints if constraint else self.lines).append(found)


def joined(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield each logical line of *text* with the number of its first one, comments left out.

    >>> list(joined("a \\\n  b # c\n\n# d\ne"))
    [(1, 'a b'), (5, 'e')]
    """
    first, gathered = 0, ""
    # Only these end a line: a form feed in a comment does not.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, written in enumerate(lines, 1):
        first = first or number
        comment = written.lstrip().startswith("#")
        if written.endswith("\\") and not comment:
            gathered += written[:-1].rstrip() + " "
            continue
        # A comment within a continued line ends it, as for pip.
        line = _COMMENT.sub("", f"{gathered}{written.strip()}").strip()
        if line:
            yield first, line
        first, gathered = 0, ""
    if line := _COMMENT.sub("", gathered).strip():
        yield first, line


def _unset(variable: str, where: str) -> Problem:
    summary = f"`${{{variable}}}` is not set"
    hint = f"set the environment variable `{variable}`"
    return Problem("requirements-variable", summary, where, hint)


def _options(line: str) -> Iterator[str]:
    """Yield each option of a line of options, with its value.

    >>> list(_options("-i https://example.com/simple --pre"))
    ['-i https://example.com/simple', '--pre']
    """
    start = 0
    for found in _NEXT_OPTION.finditer(line):
        before = line[start : found.start()]
        # What follows a folder that is required belongs to it, and in quotes no option begins.
        if _split_option(before)[0] in _EDITABLE:
            break
        if before.count('"') % 2 == before.count("'") % 2 == 0:
            yield before
            start = found.end()
    yield line[start:]


def _split_option(written: str) -> tuple[str, str]:
    """Return the option that *written* begins with, and its value."""
    if written.startswith("--"):
        found = re.fullmatch(r"(--[A-Za-z-]+)(?:\s*=\s*|\s+|$)(.*)", written)
    else:
        found = re.fullmatch(r"(-[A-Za-z])\s*=?\s*(.*)", written)
    option, value = found.groups() if found else (written, "")
    return option, value.strip().strip("'\"")


def _index_option(option: str, value: str, folder: Path) -> str:
    long = {"-i": "--index-url", "-f": "--find-links"}.get(option, option)
    if long == "--find-links" and "://" not in value and not value.startswith("$"):
        # As an address, which may have no spaces: pip and uv do not agree on how to quote.
        value = (folder / value).absolute().as_uri()
    return f"{long} {value}".strip()


def _parsed(text: str, where: str, hashes: tuple[str, ...], folder: Path) -> Requirement | Problem:
    if own := _own_source(text):
        source, marker = own
        return Requirement(
            _named_by(source), text, where, "", hashes, _absolute(source, folder), marker
        )
    match = _NAME.fullmatch(text)
    if not match or not _plausible(match[3]):
        summary = f"`{visible(text)}` is no requirement"
        hint = "write a name and the versions that will do: `requests>=2.32`"
        return Problem("requirements-syntax", summary, where, hint)
    name, rest = normalized(match[1]), match[3]
    if rest.startswith("@"):
        source, _, marker = rest[1:].partition(" ;")
        source = _absolute(source.strip(), folder)
        return Requirement(name, text, where, "", hashes, source, marker.strip())
    pin = _PIN.fullmatch(rest)
    return Requirement(name, text, where, pin[1] if pin else "", hashes)


def _own_source(text: str) -> tuple[str, str] | None:
    """Return path or address, and marker, of a requirement that begins with its source."""
    if _NAME_AT.match(text):
        return None
    source, _, marker = text.partition(" ;")
    source = source.strip()
    if _URL.fullmatch(source):
        return source, marker.strip()
    plain = source.split("[", 1)[0]
    if plain in {".", ".."} or plain.endswith(ARCHIVES) or re.search(r"[/\\]", plain):
        return source, marker.strip()
    return None


_NAME_AT = re.compile(r"[A-Za-z0-9._-]+\s*(\[[^\]]*\])?\s*@")


def _plausible(rest: str) -> bool:
    return rest.startswith("@") or bool(_VERSIONS.fullmatch(rest))


def _absolute(source: str, folder: Path) -> str:
    """Return *source* so that it means the same from any folder."""
    if ":" in source[2:] or source.startswith("$"):
        return source
    return str((folder / source).absolute())


def _named_by(source: str) -> str:
    """Return the name that an address or the name of a wheel says, empty for none."""
    if found := re.search(r"[#&]egg=([A-Za-z0-9._-]+)", source):
        return normalized(found[1])
    file = re.split(r"[/\\]", source.partition("#")[0].partition("?")[0])[-1]
    return normalized(file.partition("-")[0]) if file.endswith(".whl") else ""


def without_own(asked: Iterable[Requirement]) -> tuple[list[Requirement], list[Requirement]]:
    """Return what of *asked* is not Chalice itself, and what is."""
    others: list[Requirement] = []
    own: list[Requirement] = []
    for line in asked:
        (own if line.name == OWN_NAME else others).append(line)
    return others, own
