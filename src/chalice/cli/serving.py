"""What `chalice local` shows: each record of the server as text, written without holding it up."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import unquote

from chalice.cli.streams import Unwritable
from chalice.diagnostics import visible
from chalice.server.records import (
    Answered,
    Broken,
    Fault,
    FunctionLog,
    Notice,
    Record,
    Reloaded,
    Replaced,
    Serving,
)

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from chalice.cli.console import Console

# Records that wait to be written; a terminal that stands still must not fill the memory.
_MOST_WAITING = 10_000

_BROKEN_BY_EDIT = "The edit cannot be served: requests get 502 until it is mended"
_BROKEN_WITHOUT_EDIT = (
    "The application did not load again, though nothing was edited: requests get 502 until it"
    " does; the next ones try again"
)


# What makes a presigned URL good, and the session that it is of: who reads the log must not have
# them. Names in small letters.
_SECRET_PARAMETERS = frozenset({"x-amz-signature", "x-amz-security-token"})


def _masked(target: str) -> str:
    """Return *target* as it may be shown.

    >>> _masked("/a?x=1&X-Amz-Signature=0f0f&X-Amz-Date=2")
    '/a?x=1&X-Amz-Signature=***&X-Amz-Date=2'
    """
    path, mark, query = target.partition("?")
    return f"{path}{mark}{'&'.join(map(_masked_pair, query.split('&')))}"


def _masked_pair(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{name}{equals}***" if unquote(name).lower() in _SECRET_PARAMETERS else pair


def printable_lines(text: str) -> str:
    """Return *text* with its lines and tabs kept and everything else escaped as `visible` does.

    Lambda's own lines have tabs between their fields, and so have those of `logging` there.
    """
    return "\n".join("\t".join(map(visible, line.split("\t"))) for line in text.split("\n"))


def line_of(answered: Answered) -> str:
    """Return the line that a request gets.

    >>> line_of(Answered("GET", "/a/1?x=2", 200, 0.00123, "/a/{id}", 17, None, "127.0.0.1"))
    '127.0.0.1 "GET /a/1?x=2" 200 17 B 1.2 ms /a/{id}'
    """
    request = f"{answered.method} {_masked(answered.target)}".strip() or "-"
    parts = [
        answered.client or "-",
        f'"{request}"',
        str(answered.status),
        f"{answered.size} B",
        f"{answered.seconds * 1000:.1f} ms",
        answered.resource or "-",
    ]
    if answered.reason:
        parts.append(f"({answered.reason})")
    return visible(" ".join(parts))


def receipt_of(answered: Answered) -> list[str]:
    """Return the lines below the line of a request: which rules decided, and what is left out.

    >>> print(*receipt_of(Answered("GET", "/a", 403, 0, None, 0, None, "", ("5.1",))))
        rule 5.1: the method wants a known API key
    """
    from chalice.gateway.receipts import lines  # noqa: PLC0415 - only explanations need it

    if not answered.rules:
        return ["    no rule of the gateway: the server answered"]
    return [f"    {visible(line)}" for line in lines(answered.rules, answered.not_emulated)]


class Reporter:
    """Writes records to a console, in a thread of its own.

    As a context manager it writes what is left when the block ends.

    Args:
        console: where they are written.
        explain: write below each answer which rules decided it.
    """

    def __init__(self, console: Console, *, explain: bool = False) -> None:
        self._console = console
        self._explain = explain
        self._waiting: deque[Record] = deque()
        self._dropped = 0
        self._wake = threading.Event()
        self._done = False
        self._thread = threading.Thread(target=self._write_all, name="chalice-log", daemon=True)

    def report(self, record: Record) -> None:
        """Have *record* written soon; drop request lines that nobody reads."""
        if len(self._waiting) >= _MOST_WAITING and isinstance(record, Answered | FunctionLog):
            self._dropped += 1
            return
        self._waiting.append(record)
        self._wake.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._done = True
        self._wake.set()
        # A terminal that stands still does not keep the program from ending.
        self._thread.join(2)

    def _write_all(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            done = self._done
            try:
                self._write_waiting()
            except (OSError, ValueError):
                # Nobody reads any more: the server goes on, its log goes nowhere.
                self._waiting.clear()
            if done:
                return

    def _write_waiting(self) -> None:
        lines: list[str] = []
        while self._waiting:
            record = self._waiting.popleft()
            if isinstance(record, Answered):
                lines.append(line_of(record))
                if self._explain:
                    lines += receipt_of(record)
                continue
            self._say(lines)
            self._show(record)
        if self._dropped:
            lines.append(f"{self._dropped} lines were dropped: they came faster than they are read")
            self._dropped = 0
        self._say(lines)

    def _say(self, lines: list[str]) -> None:
        if lines:
            self._console.say("\n".join(lines))
            lines.clear()

    def _show(self, record: Record) -> None:
        console = self._console
        match record:
            case Serving():
                self._show_serving(record)
            case Reloaded():
                console.problems(record.warnings)
                files = visible(", ".join(record.files[:3]))
                more = f" and {len(record.files) - 3} more" if len(record.files) > 3 else ""
                console.say(f"Reloaded in {record.seconds:.2f} s: {files}{more}")
            case Broken():
                if record.trace:
                    console.say(printable_lines(record.trace.rstrip()))
                console.problems(record.problems)
                console.error(_BROKEN_BY_EDIT if record.edited else _BROKEN_WITHOUT_EDIT)
            case Replaced():
                console.say(f"{visible(record.reason)}; another process takes over")
            case FunctionLog():
                console.say(printable_lines(record.text))
            case Notice():
                console.warning(visible(record.text))
            case Fault():
                console.say(printable_lines(record.trace.rstrip()))
                console.error(f"This is a bug in Chalice, report it: {visible(record.summary)}")
            case Answered():
                console.say(line_of(record))

    def _show_serving(self, record: Serving) -> None:
        self._console.problems(record.warnings)
        if record.api_key is not None:
            self._console.say(
                f"Routes ask for an API key and none is configured; for this run it is"
                f" {record.api_key} (header `x-api-key`)"
            )
        self._console.say("Serving; Ctrl-C stops")
        try:
            self._console.data(record.url)
            self._console.flush()
        except Unwritable as error:
            self._console.warning(f"It serves at {record.url}. {error}")
