"""Standard streams that are closed, full, or in a hurry: what is said, and the exit code."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or not Path("/dev/full").exists(), reason="Linux has this device"
)

APP = """
    import sys

    from chalice import Chalice

    app = Chalice(app_name="shop")

    @app.route("/")
    def index():
        return {}

    @app.lambda_function()
    def large(event, context):
        print("said", file=sys.stderr)
        return "x" * 5_000_000
"""

FULL = (
    "Error: The answer cannot be written to stdout: No space left on device; what is there is not"
    " all of it. Make room, or send it to another place\n"
)
CLOSED = (
    "Error: The answer cannot be written: stdout is closed; leave it open, or send it to"
    " `/dev/null`\n"
)
LARGE = "invoke --local --in-process large"


@pytest.fixture(params=["", "1"], ids=["buffered", "unbuffered"])
def environ(request):
    return {**os.environ, "PYTHONUNBUFFERED": request.param}


@pytest.fixture
def shell(project, tmp_path, environ):
    """Return a function that has a shell run the command line."""
    project(APP)

    def run(arguments):
        command = f'exec "$0" -m chalice.cli.main {arguments}'
        done = subprocess.run(
            ["/bin/sh", "-c", command, sys.executable],
            cwd=tmp_path, env=environ, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.parametrize("command", ["--help", "--version", "check", "routes --json", "openapi"])
@pytest.mark.parametrize(("where", "message"), [("/dev/full", FULL), ("&-", CLOSED)])
def test_an_answer_that_cannot_be_written_is_told_in_a_sentence(shell, command, where, message):
    assert shell(f"{command} >{where}") == (1, "", message)


@pytest.mark.parametrize(("where", "message"), [("/dev/full", FULL), ("&-", CLOSED)])
def test_a_large_answer_that_cannot_be_written_is_told_once(shell, where, message):
    assert shell(f"{LARGE} >{where}") == (1, "", f"said\n{message}")


@pytest.mark.parametrize("where", ["/dev/full", "&-"])
def test_nobody_hears_of_an_answer_that_cannot_be_written_where_stderr_takes_nothing(shell, where):
    assert shell(f"check >{where} 2>{where}") == (1, "", "")


@pytest.mark.parametrize("where", ["/dev/full", "&-"])
def test_a_stderr_that_takes_nothing_is_no_matter_where_nothing_is_said(shell, where):
    assert shell(f"check 2>{where}") == (0, "No problems\n", "")


@pytest.mark.parametrize(("where", "code"), [("/dev/full", 1), ("&-", 0)])
def test_an_answer_is_written_whatever_becomes_of_what_is_said(shell, where, code):
    got, out, err = shell(f"{LARGE} 2>{where}")

    assert (got, len(out), err) == (code, 5_000_002, "")


@pytest.mark.parametrize("where", ["/dev/full", "&-"])
def test_what_is_wrong_decides_the_exit_code_though_nobody_is_told(shell, where):
    assert shell(f"rotues 2>{where}") == (2, "", "")


def test_a_closed_stdin_is_told_to_who_reads_it(shell):
    assert shell(f"{LARGE} --payload - <&-") == (
        1,
        "",
        "Error: stdin cannot be read: it is closed\n",
    )


def test_a_closed_stdin_is_no_terminal(shell):
    code, out, err = shell("new-project <&-")

    assert (code, out) == (2, "")
    assert err.startswith("Error: ")


def test_a_closed_stdin_is_no_matter_where_nothing_is_read(shell):
    assert shell("check <&- >&2 2>&1") == (0, "", "No problems\n")


@pytest.fixture
def started(project, tmp_path, environ):
    """Return a function that starts the command line with its output in a pipe."""
    project(APP)
    running = []

    def start(arguments, out=subprocess.PIPE):
        running.append(
            subprocess.Popen(
                [sys.executable, "-m", "chalice.cli.main", *arguments.split()],
                cwd=tmp_path, env=environ, stdout=out, stderr=subprocess.PIPE,
            )
        )  # fmt: skip
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_a_reader_that_goes_away_in_the_middle_is_noticed(started):
    chalice = started(LARGE)

    begin = chalice.stdout.read(5)
    chalice.stdout.close()
    err = chalice.stderr.read()

    assert (begin, chalice.wait(), err) == (b'"xxxx', 141, b"said\n")


def test_a_pipe_that_does_not_wait_gets_all_of_the_answer(started):
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    chalice = started(LARGE, out=writing)
    os.close(writing)

    with os.fdopen(reading, "rb") as file:
        out = file.read()

    assert (len(out), chalice.wait()) == (5_000_002, 0)


def test_a_server_whose_url_cannot_be_written_says_it_and_serves(started):
    with Path("/dev/full").open("w") as full:
        chalice = started("local --port 0 --no-autoreload", out=full)

    serving = chalice.stderr.readline()
    told = chalice.stderr.readline().decode()
    url = told.split()[4].rstrip(".")
    with urlopen(url) as answer:
        body = json.load(answer)
    chalice.send_signal(signal.SIGINT)

    assert (serving, body) == (b"Serving; Ctrl-C stops\n", {})
    assert told == f"Warning: It serves at {url}. {FULL.removeprefix('Error: ')}"
    assert chalice.wait() == 130


def test_other_files_do_not_get_the_number_of_a_closed_stream(shell, tmp_path):
    app = tmp_path / "app.py"
    app.write_text(
        app.read_text()
        + "\nimport os\nfile = open('written', 'w')\nos.write(1, b'lost')\nos.write(2, b'lost')\n"
    )

    code, _, _ = shell("check <&- >&- 2>&-")

    assert (code, (tmp_path / "written").read_text()) == (1, "")
