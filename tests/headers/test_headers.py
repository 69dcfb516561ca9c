import pytest

from chalice.headers import is_header_name, is_header_value


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
