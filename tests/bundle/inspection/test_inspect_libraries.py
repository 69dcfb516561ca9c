"""Shared libraries that would not be loaded on the target are told of, by name."""

from __future__ import annotations

import pytest
from tests.bundle.bundles import make_bundle, problems
from tests.bundle.elves import AARCH64, make_elf

from chalice.bundle.target import Target
from chalice.diagnostics import Problem

OLD = Target((3, 11))
"""Runs on Amazon Linux 2."""
TAG = ".cpython-313-x86_64-linux-gnu.so"
APP = "import fast\n"


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
    ("files", "what"),
    [
        ({f"fast{TAG}": "text\n"}, "it is text"),
        ({"fast.so": "text\n"}, "it is text"),
        ({"fast.so": "GROUP ( libfast.so.1 )\n"}, "it is a script for a linker"),
        ({"fast/__init__.py": "from . import speed", "fast/speed.abi3.so": ""}, "it is empty"),
    ],
    ids=["by its tag", "imported by the project", "a script", "imported beside it"],
)
def test_an_extension_that_is_text_is_damaged(tmp_path, files, what):
    (problem,) = problems(make_bundle(tmp_path, {"app.py": APP}, wheels={"fast": files}))

    assert (problem.code, problem.severity) == ("library-damaged", "error")
    assert problem.summary.endswith(f"cannot be loaded: {what}")
    assert problem.hint == "take another version: its wheel is whole, and has it so"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "it is empty"),
        ("version https://git-lfs.github.com/spec/v1\n", "it is text"),
        (make_elf()[:100], "a table ends outside the file"),
    ],
    ids=["empty", "text", "cut"],
)
def test_a_damaged_library_that_nothing_imports_is_a_warning(tmp_path, content, what):
    own = {"app.py": "", "chalicelib/e.so": content}
    wheels = {"fast": {"fast/__init__.py": "", "fast/libfast.so": content}}

    ours, theirs = problems(make_bundle(tmp_path, own, wheels=wheels))

    assert str(ours) == (
        f"chalicelib/e.so: `chalicelib/e.so` cannot be loaded: {what}; put the whole library in its"
        " place, or remove it [library-damaged]"
    )
    assert theirs.summary == f"`fast/libfast.so` cannot be loaded: {what}"
    assert {problem.severity for problem in (ours, theirs)} == {"warning"}


def test_a_script_for_a_linker_that_nothing_imports_is_no_finding(tmp_path):
    script = "/* GNU ld script */\nGROUP ( /lib64/libfast.so.1 )\n"
    wheels = {"fast": {"fast/__init__.py": "", "fast/libfast.so": script}}

    assert problems(make_bundle(tmp_path, {"app.py": ""}, wheels=wheels)) == []


def test_an_extension_for_another_interpreter_is_an_error_wherever_it_is_imported(tmp_path):
    app = "def view():\n    import fast._speed\n"
    wheels = {
        "fast": {
            "fast/__init__.py": "",
            "fast/_speed.cpython-310-x86_64-linux-gnu.so": make_elf(),
        }
    }

    (problem,) = problems(make_bundle(tmp_path, {"app.py": app}, wheels=wheels))

    assert (problem.code, problem.severity) == ("extension-abi", "error")
    assert problem.where == "app.py:2"


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
