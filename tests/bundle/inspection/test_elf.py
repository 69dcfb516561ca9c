"""ELF files are read for what the loader needs, whatever is in them."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bundle.elves import AARCH64, BASE, make_elf

from chalice.bundle.inspection.elf import NotElf, read_elf

WHOLE = make_elf(
    needed=["libssl-1a2b.so.3", "libc.so.6"],
    versions={"libc.so.6": ["GLIBC_2.14", "GLIBC_2.28"], "libssl-1a2b.so.3": ["OPENSSL_3.0.0"]},
    soname="libx.so.1",
    runpath="$ORIGIN/../x.libs:/opt/lib",
)


def test_what_a_library_asks_for_is_read():
    elf = read_elf(WHOLE)

    assert (elf.machine, elf.shared, elf.soname) == ("x86_64", True, "libx.so.1")
    assert elf.needed == ("libssl-1a2b.so.3", "libc.so.6")
    assert elf.search == ("$ORIGIN/../x.libs", "/opt/lib")
    assert not elf.inherited
    assert elf.versions == {
        "libc.so.6": ("GLIBC_2.14", "GLIBC_2.28"),
        "libssl-1a2b.so.3": ("OPENSSL_3.0.0",),
    }


def test_a_runpath_takes_the_place_of_an_rpath():
    both = read_elf(make_elf(rpath="/old", runpath="/new"))
    only = read_elf(make_elf(rpath="/old"))

    assert (both.search, both.inherited) == (("/new",), False)
    assert (only.search, only.inherited) == (("/old",), True)


def test_a_library_of_another_machine_is_read_too():
    assert read_elf(make_elf(machine=AARCH64)).machine == "aarch64"
    assert read_elf(make_elf(machine=4711)).machine == "machine 4711"


@pytest.mark.parametrize(
    ("place", "value", "machine"),
    [(4, 1, "x86_64, 32 bits"), (5, 2, "machine 15872, big-endian")],
)
def test_a_file_of_another_width_or_order_is_read_as_far_as_its_machine(place, value, machine):
    data = bytearray(WHOLE)
    data[place] = value

    assert read_elf(bytes(data)).machine == machine


def test_a_program_is_no_shared_library():
    assert not read_elf(make_elf(kind=2)).shared


def test_a_library_without_dynamic_table_asks_for_nothing():
    data = bytearray(WHOLE)
    struct.pack_into("<H", data, 56, 1)  # one segment: what is loaded

    elf = read_elf(bytes(data))

    assert (elf.needed, elf.versions) == ((), {})


@pytest.mark.parametrize(
    "data",
    [b"", b"\x7fELF", b"MZ" * 40, WHOLE[:60], WHOLE[:100], WHOLE[:-30], b"#!/bin/sh\n" * 9],
    ids=["empty", "mark only", "another format", "header cut", "segments cut", "table cut", "text"],
)
def test_what_is_no_elf_file_is_refused(data):
    with pytest.raises(NotElf):
        read_elf(data)


def test_a_chain_of_versions_that_never_ends_is_cut():
    data = bytearray(WHOLE)
    first = _version_table_at(WHOLE)
    struct.pack_into("<H", data, first + 2, 0xFFFF)  # many versions of the first library

    assert len(read_elf(bytes(data)).versions["libc.so.6"]) == 2


def _version_table_at(data: bytes) -> int:
    mark = struct.pack("<q", 0x6FFFFFFE)
    (address,) = struct.unpack_from("<Q", data, data.index(mark) + 8)
    return address - BASE


@given(st.binary(max_size=400))
def test_random_bytes_are_read_or_refused(data):
    _read_or_refused(data)


@given(st.binary(max_size=400))
def test_random_bytes_behind_the_mark_are_read_or_refused(data):
    _read_or_refused(WHOLE[:16] + data)


@given(
    st.lists(
        st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=12
    )
)
def test_a_damaged_library_is_read_or_refused(edits):
    data = bytearray(WHOLE)
    for place, value in edits:
        data[place] = value

    _read_or_refused(bytes(data))


@given(
    st.integers(0, len(WHOLE) - 8),
    st.sampled_from([0, 1, 0xFFFF, 2**31, 2**32 - 1, 2**63, 2**64 - 1, BASE, len(WHOLE)]),
)
def test_a_number_that_is_far_off_is_read_or_refused(place, number):
    data = bytearray(WHOLE)
    struct.pack_into("<Q", data, place, number)

    _read_or_refused(bytes(data))


def _read_or_refused(data: bytes) -> None:
    try:
        elf = read_elf(data)
    except NotElf:
        return
    assert all(len(name) <= 4096 for name in elf.needed)
    assert sum(map(len, elf.versions.values())) <= 4096
