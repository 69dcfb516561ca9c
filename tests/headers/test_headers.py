import pytest

from chalice.headers import is_header_name, is_header_value
from chalice.runtime.http import split_headers


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("X-Amz-Date", True),
        ("!#$%&'*+-.^_`|~09", True),
        ("", False),
        ("a b", False),
        ("a:", False),
        ("a\n", False),
        ("é", False),
        ("a(b)", False),
    ],
)
def test_a_header_name_is_a_token(name, valid):
    assert is_header_name(name) is valid


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("", True),
        ("a b", True),
        ("\t", True),
        ("é€\u2028\x80", True),
        ("\r", False),
        ("a\n", False),
        ("\0", False),
        ("\x7f", False),
        ("\ud800", False),
    ],
)
def test_a_header_value_has_no_control_characters(value, valid):
    assert is_header_value(value) is valid


CHARACTERS = [chr(number) for number in range(0x100)]


def sent_by_the_runtime(name, value):
    try:
        split_headers({name: value})
    except ValueError:
        return False
    return True


def test_the_runtime_and_the_tools_agree_on_names():
    names = ["", *CHARACTERS, *(f"a{mark}b" for mark in CHARACTERS)]

    assert [sent_by_the_runtime(name, "a") for name in names] == [*map(is_header_name, names)]


def test_the_runtime_and_the_tools_agree_on_values():
    values = ["", *CHARACTERS, *(f"a{mark}b" for mark in CHARACTERS), "€", "\u2028"]

    assert [sent_by_the_runtime("A", value) for value in values] == [*map(is_header_value, values)]
