"""The environment that MiniStack runs in: its own, for it pins the SDK to one exact version."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chalice import programs
from chalice.bundle.resolution.last_words import last_words
from chalice.bundle.resolution.tools import Surroundings, find_uv
from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

# Pinned: what was seen of it (docs/deploying.md, "The sandbox") was seen of this one.
VERSION = "1.5.33"
PACKAGE = f"ministack=={VERSION}"
# It runs what is deployed, and all on this machine may reach it: nothing gets in that was not there
# when it was chosen.
REQUIREMENTS = Path(__file__).with_name("requirements.txt")

_WHOLE = ".whole"


def python_of(folder: Path, environ: Mapping[str, str], progress: Callable[[str], None]) -> Path:
    """Return the interpreter of an environment with MiniStack, made below *folder* if need be.

    Args:
        folder: where environments are kept.
        environ: the user's variables: those of uv and pip among them.
        progress: is told of slow steps.

    Raises:
        ToolError: it cannot be installed.
    """
    tag = f"{sys.version_info.major}.{sys.version_info.minor}"
    locked = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:8]
    place = folder / f"ministack-{VERSION}-{locked}-python{tag}"
    python = place / "bin" / "python"
    if (place / _WHOLE).exists() and python.exists():
        return python
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Programs in an environment name its folder: it is made where it stays, by one at a time.
        with _alone(folder / "installing.lock"):
            if not (place / _WHOLE).exists():
                progress(f"Installing `{PACKAGE}` for the sandbox; this happens once")
                _install(place, python, environ)
    except OSError as error:
        raise ToolError(f"Cannot install the sandbox: {error}") from error
    return python


def _install(place: Path, python: Path, environ: Mapping[str, str]) -> None:
    """Install by uv; where that is not there or does not reach an index, by pip.

    The two find indexes and certificates in different settings: one may have what the other lacks.
    """
    first: ToolError | None = None
    for commands in _ways(place, python, environ):
        shutil.rmtree(place, ignore_errors=True)
        try:
            for command in commands:
                _run(command, place.parent, environ)
        except ToolError as error:
            first = first or error
        else:
            (place / _WHOLE).touch()
            return
    if first is not None:
        raise first


@contextlib.contextmanager
def _alone(lock: Path) -> Generator[None]:
    """Run the block while nobody else holds *lock*."""
    import fcntl  # noqa: PLC0415 - Windows has none

    with lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _ways(place: Path, python: Path, environ: Mapping[str, str]) -> Generator[list[Sequence[str]]]:
    uv = find_uv(Surroundings(environ))
    wanted = ["--require-hashes", "--requirement", str(REQUIREMENTS)]
    if uv is not None:
        yield [
            [*uv, "venv", "--quiet", "--python", sys.executable, str(place)],
            [*uv, "pip", "install", "--quiet", "--python", str(python), *wanted],
        ]
    pip = [str(python), "-m", "pip"]
    yield [
        [sys.executable, "-m", "venv", str(place)],
        [*pip, "install", "--quiet", "--disable-pip-version-check", *wanted],
    ]


def _run(command: Sequence[str], cwd: Path, environ: Mapping[str, str]) -> None:
    # An environment that is active would be taken for the one that is meant.
    surroundings = {name: value for name, value in environ.items() if name != "VIRTUAL_ENV"}
    outcome = programs.run(command, cwd=cwd, environ={**surroundings, "PYTHONNOUSERSITE": "1"})
    if outcome.code:
        said = last_words(outcome)
        raise ToolError(
            f"The sandbox, `{PACKAGE}`, cannot be installed: {said}. It needs uv, or Python's"
            " `venv` with pip, and a package index that can be reached; then run the command again"
        )


def default_folder(environ: Mapping[str, str]) -> Path:
    """Return where the sandbox of this user is kept.

    CHALICE_SANDBOX_DIR says so itself: a sandbox of its own for each folder.
    """
    from chalice.disk import cache_folder  # noqa: PLC0415 - where it is not named

    chosen = environ.get("CHALICE_SANDBOX_DIR")
    return Path(os.path.abspath(chosen)) if chosen else cache_folder(environ) / "sandbox"  # noqa: PTH100 - `resolve` follows links
