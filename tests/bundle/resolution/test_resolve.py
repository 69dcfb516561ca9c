"""Requirements, resolved by the real uv and the real pip against an index on loopback."""

import platform
import subprocess
import sys

import pytest
from tests.bundle.bench import ARM, PYTHON_311, PYTHON_313, origins, unpack_source
from tests.bundle.wheels import make_wheel, sha256_of

from chalice.bundle.target import Target


def test_a_project_without_requirements_needs_nothing(uv_bench):
    found = uv_bench.resolve()

    assert (found.distributions, found.notes, found.source) == ((), (), "")
    assert uv_bench.index.requests == []


def test_each_package_comes_with_its_place_and_its_whole_wheel(bench):
    needed = bench.wheel("below", "2.0")
    wheel = bench.wheel("Demo_One", "1.0", requires=["below>=1"])
    bench.write("# what we need\n\ndemo-one  # the demo\n")

    found = bench.resolve()

    assert found.source == "requirements.txt"
    assert [
        (item.name, item.version, item.where, item.sha256, item.built)
        for item in found.distributions
    ] == [
        ("below", "2.0", "requirements.txt", sha256_of(needed), False),
        ("demo-one", "1.0", "requirements.txt:3", sha256_of(wheel), False),
    ]
    assert found.distributions[1].wheel.read_bytes() == wheel.read_bytes()
    assert found.distributions[1].wheel.name == wheel.name


def test_the_wheel_is_the_targets(bench):
    for python in ("cp311", "cp313"):
        for machine in ("x86_64", "aarch64"):
            bench.wheel("compiled", "1.0", tag=f"{python}-{python}-manylinux_2_17_{machine}")
    bench.wheel("compiled", "1.0", tag="cp313-cp313-win_amd64")
    bench.write("compiled\n")

    found = {
        str(target): bench.resolve(target).distributions[0].wheel.name
        for target in (PYTHON_311, PYTHON_313, ARM)
    }

    assert found == {
        "python3.11 on x86_64": "compiled-1.0-cp311-cp311-manylinux_2_17_x86_64.whl",
        "python3.13 on x86_64": "compiled-1.0-cp313-cp313-manylinux_2_17_x86_64.whl",
        "python3.13 on arm64": "compiled-1.0-cp313-cp313-manylinux_2_17_aarch64.whl",
    }


def test_markers_are_the_targets(bench):
    for name in ("old", "new", "arm", "windows"):
        bench.wheel(name, "1.0")
    bench.wheel("top", "1.0", requires=['arm; platform_machine == "aarch64"'])
    bench.write(
        'old; python_version < "3.12"\nnew; python_version >= "3.12"\n'
        'windows; sys_platform == "win32"\ntop\n'
    )

    assert origins(bench.resolve(PYTHON_311)) == ["old 1.0", "top 1.0"]
    assert origins(bench.resolve(ARM)) == ["arm 1.0", "new 1.0", "top 1.0"]


def test_an_older_version_with_a_wheel_is_better_than_a_later_one_without(bench):
    bench.wheel("compiled", "1.0", tag="cp313-cp313-manylinux_2_17_x86_64")
    bench.wheel("compiled", "2.0", tag="cp313-cp313-manylinux_2_39_x86_64")
    bench.sdist("compiled", "2.0")
    bench.write("compiled\n")

    assert origins(bench.resolve()) == ["compiled 1.0"]


@pytest.mark.parametrize(("glibc", "fits"), [("2_26", True), ("2_27", False)])
def test_a_wheel_may_ask_for_the_glibc_of_the_image_and_no_newer(bench, glibc, fits):
    bench.wheel("compiled", "1.0", tag=f"cp311-cp311-manylinux_{glibc}_x86_64")
    bench.write("compiled\n")

    if fits:
        assert origins(bench.resolve(PYTHON_311)) == ["compiled 1.0"]
    else:
        assert [problem.where for problem in bench.problems(PYTHON_311)] == ["requirements.txt:1"]


def test_a_source_that_builds_to_a_pure_wheel_will_do(bench):
    bench.sdist("plain", "1.0")
    bench.wheel("other", "1.0")
    bench.write("plain\nother\n")

    found = bench.resolve()

    assert origins(found) == ["other 1.0", "plain 1.0"]
    assert [item.built for item in found.distributions] == [False, True]


def test_chalice_itself_is_not_taken(uv_bench):
    uv_bench.wheel("chalice", "1.31.0", requires=["click"])
    uv_bench.wheel("plugin", "1.0", requires=["chalice>=1.20"])
    uv_bench.wheel("click", "8.0")
    uv_bench.write("chalice==1.31.0\n")

    found = uv_bench.resolve()

    assert origins(found) == []
    assert [(note.code, note.where, note.severity) for note in found.notes] == [
        ("requirement-chalice", "requirements.txt:1", "warning")
    ]


def test_what_only_chalice_needs_goes_with_it(uv_bench):
    uv_bench.wheel("chalice", "1.31.0", requires=["click", "shared"])
    uv_bench.wheel("plugin", "1.0", requires=["chalice>=1.20", "shared"])
    uv_bench.wheel("click", "8.0")
    uv_bench.wheel("shared", "1.0")
    uv_bench.write("plugin\n")

    assert origins(uv_bench.resolve()) == ["plugin 1.0", "shared 1.0"]


def test_an_extra_brings_what_it_needs(uv_bench):
    uv_bench.wheel("top", "1.0", extras={"fast": ["below"]})
    uv_bench.wheel("below", "1.0")
    uv_bench.write("top[fast]==1.0\n")

    assert origins(uv_bench.resolve()) == ["below 1.0", "top 1.0"]


def test_an_extra_that_nobody_has_is_said(uv_bench):
    uv_bench.wheel("top", "1.0", extras={"fast": ["below"]})
    uv_bench.wheel("below", "1.0")
    uv_bench.write("below\ntop[Fast, slow]==1.0\n")

    found = uv_bench.resolve()

    assert [(note.code, note.where, note.summary, note.severity) for note in found.notes] == [
        ("requirement-extra", "requirements.txt:2", "top 1.0 has no extra `slow`", "warning")
    ]
    assert found.notes[0].hint == "write one of `fast`"


def test_a_later_build_of_the_same_wheel_is_meant(uv_bench):
    uv_bench.wheel("compiled", "1.0", build="1")
    uv_bench.wheel("compiled", "1.0", build="10")
    uv_bench.write("compiled\n")

    assert uv_bench.resolve().distributions[0].wheel.name == "compiled-1.0-10-py3-none-any.whl"


def test_a_package_may_be_compiled_where_that_is_allowed(bench):
    own = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    machine = platform.machine()
    bench.sdist("fast", "1.0", f"TAG = '{own}-{own}-linux_{machine}'")
    bench.write("fast\n")
    target = Target(sys.version_info[:2], "arm64" if machine == "aarch64" else "x86_64")

    refused = bench.problems(target)
    allowed = bench.resolve(target, build=["Fast"])

    assert [(problem.where, "`package.build`" in problem.hint) for problem in refused] == [
        ("requirements.txt:1", True)
    ]
    assert [(item.origin, item.built) for item in allowed.distributions] == [("fast 1.0", True)]


def test_what_was_compiled_here_must_run_there(uv_bench):
    uv_bench.sdist("fast", "1.0", "TAG = 'cp37-cp37m-linux_i686'")
    uv_bench.write("fast\n")

    (problem,) = uv_bench.problems(build=["fast"])

    assert "`cp37-cp37m-linux_i686`" in problem.summary


def test_a_compiler_fails_where_nothing_may_compile(uv_bench):
    uv_bench.sdist("plain", "1.0", PURE_WITHOUT_A_COMPILER)
    uv_bench.write("plain\n")

    assert origins(uv_bench.resolve()) == ["plain 1.0"]


PURE_WITHOUT_A_COMPILER = """
TAG = "py3-none-any" if os.environ.get("CC") == "false" else "py3-none-linux_x86_64"
"""


# --- where it comes from -------------------------------------------------------------------------


def test_a_wheel_beside_the_project_will_do(bench):
    make_wheel(bench.project / "wheels", "Local_One", "3.0", {"local_one.py": ""})
    bench.wheel("below", "1.0")
    make_wheel(bench.project / "wheels", "other", "1.0", {"other.py": ""}, requires=["below"])
    bench.write(
        "./wheels/local_one-3.0-py3-none-any.whl\n"
        "other @ ./wheels/other-1.0-py3-none-any.whl ; python_version > '3'\n"
    )

    found = bench.resolve()

    assert [(item.origin, item.where, item.built) for item in found.distributions] == [
        ("below 1.0", "requirements.txt", False),
        ("local-one 3.0", "requirements.txt:1", False),
        ("other 1.0", "requirements.txt:2", False),
    ]


@pytest.mark.parametrize("line", ["./lib", "-e ./lib", "--editable=lib/", "lib @ {project}/lib"])
def test_a_folder_is_built_each_time(uv_bench, line):
    unpack_source(uv_bench.project / "lib", "lib", "1.0")
    uv_bench.write(line.format(project=uv_bench.project.as_uri()) + "\n")
    first = uv_bench.resolve()
    (uv_bench.project / "lib/own.py").write_text(
        (uv_bench.project / "lib/own.py").read_text().replace("made = True", "made = False")
    )

    second = uv_bench.resolve()

    assert origins(first) == origins(second) == ["lib 1.0"]
    assert first.distributions[0].built
    assert first.distributions[0].where == "requirements.txt:1"
    assert first.distributions[0].sha256 != second.distributions[0].sha256


def test_a_folder_that_is_for_other_targets_is_left_alone(uv_bench):
    uv_bench.write("./missing ; sys_platform == 'win32'\n")

    assert origins(uv_bench.resolve()) == []


def test_a_repository_is_built(bench):
    source = unpack_source(bench.project.parent / "repository", "lib", "1.0")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"], ["tag", "v/1"]):
        names = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(["git", *names, *command], cwd=source, check=True)
    bench.write(f"lib @ git+{source.as_uri()}@v/1\n")

    found = bench.resolve()

    assert [(item.origin, item.built) for item in found.distributions] == [("lib 1.0", True)]


def test_links_and_indexes_of_the_file_count(bench):
    make_wheel(bench.project / "wheels", "local", "3.0", {"local.py": ""})
    bench.wheel("demo", "1.0")
    environ = {**bench.environ, "UV_DEFAULT_INDEX": "", "PIP_INDEX_URL": ""}
    bench.write(f"-i {bench.index.url}\n--find-links wheels\ndemo\nlocal\n")

    assert origins(bench.resolve(environ=environ)) == ["demo 1.0", "local 3.0"]


def test_a_line_may_have_several_options(uv_bench):
    make_wheel(uv_bench.project / "my wheels", "local", "3.0rc1", {"local.py": ""})
    uv_bench.wheel("demo", "1.0")
    environ = {**uv_bench.environ, "UV_DEFAULT_INDEX": "", "PIP_INDEX_URL": ""}
    uv_bench.write(
        f'-i {uv_bench.index.url} --trusted-host 127.0.0.1\n--pre -f "my wheels" -r more.txt\n'
    )
    uv_bench.write("demo\nlocal\n", "more.txt")

    assert origins(uv_bench.resolve(environ=environ)) == ["demo 1.0", "local 3.0rc1"]


def test_a_line_may_say_that_no_index_is_asked(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write(f"--extra-index-url {uv_bench.index.url} --no-index\ndemo\n")

    problems = uv_bench.problems()

    assert [problem.where for problem in problems] == ["requirements.txt:2"]
    assert uv_bench.index.requests == []


def test_a_variable_in_the_file_is_expanded_by_the_tool(bench):
    bench.wheel("demo", "1.0")
    address = bench.index.url.removeprefix("http://")
    environ = {**bench.environ, "UV_DEFAULT_INDEX": "", "PIP_INDEX_URL": "", "PLACE": address}
    bench.write("--index-url http://${PLACE}\ndemo\n")

    assert origins(bench.resolve(environ=environ)) == ["demo 1.0"]


def test_a_prerelease_is_taken_where_the_file_says_so(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.wheel("demo", "2.0rc1")
    uv_bench.write("demo\n")
    usual = origins(uv_bench.resolve())
    uv_bench.write("--pre\ndemo\n")

    assert (usual, origins(uv_bench.resolve())) == (["demo 1.0"], ["demo 2.0rc1"])


def test_included_files_and_constraints_count(bench):
    for version in ("1.0", "2.0", "3.0"):
        bench.wheel("one", version)
        bench.wheel("two", version, requires=["three"])
        bench.wheel("three", version)
    bench.write("-r more/base.txt\n-c limits.txt\none\n")
    bench.write("two<3\n-r ../requirements.txt\n", "more/base.txt")
    bench.write("one==1.0\nthree<2\n", "limits.txt")

    found = bench.resolve()

    assert [(item.origin, item.where) for item in found.distributions] == [
        ("one 1.0", "requirements.txt:3"),
        ("three 1.0", "requirements.txt"),
        ("two 2.0", "more/base.txt:1"),
    ]


def test_the_index_that_pip_was_told_of_is_asked_by_uv(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write("demo\n")
    environ = {
        name: value for name, value in uv_bench.environ.items() if name != "UV_DEFAULT_INDEX"
    }

    assert origins(uv_bench.resolve(environ=environ)) == ["demo 1.0"]


def test_the_index_of_pips_file_is_asked_by_uv(uv_bench, tmp_path):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write("demo\n")
    (tmp_path / "pip.conf").write_text(f"[global]\nindex-url = {uv_bench.index.url}\n")
    without = {"UV_DEFAULT_INDEX", "PIP_INDEX_URL"}
    environ = {name: value for name, value in uv_bench.environ.items() if name not in without}
    environ["PIP_CONFIG_FILE"] = str(tmp_path / "pip.conf")

    assert origins(uv_bench.resolve(environ=environ)) == ["demo 1.0"]
