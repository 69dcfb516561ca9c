"""The interpreter that compiles is one that answers, and the newest of those that fit."""

import os
import sys
from pathlib import Path

import pytest
from tests.bundle.building import is_root

from chalice.bundle.interpreters import described, find_interpreter
from chalice.bundle.store import Store
from chalice.diagnostics import ToolError

HERE = sys.version_info[:2]
ANOTHER = (3, 99)

ANSWER = (
    '{{"implementation": "{implementation}", "version": [3, 99, {patch}, "{level}", 0], '
    '"cache_tag": "cpython-399", "magic": "00000d0a", "abiflags": "{abiflags}"}}'
)


def fake(folder, *, name="python3.99", script=None, **answer):
    """Write a program that answers like an interpreter; the answer may be any script."""
    facts = {"implementation": "cpython", "patch": 1, "level": "final", "abiflags": "", **answer}
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script or 'echo ' + repr(ANSWER.format(**facts))}\n")
    program.chmod(0o755)
    return program


def found(tmp_path, *path, python=ANOTHER, **environ):
    environ = {"PATH": os.pathsep.join(map(str, path)), "HOME": str(tmp_path), **environ}
    return find_interpreter(python, environ, Store(tmp_path / "store"))


def test_the_running_interpreter_is_one(tmp_path):
    path = found(tmp_path, python=HERE)

    assert path is not None
    answer = described(path, Store(tmp_path / "store"))
    assert answer.version == sys.version_info[:3]
    assert answer.cache_tag == sys.implementation.cache_tag


def test_a_shim_that_runs_nothing_fools_nobody(tmp_path):
    fake(tmp_path / "shims", script="echo 'pyenv: python3.99: command not found' >&2; exit 127")
    good = fake(tmp_path / "bin")

    assert found(tmp_path, tmp_path / "shims", tmp_path / "bin") == good
    assert found(tmp_path, tmp_path / "shims") is None


@pytest.mark.parametrize(
    "answer",
    [
        {"implementation": "pypy"},
        {"abiflags": "t"},
        {"level": "alpha"},
        {"script": "echo nonsense"},
        {"script": "exit 0"},
        {"script": "echo '{}'"},
        {"script": "echo '[]'"},
        {"script": f'exec {sys.executable} "$@"'},
    ],
    ids=["pypy", "no GIL", "alpha", "nonsense", "silence", "nothing", "a list", "another minor"],
)
def test_an_interpreter_that_does_not_fit_is_passed_over(tmp_path, answer):
    fake(tmp_path / "bin", **answer)

    assert found(tmp_path, tmp_path / "bin") is None


def test_the_newest_wins_wherever_it_is(tmp_path):
    fake(tmp_path / "a", patch=3)
    newest = fake(tmp_path / ".pyenv" / "versions" / "3.99.12" / "bin", patch=12)
    fake(tmp_path / "b", patch=4)

    assert found(tmp_path, tmp_path / "a", tmp_path / "b") == newest


@pytest.mark.parametrize(
    ("folder", "variable"),
    [
        (".pyenv/versions/3.99.1/bin", None),
        ("else/versions/3.99.1/bin", "PYENV_ROOT"),
        (".asdf/installs/python/3.99.1/bin", None),
        (".local/share/mise/installs/python/3.99.1/bin", None),
        (".local/share/uv/python/cpython-3.99.1-linux-x86_64-gnu/bin", None),
        ("else/cpython-3.99.1-linux-x86_64-gnu/bin", "UV_PYTHON_INSTALL_DIR"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="the folders are others there")
def test_what_version_managers_keep_is_found(tmp_path, folder, variable):
    program = fake(tmp_path / folder)
    environ = {variable: str(tmp_path / "else")} if variable else {}

    assert found(tmp_path, **environ) == program


def test_a_program_that_answers_nothing_is_no_interpreter(tmp_path):
    with pytest.raises(ToolError, match="is no working CPython"):
        described(fake(tmp_path, script="exit 1"), Store(tmp_path / "store"))
    with pytest.raises(ToolError):
        described(Path("/nonexistent/python"), Store(tmp_path / "store"))


def test_places_that_cannot_be_entered_hold_no_interpreter(tmp_path):
    good = fake(tmp_path / "bin")
    too_long = tmp_path / ("x" * 300)

    assert found(tmp_path, too_long, tmp_path / "bin", PYENV_ROOT=str(too_long)) == good


@pytest.mark.skipif(is_root(), reason="permissions keep root out of nothing")
def test_places_that_may_not_be_entered_hold_no_interpreter(tmp_path):
    good = fake(tmp_path / "bin")
    locked = tmp_path / "locked"
    fake(locked / "versions" / "3.99.9" / "bin")
    locked.chmod(0)

    try:
        assert found(tmp_path, locked, tmp_path / "bin", PYENV_ROOT=str(locked)) == good
    finally:
        locked.chmod(0o755)
