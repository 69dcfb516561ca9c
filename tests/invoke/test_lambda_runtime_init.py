"""The init phase: ten seconds of its own, and a second try in the time of the function."""

import json
import re

import pytest
from tests.invoke.real_runtime import served

from chalice.invocation import FunctionError, TimedOut

pytestmark = pytest.mark.parametrize("isolated", [True, False], ids=["", "plain"])

# Fails or hangs in its first process only.
ONCE = """
import os, tempfile, time
path = os.path.join(tempfile.gettempdir(), "been-here")
if not os.path.exists(path):
    open(path, "w").close()
    {}
def handler(event, context):
    return "ready"
"""


def test_an_error_in_init_is_tried_again_and_reported_as_the_runtime_wrote_it(tmp_path, isolated):
    with served("raise KeyError('x')", tmp_path, options={"isolated": isolated}) as functions:
        report = functions.report()
        again = functions.report()

    assert isinstance(report.outcome, FunctionError)
    payload = json.loads(report.outcome.payload("ignored"))
    assert payload["errorType"] == "KeyError"
    assert payload["requestId"] == ""
    texts = functions.texts()
    assert sum(text.startswith("[ERROR] KeyError: 'x'") for text in texts) == 3
    phases = re.findall(r"Phase: (\w+)\tStatus: error\tError Type: KeyError", "\n".join(texts))
    assert phases == ["init", "invoke", "invoke"]
    assert again.outcome == report.outcome


@pytest.mark.parametrize(
    ("handler", "error_type"),
    [
        ("nope.handler", "Runtime.ImportModuleError"),
        ("app.nope", "Runtime.HandlerNotFound"),
        ("app", "Runtime.MalformedHandlerName"),
    ],
)
def test_a_handler_that_cannot_be_loaded_is_named(tmp_path, isolated, handler, error_type):
    options = {"isolated": isolated}
    with served("", tmp_path, options=options, handler_string=handler) as functions:
        outcome = functions.invoke()

    assert isinstance(outcome, FunctionError)
    assert outcome.error_type == error_type


def test_what_fails_once_is_ready_at_the_second_try(tmp_path, isolated):
    code = ONCE.format("raise OSError('network')")

    with served(code, tmp_path, options={"isolated": isolated}) as functions:
        report = functions.report()

    assert report.outcome.payload == b'"ready"'  # type: ignore[union-attr]  # fails otherwise
    assert report.measured.init_seconds is None


def test_an_init_that_hangs_is_ended_and_done_again_in_the_time_of_the_function(tmp_path, isolated):
    code = ONCE.format("time.sleep(60)")
    options = {"isolated": isolated, "init_seconds": 0.5}

    with served(code, tmp_path, options=options) as functions:
        assert functions.value() == "ready"

    [line] = [text for text in functions.texts() if text.startswith("INIT_REPORT")]
    assert re.fullmatch(
        r"INIT_REPORT Init Duration: 5\d\d\.\d\d ms\tPhase: init\tStatus: timeout", line
    )


def test_an_init_that_always_hangs_is_a_timeout_of_the_function(tmp_path, isolated):
    options = {"isolated": isolated, "init_seconds": 0.3}

    with served("import time; time.sleep(60)", tmp_path, options=options, timeout_seconds=1) as (
        functions
    ):
        report = functions.report()

    assert report.outcome == TimedOut(1)


def test_an_init_that_exits_is_an_exit_error(tmp_path, isolated):
    options = {"isolated": isolated}
    with served("import os; os._exit(4)", tmp_path, options=options) as functions:
        outcome = functions.invoke()

    assert isinstance(outcome, FunctionError)
    assert outcome.error_type == "Runtime.ExitError"
    assert outcome.message.endswith("Error: Runtime exited with error: exit status 4")


def test_a_cold_start_is_told_in_the_log(tmp_path, isolated):
    code = """
    print("starts")
    def handler(event, context):
        print("runs")
    """

    with served(code, tmp_path, options={"isolated": isolated}) as functions:
        cold = functions.report()
        lines = functions.texts()
        functions.report()

    warm = functions.texts()[len(lines) :]
    request_id = lines[2].split()[2]
    assert lines[0].startswith("INIT_START Runtime Version: python:3.")
    assert lines[1] == "starts"
    assert lines[2] == f"START RequestId: {request_id} Version: $LATEST"
    assert lines[3] == "runs"
    assert lines[4] == f"END RequestId: {request_id}"
    assert re.fullmatch(
        rf"REPORT RequestId: {request_id}\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms"
        r"\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t",
        lines[5],
    )
    assert cold.measured.billed_ms >= cold.measured.init_seconds * 1000
    assert "Init Duration" not in "\n".join(warm)
    by_request = {entry.text: entry.request_id for entry in functions.entries}
    assert by_request["starts"] == ""
    assert by_request["runs"] != ""
