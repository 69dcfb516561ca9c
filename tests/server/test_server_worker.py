"""The process that runs the application, at the other end of its channel."""

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


@pytest.fixture
def worker(tmp_path):
    text = application("@app.route('/')\ndef f(): return {}")
    order = Order(str(write_project(tmp_path / "demo", text)), "dev", "key")
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
    with ours, ours.makefile("rb") as stream:
        assert frames.read(stream).kind == Kind.READY
        yield ours, process
    process.kill()
    process.wait()


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_worker_that_is_told_nonsense_ends(worker, data):
    channel, process = worker

    channel.sendall(data)

    assert process.wait(10) == 70


def test_a_worker_ends_with_its_channel(worker):
    channel, process = worker

    channel.shutdown(socket.SHUT_RDWR)

    assert process.wait(20) == 0
