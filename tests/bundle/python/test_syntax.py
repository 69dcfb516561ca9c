"""Own code is Python of the target, said by the target's own parser where there is one."""

import sys
from pathlib import Path

import pytest
from tests.bundle.bundles import TODAY, make_bundle

from chalice.bundle.inspection.inspect import inspect
from chalice.bundle.python.syntax import faults_of
from chalice.bundle.store import Store
from chalice.bundle.target import Target

HERE = Target((sys.version_info[0], sys.version_info[1]))
OLDER, NEWER = Target((3, 9)), Target((3, 99))
SOURCES = {
    "good.py": b"x = 1\n",
    "escape.py": b"x = '\\d'\n",
    "bad.py": b"x = 1\ndef f(:\n",
    "outside.py": b"return 1\n",
    "nul.py": b"x = '\0'\n",
    "coding.py": b"# coding: latin-1\nx = '\xe9'\n",
    "bytes.py": b"x = '\xe9'\n",
}
BAD = {"bad.py": 2, "outside.py": 1, "nul.py": 1, "bytes.py": 1}


def lines(faults):
    return {path: line for path, (line, _) in faults.items()}


def test_this_python_checks_for_itself():
    faults, checked = faults_of(SOURCES, HERE, None)

    assert lines(faults) == BAD
    assert checked


def test_an_interpreter_of_the_target_is_asked():
    # Any interpreter answers the same questions; that it is of the target is the caller's word.
    faults, checked = faults_of(SOURCES, NEWER, Path(sys.executable))

    assert set(faults) == set(BAD)
    assert faults["bad.py"][0] == 2
    assert checked


@pytest.mark.parametrize("interpreter", ["/nowhere/python3.99", "/bin/false", "/bin/echo"])
def test_an_interpreter_that_does_not_answer_leaves_it_unchecked(interpreter):
    assert faults_of(SOURCES, NEWER, Path(interpreter)) == ({}, False)


def test_for_an_older_target_the_parser_says_what_came_later():
    sources = {"later.py": b"match x:\n    case 1: pass\n", "good.py": b"x = 1\n"}

    faults, checked = faults_of(sources, OLDER, None)

    assert set(faults) == {"later.py"}
    assert not checked


def test_what_is_not_python_of_the_target_is_an_error_with_its_line(tmp_path):
    own = {"app.py": "import os\n", "chalicelib/new.py": "x = 1\nmatch = match x:\n"}
    bundle = make_bundle(tmp_path, own, target=HERE)

    (problem,) = [
        found
        for found in inspect(bundle, Store(tmp_path / "store"), TODAY)
        if found.severity == "error"
    ]

    version = ".".join(map(str, HERE.python))
    assert str(problem) == (
        f"chalicelib/new.py:2: this is not Python {version}: invalid syntax; write it as Python "
        f"{version} has it, or set `lambda_python_version` [syntax]"
    )


def test_syntax_of_a_later_python_is_an_error_where_the_target_is_older(tmp_path):
    groups = "try: ...\nexcept* E: ...\n"  # Python 3.11
    target = Target((3, 10))

    problems = inspect(
        make_bundle(tmp_path, {"app.py": groups}, target=target), Store(tmp_path / "s"), TODAY
    )

    assert [problem.code for problem in problems if problem.severity == "error"] == ["syntax"]


def test_what_could_not_be_checked_is_said_once(tmp_path):
    own = {"app.py": "", "chalicelib/new.py": "x = t'{y}' if (z :=: 1)\n"}
    bundle = make_bundle(tmp_path, own, target=NEWER)

    (problem,) = inspect(bundle, Store(tmp_path / "store"), TODAY)

    assert (problem.code, problem.severity) == ("syntax-unchecked", "warning")
    assert problem.summary == (
        "no Python 3.99 is on this machine: syntax could not be checked by it; imports of "
        "`chalicelib/new.py` neither"
    )
