"""What `chalice local` shows of each record."""

import io

import pytest

from chalice.cli.console import Console
from chalice.cli.serving import Reporter, line_of, printable_lines
from chalice.diagnostics import Problem
from chalice.server.records import (
    Answered,
    Broken,
    Fault,
    FunctionLog,
    Notice,
    Reloaded,
    Replaced,
    Serving,
)

WARNING = Problem("code", "summary", "app.py:1", "hint", "warning")
SHOWN = [
    (
        Answered("GET", "/a", 502, 0.5, "/a", 36, "boom", "127.0.0.1"),
        '127.0.0.1 "GET /a" 502 36 B 500.0 ms /a (boom)\n',
    ),
    (Answered("", "", 400, 0.0, None, 25, "not HTTP", ""), '- "-" 400 25 B 0.0 ms - (not HTTP)\n'),
    (Reloaded(("app.py",), 0.123), "Reloaded in 0.12 s: app.py\n"),
    (Reloaded(("a", "b", "c", "d", "e"), 1.0), "Reloaded in 1.00 s: a, b, c and 2 more\n"),
    (
        Broken((Problem("code", "summary", "app.py:1", "hint"),), "trace"),
        (
            "trace\napp.py:1: summary [code]\n    hint\n"
            "Error: The edit cannot be served: requests get 502 until it is mended\n"
        ),
    ),
    (
        Broken((Problem("code", "summary", "app.py:1", "hint"),), edited=False),
        (
            "app.py:1: summary [code]\n    hint\n"
            "Error: The application did not load again, though nothing was edited: requests get"
            " 502 until it does; the next ones try again\n"
        ),
    ),
    (Replaced("it ended"), "it ended; another process takes over\n"),
    (FunctionLog("[ERROR] a\n  b\x1b[2J"), "[ERROR] a\n  b\\x1b[2J\n"),
    (Notice("look"), "Warning: look\n"),
    (Fault("E: x", "trace\n"), "trace\nError: This is a bug in Chalice, report it: E: x\n"),
    (
        Serving("http://127.0.0.1:1/", "key", (WARNING,)),
        (
            "app.py:1: warning: summary [code]\n    hint\n"
            "Routes ask for an API key and none is configured; for this run it is key"
            " (header `x-api-key`)\nServing; Ctrl-C stops\n"
        ),
    ),
]


@pytest.mark.parametrize(("record", "text"), SHOWN, ids=lambda item: type(item).__name__)
def test_records_are_shown(record, text):
    out, err = io.StringIO(), io.StringIO()

    with Reporter(Console(out, err, {})) as reporter:
        reporter.report(record)

    assert err.getvalue() == text
    assert out.getvalue() == (f"{record.url}\n" if isinstance(record, Serving) else "")


def test_a_client_cannot_write_lines_of_its_own():
    record = Answered("GET", '/a"\r\n127.0.0.1\u2028\x9b', 200, 0.0, None, 0, "x\ny\0", "::1")

    assert line_of(record) == (
        '::1 "GET /a"\\r\\n127.0.0.1\\u2028\\x9b" 200 0 B 0.0 ms - (x\\ny\\x00)'
    )


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        (
            "/a?X-Amz-Date=1&X-Amz-Security-Token=s%2Fecret&X-Amz-Signature=secret",
            "/a?X-Amz-Date=1&X-Amz-Security-Token=***&X-Amz-Signature=***",
        ),
        ("/a?x-amz-signature=secret&&=", "/a?x-amz-signature=***&&="),
        ("/a?X-Amz-%53ignature=secret?=", "/a?X-Amz-%53ignature=***"),
        ("/a?b=X-Amz-Signature&c", "/a?b=X-Amz-Signature&c"),
    ],
)
def test_what_makes_a_presigned_url_good_is_not_shown(target, shown):
    line = line_of(Answered("GET", target, 200, 0.0, None, 0, None, ""))

    assert f'"GET {shown}"' in line
    assert "secret" not in line


def test_tabs_and_lines_of_a_log_are_kept():
    assert printable_lines("a\tb\n\tc\r") == "a\tb\n\tc\\r"


class Gone(io.StringIO):
    def write(self, text):
        raise BrokenPipeError


def test_a_reader_that_went_away_does_not_stop_the_server():
    with Reporter(Console(Gone(), Gone(), {})) as reporter:
        reporter.report(Notice("one"))
        reporter.report(Notice("two"))


def test_explanations_stand_below_the_line_of_each_answer():
    err = io.StringIO()
    ours = Answered("GET", "/a", 421, 0.0, None, 0, "unknown host", "::1")
    theirs = Answered("GET", "/a", 200, 0.0, "/a", 2, None, "::1", ("3.1", "9.9"), ("a\x1bb",))

    with Reporter(Console(io.StringIO(), err, {}), explain=True) as reporter:
        reporter.report(ours)
        reporter.report(theirs)

    assert err.getvalue() == (
        '::1 "GET /a" 421 0 B 0.0 ms - (unknown host)\n'
        "    no rule of the gateway: the server answered\n"
        '::1 "GET /a" 200 2 B 0.0 ms /a\n'
        "    rule 3.1: the most specific path answers\n"
        "    rule 9.9\n"
        "    not emulated: a\\x1bb\n"
    )
