"""The work of a reading is in proportion to the program, whatever its shape.

Counted is what does not depend on the machine: calls of functions, and bytes. What 20,000 lines may
take, 2 s and 200 MiB, is 12 million calls on a machine of today, and 8,000 bytes a line beside
what the interpreter and the SDK's models have.
"""

import cProfile
import tracemalloc

import pytest
from benchmarks.reading.shapes import SHAPES
from tests.permissions.asked import load

from chalice.permissions import policy_of, read
from chalice.permissions.reading.services import Services

LINES = 3000
MOST_CALLS, MOST_BYTES = 600, 8000

# Models are read once for all programs.
SERVICES = Services(load)


def reading(files):
    found = read(files, {}, SERVICES)
    policy_of(found)
    return found


def calls_of(files):
    """Return how many functions are called to read *files*, once models and code are there."""
    profile = cProfile.Profile()
    profile.runcall(reading, files)
    return sum(entry.callcount for entry in profile.getstats())


def lines_of(files):
    return sum(content.count(b"\n") for content in files.values())


@pytest.mark.parametrize("name", SHAPES)
def test_a_line_takes_so_many_calls_and_no_more(name):
    files = SHAPES[name](LINES)
    reading(SHAPES[name](100))

    assert calls_of(files) / lines_of(files) < MOST_CALLS


@pytest.mark.parametrize("name", ["handlers", "numbers", "routes", "services", "table", "tables"])
def test_a_line_takes_so_many_bytes_and_no_more(name):
    files = SHAPES[name](LINES)
    reading(SHAPES[name](100))

    tracemalloc.start()
    try:
        reading(files)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak / lines_of(files) < MOST_BYTES


@pytest.mark.parametrize("name", ["asynchronous", "class_diamonds", "handlers"])
def test_twice_as_many_lines_take_twice_as_many_calls(name):
    reading(SHAPES[name](100))

    once, twice = (calls_of(SHAPES[name](lines)) for lines in (LINES, 2 * LINES))

    assert twice < 2.5 * once
