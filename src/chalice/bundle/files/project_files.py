"""Which files of a project ship, and where: the walk through its folder.

    app.py          at the top
    chalicelib/     as it is
    vendor/         what is in it, at the top
    include         where it is in the project

`exclude` wins over all of them. Links are followed, as AWS Chalice follows them; one that leaves
the project is announced. What cannot be read, or is no file, is a problem, unless it would not
ship. What is secret is a problem too, unless it is named; litter stays out (`litter`, `secrets`).
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chalice.bundle.files import litter, secrets
from chalice.bundle.files.idle import EXCLUDED, idle, without_app
from chalice.bundle.files.names import alike, shown, wrong_name
from chalice.bundle.parts import PROJECT, VENDOR, LeftOut
from chalice.diagnostics import Problem
from chalice.patterns import Pattern, sorted_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_APP = "app.py"
_LIBRARY = "chalicelib"
_VENDOR = "vendor"
_PIECE_BYTES = 1 << 20
_BACKUP = ".bak"

_KINDS = {
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

Wanted = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """One file of the project that ships.

    Attributes:
        path: its place in the archive.
        file: where it is.
        source: where it is in the project, with `/`.
        origin: `PROJECT` or `VENDOR`.
        sha256: of its content, hexadecimal. What ships is what was looked at.
        executable: whether it is a program, and its mode says so.
        included: whether `package.include` names it.
    """

    path: str
    file: Path
    source: str
    origin: str
    sha256: str
    executable: bool = False
    included: bool = False


@dataclass(frozen=True, slots=True)
class Collected:
    """What the walk through a project found.

    Attributes:
        files: what ships, by place.
        left_out: what was found and does not ship; a folder's path ends with `/`, and nobody
            looked into it.
        problems: errors, which have to be mended first, and warnings.
    """

    files: tuple[ProjectFile, ...]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


def collect_project(
    project_dir: Path,
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    named_secrets: Sequence[str] = (),
) -> Collected:
    """Return what of the project in *project_dir* ships.

    Args:
        project_dir: where `app.py` is.
        include: patterns of further files (`package.include`).
        exclude: patterns of files that do not ship (`package.exclude`).
        named_secrets: paths of files that ship although they look secret, or lie where nothing
            else ships (`package.secrets`).
    """
    includes, wrong_includes = sorted_out(include, "include")
    excludes, wrong_excludes = sorted_out(exclude, "exclude")
    names, wrong_names = sorted_out(named_secrets, "secrets")
    named = frozenset(name.base for name in names)
    walk = _Walk(project_dir, excludes, named)
    walk.problems += (*wrong_includes, *wrong_excludes, *wrong_names)
    if not (project_dir / _APP).is_file():
        hint = "run `chalice` in a project's directory, or make one: `chalice new-project NAME`"
        summary = f"there is no `app.py` in `{project_dir}`"
        walk.problems.append(Problem("app-missing", summary, "", hint))
    elif by := walk.excluding(_APP):
        walk.problems.append(without_app(by, _APP))
    for root in (_APP, _LIBRARY, _VENDOR):
        walk.start(root, lambda _: True)
    for pattern in includes:
        walk.start(pattern.base, pattern.matches)
    for name in names:
        walk.start(name.base, name.base.__eq__, through_litter=True)
    walk.problems += walk.idle(includes, "include") + walk.idle(excludes, "exclude")
    # What is in a wheel of the project is met by whoever looks into that.
    here = [name for name in names if not _in_wheel(project_dir, name.base)]
    walk.problems += walk.idle(here, "secrets") + alike(walk.files)
    files = [
        replace(file, included=any(pattern.matches(file.source) for pattern in includes))
        for file in walk.files.values()
    ]
    return Collected(
        tuple(sorted(files, key=lambda file: (file.path, file.origin))),
        tuple(sorted(walk.left_out.values(), key=lambda left: left.path)),
        tuple(walk.problems),
    )


def read_pieces(file: Path) -> Iterator[bytes]:
    """Yield what is in *file*, in pieces that fit into memory.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE_BYTES):
            yield piece


class _Reading:
    """Hashes what is read.

    Attributes:
        digest: of what was read so far.
        is_program: whether it begins as programs do. A mode alone does not tell: on some file
            systems everything may be executed.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.digest = hashlib.sha256()
        self.is_program = False
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        for number, piece in enumerate(self._pieces):
            if number == 0:
                self.is_program = piece.startswith((b"\x7fELF", b"#!"))
            self.digest.update(piece)
            yield piece


def unreadable(source: str, error: OSError) -> Problem:
    """Return the problem of a file of the project that cannot be read."""
    where = shown(source)
    summary = f"`{where}` cannot be read: {error.strerror or error}"
    hint = "make it readable, or name it in `package.exclude`"
    return Problem("file-unreadable", summary, where, hint)


@dataclass(slots=True)
class _Walk:
    """Walks through the project; files that several patterns mean are found once."""

    project: Path
    excludes: list[Pattern]
    named: frozenset[str]
    files: dict[str, ProjectFile] = field(default_factory=dict[str, ProjectFile])
    left_out: dict[str, LeftOut] = field(default_factory=dict[str, LeftOut])
    problems: list[Problem] = field(default_factory=list[Problem])
    _root: Path = field(init=False)
    _excluded_by: set[str] = field(default_factory=set[str])
    _met: set[str] = field(default_factory=set[str])
    _told: set[str] = field(default_factory=set[str])
    _outer_links: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self._root = self.project.resolve()

    def start(self, base: str, wanted: Wanted, *, through_litter: bool = False) -> None:
        """Collect what is at *base* and below it, as far as it is *wanted*.

        Args:
            base: a path from the project's folder; empty for the folder itself.
            wanted: whether a file at a path is to ship.
            through_litter: whether the folders above may be litter.
        """
        names = base.split("/") if base else []
        file = self.project / base if base else self.project
        folders = names if _is_folder(file) else names[:-1]
        for depth, name in enumerate(() if through_litter else folders, 1):
            if litter.is_litter_folder(name) and "/".join(names[:depth]) not in self.named:
                self._leave("/".join(names[:depth]) + "/", litter.REASON)
                return
        if not base:
            self._folder(file, "", wanted, ())
        elif os.path.lexists(file):
            self._entry(file, base, wanted, ())

    def idle(self, patterns: Sequence[Pattern], key: str) -> list[Problem]:
        """Return a warning for each of *patterns* that met no file."""
        met = self._excluded_by if key == "exclude" else self._met
        known = list(met | set(self.files) | set(self.left_out))
        found = [
            idle(pattern, key, list(map(shown, known)), self.left_out)
            for pattern in patterns
            if not (pattern.text in met or (met is self._met and any(map(pattern.matches, known))))
        ]
        return [problem for problem in found if problem is not None]

    def excluding(self, relative: str) -> Pattern | None:
        """Return the pattern that keeps a path out, taking note of all that do."""
        found = [pattern for pattern in self.excludes if pattern.matches(relative)]
        self._excluded_by.update(pattern.text for pattern in found)
        return found[0] if found else None

    def _entry(self, file: Path, relative: str, wanted: Wanted, inside: tuple[Path, ...]) -> None:
        """Collect one name in a folder; *inside* are the real folders that lead to it."""
        name = relative.rpartition("/")[2]
        if relative in self.files or relative in self._told:
            return
        if self.excluding(relative):
            if wanted(relative):
                self._leave(relative + "/" if _is_folder(file) else relative, EXCLUDED, file)
            return
        try:
            facts = file.stat()
        except OSError as error:
            if wanted(relative):
                self._unfollowed(file, relative, error)
            return
        if stat.S_ISDIR(facts.st_mode):
            if not self._stays_out(name, relative, file, wanted):
                if wanted(relative):
                    self._announce(file, relative)
                self._folder(file, relative, wanted, inside)
        elif wanted(relative):
            self._file(file, relative, facts)

    def _stays_out(self, name: str, relative: str, file: Path, wanted: Wanted) -> bool:
        """Return whether a folder is not to be looked into, after taking note of it."""
        if litter.is_litter_folder(name) or litter.is_environment(file):
            if wanted(relative):
                self._leave(relative + "/", litter.REASON)
            return True
        kept = secrets.secret_folder(name) or secrets.secret_folder(_real_name(file))
        if kept and wanted(relative):
            self._secret(relative, kept)
        return kept is not None

    def _folder(self, file: Path, relative: str, wanted: Wanted, inside: tuple[Path, ...]) -> None:
        real = file.resolve()
        if real in inside:
            hint = "remove the link, or name it in `package.exclude`"
            summary = f"`{shown(relative)}` is a link to a folder that it is in"
            self._problem(relative, "link-cycle", summary, hint)
            return
        try:
            names = sorted(entry.name for entry in os.scandir(file))
        except OSError as error:
            self._told.add(relative)
            self.problems.append(unreadable(relative or ".", error))
            return
        for name in names:
            path = f"{relative}/{name}" if relative else name
            self._entry(file / name, path, wanted, (*inside, real))

    def _file(self, file: Path, relative: str, facts: os.stat_result) -> None:
        """Collect what is no folder."""
        name = relative.rpartition("/")[2]
        if relative not in self.named and _is_litter(file, name):
            self._leave(relative, litter.REASON, file)
        elif not stat.S_ISREG(facts.st_mode):
            kind = _KINDS.get(stat.S_IFMT(facts.st_mode), "no regular file")
            hint = "remove it, or name it in `package.exclude`"
            self._problem(relative, "not-a-file", f"`{shown(relative)}` is {kind}", hint)
        elif wrong := wrong_name(relative):
            hint = "rename it, or name its folder in `package.exclude`"
            self._problem(relative, "file-name", wrong, hint)
        else:
            self._unless_secret(file, relative, name, runs=bool(facts.st_mode & stat.S_IXUSR))

    def _unless_secret(self, file: Path, relative: str, name: str, *, runs: bool) -> None:
        """Collect a file unless it is secret by its name, by where a link leads, or by content."""
        real = file.resolve()
        reading = _Reading(read_pieces(file))
        try:
            within = secrets.secret_in(name, reading)
        except OSError as error:
            self._told.add(relative)
            self.problems.append(unreadable(relative, error))
            return
        kept = (
            secrets.secret_by_name(name)
            or secrets.secret_by_name(real.name)
            or _in_secret_folder(real, self._root)
            or within
        )
        if kept and relative not in self.named:
            self._secret(relative, kept, file)
            return
        self._announce(real, relative)
        self._met.add(relative)
        self.left_out.pop(relative, None)
        path, origin = _place(relative)
        self.files[relative] = ProjectFile(
            path, file, relative, origin, reading.digest.hexdigest(), runs and reading.is_program
        )

    def _leave(self, relative: str, reason: str, file: Path | None = None) -> None:
        path, origin = _place(relative)
        size = 0 if file is None or relative.endswith("/") else _size(file)
        self.left_out[relative] = LeftOut(shown(path), size, origin, reason)

    def _secret(self, relative: str, kept: str, file: Path | None = None) -> None:
        self._leave(relative if file else relative + "/", secrets.REASON, file)
        summary = f"`{shown(relative)}` would ship, and holds {kept}"
        hint = (
            "move it out of what ships (Lambda has environment variables, Parameter Store and "
            "Secrets Manager for secrets), name it in `package.exclude`, or, if it is to ship, "
            "in `package.secrets`"
        )
        if file is None:
            hint = hint.replace("in `package.secrets`", "its files in `package.secrets`")
        self._problem(relative, "secret-in-package", summary, hint)

    def _unfollowed(self, file: Path, relative: str, error: OSError) -> None:
        """Take note of a name that leads nowhere."""
        if _is_litter(file, relative.rpartition("/")[2]):
            self._leave(relative, litter.REASON)
        elif error.errno == errno.ELOOP:
            summary = f"`{shown(relative)}` is a link that leads to itself"
            hint = "mend or remove the link, or name it in `package.exclude`"
            self._problem(relative, "link-cycle", summary, hint)
        elif not isinstance(error, PermissionError) and _is_link(file):
            target = str(file.readlink())
            summary = f"`{shown(relative)}` is a link to `{shown(target)}`, which does not exist"
            hint = "mend or remove the link, or name it in `package.exclude`"
            self._problem(relative, "link-dangling", summary, hint)
        else:
            self._told.add(relative)
            self.problems.append(unreadable(relative, error))

    def _announce(self, file: Path, relative: str) -> None:
        """Warn of the link by which *relative* leaves the project; what is behind it goes without.

        Args:
            file: where it is, links in its folder's path included or not.
            relative: its path in the project.
        """
        link, target = relative, file.resolve()
        if target.is_relative_to(self._root):
            return
        names = relative.split("/")
        for end in range(1, len(names) + 1):
            link = "/".join(names[:end])
            if link in self._outer_links:
                return
            target = (self.project / link).resolve()
            if not target.is_relative_to(self._root):
                break
        self._outer_links.add(link)
        where, there = shown(link), shown(str(target))
        summary = f"`{where}` is a link to `{there}`, outside of the project; it ships"
        hint = "name it in `package.exclude` if it is not to"
        self.problems.append(Problem("link-leaves-project", summary, where, hint, "warning"))

    def _problem(self, relative: str, code: str, summary: str, hint: str) -> None:
        self._told.add(relative)
        self.problems.append(Problem(code, summary, shown(relative), hint))


def _in_wheel(project: Path, relative: str) -> bool:
    """Whether a path leads into a wheel that lies in the project."""
    wheel, mark, inside = relative.partition(".whl/")
    return bool(inside) and (project / (wheel + mark[:-1])).is_file()


def _place(relative: str) -> tuple[str, str]:
    """Return where a file of the project goes in the archive, and its origin."""
    if relative.startswith(f"{_VENDOR}/"):
        return relative.removeprefix(f"{_VENDOR}/"), VENDOR
    return relative, PROJECT


def _is_litter(file: Path, name: str) -> bool:
    """Return whether a file is litter: not bytecode without its source, which is a module.

    Nor is a copy of a secret, which stops the command as the secret does.
    """
    if name.endswith(".pyc") and not os.path.lexists(file.with_suffix(".py")):
        return False
    if name.endswith(_BACKUP) and secrets.secret_by_name(name):
        return False
    return litter.is_litter(name)


def _is_link(file: Path) -> bool:
    try:
        return file.is_symlink()
    except OSError:
        return False


def _is_folder(file: Path) -> bool:
    try:
        return file.is_dir()
    except OSError:
        return False


def _real_name(file: Path) -> str:
    return file.resolve().name if file.is_symlink() else file.name


def _in_secret_folder(real: Path, root: Path) -> str | None:
    """Return what the folder keeps secret in which a link has ended, or None."""
    parts = (real.relative_to(root) if real.is_relative_to(root) else real).parts
    return next((kept for part in parts[:-1] if (kept := secrets.secret_folder(part))), None)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
