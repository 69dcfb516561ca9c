"""How far long work has come: a line that changes on a terminal, a few lasting ones elsewhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from chalice.diagnostics import visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from chalice.cli.console import Console

# What is done within this time needs no telling.
_QUIET_SECONDS = 0.3
_BETWEEN_SECONDS = 0.1
# In a log a line lasts: only what somebody may wonder about is worth one.
_QUIET_SECONDS_IN_A_LOG = 3.0

_KILO = 1024


class ProgressLine:
    """Tells of progress; as a context manager it leaves no trace on a terminal.

    Args:
        console: where.
        clock: seconds.
    """

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._began = clock()
        self._shown = ""
        self._next = self._began + _QUIET_SECONDS
        self._terminal = console.err.isatty()

    def __call__(self, doing: str, done: int = 0, total: int = 0) -> None:
        """Show *doing*, if the work takes long; *done* and *total* count bytes or pieces."""
        now = self._clock()
        if not self._terminal:
            if doing != self._shown and now - self._began >= _QUIET_SECONDS_IN_A_LOG:
                self._shown = doing
                self._console.say(visible(doing))
            return
        if now < self._next:
            return
        self._next = now + _BETWEEN_SECONDS
        text = visible(f"{doing}{_share(done, total)}")
        self._console.passing(text)
        self._shown = text

    def done(self) -> None:
        """Take back what is shown."""
        if self._shown:
            self._shown = ""
            self._console.passing("")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.done()


def _share(done: int, total: int) -> str:
    """Return how much is done; large numbers are bytes."""
    if total <= 0:
        return ""
    if total < 10 * _KILO:
        return f" ({done} of {total})"
    return f" ({done / _KILO / _KILO:.1f} of {total / _KILO / _KILO:.1f} MB)"
