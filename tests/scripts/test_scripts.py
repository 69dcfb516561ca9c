"""What the Makefile relies on: interpreters that run, and files that name no machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from scripts.interpreters import find
from scripts.tracked import ROOT, findings, tracked

HERE = sys.version_info[:2]
BOOTSTRAP = ROOT / "scripts" / "bootstrap.sh"


def shim(folder: Path, name: str, script: str) -> Path:
    """Put an executable shell script called *name* into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_the_interpreter_that_runs_is_found():
    found = find(*HERE, environ={})

    assert found == Path(sys.executable).resolve()


def test_a_shim_that_fails_is_not_an_interpreter(tmp_path):
    shim(tmp_path, "python3.99", "exit 127")

    assert find(3, 99, environ={"PATH": str(tmp_path), "HOME": str(tmp_path)}) is None


def test_an_interpreter_behind_a_failing_shim_is_found(tmp_path):
    shim(tmp_path / "shims", "python3.99", "exit 127")
    shim(tmp_path / "bin", "python3.99", "echo cpython 3 99 /opt/python3.99")
    path = os.pathsep.join(str(tmp_path / folder) for folder in ("shims", "bin"))

    found = find(3, 99, environ={"PATH": path, "HOME": str(tmp_path)})

    assert found == Path("/opt/python3.99")


def test_an_interpreter_of_a_version_manager_is_found(tmp_path):
    shim(tmp_path / ".pyenv/versions/3.99.1/bin", "python3.99", "echo cpython 3 99 /opt/python")

    assert find(3, 99, environ={"HOME": str(tmp_path)}) == Path("/opt/python")


def test_a_version_manager_is_found_by_its_shims_wherever_home_is(tmp_path):
    shim(tmp_path / "elsewhere/shims", "python3.99", "exit 127")
    shim(tmp_path / "elsewhere/versions/3.99.1/bin", "python3.99", "echo cpython 3 99 /opt/python")

    found = find(3, 99, environ={"PATH": str(tmp_path / "elsewhere/shims"), "HOME": "/nowhere"})

    assert found == Path("/opt/python")


def test_an_environment_is_not_made_without_a_python_that_is_new_enough(tmp_path):
    project = tmp_path / "a project" / "scripts"
    project.mkdir(parents=True)
    (project / BOOTSTRAP.name).write_bytes(BOOTSTRAP.read_bytes())
    for name in ("python3.11", "python3", "python"):
        shim(tmp_path / "bin", name, "exit 1")
    for tool in ("dirname", "rm"):
        (tmp_path / "bin" / tool).symlink_to(Path("/usr/bin") / tool)

    run = subprocess.run(
        ["/bin/sh", str(project / BOOTSTRAP.name), "run"],
        env={"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert "No Python >= 3.11 with venv and ensurepip was found" in run.stderr


@pytest.mark.parametrize(
    "line",
    [
        "see /ro" + "ot/project/app.py",
        "in /ho" + "me/ada/project",
        "index = https://py" + "pi.org/simple",
        "https://registry.np" + "mjs.org/left-pad",
    ],
)
def test_a_path_of_one_machine_or_a_registry_is_found(tmp_path, line):
    file = tmp_path / "page.md"
    file.write_text(f"fine\n{line}\n", encoding="utf-8")

    [found] = findings([file])

    assert "page.md:2: `" in found


def test_no_tracked_file_names_a_machine_or_a_registry():
    assert findings(tracked()) == []
