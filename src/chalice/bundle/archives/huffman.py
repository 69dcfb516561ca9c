"""Blocks of compressed data as zlib writes them: in the way that takes least, with the same codes.

One alphabet may have several codes that take as little; which it is, zlib decides by the order in
which it joins symbols, and this follows it.

Source: zlib 1.3.1, trees.c; RFC 1951 for the format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_MATCH = 3
MAX_MATCH = 258
_WINDOW = 1 << 15

# Codes. Source: RFC 1951, sections 3.2.5 to 3.2.7.
_END_BLOCK = 256
_LITERALS = 256
_LENGTH_BITS = (0,) * 8 + (1,) * 4 + (2,) * 4 + (3,) * 4 + (4,) * 4 + (5,) * 4 + (0,)
_DISTANCE_BITS = (0, 0, *(bits for bits in range(14) for _ in (0, 1)))
_RUN_BITS = (0,) * 16 + (2, 3, 7)
_RUN_ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
_REPEAT, _ZEROS, _MANY_ZEROS = 16, 17, 18
_LITERAL_CODES = _LITERALS + 1 + 29
_DISTANCE_CODES = 30
_MAX_BITS = 15
_MAX_RUN_BITS = 7
_STORED, _FIXED, _DYNAMIC = 0, 1, 2


def _bases(bits: tuple[int, ...]) -> list[int]:
    """Return the first value of each code with so many extra *bits*."""
    bases = [0]
    for extra in bits[:-1]:
        bases.append(bases[-1] + (1 << extra))
    return bases


# 258 has a code of its own; its place among those of 227 to 257 stays free.
_LENGTH_BASES = [*_bases(_LENGTH_BITS)[:-1], MAX_MATCH - MIN_MATCH]
_DISTANCE_BASES = _bases(_DISTANCE_BITS)


def _codes_of(bases: list[int], end: int) -> list[int]:
    """Return the code of each value up to *end*."""
    codes: list[int] = []
    for code, base in enumerate(bases):
        until = bases[code + 1] if code + 1 < len(bases) else end
        codes += [code] * (until - base)
    return codes


_LENGTH_CODES = _codes_of(_LENGTH_BASES, 256)
_DISTANCE_CODE = _codes_of(_DISTANCE_BASES, _WINDOW)

_FIXED_LITERALS = (8,) * 144 + (9,) * 112 + (7,) * 24 + (8,) * 8
_FIXED_DISTANCES = (5,) * 30


class Symbol(NamedTuple):
    """A literal (distance 0), or a match: its distance and its length less 3."""

    distance: int
    value: int


class _Kind(NamedTuple):
    """One of the three alphabets that a block has codes for."""

    codes: int
    extra_base: int
    extra_bits: tuple[int, ...]
    max_bits: int
    fixed: tuple[int, ...] | None


_LITERAL_KIND = _Kind(_LITERAL_CODES, _LITERALS + 1, _LENGTH_BITS, _MAX_BITS, _FIXED_LITERALS)
_DISTANCE_KIND = _Kind(_DISTANCE_CODES, 0, _DISTANCE_BITS, _MAX_BITS, _FIXED_DISTANCES)
_RUN_KIND = _Kind(19, 0, _RUN_BITS, _MAX_RUN_BITS, None)


class Output:
    """Bits, the first in the lowest place of a byte."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._bits = 0
        self._count = 0

    def put(self, value: int, count: int) -> None:
        """Write the lowest *count* bits of *value*."""
        self._bits |= value << self._count
        self._count += count
        while self._count >= 8:
            self._bytes.append(self._bits & 0xFF)
            self._bits >>= 8
            self._count -= 8

    def put_bytes(self, data: bytes) -> None:
        """Write *data* from the next byte on."""
        self.align()
        self._bytes += data

    def align(self) -> None:
        """Fill the byte that is begun."""
        if self._count:
            self.put(0, 8 - self._count)

    def finished(self) -> bytes:
        """Return all that was written."""
        self.align()
        return bytes(self._bytes)


class _Tree:
    """The Huffman codes of one alphabet in one block.

    Attributes:
        lengths: bits of each symbol's code; 0 for one that does not occur.
        codes: the codes, as they are written.
        last: the last symbol that occurs.
        bits: what its symbols take with these codes.
        fixed_bits: what they take with the fixed ones.
    """

    def __init__(self, kind: _Kind, frequencies: list[int]) -> None:
        self._kind = kind
        size = kind.codes
        self._weights = frequencies + [0] * (size + 1)
        self._depths = [0] * (2 * size + 1)
        self._parents = [0] * (2 * size + 1)
        self._heap: list[int] = [0]
        self.lengths = [0] * (2 * size + 1)
        self.bits = self.fixed_bits = 0
        self.last = self._seed(size)
        self._limit(self._order(size))
        self.codes = _codes(self.lengths[:size])

    def _following(self, symbol: int) -> int:
        """Return how many bits follow the code of *symbol*."""
        base = self._kind.extra_base
        return self._kind.extra_bits[symbol - base] if symbol >= base else 0

    def _seed(self, size: int) -> int:
        """Put the symbols that occur into the heap, two at least; return the last one."""
        heap, weights = self._heap, self._weights
        heap += [symbol for symbol in range(size) if weights[symbol]]
        last = heap[-1] if len(heap) > 1 else -1
        while len(heap) < 3:
            symbol = 0
            if last < 2:
                last += 1
                symbol = last
            heap.append(symbol)
            weights[symbol] = 1
            self.bits -= 1
            if self._kind.fixed:
                self.fixed_bits -= self._kind.fixed[symbol]
        for place in range((len(heap) - 1) // 2, 0, -1):
            self._sink(place)
        return last

    def _order(self, node: int) -> list[int]:
        """Join the two lightest until one is left; return all, the heaviest first."""
        heap = self._heap
        taken: list[int] = []
        while True:
            first = heap[1]
            moved = heap.pop()
            heap[1] = moved
            self._sink(1)
            second = heap[1]
            taken += (first, second)
            self._weights[node] = self._weights[first] + self._weights[second]
            self._depths[node] = max(self._depths[first], self._depths[second]) + 1
            self._parents[first] = self._parents[second] = node
            heap[1] = node
            node += 1
            self._sink(1)
            if len(heap) <= 2:
                break
        return [heap[1], *reversed(taken)]

    def _sink(self, place: int) -> None:
        heap, moving = self._heap, self._heap[place]
        end = len(heap) - 1
        child = place * 2
        while child <= end:
            if child < end and self._lighter(heap[child + 1], heap[child]):
                child += 1
            if self._lighter(moving, heap[child]):
                break
            heap[place] = heap[child]
            place = child
            child *= 2
        heap[place] = moving

    def _lighter(self, one: int, other: int) -> bool:
        weights, depths = self._weights, self._depths
        if weights[one] != weights[other]:
            return weights[one] < weights[other]
        return depths[one] <= depths[other]

    def _limit(self, order: list[int]) -> None:
        """Give each symbol its number of bits, none more than there may be."""
        kind, lengths = self._kind, self.lengths
        most = kind.max_bits
        counts = [0] * (most + 1)
        overflow = 0
        for node in order[1:]:
            bits = lengths[self._parents[node]] + 1
            if bits > most:
                bits = most
                overflow += 1
            lengths[node] = bits
            if node > self.last:
                continue
            counts[bits] += 1
            self.bits += self._weights[node] * (bits + self._following(node))
            if kind.fixed:
                self.fixed_bits += self._weights[node] * (kind.fixed[node] + self._following(node))
        if overflow:
            self._shorten(order, counts, overflow)

    def _shorten(self, order: list[int], counts: list[int], overflow: int) -> None:
        most = self._kind.max_bits
        while overflow > 0:
            bits = most - 1
            while not counts[bits]:
                bits -= 1
            counts[bits] -= 1
            counts[bits + 1] += 2
            counts[most] -= 1
            overflow -= 2
        leaves = (node for node in reversed(order) if node <= self.last)
        for bits in range(most, 0, -1):
            for _ in range(counts[bits]):
                node = next(leaves)
                self.bits += (bits - self.lengths[node]) * self._weights[node]
                self.lengths[node] = bits


def _codes(lengths: Sequence[int]) -> list[int]:
    """Return the codes of symbols with codes of so many bits, turned as they are written."""
    counts = [0] * (_MAX_BITS + 1)
    for bits in lengths:
        counts[bits] += 1
    counts[0] = 0
    nexts, code = [0] * (_MAX_BITS + 1), 0
    for bits in range(1, _MAX_BITS + 1):
        code = (code + counts[bits - 1]) << 1
        nexts[bits] = code
    codes: list[int] = []
    for bits in lengths:
        codes.append(int(f"{nexts[bits]:0{bits}b}"[::-1], 2) if bits else 0)
        nexts[bits] += 1
    return codes


def write_block(
    out: Output, symbols: list[Symbol], plain: bytes | None, size: int, *, last: bool
) -> None:
    """Write one block in whichever of the three ways takes least."""
    literals, distances = [0] * _LITERAL_CODES, [0] * _DISTANCE_CODES
    literals[_END_BLOCK] = 1
    for distance, value in symbols:
        if distance:
            literals[_LENGTH_CODES[value] + _LITERALS + 1] += 1
            distances[_DISTANCE_CODE[distance - 1]] += 1
        else:
            literals[value] += 1
    trees = (_Tree(_LITERAL_KIND, literals), _Tree(_DISTANCE_KIND, distances))
    runs = [list(_runs(tree.lengths[: tree.last + 1])) for tree in trees]
    frequencies = [0] * _RUN_KIND.codes
    for symbol, _ in (*runs[0], *runs[1]):
        frequencies[symbol] += 1
    run_tree = _Tree(_RUN_KIND, frequencies)
    shown = max(place for place in range(19) if place < 4 or run_tree.lengths[_RUN_ORDER[place]])
    dynamic = sum(tree.bits for tree in (*trees, run_tree)) + 3 * (shown + 1) + 14
    fixed = sum(tree.fixed_bits for tree in trees)
    least = min((dynamic + 10) >> 3, (fixed + 10) >> 3)
    if plain is not None and size + 4 <= least:
        out.put(_STORED << 1 | last, 3)
        out.put_bytes(size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + plain)
    elif (fixed + 10) >> 3 == least:
        out.put(_FIXED << 1 | last, 3)
        fixed_codes = _codes(_FIXED_LITERALS), _codes(_FIXED_DISTANCES)
        _write_symbols(out, symbols, fixed_codes, (_FIXED_LITERALS, _FIXED_DISTANCES))
    else:
        out.put(_DYNAMIC << 1 | last, 3)
        out.put(trees[0].last - 256, 5)
        out.put(trees[1].last, 5)
        out.put(shown - 3, 4)
        for symbol in _RUN_ORDER[: shown + 1]:
            out.put(run_tree.lengths[symbol], 3)
        for symbol, value in (*runs[0], *runs[1]):
            out.put(run_tree.codes[symbol], run_tree.lengths[symbol])
            out.put(value, _RUN_BITS[symbol])
        codes = trees[0].codes, trees[1].codes
        _write_symbols(out, symbols, codes, (trees[0].lengths, trees[1].lengths))


def _write_symbols(
    out: Output,
    symbols: list[Symbol],
    codes: tuple[list[int], list[int]],
    lengths: tuple[Sequence[int], Sequence[int]],
) -> None:
    """Write *symbols* with the *codes* of literals and distances, which have these *lengths*."""
    literals, distances = codes
    literal_lengths, distance_lengths = lengths
    for distance, value in symbols:
        if not distance:
            out.put(literals[value], literal_lengths[value])
            continue
        code = _LENGTH_CODES[value]
        out.put(literals[code + _LITERALS + 1], literal_lengths[code + _LITERALS + 1])
        out.put(value - _LENGTH_BASES[code], _LENGTH_BITS[code])
        code = _DISTANCE_CODE[distance - 1]
        out.put(distances[code], distance_lengths[code])
        out.put(distance - 1 - _DISTANCE_BASES[code], _DISTANCE_BITS[code])
    out.put(literals[_END_BLOCK], literal_lengths[_END_BLOCK])


def _runs(lengths: list[int]) -> list[tuple[int, int]]:
    """Return *lengths* as a block tells them: symbols, with what follows their codes."""
    runs: list[tuple[int, int]] = []
    before, at = -1, 0
    while at < len(lengths):
        length = lengths[at]
        most = 138 if length == 0 else 6 if length == before else 7
        count = 1
        while count < most and at + count < len(lengths) and lengths[at + count] == length:
            count += 1
        at += count
        runs += _run(length, count, before)
        before = length
    return runs


def _run(length: int, count: int, before: int) -> list[tuple[int, int]]:
    if count < (3 if length in {0, before} else 4):
        return [(length, 0)] * count
    if length == 0:
        return [(_ZEROS, count - 3)] if count <= 10 else [(_MANY_ZEROS, count - 11)]
    own = [] if length == before else [(length, 0)]
    return [*own, (_REPEAT, count - len(own) - 3)]
