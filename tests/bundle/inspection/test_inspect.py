"""What would not run on the target is said before it leaves, by name."""

from __future__ import annotations

from dataclasses import replace

from tests.bundle.bundles import make_bundle, problems, told
from tests.bundle.elves import make_elf

from chalice.bundle.parts import Shipped
from chalice.bundle.store import Store
from chalice.bundle.target import Target

TAG = ".cpython-313-x86_64-linux-gnu.so"


def test_a_package_that_runs_has_no_problem(tmp_path):
    own = {
        "app.py": "import json, fast\nfrom chalice import Chalice\nfrom chalicelib import db\n",
        "chalicelib/__init__.py": "",
        "chalicelib/db.py": "from . import model\nfrom .model import User\nimport boto3\n",
        "chalicelib/model.py": "class User: ...\n",
    }
    wheels = {
        "fast": {
            "fast/__init__.py": "from fast._speed import go\nfrom . import _speed\n",
            f"fast/_speed{TAG}": make_elf(
                needed=["libz-1a.so.1", "libc.so.6", "libstdc++.so.6"],
                versions={"libc.so.6": ["GLIBC_2.34"], "libstdc++.so.6": ["GLIBCXX_3.4.29"]},
                runpath="$ORIGIN/../fast.libs",
            ),
            "fast.libs/libz-1a.so.1": make_elf(soname="libz-1a.so.1"),
        }
    }

    for in_layer in (False, True):
        bundle = make_bundle(tmp_path / str(in_layer), own, wheels=wheels, in_layer=in_layer)

        assert problems(bundle) == []


def test_a_package_of_300_mb_is_an_error_that_names_the_largest_first(tmp_path):
    mib = 1024 * 1024
    rows = [("model.bin", 240, "project"), ("torch/lib.bin", 60, "torch 1.0"), ("x", 1, "x 1.0")]
    more = [Shipped(path, size * mib, 0, origin) for path, size, origin in rows]

    assert told(tmp_path, "", wheels={"torch": {}, "x": {}}, more=more) == [
        (
            "error: the package is 301 MB unzipped, Lambda takes less than 250 MB, layers "
            "included: `project` 240 MB, `torch 1.0` 60 MB, `x 1.0` 1 MB, `chalice` 0 MB; leave "
            "requirements out, or `exclude` what no function needs [package-too-large]"
        )
    ]


def test_what_makes_an_archive_large_is_told_as_it_is_zipped(tmp_path):
    mib = 1024 * 1024
    rows = [("model.bin", 9, 9, "project"), ("torch/lib.bin", 120, 51, "torch 1.0")]
    more = [Shipped(path, size * mib, zipped * mib, origin) for path, size, zipped, origin in rows]
    bundle = make_bundle(tmp_path, {"app.py": ""}, wheels={"torch": {}}, more=more)
    large = replace(bundle, code=replace(bundle.code, size=60 * mib))

    (problem,) = problems(large)

    assert problem.code == "package-needs-s3"
    assert "only; zipped: `torch 1.0` 51 MB, `project` 9 MB, " in problem.summary


def test_errors_come_before_warnings(tmp_path):
    lines = told(tmp_path, "import urllib3\nimport nowhere\n", target=Target((3, 10)))

    assert [line.split(":")[0] for line in lines] == ["error", "warning", "warning"]
    assert "runtime-ends" in lines[-1]


def test_the_second_look_reads_nothing_again(tmp_path):
    wheels = {"fast": {"fast/__init__.py": "import nowhere\n"}}
    bundle = make_bundle(tmp_path, {"app.py": "import fast, gone\n"}, wheels=wheels)
    store = Store(tmp_path / "store")
    first = problems(bundle, store)

    bundle.code.path.unlink()

    assert problems(bundle, store) == first


def test_an_edit_of_the_project_reads_no_wheel_again(tmp_path):
    store = Store(tmp_path / "store")
    speed = make_elf(needed=["libexpat.so.1"])
    wheels = {"fast": {"fast/__init__.py": "import nowhere\n", f"speed{TAG}": speed}}
    emptied = {"fast": {"fast/__init__.py": "", f"speed{TAG}": make_elf()}}
    before = make_bundle(tmp_path, {"app.py": "import fast, speed\n"}, wheels=wheels)
    told_before = problems(before, store)
    after = make_bundle(tmp_path, {"app.py": "import fast, speed, gone\n"}, wheels=emptied)

    # The hash says that the wheel is the same: were it read, its faults would be gone.
    told_after = problems(replace(after, distributions=before.distributions), store)

    known = {"library-missing", "dependency-import-not-found"}
    assert {problem.code for problem in told_before} == known
    assert {problem.code for problem in told_after} == known | {"import-not-found"}


def test_a_damaged_store_is_made_again(tmp_path):
    bundle = make_bundle(tmp_path, {"app.py": "import nowhere\n"})
    store = Store(tmp_path / "store")
    first = problems(bundle, store)
    for path in (tmp_path / "store").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-3])

    assert problems(bundle, store) == first


def test_an_archive_that_is_damaged_is_a_problem(tmp_path):
    bundle = make_bundle(tmp_path, {"app.py": ""})
    bundle.code.path.write_bytes(b"nothing of a zip")

    (problem,) = problems(bundle)

    assert problem.code == "package-unreadable"
