"""The writer of the archive: all of it in its place, or nothing."""

import os
import resource
import signal
import stat
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bundle.building import bundled, contents, is_root

from chalice.bundle.archives.archive import Content, Member, publish, write_aside
from chalice.bundle.assembly.packing import packed
from chalice.diagnostics import ToolError


def listed(folder):
    return [path.name for path in folder.iterdir()]


def member(path, data=b"x"):
    return Member(path, packed(data))


def test_what_was_there_stays_until_all_is_written(tmp_path):
    path = tmp_path / "out" / "deployment.zip"
    path.parent.mkdir()
    path.write_text("before")

    written = write_aside(path, [member("a.py")])

    assert path.read_text() == "before"
    publish([written])
    assert contents(path) == {"a.py": b"x"}
    assert listed(path.parent) == ["deployment.zip"]


def test_an_archive_is_as_readable_as_other_files(tmp_path):
    before = os.umask(0o027)
    try:
        publish([write_aside(tmp_path / "a.zip", [member("a.py")])])
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "a.zip").stat().st_mode) == 0o640


@pytest.mark.skipif(is_root(), reason="permissions keep root out of nothing")
def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "out").mkdir(mode=0o500)

    with pytest.raises(ToolError, match="Permission denied"):
        write_aside(tmp_path / "out" / "deployment.zip", [member("a.py")])


def test_a_place_that_is_taken_is_named_and_nothing_stays(tmp_path):
    (tmp_path / "out" / "deployment.zip" / "x").mkdir(parents=True)
    (tmp_path / "file").write_text("")

    with pytest.raises(ToolError, match=r"deployment\.zip`: Is a directory"):
        bundled(tmp_path)
    with pytest.raises(ToolError, match=r"Not a directory|File exists"):
        write_aside(tmp_path / "file" / "deployment.zip", [member("a.py")])

    assert listed(tmp_path / "out") == ["deployment.zip"]


FULL = """
import os, resource, sys
from pathlib import Path
from chalice.bundle.archives.archive import Member, write_aside
from chalice.bundle.assembly.packing import packed
from chalice.diagnostics import ToolError
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    write_aside(Path(sys.argv[1], "deployment.zip"), [Member("a", packed(os.urandom(2_000_000)))])
except ToolError as error:
    print(error)
"""


def test_a_full_disk_is_named_and_nothing_stays(tmp_path):
    assert resource.RLIMIT_FSIZE

    done = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path], capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith(f"Cannot write `{tmp_path}/deployment.zip`: File too large;")
    assert listed(tmp_path) == []


INTERRUPTED = """
import sys, time
from pathlib import Path
from chalice.bundle.archives.archive import Content, Member, write_aside
class Slow(bytes):
    pass
class Endless(Content):
    def pieces(self):
        print("writing", flush=True)
        yield b"x" * 2_000_000
        time.sleep(60)
try:
    write_aside(Path(sys.argv[1], "deployment.zip"), [Member("a", Endless(0, 0, 1, 1))])
except KeyboardInterrupt:
    print("interrupted")
"""


def test_nothing_half_written_stays_after_an_interruption(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, tmp_path], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    while not listed(tmp_path):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)

    assert process.communicate()[0] == "interrupted\n"
    assert listed(tmp_path) == []


def test_more_than_a_zip_holds_is_refused(tmp_path):
    huge = Content(0, 0, 1 << 32, 1)

    with pytest.raises(ToolError, match="larger than 4 GB"):
        write_aside(tmp_path / "a.zip", [Member("a", huge)])
    with pytest.raises(ToolError, match="65536 files"):
        write_aside(tmp_path / "a.zip", [member(str(number), b"") for number in range(1 << 16)])
    assert listed(tmp_path) == []


_PATHS = st.lists(st.sampled_from(["a", "b", "é", "x y", "c.py"]), min_size=1, max_size=3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.dictionaries(_PATHS.map("/".join), st.binary(max_size=300), max_size=6), st.randoms())
def test_an_archive_unpacks_to_what_went_in_in_whatever_order(tmp_path, files, random):
    members = [member(path, data) for path, data in files.items()]
    shuffled = random.sample(members, len(members))

    one = write_aside(tmp_path / "one.zip", members)
    other = write_aside(tmp_path / "other.zip", shuffled)
    publish([one, other])

    assert contents(one.path) == files
    assert one.sha256 == other.sha256
