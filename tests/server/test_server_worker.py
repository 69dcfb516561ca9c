"""The process that runs the application, at the other end of its channel."""

import contextlib
import json
import socket
import subprocess
import sys

import pytest
from tests.projects import application, write_project

from chalice.server import frames
from chalice.server.frames import Kind
from chalice.server.order import Order

DAMAGED = {
    "no frame": b"x" * 100,
    "an unknown kind": b"\0\0\0\x09\xff\0\0\0\1\0\0\0\0",
    "a length of less than nothing": b"\0\0\0\x08\1\0\0\0\1\0\0\0\0",
    "a length without end": b"\xff\xff\xff\xff\1\0\0\0\1\0\0\0\0",
    "more fields than frame": b"\0\0\0\x09\1\0\0\0\1\0\0\0\x05",
    "an invocation without fields": frames.encode(Kind.INVOKE, 1),
    "too few fields": frames.encode(Kind.INVOKE, 1, ["F"]),
    "fields that are none": frames.encode(Kind.INVOKE, 1, 7),
    "a function that is no name": frames.encode(Kind.INVOKE, 1, [[], 1.0, "id", "trace"]),
}


@contextlib.contextmanager
def begun(order):
    """A worker that carries out *order*: our end of its channel, and its process."""
    ours, theirs = socket.socketpair()
    ours.settimeout(20)
    descriptor = theirs.fileno()
    code = "import sys; from chalice.server.worker import main; main(sys.argv[1:])"
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", code, json.dumps(order.to_dict()), str(descriptor)],
            pass_fds=(descriptor,),
            stderr=subprocess.DEVNULL,
        )
    with ours:
        yield ours, process
    process.kill()
    process.wait()


@pytest.fixture
def worker(tmp_path):
    text = application("@app.route('/')\ndef f(): return {}")
    order = Order(str(write_project(tmp_path / "demo", text)), "dev", "key")
    with begun(order) as (ours, process), ours.makefile("rb") as stream:
        assert frames.read(stream).kind == Kind.READY
        yield ours, process


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_worker_that_is_told_nonsense_ends(worker, data):
    channel, process = worker

    channel.sendall(data)

    assert process.wait(10) == 70


def test_a_worker_ends_with_its_channel(worker):
    channel, process = worker

    channel.shutdown(socket.SHUT_RDWR)

    assert process.wait(20) == 0


def test_an_import_that_never_ends_is_told_of_with_its_line_and_given_up(tmp_path):
    directory = write_project(tmp_path / "demo", "import time\nwhile True:\n    time.sleep(0.01)\n")
    order = Order(str(directory), "dev", "key", import_seconds=(0.2, 0.6))

    with begun(order) as (ours, process), ours.makefile("rb") as stream:
        slow, refused = frames.read(stream), frames.read(stream)
        code = process.wait(10)

    (problem,) = json.loads(refused.body)["problems"]
    assert (slow.kind, slow.body.decode()[:7]) == (Kind.SLOW, "app.py:")
    assert (refused.kind, problem["code"]) == (Kind.REFUSED, "app-import-time")
    assert problem["where"] in {"app.py:2", "app.py:3"}
    assert code == 70
