"""`chalice local` in a terminal: debuggers read it, and Ctrl-C and Ctrl-Z reach everybody."""

import os
import re
import shlex
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.projects import application, write_project
from tests.server.raw_client import Closed, RawClient
from tests.server.serving import is_running, wait_until
from tests.server.terminals import CHALICE, CTRL_C, CTRL_Z, Terminal

APP = application("""
    import os, subprocess, sys, time
    @app.route("/")
    def index():
        return {"pid": os.getpid()}
    @app.route("/debug")
    def debug():
        answer = 42
        breakpoint()
        return {"pid": os.getpid()}
    @app.route("/debug-and-sleep")
    def debug_and_sleep():
        breakpoint()
        print("it sleeps", flush=True)
        time.sleep(600)
    @app.route("/ask")
    def ask():
        return {"said": input("say: ")}
    @app.route("/child")
    def child():
        command = "print('asked', flush=True); print('heard', input())"
        subprocess.run([sys.executable, "-c", command], check=True)
        return {}
    @app.route("/start")
    def start():
        return {"pid": subprocess.Popen(["sleep", "600"]).pid}
""")

LOCAL = (*CHALICE, "local", "--port", "0")
SHELL = ("bash", "--norc", "--noprofile", "-i")

NEEDS_BASH = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash: its job control")


@pytest.fixture
def directory(tmp_path):
    config = {"lambda_timeout": 300}
    return write_project(tmp_path / "demo", APP, config)


def url_in(terminal):
    terminal.wait_for("Serving; Ctrl-C stops")
    wait_until(lambda: re.search(r"http://\S+/\r", terminal.shown))
    return re.search(r"http://\S+/", terminal.shown)[0]


class Asked:
    """A request that is answered in its own time."""

    def __init__(self, url, target):
        self.status = None
        self.body = b""
        self._thread = threading.Thread(target=self._ask, args=(url, target), daemon=True)
        self._thread.start()

    def _ask(self, url, target):
        try:
            with RawClient(url, 60) as client:
                answer = client.get(target)
        except (Closed, OSError):
            self.status = "closed"
            return
        self.body = answer.body
        self.status = answer.status

    def wait(self):
        wait_until(lambda: self.status is not None, 40)
        return self


@contextmanager
def served(directory):
    with Terminal(directory, *LOCAL) as terminal:
        yield terminal, url_in(terminal)


def listens(url):
    try:
        RawClient(url, 20).__exit__()
    except OSError:
        return False
    return True


def press_ctrl_c_twice(terminal, url):
    """End the server without the time that it gives to requests under way."""
    terminal.type(CTRL_C)
    wait_until(lambda: not listens(url))
    terminal.type(CTRL_C)


def pid_of(answer):
    return int(re.search(rb"\d+", answer.body)[0])


def test_a_breakpoint_reads_the_terminal_and_gives_it_back(directory):
    with served(directory) as (terminal, url):
        home = terminal.foreground()
        for count in (1, 2):
            asked = Asked(url, "/debug")
            terminal.wait_for("(Pdb) ", count=3 * count - 2)
            terminal.type("p answer * 2\n")
            terminal.wait_for("84", count=count)
            at_the_prompt = terminal.foreground()
            terminal.type("p answer\n")
            terminal.wait_for("(Pdb) ", count=3 * count)
            terminal.type("c\n")

            assert asked.wait().status == 200
            assert at_the_prompt == pid_of(asked)
            assert terminal.foreground() == home == terminal.process.pid
        terminal.type(CTRL_C)

        assert terminal.process.wait(20) == 130


@pytest.mark.parametrize("target", ["/debug", "/ask"])
def test_ctrl_c_at_a_prompt_ends_the_server(directory, target):
    with served(directory) as (terminal, url):
        worker = pid_of(Asked(url, "/").wait())
        Asked(url, target)
        terminal.wait_for("(Pdb) " if target == "/debug" else "say: ")
        wait_until(lambda: terminal.foreground() == worker)
        press_ctrl_c_twice(terminal, url)

        assert terminal.process.wait(20) == 130
        wait_until(lambda: not is_running(worker))
    assert "Traceback" not in terminal.shown


def test_ctrl_c_ends_the_server_when_the_debugger_has_gone_on(directory):
    with served(directory) as (terminal, url):
        Asked(url, "/debug-and-sleep")
        terminal.wait_for("(Pdb) ")
        terminal.type("c\n")
        terminal.wait_for("it sleeps")
        press_ctrl_c_twice(terminal, url)

        assert terminal.process.wait(20) == 130


def test_one_ctrl_c_at_a_prompt_is_enough(directory):
    with served(directory) as (terminal, url):
        Asked(url, "/debug")
        terminal.wait_for("(Pdb) ")
        terminal.type(CTRL_C)

        assert terminal.process.wait(20) == 130


def test_what_a_view_has_started_ends_with_the_server(directory):
    with served(directory) as (terminal, url):
        child = pid_of(Asked(url, "/start").wait())
        assert is_running(child)
        terminal.type(CTRL_C)

        assert terminal.process.wait(20) == 130
        wait_until(lambda: not is_running(child))


def test_the_worker_after_an_edit_reads_the_terminal_though_the_one_before_still_does(directory):
    with served(directory) as (terminal, url):
        before = pid_of(Asked(url, "/").wait())
        Asked(url, "/debug")
        terminal.wait_for("(Pdb) ")
        wait_until(lambda: terminal.foreground() == before)
        (directory / "app.py").write_text(APP + "\n")
        terminal.wait_for("Reloaded")
        after = pid_of(Asked(url, "/").wait())
        Asked(url, "/debug")

        wait_until(lambda: terminal.foreground() == after)
        assert after != before
        press_ctrl_c_twice(terminal, url)
        assert terminal.process.wait(20) == 130
        wait_until(lambda: not is_running(before) and not is_running(after))


def test_nothing_is_left_behind_when_the_window_is_closed_at_a_prompt(directory):
    with served(directory) as (terminal, url):
        child = pid_of(Asked(url, "/start").wait())
        worker = pid_of(Asked(url, "/").wait())
        Asked(url, "/debug")
        terminal.wait_for("(Pdb) ")
        wait_until(lambda: terminal.foreground() == worker)
        terminal.hang_up()

        wait_until(lambda: terminal.process.poll() is not None)
        wait_until(lambda: not is_running(worker) and not is_running(child))


def test_a_program_that_a_view_runs_reads_the_terminal(directory):
    with served(directory) as (terminal, url):
        asked = Asked(url, "/child")
        terminal.wait_for("asked")
        terminal.type("hello\n")

        assert asked.wait().status == 200
        terminal.wait_for("heard hello")
        terminal.type(CTRL_C)
        assert terminal.process.wait(20) == 130


def test_the_terminal_comes_back_from_a_worker_that_is_killed_at_the_prompt(directory):
    with served(directory) as (terminal, url):
        worker = pid_of(Asked(url, "/").wait())
        asked = Asked(url, "/debug")
        terminal.wait_for("(Pdb) ")
        wait_until(lambda: terminal.foreground() == worker)
        os.kill(worker, 9)

        assert asked.wait().status == 502
        wait_until(lambda: terminal.foreground() == terminal.process.pid)
        assert Asked(url, "/").wait().status == 200


@NEEDS_BASH
def test_ctrl_z_suspends_everybody_and_fg_goes_on(directory):
    with Terminal(directory, *SHELL, environ={"PS1": "sh> "}) as terminal:
        terminal.wait_for("sh> ")
        terminal.type(shlex.join(LOCAL) + "\n")
        url = url_in(terminal)
        worker = pid_of(Asked(url, "/").wait())

        terminal.type(CTRL_Z)
        terminal.wait_for("Stopped")
        wait_until(lambda: state(worker) == "T")
        terminal.type("fg\n")
        wait_until(lambda: state(worker) != "T")
        assert Asked(url, "/").wait().status == 200

        asked = Asked(url, "/debug")
        terminal.wait_for("(Pdb) ")
        wait_until(lambda: terminal.foreground() == worker)
        terminal.type(CTRL_Z)
        terminal.wait_for("Stopped", count=2)
        wait_until(lambda: state(worker) == "T")
        terminal.type("echo $((40 + 5))\n")
        terminal.wait_for("45")
        terminal.type("fg\n")
        wait_until(lambda: state(worker) != "T")
        terminal.type("p answer * 2\n")
        terminal.wait_for("84")
        terminal.type("c\n")
        assert asked.wait().status == 200

        terminal.type(CTRL_C)
        terminal.type("echo code $?\n")
        terminal.wait_for("code 130")


@NEEDS_BASH
def test_the_log_is_written_while_a_worker_has_the_terminal(directory):
    with Terminal(directory, *SHELL, environ={"PS1": "sh> "}) as terminal:
        terminal.wait_for("sh> ")
        terminal.type("stty tostop; " + shlex.join(LOCAL) + "\n")
        url = url_in(terminal)
        asked = Asked(url, "/debug")
        terminal.wait_for("(Pdb) ")

        assert Asked(url, "/nothing").wait().status == 403
        terminal.wait_for('"GET /nothing" 403')
        terminal.type("c\n")
        assert asked.wait().status == 200


@NEEDS_BASH
def test_a_breakpoint_in_the_background_stops_the_job_until_it_is_in_front(directory):
    with Terminal(directory, *SHELL, environ={"PS1": "sh> "}) as terminal:
        terminal.wait_for("sh> ")
        terminal.type(shlex.join(LOCAL) + " &\n")
        url = url_in(terminal)
        asked = Asked(url, "/debug")
        # A shell tells of its jobs when it shows its prompt.
        wait_until(lambda: terminal.type("\n") or "Stopped" in terminal.shown, 30)
        terminal.type("fg\n")
        terminal.type("p answer * 2\n")
        terminal.wait_for("84")
        terminal.type("c\n")

        assert asked.wait().status == 200
        terminal.type(CTRL_C)
        terminal.type("echo code $?\n")
        terminal.wait_for("code 130")


def state(pid):
    """Return how a process is: T is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
