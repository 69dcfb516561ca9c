"""Where uv and pip are on this machine."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from chalice import programs
from chalice.bundle.interpreters import find_interpreter
from chalice.bundle.resolution.pip import Pip
from chalice.bundle.resolution.uv import Uv
from chalice.diagnostics import InvalidApp, Problem, ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.bundle.store import Store
    from chalice.bundle.target import Target

#: Says which of them resolves, `uv` or `pip`.
VARIABLE = "CHALICE_RESOLVER"


def _has_module(name: str) -> bool:
    return find_spec(name) is not None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where programs are looked for.

    Attributes:
        environ: the variables, PATH among them.
        interpreter: the one that runs this.
        has_module: whether it has a module of a name.
    """

    environ: Mapping[str, str]
    interpreter: str = sys.executable
    has_module: Callable[[str], bool] = _has_module


def find_uv(around: Surroundings) -> tuple[str, ...] | None:
    """Return what starts uv: on PATH, beside this interpreter, or as a module of it."""
    folders = (around.environ.get("PATH", ""), str(Path(around.interpreter).parent))
    for folder in folders:
        if found := shutil.which("uv", path=folder):
            return (found,)
    return (around.interpreter, "-m", "uv") if around.has_module("uv") else None


def find_pip(around: Surroundings) -> tuple[str, ...] | None:
    """Return an interpreter that has pip: this one, or one on PATH."""
    if around.has_module("pip"):
        return (around.interpreter,)
    for name in ("python3", "python"):
        found = shutil.which(name, path=around.environ.get("PATH", ""))
        if found and _has_pip(found, around.environ):
            return (found,)
    return None


def find_tool(project_dir: Path, target: Target, store: Store, around: Surroundings) -> Uv | Pip:
    """Return uv, or pip where there is none.

    Raises:
        InvalidApp: there is neither, or the one that CHALICE_RESOLVER names is missing.
    """
    environ = around.environ
    wanted = environ.get(VARIABLE, "")
    if wanted not in {"", "uv", "pip"}:
        summary = f"{VARIABLE} is `{wanted}`"
        raise InvalidApp(
            [Problem("resolver-unknown", summary, "", "write `uv` or `pip`").visible()]
        )
    if wanted != "pip" and (command := find_uv(around)):
        interpreter = partial(find_interpreter, target.python, environ, store)
        return Uv(command, project_dir, environ, interpreter)
    if wanted != "uv" and (command := find_pip(around)):
        return Pip(command, project_dir, environ)
    missing = f"{wanted} is not" if wanted else "neither uv nor pip is"
    summary = f"{missing} on this machine, and requirements need one to be resolved"
    hint = "install uv: https://docs.astral.sh/uv/, or `pip install uv`"
    raise InvalidApp([Problem("resolver-missing", summary, "", hint)])


def _has_pip(python: str, environ: Mapping[str, str]) -> bool:
    command = [python, "-m", "pip", "--version"]
    try:
        return not programs.run(command, cwd=Path.cwd(), environ=environ).code
    except ToolError:  # it is no program: no matter, as long as another is
        return False
