"""What converged, as tables: for the terminal and for `docs/chaos.md`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tests.chaos import cases
from tests.chaos.room import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from tests.chaos.cases import Case

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "chaos.md"
BEGIN, END = "<!-- cases: make chaos -->", "<!-- end of cases -->"

# What goes wrong, in the words of the page, and in the order in which it is run.
KINDS = {
    "Killed before, during, after a call": tuple(cases.KILLS),
    "Another command meanwhile": (*cases.HOLDS, cases.TOGETHER),
    "Request lost, answer lost, answer cut off": tuple(cases.LOSSES),
    "Throttled: 429, 400, 503": tuple(cases.THROTTLES),
    "Access denied once, from then on": (cases.DENIED_ONCE, cases.DENIED_ON),
    "Every third call fails": (),
}


def kind_of(case: Case) -> str:
    """Return the key of `KINDS` that a case belongs to."""
    if case.call.startswith(cases.EVERY_THIRD):
        return "Every third call fails"
    return next(kind for kind, faults in KINDS.items() if case.fault in faults)


class Results:
    """The outcomes that are known, in a file: a run that is interrupted goes on from there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.outcomes: dict[str, Outcome] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                facts = json.loads(line)
                outcome = Outcome(**{**facts, "problems": tuple(facts["problems"])})
                self.outcomes[outcome.case] = outcome

    def add(self, outcome: Outcome) -> None:
        """Remember *outcome*."""
        self.outcomes[outcome.case] = outcome
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(vars(outcome)) + "\n")


def page(
    every: Sequence[Case],
    calls: Mapping[str, Sequence[str]],
    outcomes: Mapping[str, Outcome],
    today: date,
) -> str:
    """Return the part of the page that is written by `make chaos`."""
    seconds = sum(outcomes[case.id].seconds for case in every if case.id in outcomes)
    run, held = _count(every, outcomes)
    share = f"{held / run:.1%}" if run else "none"
    summary = (
        f"{today:%Y-%m-%d}: of {len(every):,} cases {run:,} were run, in {seconds / 60:.0f} minutes"
        f" of one worker; {held:,} converged, {share}."
    )
    lines = [
        summary,
        "",
        *_table(
            ("Scenario", "Calls", "Cases", "Run", "Converged"),
            (
                (name, str(len(calls[name])), *_figures(every, outcomes, scenario=name))
                for name in calls
            ),
        ),
        "",
        *_table(
            ("What goes wrong", "Cases", "Run", "Converged"),
            ((kind, *_figures(every, outcomes, kind=kind)) for kind in KINDS),
        ),
    ]
    wrong = [outcomes[case.id] for case in every if case.id in outcomes]
    told = [(f"`{item.case}`", _said(item)) for item in wrong if item.problems or not item.reached]
    if told:
        lines += ["", "Not converged, or not reached:", "", *_table(("Case", "What"), told)]
    return "\n".join(lines)


def _said(outcome: Outcome) -> str:
    text = "; ".join(outcome.problems) or "the call is not made every time"
    return text.replace("|", "\\|")[:300]


def _count(every: Iterable[Case], outcomes: Mapping[str, Outcome]) -> tuple[int, int]:
    run = [outcomes[case.id] for case in every if case.id in outcomes]
    return len(run), sum(not item.problems for item in run)


def _figures(
    every: Iterable[Case], outcomes: Mapping[str, Outcome], *, scenario: str = "", kind: str = ""
) -> tuple[str, str, str]:
    chosen = [
        case
        for case in every
        if scenario in {"", case.scenario.name} and kind in {"", kind_of(case)}
    ]
    return (str(len(chosen)), *map(str, _count(chosen, outcomes)))


def _table(header: tuple[str, ...], body: Iterable[tuple[str, ...]]) -> list[str]:
    return [
        f"| {' | '.join(header)} |",
        f"|{'|'.join(['---'] * len(header))}|",
        *(f"| {' | '.join(row)} |" for row in body),
    ]


def with_report(text: str, report: str) -> str:
    """Return the page *text* with *report* between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{report}\n\n{END}{after}"
