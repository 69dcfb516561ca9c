"""How far long work has come: on a terminal, and in a log."""

import io
import os
import signal

import pytest
from tests.fakes import FakeClock

from chalice.cli.console import Console
from chalice.cli.ending import unwinding
from chalice.cli.progress import ProgressLine


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock():
    return FakeClock(0)


def test_on_a_terminal_a_line_changes_and_goes(clock):
    err = Terminal()
    with ProgressLine(Console(io.StringIO(), err, {}), clock) as progress:
        progress("Resolving")
        clock.advance(0.5)
        progress("Downloading", 1_048_576, 3_145_728)
        progress("Downloading", 2_097_152, 3_145_728)
        clock.advance(0.5)
        progress("Compiling a\x1b 1", 3, 7)

    assert err.getvalue() == (
        "\r\x1b[KDownloading (1.0 of 3.0 MB)\r\x1b[KCompiling a\\x1b 1 (3 of 7)\r\x1b[K"
    )


def test_quick_work_shows_nothing(clock):
    err = Terminal()
    with ProgressLine(Console(io.StringIO(), err, {}), clock) as progress:
        progress("Resolving")
        clock.advance(0.2)
        progress("Compiling")

    assert err.getvalue() == ""


def test_in_a_log_each_step_of_slow_work_has_a_line(clock):
    err = io.StringIO()
    with ProgressLine(Console(io.StringIO(), err, {}), clock) as progress:
        progress("Resolving")
        clock.advance(4)
        progress("Downloading", 1, 3)
        progress("Downloading", 2, 3)
        progress("Inspecting")

    assert err.getvalue() == "Downloading\nInspecting\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_to_end_unwind(number):
    before = signal.getsignal(number)
    done = []

    def work():
        try:
            os.kill(os.getpid(), number)
            signal.pause()
        finally:
            done.append("finally")

    with pytest.raises(SystemExit) as ended, unwinding():
        work()

    assert (ended.value.code, done) == (128 + number, ["finally"])
    assert signal.getsignal(number) == before


def test_a_signal_that_is_ignored_stays_so():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with unwinding():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
