"""The cases of file 10: functions, run by the real runtime client in environments of this machine.

It is what `chalice local --package` and `chalice invoke --local` run functions with.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.conformance.translate import Untranslated
from tests.invoke.real_runtime import Served, served

from chalice.invocation import FunctionError, Outcome, Result, TimedOut

Json = dict[str, Any]

#: Whether this system lets functions see the folders that they see on Lambda.
ISOLATES = (
    sys.platform == "linux"
    and not subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"],
        capture_output=True,
        check=False,
    ).returncode
)

# What a scenario that is told in words comes to; the case says what has to be so.
_RESET = """
import os, time
VISITED = []
def handler(event, context):
    found = {"global_reset": not VISITED, "tmp_kept": os.path.exists("/tmp/visited")}
    VISITED.append(1)
    open("/tmp/visited", "w").close()
    if event == "hang":
        time.sleep(60)
    return found
"""
SCENARIOS: Mapping[str, str] = {"lr-11": _RESET}


def run(case: Json) -> None:
    """Invoke what *case* describes and assert what it expects."""
    config = dict(case["config"])
    expect = case["expect"]
    if config.keys() - {"kind", "code", "handler", "timeout", "memory", "scenario"}:
        raise Untranslated(f"config: {config}")
    if case["request"] != {"invoke": {}}:
        raise Untranslated(f"request: {case['request']}")
    code = SCENARIOS[case["id"]] if "scenario" in config else config.get("code", "")
    with (
        tempfile.TemporaryDirectory() as folder,
        served(
            code,
            Path(folder),
            handler_string=config.get("handler", "app.handler"),
            timeout_seconds=config.get("timeout", 3),
            memory_mb=config.get("memory", 128),
        ) as functions,
    ):
        if "scenario" in config:
            _scenario(functions, expect)
        else:
            _check(functions, expect)


def _scenario(functions: Served, expect: Json) -> None:
    functions.report(event="first")
    assert functions.report(event="hang").outcome == TimedOut(2)

    assert functions.value(event="after") == expect


def _check(functions: Served, expect: Json) -> None:
    outcome = functions.report(event={}).outcome
    payload = _payload(outcome)
    for key, wanted in expect.items():
        if key not in _CHECKS:
            raise Untranslated(f"expect: {key}")
        _CHECKS[key](outcome, payload, wanted)


def _payload(outcome: Outcome) -> bytes:
    match outcome:
        case Result(payload):
            return payload
        case FunctionError():
            return outcome.payload()
        case TimedOut():
            return outcome.payload("00000000-0000-0000-0000-000000000000")
        case _:
            raise AssertionError(outcome)


def _status(_: Outcome, __: bytes, wanted: int) -> None:
    assert wanted == 200, "every function that was invoked is answered 200"


def _function_error(outcome: Outcome, _: bytes, wanted: str) -> None:
    assert wanted == "Unhandled", "errors that a handler reports itself are no longer told apart"
    assert isinstance(outcome, FunctionError | TimedOut)


def _raw(outcome: Outcome, payload: bytes, wanted: str) -> None:
    assert isinstance(outcome, Result)
    assert payload.decode() == wanted


def _members(_: Outcome, payload: bytes, wanted: Json) -> None:
    found = json.loads(payload)
    assert {key: found.get(key) for key in wanted} == wanted


def _keys(_: Outcome, payload: bytes, wanted: list[str]) -> None:
    assert sorted(json.loads(payload)) == sorted(wanted)


def _patterns(_: Outcome, payload: bytes, wanted: Json) -> None:
    found = json.loads(payload)
    for key, pattern in wanted.items():
        assert re.search(pattern, found[key]), found


def _first_frame(_: Outcome, payload: bytes, wanted: str) -> None:
    assert re.search(wanted, json.loads(payload)["stackTrace"][0])


_CHECKS: dict[str, Callable[[Outcome, bytes, Any], None]] = {
    "status": _status,
    "function_error": _function_error,
    "payload": _members,
    "payload_raw": _raw,
    "payload_keys": _keys,
    "payload_pattern": _patterns,
    "stack0_pattern": _first_frame,
}
