"""The standard streams of the command line, whatever the shell has made of them.

    closed stdin    what reads it is told so
    stdout          buffered, also under `PYTHONUNBUFFERED`: Python writes to an unbuffered stream
                    once, and what did not fit is lost without a word. An answer that cannot be
                    written stops the command.
    stderr          what is said never stops what is done. What a closed one does not take was
                    not wanted; what a full one does not take is remembered for the exit code.

A reader that goes away is something else: `BrokenPipeError` passes.
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO, cast

from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import NoReturn

    # Any of bytes, as `RawIOBase` has it.
    from _typeshed import ReadableBuffer, WriteableBuffer

_IN, _OUT, _ERR = 0, 1, 2

_CLOSED = "The answer cannot be written: stdout is closed; leave it open, or send it to `/dev/null`"


class Unwritable(ToolError, OSError):
    """The answer cannot be written to stdout.

    An `OSError` for code that prints and knows what may become of it.
    """


class StandardStreams:
    """What became of what was written, for the exit code.

    Attributes:
        unwritable: why stdout has not taken all of the answer; None while it has.
        silenced: stderr has not taken all that was said.
    """

    __slots__ = ("silenced", "unwritable")

    def __init__(self) -> None:
        self.unwritable: Unwritable | None = None
        self.silenced = False


@contextmanager
def standard_streams() -> Generator[StandardStreams]:
    """Have `sys.stdin`, `sys.stdout` and `sys.stderr` be streams that can be relied on.

    A stream that somebody has put in the place of one stays: it is theirs.
    """
    streams = StandardStreams()
    before = sys.stdin, sys.stdout, sys.stderr
    _occupy_closed_descriptors()
    if cast("TextIO | None", sys.stdin) is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(_ClosedInput()), encoding="utf-8")
    if sys.stdout is sys.__stdout__:
        sys.stdout = _text(_Answers(_raw(sys.stdout), streams), sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _text(_Talk(_raw(sys.stderr), streams), sys.stderr)
    try:
        yield streams
    finally:
        for stream in {sys.stdout, sys.stderr} - {*before}:
            with suppress(OSError, ValueError):  # told of before, if it is to be told
                stream.flush()
        sys.stdin, sys.stdout, sys.stderr = before


def another(stream: TextIO) -> TextIO:
    """Return another stream to where *stream* writes, whoever closes the descriptor of that.

    *stream* itself where that cannot be.
    """
    with suppress(OSError, ValueError, AttributeError):  # full, closed, or there is none
        stream.flush()
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    try:
        if isinstance(raw, _Output):
            return _text(raw.again(), stream)
        descriptor = os.dup(stream.fileno())
        return os.fdopen(descriptor, "w", encoding=stream.encoding, errors=stream.errors)
    except (OSError, ValueError, AttributeError):  # replaced, closed, or there is none
        return stream


def _occupy_closed_descriptors() -> None:
    """Keep files and sockets from getting the number of a stream that is closed.

    What a process of ours, or a library in C, writes to stdout would go into them.
    """
    for number in (_IN, _OUT, _ERR):
        try:
            os.fstat(number)
        except OSError:
            nothing = os.open(os.devnull, os.O_RDWR)
            if nothing != number:
                os.dup2(nothing, number)
                os.close(nothing)
            os.set_inheritable(number, True)  # noqa: FBT003 - its signature


def _raw(stream: TextIO | None) -> io.RawIOBase | None:
    """Return what writes for *stream*; None for a closed one."""
    if stream is None:
        return None
    buffer = stream.buffer  # unbuffered: it is the raw one itself
    return cast("io.RawIOBase", getattr(buffer, "raw", buffer))


def _text(raw: _Output, like: TextIO | None) -> TextIO:
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=like.encoding if like is not None else "utf-8",
        errors="backslashreplace",
        line_buffering=like is not None and bool(like.line_buffering),
    )


class _ClosedInput(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> NoReturn:
        del buffer
        raise OSError(errno.EBADF, "it is closed")

    def fileno(self) -> int:
        return _IN


class _Output(io.RawIOBase):
    """Writes all that it is given.

    Args:
        raw: to where; None where that is closed.
        streams: remembers what cannot be written.
    """

    number: int

    def __init__(self, raw: io.RawIOBase | None, streams: StandardStreams) -> None:
        super().__init__()
        self._raw = raw
        self._streams = streams

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.number if self._raw is None else self._raw.fileno()

    def isatty(self) -> bool:
        return self._raw is not None and self._raw.isatty()

    def again(self) -> _Output:
        """Return another one, to the same place."""
        if self._raw is None:
            return type(self)(None, self._streams)
        return type(self)(io.FileIO(os.dup(self.fileno()), "w"), self._streams)

    def _written(self, data: ReadableBuffer) -> int:
        """Write some of *data* to a stream that is open, and return how much."""
        raw = cast("io.RawIOBase", self._raw)
        while (written := raw.write(data)) is None:
            # Whoever shares the pipe has made it one that does not wait.
            select.select([], [raw], [])
        return written


class _Answers(_Output):
    number = _OUT

    def write(self, data: ReadableBuffer, /) -> int:
        if self._raw is None:
            self._stop(Unwritable(_CLOSED))
        try:
            return self._written(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._stop(
                Unwritable(
                    f"The answer cannot be written to stdout: {error.strerror or error}; what is"
                    " there is not all of it. Make room, or send it to another place"
                ),
                error,
            )

    def _stop(self, fault: Unwritable, cause: OSError | None = None) -> NoReturn:
        self._streams.unwritable = fault
        raise fault from cause


class _Talk(_Output):
    number = _ERR

    def write(self, data: ReadableBuffer, /) -> int:
        if self._raw is None:
            return memoryview(data).nbytes
        try:
            return self._written(data)
        except BrokenPipeError:
            raise
        except OSError:
            self._streams.silenced = True
            return memoryview(data).nbytes
