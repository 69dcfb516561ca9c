"""The cases of the JSON files beside this one: which are run, how, and which cannot hold."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.conformance import functions
from tests.conformance.divergences import DIVERGENCES
from tests.conformance.expectations import Seen, check, fails
from tests.conformance.translate import (
    STAGE,
    RestWorld,
    chalice_app,
    chalice_world,
    request_of,
)
from tests.conformance.ways import Way

from chalice.diagnostics import Problem
from chalice.gateway import Gateway, InvalidDefinition
from chalice.gateway.definition import check_resources
from chalice.gateway.document import Node

Json = dict[str, Any]

FOLDER = Path(__file__).parent

# Kinds of front doors and functions that nothing here emulates yet.
LATER_KINDS = {
    "http": "HTTP APIs are not emulated",
    "function-url": "function URLs are not emulated",
    "alb": "load balancers are not emulated",
    "websocket": "WebSocket APIs are not emulated",
    "event-source": "event sources are not emulated",
    "chalice-event": "event sources are not emulated",
}

# Cases that fail, and why. Each is run, and has to fail: who mends one takes it off the list.
NOT_YET: dict[str, str] = {}

SERVED_KINDS = ("rest", "chalice", "control-plane", "lambda")


def read(folder: Path) -> dict[str, list[Json]]:
    """Return the cases of *folder* by the stem of their file."""
    return {file.stem: json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))}


def _all() -> dict[str, Json]:
    folders = [FOLDER]
    if os.environ.get("CHALICE_CONFORMANCE"):
        folders.append(Path(os.environ["CHALICE_CONFORMANCE"]))
    return {
        case["id"]: case for folder in folders for cases in read(folder).values() for case in cases
    }


#: Every case by its id; further ones are read from the folder that CHALICE_CONFORMANCE names.
CASES: Mapping[str, Json] = _all()


def reason(case: Json) -> str | None:
    """Return why a case cannot hold, or None where it has to."""
    return NOT_YET.get(case["id"]) or LATER_KINDS.get(case["config"]["kind"])


def run(case: Json, way: Way) -> None:
    """Ask what *case* asks over *way* and assert what it expects."""
    _RUNS[case["config"]["kind"]](case, way)


def _rest(case: Json, way: Way) -> None:
    rest = RestWorld(case["config"])
    given = case["request"]
    requests = [request_of(item) for item in (given if isinstance(given, list) else [given])]
    expect = case["expect"]
    with way.serve(rest.world) as ask:
        if "eventually" in expect:
            # Throttling shows at once, a quota after a pause.
            seen = []
            for _ in range(2):
                seen += [Seen(ask(request), []) for request in requests]
                rest.clock.advance(10)
            assert not all(fails(expect["eventually"], item) for item in seen)
            return
        expectations = expect if isinstance(expect, list) else [{}] * (len(requests) - 1) + [expect]
        for request, wanted in zip(requests, expectations, strict=True):
            before = len(rest.authorizer_events())
            answer = ask(request)

            check(wanted, Seen(answer, rest.authorizer_events()[before:]))


def _chalice(case: Json, way: Way) -> None:
    if case["request"] is None:
        divergence = DIVERGENCES[case["id"]]
        with way.serve(chalice_world(divergence.app())) as ask:
            divergence.verify(case["expect"]["aws"], ask(divergence.request))
        return
    with way.serve(chalice_world(chalice_app(case["config"]))) as ask:
        check(case["expect"], Seen(ask(request_of(case["request"])), []))


def _control_plane(case: Json, way: Way) -> None:
    del way  # nothing is sent: the definition is refused
    # `status` and `error` are of the answer to one call of AWS's API. Here nothing is called: what
    # would be refused is a problem of the definition, told with all others before anything is sent.
    expect = {name: case["expect"][name] for name in case["expect"].keys() - {"status", "error"}}
    assert expect.keys() in ({"message"}, {"message_contains"}), "the case says what to look for"

    [summary] = [problem.summary for problem in _created(case["config"])]

    assert expect.get("message", summary) == summary
    assert expect.get("message_contains", "") in summary


def _created(config: Json) -> tuple[Problem, ...]:
    """Return the problems of creating what the case creates."""
    if "create" in config:
        problems: list[Problem] = []
        check_resources((path, Node({}, ("paths", path), problems)) for path in config["create"])
        return tuple(problems)
    size = config["create_rest_api"]["minimumCompressionSize"]
    document = {
        "openapi": "3.0.1",
        "paths": {},
        "x-amazon-apigateway-minimum-compression-size": size,
    }
    try:
        Gateway(document, STAGE)
    except InvalidDefinition as error:
        return error.problems
    return ()


def _lambda(case: Json, way: Way) -> None:
    del way  # no gateway is between the caller and the function
    functions.run(case)


_RUNS = {
    "rest": _rest,
    "chalice": _chalice,
    "control-plane": _control_plane,
    "lambda": _lambda,
}
