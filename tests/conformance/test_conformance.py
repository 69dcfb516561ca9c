"""Runs every case of the JSON files beside this one, over every way to reach the gateway.

Further cases are read from the folder that the environment variable CHALICE_CONFORMANCE names.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.divergences import DIVERGENCES
from tests.conformance.expectations import Seen, check, fails
from tests.conformance.translate import (
    STAGE,
    RestWorld,
    chalice_app,
    chalice_world,
    request_of,
)
from tests.conformance.ways import WAYS

from chalice.diagnostics import Problem
from chalice.gateway import Gateway, InvalidDefinition
from chalice.gateway.definition import check_resources
from chalice.gateway.document import Node

# Kinds of front doors and functions that nothing here emulates yet.
LATER_KINDS = {
    "http": "HTTP APIs are not emulated",
    "function-url": "function URLs are not emulated",
    "alb": "load balancers are not emulated",
    "websocket": "WebSocket APIs are not emulated",
    "lambda": "the Lambda runtime has a suite of its own",
    "event-source": "event sources are not emulated",
    "chalice-event": "event sources are not emulated",
}

# Cases that fail, and why. Each is run, and has to fail: who mends one takes it off the list.
NOT_YET = {
    "au-23": "Cognito authorizers are refused as a whole",
    "au-24": "AWS_IAM is refused as a whole",
    "au-27": "Cognito authorizers are refused as a whole",
}

SERVED_KINDS = ("rest", "chalice", "control-plane")


def _cases():
    folders = [Path(__file__).parent]
    if os.environ.get("CHALICE_CONFORMANCE"):
        folders.append(Path(os.environ["CHALICE_CONFORMANCE"]))
    return {
        case["id"]: case
        for folder in folders
        for file in sorted(folder.glob("*.json"))
        for case in json.loads(file.read_text())
    }


CASES = _cases()


def _parameters(*kinds):
    return [
        pytest.param(
            case,
            id=name,
            marks=[pytest.mark.xfail(reason=NOT_YET[name])] if name in NOT_YET else [],
        )
        for name, case in CASES.items()
        if case["config"]["kind"] in kinds
    ]


def _listed(value):
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("case", _parameters("rest"))
def test_a_rest_api_answers_as_recorded(case, way):
    rest = RestWorld(case["config"])
    requests = [request_of(item) for item in _listed(case["request"])]
    expect = case["expect"]

    with way.serve(rest.world) as ask:
        if "eventually" in expect:
            _eventually(expect["eventually"], rest, ask, requests)
            return
        expectations = expect if isinstance(expect, list) else [{}] * (len(requests) - 1) + [expect]
        for request, wanted in zip(requests, expectations, strict=True):
            before = len(rest.authorizer_events())
            answer = ask(request)

            check(wanted, Seen(answer, rest.authorizer_events()[before:]))


def _eventually(expect, rest, ask, requests):
    """Ask at once, and again after a pause: throttling shows in the first, quotas in the second."""
    seen = []
    for _ in range(2):
        seen += [Seen(ask(request), []) for request in requests]
        rest.clock.advance(10)

    assert not all(fails(expect, item) for item in seen)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("case", _parameters("chalice"))
def test_a_chalice_application_behaves_as_on_aws(case, way):
    if case["request"] is None:
        if case["id"] not in DIVERGENCES:
            pytest.skip("this divergence is described in words and not translated")
        divergence = DIVERGENCES[case["id"]]
        with way.serve(chalice_world(divergence.app())) as ask:
            answer = ask(divergence.request)

            divergence.verify(case["expect"]["aws"], answer)
        return
    with way.serve(chalice_world(chalice_app(case["config"]))) as ask:
        answer = ask(request_of(case["request"]))

        check(case["expect"], Seen(answer, []))


@pytest.mark.parametrize("case", _parameters("control-plane"))
def test_what_cannot_be_created_is_refused_with_the_words_of_aws(case):
    # `status` and `error` are of the answer to one call of AWS's API. Here nothing is called: what
    # would be refused is a problem of the definition, told with all others before anything is sent.
    expect = {name: case["expect"][name] for name in case["expect"].keys() - {"status", "error"}}
    assert expect.keys() in ({"message"}, {"message_contains"}), "the case says what to look for"

    [summary] = [problem.summary for problem in _created(case["config"])]

    assert expect.get("message", summary) == summary
    assert expect.get("message_contains", "") in summary


def _created(config: dict[str, Any]) -> tuple[Problem, ...]:
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


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case, id=case["id"], marks=pytest.mark.skip(reason=LATER_KINDS[case["config"]["kind"]])
        )
        for case in CASES.values()
        if case["config"]["kind"] in LATER_KINDS
    ],
)
def test_a_kind_that_comes_later(case):
    raise AssertionError(f"{case['id']} is skipped")


def test_every_case_is_run_or_listed():
    kinds = {case["config"]["kind"] for case in CASES.values()}

    assert kinds <= {*SERVED_KINDS, *LATER_KINDS}
    assert NOT_YET.keys() <= CASES.keys()
