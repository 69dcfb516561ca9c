"""The steps of a build: what is told together, what is in the destination, and when."""

from __future__ import annotations

import errno
import os
from datetime import date

import pytest
from tests.projects import write_project

from chalice.bundle.build import build
from chalice.bundle.recipe import Recipe
from chalice.bundle.store import Store
from chalice.bundle.target import Target
from chalice.diagnostics import InvalidApp, ToolError

TODAY = date(2026, 11, 22)
APP = "from chalice import Chalice\napp = Chalice(app_name='a')\n"


def silent(doing, done=0, total=0):
    pass


@pytest.fixture
def built(tmp_path):
    """Return a function that builds the project of the test."""
    write_project(tmp_path / "project", APP)

    def run(recipe=None, *, progress=silent, today=TODAY, out="out"):
        return build(
            tmp_path / "project",
            recipe or Recipe(Target((3, 13))),
            Store(tmp_path / "store"),
            tmp_path / out,
            environ=os.environ,
            today=today,
            progress=progress,
        )

    return run


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


def test_archives_are_moved_into_their_place(built, tmp_path):
    found = built(Recipe(Target((3, 13)), automatic_layer=True), out="deep/er/out")

    assert found.changed
    assert found.bundle.code.path == tmp_path / "deep" / "er" / "out" / "deployment.zip"
    assert "deployment.zip" in listed(tmp_path / "deep" / "er" / "out")
    assert not [name for name in listed(tmp_path / "deep" / "er" / "out") if name[0] == "."]


def test_what_was_built_is_found_again_in_every_detail(built):
    first = built(Recipe(Target((3, 13)), automatic_layer=True))
    again = built(Recipe(Target((3, 13)), automatic_layer=True))

    assert (first.changed, again.changed) == (True, False)
    assert again.bundle == first.bundle


@pytest.mark.parametrize(
    "changed",
    [
        {"recipe": Recipe(Target((3, 12)))},
        {"recipe": Recipe(Target((3, 13), "arm64"))},
        {"recipe": Recipe(Target((3, 13)), prune=False)},
        {"today": date(2026, 11, 23)},
    ],
    ids=["Python", "processor", "pruning", "day"],
)
def test_what_decides_the_package_is_not_overlooked(built, changed):
    built()

    assert built(**changed).changed


def test_a_runtime_that_lambda_does_not_have_is_told_with_the_rest(built, tmp_path):
    (tmp_path / "project" / "chalicelib").mkdir()
    os.mkfifo(tmp_path / "project" / "chalicelib" / "queue")

    with pytest.raises(InvalidApp) as caught:
        built(Recipe(Target((3, 99))))

    problems = {problem.code: problem for problem in caught.value.problems}
    assert "Lambda has no runtime `python3.99`" in problems["runtime-unknown"].summary
    assert "not-a-file" in problems


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (KeyboardInterrupt(), KeyboardInterrupt),
        (SystemExit(143), SystemExit),
        (OSError(errno.ENOSPC, "No space left on device"), ToolError),
    ],
    ids=["Ctrl-C", "SIGTERM", "a full disk"],
)
def test_a_build_that_ends_early_leaves_nothing(built, tmp_path, raised, expected):
    def progress(doing, done=0, total=0):
        if doing.startswith("Inspecting"):
            raise raised

    with pytest.raises(expected):
        built(progress=progress, out="new/out")

    assert not (tmp_path / "new").exists()


def test_a_build_that_ends_early_keeps_what_was_there(built, tmp_path):
    def progress(doing, done=0, total=0):
        if doing.startswith("Inspecting"):
            raise KeyboardInterrupt

    built()
    before = (tmp_path / "out" / "deployment.zip").read_bytes()
    write_project(tmp_path / "project", APP + "# edited\n")

    with pytest.raises(KeyboardInterrupt):
        built(progress=progress)

    assert listed(tmp_path / "out") == ["deployment.zip"]
    assert (tmp_path / "out" / "deployment.zip").read_bytes() == before


def test_a_destination_that_cannot_be_written_is_named_as_it_was_asked_for(built, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ToolError, match=r"`.*file/out`: Not a directory"):
        built(out="file/out")


def test_what_a_killed_build_left_behind_goes_and_what_another_writes_stays(built, tmp_path):
    left = tmp_path / "out" / ".package-abcdefgh"
    left.mkdir(parents=True)
    (left / "deployment.zip").write_bytes(b"half")
    beside = []

    def progress(doing, done=0, total=0):
        if doing.startswith("Inspecting") and not beside:
            beside.append(listed(tmp_path / "out"))
            built(Recipe(Target((3, 13)), automatic_layer=True))
            beside.append(listed(tmp_path / "out"))

    built(progress=progress)

    ((own,), (still, *archives)) = beside
    assert own == still
    assert own != left.name
    assert archives == ["deployment.zip", "layer-deployment.zip"]
    assert listed(tmp_path / "out") == ["deployment.zip"]


def test_a_folder_in_the_archives_place_is_named(built, tmp_path):
    (tmp_path / "out" / "deployment.zip").mkdir(parents=True)

    with pytest.raises(ToolError) as told:
        built()

    place = tmp_path / "out" / "deployment.zip"
    assert str(told.value) == f"Cannot write the package: `{place}`: Is a directory"


def test_what_was_packaged_before_never_ships(built, tmp_path):
    out = "project/chalicelib/out"
    (tmp_path / "project" / "link").symlink_to(tmp_path / "project" / "chalicelib")
    first = built(out=out)
    (tmp_path / out / ".package-abcdefgh").mkdir()
    (tmp_path / out / ".package-abcdefgh" / "deployment.zip").write_bytes(b"half")

    again = built(out="project/link/out")
    elsewhere = built()

    assert again.bundle.code.sha256 == first.bundle.code.sha256 == elsewhere.bundle.code.sha256
