"""Where something stands in the parameters of a call, and what a call is given there."""

import pytest
from tests.permissions.asked import load

from chalice.permissions import read
from chalice.permissions.granting import places
from chalice.permissions.granting.given import call_of
from chalice.permissions.granting.places import Found
from chalice.permissions.reading.services import Services
from chalice.permissions.reading.values import HOLE

SERVICES = Services(load)


def call(given):
    """Return a call that is given *given*, in which nobody knows `anything`."""
    source = f"import boto3\ndef go(anything):\n    boto3.client('ecs').run_task({given})\n"
    found = read({"app.py": source.encode()}, {}, SERVICES)
    (use,) = found.uses
    return call_of(use, found.engine)


@pytest.mark.parametrize(
    ("given", "place", "expected"),
    [
        ("A={'B': 'x'}", "A.B", Found(("x",))),
        ("A={'B': 'x'}", "A.C", Found(())),
        ("A=[{'B': 'x'}, {'B': ['y']}]", "A.B", Found(("x", "y"))),
        ("A={'key': {'B': 'x'}}", "A.*.B", Found(("x",))),
        ("A={'OneArn': 'x', 'Two': 'y'}", "A.*Arn", Found(("x",))),
        ("A={'B': None}", "A.B", Found(())),
        ("A=[]", "A", Found(())),
        ("A=False", "A", Found(())),
        ("A=anything", "A", Found((HOLE,))),
        ("A={'B': anything}", "A.B", Found((HOLE,))),
        # Where each member on the way is required, it is there, whatever it is.
        ("A=anything", "A.B!", Found((HOLE,))),
        ("**anything", "A!.B!", Found((HOLE,))),
        ("A=anything", "A.B", Found((), is_possible=True, is_near=True)),
        ("**anything", "A!.B", Found((), is_possible=True, is_near=True)),
        ("A={**anything}", "A.B", Found((), is_possible=True, is_near=True)),
        ("A=anything", "A.B.C.D.E", Found((), is_possible=True)),
        ("B='x'", "A.B", Found(())),
    ],
)
def test_what_is_given_at_a_place_may_be_known_or_possible(given, place, expected):
    assert places.at(call(given), place) == expected


@pytest.mark.parametrize(
    ("given", "is_given"),
    [("A=[]", True), ("A=None", False), ("A=[{'B': None}]", False), ("**anything", True)],
)
def test_what_is_given_may_be_empty_and_is_not_none(given, is_given):
    assert places.is_given(call(given), "A" if "B" not in given else "A.B") is is_given


def test_members_beside_each_other_stay_together():
    rows = places.beside(call("A=[{'B': 'x', 'C': 'y'}, {'B': 'z'}, anything]"), "A", "B", "C", "")

    possible = Found((), is_possible=True, is_near=True)
    assert sorted(map(repr, rows)) == sorted(
        map(
            repr,
            [
                (Found(("x",)), Found(("y",)), Found(())),
                (Found(("z",)), Found(()), Found(())),
                (possible, possible, Found(())),
            ],
        )
    )


def test_what_may_be_given_is_any_text_where_one_is_asked_for():
    assert places.at(call("A=anything"), "A.B").any_text == [HOLE]
