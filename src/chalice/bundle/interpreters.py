"""Which interpreters are on this machine, and which of them compiles for the target.

A name says nothing: `python3.13` on PATH may be the shim of a version manager that runs nothing, or
another minor. So each is asked, once; the answer is kept for as long as its file stays the same.
A script in an interpreter's place runs one today and another tomorrow: it is asked each time, and
only where nothing else fits. Among those that fit the newest wins, whichever of them runs this
program: two builds on a machine agree.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.bundle.store import Store

_QUESTION = """
import importlib.util, json, sys
json.dump({
    "implementation": sys.implementation.name,
    "version": list(sys.version_info),
    "cache_tag": sys.implementation.cache_tag,
    "magic": importlib.util.MAGIC_NUMBER.hex(),
    "abiflags": getattr(sys, "abiflags", ""),
}, sys.stdout)
"""

# An interpreter that takes longer hangs: it starts in some 20 ms.
_ANSWER_SECONDS = 20.0

_KIND = "interpreter"

# Levels after which the format of bytecode does not change any more.
# Source: CPython developer's guide, "Development cycle", release candidates.
_SETTLED = ("candidate", "final")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter as it describes itself.

    Attributes:
        path: the program.
        version: with its patch number, `(3, 13, 0)`.
        cache_tag: a part of the names of `.pyc` files, `cpython-313`.
        magic: the number that its bytecode begins with, hexadecimal.
    """

    path: Path
    version: tuple[int, int, int]
    cache_tag: str
    magic: str

    @property
    def identity(self) -> str:
        """What its bytecode depends on, as a part of keys."""
        return f"{self.cache_tag}-{self.magic}-{'.'.join(map(str, self.version))}"


def find_interpreter(
    python: tuple[int, int], environ: Mapping[str, str], store: Store
) -> Path | None:
    """Return the newest CPython of the minor version *python* on this machine, or None.

    Looked at: the one that runs this, `pythonX.Y` in every folder of PATH, pyenv's, asdf's, mise's
    and uv's.
    """
    candidates = list(dict.fromkeys(_candidates(python, environ)))
    scripts = [path for path in candidates if _is_script(path)]
    programs = [path for path in candidates if path not in scripts]
    for paths in (programs, scripts):
        found = [answer for path in paths if (answer := ask(path, store))]
        fitting = [interpreter for interpreter in found if interpreter.version[:2] == python]
        if fitting:
            return max(fitting, key=lambda fits: fits.version).path
    return None


def described(path: Path, store: Store) -> Interpreter:
    """Return what the interpreter *path* says of itself.

    Raises:
        ToolError: it does not answer, or it is not one whose bytecode Lambda reads.
    """
    answer = ask(path, store)
    if answer is None:
        raise ToolError(f"`{path}` is no working CPython; name another interpreter")
    return answer


def ask(path: Path, store: Store) -> Interpreter | None:
    """Return what *path* says of itself; None if it does not answer or is not a plain CPython."""
    try:
        facts = path.resolve().stat()
    except (OSError, RuntimeError):
        return None
    key = f"{path} {path.resolve()} {facts.st_size} {facts.st_mtime_ns}"
    kept = None if _is_script(path) else store.read(_KIND, key)
    answer = kept or _answer(path)
    if answer is None:
        return None
    if kept is None:
        store.write(_KIND, key, answer)
    return _read(path, json.loads(answer))


def _is_script(path: Path) -> bool:
    """Return whether *path* is a text that another program runs."""
    try:
        with path.open("rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return False


def _read(path: Path, answer: Any) -> Interpreter | None:
    try:
        major, minor, patch, level, _ = answer["version"]
        # A build without the GIL (abiflags "t") shares its constants in another way.
        plain = answer["implementation"] == "cpython" and "t" not in answer["abiflags"]
        found = Interpreter(path, (major, minor, patch), answer["cache_tag"], answer["magic"])
    except (KeyError, TypeError, ValueError):
        return None
    return found if plain and level in _SETTLED else None


def _answer(path: Path) -> bytes | None:
    """Return the answer of the program *path*, or None if it gives none."""
    import subprocess  # noqa: PLC0415 - answers are kept

    try:
        done = subprocess.run(  # noqa: S603 - a program that is called like an interpreter
            (path, "-I", "-S", "-c", _QUESTION),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ANSWER_SECONDS,
            check=False,
        )
        json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None


def _candidates(python: tuple[int, int], environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield programs that may be an interpreter of *python*, each once."""
    if sys.version_info[:2] == python:
        yield Path(sys.executable)
    minor = f"{python[0]}.{python[1]}"
    name = f"python{minor}.exe" if sys.platform == "win32" else f"python{minor}"
    for folder in dict.fromkeys(environ.get("PATH", "").split(os.pathsep)):
        if folder and _is_file(program := Path(folder, name)):
            yield program
    for versions, pattern in _managed(minor, environ):
        for version in _matching(versions, pattern):
            programs = (version / "bin" / name, version / "bin" / "python", version / "python.exe")
            yield from [program for program in programs if _is_file(program)][:1]


def _is_file(path: Path) -> bool:
    """Return whether *path* is a file, as far as this user may know."""
    try:
        return path.is_file()
    except OSError:  # a folder that nobody of us may enter; a name that is too long
        return False


def _matching(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def _managed(minor: str, environ: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Yield where version managers put interpreters, and what those of *minor* are called.

    Source: pyenv's README, "PYENV_ROOT"; asdf's and mise's documentation, "Directories"; uv's
    documentation, "Storage", "Python versions".
    """
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    if sys.platform == "win32":
        data = Path(environ.get("APPDATA") or home)
    pyenv = Path(environ.get("PYENV_ROOT") or home / ".pyenv")
    asdf = Path(environ.get("ASDF_DATA_DIR") or home / ".asdf")
    mise = Path(environ.get("MISE_DATA_DIR") or data / "mise")
    yield pyenv / "versions", f"{minor}.*"
    yield asdf / "installs" / "python", f"{minor}.*"
    yield mise / "installs" / "python", f"{minor}.*"
    yield Path(environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python"), f"cpython-{minor}.*"
