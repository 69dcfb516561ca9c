"""What the sandbox is installed from."""

import os
import re
import subprocess

import pytest
from tests import sandboxes

from chalice.diagnostics import ToolError
from chalice.sandbox.installing import PACKAGE, REQUIREMENTS, python_of


@pytest.fixture
def no_index(tmp_path):
    """Return the folder of a program called uv that reaches no index."""
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text("#!/bin/sh\necho 'error: Failed to fetch: an index' >&2\nexit 2\n")
    uv.chmod(0o755)
    return uv.parent


def test_all_that_the_sandbox_needs_is_known_by_version_and_hash():
    text = re.sub(r"^#.*\n", "", REQUIREMENTS.read_text(), flags=re.MULTILINE)

    requirements = text.replace("\\\n", " ").splitlines()

    assert any(line.startswith(f"{PACKAGE} ") for line in requirements)
    for line in requirements:
        assert re.fullmatch(r"\S+==\S+( +--hash=sha256:[0-9a-f]{64})+", line), line


def test_pip_installs_it_where_uv_reaches_no_index(tmp_path, no_index):
    environ = {**os.environ, "PATH": f"{no_index}{os.pathsep}{os.environ['PATH']}"}
    if why := sandboxes.installed():
        pytest.skip(why)

    python = python_of(tmp_path / "sandbox", environ, print)

    subprocess.run([python, "-c", "import ministack"], check=True)


def test_where_neither_installs_it_the_reason_of_the_first_is_told(tmp_path, no_index):
    nowhere = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": os.devnull,
    }
    environ = {"PATH": f"{no_index}{os.pathsep}/usr/bin:/bin", **nowhere}

    with pytest.raises(ToolError, match="cannot be installed: error: Failed to fetch: an index"):
        python_of(tmp_path / "sandbox", environ, print)
