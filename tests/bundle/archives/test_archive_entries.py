"""Zips that are damaged, hostile, or no zips at all are refused by name."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bundle.wheels import make_wheel, write_zip

from chalice.bundle.archives.entries import BadArchive, content, read_entries, unpacked


def read(data):
    """Return what is in a zip, read with suspicion."""
    file = io.BytesIO(data)
    return {entry.name: content(file, entry) for entry in read_entries(file)}


def zipped(contents, **options):
    return write_zip(io.BytesIO(), contents, **options).getvalue()


def refused(data):
    with pytest.raises(BadArchive) as caught:
        read(data)
    return caught.value.fault, caught.value.why


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wheel_is_read_as_zipfile_reads_it(tmp_path, compression):
    files = {"b.py": "x = 1\n" * 500, "a/é.txt": b"\0" * 70000, "empty": b""}
    wheel = make_wheel(tmp_path, "thing", "1", files, compression=compression)

    with zipfile.ZipFile(wheel) as archive:
        expected = {name: archive.read(name) for name in sorted(archive.namelist())}
    assert list(read(wheel.read_bytes()).items()) == list(expected.items())


def test_entries_that_were_streamed_carry_no_trace_of_it(tmp_path):
    path = tmp_path / "streamed.zip"
    with path.open("wb") as raw, zipfile.ZipFile(Unseekable(raw), "w", 8) as archive:
        archive.writestr("a.py", b"x = 1\n" * 100)
        archive.writestr("b.py", b"")

    assert read(path.read_bytes()) == {"a.py": b"x = 1\n" * 100, "b.py": b""}


class Unseekable(io.RawIOBase):
    """A pipe: sizes are known only after the data."""

    def __init__(self, file):
        self._file = file

    def writable(self):
        return True

    def write(self, data):
        return self._file.write(data)


def test_sizes_in_the_wide_format_are_read():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", 8) as archive, archive.open("a", "w", force_zip64=True) as file:
        file.write(b"wide")

    assert read(data.getvalue()) == {"a": b"wide"}


def test_sizes_that_are_only_in_the_wide_format_are_read():
    data = zipped({"a": b"wide", "b": b"plain"}, compression=zipfile.ZIP_STORED)
    at = data.index(b"PK\1\2")
    head, rest = bytearray(data[:at]), data[at:]
    first = bytearray(rest[:47])
    other_extra = struct.pack("<HHL", 0x9999, 4, 0)
    extra = other_extra + struct.pack("<HHQQ", 1, 16, 4, 4)
    struct.pack_into("<LL", first, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", first, 30, len(extra))
    end = bytearray(rest[47:])
    struct.pack_into("<L", end, len(end) - 10, len(first) + len(extra) + len(end) - 22)

    assert read(bytes(head + first + extra + end)) == {"a": b"wide", "b": b"plain"}


@pytest.mark.parametrize(
    "name",
    [
        "../evil.py",
        "a/../../evil.py",
        "/etc/evil.py",
        "C:/evil.py",
        "c:evil.py",
        "a\\..\\evil.py",
        "..",
        "a//b.py",
        "./a.py",
        "a\0.py",
        "a\n.py",
        "",
    ],
)
def test_a_name_that_leads_out_is_refused(name):
    fault, why = refused(zipped({"fine.py": b"", name: b"evil"}))

    assert fault == "escapes"
    assert name in why


def test_a_name_that_is_another_before_the_data_is_refused():
    data = zipped({"aaaa.py": b"x"}).replace(b"aaaa.py", b"../a.py", 1)

    assert refused(data)[0] == "escapes"


def test_a_name_that_differs_before_the_data_is_refused():
    data = zipped({"aaaa.py": b"x"}).replace(b"aaaa.py", b"bbbb.py", 1)

    assert refused(data) == ("damaged", "is damaged: `aaaa.py` is not what it says")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused():
    data = zipped({"aaaa.py": b"x", "bbbb.py": b"y"}).replace(b"bbbb.py", b"aaaa.py")

    assert refused(data) == ("damaged", "holds `aaaa.py` twice")


def test_a_file_that_is_a_folder_too_is_refused():
    assert refused(zipped({"a": b"x", "a/b": b"y"})) == (
        "damaged",
        "holds `a` as a file and as a folder",
    )


@pytest.mark.parametrize(
    ("mode", "kind"), [(0o120777, "a link"), (0o010644, "no regular file")], ids=["link", "fifo"]
)
def test_what_is_no_file_is_refused(mode, kind):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        entry = zipfile.ZipInfo("passwd")
        entry.create_system = 3
        entry.external_attr = mode << 16
        archive.writestr(entry, "/etc/passwd")

    assert refused(data.getvalue()) == ("unsupported", f"holds `passwd`, which is {kind}")


@pytest.mark.parametrize(
    ("method", "called"), [(zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma")]
)
def test_a_method_that_lambda_may_not_know_is_refused(method, called):
    fault, why = refused(zipped({"a.py": b"x" * 100}, compression=method))

    assert (fault, why) == ("unsupported", f"holds `a.py` compressed with {called}")


def test_an_encrypted_entry_is_refused():
    data = bytearray(zipped({"a.py": b"x"}))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1

    assert refused(bytes(data)) == ("unsupported", "holds `a.py` encrypted")


def test_a_wheel_that_was_cut_anywhere_is_refused():
    data = zipped({"a.py": b"x = 1\n" * 30, "b.py": b"y"})

    for end in range(len(data)):
        assert refused(data[:end])[0] == "damaged"


def test_a_wheel_with_something_before_or_after_it_is_refused():
    data = zipped({"a.py": b"x"})

    assert refused(data + b"tail")[0] == "damaged"
    assert refused(b"#!/bin/sh\n" + data)[0] == "damaged"


@pytest.mark.parametrize("where", ["crc", "size", "data"])
def test_an_entry_that_is_not_what_is_said_of_it_is_refused(where):
    data = bytearray(zipped({"a.py": b"x = 1\n" * 100}))
    central = data.index(b"PK\1\2")
    at = {"crc": central + 16, "size": central + 24, "data": 40}[where]
    data[at] ^= 1

    assert refused(bytes(data))[0] == "damaged"


def test_a_bomb_is_not_unpacked_further_than_it_says():
    data = bytearray(zipped({"a": b"\0" * 5_000_000}))
    struct.pack_into("<L", data, data.index(b"PK\1\2") + 24, 100)
    file = io.BytesIO(data)
    (entry,) = read_entries(file)
    seen = []

    with pytest.raises(BadArchive):
        seen.extend(len(piece) for piece in unpacked(file, entry))

    assert sum(seen) <= 100


def test_entries_that_share_their_data_are_refused():
    data = bytearray(zipped({"a.py": b"x" * 50, "b.py": b"y" * 50}))
    second = data.rindex(b"PK\1\2")
    struct.pack_into("<L", data, second + 42, 0)

    assert refused(bytes(data))[0] == "damaged"


def test_data_after_the_end_of_the_compressed_data_is_refused():
    stream = zlib.compress(b"x" * 100, wbits=-15)
    data = zipped({"a": b"x" * 100}, compression=zipfile.ZIP_DEFLATED)
    assert stream in data
    padded = data.replace(stream, stream + b"hid")
    central = padded.index(b"PK\1\2")
    head = bytearray(padded)
    for at in (18, central + 20):
        struct.pack_into("<L", head, at, len(stream) + 3)
    struct.pack_into("<L", head, len(head) - 6, central)

    assert refused(bytes(head))[0] == "damaged"


@given(st.data())
def test_no_change_of_a_wheel_goes_further_than_a_refusal(data):
    whole = bytearray(zipped({"a/b.py": b"x = 1\n" * 20, "c.txt": b"text"}, compression=8))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))

    try:
        found = read(bytes(whole))
    except BadArchive:
        return

    for name, value in found.items():
        assert ".." not in name.split("/")
        assert not name.startswith("/")
        assert value in {b"x = 1\n" * 20, b"text"}


_NAMES = st.text(st.sampled_from("ab./\\é:"), min_size=1, max_size=8)


@given(st.dictionaries(_NAMES, st.binary(max_size=40), max_size=5))
def test_what_is_read_stays_where_it_is_unpacked(files):
    try:
        found = read(zipped(files))
    except BadArchive:
        return

    for name, value in found.items():
        assert files[name] == value
        assert not set(name.split("/")) & {"", ".", ".."}
        assert "\\" not in name
