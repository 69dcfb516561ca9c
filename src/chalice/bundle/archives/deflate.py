"""Compression that gives the same bytes on every machine.

What a zip takes is defined; how well it is compressed is not: zlib-ng, Apple's zlib and others find
other repetitions than zlib does, so the archive of one project would differ from machine to
machine. zlib itself gives the same bytes in all of its versions (1.2.8 to 1.3.1: its search has
not changed). So the first use compresses a sample and looks at what comes out. Where that is not
what zlib makes, `deflating` is used, which makes it in Python: some 100 times slower, paid for
once for each content, since what comes out is kept.

The alternatives: to store bytecode as it is makes the archive of requests, pydantic and numpy
4 MB larger (17 %); to let the target's interpreter compress moves the question to its zlib.
"""

from __future__ import annotations

import hashlib
import zlib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What `gzip` does by default: 2 % larger than 9, twice as fast.
LEVEL = 6

# The SHA-256 of the sample as zlib compresses it. Source: observed, zlib 1.2.13; `deflating`, which
# follows zlib's own search, gives the same.
_SAMPLE_DIGEST = "773b07236f68eb8aee2c999b1eb82480f3fd6f8eec42965a6bd5281d2db7520a"


def deflated(data: bytes) -> bytes:
    """Return *data* compressed, without header and checksum."""
    if is_zlib():
        return _by_zlib(data)
    from chalice.bundle.archives.deflating import deflated_by_python  # noqa: PLC0415 - hardly anybody needs it

    return deflated_by_python(data)


@cache
def is_zlib() -> bool:
    """Return whether this interpreter's zlib compresses as zlib does."""
    return hashlib.sha256(_by_zlib(sample())).hexdigest() == _SAMPLE_DIGEST


def sample() -> bytes:
    """Return data with repetitions near and far, short and long, and some without any."""
    pieces: list[bytes] = []
    state = 1
    for _ in range(6000):
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        pieces.append(b"%x\n" % (state >> 12 + state % 11))
    noise = hashlib.sha256(b"chalice").digest()
    return b"".join(pieces) + noise * 40 + b"a" * 1000 + b"".join(pieces[:2000])


def _by_zlib(data: bytes) -> bytes:
    compress = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compress.compress(data) + compress.flush()


def deflated_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the data of *pieces* compressed as `deflated` does it at once."""
    if not is_zlib():
        yield deflated(b"".join(pieces))
        return
    compress = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    for piece in pieces:
        yield compress.compress(piece)
    yield compress.flush()
