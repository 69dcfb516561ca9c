"""The program that a policy is proved by: which it is, what it is told, and running it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.diagnostics import ToolError
from chalice.packaged.checked import store_of
from chalice.packaged.proving import Proof, subject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice.cli.console import Console
    from chalice.cli.shell import Shell

# Of a virtual environment that nobody has activated, its own programs are meant.
_OURS = ("python", "python3", "pytest")

_OF_THE_USER = frozenset({"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"})


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
    shell: Shell, stage: str, function: str | None, program: Sequence[str], *, sandbox: bool
) -> Ran:
    """Run *program*, recorded, and return what is proved by it.

    Args:
        shell: whose project it is.
        stage: of the configuration.
        function: the only function that counts; all unless given.
        program: with its arguments; the tests of the project where it is empty.
        sandbox: whether it is to call the sandbox.

    Raises:
        InvalidApp: the configuration or the project's files have problems.
        ToolError: there is nothing to run, or no such function.
    """
    store = store_of(shell.environ)
    of = subject(shell.project_dir, stage, shell.environ, store, function)
    command = _command(shell, program)
    environ = _to_sandbox(shell, of.settings.region) if sandbox else shell.environ
    return Ran(tuple(command), of.proof(environ, partial(_run, command, shell)))


def _command(shell: Shell, program: Sequence[str]) -> list[str]:
    found = list(program)
    if not found:
        if not any(Path(shell.project_dir, name).is_dir() for name in ("tests", "test")):
            raise ToolError(
                "There is no folder `tests` to run: name what calls the application,"
                " `chalice policy prove -- python script.py`"
            )
        # As a module of Python: the project's folder is then where modules are looked for.
        return [sys.executable, "-m", "pytest", "-q"]
    own = shutil.which(found[0], path=str(Path(sys.executable).parent))
    if found[0] in _OURS and own is not None:
        return [own, *found[1:]]
    return found


def _to_sandbox(shell: Shell, region: str) -> dict[str, str]:
    """Return the variables by which the SDK calls the sandbox; nothing of the user's is sent."""
    from chalice.cli.cloud import endpoint_of_sandbox  # noqa: PLC0415 - only with the option

    # A profile that is missing in an empty file would stop the SDK.
    kept = {key: value for key, value in shell.environ.items() if key not in _OF_THE_USER}
    return {
        **kept,
        "AWS_ENDPOINT_URL": endpoint_of_sandbox(shell),
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def _run(command: Sequence[str], shell: Shell, environ: Mapping[str, str]) -> int:
    """Run *command* and return its exit code; what it prints is talk."""
    console = shell.console
    console.flush()
    target = _descriptor(console)
    try:
        ended = subprocess.run(  # noqa: S603 - it is what the user asks for
            command,
            cwd=shell.project_dir,
            env=dict(environ),
            stdout=subprocess.PIPE if target is None else target,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise ToolError(f"`{command[0]}` cannot be started: {error.strerror}") from error
    if ended.stdout:
        console.say(ended.stdout.rstrip("\n"))
    return ended.returncode


def _descriptor(console: Console) -> int | None:
    """Return where talk goes; None where only this process can write there."""
    try:
        return console.err.fileno()
    except (OSError, ValueError):
        return None
