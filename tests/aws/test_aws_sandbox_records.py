"""What is known of a sandbox that was killed, while others look at it or start the next one."""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from tests import sandboxes

from chalice import sandbox


@pytest.fixture
def stranger():
    """Give a process that has the number of a sandbox that was killed."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def killed(folder, pid, port=None):
    """Leave what a sandbox leaves that was killed; its number is somebody else's today."""
    facts = {
        "pid": pid,
        "port": port or sandboxes.free_port(),
        "version": "1",
        "state": None,
        "started": 1.0,
        "log": str(folder / "sandbox.log"),
    }
    (folder / "running.json").write_text(json.dumps(facts))


@contextlib.contextmanager
def locked(folder, how):
    """Have another command hold the lock."""
    with (folder / "running.lock").open("ab") as file:
        fcntl.flock(file, how)
        yield


def test_what_was_killed_is_not_taken_for_alive_while_another_command_looks(tmp_path, stranger):
    killed(tmp_path, stranger.pid)

    with locked(tmp_path, fcntl.LOCK_SH):
        found = sandbox.find(tmp_path)

    assert found is not None
    assert not found.alive


def test_who_starts_one_removes_what_is_known_of_the_one_before(tmp_path, stranger):
    killed(tmp_path, stranger.pid)
    seen = []

    def look(_text):
        seen.append(sandbox.find(tmp_path))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        # While it is installed somebody looks, and it is interrupted.
        sandbox.start(
            tmp_path, port=None, state=None, environ={"PATH": os.environ["PATH"]}, progress=look
        )

    assert seen == [None]
    assert sandbox.stop(tmp_path) is None
    assert stranger.poll() is None


def test_stopping_what_was_killed_ends_no_other_process(tmp_path, stranger):
    killed(tmp_path, stranger.pid)

    with locked(tmp_path, fcntl.LOCK_SH):
        stopped = sandbox.stop(tmp_path)

    assert not stopped.alive
    assert stranger.poll() is None


class Page(BaseHTTPRequestHandler):
    """Something else that answers where the sandbox did."""

    def do_GET(self):
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_a_process_that_does_not_answer_as_the_sandbox_gets_no_signal(tmp_path, stranger):
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        killed(tmp_path, stranger.pid, server.server_address[1])
        holding = contextlib.ExitStack()
        holding.enter_context(locked(tmp_path, fcntl.LOCK_EX))
        timer = threading.Timer(0.3, holding.close)
        timer.start()

        sandbox.stop(tmp_path)

        timer.join()
        server.shutdown()
    assert stranger.poll() is None
