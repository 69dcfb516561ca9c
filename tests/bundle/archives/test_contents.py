"""Zips are read where they lie; what is damaged in them is one error."""

import random
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice.bundle.archives.contents import Contents
from chalice.bundle.archives.entries import BadArchive

FILES = {"a.py": b"import b\n" * 50, "data/b.bin": random.Random(1).randbytes(300), "ü.txt": b""}


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for index, (name, content) in enumerate(FILES.items()):
            method = (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)[index % 2]
            opened.writestr(name, content, method)
    return path


def test_every_entry_is_read(archive):
    with Contents(archive) as contents:
        assert {name: contents.read(name) for name in FILES} == FILES


def test_the_bytes_of_an_entry_are_those_of_the_zip(archive):
    with Contents(archive) as contents:
        assert contents.stored("data/b.bin") == FILES["data/b.bin"]
        assert len(contents.stored("a.py")) < len(FILES["a.py"])


def test_an_entry_that_is_not_there_is_told(archive):
    with Contents(archive) as contents, pytest.raises(BadArchive, match="does not hold `gone`"):
        contents.read("gone")


@pytest.mark.parametrize("data", [b"", b"PK", b"nothing of a zip" * 100])
def test_what_is_no_zip_is_told(tmp_path, data):
    (tmp_path / "x.zip").write_bytes(data)

    with pytest.raises(BadArchive):
        Contents(tmp_path / "x.zip")


def test_a_way_of_packing_that_python_does_not_import_is_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_BZIP2) as opened:
        opened.writestr("a.py", b"x = 1\n")

    with pytest.raises(BadArchive, match="bzip2"):
        Contents(tmp_path / "x.zip")


@given(st.data())
def test_a_damaged_zip_is_read_as_it_was_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("zip") / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("a.py", FILES["a.py"])
    whole = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=6)):
        whole[place] = data.draw(st.integers(0, 255))
    path.write_bytes(whole)

    try:
        with Contents(path) as contents:
            assert contents.read("a.py") == FILES["a.py"]
    except BadArchive:
        pass
