"""A program that is recorded: what it calls, and that it ends with the command that began it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_OF_THE_SDK = "AWS_"

# Where the certificates are of those who are trusted; it leads nowhere.
_KEPT = frozenset({"AWS_CA_BUNDLE"})

# So long a program may take to tidy up after each signal. GitHub Actions waits 7.5 s after SIGINT,
# then 2.5 s after SIGTERM. Source: GitHub Docs, "Workflow cancellation reference".
_SECONDS = 3.0


def to_sandbox(environ: Mapping[str, str], endpoint: str, region: str) -> dict[str, str]:
    """Return the variables by which the SDK calls the sandbox, whatever the user's say.

    An endpoint for one service, a role to assume or a profile would win over what is set here.
    Source: AWS SDKs and tools reference guide, "Service-specific endpoints".

    Args:
        environ: the user's variables.
        endpoint: where the sandbox answers.
        region: of the stage.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if name in _KEPT or not name.upper().startswith(_OF_THE_SDK)
    }
    return {
        **kept,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DEFAULT_REGION": region,
        # A profile that is missing in an empty file would stop the SDK.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def run(
    command: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    output: int | None,
) -> tuple[int, str]:
    """Run *command* and return its exit code, and what it printed where it had nowhere to.

    What ends this process by an exception (Ctrl-C, SIGTERM where that is one) ends the program and
    all that it has started: whoever stops a job does not want its tests to go on.

    Args:
        command: the program, with its arguments.
        folder: where it runs.
        environ: its variables.
        output: a descriptor that it prints to; it is kept and returned where there is none.

    Raises:
        OSError: it cannot be started.
    """
    # Where somebody types, the terminal has to be its own, too; its signals then reach both.
    apart = sys.platform != "win32" and not os.isatty(0)
    process = subprocess.Popen(  # noqa: S603 - it is what the user asks for
        command,
        cwd=folder,
        env=dict(environ),
        stdout=subprocess.PIPE if output is None else output,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=apart,
    )
    try:
        printed, _ = process.communicate()
    except BaseException:
        _end(process, apart=apart)
        raise
    return process.returncode, printed or ""


def _end(process: subprocess.Popen[str], *, apart: bool) -> None:
    """End a program: first as Ctrl-C does, so that tests take back what they have set up."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            # A terminal has sent it already; the second one would end what tidies up.
            if apart or number != signal.SIGINT:
                _send(process, number, apart=apart)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_SECONDS)
                break
    finally:
        _send(process, _KILL, apart=apart)
        process.wait()


# Windows has no SIGKILL; to end a process is the same there.
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def _send(process: subprocess.Popen[str], number: int, *, apart: bool) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if apart and sys.platform != "win32":
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
