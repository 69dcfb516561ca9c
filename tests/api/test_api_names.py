"""The public names are those that `names.txt` lists: a change of them is seen in review."""

from pathlib import Path

from public_names import names

import chalice

LISTED = Path(__file__).with_name("names.txt")


def test_the_public_names_are_those_that_are_listed():
    listed = LISTED.read_text(encoding="utf-8").splitlines()

    found = names()

    assert found == listed, (
        "the public names differ; if that is meant, run"
        " `.venv/bin/python tests/api/public_names.py > tests/api/names.txt`"
        " and write a changelog line"
    )


def test_the_version_says_that_it_is_chalice_2():
    # Error trackers take another path below 1.20.
    assert chalice.__version__.startswith("2.")
    assert chalice.chalice_version == chalice.__version__
