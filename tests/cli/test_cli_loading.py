"""Commands whose `app.py` never comes to its end."""

import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.projects import write_project
from tests.server.serving import wait_until

from chalice.cli.console import Console
from chalice.cli.loading import watched

# What keeps an import from ending, beginning with line 4.
SLEEPS = "time.sleep(600)\n"
RUNS = "while True:\n    pass\n"
SWALLOWS = (
    "while True:\n    try:\n        time.sleep(600)\n    except BaseException:\n        pass\n"
)
HEAD = "import time\nfrom pathlib import Path\nPath('began').touch()\n"

COMMANDS = (
    ("check",),
    ("check", "--json"),
    ("routes",),
    ("openapi",),
    ("authz",),
    ("package", "out"),
    ("invoke", "--local", "view"),
    ("local", "--port", "0", "--no-autoreload"),
)


def start(directory, command):
    process = subprocess.Popen(
        [sys.executable, "-m", "chalice.cli.main", *command],
        cwd=directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until((directory / "began").exists)
    return process


def interrupted(directory, command):
    process = start(directory, command)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    return process.returncode, out, err, time.monotonic() - began


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_ctrl_c_ends_an_import_that_does_not(tmp_path, command):
    directory = write_project(tmp_path / "demo", HEAD + SWALLOWS)

    code, out, err, seconds = interrupted(directory, command)

    assert (code, out) == (130, "")
    assert err == "Interrupted: the import of `app.py` stood at app.py:6\n"
    assert seconds < 5


def test_a_signal_to_end_is_no_mistake_of_what_is_imported(tmp_path):
    directory = write_project(tmp_path / "demo", HEAD + SWALLOWS)

    process = start(directory, ("package", "out"))
    process.terminate()
    out, err = process.communicate(timeout=20)

    assert (process.returncode, out, err) == (143, "", "Interrupted\n")


@pytest.mark.parametrize("body", [SLEEPS, RUNS], ids=["sleeps", "runs"])
def test_the_line_is_that_of_the_application(tmp_path, body):
    files = {"app.py": "from chalicelib import slow\n", "chalicelib/__init__.py": ""}
    files["chalicelib/slow.py"] = HEAD + body
    directory = write_project(tmp_path / "demo", files=files)

    code, _, err, _ = interrupted(directory, ("check",))

    assert code == 130
    assert "the import of `app.py` stood at chalicelib/slow.py:" in err


def test_ctrl_c_ends_the_import_of_a_function_of_a_definition(tmp_path):
    uri = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/FUNCTION/invocations"
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:show"
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri.replace("FUNCTION", arn)}
    definition = {
        "openapi": "3.0.1",
        "info": {"title": "shop", "version": "1.0"},
        "paths": {"/": {"get": {"x-amazon-apigateway-integration": integration}}},
    }
    files = {"api.json": json.dumps(definition), "functions.py": HEAD + SLEEPS}
    directory = write_project(tmp_path / "demo", files=files)

    code, _, err, _ = interrupted(
        directory, ("gateway", "api.json", "--function", "show=functions:show", "--port", "0")
    )

    assert code == 130
    assert err == "Interrupted: the import of `functions` stood at functions.py:4\n"


def watch(body, tmp_path, report=None, seconds=(0.05, 0.2)):
    """Run *body* as if it were imported; return the exit codes and what was said."""
    out, err = io.StringIO(), io.StringIO()
    codes = []
    console = Console(out, err, {})
    with watched(console, tmp_path, report=report, seconds=seconds, leave=codes.append):
        body(codes)
    return codes, out.getvalue(), err.getvalue()


def until_left(codes):
    wait_until(lambda: codes)


def test_an_import_that_takes_too_long_is_told_of_and_given_up(tmp_path):
    codes, out, err = watch(until_left, tmp_path)

    assert (codes, out) == ([1], "")
    assert err == (
        "The import of `app.py` takes long; it stands at app.py\n"
        "app.py: `app.py` has not been imported after 0.2 s [app-import-time]\n"
        "    let the import end: what waits or runs on belongs into a function\n"
        "Error: 1 problem\n"
    )


def test_the_problem_of_an_import_can_be_written_as_the_answer(tmp_path):
    told = []

    codes, _, err = watch(until_left, Path(__file__).parent, told.append)

    assert codes == [1]
    assert [problem.code for problem in told] == ["app-import-time"]
    assert told[0].where.startswith("test_cli_loading.py:")
    assert "Error" not in err


def test_an_import_that_ends_is_not_spoken_of(tmp_path):
    before = signal.getsignal(signal.SIGINT)

    codes, out, err = watch(lambda _: None, tmp_path, seconds=(30, 60))

    assert (codes, out, err) == ([], "", "")
    assert signal.getsignal(signal.SIGINT) is before


def test_an_import_that_keeps_the_interpreter_to_itself_is_told_of_and_given_up(tmp_path):
    script = (
        "import os, re, sys\n"
        "from pathlib import Path\n"
        "from chalice.cli.console import Console\n"
        "from chalice.cli.loading import watched\n"
        "console = Console.of_process(os.environ)\n"
        "with watched(console, Path(__file__).parent, seconds=(0.2, 2.0)):\n"
        "    re.match('^(a+)+$', 'a' * 60 + 'b')\n"
    )
    file = tmp_path / "hangs.py"
    file.write_text(script)

    done = subprocess.run(
        [sys.executable, str(file)], capture_output=True, text=True, timeout=30, check=False
    )

    assert done.returncode == 1
    assert done.stderr == (
        "The import of `app.py` takes long; it stands at hangs.py:7\n"
        "hangs.py:7: `app.py` has not been imported after 2 s [app-import-time]\n"
        "    let the import end: what waits or runs on belongs into a function\n"
        "Error: 1 problem\n"
    )
