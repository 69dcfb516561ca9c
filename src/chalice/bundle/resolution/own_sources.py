"""Sources that are folders of the user: their names, clean copies of them, and secrets inside.

Builds write beside the source, and some take up what they have left there before: setuptools puts
what `build/lib` holds into a wheel though it is gone from the source. So a copy is built, without
what builds and tools leave behind, and the user's folder stays as it is.
"""

from __future__ import annotations

import configparser
import hashlib
import os
import re
import shutil
import stat
import tomllib
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from chalice import programs
from chalice.bundle.files import litter, secrets
from chalice.bundle.inputs.requirements import normalized
from chalice.bundle.resolution.question import Unbuilt, problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from chalice.bundle.wheels.fetch import Kept
    from chalice.diagnostics import Problem

_GIT = ".git"
# What setuptools leaves in `build`. Source: its commands `build` and `bdist_wheel`.
_LEFT_IN_BUILD = re.compile(r"lib|lib\..*|temp\..*|bdist\..*|scripts-.*")
# What frontends leave in `dist`.
_LEFT_IN_DIST = re.compile(r".*\.(?:whl|tar\.gz|zip|egg)")
_SDIST = re.compile(r"(.+?)-\d[^-]*\.(?:tar\.gz|tgz|zip|tar\.bz2|tar\.xz)")
_IN_SETUP = re.compile(r"""\bname\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_PIECE = 1 << 20
# Paths that one command takes.
_AT_ONCE = 500


def folder_of(source: str) -> Path | None:
    """Return the folder of this machine that a source is, None for anything else."""
    from urllib.parse import unquote, urlsplit  # noqa: PLC0415 - few sources are folders

    path = Path(unquote(urlsplit(source).path) if source.startswith("file:") else source)
    try:
        return path if path.is_dir() else None
    except (OSError, ValueError):
        return None


def name_of(source: str) -> str:
    """Return the name of the package that a folder or an archive makes, as far as it says one."""
    folder = folder_of(source)
    if folder is None:
        found = _SDIST.fullmatch(source.partition("#")[0].replace("\\", "/").rsplit("/", 1)[-1])
        return normalized(found[1]) if found else ""
    for said in (_in_pyproject, _in_setup_cfg, _in_setup):
        with suppress(OSError, ValueError, configparser.Error):
            if name := said(folder):
                return normalized(name)
    return normalized(folder.resolve().name)


def _in_pyproject(folder: Path) -> str:
    document: dict[str, object] = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    tool = document.get("tool")
    poetry = cast("dict[str, object]", tool).get("poetry") if isinstance(tool, dict) else None
    for table in (document.get("project"), poetry):
        if isinstance(table, dict):
            name = cast("dict[str, object]", table).get("name")
            if isinstance(name, str):
                return name
    return ""


def _in_setup_cfg(folder: Path) -> str:
    parser = configparser.RawConfigParser()
    parser.read_string((folder / "setup.cfg").read_text("utf-8"))
    return parser.get("metadata", "name", fallback="")


def _in_setup(folder: Path) -> str:
    found = _IN_SETUP.search((folder / "setup.py").read_text("utf-8"))
    return found[1] if found else ""


# --- the copy ------------------------------------------------------------------------------------


def copied(folder: Path, into: Path, environ: Mapping[str, str]) -> Path:
    """Return a copy of *folder* below *into*, without what earlier builds and tools have left.

    What stands beside it, up to the top of its repository, is linked: sources read files of the
    folders above, and their versions from the repository.

    Raises:
        Unbuilt: something in it cannot be read.
    """
    folder = folder.resolve()
    top = next((path for path in (folder, *folder.parents) if _has(path / _GIT)), folder.parent)
    place = into
    into.mkdir(parents=True, exist_ok=True)
    above = top
    for name in folder.relative_to(top).parts:
        _link_siblings(above, place, name)
        above, place = above / name, place / name
        place.mkdir()
    _Copy(folder, place, into.resolve()).folder(folder, place)
    with suppress(OSError):
        _link_repository(top / _GIT, into / _GIT)
        if place != into:
            _overlook_others(into, folder.relative_to(top).as_posix(), environ)
    return place


def _has(path: Path) -> bool:
    return os.path.lexists(path)


def _link_siblings(folder: Path, place: Path, but: str) -> None:
    """Link in *place* to all that is in *folder*, *but* for one name."""
    with suppress(OSError):  # where links are not to be had the source does without
        for path in folder.iterdir():
            if path.name not in {but, _GIT}:
                (place / path.name).symlink_to(path)


def _link_repository(git: Path, place: Path) -> None:
    """Write what makes the folder of *place* a working tree of the repository *git*."""
    named = git
    if git.is_file():
        text = git.read_text("utf-8")
        named = git.parent / text.partition("gitdir:")[2].strip()
    common = named / "commondir"
    shared = named / common.read_text("utf-8").strip() if common.is_file() else named
    # A working tree of its own (source: gitrepository-layout): nothing is written into the user's.
    place.mkdir()
    (place / "commondir").write_text(f"{shared.resolve()}\n", "utf-8")
    for name in ("HEAD", "index"):
        shutil.copyfile(named / name, place / name)


def _overlook_others(top: Path, within: str, environ: Mapping[str, str]) -> None:
    """Let git not look at what is linked, so that it does not count as changed."""
    git = shutil.which("git", path=environ.get("PATH", ""))
    if git is None:
        return
    listed = programs.run(
        [git, "ls-files", "-z", "--", f":(exclude){within}"], cwd=top, environ=environ
    ).output
    paths = listed.split("\0")[:-1]
    for start in range(0, len(paths), _AT_ONCE):
        command = [git, "update-index", "--skip-worktree", "--"]
        programs.run([*command, *paths[start : start + _AT_ONCE]], cwd=top, environ=environ)


class _Copy:
    """Copies one source."""

    def __init__(self, source: Path, place: Path, scratch: Path) -> None:
        self._source = source
        self._place = place
        self._scratch = scratch

    def folder(self, folder: Path, place: Path) -> None:
        """Copy what is in *folder* into *place*."""
        try:
            for path in sorted(folder.iterdir()):
                if not self._is_left(folder, path):
                    self._entry(path, place / path.name)
        except OSError as error:
            # Where something is copied, and both ends are named, there is no room for the copy.
            reading = error.filename and error.filename2 is None
            if reading and Path(os.fsdecode(error.filename)).is_relative_to(self._source):
                raise Unbuilt(f"`{error.filename}` cannot be read: {error.strerror}") from error
            raise

    def _entry(self, path: Path, place: Path) -> None:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            target = path.readlink()
            end = Path(os.path.normpath(path.parent / target))
            # A link that stays within means the copy; one that leaves has to find its way.
            within = not target.is_absolute() and end.is_relative_to(self._source)
            place.symlink_to(target if within else end)
        elif stat.S_ISDIR(mode):
            place.mkdir()
            self.folder(path, place)
        elif stat.S_ISREG(mode):
            shutil.copy2(path, place)

    def _is_left(self, folder: Path, path: Path) -> bool:
        """Whether something in *folder* belongs to no source."""
        name = path.name
        if folder == self._source and name == _GIT:
            return True
        if path.is_dir() and not path.is_symlink():
            return (
                name.endswith(".egg-info")
                or litter.is_litter_folder(name)
                or litter.is_environment(path)
                or (folder == self._source / "build" and bool(_LEFT_IN_BUILD.fullmatch(name)))
                or self._scratch.is_relative_to(path)
            )
        if folder == self._source / "dist" and _LEFT_IN_DIST.fullmatch(name):
            return True
        # Some builds leave out what `.gitignore` names.
        return _is_litter_file(path) and not name.startswith(".git")


def _is_litter_file(path: Path) -> bool:
    if path.suffix == ".pyc" and not _has(path.with_suffix(".py")):
        return False
    return litter.is_litter(path.name)


# --- secrets -------------------------------------------------------------------------------------


def own_wheel(wheel: Kept, places: Iterable[Path], project_dir: Path) -> Path | None:
    """Return the file in the project that *wheel* is a copy of, None where it is anybody's.

    Args:
        wheel: what was taken.
        places: the files that it may have been.
        project_dir: the project.
    """
    root = project_dir.resolve()
    for path in places:
        with suppress(OSError):
            if path.name == wheel.path.name and path.resolve().is_relative_to(root):
                with path.open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() == wheel.sha256:
                        return path
    return None


def secrets_of(
    wheel: Path, source: Path, project_dir: Path, named: Collection[str], where: str
) -> Iterator[Problem]:
    """Yield the problem of each secret in a wheel that is the user's own.

    Args:
        wheel: the wheel.
        source: the folder that it was built from, or the wheel's own place.
        project_dir: the project, whose paths are shown.
        named: paths in the project of secrets that may ship.
        where: who asks for it.
    """
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            if entry.is_dir() or not (kept := _kept_secret(archive, entry)):
                continue
            path = _in_project(source, entry, project_dir)
            if path in named:
                continue
            if source.is_dir():
                summary = f"`{path}` would ship in `{wheel.name}`, and holds {kept}"
                away = "move it out of what the folder packages"
            else:
                summary = f"`{path}` would ship, and holds {kept}"
                away = "build the wheel again without it"
            hint = f"{away}, or, if it is to ship, name it in `package.secrets`"
            yield problem("secret-in-package", summary, where, hint)


def _kept_secret(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str | None:
    """Return what a file of a wheel keeps secret, or None."""
    *folders, name = entry.filename.split("/")
    if litter.is_litter(name) and not name.endswith(".bak"):
        return None
    found = next((kept for part in folders if (kept := secrets.secret_folder(part))), None)
    if found := found or secrets.secret_by_name(name):
        return found
    with archive.open(entry) as file:
        return secrets.secret_in(name, iter(lambda: file.read(_PIECE), b""))


def _in_project(source: Path, entry: zipfile.ZipInfo, project_dir: Path) -> str:
    """Return the path of what became *entry*, from the project's folder where it is in it.

    What is in a wheel of the project has a path through that.
    """
    name = entry.filename.rsplit("/", 1)[-1]
    ends = [
        path
        for path in sorted(source.rglob(name) if source.is_dir() else ())
        if path.is_file() and path.stat().st_size == entry.file_size
    ]
    # The one whose path has most in common with its place in the wheel.
    best = max(ends, key=lambda path: _common_end(path.as_posix(), entry.filename), default=None)
    found = best or source / entry.filename
    with suppress(ValueError):
        return found.resolve().relative_to(project_dir.resolve()).as_posix()
    return str(found)


def _common_end(path: str, other: str) -> int:
    pairs = zip(reversed(path.split("/")), reversed(other.split("/")), strict=False)
    return next(
        (count for count, (one, two) in enumerate(pairs) if one != two), other.count("/") + 1
    )
