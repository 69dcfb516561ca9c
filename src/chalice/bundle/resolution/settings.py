"""What uv and pip are told by variables and files of their own.

Each reads its own; only two things of these are looked at here: whether anything of them has
changed, and which index a user has put in the place of PyPI. uv does not know what pip was told:
somebody who has named an index to pip alone must not get packages of the same names from PyPI.

Sources: uv documentation, "Configuration files" and "Environment variables"; pip documentation,
"Configuration".
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

from chalice.bundle.wheels.credentials import INDEXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_PREFIXES = ("UV_", "PIP_", "CHALICE_RESOLVER", "NETRC")
_UV_INDEXES = (
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
    "UV_INDEX",
    "UV_EXTRA_INDEX_URL",
    "UV_NO_INDEX",
    "UV_CONFIG_FILE",
)
_UV_KEYS = ("index", "index-url", "extra-index-url", "no-index", "find-links")
_PIP_SECTIONS = ("download", "install", "global")


def seen(project_dir: Path, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield everything that uv and pip are told; may hold passwords."""
    for name in sorted(environ):
        if name.startswith(_PREFIXES):
            yield f"{name}={environ[name]}"
    for file in files(project_dir, environ):
        text = _text(file)
        if text:
            yield f"{file.name}={text}"


def files(project_dir: Path, environ: Mapping[str, str]) -> list[Path]:
    """Return the files that uv and pip may be told something by, whether they are there or not."""
    return [*_uv_files(project_dir, environ), *_pip_files(environ)]


def with_index_of_pip(
    environ: Mapping[str, str], project_dir: Path, options: Sequence[str]
) -> Mapping[str, str]:
    """Return *environ* so that uv asks the index that pip was told of, where it was told of none.

    Args:
        environ: the variables.
        project_dir: the project, which may have settings of uv.
        options: lines of a requirements file that say where packages come from.
    """
    told = any(environ.get(name) for name in _UV_INDEXES)
    told = told or any(option.startswith(("--index-url", "--no-index")) for option in options)
    if told or any(_told(table) for table in _uv_tables(project_dir, environ)):
        return environ
    index = environ.get("PIP_INDEX_URL") or _index_in_files(environ)
    return {**environ, "UV_DEFAULT_INDEX": index} if index else environ


def uv_indexes(project_dir: Path, environ: Mapping[str, str]) -> list[str]:
    """Return the indexes that files of uv name, as `NAME=ADDRESS` where they have a name."""
    found: list[str] = []
    for table in _uv_tables(project_dir, environ):
        listed = table.get("index", [])
        for entry in cast("list[object]", listed if isinstance(listed, list) else []):
            if isinstance(entry, dict):
                index = cast("dict[str, object]", entry)
                name = f"{index['name']}=" if "name" in index else ""
                found.append(f"{name}{index.get('url', '')}")
        found += [str(table[key]) for key in ("index-url",) if key in table]
    return found


def folders(
    project_dir: Path, environ: Mapping[str, str], options: Sequence[str]
) -> Iterator[Path]:
    """Yield the folders of this machine in which uv and pip look for packages.

    Args:
        project_dir: what paths are relative to.
        environ: the variables.
        options: lines of a requirements file that say where packages come from.
    """
    listed = [option.partition(" ")[2] for option in options]
    listed += [entry for name in INDEXES for entry in environ.get(name, "").split()]
    for entry in filter(None, listed):
        if entry.startswith("file:"):
            with suppress(ValueError):  # uv and pip say what is wrong with it
                yield Path(unquote(urlsplit(entry).path))
        elif "://" not in entry:
            yield project_dir / entry


def _uv_files(project_dir: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    named = environ.get("UV_CONFIG_FILE")
    if named:
        yield Path(named)
    folder = project_dir.absolute()
    for parent in (folder, *folder.parents):
        yield parent / "uv.toml"
        yield parent / "pyproject.toml"
    for root in (_config(environ), Path("/etc")):
        yield root / "uv" / "uv.toml"


def _pip_files(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield pip's files, those first that win."""
    named = environ.get("PIP_CONFIG_FILE")
    if named:
        yield Path(named)
        if named == "/dev/null":
            return
    yield Path(sys.prefix) / "pip.conf"
    yield _config(environ) / "pip" / "pip.conf"
    yield _home(environ) / ".pip" / "pip.conf"
    yield Path("/etc/pip.conf")
    yield Path("/etc/xdg/pip/pip.conf")


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("HOME") or Path.home())


def _config(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("XDG_CONFIG_HOME") or _home(environ) / ".config")


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace") if file.is_file() else ""
    except OSError:
        return ""


def _uv_tables(project_dir: Path, environ: Mapping[str, str]) -> Iterator[dict[str, object]]:
    import tomllib  # noqa: PLC0415 - a resolution that was kept needs none

    for file in _uv_files(project_dir, environ):
        text = _text(file)
        try:
            document = tomllib.loads(text)
        except ValueError:
            continue  # uv says what is wrong with it
        table: object = document
        if file.name == "pyproject.toml":
            tool = document.get("tool")
            table = cast("dict[str, object]", tool).get("uv") if isinstance(tool, dict) else None
        if isinstance(table, dict):
            yield cast("dict[str, object]", table)


def _told(table: dict[str, object]) -> bool:
    pip = table.get("pip")
    tables = [table, cast("dict[str, object]", pip)] if isinstance(pip, dict) else [table]
    return any(key in each for each in tables for key in _UV_KEYS)


def _index_in_files(environ: Mapping[str, str]) -> str:
    from configparser import Error, RawConfigParser  # noqa: PLC0415 - as above

    for file in _pip_files(environ):
        parser = RawConfigParser()
        try:
            parser.read_string(_text(file))
        except Error:
            continue  # pip says what is wrong with it
        for section in _PIP_SECTIONS:
            if parser.has_option(section, "index-url"):
                return parser.get(section, "index-url")
    return ""
