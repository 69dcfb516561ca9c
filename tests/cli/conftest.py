import os
from textwrap import dedent

import pytest

from chalice.cli.main import main
from chalice.model.load import uninstall


@pytest.fixture
def chalice(capsys, monkeypatch, tmp_path):
    """Return a function that runs the command line in *tmp_path*: (code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_CHALICE_CLI_MODE", "")

    def run(*arguments):
        try:
            code = main(arguments)
        finally:
            os.chdir(tmp_path)
            uninstall()
        output = capsys.readouterr()
        return code, output.out, output.err

    return run


@pytest.fixture
def project(tmp_path):
    """Return a function that writes a project into *tmp_path*."""

    def write(app, config=None):
        (tmp_path / "app.py").write_text(dedent(app).lstrip())
        if config is not None:
            (tmp_path / ".chalice").mkdir(exist_ok=True)
            (tmp_path / ".chalice" / "config.json").write_text(dedent(config).lstrip())

    return write


@pytest.fixture
def in_sandbox(chalice, monkeypatch, sandbox_folder, tmp_path_factory):
    """Return a function that runs a command on the shared sandbox: (stdout, stderr)."""
    monkeypatch.setenv("CHALICE_SANDBOX_DIR", str(sandbox_folder))
    monkeypatch.setenv("CHALICE_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))

    def run(command, *arguments, code=0):
        found, out, err = chalice(command, "--sandbox", *arguments)
        assert found == code, err
        return out, err

    return run
