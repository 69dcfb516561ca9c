"""Compression that is the same on every machine: zlib's own, or that of `deflating`."""

import random
import sysconfig
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice.bundle.archives.deflate import deflated, deflated_pieces, is_zlib, sample
from chalice.bundle.archives.deflating import deflated_by_python
from chalice.bundle.archives.huffman import Output, Symbol, write_block

LIBRARY = Path(sysconfig.get_paths()["stdlib"])


def by_zlib(data):
    compress = zlib.compressobj(6, zlib.DEFLATED, -15)
    return compress.compress(data) + compress.flush()


def inflated(data):
    return zlib.decompress(data, -15)


needs_zlib = pytest.mark.skipif(not is_zlib(), reason="this interpreter's zlib is another one")


@given(st.binary(max_size=2000))
def test_what_is_compressed_unpacks(data):
    assert inflated(deflated(data)) == data
    assert inflated(deflated_by_python(data)) == data


def lopsided(symbols, size, growth):
    """Return noise in which each symbol is *growth* times rarer than the one before."""
    weights = [growth**-number for number in range(symbols)]
    chosen = random.Random(7).choices(range(symbols), weights, k=size)
    return bytes(number * 5 % 256 for number in chosen)


SAMPLES = {
    "nothing": b"",
    "one byte": b"a",
    "one byte often": b"a" * 300_000,
    "noise": b"".join(n.to_bytes(4, "big") for n in (pow(3, k, 2**32 - 5) for k in range(20_000))),
    "every byte": bytes(range(256)) * 300,
    "repeated far away": bytes(range(200)) * 2 + sample()[:32_400] + bytes(range(200)) * 2,
    "longer than two windows": sample() * 4,
    "source": (LIBRARY / "argparse.py").read_bytes(),
    "codes that would be too long": lopsided(30, 60_000, 1.9),
    "lengths that would have too long codes": lopsided(250, 50_000, 1.05),
}


@needs_zlib
@pytest.mark.parametrize("data", SAMPLES.values(), ids=SAMPLES)
def test_python_compresses_as_zlib_does(data):
    assert deflated_by_python(data) == by_zlib(data)


@needs_zlib
@given(st.lists(st.sampled_from([b"a", b"bc", b"def ", b"\0\1", b"x" * 40]), max_size=3000))
def test_python_compresses_whatever_repeats_as_zlib_does(pieces):
    data = b"".join(pieces)

    assert deflated_by_python(data) == by_zlib(data)


@needs_zlib
@pytest.mark.parametrize("symbols", [10, 16, 17, 18, 19, 20])
def test_codes_that_would_be_too_long_are_those_of_zlib(symbols):
    counts = [1, 1]
    while len(counts) < symbols:
        counts.append(counts[-1] + counts[-2])
    data = b"".join(bytes([11 * symbol]) * count for symbol, count in enumerate(counts))[:16_000]
    compress = zlib.compressobj(6, zlib.DEFLATED, -15, 8, zlib.Z_HUFFMAN_ONLY)
    out = Output()

    write_block(out, [Symbol(0, byte) for byte in data], data, len(data), last=True)

    assert out.finished() == compress.compress(data) + compress.flush()


def test_pieces_compress_to_what_the_whole_does():
    data = sample() * 6

    for size in (1, 1000, 65_536):
        pieces = (data[at : at + size] for at in range(0, len(data), size))
        assert b"".join(deflated_pieces(pieces)) == deflated(data)
