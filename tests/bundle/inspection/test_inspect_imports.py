"""Imports that would fail on the target are told of, with file and line."""

from __future__ import annotations

import sys

import pytest
from tests.bundle.bundles import TODAY, make_bundle, problems, told
from tests.bundle.elves import make_elf

from chalice.bundle.inspection.inspect import inspect
from chalice.bundle.parts import LeftOut
from chalice.bundle.store import Store
from chalice.bundle.target import Target

TAG = ".cpython-313-x86_64-linux-gnu.so"
APP = "import fast\n"


# ---- The project's own imports -------------------------------------------------------------------


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


def test_what_a_package_of_the_project_takes_from_itself_has_to_be_there(tmp_path):
    own = {
        "app.py": "import chalicelib\n",
        "chalicelib/__init__.py": "from . import db, gone\nfrom chalicelib import lost as l\n",
        "chalicelib/db.py": "",
    }

    found = problems(make_bundle(tmp_path, own))

    assert [(problem.where, problem.summary.split("`")[1]) for problem in found] == [
        ("chalicelib/__init__.py:1", "chalicelib.gone"),
        ("chalicelib/__init__.py:2", "chalicelib.lost"),
    ]


def test_what_a_package_of_the_project_binds_in_another_way_is_there(tmp_path):
    own = {
        "app.py": "import chalicelib\n",
        "chalicelib/__init__.py": "try:\n    from . import fast\nexcept ImportError:\n"
        "    fast = None\n",
        "chalicelib/more.py": "from . import fast\n",
    }

    assert problems(make_bundle(tmp_path, own)) == []


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


@pytest.mark.parametrize(
    "files",
    [
        {"fast/__init__.py": "from . import gone\n"},
        {"fast/__init__.py": "from fast import (\n    core,\n    gone,\n)\n"},
        {"fast/__init__.py": "from . import core\n", "fast/core.py": "from . import gone\n"},
        {"fast/__init__.py": "import fast.core\n", "fast/core.py": "from fast import gone as g\n"},
        {
            "fast/__init__.py": "from .deep import er\n",
            "fast/deep/__init__.py": "try: from . import gone\nexcept ImportError: pass\n",
            "fast/deep/er.py": "from . import gone\n",
        },
    ],
)
def test_a_name_that_a_requirement_takes_from_its_own_package_has_to_be_there(tmp_path, files):
    wheels = {"fast": {"fast/core.py": "", **files}}

    (line,) = told(tmp_path, APP, wheels=wheels)

    assert line.startswith("error: requirements.txt:1: `fast 1.0` cannot be imported: `fast/")
    assert "gone`, and nothing provides it on python3.13 on x86_64" in line
    assert "; take another version: it lacks a part of its own [" in line


@pytest.mark.parametrize(
    "init",
    [
        "gone: int = 1",
        "def gone(): ...",
        "from os import path as gone",
        "from os import *",
        "def __getattr__(name): ...",
        "from fast.other import __getattr__",
        "exec('gone = 1')",
        "globals().update(gone=1)",
        "locals()['gone'] = 1",
        "__path__.append('elsewhere')",
        "import sys\nsys.modules[__name__] = object()",
        "if open('x'):\n    gone = 1",
        "for gone in range(3): ...",
        "print 'of Python 2'",
        "import fast.sets",
        "import fast.set_by_name",
    ],
)
def test_a_name_that_may_be_in_a_package_is_no_alarm(tmp_path, init):
    wheels = {
        "fast": {
            "fast/__init__.py": f"{init}\nimport fast.core\n",
            "fast/core.py": "from . import gone\nfrom fast import __name__, __version__\n",
            "fast/other.py": "def __getattr__(name): ...\n",
            "fast/sets.py": "import fast\nfast.gone = 1\n" if "sets" in init else "",
            "fast/set_by_name.py": "import fast\nsetattr(fast, 'gone', 1)\n"
            if "by_name" in init
            else "",
        }
    }

    assert told(tmp_path, APP, wheels=wheels) == []


def test_what_compiled_code_sets_in_its_package_is_not_known(tmp_path):
    wheels = {
        "fast": {
            "fast/__init__.py": "from . import _core\nfrom . import gone\n",
            f"fast/_core{TAG}": make_elf(),
        }
    }

    assert told(tmp_path, APP, wheels=wheels) == []


def test_a_part_that_another_requirement_brings_is_there(tmp_path):
    wheels = {
        "fast": {"fast/__init__.py": "from . import plugin\n"},
        "plugin": {"fast/plugin.py": ""},
    }

    assert told(tmp_path, APP, wheels=wheels) == []


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


def compiled(*paths):
    """Return the files of bytecode of the sources *paths*."""
    parts = (path.removesuffix(".py").rpartition("/") for path in paths)
    return {f"{folder}{mark}__pycache__/{name}.cpython-3.pyc": b"" for folder, mark, name in parts}


@pytest.mark.parametrize(
    ("app", "init", "severities"),
    [
        ("import fast.new\n", "", ["error"]),
        ("import fast\n", "from fast import new\n", ["error"]),
        ("def view():\n    import fast.new\n", "", ["warning"]),
        ("", "from fast import new\n", ["warning"]),
        ("import fast\n", "def later():\n    from fast import new\n", []),
        ("import fast\n", "try:\n    from fast import new\nexcept SyntaxError:\n    pass\n", []),
    ],
    ids=["imported", "imported beside it", "by a view", "by nothing of ours", "never", "spared"],
)
def test_a_requirement_of_another_syntax_is_an_error_where_it_is_imported(
    tmp_path, app, init, severities
):
    files = {"fast/__init__.py": init, "fast/new.py": "x = 1\nprint 'of Python 2'\n"}
    wheels = {"fast": files | compiled("fast/__init__.py")}
    bundle = make_bundle(
        tmp_path, {"app.py": app}, wheels=wheels, target=Target(sys.version_info[:2])
    )

    found = problems(bundle)

    assert [(problem.code, problem.severity) for problem in found] == [
        ("dependency-syntax", severity) for severity in severities
    ]
    for problem in found:
        assert problem.summary.startswith("`fast/new.py:2` cannot be imported: this is not Python")
        assert problem.where == "requirements.txt:1"


def test_a_module_in_vendor_of_another_syntax_is_told_with_its_line(tmp_path):
    vendor = {"fast.py": "print 'of Python 2'\n", "slow.py": ""} | compiled("slow.py")
    bundle = make_bundle(
        tmp_path, {"app.py": "import fast"}, vendor=vendor, target=Target(sys.version_info[:2])
    )

    (problem,) = problems(bundle)

    assert (problem.code, problem.where) == ("dependency-syntax", "vendor/fast.py:1")
