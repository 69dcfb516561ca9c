"""Cuts what clients send where one request ends and the next begins, as far as that can be seen.

The parser reports an error in place of everything it was given in one go, so it is given no more
than one head or one body at a time: what is wrong with a request then costs only that request and
those behind it, however the bytes were split on their way.
"""

from __future__ import annotations

import re

from chalice.server.wire import Refused

_HEAD_END = b"\r\n\r\n"

# The parser takes more than this: several blanks, no version, protocols that are not HTTP.
# Source: RFC 9112, section 3; empty lines before it are section 2.2.
_LINE = re.compile(rb"(?:\r\n)*[^ \r\n]+ [^ \r\n]+ HTTP/1\.[0-9]\r\n")
_OTHER_VERSION = re.compile(rb"[^ \r\n]+ [^ \r\n]+ HTTP/[2-9](?:\.[0-9])?\r\n")


class Pieces:
    """Where one connection is within the requests that come over it."""

    __slots__ = ("_line", "_tail", "head_ends", "in_chunks", "left", "of_body")

    def __init__(self) -> None:
        self._line: bytes | None = b""  # what has come of a request line, or None behind it
        self._tail = b""  # what may be the beginning of the end of a head
        self.of_body = False  # whether the last piece was one of a body
        self.left = 0  # what is to come of a body whose length is known
        self.in_chunks = False  # whether a body in chunks has not ended
        self.head_ends = False  # whether the last piece ended a head, or what looks like one

    def end(self, data: bytes, start: int) -> int:
        """Return where the piece of *data* ends that begins at *start*."""
        size = len(data)
        self.head_ends = False
        self.of_body = self.in_chunks or self.left > 0
        if self.left:
            taken = min(self.left, size - start)
            self.left -= taken
            return start + taken
        tail = self._tail
        if tail:
            at = (tail + data[start : start + 3]).find(_HEAD_END)
            found = start + at + 4 - len(tail) if at >= 0 else -1
        else:
            found = -1
        if found < 0:
            at = data.find(_HEAD_END, start)
            if at < 0:
                self._tail = (tail + data[max(start, size - 3) :])[-3:]
                return size
            found = at + 4
        self._tail = b""
        self.head_ends = True
        return found

    def refused(self, piece: bytes) -> Refused | None:
        """Return why the request that *piece* begins, or goes on with, is refused, if it is."""
        if self._line is None or self.of_body:
            return None
        line = self._line + piece if self._line else piece
        if _LINE.match(line):
            self._line = None
            return None
        begun = line.lstrip(b"\r\n")
        if b"\r\n" not in begun:
            self._line = line
            return None
        if _OTHER_VERSION.match(begun):
            return Refused(505, "a version of HTTP that is not 1.x")
        return Refused(400, "the request line is not `METHOD TARGET HTTP/1.1`")

    def request(self, length: int | None) -> None:
        """Note that a head has been read whose body has *length*, None for chunks."""
        self.in_chunks = length is None
        self.left = length or 0
        self._line = b""
