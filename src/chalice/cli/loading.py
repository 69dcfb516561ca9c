"""Imports of a user's modules under watch: Ctrl-C ends one at once, and none lasts for ever.

The code of a module may catch what is raised in it, so nothing is raised: the process ends. Nothing
has been begun at that time that would have to be put in order.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path
    from types import FrameType

    from chalice.cli.console import Console
    from chalice.cli.shell import Shell
    from chalice.diagnostics import Problem
    from chalice.project import Project

_FIXABLE, INTERRUPTED = 1, 130


def load_project(shell: Shell, stage: str) -> Project:
    """Return the project of *shell*, imported into this process under watch.

    Who asks it only for what can be written as JSON goes by `apart`.

    Args:
        shell: its directory is the project's.
        stage: of the configuration.

    Raises:
        InvalidApp: with every problem of the project.
    """
    from chalice import project  # noqa: PLC0415 - `--help` does without it

    with watched(shell.console, shell.project_dir):
        return project.load_project(shell.project_dir, stage, shell.environ)


@contextmanager
def watched(
    console: Console,
    root: Path,
    *,
    name: str = "app.py",
    report: Callable[[Problem], None] | None = None,
    seconds: tuple[float, float] | None = None,
    leave: Callable[[int], object] = os._exit,
) -> Generator[None]:
    """Watch over the imports of the block, which runs in the main thread.

    Args:
        console: is told what takes long, and where it stands.
        root: where the user's modules are.
        name: what is imported.
        report: writes the problem of an import that does not end; to the console unless given.
        seconds: when it is told that the import takes long, and when it is given up.
        leave: ends the process.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # a program that uses the command line: signals are its own
        return
    from chalice.server.slow_imports import LONGEST_SECONDS, SLOW_SECONDS, Watch  # noqa: PLC0415 - `--help`

    def end(code: int) -> None:
        console.flush()
        leave(code)

    def slow(where: str) -> None:
        console.say(f"The import of `{name}` takes long; it stands at {where}")

    def given_up(problem: Problem) -> None:
        (report or _reporter(console))(problem)
        end(_FIXABLE)

    def interrupted(_number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough: a second would say it, too
        console.say(f"Interrupted: the import of `{name}` stood at {watch.where(frame)}")
        end(INTERRUPTED)

    watch = Watch(root, name, slow, given_up, seconds or (SLOW_SECONDS, LONGEST_SECONDS))
    before = signal.signal(signal.SIGINT, interrupted)
    try:
        with watch.over():
            yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)


def _reporter(console: Console) -> Callable[[Problem], None]:
    def report(problem: Problem) -> None:
        console.stopped_by([problem])

    return report
