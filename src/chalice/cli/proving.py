"""The program that a policy is proved by: which it is, what it is told, and running it."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.cli.merged import templates, variables_in
from chalice.diagnostics import ToolError
from chalice.packaged.checked import store_of
from chalice.packaged.proving import Proof, subject
from chalice.permissions.proving.program import run as start
from chalice.permissions.proving.program import to_sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice.cli.console import Console
    from chalice.cli.shell import Shell

# Of a virtual environment that nobody has activated, its own programs are meant.
_OURS = ("python", "python3", "pytest")

# As a module of Python: the project's folder is then where modules are looked for.
_TESTS = [sys.executable, "-m", "pytest", "-q"]

# Source: pytest's documentation, "Exit codes".
_NO_TESTS = 5


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a run.

    Attributes:
        program: what was run.
        proof: what is proved by it.
    """

    program: tuple[str, ...]
    proof: Proof


def run(
    shell: Shell,
    stage: str,
    function: str | None,
    program: Sequence[str],
    merged: Sequence[str] = (),
    *,
    sandbox: bool,
) -> Ran:
    """Run *program*, recorded, and return what is proved by it.

    Args:
        shell: whose project it is.
        stage: of the configuration.
        function: the only function that counts; all unless given.
        program: with its arguments; the tests of the project where it is empty.
        merged: files that are merged into the template, as they were named.
        sandbox: whether it is to call the sandbox.

    Raises:
        InvalidApp: the configuration or the project's files have problems.
        ToolError: there is nothing to run, or no such function.
    """
    store = store_of(shell.environ)
    variables = variables_in(templates(merged))
    of = subject(shell.project_dir, stage, shell.environ, store, function, variables)
    command = _command(shell, program)
    environ = _to_sandbox(shell, of.settings.region) if sandbox else shell.environ
    seen = _with_vendor(environ, shell.project_dir / "vendor")
    return Ran(tuple(command), of.proof(seen, partial(_run, command, shell)))


def _with_vendor(environ: Mapping[str, str], vendor: Path) -> Mapping[str, str]:
    """Return the variables of a program that finds the modules of `vendor/`, as Lambda does."""
    if not vendor.is_dir():
        return environ
    path = [str(vendor.absolute()), *filter(None, [environ.get("PYTHONPATH")])]
    return {**environ, "PYTHONPATH": os.pathsep.join(path)}


def _command(shell: Shell, program: Sequence[str]) -> list[str]:
    found = list(program)
    if not found:
        return _TESTS
    own = shutil.which(found[0], path=str(Path(sys.executable).parent))
    if found[0] in _OURS and own is not None:
        return [own, *found[1:]]
    return found


def _to_sandbox(shell: Shell, region: str) -> dict[str, str]:
    """Return the variables by which the SDK calls the sandbox; nothing of the user's is sent."""
    from chalice.cli.cloud import endpoint_of_sandbox  # noqa: PLC0415 - only with the option

    return to_sandbox(shell.environ, endpoint_of_sandbox(shell), region)


def _run(command: Sequence[str], shell: Shell, environ: Mapping[str, str]) -> int:
    """Run *command* and return its exit code; what it prints is talk."""
    console = shell.console
    console.flush()
    try:
        code, printed = start(command, shell.project_dir, environ, _descriptor(console))
    except OSError as error:
        raise ToolError(f"`{command[0]}` cannot be started: {error.strerror}") from error
    if printed:
        console.say(printed.rstrip("\n"))
    if command == _TESTS and code == _NO_TESTS:
        raise ToolError(
            "pytest finds no test: name what calls the application,"
            " `chalice policy prove -- python script.py`"
        )
    return code


def _descriptor(console: Console) -> int | None:
    """Return where talk goes; None where only this process can write there."""
    try:
        return console.err.fileno()
    except (OSError, ValueError):
        return None
