"""The sandbox: started once, found again, stopped; nothing of the user's goes into it."""

import io
import json
import os
import signal
import socket
import time
import zipfile
from pathlib import Path

import pytest
from tests import sandboxes

from chalice import sandbox
from chalice.diagnostics import ToolError


@pytest.fixture
def folder(tmp_path, sandbox_folder):
    """Give a folder for a sandbox of the test's own; what is left of it is stopped."""
    assert sandbox_folder  # it is installed
    own = tmp_path / "own"
    yield own
    sandbox.stop(own)


def wait_until(holds):
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_sandbox_runs_is_found_and_is_stopped(folder):
    started = sandboxes.started(folder)

    found = sandbox.find(folder)
    stopped = sandbox.stop(folder)

    assert found == stopped == started
    assert found.alive
    assert sandbox.find(folder) is None
    assert sandbox.stop(folder) is None


def test_a_second_start_finds_the_first(folder):
    first = sandboxes.started(folder)

    second, now = sandbox.start(folder, port=None, state=None, environ=os.environ, progress=print)

    assert (second, now) == (first, False)


def test_a_sandbox_that_was_killed_is_recognised_and_started_again(folder):
    killed = sandboxes.started(folder)
    os.kill(killed.pid, signal.SIGKILL)
    os.waitpid(killed.pid, 0)

    found = sandbox.find(folder)
    again = sandboxes.started(folder)

    assert found is not None
    assert not found.alive
    assert again.pid != killed.pid
    assert sandbox.find(folder).alive


def test_a_port_in_use_is_not_taken(folder):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(ToolError, match=f"Port {port} is in use"):
            sandboxes.started(folder, port=port)


def test_it_listens_on_loopback_only(folder):
    port = f"{sandboxes.started(folder).port:04X}"

    sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    # Source: Linux, `proc_net_tcp.txt`: the state 0A is LISTEN.
    listening = [place for _, place, _, state, *_ in sockets if state == "0A"]
    assert [place for place in listening if place.endswith(f":{port}")] == [f"0100007F:{port}"]


def test_nothing_of_the_users_environment_goes_into_it(folder, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-real-secret")
    monkeypatch.setenv("DATABASE_PASSWORD", "another")

    process = sandboxes.started(folder).pid

    environment = Path(f"/proc/{process}/environ").read_bytes().decode()
    assert "a-real-secret" not in environment
    assert "DATABASE_PASSWORD" not in environment
    assert "AWS_SECRET_ACCESS_KEY=sandbox" in environment


def test_state_in_a_folder_outlives_a_clean_stop(folder, tmp_path):
    state = tmp_path / "state"
    url = sandboxes.started(folder, state=state).endpoint_url
    sandboxes.session(url).call("s3", "create_bucket", Bucket="kept")
    sandbox.stop(folder)

    again = sandboxes.started(folder, state=state).endpoint_url

    buckets = sandboxes.session(again).call("s3", "list_buckets")["Buckets"]
    assert [item["Name"] for item in buckets] == ["kept"]


def test_functions_have_the_sdk_that_lambda_gives_them(aws_url):
    imports = "import boto3\n"
    source = imports + "def handler(*_):\n    return boto3.client('s3').meta.region_name\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr("works.py", source)
    client = sandboxes.session(aws_url)
    client.call(
        "lambda",
        "create_function",
        FunctionName="has-the-sdk",
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/r",
        Handler="works.handler",
        Code={"ZipFile": archive.getvalue()},
    )

    answer = sandboxes.account(aws_url).functions.invoke("has-the-sdk", b"{}")

    client.call("lambda", "delete_function", FunctionName="has-the-sdk")
    assert json.loads(answer.payload) == "us-east-1"
