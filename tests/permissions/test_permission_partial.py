"""Texts that are known in part are cut so that whatever the rest is, the parts are among those."""

import itertools

import pytest

from chalice.permissions.reading import partial
from chalice.permissions.reading.values import ACCOUNT, HOLE, PARTITION, REGION, Tuple

OWNERS = (
    HOLE,
    REGION,
    ACCOUNT,
    f"a-{HOLE}-b",
    f"{HOLE}-b",
    f"a-{HOLE}",
    f"{HOLE}b",
    f"a-{REGION}-b",
    f"{REGION}-{ACCOUNT}",
    f"{REGION}.{HOLE}-{HOLE}.c",
    f"-{HOLE}-",
    f"{PARTITION}--{REGION}",
    "a-b--c.d",
    "",
)
# What a hole and each mark may be once it is known.
FILLS = {
    HOLE: ("", "x", "x-y", "-", "--", "x-", ".x-"),
    REGION: ("eu-west-1", "us-gov-east-1"),
    ACCOUNT: ("123456789012",),
    PARTITION: ("aws", "aws-cn"),
}
SEPARATORS = ("-", "--", ".", "b", "1", "-b", "::")


def filled(owner):
    """Return the texts that *owner* may be."""
    found = [owner]
    for mark, fills in FILLS.items():
        count = max(text.count(mark) for text in found)
        for _ in range(count):
            found = [text.replace(mark, fill, 1) for text in found for fill in fills]
    return sorted(set(found))


def is_among(part, known):
    return any(partial.pattern(text).fullmatch(part) for text in known)


def at(found, position):
    """Return what *found* knows of a position, as a subscript does."""
    if not found.rest or 0 <= position < len(found.items):
        return found.items[position]
    if -len(found.ends) <= position < 0:
        return found.ends[position]
    return frozenset().union(found.rest, *found.items)


@pytest.mark.parametrize(
    ("method", "limit"),
    [
        *itertools.product(("split", "rsplit"), (-1, 0, 1, 2)),
        ("partition", None),
        ("rpartition", None),
    ],
)
def test_each_part_of_what_a_text_may_be_is_known_where_it_stands(method, limit):
    more = () if limit is None else (limit,)

    for owner, separator in itertools.product(OWNERS, SEPARATORS):
        (found,) = getattr(partial, method)(owner, separator, *more)
        assert isinstance(found, Tuple)
        for text in filled(owner):
            parts = getattr(text, method)(separator, *more)
            case = (owner, separator, text, parts, found)
            assert found.rest or len(parts) == len(found.items), case
            for position in range(-len(parts), len(parts)):
                assert is_among(parts[position], at(found, position)), (position, case)


def test_a_text_of_which_all_is_known_is_cut_as_python_cuts_it():
    (found,) = partial.split("a-b--c.d", "-")

    assert found == Tuple(tuple(frozenset([part]) for part in ("a", "b", "", "c.d")))


@pytest.mark.parametrize(
    ("one", "other", "is_possible"),
    [
        (REGION, "eu-west-1", True),
        (REGION, "default", False),
        (f"b-{ACCOUNT}", "b-123456789012", True),
        (f"b-{ACCOUNT}", "b-12", False),
        (PARTITION, "aws-us-gov", True),
        (f"a-{HOLE}", "a-", True),
        (f"a-{HOLE}", "b-", False),
        (f"a-{HOLE}", f"b-{REGION}", False),
        (f"{HOLE}-b", f"{REGION}-b", True),
        (f"{HOLE}-a", f"{REGION}-b", False),
        ("a", "a", True),
        ("a", "b", False),
    ],
)
def test_two_texts_may_be_the_same_or_not(one, other, is_possible):
    assert partial.may_be(one, other) is is_possible
    assert partial.may_be(other, one) is is_possible
