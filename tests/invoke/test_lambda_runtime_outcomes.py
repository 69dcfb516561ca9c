"""What comes of invocations under the real runtime client."""

import asyncio
import json
import sys
import time
from pathlib import Path

import pytest
from tests.invoke.real_runtime import invocation, runtime_client, served

from chalice.invocation import (
    FunctionError,
    NotInvocable,
    Result,
    StillRunning,
    Throttled,
    TimedOut,
)
from chalice.invoke.functions import LocalFunction
from chalice.invoke.lambda_runtime.environments import Environments

pytestmark = pytest.mark.parametrize("options", [{}, {"isolated": False}], ids=["", "plain"])


def test_a_result_passes_as_the_runtime_wrote_it(tmp_path, options):
    code = "def handler(event, context): return None if event is None else [event, 1.50]"

    with served(code, tmp_path, options=options) as functions:
        nothing, something = functions.invoke(), functions.invoke(event={"é": "ü"})

    assert nothing == Result(b"null")
    assert isinstance(something, Result)
    assert json.loads(something.payload) == [{"é": "ü"}, 1.5]


def test_an_error_is_the_payload_that_the_runtime_sent(tmp_path, options):
    code = """
    def handler(event, context):
        raise ValueError("no")
    """

    with served(code, tmp_path, options=options) as functions:
        outcome = functions.invoke()

    assert isinstance(outcome, FunctionError)
    payload = json.loads(outcome.payload("ignored"))
    assert [*payload] == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert (outcome.error_type, outcome.message) == ("ValueError", "no")
    assert payload["requestId"] not in {"", "ignored"}
    root = tmp_path / "task" if options else "/var/task"
    assert outcome.stack == (
        f'  File "{root}/app.py", line 3, in handler\n    raise ValueError("no")\n',
    )


def test_a_timeout_replaces_the_process_and_keeps_tmp(tmp_path, options):
    code = """
    import os, tempfile, time
    SEEN = []
    def handler(event, context):
        SEEN.append(event)
        path = os.path.join(tempfile.gettempdir(), "kept")
        with open(path, "a") as file:
            file.write("x")
        if event == "hang":
            time.sleep(60)
        return [SEEN, open(path).read()]
    """

    with served(code, tmp_path, options=options, timeout_seconds=1) as functions:
        first = functions.value(event=1)
        hung = functions.report(event="hang")
        log = functions.log()
        after = functions.value(event=2)

    assert first == [[1], "x"]
    assert hung.outcome == TimedOut(1)
    assert hung.measured.duration_seconds == 1
    assert "Task timed out after 1.00 seconds" in log
    assert "Status: timeout" in log
    assert after == [[2], "xxx"]


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("raise SystemExit", "Runtime exited without providing a reason"),
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("sys.exit('text')", "Runtime exited with error: exit status 1"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
        ("ctypes.string_at(0)", "Runtime exited with error: signal: segmentation fault"),
        ("os.abort()", "Runtime exited with error: signal: aborted"),
    ],
)
def test_a_process_that_ends_is_an_exit_error_and_is_replaced(tmp_path, options, statement, reason):
    code = f"""
    import ctypes, os, sys
    def handler(event, context):
        if event:
            {statement}
        return "alive"
    """

    with served(code, tmp_path, options=options) as functions:
        report = functions.report(event=1)
        log = functions.log()
        after = functions.value()

    assert isinstance(report.outcome, FunctionError)
    payload = json.loads(report.outcome.payload())
    assert [*payload] == ["errorType", "errorMessage"]
    assert payload["errorType"] == "Runtime.ExitError"
    assert payload["errorMessage"].endswith(f" Error: {reason}")
    assert "Status: error\tError Type: Runtime.ExitError" in log
    assert after == "alive"


def test_a_result_over_six_megabytes_is_refused_and_the_function_lives_on(tmp_path, options):
    code = "def handler(event, context): return 'x' * event"

    with served(code, tmp_path, options=options) as functions:
        at_the_limit = functions.invoke(event=6_291_554)
        above = functions.invoke(event=6_291_555)
        after = functions.invoke(event=1)

    assert isinstance(at_the_limit, Result)
    assert len(at_the_limit.payload) == 6_291_556
    assert isinstance(above, FunctionError)
    assert json.loads(above.payload()) == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size "
        "(6291556 bytes).",
    }
    assert after == Result(b'"x"')


def test_an_event_of_six_megabytes_arrives(tmp_path, options):
    code = "def handler(event, context): return len(event)"

    with served(code, tmp_path, options=options) as functions:
        size = functions.value(event="x" * (6 * 1024 * 1024 - 2))

    assert size == 6 * 1024 * 1024 - 2


def test_a_caller_that_does_not_wait_leaves_the_function_running(tmp_path, options):
    code = """
    import os, tempfile, time
    path = os.path.join(tempfile.gettempdir(), "done")
    def handler(event, context):
        if event:
            time.sleep(event)
            open(path, "w").close()
        return os.path.exists(path)
    """
    one_environment = {**options, "most_environments": 1}

    with served(code, tmp_path, options=one_environment) as functions:
        before = functions.value()
        outcome = functions.invoke(event=0.5, within=0.1)
        meanwhile = functions.invoke()
        time.sleep(1)
        after = functions.value()

    assert not before
    assert outcome == StillRunning()
    assert meanwhile == Throttled()
    assert after


def test_environments_are_drained_when_functions_that_nobody_waits_for_have_ended(
    tmp_path, options
):
    (tmp_path / "app.py").write_text("import time\ndef handler(event, _): time.sleep(event)\n")
    function = LocalFunction("handler", handler_string="app.handler")
    logged = []

    async def run():
        environments = Environments(
            {"handler": function},
            tmp_path,
            Path(sys.executable),
            runtime_client(),
            log=lambda entry: logged.append(entry.text.partition(" ")[0]),
            notice=lambda _: None,
            **options,
        )
        try:
            outcome = await environments.invoke(invocation(event=0.5, within=0.1))
            before = [*logged]
            await environments.drained()
            return outcome, before, [*logged]
        finally:
            await environments.close()

    outcome, before, after = asyncio.run(run())

    assert outcome == StillRunning()
    assert "REPORT" not in before
    assert "REPORT" in after


def test_what_does_not_exist_is_not_invocable(tmp_path, options):
    with served("", tmp_path, options=options) as functions:
        outcome = functions.invoke("other")

    assert outcome == NotInvocable("there is no function `other` here")


def test_an_error_over_six_megabytes_is_one_of_its_size(tmp_path, options):
    code = "def handler(event, context): raise ValueError('x' * 7_000_000)"

    with served(code, tmp_path, options=options) as functions:
        outcome = functions.invoke()

    assert isinstance(outcome, FunctionError)
    assert outcome.error_type == "Function.ResponseSizeTooLarge"
