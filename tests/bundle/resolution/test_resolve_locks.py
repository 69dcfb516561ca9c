"""Projects with `pyproject.toml` and lock files, and which file wins."""

import shutil
import sys
from pathlib import Path

import pytest
from tests.bundle.bench import ARM, PYTHON_311, PYTHON_313, Bench, origins, unpack_source
from tests.bundle.resolution.locks import listed, lock, pylock, run_uv
from tests.bundle.wheels import sha256_of

from chalice.bundle.resolution.tools import Surroundings, find_uv
from chalice.bundle.resolution.uv import EXPORT
from chalice.bundle.target import Target

HERE = Target((sys.version_info.major, sys.version_info.minor))
MINOR = f"{HERE.python[0]}.{HERE.python[1]}"


def test_the_dependencies_of_a_project_have_their_lines(bench):
    bench.wheel("demo", "1.0", requires=["below"])
    bench.wheel("below", "1.0")
    bench.write(listed("chalice", "demo>=1"), "pyproject.toml")

    found = bench.resolve()

    assert found.source == "pyproject.toml"
    assert [(item.origin, item.where) for item in found.distributions] == [
        ("below 1.0", "pyproject.toml"),
        ("demo 1.0", "pyproject.toml:7"),
    ]
    assert [note.where for note in found.notes] == ["pyproject.toml:6"]


def test_sources_of_uv_count_for_a_project(uv_bench):
    unpack_source(uv_bench.project / "lib", "lib", "1.0")
    uv_bench.write(
        listed("lib") + '\n[tool.uv.sources]\nlib = { path = "lib" }\n', "pyproject.toml"
    )
    environ = {name: value for name, value in uv_bench.environ.items() if name != "UV_NO_CONFIG"}

    found = uv_bench.resolve(environ=environ)

    assert [(item.origin, item.built) for item in found.distributions] == [("lib 1.0", True)]


def test_dependencies_that_only_a_build_knows_are_refused(uv_bench):
    uv_bench.write(
        '[project]\nname = "app"\nversion = "1"\ndynamic = ["dependencies"]\n', "pyproject.toml"
    )

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirements-dynamic", "pyproject.toml")


def test_a_lock_of_uv_says_what_is_taken(uv_bench):
    for version in ("1.0", "2.0"):
        uv_bench.wheel("demo", version)
    uv_bench.wheel("arm", "1.0")
    uv_bench.write(listed("demo<2", "arm ; platform_machine == 'aarch64'"), "pyproject.toml")
    lock(uv_bench)

    found, arm = uv_bench.resolve(), uv_bench.resolve(ARM)
    uv_bench.index.requests.clear()
    again = uv_bench.resolve()

    assert found.source == "uv.lock"
    assert origins(found) == ["demo 1.0"]
    assert origins(arm) == ["arm 1.0", "demo 1.0"]
    assert found.notes == ()
    assert [item.where for item in arm.distributions] == ["pyproject.toml:7", "pyproject.toml:6"]
    assert (again, uv_bench.index.requests) == (found, [])


def test_chalice_in_a_lock_of_uv_is_left_out_with_what_it_needs(uv_bench):
    uv_bench.wheel("chalice", "1.31.0", requires=["click"])
    uv_bench.wheel("click", "8.0")
    uv_bench.wheel("demo", "1.0")
    uv_bench.write(listed("chalice", "demo"), "pyproject.toml")
    lock(uv_bench)

    assert origins(uv_bench.resolve()) == ["demo 1.0"]


def test_a_lock_of_uv_that_is_behind_is_refused(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.wheel("more", "1.0")
    uv_bench.write(listed("demo"), "pyproject.toml")
    lock(uv_bench)
    uv_bench.write(listed("demo", "more"), "pyproject.toml")

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirements-lock", "uv.lock")
    assert "uv lock" in problem.hint


def test_a_lock_of_uv_needs_uv(pip_bench):
    pip_bench.write(listed("demo"), "pyproject.toml")
    pip_bench.write("version = 1\n", "uv.lock")

    (problem,) = pip_bench.problems()

    assert (problem.code, problem.where) == ("resolver-missing", "uv.lock")
    assert f"`{EXPORT}`" in problem.hint


def test_groups_of_a_lock_do_not_ship_read_by_uv_or_exported_as_is_said(uv_bench):
    for name in ("demo", "linter", "tester"):
        uv_bench.wheel(name, "1.0")
    uv_bench.write(
        listed("demo")
        + '[dependency-groups]\ndev = ["linter"]\ntest = ["tester"]\n'
        + '[tool.uv]\ndefault-groups = ["dev", "test"]\n',
        "pyproject.toml",
    )
    uv_bench.environ.pop("UV_NO_CONFIG")
    lock(uv_bench)

    read = uv_bench.resolve()
    run_uv(uv_bench, *EXPORT.split()[1:])
    exported = uv_bench.resolve(environ={**uv_bench.environ, "PATH": "/nowhere"})

    assert (read.source, origins(read)) == ("uv.lock", ["demo 1.0"])
    assert (exported.source, origins(exported)) == ("pylock.toml", ["demo 1.0"])


def test_a_pylock_is_read_without_any_tool(uv_bench):
    wheel = uv_bench.wheel("demo", "1.0")
    arm = uv_bench.wheel("arm", "1.0")
    address = uv_bench.index.url.removesuffix("/simple") + "/files/"
    uv_bench.write(
        pylock(
            f'name = "demo"\nversion = "1.0"\nwheels = [{{ name = "{wheel.name}", '
            f'path = "../served/{wheel.name}", hashes = {{ sha256 = "{sha256_of(wheel)}" }} }}]',
            f'name = "arm"\nversion = "1.0"\nmarker = "platform_machine == \'aarch64\'"\n'
            f'wheels = [{{ url = "{address}{arm.name}", '
            f'hashes = {{ sha256 = "{sha256_of(arm)}" }} }}]',
        ),
        "pylock.toml",
    )
    nothing = {"PATH": "/nowhere", "HOME": uv_bench.environ["HOME"]}

    assert origins(uv_bench.resolve(environ=nothing)) == ["demo 1.0"]
    assert origins(uv_bench.resolve(ARM, environ=nothing)) == ["arm 1.0", "demo 1.0"]


def test_a_pylock_without_a_wheel_for_the_target_says_what_there_is(uv_bench):
    wheel = uv_bench.wheel("demo", "1.0", tag="cp311-cp311-manylinux_2_17_x86_64")
    entry = f'name = "demo"\nversion = "1.0"\nwheels = [{{ path = "../served/{wheel.name}" }}]'
    uv_bench.write(pylock(entry), "pylock.toml")

    (problem,) = uv_bench.problems()

    assert origins(uv_bench.resolve(PYTHON_311)) == ["demo 1.0"]
    assert (problem.code, problem.where) == ("requirement-no-wheel", "pylock.toml")
    assert "`cp311-cp311-manylinux_2_17_x86_64`" in problem.summary


@pytest.mark.parametrize(
    "text",
    [
        'lock-version = "7.0"\n',
        'lock-version = "1.0"\n',
        'lock-version = "1.0"\npackages = []\n',
        "packages = 1\nlock-version = '1.0'\n",
        pylock("version = '1.0'"),
        pylock("name = 'demo'\nwheels = [{}]"),
        pylock("name = 'demo'\nmarker = 'what'"),
        pylock("name = 'demo'\nversion = 1"),
    ],
)
def test_a_pylock_that_is_none_is_refused(uv_bench, text):
    uv_bench.write(text, "pylock.toml")

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirements-lock", "pylock.toml")


def test_what_is_no_toml_is_refused(uv_bench):
    uv_bench.write("[project\n", "pyproject.toml")

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirements-toml", "pyproject.toml")


# --- the interpreter that uv reads its lock with -------------------------------------------------


@pytest.fixture
def lonely(uv_bench: Bench, tmp_path: Path) -> Bench:
    """Give a locked project, and a PATH on which uv finds no Python."""
    uv_bench.wheel("demo", "1.0")
    uv_bench.write(listed("demo").replace(">=3.11", f">={MINOR}"), "pyproject.toml")
    lock(uv_bench)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "uv").symlink_to((find_uv(Surroundings(uv_bench.environ)) or ("",))[0])
    for name in ("VIRTUAL_ENV", "UV_PYTHON"):
        uv_bench.environ.pop(name, None)
    uv_bench.environ |= {
        "PATH": str(tmp_path / "bin"),
        "UV_PYTHON_INSTALL_DIR": str(tmp_path / "none"),
    }
    return uv_bench


def test_the_interpreter_that_runs_this_will_do(lonely):
    assert origins(lonely.resolve(HERE)) == ["demo 1.0"]


def test_a_shim_that_runs_nothing_is_no_hindrance(lonely, tmp_path):
    for name in ("python", "python3", f"python{MINOR}"):
        shim = tmp_path / "bin" / name
        shim.write_text("#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n")
        shim.chmod(0o755)

    assert origins(lonely.resolve(HERE)) == ["demo 1.0"]


def test_where_no_interpreter_fits_that_is_said_and_not_the_lock_blamed(lonely):
    python = lonely.project / "pyproject.toml"
    python.write_text(python.read_text().replace(f">={MINOR}", ">=3.19"))
    locked = lonely.project / "uv.lock"
    locked.write_text(locked.read_text().replace(f">={MINOR}", ">=3.19"))

    (problem,) = lonely.problems(Target((3, 19)))

    assert (problem.code, problem.where) == ("interpreter-missing", "uv.lock")
    assert "No interpreter found for Python >=3.19" in problem.summary
    assert "`uv python install 3.19`" in problem.hint
    assert "lock again" not in problem.hint


def test_an_interpreter_that_the_user_names_is_taken(lonely):
    lonely.environ["UV_PYTHON"] = shutil.which("sh") or "/bin/sh"

    (problem,) = lonely.problems(HERE)

    assert problem.code == "interpreter-missing"


# --- which wins ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "winner", "passed_over"),
    [
        (["requirements.txt", "pylock.toml", "pyproject.toml"], 0, [1, 2]),
        (["pylock.toml", "uv.lock", "pyproject.toml"], 0, [1]),
        (["pylock.toml", "pyproject.toml"], 0, []),
    ],
)
def test_the_first_file_wins_and_the_others_are_said(uv_bench, files, winner, passed_over):
    contents = {
        "requirements.txt": "demo\n",
        "pylock.toml": pylock('name = "other"\nmarker = "os_name == \'nt\'"'),
        "uv.lock": "version = 1\n",
        "pyproject.toml": listed("demo"),
    }
    uv_bench.wheel("demo", "1.0")
    for name in files:
        uv_bench.write(contents[name], name)

    found = uv_bench.resolve()

    assert found.source == files[winner]
    assert [(note.where, note.severity) for note in found.notes] == [
        (files[number], "warning") for number in passed_over
    ]


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_a_file_that_asks_for_nothing_does_not_win(uv_bench, text):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write(text)
    uv_bench.write(listed("demo"), "pyproject.toml")

    found = uv_bench.resolve()

    assert (found.source, found.notes) == ("pyproject.toml", ())


@pytest.mark.parametrize("text", ["[tool.ruff]\n", listed(), '[project]\nname = "x"\n'])
def test_a_pyproject_without_dependencies_asks_for_nothing(uv_bench, text):
    uv_bench.write(text, "pyproject.toml")

    assert uv_bench.resolve(PYTHON_313).source == ""


def test_a_broken_file_that_is_passed_over_troubles_nobody(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write("demo\n")
    uv_bench.write("[project\n", "pyproject.toml")

    assert origins(uv_bench.resolve()) == ["demo 1.0"]


def test_a_lock_whose_package_has_no_file_is_said_so(uv_bench):
    uv_bench.write(
        'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "demo"\nversion = "1"\n',
        "pylock.toml",
    )

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirements-lock", "pylock.toml")
    assert problem.summary.endswith("`demo` has neither `wheels` nor `sdist`")
