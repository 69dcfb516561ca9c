"""Functions invoked in this process: outcomes, errors and limits as Lambda reports them."""

import bdb
import json
import pdb
import sys
import threading
import time

import pytest

from chalice.invocation import (
    FunctionError,
    Invocation,
    NotInvocable,
    Result,
    StillRunning,
    Throttled,
    TimedOut,
)
from chalice.invoke.functions import LocalFunction
from chalice.invoke.in_process import DEBUGGER_QUIT, InProcess

REQUEST_ID = "6d17cb99-9c90-462e-a7a4-fc7181867047"


class Clock:
    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


def invocation(event=None, within_seconds=29.0, function="F"):
    return Invocation(function, json.dumps(event).encode(), within_seconds, REQUEST_ID)


def invoke(handler, event=None, *, log=None, **options):
    function = LocalFunction("demo-dev", handler, "app.app", **options)
    invoker = InProcess({"F": function}, log=(log if log is not None else []).append)
    return invoker.invoke(invocation(event))


def test_event_and_result_pass_through_json():
    outcome = invoke(lambda event, _: {"seen": event}, {"a": [1, None, "é"]})

    assert isinstance(outcome, Result)
    assert json.loads(outcome.payload) == {"seen": {"a": [1, None, "é"]}}


def test_none_is_null_and_bytes_pass_as_they_are():
    assert invoke(lambda *_: None) == Result(b"null")
    assert invoke(lambda *_: b"\xff not json") == Result(b"\xff not json")


def test_the_context_tells_about_the_invocation():
    seen = []

    invoke(lambda _, context: seen.append(context), memory_mb=512, timeout_seconds=7)

    context = seen[0]
    assert context.aws_request_id == REQUEST_ID
    assert context.function_name == "demo-dev"
    assert context.function_version == "$LATEST"
    assert context.invoked_function_arn == "arn:aws:lambda:us-east-1:123456789012:function:demo-dev"
    assert context.memory_limit_in_mb == "512"
    assert context.log_group_name == "/aws/lambda/demo-dev"
    assert "[$LATEST]" in context.log_stream_name
    assert context.identity.cognito_identity_id is None
    assert context.client_context is None
    assert context.tenant_id is None
    assert 6000 < context.get_remaining_time_in_millis() <= 7000


def test_the_remaining_time_ends_at_zero():
    clock = Clock()

    def handler(_, context):
        clock.seconds += 100
        return context.get_remaining_time_in_millis()

    function = LocalFunction("demo-dev", handler, timeout_seconds=200)
    InProcess({"F": function}, clock=clock).invoke(invocation(within_seconds=500))
    late = []
    function = LocalFunction("demo-dev", lambda e, c: late.append(handler(e, c)))
    InProcess({"F": function}, clock=clock, log=late.append).invoke(invocation())

    assert late[0] == 0


def test_an_exception_is_an_error_with_the_frames_of_the_application():
    log = []

    def handler(event, context):
        raise ValueError("no")

    outcome = invoke(handler, log=log)

    assert isinstance(outcome, FunctionError)
    assert (outcome.error_type, outcome.message) == ("ValueError", "no")
    assert len(outcome.stack) == 1
    assert outcome.stack[0].startswith('  File "')
    assert outcome.stack[0].endswith(', in handler\n    raise ValueError("no")\n')
    assert log[0].startswith("[ERROR] ValueError: no\nTraceback (most recent call last):\n  File ")


def test_an_exception_that_has_no_text_is_an_error():
    class Odd(Exception):
        def __str__(self):
            raise RuntimeError("no text")

    def handler(*_):
        raise Odd

    assert invoke(handler).error_type == "Odd"


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        (SystemExit, "Runtime exited without providing a reason"),
        (SystemExit(0), "Runtime exited without providing a reason"),
        (SystemExit(3), "Runtime exited with error: exit status 3"),
        (SystemExit("text"), "Runtime exited with error: exit status 1"),
        (KeyboardInterrupt, "Runtime exited with error: exit status 1"),
        (GeneratorExit, "Runtime exited with error: exit status 1"),
    ],
)
def test_what_would_end_the_process_is_an_exit_error(raised, reason):
    def handler(*_):
        raise raised

    outcome = invoke(handler)

    assert outcome.error_type == "Runtime.ExitError"
    assert outcome.message == f"RequestId: {REQUEST_ID} Error: {reason}"
    assert json.loads(outcome.payload(REQUEST_ID)).keys() == {"errorType", "errorMessage"}


def test_who_quits_the_debugger_is_told_no_error():
    log = []

    def handler(*_):
        raise bdb.BdbQuit

    assert invoke(handler, log=log) == DEBUGGER_QUIT
    assert log == ["The debugger was quit"]


def test_where_the_debugger_ends_the_process_itself_is_no_error_either():
    def handler(*_):
        exec(compile("raise SystemExit(0)", pdb.__file__, "exec"))

    assert invoke(handler, log=[]) == DEBUGGER_QUIT


def test_endless_recursion_is_an_error():
    def handler(*arguments):
        return handler(*arguments)

    assert invoke(handler).error_type == "RecursionError"


def test_a_result_that_json_cannot_hold_is_a_marshal_error():
    outcome = invoke(lambda *_: {"a": object()})

    assert outcome.error_type == "Runtime.MarshalError"
    assert (
        outcome.message
        == "Unable to marshal response: Object of type object is not JSON serializable"
    )


def test_a_result_over_six_megabytes_is_refused():
    at_the_limit = invoke(lambda *_: b"x" * 6_291_556)
    above = invoke(lambda *_: b"x" * 6_291_557)

    assert isinstance(at_the_limit, Result)
    assert above == FunctionError(
        "Function.ResponseSizeTooLarge",
        "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    )


def test_an_event_that_is_not_json_is_an_unmarshal_error():
    function = LocalFunction("demo-dev", lambda *_: None)
    invoker = InProcess({"F": function}, log=lambda _: None)

    outcome = invoker.invoke(Invocation("F", b"{", 29.0, REQUEST_ID))

    assert outcome.error_type == "Runtime.UnmarshalError"


def test_an_unknown_function_is_not_invocable():
    outcome = InProcess({}).invoke(invocation(function="Nobody"))

    assert outcome == NotInvocable("there is no function `Nobody` here")


@pytest.mark.parametrize(
    ("took", "timeout", "within", "outcome"),
    [
        (2, 3, 29, Result(b"1")),
        (4, 3, 29, TimedOut(3)),
        (4, 60, 3, StillRunning()),
        (61, 60, 29, StillRunning()),
        (30, 29, 29, TimedOut(29)),
    ],
)
def test_a_function_that_took_too_long_is_told_as_in_time(took, timeout, within, outcome):
    clock = Clock()
    log = []

    def handler(*_):
        clock.seconds += took
        return 1

    function = LocalFunction("demo-dev", handler, timeout_seconds=timeout)
    invoker = InProcess({"F": function}, clock=clock, log=log.append)

    assert invoker.invoke(invocation(within_seconds=within)) == outcome
    if isinstance(outcome, TimedOut):
        assert log == [f"{REQUEST_ID} Task timed out after {timeout}.00 seconds"]


def test_no_reserved_concurrency_is_throttled():
    assert invoke(lambda *_: 1, reserved_concurrency=0) == Throttled()


def test_more_than_the_reserved_concurrency_is_throttled():
    entered, leave = threading.Event(), threading.Event()

    def handler(*_):
        entered.set()
        leave.wait(10)
        return 1

    function = LocalFunction("demo-dev", handler, reserved_concurrency=1)
    invoker = InProcess({"F": function})
    outcomes = []
    first = threading.Thread(target=lambda: outcomes.append(invoker.invoke(invocation())))
    first.start()
    entered.wait(10)

    second = invoker.invoke(invocation())
    leave.set()
    first.join()
    third = invoker.invoke(invocation())

    assert (second, outcomes, third) == (Throttled(), [Result(b"1")], Result(b"1"))


HANDLERS = {
    "works.handler": "def handler(event, context): return 'it works'",
    "broken.handler": "def handler(:\n",
    "needs.handler": "import no_such_module_at_all\n",
    "empty.handler": "",
}


@pytest.mark.parametrize(
    ("handler_string", "error_type", "message"),
    [
        ("nowhere.handler", "Runtime.ImportModuleError", "Unable to import module 'nowhere': "),
        ("needs.handler", "Runtime.ImportModuleError", "Unable to import module 'needs': "),
        ("broken.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'broken': "),
        (
            "empty.handler",
            "Runtime.HandlerNotFound",
            "Handler 'handler' missing on module 'empty'",
        ),
        ("handler", "Runtime.MalformedHandlerName", "Bad handler 'handler': "),
    ],
)
def test_a_handler_that_cannot_be_imported_is_an_error(
    tmp_path, monkeypatch, handler_string, error_type, message
):
    module(tmp_path, monkeypatch, handler_string)

    outcome = _by_name(handler_string)

    assert outcome.error_type == error_type
    assert outcome.message.startswith(message)


def test_a_handler_is_imported_by_its_name(tmp_path, monkeypatch):
    module(tmp_path, monkeypatch, "works.handler")

    assert _by_name("works.handler") == Result(b'"it works"')


def _by_name(handler_string):
    function = LocalFunction("demo-dev", None, handler_string)
    return InProcess({"F": function}, log=lambda _: None).invoke(invocation())


def module(directory, monkeypatch, handler_string):
    name = handler_string.partition(".")[0]
    if handler_string in HANDLERS:
        (directory / f"{name}.py").write_text(HANDLERS[handler_string])
    monkeypatch.syspath_prepend(directory)
    monkeypatch.delitem(sys.modules, name, raising=False)


def test_time_passes_for_the_context():
    def handler(_, context):
        before = context.get_remaining_time_in_millis()
        time.sleep(0.02)
        return before - context.get_remaining_time_in_millis()

    assert int(invoke(handler).payload) >= 10


def test_log_writes_to_the_function_s_output(capsys):
    invoke(lambda _, context: context.log("as it is"))

    assert capsys.readouterr().out == "as it is"
