"""The work of a reading is in proportion to the program, whatever its shape.

Counted is what does not depend on the machine: calls of functions, and bytes. What 20,000 lines may
take, 2 s and 200 MiB, is 12 million calls on a machine of today, and 8,000 bytes a line beside
what the interpreter and the SDK's models have. Each shape is held to what it takes and a twentieth;
whose line has become dearer sees it here first.
"""

import cProfile
import tracemalloc

import pytest
from benchmarks.reading.shapes import SHAPES
from tests.permissions.asked import load

from chalice.permissions import policy_of, read
from chalice.permissions.reading.services import Services

LINES = 3000
MOST_BYTES = 8000

# Calls a line. This package's own source is another with each change.
MOST_CALLS = {
    "services": 182,
    "routes": 167,
    "models": 124,
    "asynchronous": 104,
    "handlers": 241,
    "own_source": 140,
    "table": 47,
    "numbers": 47,
    "tables": 118,
    "call_diamonds": 401,
    "class_diamonds": 290,
    "factories": 294,
    "decorators": 98,
    "hierarchy": 437,
    "recursion": 372,
    "branches": 25,
}

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

    assert calls_of(files) / lines_of(files) < MOST_CALLS[name]


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

    once, twice = (calls_of(SHAPES[name](lines)) for lines in (LINES // 2, LINES))

    assert twice < 2.5 * once
