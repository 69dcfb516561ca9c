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
            (tmp_path / ".chalice").mkdir()
            (tmp_path / ".chalice" / "config.json").write_text(dedent(config).lstrip())

    return write
