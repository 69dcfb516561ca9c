"""Runtimes that end are told of in time."""

from datetime import date

import pytest

from chalice.bundle.runtimes import ENDINGS, ending
from chalice.bundle.target import Target
from chalice.config.values import LAMBDA_PYTHONS


@pytest.mark.parametrize(
    ("python", "today", "says"),
    [
        ((3, 11), date(2026, 11, 22), None),
        ((3, 11), date(2026, 12, 31), None),
        ((3, 11), date(2027, 1, 1), "will be deprecated on 2027-06-30; from 2027-07-31 on no"),
        ((3, 11), date(2027, 6, 30), "is deprecated since 2027-06-30: it gets no security patches"),
        ((3, 11), date(2027, 7, 31), "has ended: since 2027-07-31 no function can be created"),
        ((3, 11), date(2027, 8, 31), "has ended: since 2027-08-31 no function that has it can be"),
        ((3, 10), date(2026, 11, 22), "is deprecated since 2026-10-31"),
        ((3, 14), date(2026, 11, 22), None),
        ((3, 15), date(2040, 1, 1), None),
    ],
)
def test_a_runtime_is_warned_of_from_half_a_year_before_its_end(python, today, says):
    problem = ending(Target(python), today)

    if says is None:
        assert problem is None
    else:
        assert problem is not None
        assert (problem.code, problem.severity) == ("runtime-ends", "warning")
        assert problem.summary.startswith(f"`python{python[0]}.{python[1]}` {says}")


def test_the_hint_names_a_runtime_that_lives_longer():
    problem = ending(Target((3, 10)), date(2026, 11, 22))

    assert problem is not None
    assert problem.hint == "set `lambda_python_version` to `3.14`"


def test_the_end_of_every_runtime_that_can_be_configured_is_known():
    assert {f"python{minor}" for minor in LAMBDA_PYTHONS} <= set(ENDINGS)


def test_the_days_of_every_runtime_are_in_order():
    for known in ENDINGS.values():
        assert known.deprecated < known.create_blocked < known.update_blocked
