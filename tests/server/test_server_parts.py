"""The parts of the server that decide, without sockets or processes."""

import asyncio
import io
from pathlib import PurePath

import pytest

from chalice.diagnostics import Problem, ToolError
from chalice.gateway.http import HttpResponse
from chalice.gateway.stage import Stage
from chalice.invocation import (
    FunctionError,
    Invocation,
    NotInvocable,
    Result,
    StillRunning,
    Throttled,
    TimedOut,
)
from chalice.rules.callers import Credential, UserPool
from chalice.server import frames, watching, wire
from chalice.server.environment import exit_reason
from chalice.server.facts import Facts, NotLoaded
from chalice.server.gathered import Gathered
from chalice.server.hosts import Hosts, names_address
from chalice.server.listening import is_everywhere, listen
from chalice.server.records import Answered, Notice

OUTCOMES = [
    Result(b'{"a": 1}'),
    Result(b""),
    FunctionError("ValueError", "né", ("  File 1", "  File 2")),
    TimedOut(3.5),
    StillRunning(),
    Throttled(),
    NotInvocable("no such function"),
]


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: type(outcome).__name__)
def test_outcomes_travel_whole(outcome):
    frame = frames.read(io.BufferedReader(io.BytesIO(frames.outcome_frame(7, outcome))))

    assert (frame.number, frames.outcome_of(frame)) == (7, outcome)


def test_invocations_travel_whole_in_pieces():
    invocation = Invocation("F", b"\x00" * 1000, 29.0, "id", "Root=1-2-3")
    data = frames.invocation_frame(1, invocation) + frames.invocation_frame(2, invocation)
    decoder = frames.Decoder()

    found = [frame for byte in data for frame in decoder.feed(bytes([byte]))]

    assert [frame.number for frame in found] == [1, 2]
    assert frames.invocation_of(found[1]) == invocation


@pytest.mark.parametrize("data", [b"x" * 100, b"\0" * 100, b"\xff" * 100])
def test_what_is_no_frame_is_damaged(data):
    with pytest.raises(frames.Damaged):
        list(frames.Decoder().feed(data))


def test_an_end_within_a_frame_is_an_end():
    data = frames.outcome_frame(1, Result(b"abc"))

    assert frames.read(io.BufferedReader(io.BytesIO(data[:-1]))) is None
    assert frames.read(io.BufferedReader(io.BytesIO(data[:3]))) is None


def test_facts_travel_whole():
    stage = Stage("api", False, "us-east-1", "1", "id", "d", {"v": "1"}, ("key",))
    problem = Problem("code", "summary", "app.py:1", "hint", "warning")
    facts = Facts({"openapi": "3.0.1"}, stage, {"F": 3.0}, ("host",), "key", (problem,))

    assert Facts.from_json(facts.to_json()) == facts


def test_user_pools_travel_whole():
    pools = (UserPool("us-east-1_a", "k.json", "http://a", "http://b", ("c",)), UserPool("x"))
    stage = Stage("api", False, "us-east-1", "1", "id", "d", user_pools=pools)
    facts = Facts({}, stage, {})

    assert Facts.from_json(facts.to_json()) == facts


def test_credentials_travel_whole():
    policy = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    credentials = (
        Credential("A" * 16, "secret", "arn", "token", "id", (policy, policy)),
        Credential("B" * 16, "secret", "arn"),
    )
    stage = Stage("api", False, "us-east-1", "1", "id", "d", credentials=credentials)
    facts = Facts({}, stage, {})

    assert Facts.from_json(facts.to_json()) == facts
    assert "secret" not in repr(facts)


def test_reasons_for_not_loading_travel_whole():
    error = NotLoaded([Problem("a", "one", "app.py:1", ""), Problem("b", "two", "", "")], "trace")

    same = NotLoaded.from_json(error.to_json())

    assert (same.problems, same.trace) == (error.problems, "trace")
    assert same.summary == "app.py:1: one [a] (and 1 more)"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (0, "without providing a reason"),
        (None, "without providing a reason"),
        (3, "exit status 3"),
        (-9, "signal: killed"),
        (-15, "signal: terminated"),
        (-11, "signal: segmentation fault"),
        (-10, "signal: "),
    ],
)
def test_the_end_of_a_process_has_lambda_s_words(status, reason):
    assert exit_reason(status).startswith("Runtime exited ")
    assert reason in exit_reason(status)


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost", True),
        ("localhost:8000", True),
        ("localhost.", True),
        ("LocalHost:", True),
        ("api.localhost:80", True),
        ("127.0.0.1", True),
        ("127.255.255.255:1", True),
        ("[::1]", True),
        ("[::1]:8000", True),
        ("192.0.2.7:8000", True),
        ("given.test", True),
        ("GIVEN.test:1", True),
        ("a.wild.test", True),
        ("a.b.wild.test", True),
        ("", False),
        ("wild.test", False),
        ("notwild.test", False),
        ("not-given.test", False),
        ("given.test.evil", False),
        ("localhost.evil", False),
        ("evillocalhost", False),
        ("127.0.0.1.evil", False),
        ("127.0.0.256", False),
        ("127.0.1", False),
        ("2130706433", False),
        ("0.0.0.0", False),
        ("[::2]", False),
        ("[::ffff:127.0.0.1]", False),
        ("::1", False),
        ("localhost:x", False),
        ("localhost:123456", False),
        ("a@localhost", False),
        ("localhost/x", False),
        (" localhost", False),
    ],
)
def test_hosts(host, known):
    hosts = Hosts(["given.test", "*.wild.test", "192.0.2.7"])

    assert hosts.known(host) is known


def test_an_address_with_brackets_may_be_allowed():
    assert Hosts(["[2001:db8::1]"]).known("[2001:DB8::1]:80")


@pytest.mark.parametrize(
    ("host", "own", "ours"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7:8000", "192.0.2.7", True),
        ("[2001:DB8:0::1]:80", "2001:db8::1", True),
        ("[fe80::1]", "fe80::1%eth0", True),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("192.0.2.8", "192.0.2.7", False),
        ("192.0.2.7.evil", "192.0.2.7", False),
        ("2001:db8::1", "2001:db8::1", False),
        ("[192.0.2.7]", "192.0.2.7", False),
        ("name.test", "192.0.2.7", False),
        ("", "192.0.2.7", False),
        ("192.0.2.7", "", False),
        ("", "", False),
    ],
)
def test_the_address_that_a_connection_came_to(host, own, ours):
    assert names_address(host, own) is ours


def test_a_listener_on_every_address_is_told_from_others():
    with listen("0.0.0.0", 0) as everywhere, listen("127.0.0.1", 0) as here:
        assert is_everywhere(everywhere)
        assert not is_everywhere(here)


def test_hosts_that_clients_make_up_do_not_fill_the_memory():
    hosts = Hosts()
    for number in range(10_000):
        hosts.known(f"h{number}.test")

    assert len(hosts._seen) <= 256


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("app.py", True),
        ("chalicelib/db.py", True),
        ("chalicelib/data/a.json", True),
        ("vendor/lib/x.so", True),
        ("package/module.py", True),
        (".chalice/config.json", True),
        (".chalice/policy-dev.json", True),
        (".chalice/deployed/dev.json", False),
        ("README.md", False),
        ("data.json", False),
        (".git/hooks/x.py", False),
        (".venv/lib/x.py", False),
        ("node_modules/x/y.py", False),
        ("chalicelib/__pycache__/db.cpython-311.pyc", False),
        ("app.py~", False),
        (".#app.py", False),
        (".app.py.swp", False),
        ("chalicelib/4913.tmp", False),
    ],
)
def test_edits_that_matter(path, matters):
    assert watching.matters(PurePath(path)) is matters


def known(directory):
    return watching.Known(directory, watching.matters)


def test_edits_before_the_watch_stood_are_found(tmp_path):
    for name in ("app.py", ".chalice/config.json", "chalicelib/a/b.py", ".venv/x.py", "x.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")

    found = known(tmp_path).look(0)

    assert set(found) == {"app.py", ".chalice/config.json", "chalicelib/a/b.py"}
    assert known(tmp_path).look(2**62) == ()


ADDED, MODIFIED, DELETED = 1, 2, 3


@pytest.fixture
def project(tmp_path):
    (tmp_path / "chalicelib").mkdir()
    for name in ("app.py", "chalicelib/a.py"):
        (tmp_path / name).touch()
    return tmp_path


def seen(project, *batches):
    """Return the names of each batch of changes, as somebody who knows the project tells them."""
    of_project = known(project)
    of_project.look(2**62)
    return [
        of_project.edited({(kind, str(project / name)) for name, kind in batch})
        for batch in batches
    ]


def test_a_file_that_an_editor_loses_is_not_named(project):
    together = {("sedTu95rO", ADDED), ("sedTu95rO", DELETED), ("app.py", ADDED)}

    assert seen(project, together) == [("app.py",)]


def test_a_file_that_is_gone_before_it_is_looked_at_is_no_edit(project):
    batches = {("sedTu95rO", ADDED)}, {("sedTu95rO", DELETED), ("app.py", ADDED)}

    assert seen(project, *batches) == [(), ("app.py",)]


def test_what_was_known_and_is_gone_is_named_though_it_was_replaced_before(project):
    of_project = known(project)
    of_project.look(2**62)
    (project / "app.py").unlink()

    names = of_project.edited(
        {(ADDED, str(project / "app.py")), (DELETED, str(project / "app.py"))}
    )

    assert names == ("app.py",)


def test_a_folder_that_is_moved_away_is_named_and_so_is_what_is_lost_in_one_that_came(project):
    of_project = known(project)
    of_project.look(2**62)
    (project / "chalicelib").rename(project / "models")
    changes = {(DELETED, str(project / "chalicelib")), (ADDED, str(project / "models"))}
    moved = of_project.edited(changes)
    (project / "models" / "a.py").unlink()
    lost = of_project.edited(
        {(ADDED, str(project / "models" / "a.py")), (DELETED, str(project / "models" / "a.py"))}
    )

    assert (moved, lost) == (("chalicelib", "models"), ("models/a.py",))


def test_a_header_that_is_not_utf_8_is_read_byte_by_byte():
    head = wire.read_head("GET", "/", (1, 1), ((b"Host", b"localhost"), (b"X-A", b"\xff")), Hosts())

    assert head.headers[1] == ("X-A", "ÿ")


def test_a_known_status_has_its_phrase_and_an_unknown_one_has_one():
    known, _ = wire.framed(HttpResponse(404), method="GET", keep_alive=True, seconds=0)
    unknown, _ = wire.framed(HttpResponse(299), method="GET", keep_alive=True, seconds=0)

    assert known.startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert unknown.startswith(b"HTTP/1.1 299 Unknown\r\n")
    assert b"\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n" in known


def test_a_host_that_does_not_exist_cannot_be_listened_on():
    with pytest.raises(ToolError, match="no address of this machine"):
        listen("no.such.host.invalid", 0)


def answered(target):
    return Answered("GET", target, 200, 0.001, None, 2, None, "127.0.0.1")


def test_records_of_answers_come_in_their_order_a_moment_later():
    async def scenario():
        told = []
        log = Gathered(told.append)
        log(answered("/a"))
        log(answered("/b"))
        at_once = list(told)
        while len(told) < 2:
            await asyncio.sleep(0.001)
        return at_once, told

    at_once, told = asyncio.run(scenario())

    assert at_once == []
    assert told == [answered("/a"), answered("/b")]


def test_a_record_of_something_else_comes_at_once_behind_those_that_wait():
    async def scenario():
        told = []
        log = Gathered(told.append)
        log(answered("/a"))
        log(Notice("b"))
        log(answered("/c"))
        log.flush()
        return told

    assert asyncio.run(scenario()) == [answered("/a"), Notice("b"), answered("/c")]
