"""The tables of the standard library are those of the interpreters."""

import sys

import pytest

from chalice.bundle.python.standard_library import (
    INSTEAD,
    OTHER_SYSTEMS,
    removed_in,
    standard_library,
)

# Internal to the interpreter's own build, and gone with its first release of the minor.
_OF_THE_BUILD = {"_bootsubprocess"}


@pytest.mark.skipif(sys.version_info >= (3, 15), reason="no table yet")
def test_the_table_of_this_python_is_its_own():
    here = (sys.version_info[0], sys.version_info[1])

    assert standard_library(here) == sys.stdlib_module_names - OTHER_SYSTEMS - _OF_THE_BUILD


@pytest.mark.parametrize(
    ("name", "python", "version"),
    [
        ("distutils", (3, 11), None),
        ("distutils", (3, 12), (3, 12)),
        ("cgi", (3, 14), (3, 13)),
        ("nowhere", (3, 14), None),
    ],
)
def test_what_was_removed_is_known_by_version(name, python, version):
    assert removed_in(name, python) == version


def test_what_is_written_instead_is_gone_itself():
    assert all(removed_in(name, (3, 14)) for name in INSTEAD)


def test_a_later_python_is_taken_for_the_newest_that_is_known():
    assert standard_library((3, 20)) == standard_library((3, 14))
