"""The log of an execution environment."""

from pathlib import Path

import pytest

from chalice.diagnostics import ToolError
from chalice.invocation import FunctionError, TimedOut, platform_error
from chalice.invoke.lambda_runtime.interpreter import ask
from chalice.invoke.lambda_runtime.journal import Journal, Measured, init_report_line, report_line
from chalice.invoke.lambda_runtime.outcomes import End, reported_error


def _journal(**options):
    entries = []
    return Journal("fn", entries.append, **options), entries


def test_lines_are_entries_whatever_pieces_they_come_in():
    journal, entries = _journal()

    for piece in (b"one\ntw", b"o\n", b"three"):
        journal.written(piece)
    journal.attribute("r1")
    journal.written(b"four\n")

    assert [(entry.request_id, entry.text) for entry in entries] == [
        ("", "one"),
        ("", "two"),
        ("", "three"),
        ("r1", "four"),
    ]


def test_a_traceback_that_the_client_keeps_in_one_line_is_one_entry_of_several():
    journal, entries = _journal()

    journal.written("[ERROR] E: no\rTraceback:\r\xa0\xa0File\n".encode())

    assert entries[0].text == "[ERROR] E: no\nTraceback:\n  File"


def test_bytes_that_are_no_text_are_shown_as_such():
    journal, entries = _journal()

    journal.written(b"\xff\n")

    assert entries[0].text == "\N{REPLACEMENT CHARACTER}"


def test_what_is_too_much_is_counted_and_the_next_invocation_is_shown_again():
    journal, entries = _journal(most_bytes=10)

    journal.open()
    journal.written(b"0123456789abc\n")
    journal.written(b"left out\n")
    journal.platform("END")
    journal.open()
    journal.written(b"again\n")

    assert [entry.text for entry in entries] == [
        "0123456789abc",
        "... 9 further bytes of output are not shown",
        "END",
        "again",
    ]


def test_a_report_says_what_was_measured():
    measured = Measured(0.00301, 0.1101, 36 * 1024 - 5, "error", "Runtime.ExitError")

    assert report_line("r1", measured, 128) == (
        "REPORT RequestId: r1\tDuration: 3.01 ms\tBilled Duration: 114 ms\tMemory Size: 128 MB\t"
        "Max Memory Used: 36 MB\tInit Duration: 110.10 ms\tStatus: error\t"
        "Error Type: Runtime.ExitError\t"
    )
    assert report_line("r1", Measured(0.00301), 128).startswith(
        "REPORT RequestId: r1\tDuration: 3.01 ms\tBilled Duration: 4 ms\t"
    )
    assert init_report_line(10, "init", "timeout") == (
        "INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout"
    )


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (0, "Runtime exited without providing a reason"),
        (7, "Runtime exited with error: exit status 7"),
        (-9, "Runtime exited with error: signal: killed"),
        (-15, "Runtime exited with error: signal: terminated"),
    ],
)
def test_an_end_is_told_in_lambdas_words(status, reason):
    assert End(status).error("r1") == platform_error(
        "Runtime.ExitError", f"RequestId: r1 Error: {reason}"
    )


@pytest.mark.parametrize("payload", [b"", b"[]", b"nonsense", b'{"stackTrace": "no list"}'])
def test_an_error_that_is_no_error_document_is_kept_as_it_is(payload):
    error = reported_error(payload)

    assert error == FunctionError("", "")
    assert error.raw == payload


def test_a_timeout_has_the_payload_of_lambda():
    assert TimedOut(1).payload("r1") == (
        b'{"errorType":"Sandbox.Timedout",'
        b'"errorMessage":"RequestId: r1 Error: Task timed out after 1.00 seconds"}'
    )


@pytest.mark.parametrize("program", ["/bin/true", "/nowhere/python3"])
def test_a_program_that_is_no_interpreter_is_named(program):
    with pytest.raises(ToolError, match=f"`{program}` is no Python interpreter that runs here"):
        ask(Path(program))
