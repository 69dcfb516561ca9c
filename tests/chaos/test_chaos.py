"""A fixed sample of `make chaos`: real commands, killed and botched, end as faultless ones do."""

import itertools
from dataclasses import replace
from datetime import date
from zlib import crc32

import pytest
from tests.chaos import cases, report
from tests.chaos.cases import CODE, FIRST, SCENARIOS, Case, enumerate_cases
from tests.chaos.room import FIRST_ACCOUNT, Outcome, Reference, room

# One case of so many is in the sample.
SAMPLED = 40

_accounts = map(str, itertools.count(FIRST_ACCOUNT))


@pytest.fixture(scope="module")
def here(aws_url, tmp_path_factory):
    with room(aws_url, tmp_path_factory.mktemp("chaos") / "room", _accounts) as found:
        yield found


@pytest.fixture(scope="module")
def first(here):
    """Return the first deploy as it is where nothing goes wrong."""
    return here.reference(FIRST)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda item: item.name)
def test_a_sample_of_all_cases_converges(here, first, scenario):
    references = {scenario.name: first if scenario is FIRST else here.reference(scenario)}
    calls = {item.name: () for item in SCENARIOS}
    calls[scenario.name] = references[scenario.name].calls
    own = [case for case in enumerate_cases(calls) if case.scenario is scenario]
    sample = [case for case in own if crc32(case.id.encode()) % SAMPLED == 0]

    outcomes = [here.outcome(case, references) for case in sample]

    assert [item for item in outcomes if item.problems or not item.reached] == []
    assert len(outcomes) >= len(own) // (2 * SAMPLED)


def test_an_interpreter_that_is_killed_from_outside_converges(aws_url, first, tmp_path):
    with room(aws_url, tmp_path / "room", _accounts, fresh=True) as here:
        case = Case(FIRST, "killed during the call", "ExecuteChangeSet #1", cases.ELSEWHERE)

        outcome = here.outcome(case, {FIRST.name: first})

    assert (outcome.problems, outcome.reached) == ((), True)


def test_what_is_not_there_after_the_re_run_is_told(here, first):
    other = Reference(first.calls, {**first.picture, "functions": 2})
    case = Case(FIRST, "killed before the call", "CreateChangeSet #1")

    outcome = here.outcome(case, {FIRST.name: other})

    assert outcome.problems == ("functions: 1 instead of 2",)


def test_a_call_that_is_not_made_is_told(here, first):
    outcome = here.outcome(Case(FIRST, "answer lost", "DeleteStack #1"), {FIRST.name: first})

    assert (outcome.problems, outcome.reached) == ((), False)


# --- what is enumerated ---------------------------------------------------------------------------

CALLS = {item.name: ("One #1", "Two #1", "Three #1") for item in SCENARIOS}


def test_every_call_is_killed_before_during_and_after_and_run_again_everywhere():
    every = list(enumerate_cases(CALLS))

    for scenario, call in itertools.product(SCENARIOS, CALLS[FIRST.name]):
        killed = [
            case
            for case in every
            if (case.scenario, case.call) == (scenario, call) and case.fault in cases.KILLS
        ]
        assert {case.fault for case in killed} == set(cases.KILLS)
        assert {case.rerun for case in killed} == set(cases.PLACES)


def test_no_two_cases_have_the_same_name():
    every = [case.id for case in enumerate_cases(CALLS)]

    assert len(every) == len(set(every))


def test_calls_are_named_without_what_is_made_up():
    operations = [
        "DescribeStacks",
        "HEAD /some-bucket/demo-dev/archives/0a1b.zip",
        "PUT /some-bucket/demo-dev/releases.json",
        "DescribeStacks",
        "POST /some-bucket",
    ]

    assert cases.numbered(operations) == [
        "DescribeStacks #1",
        "HEAD archives #1",
        "PUT releases.json #1",
        "DescribeStacks #2",
        "POST of the bucket #1",
    ]


# --- the page -------------------------------------------------------------------------------------


def test_the_page_says_what_was_run_and_what_did_not_converge(tmp_path):
    every = [Case(FIRST, "429", "One #1"), Case(CODE, "answer lost", "Two #1")]
    every.append(replace(every[0], call="Three #1"))
    results = report.Results(tmp_path / "results.jsonl")
    results.add(Outcome(every[0].id, (), 1.5))
    results.add(Outcome(every[1].id, ("functions: 2 | 1",), 2.5))

    found = report.Results(tmp_path / "results.jsonl").outcomes
    page = report.page(every, CALLS, found, date(2026, 1, 2))

    assert page.startswith(
        "2026-01-02: of 3 cases 2 were run, in 0 minutes of one worker; 1 converged, 50.0%.\n"
    )
    assert "| First deploy | 3 | 2 | 1 | 1 |" in page
    assert "| Update of code | 3 | 1 | 1 | 0 |" in page
    assert "| Throttled: 429, 400, 503 | 2 | 1 | 1 |" in page
    assert f"| `{every[1].id}` | functions: 2 \\| 1 |" in page
