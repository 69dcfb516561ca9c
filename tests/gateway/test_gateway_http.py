import pytest

from chalice.gateway import HttpRequest


@pytest.mark.parametrize(("name", "value"), [("x-a", "2"), ("X-A", "2"), ("X-B", None)])
def test_a_header_is_found_whatever_its_case_and_the_last_value_counts(name, value):
    request = HttpRequest("GET", "/", (("X-a", "1"), ("x-A", "2"), ("X-C", "3")))

    assert request.header(name) == value
