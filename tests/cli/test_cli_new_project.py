import io
import json
import os
import subprocess
import sys

import pytest

FILES = [
    ".chalice/config.json",
    ".gitignore",
    "app.py",
    "requirements-dev.txt",
    "requirements.txt",
    "tests/__init__.py",
    "tests/test_app.py",
]


def files_of(directory):
    paths = (path for path in directory.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(directory)) for path in paths)


def test_a_project_is_created_in_a_directory_of_its_name(chalice, tmp_path):
    result = chalice("new-project", "shop")

    assert result == (
        0,
        "",
        "Created the project `shop`\nServe it: cd shop && chalice local\n",
    )
    assert files_of(tmp_path / "shop") == FILES
    assert 'Chalice(app_name="shop")' in (tmp_path / "shop" / "app.py").read_text()
    config = json.loads((tmp_path / "shop" / ".chalice" / "config.json").read_text())
    assert config == {
        "version": "2.0",
        "app_name": "shop",
        "stages": {"dev": {"api_gateway_stage": "api"}},
    }


def test_nothing_but_the_project_is_left_behind(chalice, tmp_path):
    chalice("new-project", "shop")

    assert [path.name for path in tmp_path.iterdir()] == ["shop"]


@pytest.mark.parametrize("project_type", ["rest-api", "lambda-only"])
def test_the_tests_of_a_new_project_pass_and_its_check_finds_nothing(
    chalice, tmp_path, project_type
):
    chalice("new-project", "shop", "--project-type", project_type)

    tests = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path / "shop",
        capture_output=True,
        text=True,
        check=False,
    )

    assert tests.returncode == 0, tests.stdout
    assert chalice("--project-dir", "shop", "check") == (0, "No problems\n", "")


def test_a_profile_is_written_into_the_configuration(chalice, tmp_path):
    chalice("new-project", "shop", "--profile", "work")

    config = json.loads((tmp_path / "shop" / ".chalice" / "config.json").read_text())
    assert config["profile"] == "work"


@pytest.mark.parametrize("name", ["a b", "-x", "_x", "a/b", "..", "a" * 41, "ä", "a.b"])
def test_a_name_that_functions_cannot_take_is_refused(chalice, tmp_path, name):
    code, out, err = chalice("new-project", "--", name)

    assert (code, out) == (1, "")
    assert err == (
        f"Error: A project cannot be called `{name}`; use up to 40 letters, digits, `-` and `_`,"
        " beginning with a letter or a digit\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_exists_is_not_touched(chalice, tmp_path):
    (tmp_path / "shop").mkdir()

    result = chalice("new-project", "shop")

    assert result == (
        1,
        "",
        "Error: `shop` exists already; choose another name, or remove it\n",
    )
    assert files_of(tmp_path / "shop") == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_a_sentence(chalice, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)

    code, out, err = chalice("--project-dir", "closed", "new-project", "shop")

    assert (code, out) == (1, "")
    assert err == f"Error: Cannot write `{closed / 'shop'}`: Permission denied\n"


def test_a_disk_that_fails_leaves_nothing_behind(tmp_path):
    from chalice.cli.new_project import create_project
    from chalice.diagnostics import ToolError

    (tmp_path / "file").touch()

    with pytest.raises(ToolError, match="Not a directory"):
        create_project(tmp_path / "file" / "shop", "shop")

    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_without_a_terminal_nothing_is_asked(chalice, monkeypatch):
    read_end, write_end = os.pipe()
    os.close(write_end)
    with os.fdopen(read_end) as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)

        result = chalice("new-project")

    assert result == (
        2,
        "",
        (
            "Error: Nobody is there to ask for the name; write `chalice new-project NAME`\n"
            "`chalice new-project --help` lists what there is\n"
        ),
    )


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_on_a_terminal_the_name_is_asked_for(chalice, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "stdin", Terminal("shop\n"))

    code, out, err = chalice("new-project")

    assert code == 0
    assert "Name of the project: " in out + err
    assert files_of(tmp_path / "shop") == FILES


def test_a_question_that_is_not_answered_ends_the_command(chalice, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "stdin", Terminal(""))

    code, _, err = chalice("new-project")

    assert code == 130
    assert err.endswith("Interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_type_of_project_names_those_that_there_are(chalice):
    code, out, err = chalice("new-project", "shop", "-t", "graphql")

    assert (code, out) == (2, "")
    assert "'rest-api', 'lambda-only'" in err


def test_the_type_that_aws_chalice_makes_by_default_is_a_rest_api(chalice, tmp_path):
    code, _, err = chalice("new-project", "old", "-t", "legacy")

    assert code == 0, err
    assert "@app.route" in (tmp_path / "old" / "app.py").read_text()


@pytest.mark.parametrize(
    ("name", "instead"), [("cdk-ddb", "merge a template"), ("s3-event-handler", "`lambda-only`")]
)
def test_a_type_of_aws_chalice_that_is_not_here_says_what_is(chalice, tmp_path, name, instead):
    code, _, err = chalice("new-project", "old", "-t", name)

    assert (code, instead in err) == (2, True)
    assert not (tmp_path / "old").exists()


def test_what_tests_need_is_this_chalice_and_no_earlier_one(chalice, tmp_path):
    chalice("new-project", "new")

    assert "chalice>=2" in (tmp_path / "new" / "requirements-dev.txt").read_text()
