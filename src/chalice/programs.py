"""Programs that run for us, uv, pip and git: heard to the end, and ended with us."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_FULL = re.compile(r"No space left on device|Disk quota exceeded")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program said, and how it ended.

    Attributes:
        code: its exit code, 0 where all went well.
        output: its standard output.
        talk: its standard error.
    """

    code: int
    output: str
    talk: str


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    environ: Mapping[str, str],
    told: Callable[[str], None] | None = None,
) -> Outcome:
    """Run *command* and return what came of it; it can ask nobody anything.

    Where we are interrupted it ends, and so does what it started itself.

    Args:
        command: the program and its arguments.
        cwd: where it runs.
        environ: its variables.
        told: is told each line of its standard error as it comes.

    Raises:
        ToolError: it cannot be started, or failed because a disk is full.
    """
    with _started(command, cwd, environ) as process:
        try:
            output, talk = _heard(process, told) if told else process.communicate()
        except BaseException:
            _end(process)
            raise
    if process.returncode and (full := _FULL.search(talk)):
        raise ToolError(
            f"What is fetched or built cannot be written: {full[0]}; make room, "
            "or name other folders in CHALICE_CACHE_DIR, UV_CACHE_DIR and TMPDIR"
        )
    return Outcome(process.returncode, output, talk)


def _started(
    command: Sequence[str], cwd: Path, environ: Mapping[str, str]
) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(  # noqa: S603 - the commands are ours; what users wrote are arguments
            command,
            cwd=cwd,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            process_group=None if sys.platform == "win32" else 0,
        )
    except OSError as error:
        raise ToolError(
            f"`{command[0]}` cannot be started: {error.strerror}; mend it, or take it off PATH"
        ) from error


def _heard(process: subprocess.Popen[str], told: Callable[[str], None]) -> tuple[str, str]:
    """Return the outputs of *process* when it has ended; tell of its standard error meanwhile."""
    output: list[str] = []
    talk: list[str] = []
    # Both are read at once: nobody is to wait for whoever fills the other.
    reader = threading.Thread(target=lambda: output.extend(process.stdout or ()), daemon=True)
    reader.start()
    for line in process.stderr or ():
        talk.append(line)
        told(line)
    reader.join()
    return "".join(output), "".join(talk)


def _end(process: subprocess.Popen[str]) -> None:
    """Kill *process* and its group."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
