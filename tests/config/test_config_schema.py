"""The schema for editors and the table of the documentation say what the reader does."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.config.test_config_shape import VALUES

from chalice.config.check import shape
from chalice.config.keys import KEYS
from chalice.config.reader import read
from chalice.config.schema import schema, table, text

SHIPPED = files("chalice.config") / "schema.json"
PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"

validator = jsonschema.Draft202012Validator(schema())


def agree(config):
    """Tell whether the schema and the reader have the same opinion of *config*."""
    document = read(json.dumps(config).encode(), ".chalice/config.json")
    return validator.is_valid(config) == (not list(shape(document)))


def test_the_shipped_schema_is_the_one_of_the_table():
    assert SHIPPED.read_text("utf-8") == text(), "run `python -m chalice.config.schema`"


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_page_has_the_table():
    assert table() in PAGE.read_text("utf-8"), "run `python -m chalice.config.schema --table`"


@pytest.mark.parametrize(("arguments", "printed"), [([], text()), (["--table"], table() + "\n")])
def test_the_module_prints_them(arguments, printed):
    command = [sys.executable, "-m", "chalice.config.schema", *arguments]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout == printed


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, *rows in VALUES for row in rows for value in row]
)
def test_the_schema_and_the_reader_agree_on_a_value(name, value):
    # JSON Schema cannot tell 128.0 from 128.
    if not (isinstance(value, float) and value.is_integer()):
        assert agree({name: value})


words = st.sampled_from(["dev", "f", "AB", "a b", "vpce-1", "EDGE", "2.0", "x" * 20])
leaves = st.none() | st.booleans() | st.integers(-5, 1000) | words | st.lists(words, max_size=2)
keys = st.sampled_from([*KEYS, "stages", "lambda_functions", "lambda_timeot", "api_keys"])
objects = st.recursive(
    st.dictionaries(keys | words, leaves, max_size=3),
    lambda inner: st.dictionaries(keys | words, leaves | inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200)
@given(st.dictionaries(keys, leaves | objects, max_size=4))
def test_the_schema_and_the_reader_agree(config):
    assert agree(config)
