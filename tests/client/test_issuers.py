"""Where keys come from: issuers that answer, are slow, lie or vanish; files; what is kept."""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.fakes import FakeClock

from chalice.gateway.exchange import KeysFound, KeysWanted, NoKeys
from chalice.issuers import MOST_BYTES, MOST_PLACES, Fetcher, Issuers

ISSUER = "https://id.example"
URL = f"{ISSUER}/jwks.json"
WANTED = KeysWanted(ISSUER, URL, "url")


class Fetch:
    """Gives what it is told to give; waits at a gate if there is one."""

    def __init__(self, *answers, gate=None):
        self.answers = list(answers)
        self.count = 0
        self.gate = gate

    def __call__(self, wanted):
        del wanted
        self.count += 1
        if self.gate is not None:
            self.gate.wait(10)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def issuers(tmp_path, *answers, gate=None):
    clock, fetch = FakeClock(), Fetch(*answers, gate=gate)
    return Issuers(tmp_path, fetch=fetch, clock=clock), fetch, clock


def beyond(text, wanted=WANTED):
    return KeysWanted(wanted.issuer, wanted.place, wanted.kind, text)


def test_keys_are_fetched_once_and_kept_for_an_hour(tmp_path):
    source, fetch, clock = issuers(tmp_path, "one", "two")

    first = [source.find(WANTED).result(10) for _ in range(5)]
    clock.advance(3599)
    same = source.find(WANTED).result(10)
    clock.advance(1)
    other = source.find(WANTED).result(10)

    assert [*first, same] == [KeysFound("one")] * 6
    assert other == KeysFound("two")
    assert fetch.count == 2


def test_what_is_known_is_there_at_once(tmp_path):
    source, _, _ = issuers(tmp_path, "one")
    source.find(WANTED).result(10)

    assert source.find(WANTED).done()


def test_many_who_want_the_same_keys_cause_one_look_up(tmp_path):
    gate = threading.Event()
    source, fetch, _ = issuers(tmp_path, "one", gate=gate)

    found = [source.find(WANTED) for _ in range(100)]
    gate.set()

    assert {future.result(10) for future in found} == {KeysFound("one")}
    assert fetch.count == 1


def test_an_unknown_key_is_looked_for_at_most_once_a_minute(tmp_path):
    source, fetch, clock = issuers(tmp_path, "one", "one", "two")
    source.find(WANTED).result(10)
    clock.advance(60)

    answers = [source.find(beyond("one")).result(10) for _ in range(50)]
    clock.advance(59)
    answers += [source.find(beyond("one")).result(10) for _ in range(50)]

    assert set(answers) == {KeysFound("one")}
    assert fetch.count == 2
    clock.advance(1)
    assert source.find(beyond("one")).result(10) == KeysFound("two")
    assert source.find(WANTED).result(10) == KeysFound("two")
    assert fetch.count == 3


def test_who_knows_older_keys_gets_those_that_are_kept(tmp_path):
    source, fetch, _ = issuers(tmp_path, "new")
    source.find(WANTED).result(10)

    assert source.find(beyond("old")).result(10) == KeysFound("new")
    assert fetch.count == 1


def test_an_issuer_that_fails_is_left_alone_for_a_moment(tmp_path):
    source, fetch, clock = issuers(tmp_path, OSError("no route"), "one")

    answers = [source.find(WANTED).result(10) for _ in range(20)]

    assert set(answers) == {NoKeys("no route (a request after 3 s looks again)")}
    assert fetch.count == 1
    clock.advance(3)
    assert source.find(WANTED).result(10) == KeysFound("one")


def test_keys_that_are_kept_survive_a_failure_to_find_newer_ones(tmp_path):
    source, _, clock = issuers(tmp_path, "one", OSError())
    source.find(WANTED).result(10)
    clock.advance(60)

    assert source.find(beyond("one")).result(10).reason.startswith("OSError (")
    assert source.find(WANTED).result(10) == KeysFound("one")
    clock.advance(3600)
    assert isinstance(source.find(WANTED).result(10), NoKeys)


def test_a_look_up_that_never_ends_is_given_up_after_a_minute(tmp_path):
    gate = threading.Event()
    source, fetch, clock = issuers(tmp_path, "one", gate=gate)

    stuck = source.find(WANTED)
    clock.advance(59)
    assert source.find(WANTED) is stuck
    clock.advance(1)
    another = source.find(WANTED)
    gate.set()

    assert another is not stuck
    assert another.result(10) == stuck.result(10) == KeysFound("one")
    assert fetch.count == 2


def test_what_is_kept_is_bounded(tmp_path):
    source, fetch, _ = issuers(tmp_path, "one")
    for number in range(MOST_PLACES + 1):
        source.find(KeysWanted(ISSUER, f"{URL}?{number}", "url")).result(10)
    fetch.count = 0

    source.find(KeysWanted(ISSUER, f"{URL}?{MOST_PLACES}", "url")).result(10)
    assert fetch.count == 0
    source.find(KeysWanted(ISSUER, f"{URL}?0", "url")).result(10)
    assert fetch.count == 1


def test_a_fault_of_the_fetcher_is_an_answer(tmp_path):
    source, _, _ = issuers(tmp_path, RuntimeError("a bug"))

    assert source.find(WANTED).result(10).reason.startswith("a bug (")


# --- files -------------------------------------------------------------------------------------


def test_an_edited_file_is_seen(tmp_path):
    clock = FakeClock()
    source = Issuers(tmp_path, clock=clock)
    wanted = KeysWanted(ISSUER, "keys.json", "file")
    file = tmp_path / "keys.json"
    file.write_text('{"keys": []}')

    assert source.find(wanted).result(10) == KeysFound('{"keys": []}')
    file.write_text('{"keys": [{}]}')
    clock.advance(1)
    assert source.find(wanted).result(10) == KeysFound('{"keys": [{}]}')
    file.unlink()
    clock.advance(1)
    assert "keys.json" in source.find(wanted).result(10).reason


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"x" * (MOST_BYTES + 1), "more than 262144 bytes"),
        (b"\xff", "not text in UTF-8"),
        (b"<html>", "is no key set: it is not JSON"),
    ],
)
def test_a_file_that_is_no_key_set_is_refused(tmp_path, content, why):
    (tmp_path / "keys.json").write_bytes(content)

    with pytest.raises(ValueError, match=why):
        Fetcher(tmp_path)(KeysWanted(ISSUER, "keys.json", "file"))


# --- over HTTP ---------------------------------------------------------------------------------


@contextlib.contextmanager
def http_server(answer):
    """Serve what *answer* makes of a path: status, headers and pieces of the body."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, pieces = answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                for piece in pieces:
                    self.wfile.write(piece)
                    self.wfile.flush()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def fetched(tmp_path, url, kind="url", issuer=None, within_seconds=3.0):
    fetch = Fetcher(tmp_path, within_seconds=within_seconds)
    return fetch(KeysWanted(issuer or url, url, kind))


def test_a_key_set_is_fetched(tmp_path):
    def answer(path):
        return 200, {}, [b'{"keys":', b'["', path.encode(), b'"]}']

    with http_server(answer) as url:
        assert fetched(tmp_path, f"{url}/k?x=1") == '{"keys":["/k?x=1"]}'


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((404, {}, [b"no"]), "answered 404"),
        ((500, {}, []), "answered 500"),
        ((302, {"Location": "file:///etc/passwd"}, []), "answered 302"),
        ((200, {}, [b"x" * 65_536] * 5), "more than 262144 bytes"),
        ((200, {}, [b"\xff\xfe"]), "not text in UTF-8"),
        ((200, {}, [b"<html>"]), "is no key set: it is not JSON"),
        ((200, {}, [b'{"error": 1}']), "is no key set: it has no list `keys`"),
    ],
)
def test_what_is_no_small_key_set_with_status_200_is_refused(tmp_path, answer, why):
    with (
        http_server(lambda _: answer) as url,
        pytest.raises((OSError, ValueError), match=why),
    ):
        fetched(tmp_path, url)


def test_a_page_in_the_place_of_a_key_set_is_a_failure_like_others(tmp_path):
    answers = ["<html>starting up</html>", '{"keys":[]}']
    clock = FakeClock()
    source = Issuers(tmp_path, clock=clock)

    with http_server(lambda _: (200, {}, [answers.pop(0).encode()])) as url:
        wanted = KeysWanted(url, url, "url")
        first = source.find(wanted).result(10)
        clock.advance(3)
        then = source.find(wanted).result(10)

    assert first == NoKeys(f"{url} is no key set: it is not JSON (a request after 3 s looks again)")
    assert then == KeysFound('{"keys":[]}')


def test_a_page_in_the_place_of_a_key_set_does_not_replace_the_keys_that_are_known(tmp_path):
    answers = ['{"keys":[]}', "<html>"]
    clock = FakeClock()
    source = Issuers(tmp_path, clock=clock)

    with http_server(lambda _: (200, {}, [answers.pop(0).encode()])) as url:
        wanted = KeysWanted(url, url, "url")
        source.find(wanted).result(10)
        clock.advance(60)
        newer = source.find(beyond('{"keys":[]}', wanted)).result(10)

    assert isinstance(newer, NoKeys)
    assert source.find(wanted).result(10) == KeysFound('{"keys":[]}')


def test_an_issuer_that_drips_is_not_waited_for(tmp_path):
    def dripping():
        while True:
            yield b"x"
            time.sleep(0.02)

    began = time.monotonic()

    with (
        http_server(lambda _: (200, {}, dripping())) as url,
        pytest.raises(TimeoutError),
    ):
        fetched(tmp_path, url, within_seconds=0.3)

    assert time.monotonic() - began < 5


def test_an_issuer_that_does_not_answer_is_not_waited_for(tmp_path):
    gate = threading.Event()

    def silent():
        gate.wait(10)
        yield b""

    with http_server(lambda _: (200, {"Content-Length": "5"}, silent())) as url:
        with pytest.raises(TimeoutError):
            fetched(tmp_path, url, within_seconds=0.3)
        gate.set()


def test_nobody_there_is_told(tmp_path):
    with pytest.raises(OSError, match=r"http://127.0.0.1:1/keys cannot be reached: .*refused"):
        fetched(tmp_path, "http://127.0.0.1:1/keys")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x"])
def test_only_http_is_spoken(tmp_path, url):
    with pytest.raises(ValueError, match="is not a URL of HTTP"):
        fetched(tmp_path, url)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"<html>", "is not JSON"),
        (b"[" * 5000, "is not JSON"),
        (b"[]", "about another issuer"),
        ({"issuer": "https://evil.example", "jwks_uri": "https://x"}, "about another issuer"),
        ({"issuer": ISSUER}, "names no `jwks_uri` with https"),
        ({"issuer": ISSUER, "jwks_uri": 7}, "names no `jwks_uri` with https"),
        ({"issuer": ISSUER, "jwks_uri": "http://127.0.0.1/x"}, "names no `jwks_uri` with https"),
        ({"issuer": ISSUER, "jwks_uri": "file:///etc/passwd"}, "names no `jwks_uri` with https"),
        ({"issuer": ISSUER, "jwks_uri": "https://127.0.0.1:1/x"}, "refused"),
    ],
)
def test_a_discovery_document_has_to_be_the_issuer_s_and_to_name_its_keys(tmp_path, document, why):
    paths = []
    body = document if isinstance(document, bytes) else json.dumps(document).encode()

    def answer(path):
        paths.append(path)
        return 200, {}, [body]

    with http_server(answer) as url, pytest.raises((OSError, ValueError), match=why):
        fetched(tmp_path, f"{url}/tenant/", "discovery", issuer=ISSUER)

    assert paths == ["/tenant/.well-known/openid-configuration"]
