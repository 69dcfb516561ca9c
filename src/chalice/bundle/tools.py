"""Where uv and pip are on this machine."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.bundle import child
from chalice.bundle.interpreters import find_interpreter
from chalice.bundle.pip import Pip
from chalice.bundle.uv import Uv
from chalice.diagnostics import InvalidApp, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.bundle.store import Store
    from chalice.bundle.target import Target

#: Says which of them resolves, `uv` or `pip`.
VARIABLE = "CHALICE_RESOLVER"


def find_uv(environ: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return what starts uv: on PATH, beside this interpreter, or as a module of it."""
    found = shutil.which("uv", path=environ.get("PATH", ""))
    if found is None:
        found = shutil.which("uv", path=str(Path(sys.executable).parent))
    if found:
        return (found,)
    return (sys.executable, "-m", "uv") if find_spec("uv") else None


def find_pip(environ: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return an interpreter that has pip: this one, or one on PATH."""
    if find_spec("pip"):
        return (sys.executable,)
    for name in ("python3", "python"):
        found = shutil.which(name, path=environ.get("PATH", ""))
        if (
            found
            and not child.run(
                [found, "-m", "pip", "--version"], cwd=Path.cwd(), environ=environ
            ).code
        ):
            return (found,)
    return None


def find_tool(
    project_dir: Path, target: Target, store: Store, environ: Mapping[str, str]
) -> Uv | Pip:
    """Return uv, or pip where there is none.

    Raises:
        InvalidApp: there is neither, or the one that CHALICE_RESOLVER names is missing.
    """
    wanted = environ.get(VARIABLE, "")
    if wanted not in {"", "uv", "pip"}:
        summary = f"{VARIABLE} is `{wanted}`"
        raise InvalidApp([Problem("resolver-unknown", summary, "", "write `uv` or `pip`")])
    if wanted != "pip" and (command := find_uv(environ)):
        interpreter = partial(find_interpreter, target.python, environ, store)
        return Uv(command, project_dir, environ, interpreter)
    if wanted != "uv" and (command := find_pip(environ)):
        return Pip(command, project_dir, environ)
    missing = wanted or "neither uv nor pip"
    summary = f"{missing} is{' not' if wanted else ''} on this machine: requirements need one"
    hint = "install uv: https://docs.astral.sh/uv/, or `pip install uv`"
    raise InvalidApp([Problem("resolver-missing", summary, "", hint)])
