"""Several requests over one connection: one that is wrong costs none that came before it."""

import time

import pytest
from tests.server.raw_client import RawClient, request_bytes
from tests.server.serving import EveryHost, GatewaySource, Records, on_a_socket

from chalice.gateway.http import HttpResponse
from chalice.server.records import Fault

GOOD = b"GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /first HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"
CHUNKS = (
    b"POST /first HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"4\r\n\r\n\r\n\r\n0\r\n\r\n"
)
CLOSING = b"GET /first HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
TWO_HOSTS = b"GET /wrong HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"

SEQUENCES = {
    "no HTTP": (GOOD + b"BAD\r\n\r\n", [200, 400]),
    "no HTTP behind a body": (POST + b"BAD\r\n\r\n", [200, 400]),
    "two hosts behind a body": (POST + TWO_HOSTS, [200, 400]),
    "two hosts behind chunks": (CHUNKS + TWO_HOSTS, [200, 400]),
    "three that are good": (GOOD + POST + CHUNKS + b"BAD\r\n\r\n", [200, 200, 200, 400]),
    "a good one behind": (GOOD + b"BAD\r\n\r\n" + GOOD, [200, 400]),
    "after the last": (CLOSING + GOOD, [200]),
    "no HTTP after the last": (CLOSING + b"BAD\r\n\r\n", [200]),
    "another version": (GOOD + b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n" + GOOD, [200, 505]),
    "blanks": (GOOD + b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n" + GOOD, [200, 400]),
    "chunks that are none": (
        CHUNKS + CHUNKS.replace(b"4\r\n", b"zz\r\n") + GOOD,
        [200, 400],
    ),
    "empty lines between": (
        GOOD + b"\r\n\r\n" + GOOD + b"\r\n" + POST + b"B\r\n\r\n",
        [200] * 3 + [400],
    ),
}


class Paths:
    """A gateway that answers with the size of the body."""

    def exchange(self, request):
        return HttpResponse(200, (), str(len(request.body)).encode())
        yield


@pytest.fixture(scope="module")
def log():
    return Records()


@pytest.fixture(scope="module")
def url(log):
    with on_a_socket(GatewaySource(Paths(), None, hosts=EveryHost()), log) as url:
        yield url


def statuses(client):
    return [int(part[:3]) for part in client.rest().split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize("size", [100_000, 1, 2, 3, 7, 31])
@pytest.mark.parametrize(("data", "expected"), SEQUENCES.values(), ids=SEQUENCES.keys())
def test_what_is_wrong_costs_no_request_before_it(url, log, data, expected, size):
    with RawClient(url, timeout=5) as client:
        for start in range(0, len(data), size):
            try:
                client.send(data[start : start + size])
            except OSError:  # the answer has been sent, and nothing more is read
                break
            if size < 100:
                time.sleep(0.0005)

        assert statuses(client) == expected
    assert log.of(Fault) == []


def test_an_error_behind_more_requests_than_are_read_ahead_costs_none_of_them(url):
    with RawClient(url) as client:
        client.send(GOOD * 700 + b"BAD\r\n\r\n")

        assert statuses(client) == [200] * 700 + [400]


def test_an_error_behind_a_large_body_costs_no_request_before_it(url):
    large = request_bytes("POST", "/", body=b"\r\n\r\n" * 500_000, host="localhost")
    with RawClient(url) as client:
        client.send(large + GOOD + b"BAD\r\n\r\n")

        assert statuses(client) == [200, 200, 400]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 505),
        (b"GET / HTTP/3.0\r\nHost: localhost\r\n\r\n", 505),
        (b"GET / HTTP/0.9\r\nHost: localhost\r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /  HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET / RTSP/1.0\r\nHost: localhost\r\n\r\n", 400),
    ],
)
def test_a_request_line_is_three_words_of_http_1(url, data, status):
    with RawClient(url) as client:
        client.send(data)

        assert statuses(client) == [status]


def test_requests_behind_large_chunks_are_answered(url):
    chunk = b"%x\r\n%s\r\n" % (300_000, b"x" * 300_000)
    large = CHUNKS.replace(b"4\r\n\r\n\r\n\r\n", chunk * 4)
    with RawClient(url) as client:
        client.send((large + GOOD) * 3 + large + b"BAD\r\n\r\n")

        assert statuses(client) == [200] * 7 + [400]
