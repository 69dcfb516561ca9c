"""What the files of a project ask for, without anybody who resolves it."""

from pathlib import Path

import pytest

from chalice.bundle.inputs.choice import find_inputs
from chalice.bundle.inputs.pythons import excluded

PYTHON_311 = (3, 11)


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / name.replace("_", ".", 1)).write_text(text)
    return folder


def project(python: str = "", more: str = "") -> str:
    asked = f'requires-python = "{python}"\n' if python else ""
    return f'[project]\nname = "app"\nversion = "1"\n{asked}{more}'


# --- lock files that ask for nothing -------------------------------------------------------------


def test_a_lock_without_packages_asks_for_nothing(tmp_path):
    write(
        tmp_path,
        pylock_toml='lock-version = "1.0"\ncreated-by = "a tool"\npackages = []\n',
        uv_lock="version = 1\n",
    )

    found = find_inputs(tmp_path, {})

    assert (found.kind, found.notes) == ("uv.lock", ())


@pytest.mark.parametrize(
    "text",
    ['lock-version = "1.0"\n', 'lock-version = "1.0"\npackages = []\n', "packages = [\n"],
)
def test_a_lock_that_lacks_what_every_lock_has_is_taken_and_not_passed_over(tmp_path, text):
    write(tmp_path, pylock_toml=text, uv_lock="version = 1\n")

    assert find_inputs(tmp_path, {}).kind == "pylock.toml"


# --- the Python that a project is for ------------------------------------------------------------


def test_a_python_that_is_not_the_targets_has_its_line(tmp_path):
    write(tmp_path, pyproject_toml=project(">=3.12", 'dependencies = ["demo"]\n'))

    (problem,) = excluded(find_inputs(tmp_path, {}), PYTHON_311)

    assert (problem.code, problem.where, problem.severity) == (
        "requires-python",
        "pyproject.toml:4",
        "error",
    )
    assert problem.summary == "the project runs on Python >=3.12, not on python3.11"
    assert "`lambda_python_version`" in problem.hint


@pytest.mark.parametrize("python", ["", ">=3.11", ">=3.11.4,<4", "==3.11.*", "~=3.11", "what"])
def test_a_python_of_which_any_patch_release_will_do_is_no_trouble(tmp_path, python):
    write(tmp_path, pyproject_toml=project(python, 'dependencies = ["demo"]\n'))

    assert excluded(find_inputs(tmp_path, {}), PYTHON_311) == ()


def test_a_project_that_asks_for_no_package_is_for_a_python_all_the_same(tmp_path):
    write(tmp_path, pyproject_toml=project(">=3.12"))

    found = find_inputs(tmp_path, {})

    assert found.kind == ""
    assert [problem.where for problem in excluded(found, PYTHON_311)] == ["pyproject.toml:4"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("uv_lock", 'version = 1\nrevision = 3\nrequires-python = ">=3.13"\n[[package]]\n'),
        (
            "pylock_toml",
            'lock-version = "1.0"\ncreated-by = "x"\nrequires-python = ">=3.13"\n[[packages]]\n',
        ),
    ],
)
def test_a_lock_for_another_python_has_its_line(tmp_path, name, text):
    write(tmp_path, pyproject_toml=project(">=3.11"), **{name: text})

    (problem,) = excluded(find_inputs(tmp_path, {}), PYTHON_311)

    assert (problem.where, problem.severity) == (f"{name.replace('_', '.')}:3", "error")


def test_what_the_project_and_its_lock_say_alike_is_said_once(tmp_path):
    write(
        tmp_path,
        pyproject_toml=project(">=3.13"),
        uv_lock='version = 1\nrequires-python = ">=3.13"\n',
    )

    problems = excluded(find_inputs(tmp_path, {}), PYTHON_311)

    assert [problem.where for problem in problems] == ["pyproject.toml:4"]


def test_a_project_that_is_passed_over_is_warned_of(tmp_path):
    write(tmp_path, pyproject_toml=project(">=3.13"), requirements_txt="demo\n")

    (problem,) = excluded(find_inputs(tmp_path, {}), PYTHON_311)

    assert (problem.where, problem.severity) == ("pyproject.toml:4", "warning")


# --- what other tools keep for themselves --------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "tool", "command"),
    [
        (
            '[tool.poetry]\nname = "x"\n\n[tool.poetry.dependencies]\npython = "*"\nidna = "^3"\n',
            4,
            "poetry",
            "poetry export -f requirements.txt --output requirements.txt",
        ),
        (
            '[tool.pdm.dependencies]\nidna = ">=3"\n',
            1,
            "pdm",
            "pdm export --prod -o requirements.txt",
        ),
        (
            '[tool.pipenv]\n[tool.pipenv.packages]\nidna = "*"\n',
            2,
            "pipenv",
            "pipenv requirements > requirements.txt",
        ),
    ],
)
def test_what_a_tool_keeps_in_tables_of_its_own_is_said_with_its_line(
    tmp_path, text, line, tool, command
):
    write(tmp_path, pyproject_toml=text)

    (note,) = find_inputs(tmp_path, {}).notes

    assert (note.code, note.where, note.severity) == (
        "requirements-unread",
        f"pyproject.toml:{line}",
        "warning",
    )
    assert note.summary.startswith(f"`[tool.{tool}.")
    assert f"`{command}`" in note.hint


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"Pipfile": '[packages]\nidna = "*"\n', "Pipfile.lock": "{}"}, "Pipfile"),
        ({"Pipfile.lock": "{}"}, "Pipfile.lock"),
        ({"poetry.lock": ""}, "poetry.lock"),
        ({"pdm.lock": "", "poetry.lock": ""}, "poetry.lock"),
    ],
)
def test_a_file_of_a_tool_that_stands_alone_is_said_once(tmp_path, files, named):
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    (note,) = find_inputs(tmp_path, {}).notes

    assert (note.code, note.where, note.severity) == ("requirements-unread", named, "warning")


def test_a_tables_line_and_the_file_of_its_tool_are_said_once(tmp_path):
    write(
        tmp_path,
        pyproject_toml='[tool.poetry.dependencies]\nidna = "^3"\n',
        poetry_lock="",
    )

    assert [note.where for note in find_inputs(tmp_path, {}).notes] == ["pyproject.toml:1"]


@pytest.mark.parametrize(
    "texts",
    [
        {"pyproject_toml": '[tool.poetry.dependencies]\npython = "^3.12"\n'},
        {"pyproject_toml": "[tool.poetry.group.dev.dependencies]\nidna = '*'\n"},
        {"pyproject_toml": "tool = 1\n"},
        {"pyproject_toml": "[tool]\npoetry = 1\n"},
        {
            "pyproject_toml": '[tool.poetry.dependencies]\nidna = "^3"\n',
            "requirements_txt": "idna\n",
            "poetry_lock": "",
        },
    ],
)
def test_what_is_no_requirement_or_stands_elsewhere_is_not_spoken_of(tmp_path, texts):
    write(tmp_path, **texts)

    assert find_inputs(tmp_path, {}).notes == ()
