"""Runs every case over every way to reach the gateway, and keeps the page about them true."""

import pytest
from tests.conformance import report
from tests.conformance.cases import CASES, LATER_KINDS, NOT_YET, SERVED_KINDS, reason, run
from tests.conformance.divergences import DIVERGENCES
from tests.conformance.functions import ISOLATES
from tests.conformance.ways import WAYS


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


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("case", _parameters("rest"))
def test_a_rest_api_answers_as_recorded(case, way):
    run(case, way)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("case", _parameters("chalice"))
def test_a_chalice_application_behaves_as_on_aws(case, way):
    run(case, way)


@pytest.mark.skipif(not ISOLATES, reason="functions see this machine's folders")
@pytest.mark.parametrize("case", _parameters("lambda"))
def test_a_function_runs_as_on_lambda(case):
    run(case, WAYS[0])


@pytest.mark.parametrize("case", _parameters("control-plane"))
def test_what_cannot_be_created_is_refused_with_the_words_of_aws(case):
    run(case, WAYS[0])


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


def test_every_divergence_that_is_told_in_words_is_translated():
    told = {name for name, case in CASES.items() if case["request"] is None}

    assert {name for name in told if CASES[name]["config"]["kind"] == "chalice"} <= (
        DIVERGENCES.keys()
    )


def test_the_page_says_what_holds():
    # The tests above hold every case to what is listed: so the page has to say just that.
    expected = report.page({way.name: {} for way in WAYS})

    assert report.written(report.PAGE.read_text(encoding="utf-8")) == expected, (
        "docs/conformance.md is out of date: run `make conformance`"
    )


def test_a_case_that_fails_is_on_the_page_with_what_came():
    [case] = [case for case in CASES.values() if reason(case) is None][:1]
    failures = {WAYS[0].name: {case["id"]: "AssertionError: 200 | 500"}}

    page = report.page(failures)

    assert f"| `{case['id']}` | {case['rule']} | {case['title']} |" in page
    assert "| AssertionError: 200 \\| 500 |" in page


def test_running_the_report_finds_a_case_that_fails():
    class Broken:
        name = "broken"

        def serve(self, world):
            raise RuntimeError("no answer")

    [case] = [case for case in CASES.values() if case["config"]["kind"] == "rest"][:1]

    assert report.failure(case, Broken()) == "RuntimeError: no answer"
    assert report.failure(case, WAYS[0]) is None


def test_the_page_is_replaced_between_its_marks():
    before = f"# Title\n\n{report.BEGIN}\nold\n{report.END}\n\nafter\n"

    after = report.with_report(before, "new")

    assert after == f"# Title\n\n{report.BEGIN}\n\nnew\n\n{report.END}\n\nafter\n"
    assert report.written(after) == "new"
