"""Patterns of others: read as Python reads them, and matched within a time."""

import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice.rules import patterns


@pytest.mark.parametrize(
    ("pattern", "fits", "other"),
    [
        ("(?:ab){e<=1}", "ab{e<=1}", "a"),
        ("a{e}", "a{e}", "b"),
        ("{", "{", "a"),
        ("a{,2}b", "aab", "aaab"),
        ("[[:alpha:]]", ":]", "q"),
        ("[a[]", "[", "]"),
        (r"\{e\}", "{e}", "e"),
        ("[$]", "$", ""),
    ],
)
def test_what_another_engine_would_read_otherwise_is_read_as_written(pattern, fits, other):
    for read in (patterns.python, patterns.ecma):
        assert read(pattern).fullmatch(fits)
        assert not read(pattern).fullmatch(other)


def test_a_dollar_of_a_schema_is_the_very_end():
    assert patterns.python("^a$").search("a\n")
    assert not patterns.ecma("^a$").search("a\n")


@pytest.mark.parametrize(
    "pattern", ["(", "[", r"\p{L}", r"\m", "a{2}{3}", "a{99999999999999999999}"]
)
def test_what_python_does_not_have_is_no_pattern(pattern):
    for read in (patterns.python, patterns.ecma):
        with pytest.raises(ValueError, match=r"."):
            read(pattern)


def test_a_match_ends_in_time_and_says_which_pattern_it_was():
    with pytest.raises(patterns.OutOfTimeError, match=re.escape("`^(a|aa)+$`")):
        patterns.python("^(a|aa)+$").search("a" * 60 + "b")


def test_the_matches_of_a_request_share_its_time():
    slow = patterns.python("^(a|aa)+$")

    with patterns.one_request():
        with pytest.raises(patterns.OutOfTimeError):
            slow.search("a" * 60 + "b")
        with pytest.raises(patterns.OutOfTimeError):
            patterns.python("a").search("a")

    assert patterns.python("a").search("a")


@given(
    st.from_regex(r"[ab\[\]{}()|*+?^$.,0-9\\dw-]{0,12}", fullmatch=True),
    st.text("ab{[0,", max_size=6),
)
def test_a_pattern_matches_what_python_says(pattern, text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            expected = re.fullmatch(pattern, text) is not None
    except (re.error, OverflowError):
        return

    assert patterns.python(pattern).fullmatch(text) is expected
