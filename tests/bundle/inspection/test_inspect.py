"""What would not run on the target is said before it leaves, by name."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from tests.bundle.bundles import TODAY, make_bundle
from tests.bundle.elves import AARCH64, make_elf

from chalice.bundle.inspection.inspect import inspect
from chalice.bundle.parts import Bundle, LeftOut, Shipped
from chalice.bundle.store import Store
from chalice.bundle.target import Target
from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from pathlib import Path

OLD = Target((3, 11))
"""Runs on Amazon Linux 2."""

TAG = ".cpython-313-x86_64-linux-gnu.so"
APP = "import fast\n"


def problems(bundle: Bundle, store: Store | None = None) -> list[Problem]:
    """Inspect, but for what is said where this Python is not the target's."""
    found = inspect(bundle, store or Store(bundle.code.path.parent / "store"), TODAY)
    return [problem for problem in found if problem.code != "syntax-unchecked"]


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


# ---- Libraries -----------------------------------------------------------------------------------


def test_an_extension_of_another_machine_is_an_error(tmp_path):
    wheels = {"fast": {f"fast{TAG}": make_elf(machine=AARCH64)}}

    assert problems(make_bundle(tmp_path, {"app.py": APP}, wheels=wheels)) == [
        Problem(
            "library-machine",
            f"`fast{TAG}` is for aarch64, and python3.13 on x86_64 is x86_64",
            "requirements.txt:1",
            "take a wheel that is built for python3.13 on x86_64",
        )
    ]


@pytest.mark.parametrize(
    ("python", "library", "version", "system"),
    [
        ((3, 13), "libc.so.6", "GLIBC_2.38", "Amazon Linux 2023"),
        ((3, 11), "libm.so.6", "GLIBC_2.27", "Amazon Linux 2"),
        ((3, 11), "libstdc++.so.6", "GLIBCXX_3.4.26", "Amazon Linux 2"),
        ((3, 13), "libstdc++.so.6", "CXXABI_1.3.16", "Amazon Linux 2023"),
        ((3, 13), "libc.so.6", "GLIBC_ABI_DT_RELR", "Amazon Linux 2023"),
        ((3, 11), "libz.so.1", "ZLIB_1.2.9", "Amazon Linux 2"),
    ],
)
def test_a_version_that_the_image_does_not_have_is_an_error(
    tmp_path, python, library, version, system
):
    elf = make_elf(needed=[library], versions={library: ["GLIBC_2.2.5", version]})
    bundle = make_bundle(
        tmp_path, {"app.py": APP}, wheels={"fast": {"fast.abi3.so": elf}}, target=Target(python)
    )

    (problem,) = problems(bundle)

    assert (problem.code, problem.severity) == ("library-version", "error")
    assert f"`fast.abi3.so` needs `{version}`, which `{library}` of {system}" in problem.summary


def test_a_version_that_only_the_newest_images_have_is_a_warning(tmp_path):
    elf = make_elf(needed=["libstdc++.so.6"], versions={"libstdc++.so.6": ["GLIBCXX_3.4.32"]})

    (problem,) = problems(
        make_bundle(tmp_path, {"app.py": APP}, wheels={"fast": {f"fast{TAG}": elf}})
    )

    assert (problem.code, problem.severity) == ("library-version", "warning")
    assert "at least in some builds" in problem.summary


def test_a_library_that_the_package_brings_is_not_measured_by_the_image(tmp_path):
    wheels = {
        "fast": {
            f"fast{TAG}": make_elf(
                needed=["libstdc++.so.6"],
                versions={"libstdc++.so.6": ["GLIBCXX_3.4.99"]},
                rpath="$ORIGIN/libs",
            ),
            "libs/libstdc++.so.6": make_elf(soname="libstdc++.so.6"),
        }
    }

    assert problems(make_bundle(tmp_path, {"app.py": APP}, wheels=wheels)) == []


def test_a_missing_library_is_an_error(tmp_path):
    elf = make_elf(needed=["libexpat.so.1", "libc.so.6"])

    (problem,) = problems(
        make_bundle(tmp_path, {"app.py": APP}, wheels={"fast": {f"fast{TAG}": elf}})
    )

    assert str(problem) == (
        f"requirements.txt:1: `fast{TAG}` needs `libexpat.so.1`, which is neither in the package "
        "nor in Amazon Linux 2023; put the library into `vendor/lib/`, or take a wheel that brings "
        "it [library-missing]"
    )
    assert problem.severity == "error"


def test_a_library_that_some_images_have_is_a_warning(tmp_path):
    elf = make_elf(needed=["libexpat.so.1"])
    bundle = make_bundle(
        tmp_path, {"app.py": APP}, wheels={"fast": {"fast.abi3.so": elf}}, target=OLD
    )

    assert [problem.severity for problem in problems(bundle)] == ["warning"]


def test_what_a_needed_library_lacks_is_told_of_the_library(tmp_path):
    wheels = {
        "fast": {
            f"fast{TAG}": make_elf(needed=["libone.so"], runpath="$ORIGIN/fast.libs"),
            "fast.libs/libone.so": make_elf(needed=["libtwo.so"]),
        }
    }

    (problem,) = problems(make_bundle(tmp_path, {"app.py": APP}, wheels=wheels))

    assert problem.summary.startswith(
        f"`fast.libs/libone.so`, which `fast{TAG}` needs, needs `libtwo.so`, which is neither"
    )


@pytest.mark.parametrize(("how", "found"), [("rpath", True), ("runpath", False)])
def test_an_rpath_holds_for_what_is_needed_further_on(tmp_path, how, found):
    wheels = {
        "fast": {
            f"fast{TAG}": make_elf(needed=["libone.so"], **{how: "${ORIGIN}/fast.libs"}),
            "fast.libs/libone.so": make_elf(needed=["libtwo.so"]),
            "fast.libs/libtwo.so": make_elf(),
        }
    }

    told = problems(make_bundle(tmp_path, {"app.py": APP}, wheels=wheels))

    # The loader does not find it itself; something else may have loaded it before.
    assert [problem.severity for problem in told] == ([] if found else ["warning"])


def test_the_folders_of_ld_library_path_are_looked_into(tmp_path):
    vendor = {"lib/libown.so.2": make_elf()}
    wheels = {"fast": {f"fast{TAG}": make_elf(needed=["libown.so.2"])}}

    assert problems(make_bundle(tmp_path, {"app.py": APP}, wheels=wheels, vendor=vendor)) == []


def test_libraries_that_need_each_other_are_loaded_once(tmp_path):
    wheels = {
        "fast": {
            f"fast{TAG}": make_elf(needed=["libone.so"], rpath="$ORIGIN"),
            "libone.so": make_elf(needed=["libtwo.so"]),
            "libtwo.so": make_elf(needed=["libone.so"]),
        }
    }

    assert problems(make_bundle(tmp_path, {"app.py": APP}, wheels=wheels)) == []


def test_a_library_that_only_ctypes_can_load_is_a_warning(tmp_path):
    wheels = {
        "fast": {"fast/__init__.py": "", "fast/lib_fast.so": make_elf(needed=["libgomp.so.1"])}
    }

    (problem,) = problems(make_bundle(tmp_path, {"app.py": APP}, wheels=wheels))

    assert (problem.code, problem.severity) == ("library-missing", "warning")
    assert "`libgomp.so.1`" in problem.summary


def test_binaries_of_other_systems_that_nothing_asks_for_do_not_matter(tmp_path):
    wheels = {
        "fast": {
            "fast/__init__.py": "",
            "fast/attach_linux-arm.so": make_elf(machine=AARCH64),
            "fast/attach_arm.so": make_elf(machine=AARCH64),
            "fast/attach.dll": b"MZ",
            "fast/attach.dylib": b"\xcf\xfa\xed\xfe",
            "fast/_speed.cp313-win_amd64.pyd": b"MZ",
            "fast/libfast.so": "INPUT(libother.so)\n",
        }
    }

    assert problems(make_bundle(tmp_path, {"app.py": APP}, wheels=wheels)) == []


@pytest.mark.parametrize(
    ("app", "files"),
    [
        ("", {"fast.so": make_elf(machine=AARCH64) + b"\0PyInit_fast\0"}),
        ("import fast", {"fast.so": make_elf(machine=AARCH64)}),
        (
            "import fast",
            {"fast/__init__.py": "from . import speed", "fast/speed.so": make_elf(machine=AARCH64)},
        ),
    ],
    ids=["by what it exports", "imported by the project", "imported beside it"],
)
def test_a_library_without_a_tag_may_be_an_extension(tmp_path, app, files):
    (problem,) = problems(make_bundle(tmp_path, {"app.py": app}, wheels={"fast": files}))

    assert (problem.code, problem.severity) == ("library-machine", "error")


def test_a_damaged_library_is_an_error(tmp_path):
    wheels = {"fast": {f"fast{TAG}": make_elf()[:100]}}

    (problem,) = problems(make_bundle(tmp_path, {"app.py": APP}, wheels=wheels))

    assert (problem.code, problem.severity) == ("library-damaged", "error")


@pytest.mark.parametrize(
    "suffix",
    [
        ".cpython-310-x86_64-linux-gnu.so",
        ".cpython-313-aarch64-linux-gnu.so",
        ".cpython-313-darwin.so",
        ".cpython-313-x86_64-linux-musl.so",
        ".cp313-win_amd64.pyd",
    ],
)
def test_an_extension_for_another_interpreter_is_an_error_where_it_is_imported(tmp_path, suffix):
    vendor = {f"fast{suffix}": make_elf()}

    (problem, *_) = problems(make_bundle(tmp_path, {"app.py": APP}, vendor=vendor))

    assert problem == Problem(
        "extension-abi",
        f"`fast` cannot be imported: `fast{suffix}` is not for CPython 3.13 on Linux x86_64",
        "app.py:1",
        "take a wheel that is built for python3.13 on x86_64",
    )


def test_an_extension_for_another_interpreter_inside_a_distribution_is_an_error(tmp_path):
    wheels = {
        "fast": {
            "fast/__init__.py": "from . import _speed\n",
            "fast/_speed.cpython-310-x86_64-linux-gnu.so": make_elf(),
        }
    }

    (problem,) = problems(make_bundle(tmp_path, {"app.py": APP}, wheels=wheels))

    assert (problem.code, problem.severity) == ("extension-abi", "error")
    assert "`fast._speed` cannot be imported" in problem.summary


def test_an_extension_that_has_a_fallback_may_be_for_another_interpreter(tmp_path):
    wheels = {
        "fast": {
            "fast/__init__.py": "try:\n    from . import _speed\nexcept ImportError:\n    pass\n",
            "fast/_speed.cpython-310-x86_64-linux-gnu.so": make_elf(),
        }
    }

    assert problems(make_bundle(tmp_path, {"app.py": APP}, wheels=wheels)) == []


def test_a_broken_extension_that_only_a_function_imports_is_a_warning(tmp_path):
    wheels = {
        "fast": {
            "fast/__init__.py": "def plot():\n    from fast import _plot\n",
            f"fast/_plot{TAG}": make_elf(needed=["libGL.so.1"]),
        }
    }

    (problem,) = problems(make_bundle(tmp_path, {"app.py": APP}, wheels=wheels))

    assert (problem.code, problem.severity) == ("library-missing", "warning")


# ---- The project's own imports -------------------------------------------------------------------


def told(tmp_path: Path, app: str, **more: Any) -> list[str]:
    """Return the problems of a project with one file, as one line each."""
    bundle = make_bundle(tmp_path, {"app.py": dedent(app)}, **more)
    return [f"{problem.severity}: {problem}" for problem in problems(bundle)]


def test_an_import_that_nothing_provides_is_an_error_with_its_line(tmp_path):
    assert told(tmp_path, "import os\n\nimport nowhere.at_all\n") == [
        (
            "error: app.py:3: `nowhere.at_all` is imported, and nothing provides it on python3.13 "
            "on x86_64; add what provides it to the requirements, or its file to the project "
            "[import-not-found]"
        )
    ]


def test_all_imports_are_told_at_once_in_all_files(tmp_path):
    own = {
        "app.py": "import one, two\nfrom chalicelib import three\n",
        "chalicelib/__init__.py": "",
        "chalicelib/db.py": "from .four import five\nimport chalicelib.six\n",
    }

    found = problems(make_bundle(tmp_path, own))

    assert [(problem.where, problem.summary.split("`")[1]) for problem in found] == [
        ("app.py:1", "one"),
        ("app.py:1", "two"),
        ("app.py:2", "chalicelib.three"),
        ("chalicelib/db.py:1", "chalicelib.four"),
        ("chalicelib/db.py:2", "chalicelib.six"),
    ]


@pytest.mark.parametrize(
    ("python", "name", "hint"),
    [
        ((3, 12), "distutils.util", "Python 3.12 removed it from the standard library; use shutil"),
        ((3, 13), "cgi", "Python 3.13 removed it from the standard library; use urllib.parse"),
        ((3, 14), "imp", "Python 3.12 removed it from the standard library; use importlib instead"),
        ((3, 13), "sunau", "Python 3.13 removed it from the standard library"),
        ((3, 13), "turtle", "Lambda's Python is built without it, for it has no screen"),
        ((3, 13), "winreg", "it is of another system; import it where `sys.platform` says so"),
    ],
)
def test_a_module_that_the_standard_library_lacks_is_explained(tmp_path, python, name, hint):
    (problem,) = problems(
        make_bundle(tmp_path, {"app.py": f"import {name}\n"}, target=Target(python))
    )

    assert (problem.code, problem.where) == ("import-not-found", "app.py:1")
    assert problem.hint.startswith(hint)


def test_a_module_of_a_newer_standard_library_is_found_there_only(tmp_path):
    own = {"app.py": "import annotationlib\n"}

    assert problems(make_bundle(tmp_path / "new", own, target=Target((3, 14)))) == []
    assert len(problems(make_bundle(tmp_path / "old", own, target=Target((3, 13))))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "try:\n    import nowhere\nexcept ImportError:\n    nowhere = None",
        "import sys\nif sys.version_info < (3, 11):\n    import tomli as tomllib",
        "import sys\nif sys.platform == 'win32':\n    import winreg",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mypy_boto3_s3 import Client",
        "if __name__ == '__main__':\n    import uvicorn",
        "import six.moves.urllib",
        "from six.moves import urllib",
        "from google.cloud import storage",
        "import pkg.made_up",
        "from pkg import made_up",
        "from ext.inner import thing",
        "import importlib\nimportlib.import_module(name)",
        "import sys\nsys.path.insert(0, 'pkg/_vendor')\nimport inner",
        "import vendored",
    ],
)
def test_what_may_be_missing_is_no_alarm(tmp_path, line):
    wheels = {
        "six": {"six.py": "import sys\nsys.modules[__name__ + '.moves'] = object()\n"},
        "storage": {"google/cloud/storage/__init__.py": ""},
        "pkg": {"pkg/__init__.py": "__path__ = []\n"},
        "ext": {f"ext{TAG}": make_elf()},
        "inner": {"pkg/_vendor/inner.py": ""},
        "vendored": {
            "vendored/__init__.py": "import sys\nsys.path.append('x')\nimport deeper.one\n",
            "vendored/_vendor/deeper/one.py": "",
            "vendored/two.words.py": "import nowhere\n",
        },
    }

    assert told(tmp_path, line, wheels=wheels) == []


def test_a_relative_import_that_leads_out_is_an_error(tmp_path):
    (line,) = told(tmp_path, "from . import x\n")

    assert line == (
        "error: app.py:1: `from . import` leads out of the packages that ship; import it by its "
        "whole name [import-not-found]"
    )


def test_what_a_layer_of_the_function_may_have_stops_nothing(tmp_path):
    bundle = make_bundle(tmp_path, {"app.py": "import pandas\n"})

    found = inspect(bundle, Store(tmp_path / "store"), TODAY, layers=["arn:aws:lambda:x"])

    (problem,) = [problem for problem in found if problem.code == "import-not-found"]
    assert problem.severity == "warning"
    assert problem.hint == (
        "it is well if one of the function's `layers` has it; else add what provides it to the "
        "requirements, or its file to the project"
    )


def test_an_import_in_a_function_is_a_warning(tmp_path):
    (line,) = told(tmp_path, "def view():\n    import nowhere\n")

    assert line.startswith("warning: app.py:2: `nowhere` is imported, when it gets there, and")


def test_tests_that_ship_stop_nothing(tmp_path):
    own = {"app.py": "", "chalicelib/tests/test_db.py": "import pytest\n"}

    assert [problem.severity for problem in problems(make_bundle(tmp_path, own))] == ["warning"]


def test_a_module_that_was_left_out_is_explained(tmp_path):
    left = LeftOut("data/loader.py", 10, "project", "excluded")
    (line,) = told(tmp_path, "import data.loader\n", left_out=[left])

    assert "`data/loader.py` is left out of the package (excluded); include it" in line


def test_a_misspelt_module_of_the_project_has_the_nearest_name(tmp_path):
    own = {"app.py": "from chalicelib.databas import x\n", "chalicelib/database.py": "x = 1\n"}

    (problem,) = problems(make_bundle(tmp_path, own))

    assert problem.hint == "did you mean `chalicelib.database`?"


def test_a_module_that_nothing_is_near_to_has_no_guess(tmp_path):
    own = {"app.py": "import chalicelib.orders\n", "chalicelib/db.py": ""}

    (problem,) = problems(make_bundle(tmp_path, own))

    assert problem.hint == "`chalicelib` has nothing of that name"


def test_the_sdk_comes_with_the_runtime_and_what_it_needs_is_a_warning(tmp_path):
    (line,) = told(tmp_path, "import boto3\nfrom botocore.config import Config\nimport urllib3\n")

    assert line.startswith("warning: app.py:3: `urllib3` comes with Lambda's runtime only")


def test_what_ships_is_not_asked_of_the_runtime(tmp_path):
    wheels = {"urllib3": {"urllib3/__init__.py": ""}}

    assert told(tmp_path, "import urllib3\n", wheels=wheels) == []


def test_a_module_of_the_project_is_asked_for_its_names(tmp_path):
    own = {
        "app.py": "from chalicelib import db, missing\nfrom chalicelib.db import get, gone\n"
        "from chalicelib.loose import anything\n",
        "chalicelib/__init__.py": "",
        "chalicelib/db.py": "def get(): ...\n",
        "chalicelib/loose.py": "from os.path import *\n",
    }

    found = problems(make_bundle(tmp_path, own))

    assert [problem.summary.split("`")[1] for problem in found] == [
        "chalicelib.missing",
        "chalicelib.db.gone",
    ]


# ---- The imports of requirements -----------------------------------------------------------------


def test_a_requirement_that_cannot_be_imported_is_an_error_with_its_line(tmp_path):
    wheels = {
        "fast": {
            "fast/__init__.py": "from fast.core import go\n",
            "fast/core.py": "import os\nimport needed_by_fast.inner\ngo = 1\n",
        }
    }

    assert told(tmp_path, APP, wheels=wheels) == [
        (
            "error: requirements.txt:1: `fast 1.0` cannot be imported: `fast/core.py:2` imports "
            "`needed_by_fast.inner`, and nothing provides it on python3.13 on x86_64; add what "
            "provides it to the requirements [dependency-import-not-found]"
        )
    ]


@pytest.mark.parametrize(
    "core",
    [
        "def go():\n    import optional",
        "try:\n    import optional\nexcept ImportError:\n    optional = None",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import optional",
        '"""\nimport optional\n"""',
        "def plot():\n    from fast import plotting",
        "def __getattr__(name):\n    from fast import plotting",
        "try:\n    from fast import plotting\nexcept ImportError:\n    pass",
    ],
)
def test_what_a_requirement_can_do_without_is_no_alarm(tmp_path, core):
    wheels = {
        "fast": {
            "fast/__init__.py": f"{core}\n",
            "fast/plotting/__init__.py": "from fast.plotting.draw import x\n",
            "fast/plotting/draw.py": "import optional\nx = optional\n",
            "fast/tests/test_it.py": "import pytest\n",
            "_fast_pytest.py": "import pytest\n",
        }
    }

    assert told(tmp_path, APP, wheels=wheels) == []


def test_a_package_in_vendor_is_told_of_by_its_file(tmp_path):
    vendor = {"fast/__init__.py": "\nimport nowhere\n"}

    (line,) = told(tmp_path, APP, vendor=vendor)

    assert line.startswith(
        "error: vendor/fast/__init__.py:2: `fast` cannot be imported: `fast/__init__.py:2` imports "
    )


@pytest.mark.parametrize(
    "init",
    [
        "from . import core",
        "from fast import core",
        "import fast.core",
        "from .core import x",
        "from . import middle",
        "from .deep.er import x",
    ],
)
def test_a_chain_of_imports_is_followed(tmp_path, init):
    wheels = {
        "fast": {
            "fast/__init__.py": f"{init}\n",
            "fast/middle.py": "class A:\n    from . import core\n",
            "fast/deep/__init__.py": "if True:\n    import fast.core as c\n",
            "fast/deep/er.py": "x = 1\n",
            "fast/core.py": "import nowhere\nx = 1\n",
        }
    }

    (line,) = told(tmp_path, APP, wheels=wheels)

    assert line.startswith("error: requirements.txt:1: `fast 1.0` cannot be imported: `fast/core")


def test_a_module_that_many_files_lack_is_told_once(tmp_path):
    wheels = {
        "fast": {
            "fast/__init__.py": "from fast import one, two\nimport nowhere.x\n",
            "fast/one.py": "import nowhere\nimport nowhere.y\n",
            "fast/two.py": "import nowhere\n",
        }
    }

    (line,) = told(tmp_path, APP, wheels=wheels)

    assert "`fast/__init__.py:2`, as do 2 more of its files, imports `nowhere.x`" in line


def test_a_name_that_hides_a_module_is_no_import(tmp_path):
    wheels = {
        "fast": {
            "fast/__init__.py": "def core(): ...\nfrom fast.other import x\n",
            "fast/other.py": "from fast import core\nx = core\n",
            "fast/core.py": "import nowhere\n",
        }
    }

    assert told(tmp_path, APP, wheels=wheels) == []


def test_an_optional_part_that_the_project_imports_is_an_error(tmp_path):
    wheels = {"fast": {"fast/__init__.py": "", "fast/plotting.py": "import optional\n"}}

    assert len(told(tmp_path, "from fast import plotting\n", wheels=wheels)) == 1


def test_a_part_that_pruning_took_away_is_told(tmp_path):
    wheels = {"fast": {"fast/__init__.py": "from fast.tests import helper\n"}}

    (line,) = told(tmp_path, APP, wheels=wheels)

    assert "`fast/__init__.py:1` imports `fast.tests`" in line


def test_a_namespace_of_two_requirements_is_one(tmp_path):
    wheels = {
        "one": {"ns/one.py": "from ns import two\nimport ns.two\n"},
        "two": {"ns/two.py": ""},
    }

    assert told(tmp_path, "import ns.one\n", wheels=wheels) == []


def test_a_requirement_whose_syntax_this_python_does_not_read_is_not_judged(tmp_path):
    wheels = {"fast": {"fast/__init__.py": "import optional\nprint 'of Python 2'\n"}}

    assert told(tmp_path, APP, wheels=wheels) == []


# ---- Sizes, runtimes, what is kept ---------------------------------------------------------------


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
