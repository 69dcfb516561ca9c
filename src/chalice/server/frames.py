"""What travels between the process that owns the sockets and the one that runs the application.

A frame is a length, a kind, the number of the invocation that it is about, a little JSON and a
body. Both ends run the same code on the same machine, so there is no version in it.
"""

from __future__ import annotations

import json
import struct
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from chalice.invocation import (
    MAX_EVENT_BYTES,
    FunctionError,
    Invocation,
    NotInvocable,
    Outcome,
    Result,
    StillRunning,
    Throttled,
    TimedOut,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

# Bytes that follow, kind, number, bytes of JSON.
_HEAD = struct.Struct("!IBII")
_AFTER_LENGTH = _HEAD.size - 4

# An event and its fields; more is not waited for.
_MOST_READ_BYTES = 2 * MAX_EVENT_BYTES


class Kind(IntEnum):
    """What a frame says."""

    INVOKE = 1
    RESULT = 2
    ERROR = 3
    TIMED_OUT = 4
    STILL_RUNNING = 5
    THROTTLED = 6
    NOT_INVOCABLE = 7
    READY = 8  # the application is loaded; the body is what is to be served
    REFUSED = 9  # the application cannot be loaded; the body says why
    LOG = 10  # the body is an entry of a function's log
    SLOW = 11  # the import takes long; the body is the place where it stands


class Frame(NamedTuple):
    """One frame, read."""

    kind: int
    number: int
    fields: Any
    body: bytes


class Damaged(Exception):
    """The other end sent what is not a frame: the application wrote to a descriptor of ours."""


def encode(kind: Kind, number: int = 0, fields: Any = None, body: bytes = b"") -> bytes:
    """Return the bytes of a frame."""
    text = b"" if fields is None else json.dumps(fields).encode()
    length = _AFTER_LENGTH + len(text) + len(body)
    return _HEAD.pack(length, kind, number, len(text)) + text + body


def _decode(kind: int, number: int, size: int, rest: bytes) -> Frame:
    try:
        fields = json.loads(rest[:size]) if size else None
    except (ValueError, RecursionError) as error:
        raise Damaged from error
    return Frame(kind, number, fields, rest[size:] if size else rest)


def read(stream: BufferedReader) -> Frame | None:
    """Wait for a frame and return it; None at the end of the stream.

    Raises:
        Damaged: what arrived is not a frame, or one that is larger than any invocation.
    """
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    length, kind, number, size = _HEAD.unpack(head)
    if kind not in _KINDS or not _AFTER_LENGTH + size <= length <= _MOST_READ_BYTES:
        raise Damaged
    rest = stream.read(length - _AFTER_LENGTH)
    if len(rest) < length - _AFTER_LENGTH:
        return None
    return _decode(kind, number, size, rest)


class Decoder:
    """Cuts frames out of what arrives in pieces."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield the frames that *data* completes.

        Raises:
            Damaged: what arrived is not a frame; nothing after it can be read.
        """
        buffer = self._buffer
        buffer += data
        start = 0
        while len(buffer) - start >= _HEAD.size:
            length, kind, number, size = _HEAD.unpack_from(buffer, start)
            if kind not in _KINDS or length < _AFTER_LENGTH + size:
                raise Damaged
            end = start + 4 + length
            if len(buffer) < end:
                break
            yield _decode(kind, number, size, bytes(buffer[start + _HEAD.size : end]))
            start = end
        if start:
            del buffer[:start]


_KINDS = frozenset(Kind)


def invocation_frame(number: int, invocation: Invocation) -> bytes:
    """Return the frame that asks for *invocation*."""
    fields = [
        invocation.function,
        invocation.within_seconds,
        invocation.request_id,
        invocation.trace_id,
    ]
    return encode(Kind.INVOKE, number, fields, invocation.payload)


def invocation_of(frame: Frame) -> Invocation:
    """Return the invocation that *frame* asks for.

    Raises:
        Damaged: it asks for none.
    """
    match frame:
        case Frame(Kind.INVOKE, _, [str(), int() | float(), str(), str()], _):
            function, within_seconds, request_id, trace_id = frame.fields
            return Invocation(function, frame.body, within_seconds, request_id, trace_id)
        case _:
            raise Damaged


def outcome_frame(number: int, outcome: Outcome) -> bytes:
    """Return the frame that tells *outcome*."""
    match outcome:
        case Result():
            return encode(Kind.RESULT, number, None, outcome.payload)
        case FunctionError():
            fields = [outcome.error_type, outcome.message, list(outcome.stack)]
            return encode(Kind.ERROR, number, fields)
        case TimedOut():
            return encode(Kind.TIMED_OUT, number, outcome.seconds)
        case NotInvocable():
            return encode(Kind.NOT_INVOCABLE, number, outcome.reason)
        case StillRunning():
            return encode(Kind.STILL_RUNNING, number)
        case Throttled():
            return encode(Kind.THROTTLED, number)


def outcome_of(frame: Frame) -> Outcome:
    """Return the outcome that *frame* tells.

    Raises:
        Damaged: it tells none.
    """
    match frame.kind:
        case Kind.RESULT:
            return Result(frame.body)
        case Kind.ERROR:
            error_type, message, stack = frame.fields
            return FunctionError(error_type, message, tuple(stack))
        case Kind.TIMED_OUT:
            return TimedOut(frame.fields)
        case Kind.NOT_INVOCABLE:
            return NotInvocable(frame.fields)
        case Kind.STILL_RUNNING:
            return StillRunning()
        case Kind.THROTTLED:
            return Throttled()
        case _:
            raise Damaged
