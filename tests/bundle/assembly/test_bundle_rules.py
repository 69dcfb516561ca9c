"""Where a wheel's files go, and which stay out, and why."""

import pytest
from tests.bundle.building import distribution
from tests.bundle.wheels import make_wheel

from chalice.bundle.archives.entries import BadArchive
from chalice.bundle.assembly import requirement_files
from chalice.bundle.store import Store

INFO = "thing-1.dist-info"


def sorted_out(tmp_path, files, *, prune=True, **described):
    """Return the paths that ship, and the reasons of those that do not."""
    wheel = make_wheel(tmp_path, "thing", "1", files, **described)
    with wheel.open("rb", buffering=0) as file:
        plan = requirement_files.plan(
            distribution(wheel), file, Store(tmp_path / "store"), prune=prune
        )
    ships = [placed.path for placed in plan.ships if not placed.path.startswith(INFO)]
    return ships, {path: why for path, _, why in plan.left_out if not path.startswith(INFO)}


def test_tests_stay_out_with_all_that_is_among_them(tmp_path):
    files = {
        "thing/__init__.py": "",
        "thing/tests/__init__.py": "",
        "thing/tests/test_a.py": "",
        "thing/tests/data/big.bin": b"x" * 100,
        "thing/deep/test/conftest.py": "",
        "tests/test_top.py": "",
    }

    ships, left_out = sorted_out(tmp_path, files)

    assert ships == ["thing/__init__.py"]
    assert set(left_out.values()) == {"tests"}


def test_a_folder_called_test_without_tests_ships(tmp_path):
    files = {"django/test/__init__.py": "", "django/test/client.py": "", "x/tests/model.bin": b""}

    assert sorted_out(tmp_path, files)[0] == sorted(files)


@pytest.mark.parametrize(
    "line",
    [
        "from thing.tests import shared",
        "from thing.tests.shared import x",
        "import thing.tests.shared as s",
        "from .tests import other, shared",
        "from .tests.shared import (\n    x,\n)",
        "from . import tests\nfrom .tests import (\n  a,\n  shared,\n)",
        "import_module('thing.tests.shared')",
        "    from ..thing.tests import shared",
    ],
)
def test_what_the_rest_imports_from_the_tests_ships_and_what_that_imports(tmp_path, line):
    files = {
        "thing/__init__.py": line,
        "thing/tests/__init__.py": "",
        "thing/tests/shared.py": "from .base import y\nfrom thing.tests import further",
        "thing/tests/base.py": "",
        "thing/tests/further.py": "",
        "thing/tests/test_a.py": "from .shared import x",
    }

    ships, left_out = sorted_out(tmp_path, files)

    assert set(left_out) == {"thing/tests/test_a.py"}
    assert "thing/tests/base.py" in ships


def test_metadata_that_importlib_reads_ships_and_the_rest_does_not(tmp_path):
    metadata = {
        "top_level.txt": "thing\n",
        "LICENSE": "",
        "licenses/MIT.txt": "",
        "sboms/thing.json": "{}",
        "pbr.json": "{}",
    }
    wheel = make_wheel(
        tmp_path, "thing", "1", {}, metadata=metadata, entry_points="[x]\ny = thing:z\n"
    )
    with wheel.open("rb", buffering=0) as file:
        plan = requirement_files.plan(
            distribution(wheel), file, Store(tmp_path / "store"), prune=True
        )

    ships = {placed.path.removeprefix(f"{INFO}/") for placed in plan.ships}
    assert ships == {"METADATA", "RECORD", "entry_points.txt", "top_level.txt", "pbr.json"}
    assert {why for _, _, why in plan.left_out} == {"metadata"}


def test_stubs_headers_and_bytecode_stay_out(tmp_path):
    files = {
        "thing/a.py": "",
        "thing/a.pyi": "",
        "thing/py.typed": "",
        "thing/include/thing.h": "",
        "thing/data.h": "",
        "thing/lib.a": b"!<arch>\n",
        "thing/fast.pyx": "",
        "thing/__pycache__/a.cpython-313.pyc": b"",
        "thing/sourceless.pyc": b"",
    }

    ships, left_out = sorted_out(tmp_path, files)

    assert ships == ["thing/a.py", "thing/data.h", "thing/sourceless.pyc"]
    assert left_out == {
        "thing/__pycache__/a.cpython-313.pyc": "bytecode",
        "thing/a.pyi": "stubs",
        "thing/fast.pyx": "headers",
        "thing/include/thing.h": "headers",
        "thing/lib.a": "headers",
        "thing/py.typed": "stubs",
    }


def test_stubs_by_which_modules_are_loaded_ship(tmp_path):
    source = "import lazy_loader as lazy\na, b, c = lazy.attach_stub(__name__, __file__)\n"
    files = {"thing/__init__.py": source, "thing/__init__.pyi": "from .a import x"}

    assert sorted_out(tmp_path, files) == (sorted(files), {})


def test_without_pruning_all_ships_but_bytecode_that_is_made_anew(tmp_path):
    files = {
        "thing/tests/test_a.py": "",
        "thing/a.pyi": "",
        "thing-1.data/scripts/run": "#!python\n",
        "thing-1.data/headers/thing.h": "",
        "thing/__pycache__/a.cpython-313.pyc": b"",
    }

    ships, left_out = sorted_out(tmp_path, files, prune=False)

    assert ships == ["bin/run", "include/thing.h", "thing/a.pyi", "thing/tests/test_a.py"]
    assert left_out == {"thing/__pycache__/a.cpython-313.pyc": "bytecode"}


def test_data_folders_are_placed_as_an_installer_places_them(tmp_path):
    files = {
        "thing-1.data/purelib/pure.py": "",
        "thing-1.data/platlib/plat/x.so": b"\x7fELF",
        "thing-1.data/data/share/thing.txt": "",
        "thing-1.data/scripts/run": "",
        "other-1.data/purelib/kept.py": "",
    }

    ships, left_out = sorted_out(tmp_path, files)

    assert ships == ["other-1.data/purelib/kept.py", "plat/x.so", "pure.py", "share/thing.txt"]
    assert left_out == {"bin/run": "scripts"}


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"thing-1.data/purelib/a.py": "", "a.py": ""}, "installs two files in one place"),
        ({"thing-1.data/bogus/a.py": ""}, "holds `thing-1.data/bogus/a.py`, which belongs nowhere"),
        ({"other-2.dist-info/METADATA": ""}, "has more than one `.dist-info/METADATA`"),
    ],
    ids=["two in one place", "belongs nowhere", "two distributions"],
)
def test_a_wheel_that_no_installer_takes_is_refused(tmp_path, files, why):
    with pytest.raises(BadArchive) as caught:
        sorted_out(tmp_path, files)

    assert caught.value.why == why
