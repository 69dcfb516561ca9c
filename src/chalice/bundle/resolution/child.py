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

# What uv and pip say after the build itself has said why it ended.
_AFTERMATH = re.compile(
    r"^(cause|hint|note): |Failed to build|Failed building|exited with|did not run successfully"
    r"|^Building (?:wheel|source)|not with pip|subprocess|╰─>|full log|std(?:err|out):$"
    r"|^\[end of output\]"
)
# git says first what is wrong, and then what it may be.
_OF_GIT = re.compile(r"^(?:fatal|ssh): |^Host key verification|: Permission denied \(")
_TELLING = re.compile(r"[Ee]rror\b|ERROR\b|not found|No such|must ")
# A compiler that fails is put in the place of those that are there, where nothing may compile.
_COMPILES = re.compile(r"'false'|\bfalse: |command false|Unknown compiler|[Cc]ompiler false")
_FULL = re.compile(r"No space left on device|Disk quota exceeded")
_LONGEST = 300


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


def last_words(outcome: Outcome) -> str:
    """Return the line of a failed build that says most about why."""
    from chalice.bundle.wheels.credentials import without_user  # noqa: PLC0415 - only trouble pays

    lines = [line.strip() for line in f"{outcome.output}\n{outcome.talk}".splitlines()]
    lines = [line for line in lines if re.search(r"\w", line)]
    if of_git := [line for line in lines if _OF_GIT.search(line)]:
        return without_user("; ".join(of_git[:2]))
    causes = [line.removeprefix("cause: ") for line in lines if line.startswith("cause: ")]
    lines = [line for line in lines if not _AFTERMATH.search(line)]
    telling = [line for line in lines if _TELLING.search(line)]
    words = without_user((telling or lines or causes or ["it says nothing"])[-1])
    if _COMPILES.search(words):
        return "it compiles"
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}..."


def _end(process: subprocess.Popen[str]) -> None:
    """Kill *process* and its group."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
