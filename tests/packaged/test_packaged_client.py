"""Lambda's runtime client on this machine: where it is taken from, and what if it cannot be had."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from tests.bundle.index import serve
from tests.bundle.wheels import make_wheel, write_zip

from chalice.bundle.store import Store
from chalice.diagnostics import ToolError
from chalice.packaged.runtime_client import VERSION, runtime_client
from chalice.packaged.unpack import unpack

# Not the one that runs, so that nothing that is installed fits.
OTHER = (3, 13) if sys.version_info[:2] != (3, 13) else (3, 12)


def silent(doing, done=0, total=0):
    pass


@pytest.fixture
def index(tmp_path):
    folder = tmp_path / "index"
    make_wheel(
        folder,
        "awslambdaric",
        VERSION,
        {"awslambdaric/__init__.py": "X = 1\n"},
        requires=["needed"],
    )
    make_wheel(folder, "needed", "1", {"needed.py": "Y = 2\n"})
    with serve(folder) as served:
        yield served


@pytest.fixture
def client(tmp_path, index):
    """Return a function that gets the client, and what it said meanwhile."""

    def get(python=OTHER, *, sdk=False):
        (tmp_path / "spare").mkdir(exist_ok=True)
        said = []
        folder = runtime_client(
            Path(sys.executable),
            python,
            Store(tmp_path / "store"),
            spare=tmp_path / "spare",
            sdk=sdk,
            environ={**os.environ, **index.environ()},
            progress=silent,
            notice=said.append,
        )
        return folder, said

    return get


def test_it_is_taken_from_the_index_once(client, index):
    folder, said = client()
    asked = len(index.requests)

    again, _ = client()

    assert (folder / "awslambdaric" / "__init__.py").read_text() == "X = 1\n"
    assert (folder / "needed.py").read_text() == "Y = 2\n"
    assert list(folder.glob("awslambdaric/__pycache__/*.pyc"))
    assert (again, said, len(index.requests)) == (folder, [], asked)


def test_the_one_beside_chalice_is_taken_where_it_fits(client, index):
    folder, _ = client(sys.version_info[:2])

    assert (folder / "awslambdaric" / "bootstrap.py").exists()
    assert (folder / "simplejson" / "__init__.py").exists()
    assert index.requests == []


def test_where_nothing_can_be_kept_it_is_had_elsewhere(client, tmp_path):
    (tmp_path / "store").write_text("no folder")

    folder, _ = client(sys.version_info[:2])

    assert folder.parent == tmp_path / "spare"
    assert (folder / "awslambdaric" / "bootstrap.py").exists()


def test_where_the_sdk_cannot_be_had_the_client_does_without(client):
    folder, said = client(sdk=True)

    assert (folder / "awslambdaric" / "__init__.py").exists()
    [text] = said
    assert text.startswith("Lambda has `boto3`, here it is missing. ")


def test_where_nothing_can_be_had_it_is_told_what_to_do(client, index):
    for path in index.folder.iterdir():
        path.unlink()

    with pytest.raises(ToolError) as caught:
        client()

    assert f"`awslambdaric=={VERSION}`, cannot be had" in str(caught.value)
    assert "`pip install awslambdaric`" in str(caught.value)


# --- unpacking -----------------------------------------------------------------------------------


def test_an_archive_is_unpacked_with_its_modes(tmp_path):
    archive = write_zip(tmp_path / "a.zip", {"a/b.py": b"x", "a/run": b"y"}, executable=["a/run"])

    unpack(archive, tmp_path / "there")

    assert (tmp_path / "there" / "a" / "b.py").read_bytes() == b"x"
    assert (tmp_path / "there" / "a" / "b.py").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "there" / "a" / "run").stat().st_mode & 0o777 == 0o755


def test_nothing_is_written_outside(tmp_path):
    archive = write_zip(tmp_path / "a.zip", {"../b.py": b"x"})

    with pytest.raises(ToolError, match=r"`a\.zip` holds `\.\./b\.py`"):
        unpack(archive, tmp_path / "there")

    assert not (tmp_path / "b.py").exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    archive = write_zip(tmp_path / "a.zip", {"b.py": b"x"})
    (tmp_path / "file").write_text("")

    with pytest.raises(ToolError, match=r"Cannot unpack `a\.zip`: .*Not a directory"):
        unpack(archive, tmp_path / "file" / "there")
