"""The JSON reader: as strict as JSON, with a place for every key."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalice.config.reader import MAX_DEPTH, read

FILE = ".chalice/config.json"

VALID = """{
  "version": "2.0",
  "stages": {
    "dev": {"lambda_timeout": 5, "layers": ["a", "b"]},
    "prod": {}
  },
  "nothing": null, "yes": true, "no": false, "number": -1.5e2
}
"""

# Text, line and column, a part of what is said, a part of the hint.
BROKEN = {
    "empty": ("", 1, 1, "the file is empty", '"app_name"'),
    "blank": ("\n  \n", 3, 1, "the file is empty", '"app_name"'),
    "trailing comma": ('{\n  "a": 1,\n}', 2, 9, "a comma before `}`", "remove the comma"),
    "trailing comma of a list": ('{"a": [1,]}', 1, 9, "a comma before `]`", "remove the comma"),
    "missing comma": ('{"a": 1\n "b": 2}', 2, 2, '`"` where `,` or `}`', "write `,`"),
    "missing colon": ('{"a" 1}', 1, 6, "`1` where `:`", "write `:`"),
    "never closed": ('{"a": {', 1, 8, "the end of the file", "a key in double quotes"),
    "line comment": ('{\n  // why\n  "a": 1}', 2, 3, "a comment", "no comments"),
    "block comment": ('{"a": /* why */ 1}', 1, 7, "a comment", "no comments"),
    "hash comment": ('{"a": 1 # why\n}', 1, 9, "a comment", "no comments"),
    "single quotes": ("{\"a\": 'x'}", 1, 7, "single quotes", "double quotes"),
    "key in single quotes": ("{'a': 1}", 1, 2, "`'` where a key", "a key in double quotes"),
    "key without quotes": ("{stages: {}}", 1, 2, "`stages` has no quotes", 'write `"stages"`'),
    "Python's True": ('{"a": True}', 1, 7, "`True` is not JSON", "write `true`"),
    "Python's None": ('{"a": None}', 1, 7, "`None` is not JSON", "write `null`"),
    "word without quotes": ('{"a": dev}', 1, 7, "`dev` is not JSON", 'write `"dev"`'),
    "NaN": ('{"a": NaN}', 1, 7, "`NaN` is not JSON", ""),
    "minus infinity": ('{"a": -Infinity}', 1, 7, "`-Infinity` is not JSON", "a number"),
    "number with a dot too many": ('{"a": 1.2.3}', 1, 10, "`.` where `,`", ""),
    "leading zero": ('{"a": 01}', 1, 8, "`1` where `,`", ""),
    "string over lines": ('{"a": "x\ny"}', 1, 9, "invalid control character", "closed by"),
    "string never closed": ('{"a": "x', 1, 7, "unterminated string", "closed by"),
    "bad escape": ('{"a": "\\q"}', 1, 8, "invalid \\", "`\\\\`"),
    "half a surrogate pair": ('{"a": "\\ud800"}', 1, 7, "surrogate", "the character itself"),
    "two values": ("{} {}", 1, 4, "`{` where the end of the file", ""),
    "control character": ("{\x01}", 1, 2, "the character U+0001", ""),
    "too deep": ("[" * 40, 1, MAX_DEPTH + 2, "deeper than", "nest less"),
}


def test_a_document_is_read_as_json_reads_it():
    document = read(VALID.encode(), FILE)

    assert document.problems == ()
    assert document.plain() == json.loads(VALID)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ([], 1),
        (["version"], 2),
        (["stages", "dev"], 4),
        (["stages", "dev", "layers"], 4),
        (["stages", "prod"], 5),
        (["number"], 7),
    ],
)
def test_a_value_has_the_line_of_its_key(path, line):
    document = read(VALID.encode(), FILE)

    node = document.find(path)

    assert node is not None
    assert document.where(node) == f"{FILE}:{line}"


@pytest.mark.parametrize("path", [["absent"], ["version", "below"], ["stages", "dev", "x", "y"]])
def test_there_is_no_value_where_nothing_is_written(path):
    document = read(VALID.encode(), FILE)

    assert document.find(path) is None
    assert document.where(None) == FILE


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN)
def test_broken_json_has_line_column_and_what_to_write(case):
    text, line, column, said, hint = case

    document = read(text.encode(), FILE)

    [problem] = document.problems
    assert document.root is None
    assert (problem.code, problem.where) == ("config-json", f"{FILE}:{line}")
    assert f"line {line} column {column}: " in problem.summary
    assert said in problem.summary
    assert hint in problem.hint
    assert document.plain() == {}


def test_every_repeated_key_is_told_with_both_lines():
    text = '{\n"a": 1,\n"b": {"c": 1, "c": 2},\n"a": 2\n}'

    document = read(text.encode(), FILE)

    assert [problem.code for problem in document.problems] == ["config-key-duplicate"] * 2
    assert [problem.where for problem in document.problems] == [f"{FILE}:3", f"{FILE}:4"]
    assert "key `a` is written twice, first in line 2" in document.problems[1].summary
    assert document.plain() == json.loads(text)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ("{}".encode("utf-16"), "byte order mark"),
        (b'{\n"a": "\xe9"}', "not UTF-8: byte 0xe9 in line 2"),
        (b"\x80", "not UTF-8: byte 0x80 in line 1"),
    ],
)
def test_another_encoding_is_told(data, said):
    document = read(data, FILE)

    [problem] = document.problems
    assert problem.code == "config-encoding"
    assert said in problem.summary
    assert "UTF-8" in problem.hint
    assert (document.file, document.root) == (FILE, None)


def test_numbers_that_no_key_takes_do_no_harm():
    text = '{"a": 1e999, "b": ' + "9" * 5000 + "}"

    document = read(text.encode(), FILE)

    assert document.problems == ()


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), values, max_size=5), st.sampled_from([None, 2]))
def test_what_json_writes_is_read_unchanged(value, indent):
    document = read(json.dumps(value, indent=indent).encode(), FILE)

    assert document.problems == ()
    assert document.plain() == value


def refused(text):
    try:
        json.loads(text, parse_constant=lambda word: 1 / 0)
    except (ValueError, ZeroDivisionError, RecursionError):
        return True
    return False


@given(st.text(alphabet="{}[]\",:\\ \n\t0123456789.-+eE'#/truefalsn\u00e9\x00", max_size=25))
@example('{"a":1,}')
@example('["\\ud83d\\ude00"]')
def test_any_text_is_read_or_told_where_it_breaks(text):
    document = read(text.encode(), FILE)

    assert (document.root is None) == refused(text) or "surrogate" in str(document.problems)
    assert all(problem.summary.isprintable() for problem in document.problems)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_told(data):
    document = read(data, FILE)

    assert document.root is not None or document.problems
