"""HTTP as clients send it, good and bad: one answer each, in order, or a closed connection."""

import asyncio
import contextlib
import json
import threading
import time

import pytest
from tests.server.raw_client import RawClient, request_bytes
from tests.server.serving import GatewaySource, Records, on_a_socket, wait_until

from chalice.gateway.http import HttpResponse
from chalice.invocation import Invocation, Result
from chalice.server.front import Connection, Front
from chalice.server.limits import Limits
from chalice.server.local import _within
from chalice.server.records import Answered, Fault, Notice
from chalice.server.turned_away import TurnedAway


class Echo:
    """A gateway that answers with what it was asked; some paths do more."""

    def exchange(self, request):
        path = request.target.partition("?")[0]
        if path == "/bug":
            raise ZeroDivisionError("a bug")
        if path == "/slow":
            outcome = yield Invocation("slow", b"{}", 5.0, "id")
            assert isinstance(outcome, Result)
            return HttpResponse(200, (), outcome.payload, resource="/slow")
        if path in ANSWERS:
            return ANSWERS[path]
        text = json.dumps(
            {
                "method": request.method,
                "target": request.target,
                "headers": request.headers,
                "size": len(request.body),
                "body": request.body[:1000].decode("latin-1"),
                "client": request.client_ip,
            }
        )
        body = b"" if request.method == "HEAD" else text.encode()
        headers = (("Content-Type", "application/json"),)
        return HttpResponse(200, headers, body, resource="/{proxy+}")


ANSWERS = {
    "/204": HttpResponse(204, (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")), b"ignored"),
    "/304": HttpResponse(304, (), b"ignored"),
    "/101": HttpResponse(101),
    "/header-injection": HttpResponse(200, (("X-A", "1\r\nX-B: 2"),), b"x"),
    "/name-injection": HttpResponse(200, (("X-A: 1\r\nX-B", "2"),), b"x"),
    "/nul": HttpResponse(200, (("X-A", "a\0b"),), b"x"),
    "/framing": HttpResponse(
        200, (("Content-Length", "999"), ("Date", "then"), ("connection", "close")), b"x"
    ),
    "/utf-8": HttpResponse(200, (("X-A", "né"), ("X-B", "日本")), b""),
    "/large": HttpResponse(200, (), b"x" * 6_000_000),
    "/599": HttpResponse(599, (), b"x"),
}


class Slow:
    """An invoker that takes a while."""

    def __init__(self):
        self.started = threading.Semaphore(0)
        self.may_end = threading.Event()

    def invoke(self, invocation):
        self.started.release()
        self.may_end.wait(10)
        return Result(b"done")


@pytest.fixture(scope="module")
def log():
    return Records()


@pytest.fixture(scope="module")
def slow():
    return Slow()


@pytest.fixture(scope="module")
def url(log, slow):
    with on_a_socket(GatewaySource(Echo(), slow), log) as url:
        yield url


@pytest.fixture
def client(url):
    with RawClient(url) as client:
        yield client


def seen(answer):
    return json.loads(answer.body)


def test_case_order_and_repeats_of_headers_are_kept(client):
    headers = [("x-B", "1"), ("X-a", "2"), ("X-B", "3"), ("x-b", "")]

    answer = client.get("/", headers)

    assert seen(answer)["headers"] == [["Host", client.host], *map(list, headers)]


@pytest.mark.parametrize(
    "target",
    ["/a%2Fb//c/?x=%20&x=+&y", "//a", "/%", "/a?b?c", "/?a={b}|", "/.././a", "/%00%ff"],
)
def test_the_target_is_not_touched(client, target):
    assert seen(client.get(target))["target"] == target


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("http://localhost/a?b=1", "/a?b=1"),
        ("HTTP://localhost:99", "/"),
        ("https://localhost?x", "/?x"),
    ],
)
def test_an_absolute_target_becomes_path_and_host(client, target, path):
    answer = seen(client.request("GET", target, [("Host", "other.example")]))

    assert answer["target"] == path
    assert [name for name, _ in answer["headers"]] == ["Host"]
    assert answer["headers"][0][1].startswith("localhost")


def test_the_client_address_is_passed_on(client):
    assert seen(client.get())["client"] == "127.0.0.1"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"])
def test_any_verb_reaches_the_gateway(client, method):
    assert seen(client.request(method, "/"))["method"] == method


def test_head_gets_no_body_and_the_connection_goes_on(client):
    answer = client.request("HEAD", "/")

    assert (answer.status, answer.body) == (200, b"")
    assert client.get().status == 200


def test_a_body_of_known_length_is_read(client):
    assert seen(client.request("POST", "/", body=b"abc"))["body"] == "abc"


def test_a_chunked_body_is_read_and_the_connection_goes_on(client):
    head = request_bytes("POST", "/", [("Transfer-Encoding", "chunked")], host=client.host)

    client.send(head + b"3\r\nabc\r\n")
    client.send(b"2;name=value\r\nde\r\n0\r\nTrailer: x\r\n\r\n")

    assert seen(client.answer())["body"] == "abcde"
    assert client.get().status == 200


def test_a_body_that_comes_in_small_pieces_is_read(client):
    data = request_bytes("POST", "/", body=b"abcdef", host=client.host)

    for byte in data:
        client.send(bytes([byte]))

    assert seen(client.answer())["body"] == "abcdef"


def test_a_compressed_body_is_not_touched(client):
    body = b"\x1f\x8b not gzip at all"

    answer = seen(client.request("POST", "/", [("Content-Encoding", "gzip")], body))

    assert answer["body"] == body.decode("latin-1")


def test_a_client_that_waits_for_100_continue_gets_it(client):
    headers = [("Expect", "100-continue"), ("Content-Length", "3")]
    client.send(request_bytes("POST", "/", headers, host=client.host))

    assert client.answer().status == 100
    client.send(b"abc")
    assert seen(client.answer())["body"] == "abc"


def test_a_client_that_waits_to_send_too_much_is_told_so_first(client):
    headers = [("Expect", "100-continue"), ("Content-Length", "10485761")]
    client.send(request_bytes("POST", "/", headers, host=client.host))

    answer = client.answer()

    assert seen(answer)["size"] == 10_485_761
    assert answer.header("Connection") == "close"


def test_another_expectation_is_ignored(client):
    assert client.get("/", [("Expect", "a-miracle")]).status == 200


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_over_the_limit_reaches_the_gateway_as_just_over_it(client, chunked):
    body = b"x" * 11_000_000
    framing = ("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(body)))
    client.send(request_bytes("POST", "/", [framing], host=client.host))
    client.send(b"A7D8C0\r\n" + body + b"\r\n0\r\n\r\n" if chunked else body)

    answer = client.answer()

    assert seen(answer)["size"] == 10_485_761
    assert answer.header("Connection") == "close"


def test_a_body_of_ten_megabytes_passes(client):
    assert seen(client.request("POST", "/", body=b"x" * 10_485_760))["size"] == 10_485_760
    assert client.get().status == 200


def test_pipelined_requests_are_answered_in_order(client):
    requests = [request_bytes("POST", f"/{n}", body=b"x" * n, host=client.host) for n in range(50)]

    client.send(b"".join(requests))

    assert [seen(client.answer())["target"] for _ in requests] == [f"/{n}" for n in range(50)]


def test_a_request_behind_a_slow_one_waits_for_it(client, slow):
    client.send(request_bytes("GET", "/slow", host=client.host))
    client.send(request_bytes("GET", "/next", host=client.host))
    slow.started.acquire()
    slow.may_end.set()

    assert client.answer().body == b"done"
    assert seen(client.answer())["target"] == "/next"


def test_a_client_that_goes_away_disturbs_nobody(url, slow, log):
    slow.may_end.clear()
    gone = RawClient(url)
    gone.send(request_bytes("GET", "/slow", host=gone.host))
    slow.started.acquire()

    gone.reset()
    slow.may_end.set()

    with RawClient(url) as client:
        assert client.get().status == 200
    assert not [fault for fault in log.of(Fault) if "bug" not in fault.summary]


def test_a_client_that_goes_away_within_a_body_disturbs_nobody(url, log):
    with RawClient(url) as gone:
        gone.send(request_bytes("POST", "/", [("Content-Length", "10")], b"abc", host=gone.host))

    with RawClient(url) as client:
        assert client.get().status == 200
    assert not [fault for fault in log.of(Fault) if "bug" not in fault.summary]


def test_a_client_that_closes_its_side_is_answered(client):
    client.send(request_bytes("POST", "/", body=b"abc", host=client.host))
    client.finish_sending()

    assert seen(client.answer())["body"] == "abc"
    assert client.is_closed()


def test_a_client_that_pipelines_and_closes_its_side_is_answered_throughout(client):
    client.send(request_bytes("GET", "/a", host=client.host) * 3)
    client.finish_sending()

    assert [client.answer().status for _ in range(3)] == [200] * 3
    assert client.is_closed()


def test_a_client_that_closes_its_side_within_a_request_gets_at_most_one_answer(url):
    for data in (
        b"GET / HT",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc",
    ):
        with RawClient(url) as client:
            client.send(data)
            client.finish_sending()

            assert client.rest().count(b"HTTP/1.1 ") <= 1


HOST = b"Host: localhost\r\n"
BAD_REQUESTS = {
    "no HTTP at all": b"hello\r\n\r\n",
    "a TLS handshake": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "a future version": b"GET / HTTP/3.0\r\n" + HOST + b"\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
    "an unknown verb": b"get / HTTP/1.1\r\n" + HOST + b"\r\n",
    "two lengths": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n" * 2 + b"\r\nabc",
    "two different lengths": b"POST / HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "a list of lengths": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3, 3\r\n\r\nabc",
    "a negative length": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    "a signed length": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: +3\r\n\r\nabc",
    "a hexadecimal length": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 0x3\r\n\r\nabc",
    "a length and chunks": b"POST / HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and a length": b"POST / HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": b"POST / HTTP/1.0\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a transfer coding that is not the last": b"POST / HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"GET / HTTP/1.1\r\n" + HOST + b"X-A : 1\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\n" + HOST + b"X-A: 1\r\n 2\r\n\r\n",
    "a header without a name": b"GET / HTTP/1.1\r\n" + HOST + b": 1\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\n" + HOST + b"X-A\r\n\r\n",
    "NUL in a header": b"GET / HTTP/1.1\r\n" + HOST + b"X-A: a\0b\r\n\r\n",
    "a bare CR in a header": b"GET / HTTP/1.1\r\n" + HOST + b"X-A: a\rb\r\n\r\n",
    "bare LF line ends": b"GET / HTTP/1.1\nHost: localhost\n\n",
    "a space in the target": b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "bytes over 127 in the target": b"GET /\xc3\xa9 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a fragment in the target": b"GET /a#b HTTP/1.1\r\n" + HOST + b"\r\n",
    "a target without a slash": b"GET a HTTP/1.1\r\n" + HOST + b"\r\n",
    "another scheme": b"GET ftp://localhost/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "a user in the target": b"GET http://a@localhost/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "a broken IPv6 target": b"GET http://[::1/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "the whole server": b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
    "a tunnel": b"CONNECT localhost:80 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a chunk size that is no number": b"POST / HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n",
    "a chunk longer than it says": b"POST / HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("data", BAD_REQUESTS.values(), ids=BAD_REQUESTS.keys())
def test_what_is_not_http_is_answered_once_and_closed(url, log, data):
    smuggled = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with RawClient(url) as client:
        client.send(data + smuggled)

        answer = client.answer()

        assert answer.status in {400, 501, 505}
        assert answer.header("Connection") == "close"
        assert answer.header("Content-Type") == "application/json"
        assert list(json.loads(answer.body)) == ["message"]
        assert client.is_closed()
    assert not [record for record in log.of(Answered) if "smuggled" in record.target]
    assert not [fault for fault in log.of(Fault) if "bug" not in fault.summary]


def test_another_transfer_coding_is_not_implemented(client):
    client.send(request_bytes("POST", "/", [("Transfer-Encoding", "gzip")], host=client.host))

    assert client.answer().status in {400, 501}
    assert client.is_closed()


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "a.localhost", "127.0.0.1", "127.1.2.3:80", "[::1]:8000"]
)
def test_a_host_of_this_machine_is_known(client, host):
    assert client.request("GET", "/", host=host).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "10.0.0.1", "127.0.0.1.evil.example", "a b"]
)
def test_another_host_is_misdirected(client, host):
    answer = client.request("GET", "/", host=host)

    assert answer.status == 421
    assert client.is_closed()


@pytest.mark.parametrize(
    ("address", "host", "status"),
    [
        ("0.0.0.0", "127.0.0.1", 200),
        ("0.0.0.0", "10.0.0.1", 421),
        ("0.0.0.0", "rebound.example", 421),
        ("127.0.0.1", "127.0.0.1", 421),
    ],
)
def test_on_every_address_the_one_that_the_connection_came_to_is_known(address, host, status):
    source = GatewaySource(Echo(), Slow(), hosts=NoHost())
    with on_a_socket(source, address=address) as url, RawClient(url) as client:
        assert client.request("GET", "/", host=host).status == status


class NoHost:
    """Knows no host by name, not even this machine."""

    def known(self, host):
        return False


def test_an_absolute_target_cannot_smuggle_a_host(client):
    answer = client.request("GET", "http://evil.example/", [("Host", "localhost")])

    assert answer.status == 421


def test_http_1_0_needs_no_host_and_closes(client):
    client.send(b"GET /a HTTP/1.0\r\n\r\n")

    answer = client.answer()

    assert (answer.status, answer.header("Connection")) == (200, "close")
    assert client.is_closed()


def test_http_1_0_can_keep_the_connection(client):
    client.send(b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")

    assert client.answer().header("Connection") == "keep-alive"
    assert client.get().status == 200


def test_the_client_can_close_the_connection(client):
    answer = client.get("/", [("Connection", "close")])

    assert answer.header("Connection") == "close"
    assert client.is_closed()


def test_another_protocol_is_not_spoken(client):
    headers = [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Key", "eA==")]

    answer = client.get("/", headers)

    assert answer.status == 200
    assert client.is_closed()


def test_an_answer_is_framed_by_the_server_alone(client):
    answer = client.get("/framing")

    assert answer.header("Content-Length") == "1"
    assert answer.header("Connection") == "keep-alive"
    assert answer.header("Date") != "then"


def test_204_and_304_have_neither_body_nor_length(client):
    assert client.get("/204").values("Set-Cookie") == ["a=1", "b=2"]
    assert client.get("/304").header("Content-Length") is None
    assert client.get().status == 200


@pytest.mark.parametrize("path", ["/header-injection", "/name-injection", "/nul", "/101"])
def test_an_answer_that_would_not_stay_one_is_a_502(client, path):
    answer = client.get(path)

    assert (answer.status, answer.body) == (502, b'{"message": "Internal server error"}')
    assert client.get().status == 200


def test_header_values_beyond_latin_1_travel_as_utf_8(client):
    answer = client.get("/utf-8")

    assert answer.header("X-B").encode("latin-1").decode() == "日本"


def test_a_large_answer_arrives_whole(client):
    assert len(client.get("/large").body) == 6_000_000
    assert client.get("/599").status == 599


def test_a_bug_of_ours_is_a_500_without_detail(client, log):
    answer = client.get("/bug")

    assert (answer.status, answer.body) == (500, b'{"message": "Internal server error"}')
    assert "ZeroDivisionError" in log.wait_for(Fault)[0].trace
    assert client.get().status == 200


def test_every_answer_is_recorded(client, log):
    client.get("/recorded?x=1")

    record = answered(log, "/recorded?x=1")[0]
    assert (record.method, record.status, record.resource) == ("GET", 200, "/{proxy+}")
    assert record.client == "127.0.0.1"


def test_a_header_line_beyond_all_limits_is_refused(client):
    client.send(request_bytes("GET", "/", [("X-A", "x" * 40_000)], host=client.host))

    assert client.answer().status == 431


def test_headers_without_end_are_refused(client):
    client.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
    line = b"X-A: " + b"x" * 990 + b"\r\n"
    answer = None
    try:
        for _ in range(200):
            client.send(line)
    except (BrokenPipeError, ConnectionResetError):
        answer = "closed"

    assert answer == "closed" or client.answer().status == 431


def test_many_small_headers_reach_the_gateway(client):
    headers = [(f"X-{n}", "1") for n in range(500)]

    assert len(seen(client.get("/", headers))["headers"]) == 501


@pytest.fixture
def hasty(log):
    """A server whose limits are short."""
    limits = Limits(head_seconds=0.3, body_seconds=0.3, read_seconds=0.3)
    with on_a_socket(GatewaySource(Echo(), Slow()), log, limits) as url:
        yield url


def test_a_head_that_does_not_end_in_time_is_answered_408(hasty):
    with RawClient(hasty) as client:
        client.send(b"GET / HTTP/1.1\r\nHos")

        assert client.answer().status == 408
        assert client.is_closed()


def test_a_head_that_trickles_is_answered_408(hasty):
    with RawClient(hasty) as client:
        started = time.monotonic()
        try:
            for byte in b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"x" * 100:
                client.send(bytes([byte]))
                time.sleep(0.05)
        except (BrokenPipeError, ConnectionResetError):
            pass

        assert time.monotonic() - started < 4
        assert b" 408 " in client.rest()


def test_a_body_that_stands_still_is_answered_408(hasty, log):
    with RawClient(hasty) as client:
        headers = [("Content-Length", "9")]
        client.send(request_bytes("POST", "/still", headers, b"abc", host=client.host))

        assert client.answer().status == 408
        assert client.is_closed()
    assert reasons(log, "/still") == ["the body stood still for 0.3 s"]


def test_a_body_that_takes_too_long_as_a_whole_is_answered_408(log):
    limits = Limits(body_seconds=20, body_total_seconds=0.3)
    with (
        on_a_socket(GatewaySource(Echo(), Slow()), log, limits) as url,
        RawClient(url) as client,
    ):
        headers = [("Content-Length", "9")]
        client.send(request_bytes("POST", "/long", headers, b"abc", host=client.host))

        assert client.answer().status == 408
    assert reasons(log, "/long") == ["the body took more than 0.3 s"]


def answered(log, target):
    """Return the records of answers to *target*, once there is one."""

    def found():
        return [record for record in log.of(Answered) if record.target == target]

    wait_until(found)
    return found()


def reasons(log, target):
    return [record.reason for record in answered(log, target)]


def test_an_idle_connection_is_left_alone(hasty):
    with RawClient(hasty) as client, RawClient(hasty) as late:
        client.get()
        late.send(b"GET / HTTP/1.1\r\nHos")
        assert late.answer().status == 408  # so the time of heads is over, and was looked at

        assert client.get().status == 200


def test_a_client_that_does_not_read_its_answers_is_cut_off(hasty, log):
    with RawClient(hasty, timeout=10) as client:
        client.send(request_bytes("GET", "/large", host=client.host) * 8)
        notice = log.wait_for(Notice)[0]

        assert len(client.rest()) < 8 * 6_000_000
    assert notice.text == "Cut off a client that did not read `GET /large` within 0.3 s"


def test_bodies_beyond_the_room_for_all_of_them_are_answered_503(log):
    limits = Limits(bodies_bytes=1000)
    with (
        on_a_socket(GatewaySource(Echo(), Slow()), log, limits) as url,
        RawClient(url) as first,
        RawClient(url) as second,
        RawClient(url) as third,
    ):
        headers = [("Content-Length", "900"), ("Expect", "100-continue")]
        first.send(request_bytes("POST", "/", headers, host=first.host))
        first.answer()
        first.send(b"x" * 899)
        # The loop reads both connections in the order in which they became readable.
        assert second.get().status == 200
        refused = second.request("POST", "/room", body=b"x" * 200)
        first.send(b"x")
        whole = first.answer()

        after = third.request("POST", "/", body=b"x" * 1000)

        assert second.is_closed()
    assert (refused.status, refused.header("Connection")) == (503, "close")
    assert (whole.status, after.status) == (200, 200)
    assert reasons(log, "/room") == ["the bodies of all requests under way exceed 1000 bytes"]


def test_connections_beyond_the_limit_are_answered_503(log):
    limits = Limits(connections=2)
    with (
        on_a_socket(GatewaySource(Echo(), Slow()), log, limits) as url,
        RawClient(url) as first,
        RawClient(url) as second,
    ):
        served = [first.get().status, second.get().status]
        with RawClient(url) as third:
            refused = third.get()

            assert third.is_closed()
        served.append(first.get("/", [("Connection", "close")]).status)
        assert first.is_closed()
        with RawClient(url) as fourth:
            served.append(fourth.get().status)

    assert refused.status == 503
    assert served == [200] * 4
    assert any("2 connections" in (record.reason or "") for record in log.of(Answered))


def test_connections_that_are_accepted_in_one_go_are_counted_before_they_are_made():
    async def made():
        front = Front(None, Records(), Limits(connections=1))
        return [type(front()) for _ in range(3)]

    assert asyncio.run(made()) == [Connection, TurnedAway, TurnedAway]


def test_many_that_are_turned_away_at_once_get_no_answer_beyond_a_number(log):
    with (
        on_a_socket(GatewaySource(Echo(), Slow()), log, Limits(connections=1)) as url,
        RawClient(url) as only,
        contextlib.ExitStack() as stack,
    ):
        only.get()
        crowd = [stack.enter_context(RawClient(url)) for _ in range(100)]

        answers = [client.rest() for client in crowd]

        assert only.get().status == 200
    assert sum(answer.startswith(b"HTTP/1.1 503 ") for answer in answers) <= 99
    assert b"" in answers


def test_there_are_no_more_connections_than_descriptors():
    assert _within(Limits(), 1024).connections == 864
    assert _within(Limits(), 65_536).connections == 16_384
    assert _within(Limits(), 10).connections == 1
