"""Compression as zlib does it, in Python: the same bytes, where the zlib at hand gives others.

This follows zlib step by step, at its default level, since each choice of its search decides what
comes out: chains of positions that begin with the same three bytes, the longest match among the
nearest of them, one step of waiting for a longer one; then blocks of 16,383 symbols, each with the
Huffman codes that take least. See RFC 1951 for the format.

Blocks are the matter of `huffman`.

Source: zlib 1.3.1, deflate.c (`deflate_slow`, `longest_match`, `fill_window`).
"""

from __future__ import annotations

from chalice.bundle.archives.huffman import MAX_MATCH, MIN_MATCH, Output, Symbol, write_block

# Sizes. Source: deflate.c and deflate.h; memLevel 8, windowBits 15.
_WINDOW = 1 << 15
_MASK = _WINDOW - 1
_MIN_LOOKAHEAD = MAX_MATCH + MIN_MATCH + 1
_MAX_DISTANCE = _WINDOW - _MIN_LOOKAHEAD
_TOO_FAR = 4096
_BLOCK_SYMBOLS = (1 << 14) - 1

# Level 6. Source: deflate.c, `configuration_table`.
_GOOD = 8
_LAZY = 16
_NICE = 128
_CHAIN = 128


def deflated_by_python(data: bytes) -> bytes:
    """Return *data* as `zlib` compresses it at level 6, without header and checksum."""
    return _Search(data).run()


class _Search:
    """Finds what repeats; positions are those in the data, not in zlib's moving window."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._out = Output()
        self._heads = [0] * _WINDOW
        self._chains = [0] * _WINDOW
        self._symbols: list[Symbol] = []
        self._base = 0
        self._filled = min(len(data), 2 * _WINDOW)
        self._block = 0

    def run(self) -> bytes:
        """Return the data compressed."""
        at, length, start, waiting = 0, MIN_MATCH - 1, 0, False
        while True:
            if self._filled - at < _MIN_LOOKAHEAD:
                self._fill(at)
            if at == len(self._data):
                break
            before, before_start = length, start
            length, start = self._match(at, before, start)
            if before >= MIN_MATCH and length <= before:
                at = self._take(at, before_start, before)
                length, waiting = MIN_MATCH - 1, False
                self._flush_full(at)
                continue
            if waiting:
                self._symbols.append(Symbol(0, self._data[at - 1]))
                self._flush_full(at)
            waiting = True
            at += 1
        if waiting:
            self._symbols.append(Symbol(0, self._data[at - 1]))
        self._flush(at, last=True)
        return self._out.finished()

    def _match(self, at: int, before: int, start: int) -> tuple[int, int]:
        """Return the length and the start of a match that is longer than *before*."""
        head = self._insert(at) if self._filled - at >= MIN_MATCH else 0
        if not head or before >= _LAZY or at - head > _MAX_DISTANCE:
            return MIN_MATCH - 1, start
        length, start = self._longest(at, head, before, start)
        far = length == MIN_MATCH and at - start > _TOO_FAR
        return MIN_MATCH - 1 if far else length, start

    def _take(self, at: int, start: int, length: int) -> int:
        """Write the match that begins before *at*, and return where it ends."""
        last = self._filled - MIN_MATCH
        self._symbols.append(Symbol(at - 1 - start, length - MIN_MATCH))
        end = at + length - 1
        for position in range(at + 1, end):
            if position <= last:
                self._insert(position)
        return end

    def _fill(self, at: int) -> None:
        """Move the window on, as zlib does when little is left in it."""
        if at - self._base >= _WINDOW + _MAX_DISTANCE:
            self._base += _WINDOW
        self._filled = min(len(self._data), self._base + 2 * _WINDOW)

    def _insert(self, at: int) -> int:
        """Enter a position into its chain and return the one before it; 0 is none."""
        data = self._data
        key = (data[at] << 10 ^ data[at + 1] << 5 ^ data[at + 2]) & _MASK
        head = self._chains[at & _MASK] = self._heads[key]
        self._heads[key] = at
        return head

    def _longest(self, at: int, match: int, best: int, start: int) -> tuple[int, int]:
        """Return the longest match of what is at *at* that is longer than *best*, and its start."""
        data, chains = self._data, self._chains
        ahead = self._filled - at
        nice = min(_NICE, ahead)
        chain = _CHAIN >> 2 if best >= _GOOD else _CHAIN
        limit = max(0, at - _MAX_DISTANCE)
        most = min(MAX_MATCH, ahead)
        while True:
            # What is not longer than the best by one byte is not looked at.
            if best < most and data[match : match + best + 1] == data[at : at + best + 1]:
                best, start = self._extent(match, at, best + 1, most), match
                if best >= nice:
                    break
            match = chains[match & _MASK]
            chain -= 1
            if match <= limit or not chain:
                break
        return min(best, ahead), start

    def _extent(self, match: int, at: int, known: int, most: int) -> int:
        """Return how many bytes are the same, at least *known* and at most *most*."""
        data = self._data
        while known < most and data[match + known] == data[at + known]:
            known += 1
        return known

    def _flush_full(self, at: int) -> None:
        if len(self._symbols) == _BLOCK_SYMBOLS:
            self._flush(at, last=False)

    def _flush(self, at: int, *, last: bool) -> None:
        """Write a block of the symbols so far; what it stands for ends at *at*."""
        # zlib can store only what its window still holds.
        plain = self._data[self._block : at] if self._block >= self._base else None
        write_block(self._out, self._symbols, plain, at - self._block, last=last)
        self._symbols = []
        self._block = at
