"""Python interpreters of this machine, by version.

A name on PATH proves nothing: version managers leave shims that fail when called. An interpreter
exists when it runs and says its version.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ASK = "import sys; print(sys.implementation.name, *sys.version_info[:2], sys.executable)"


def find(major: int, minor: int, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return a CPython *major*.*minor* that runs, itself and not a shim, or None.

    The interpreter that runs this comes first, then those on PATH, then pyenv's.
    """
    for candidate in candidates(major, minor, environ):
        answer = ask(candidate)
        if answer and answer[:3] == ["cpython", str(major), str(minor)]:
            return Path(answer[3]).resolve()
    return None


def candidates(major: int, minor: int, environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield paths that may be the interpreter."""
    yield Path(sys.executable)
    name = f"python{major}.{minor}"
    roots = [Path(environ.get("PYENV_ROOT") or Path(environ.get("HOME", ""), ".pyenv"))]
    for folder in environ.get("PATH", "").split(os.pathsep):
        found = shutil.which(name, path=folder)
        if found:
            yield Path(found)
        if Path(folder).name == "shims":  # wherever HOME is, pyenv is where its shims are
            roots.append(Path(folder).parent)
    for root in roots:
        yield from sorted(root.glob(f"versions/{major}.{minor}.*/bin/{name}"), reverse=True)


def ask(python: Path) -> list[str] | None:
    """Return implementation, major, minor and path as *python* says them, None if it fails."""
    command = [str(python), "-I", "-c", ASK]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return None
    return run.stdout.strip().split(" ", 3)
