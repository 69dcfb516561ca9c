"""The writer of the archive: what went in comes out, what cannot be written is told."""

import os
import stat
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.bundle.building import contents

from chalice.bundle.archives.archive import Content, Member, write
from chalice.bundle.assembly.packing import packed
from chalice.diagnostics import ToolError


def member(path, data=b"x"):
    return Member(path, packed(data))


def test_an_archive_is_as_readable_as_other_files(tmp_path):
    before = os.umask(0o027)
    try:
        write(tmp_path / "a.zip", [member("a.py")])
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "a.zip").stat().st_mode) == 0o640


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ToolError, match=r"`.*file/deployment\.zip`: Not a directory"):
        write(tmp_path / "file" / "deployment.zip", [member("a.py")])


FULL = """
import os, resource, sys
from pathlib import Path
from chalice.bundle.archives.archive import Member, write
from chalice.bundle.assembly.packing import packed
from chalice.diagnostics import ToolError
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    write(Path(sys.argv[1], "deployment.zip"), [Member("a", packed(os.urandom(2_000_000)))])
except ToolError as error:
    print(error)
"""


def test_a_full_disk_is_named(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path], capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith(f"Cannot write `{tmp_path}/deployment.zip`: File too large;")


def test_more_than_a_zip_holds_is_refused(tmp_path):
    huge = Content(0, 0, 1 << 32, 1)

    with pytest.raises(ToolError, match="larger than 4 GB"):
        write(tmp_path / "a.zip", [Member("a", huge)])
    with pytest.raises(ToolError, match="65536 files"):
        write(tmp_path / "b.zip", [member(str(number), b"") for number in range(1 << 16)])


_PATHS = st.lists(st.sampled_from(["a", "b", "é", "x y", "c.py"]), min_size=1, max_size=3)


@settings(max_examples=50)
@given(st.dictionaries(_PATHS.map("/".join), st.binary(max_size=300), max_size=6), st.randoms())
def test_an_archive_unpacks_to_what_went_in_in_whatever_order(tmp_path_factory, files, random):
    members = [member(path, data) for path, data in files.items()]
    shuffled = random.sample(members, len(members))
    folder = tmp_path_factory.mktemp("archives")

    one = write(folder / "one.zip", members)
    other = write(folder / "other.zip", shuffled)

    assert contents(folder / "one.zip") == files
    assert one.sha256 == other.sha256
