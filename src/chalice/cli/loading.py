"""Imports of a user's modules under watch: Ctrl-C ends one at once, and none lasts for ever.

The code of a module may catch what is raised in it, so nothing is raised: the process ends. Nothing
has been begun at that time that would have to be put in order.
"""

from __future__ import annotations

import os
import signal
import sys
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

# When it is told that an import takes long, and when it is given up. Lambda gives the whole init
# phase 10 s (rule 10.2); a machine that reads its libraries for the first time takes longer.
SLOW_SECONDS = 5.0
LONGEST_SECONDS = 60.0

_FIXABLE, _INTERRUPTED = 1, 130


def load_project(
    shell: Shell, stage: str, report: Callable[[Problem], None] | None = None
) -> Project:
    """Return the project of *shell*, imported under watch.

    Args:
        shell: its directory is the project's.
        stage: of the configuration.
        report: writes the problem of an import that does not end; to stderr unless given.

    Raises:
        InvalidApp: with every problem of the project.
    """
    from chalice import project  # noqa: PLC0415 - `--help` does without it

    with watched(shell.console, shell.project_dir, report=report):
        return project.load_project(shell.project_dir, stage, shell.environ)


@contextmanager
def watched(
    console: Console,
    root: Path,
    *,
    name: str = "app.py",
    report: Callable[[Problem], None] | None = None,
    seconds: tuple[float, float] = (SLOW_SECONDS, LONGEST_SECONDS),
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
    done = threading.Event()
    watch = _Watch(console, root, name, report or _reporter(console), leave)
    watcher = threading.Thread(
        target=watch.wait, args=(done, seconds), name="chalice-import", daemon=True
    )
    watcher.start()
    before = signal.signal(signal.SIGINT, watch.interrupted)
    try:
        yield
    finally:
        done.set()
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)


def _reporter(console: Console) -> Callable[[Problem], None]:
    def report(problem: Problem) -> None:
        console.problems([problem])
        console.error("1 problem")

    return report


class _Watch:
    def __init__(
        self,
        console: Console,
        root: Path,
        name: str,
        report: Callable[[Problem], None],
        leave: Callable[[int], object],
    ) -> None:
        self._console = console
        self._root = root
        self._name = name
        self._report = report
        self._leave = leave
        self._main = threading.main_thread().ident

    def interrupted(self, number: int, frame: FrameType | None) -> None:
        """End the process: somebody has pressed Ctrl-C."""
        del number
        where = self._where(frame)
        self._console.say(f"Interrupted: the import of `{self._name}` stood at {where}")
        self._end(_INTERRUPTED)

    def wait(self, done: threading.Event, seconds: tuple[float, float]) -> None:
        """Return when *done* is set; before that, tell what takes long, and give it up."""
        slow, longest = seconds
        if done.wait(slow):
            return
        where = self._where(self._frame())
        self._console.say(f"The import of `{self._name}` takes long; it stands at {where}")
        if done.wait(longest - slow):
            return
        from chalice.diagnostics import Problem  # noqa: PLC0415 - what is quick does without

        summary = f"`{self._name}` has not been imported after {longest:g} s"
        hint = "let the import end: what waits or runs on belongs into a function"
        self._report(Problem("app-import-time", summary, self._where(self._frame()), hint))
        self._end(_FIXABLE)

    def _end(self, code: int) -> None:
        self._console.flush()
        self._leave(code)

    def _frame(self) -> FrameType | None:
        return sys._current_frames().get(self._main or 0)  # noqa: SLF001 - as `faulthandler` has it

    def _where(self, frame: FrameType | None) -> str:
        """Return the line of the user's that *frame* is in, or was called from."""
        from chalice.model.places import own_file  # noqa: PLC0415 - what is quick does without

        while frame is not None:
            file = own_file(frame.f_code.co_filename, self._root)
            if file:
                return f"{file}:{frame.f_lineno}"
            frame = frame.f_back
        return self._name
