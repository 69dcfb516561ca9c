"""Runs inside the measured interpreter and marks where each count begins and ends.

Standard library only, and only what Lambda's bootstrap has imported anyway: whatever else this
module imported would be missing from the cost of the framework that needs it. The marks are calls
of `os.getloadavg`, a libc function that nothing else here calls: callgrind is told to write and
reset its counters each time it is entered (`--dump-before`). A section lies between two marks.

Usage: python -S -s probe.py SPECIFICATION.json; prints JSON.
"""

import json
import os
import sys

mark = os.getloadavg

# What `awslambdaric` 4 has imported by the time it imports the handler, as far as any framework
# needs it (`__future__` through simplejson). What is not here is paid: typing, datetime, base64,
# urllib.parse, dataclasses, inspect.
BOOTSTRAP = (
    "__future__",
    "contextlib",
    "decimal",
    "enum",
    "functools",
    "json",
    "logging",
    "re",
    "threading",
    "traceback",
    "types",
    "warnings",
)


class Context:
    """What a function sees of its invocation, as `awslambdaric` hands it over."""

    function_name = "bench-dev"
    function_version = "$LATEST"
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:bench-dev"
    memory_limit_in_mb = "128"
    aws_request_id = "7c1f0a8e-3b2d-4c5e-9f6a-0b1c2d3e4f50"
    log_group_name = "/aws/lambda/bench-dev"
    log_stream_name = "2026/11/22/[$LATEST]0123456789abcdef0123456789abcdef"
    identity = None
    client_context = None

    def get_remaining_time_in_millis(self):
        """Return a time that never runs out."""
        return 30_000


def nothing(event, context):
    """Answer nothing: its cost is the loop's."""


def calls(handler, text, count, warm_up):
    """Count *count* calls of *handler*, each with an event of its own, parsed as Lambda does."""
    context = Context()
    answer = None
    for parsed in [json.loads(text) for _ in range(warm_up)]:
        answer = handler(parsed, context)
    events = [json.loads(text) for _ in range(count)]
    mark()
    for parsed in events:
        handler(parsed, context)
    mark()
    return answer


def describe(answer):
    """Return status and size of an answer: proof that the framework did what was asked."""
    if not isinstance(answer, dict):
        return [None, 0]
    return [answer.get("statusCode"), len(answer.get("body") or "")]


def cold(specification):
    """Count the import of the application and its first call."""
    before = set(sys.modules)
    mark()
    application = __import__(specification["module"])
    mark()
    added = sorted(set(sys.modules) - before)
    answer = calls(application.handler, specification["event"], 1, 0)
    return {"modules": added, "answer": describe(answer)}


def warm(specification):
    """Count warm invocations, scenario by scenario; the first section is the empty loop's."""
    application = __import__(specification["module"])
    answers = []
    for scenario in specification["scenarios"]:
        handler = getattr(application, scenario["handler"], application.handler)
        if scenario["name"] == "calibration":
            handler = nothing
        try:
            answer = calls(handler, scenario["event"], scenario["calls"], scenario["warm_up"])
        except Exception as error:  # noqa: BLE001 - one that raises has no figure: the table says so
            mark()
            mark()
            answers.append([type(error).__name__, 0])
        else:
            answers.append(describe(answer))
    return {"answers": answers}


def many(specification):
    """Count what routes cost: declaring one, declaring many, and a call of the last."""
    declare = __import__(specification["module"]).many
    for count in (1, 1, specification["routes"]):
        mark()
        handler = declare(count)
        mark()
    scenarios = specification["scenarios"]
    answers = [
        describe(calls(handler, scenario["event"], scenario["calls"], scenario["warm_up"]))
        for scenario in scenarios
    ]
    return {"answers": answers}


def main():
    """Do what the specification says and print what came of it."""
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - pathlib would be free
        specification = json.load(file)
    sys.path[:] = specification["path"] + [entry for entry in sys.path[1:] if entry]
    for name in BOOTSTRAP:
        __import__(name)
    kinds = {"cold": cold, "warm": warm, "many": many}
    report = kinds[specification["kind"]](specification)
    print(json.dumps(report))  # after the last mark


if __name__ == "__main__":
    main()
