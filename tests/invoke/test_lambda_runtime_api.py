"""The Runtime API as it comes over the wire."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from contextlib import asynccontextmanager

import pytest

from chalice.invoke.lambda_runtime.peers import Processes, stranger
from chalice.invoke.lambda_runtime.runtime_api import RuntimeApi


class Environment:
    """Notes what the runtime says; delivers an event at once."""

    def __init__(self, *, fits=True):
        self.fits = fits
        self.told = []
        self.refused = []

    def wants_next(self, deliver):
        self.told.append("next")
        if self.fits:
            deliver({"Lambda-Runtime-Aws-Request-Id": "r1"}, b'{"a": 1}')
        return self.fits

    def answered(self, request_id, payload):
        self.told.append((request_id, payload))
        return self.fits

    def failed(self, request_id, payload):
        self.told.append((request_id, payload))
        return self.fits

    def failed_init(self, payload):
        self.told.append(("init", payload))
        return self.fits


OURS = Processes(os.getpid(), os.geteuid())


@asynccontextmanager
async def _connected(environment, processes=None):
    api = RuntimeApi(environment, environment.refused.append)
    api.processes = processes or OURS
    await api.open()
    host, port = api.address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield api.address, reader, writer
    finally:
        writer.close()
        api.close()
        await asyncio.sleep(0)


async def _answer(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    status, *lines = head.strip().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    body = await reader.readexactly(int(headers["Content-Length"]))
    return int(status.split()[1]), headers, body


def _ask(environment, *requests, pieces=1, processes=None):
    """Return the answers to *requests* on one connection, each sent in so many pieces."""

    async def ask():
        answers = []
        async with _connected(environment, processes) as (address, reader, writer):
            for method, path, headers, body in requests:
                head = f"{method} /2018-06-01/runtime/{path} HTTP/1.1\r\n"
                given = {"Host": address, "Content-Length": len(body), **headers}
                head += "".join(f"{name}: {value}\r\n" for name, value in given.items())
                data = head.encode() + b"\r\n" + body
                step = -(-len(data) // pieces)
                for start in range(0, len(data), step):
                    writer.write(data[start : start + step])
                    await writer.drain()
                    await asyncio.sleep(0)
                answers.append(await _answer(reader))
        return answers

    return asyncio.run(ask())


NEXT = ("GET", "invocation/next", {}, b"")


@pytest.mark.parametrize("pieces", [1, 7, 50])
def test_one_connection_carries_one_request_after_the_other(pieces):
    environment = Environment()

    answers = _ask(
        environment,
        NEXT,
        ("POST", "invocation/r1/response", {}, b'"done"'),
        ("POST", "invocation/r1/error", {}, b'{"errorType": "E"}'),
        ("POST", "init/error", {}, b"{}"),
        pieces=pieces,
    )

    assert [status for status, _, _ in answers] == [200, 202, 202, 202]
    _, headers, body = answers[0]
    assert headers["Lambda-Runtime-Aws-Request-Id"] == "r1"
    assert headers["Content-Type"] == "application/json"
    assert body == b'{"a": 1}'
    assert environment.told == [
        "next",
        ("r1", b'"done"'),
        ("r1", b'{"errorType": "E"}'),
        ("init", b"{}"),
    ]


@pytest.mark.parametrize(
    "request_",
    [NEXT, ("POST", "invocation/r2/response", {}, b"1"), ("POST", "init/error", {}, b"")],
)
def test_what_does_not_fit_the_state_is_refused(request_):
    [(status, _, body)] = _ask(Environment(fits=False), request_)

    assert status == 403
    assert json.loads(body)["errorType"] == "InvalidStateTransition"


def test_a_result_that_is_too_large_is_read_to_its_end_and_not_kept():
    environment = Environment()

    [(status, _, body)] = _ask(
        environment, ("POST", "invocation/r1/response", {}, b"x" * 6_291_557)
    )

    assert status == 413
    assert json.loads(body)["errorType"] == "RequestEntityTooLarge"
    assert environment.told == [("r1", None)]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
        {"Host": "localhost"},
    ],
)
def test_a_page_in_a_browser_gets_no_event(headers):
    environment = Environment()

    [(status, _, _)] = _ask(environment, ("GET", "invocation/next", headers, b""))

    assert status == 403
    assert environment.told == []
    assert environment.refused == ["a page in a browser"]


@pytest.fixture
def child():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process.pid
        process.communicate(b"\n")


def test_a_process_of_nobody_in_the_environment_gets_no_event(child):
    environment = Environment()

    [(status, _, body)] = _ask(environment, NEXT, processes=Processes(child, os.geteuid()))

    assert status == 403
    assert json.loads(body)["errorType"] == "Forbidden"
    assert environment.told == []
    assert environment.refused == [f"a program of user {os.geteuid()}"]


def test_another_user_gets_no_event():
    environment = Environment()

    [(status, _, _)] = _ask(environment, NEXT, processes=Processes(os.getpid(), 54321))

    assert status == 403
    assert environment.told == []
    assert environment.refused == [f"a program of user {os.geteuid()}"]


def test_a_connection_is_known_by_the_process_that_has_it(child):
    with socket.create_server(("127.0.0.1", 0)) as server:
        own = server.getsockname()
        # As programs do that speak both by IPv6.
        with socket.socket(socket.AF_INET6) as client:
            client.connect((f"::ffff:{own[0]}", own[1]))
            peer = ("127.0.0.1", client.getsockname()[1])
            ours = stranger(peer, own, OURS)
            theirs = stranger(peer, own, Processes(child, os.geteuid()))

    assert ours == ""
    assert theirs == f"a program of user {os.geteuid()}"


def test_a_connection_that_nobody_has_any_more_is_nobodys():
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert stranger(("127.0.0.1", 1), server.getsockname(), OURS) == (
            "a program that has ended"
        )


@pytest.mark.parametrize(
    "headers", [{"Transfer-Encoding": "chunked"}, {"Content-Length": "-1"}, {"Content-Length": "x"}]
)
def test_a_body_of_unknown_length_is_refused(headers):
    [(status, _, _)] = _ask(Environment(), ("POST", "invocation/r1/response", headers, b""))

    assert status == 411


def test_an_unknown_path_is_not_found():
    [(status, _, _)] = _ask(Environment(), ("GET", "extension/register", {}, b""))

    assert status == 404


def test_a_client_that_asks_before_it_sends_is_told_to_go_on():
    async def ask():
        async with _connected(Environment()) as (address, reader, writer):
            head = (
                "POST /2018-06-01/runtime/invocation/r1/response HTTP/1.1\r\n"
                f"Host: {address}\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
            )
            writer.write(head.encode())
            first = await reader.readuntil(b"\r\n\r\n")
            writer.write(b"{}")
            return first, await _answer(reader)

    first, (status, _, _) = asyncio.run(ask())

    assert first == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert status == 202
