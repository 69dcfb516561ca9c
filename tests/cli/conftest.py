import os

import pytest

from chalice.cli.main import main


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
        output = capsys.readouterr()
        return code, output.out, output.err

    return run
