"""Commands whose `app.py` ends the process that imports it, or outlives it."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from tests.projects import application, write_project
from tests.server.serving import is_running, wait_until

WELL = application("""
    @app.route("/")
    def index():
        return "well"
""")
COMMANDS = (
    ("check",),
    ("routes",),
    ("openapi",),
    ("package", "out"),
    ("invoke", "--local", "api_handler"),
)
ENDS = {
    "os._exit(3)": "Runtime exited with error: exit status 3",
    "os._exit(0)": "Runtime exited without providing a reason",
    "ctypes.string_at(0)": "Runtime exited with error: signal: segmentation fault",
}


def chalice(directory, *command, timeout=60):
    return subprocess.run(
        [sys.executable, "-m", "chalice.cli.main", *command],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_import_that_ends_its_process_is_a_problem(tmp_path, command):
    directory = write_project(tmp_path / "demo", f"import os\nos._exit(3)\n{WELL}")

    done = chalice(directory, *command)

    told = done.stdout if command == ("check",) else done.stderr
    assert done.returncode == 1
    assert told.startswith(
        "app.py: loading the application: Runtime exited with error: exit status 3 [app-exits]\n"
        "    look for code that exits when `app.py` is imported\n"
    )
    assert not (directory / "out").exists()


@pytest.mark.parametrize("code", ENDS)
def test_the_problem_says_how_it_ended(tmp_path, code):
    directory = write_project(tmp_path / "demo", f"import ctypes, os\n{code}\n{WELL}")

    done = chalice(directory, "check", "--json")

    [problem] = json.loads(done.stdout)
    assert (done.returncode, problem["code"]) == (1, "app-exits")
    assert problem["summary"] == f"loading the application: {ENDS[code]}"


def test_what_is_done_with_what_was_imported_is_not_watched_as_an_import(tmp_path):
    file = tmp_path / "program.py"
    file.write_text(
        "import os, signal\n"
        "from pathlib import Path\n"
        "from chalice.cli.apart import apart\n"
        "from chalice.cli.console import Console\n"
        "def watched():\n"
        "    return signal.getsignal(signal.SIGINT) is not signal.default_int_handler\n"
        "console = Console.of_process(os.environ)\n"
        "print(apart(console, Path.cwd(), watched, lambda found: [found, watched()]))\n"
    )

    done = subprocess.run(
        [sys.executable, str(file)], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.stdout, done.stderr) == ("[True, False]\n", "")


def test_what_an_import_has_left_to_be_done_at_exit_is_done_once(tmp_path):
    lines = "import atexit\natexit.register(lambda: open('left', 'a').write('x'))\n"
    directory = write_project(tmp_path / "demo", lines + WELL)

    done = chalice(directory, "routes")

    assert (done.returncode, done.stderr) == (0, "")
    assert (directory / "left").read_text() == "x"


def test_a_process_that_an_import_leaves_behind_holds_nobody_up(tmp_path):
    lines = "import os, sys, time\nif not os.fork():\n    time.sleep(5)\n    os._exit(0)\n"
    lines += "if 'exit' in os.environ:\n    os._exit(3)\n"
    directory = write_project(tmp_path / "demo", lines + WELL)

    def routes(**environ):
        with subprocess.Popen(
            [sys.executable, "-m", "chalice.cli.main", "routes"],
            cwd=directory,
            env={**os.environ, **environ},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as program:
            return program.wait(4)

    assert (routes(), routes(exit="1")) == (0, 1)


def test_what_imports_ends_with_the_program(tmp_path):
    lines = "import os, time\nfrom pathlib import Path\n"
    lines += "Path('new').write_text(str(os.getpid()))\nPath('new').rename('began')\n"
    directory = write_project(tmp_path / "demo", f"{lines}time.sleep(600)\n")
    command = [sys.executable, "-m", "chalice.cli.main", "routes"]

    with subprocess.Popen(command, cwd=directory, stderr=subprocess.PIPE) as program:
        wait_until((directory / "began").exists)
        importer = int((directory / "began").read_text())
        program.kill()

    assert importer != program.pid
    wait_until(lambda: not is_running(importer))


def test_code_that_looks_at_no_signal_is_ended_all_the_same(tmp_path):
    lines = "from pathlib import Path\nPath('began').touch()\nsum(iter(int, 1))\n"
    directory = write_project(tmp_path / "demo", lines)
    command = [sys.executable, "-m", "chalice.cli.main", "routes"]

    with subprocess.Popen(command, cwd=directory, stderr=subprocess.PIPE) as program:
        wait_until((directory / "began").exists)
        began = time.monotonic()
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=20)

    assert (program.returncode, err) == (130, b"Interrupted\n")
    assert time.monotonic() - began < 5


APART = """
import io
from pathlib import Path
from chalice.cli.apart import apart
from chalice.cli.console import Console
from chalice.diagnostics import InvalidApp, Problem, ToolError

def done(work):
    return apart(Console(io.StringIO(), io.StringIO(), {}), Path.cwd(), work)

def fail(error):
    raise error

def raised(error):
    try:
        done(lambda: fail(error))
    except Exception as caught:
        return caught
"""


def alone(script):
    """Run *script* in a program without threads, as the command is: this one may have some."""
    subprocess.run([sys.executable, "-c", APART + script], check=True, timeout=60)


def test_what_the_work_returns_comes_back():
    alone(
        """
big = {"text": "x" * 1_000_000, "list": [1, None, True]}
assert done(lambda: big) == big
"""
    )


def test_what_the_work_raises_is_raised():
    alone(
        """
problem = Problem("code", "summary", "app.py:1", "hint", "warning")
assert raised(InvalidApp([problem])).problems == (problem,)
assert type(raised(ToolError("the message"))) is ToolError
assert str(raised(ToolError("the message"))) == "the message"
bug = raised(ZeroDivisionError("a bug"))
assert type(bug) is RuntimeError and "ZeroDivisionError: a bug" in str(bug)
"""
    )
