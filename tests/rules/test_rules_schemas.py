# ruff: noqa: E501 - messages are compared whole
"""Schemas of bodies: what fits, what is said of what does not, and what cannot be a schema."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice.rules.schemas import UNREADABLE, parse


def errors(schema, value):
    """Return what is said of a JSON value, or of the text of one."""
    found, faults = parse(schema)
    assert [fault for fault in faults if fault.severity == "error"] == []
    return found.errors(value if isinstance(value, bytes) else json.dumps(value).encode())


def faults(schema, resolve=None, severity="error"):
    return [
        ("/".join(fault.pointer), fault.summary)
        for fault in parse(schema, resolve)[1]
        if fault.severity == severity
    ]


# schema, what fits, what does not with what is said of it
KEYWORDS = [
    (
        {"type": "string"},
        "a",
        1,
        'instance type (integer) does not match any allowed primitive type (allowed: ["string"])',
    ),
    (
        {"type": "number"},
        1.5,
        "a",
        'instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])',
    ),
    (
        {"type": "number"},
        1,
        True,
        'instance type (boolean) does not match any allowed primitive type (allowed: ["integer","number"])',
    ),
    (
        {"type": "integer"},
        3,
        3.0,
        'instance type (number) does not match any allowed primitive type (allowed: ["integer"])',
    ),
    (
        {"type": ["null", "array"]},
        None,
        {},
        'instance type (object) does not match any allowed primitive type (allowed: ["array","null"])',
    ),
    (
        {"enum": ["A", 1]},
        1.0,
        "B",
        'instance value ("B") not found in enum (possible values: ["A",1])',
    ),
    (
        {"enum": [1, [0.5], {"a": None}]},
        {"a": None},
        True,
        'instance value (true) not found in enum (possible values: [1,[0.5],{"a":null}])',
    ),
    (
        {"required": ["b", "a"]},
        {"a": 1, "b": 2},
        {},
        'object has missing required properties (["a","b"])',
    ),
    (
        {"properties": {"a": {"type": "null"}}},
        {"a": None},
        {"a": 1},
        'instance type (integer) does not match any allowed primitive type (allowed: ["null"])',
    ),
    (
        {"patternProperties": {"^x": {"minimum": 1}}},
        {"x": 1, "y": 0},
        {"x": 0},
        "numeric instance is lower than the required minimum (minimum: 1, found: 0)",
    ),
    (
        {"properties": {"a": {}}, "patternProperties": {"^x": {}}, "additionalProperties": False},
        {"a": 1, "x1": 1},
        {"c": 1, "b": 1},
        'object instance has properties which are not allowed by the schema: ["b","c"]',
    ),
    (
        {"additionalProperties": {"maxLength": 1}},
        {"a": "b"},
        {"a": "bc"},
        'string "bc" is too long (length: 2, maximum allowed: 1)',
    ),
    (
        {"minProperties": 1},
        {"a": 1},
        {},
        "object has too few properties (found 0 but schema requires at least 1)",
    ),
    (
        {"maxProperties": 0},
        {},
        {"a": 1},
        "object has too many properties (found 1 but schema requires at most 0)",
    ),
    (
        {"dependencies": {"a": ["c", "b"]}},
        {"a": 1, "b": 1, "c": 1},
        {"a": 1, "c": 1},
        'property "a" of object has missing property dependencies (schema requires ["b","c"]; missing: ["b"])',
    ),
    (
        {"dependencies": {"a": {"required": ["b"]}}},
        {"c": 1},
        {"a": 1},
        'object has missing required properties (["b"])',
    ),
    (
        {"items": {"minimum": 2}},
        [2],
        [1],
        "numeric instance is lower than the required minimum (minimum: 2, found: 1)",
    ),
    (
        {"items": [{"minimum": 2}]},
        [2, 0],
        [1, 0],
        "numeric instance is lower than the required minimum (minimum: 2, found: 1)",
    ),
    ({"items": [{}], "additionalItems": False}, [1], [1, 2], "array has 2 elements, 1 are allowed"),
    (
        {"items": [{}], "additionalItems": {"maximum": 1}},
        [5, 1],
        [5, 2],
        "numeric instance is greater than the required maximum (maximum: 1, found: 2)",
    ),
    (
        {"uniqueItems": True},
        [1, True, "1", [1], {"a": 1}],
        [1, 1.0],
        "array must not contain duplicate elements",
    ),
    (
        {"minimum": 0.1},
        0.1,
        0.05,
        "numeric instance is lower than the required minimum (minimum: 0.1, found: 0.05)",
    ),
    (
        {"maximum": 5},
        5,
        6,
        "numeric instance is greater than the required maximum (maximum: 5, found: 6)",
    ),
    (
        {"maximum": 5, "exclusiveMaximum": True},
        4,
        5,
        "numeric instance is not strictly lower than the required maximum 5",
    ),
    (
        {"maximum": 5, "exclusiveMaximum": False},
        5,
        6,
        "numeric instance is greater than the required maximum (maximum: 5, found: 6)",
    ),
    ({"multipleOf": 0.1}, 0.3, 0.35, "remainder of division is not zero (0.35 / 0.1)"),
    ({"minLength": 2}, "ab", "a", 'string "a" is too short (length: 1, required minimum: 2)'),
    (
        {"maxLength": 1},
        "\U0001f600",
        "ab",
        'string "ab" is too long (length: 2, maximum allowed: 1)',
    ),
    (
        {"pattern": "^[0-9]+$"},
        "12",
        "12\n",
        'ECMA 262 regex "^[0-9]+$" does not match input string "12\\n"',
    ),
    (
        {"pattern": r"^\d[$]\$$"},
        "1$$",
        "\u0661$$",
        'ECMA 262 regex "^\\\\d[$]\\\\$$" does not match input string "\u0661$$"',
    ),
    (
        {"allOf": [{"minimum": 1}, {"maximum": 3}]},
        2,
        4,
        "instance failed to match all required schemas (matched only 1 out of 2)",
    ),
    ({"not": {"type": "null"}}, 1, None, "instance matched a schema which it should not have"),
]


@pytest.mark.parametrize(("schema", "fits", "other", "message"), KEYWORDS)
def test_a_keyword_lets_pass_what_fits_and_names_what_does_not(schema, fits, other, message):
    assert errors(schema, fits) == []
    assert errors(schema, other) == [message]


VALUES = [None, True, 1, 1.5, "text", [], {}]


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_keywords_of_one_type_let_values_of_other_types_pass(value):
    about = {
        int: {"minimum": 9, "maximum": 9, "multipleOf": 9},
        str: {"minLength": 99, "pattern": "^$"},
        list: {"items": {"not": {}}, "uniqueItems": True},
        dict: {"required": ["a"], "minProperties": 1, "dependencies": {"a": ["b"]}},
    }
    kind = {float: int}.get(type(value), type(value))
    schema = {}
    for other, keywords in about.items():
        schema |= {} if other is kind else keywords

    assert errors(schema, value) == []


def test_everything_that_is_wrong_is_said():
    schema = {"properties": {"n": {"type": "integer"}}, "required": ["m"]}

    assert len(errors(schema, {"n": "a"})) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"NaN",
        b"-Infinity",
        b"\xff",
        b'{"a":1}x',
        b"[" * 200_000,
        b"9" * 5_000,
        b"0." + b"9" * 5_000,
    ],
    ids=[
        "empty",
        "blank",
        "cut off",
        "NaN",
        "infinite",
        "no text",
        "more",
        "deep",
        "long number",
        "long fraction",
    ],
)
def test_what_is_no_json_does_not_fit(body):
    assert errors({}, body) == [UNREADABLE]


@pytest.mark.parametrize(
    ("divisor", "body"),
    [
        (0.1, b"1e28"),
        (0.1, b"1e400"),
        (0.01, b"123456789012345678901234567890.12"),
        (7, b"7e999999"),
        (7, b"-21"),
        (1e-300, b"5"),
        (1e300, b"0"),
        (2.5, b"1e1"),
    ],
)
def test_what_is_a_multiple_fits_however_large_it_is(divisor, body):
    assert errors({"multipleOf": divisor}, body) == []


@pytest.mark.parametrize(
    ("divisor", "body"),
    [
        (7, b"1e400"),
        (0.01, b"123456789012345678901234567890.123"),
        (1e300, b"5"),
        (7, b"1e-999999"),
        (3, b"1e999999999999"),
    ],
)
def test_what_is_no_multiple_does_not_fit_however_large_it_is(divisor, body):
    [message] = errors({"multipleOf": divisor}, body)

    assert message.startswith("remainder of division is not zero")


def test_numbers_are_exact():
    assert errors({"maximum": 1}, b"1.0000000000000000000001") != []
    assert errors({"enum": [0.1]}, b"0.10") == []
    assert parse({"minimum": Decimal("0.5")})[0].errors(b"0.5") == []


def test_what_only_annotates_is_not_looked_at():
    schema = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "id": "x",
        "title": "t",
        "description": "d",
        "default": 1,
        "example": 2,
        "x-mine": True,
    }

    assert errors(schema, "anything") == []


@pytest.mark.parametrize(
    ("keyword", "who"),
    [
        ("anyOf", "API Gateway"),
        ("oneOf", "API Gateway"),
        ("minItems", "API Gateway"),
        ("exclusiveMinimum", "API Gateway"),
        ("format", "the local gateway"),
        ("nullable", "API Gateway"),
        ("const", "the local gateway"),
    ],
)
def test_a_keyword_that_is_not_evaluated_is_refused_where_it_stands(keyword, who):
    schema = {"properties": {"a": {"items": {keyword: 1}}}}

    assert faults(schema) == [
        (f"properties/a/items/{keyword}", f"{who} does not evaluate `{keyword}`")
    ]


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ([], ""),
        ({"type": "text"}, "type"),
        ({"type": []}, "type"),
        ({"type": 1}, "type"),
        ({"type": ["string", 1]}, "type"),
        ({"enum": []}, "enum"),
        ({"enum": "a"}, "enum"),
        ({"required": []}, "required"),
        ({"required": "a"}, "required"),
        ({"required": [1]}, "required"),
        ({"properties": []}, "properties"),
        ({"properties": {"a": 1}}, "properties/a"),
        ({"patternProperties": {"(": {}}}, "patternProperties/("),
        ({"patternProperties": {"(": {}}, "additionalProperties": True}, "patternProperties/("),
        ({"dependencies": []}, "dependencies"),
        ({"dependencies": {"a": "b"}}, "dependencies/a"),
        ({"items": 1}, "items"),
        ({"items": []}, "items"),
        ({"items": [1]}, "items/0"),
        ({"additionalItems": 1}, "additionalItems"),
        ({"uniqueItems": 1}, "uniqueItems"),
        ({"minimum": "1"}, "minimum"),
        ({"minimum": True}, "minimum"),
        ({"minimum": float("nan")}, "minimum"),
        ({"multipleOf": 0}, "multipleOf"),
        ({"exclusiveMaximum": True}, "exclusiveMaximum"),
        ({"maximum": 1, "exclusiveMaximum": 1}, "exclusiveMaximum"),
        ({"minLength": -1}, "minLength"),
        ({"maxLength": 1.5}, "maxLength"),
        ({"pattern": "["}, "pattern"),
        ({"pattern": 1}, "pattern"),
        ({"pattern": r"a\Z"}, "pattern"),
        ({"pattern": "(?i)a"}, "pattern"),
        ({"pattern": "(?P<n>a)"}, "pattern"),
        ({"allOf": {}}, "allOf"),
        ({"allOf": []}, "allOf"),
        ({"not": 1}, "not"),
        ({"$ref": "#/x"}, "$ref"),
        ({"$ref": 1}, "$ref"),
    ],
)
def test_what_is_no_schema_is_refused_where_it_stands(schema, place):
    assert [found for found, _ in faults(schema)] == [place]


def test_patterns_that_exclude_additional_properties_are_refused_once():
    schema = {"patternProperties": {"(": {}}, "additionalProperties": False}

    assert [place for place, _ in faults(schema)] == ["patternProperties/("]


def test_additional_properties_are_warned_of_since_the_documentation_is():
    [fault] = parse({"additionalProperties": False})[1]

    assert (fault.severity, fault.pointer) == ("warning", ("additionalProperties",))


TREE = {"type": "object", "properties": {"next": {"$ref": "#/tree"}}, "required": ["value"]}


def test_a_schema_may_refer_to_itself():
    schema, found = parse({"$ref": "#/tree"}, {"#/tree": TREE}.get)

    assert found == []
    assert schema.errors(b'{"value": 1, "next": {"value": 2}}') == []
    assert schema.errors(b'{"value": 1, "next": {}}') == [
        'object has missing required properties (["value"])'
    ]


def test_a_reference_that_leads_nowhere_is_refused():
    assert faults({"not": {"$ref": "#/gone"}}, {}.get) == [("not/$ref", "`#/gone` leads nowhere")]


@pytest.mark.parametrize(
    ("schemas", "place"),
    [
        ({"#/a": {"$ref": "#/a"}}, "x/$ref/$ref"),
        ({"#/a": {"$ref": "#/b"}, "#/b": {"$ref": "#/a"}}, "x/$ref/$ref/$ref"),
        ({"#/a": {"allOf": [{}, {"not": {"$ref": "#/a"}}]}}, "x/$ref/allOf/1/not/$ref"),
        (
            {
                "#/a": {"properties": {"b": {"$ref": "#/b"}}, "allOf": [{"$ref": "#/b"}]},
                "#/b": {"allOf": [{"$ref": "#/a"}]},
            },
            "x/$ref/allOf/0/$ref",
        ),
    ],
    ids=["itself", "one another", "through others", "seen before"],
)
def test_references_that_lead_only_to_one_another_are_refused(schemas, place):
    found = faults({"properties": {"x": {"$ref": "#/a"}}}, schemas.get)

    [(where, summary)] = found
    assert where == f"properties/{place}"
    assert summary.endswith("leads only back to itself: no value fits it")


def test_references_that_lead_back_for_a_part_of_a_value_are_followed():
    schemas = {
        "#/a": {"allOf": [{"$ref": "#/b"}], "items": {"$ref": "#/a"}},
        "#/b": {"properties": {"a": {"$ref": "#/a"}}},
    }

    assert faults({"$ref": "#/a"}, schemas.get) == []


@pytest.mark.parametrize(
    ("schema", "place", "summary", "hint"),
    [
        ({"type": ["string", "integer"]}, "type", "has no list of types", "check it in the view"),
        ({"type": ["string", "null"]}, "type", "has no list of types", "leave `type` out"),
        ({"type": "null"}, "type", "has no type `null`", "leave `type` out"),
        ({"items": [{}]}, "items", "`items` for each place", "check it in the view, too"),
        ({"additionalItems": False}, "additionalItems", "`additionalItems`", "check it"),
        ({"patternProperties": {}}, "patternProperties", "`patternProperties`", "check it"),
        ({"dependencies": {}}, "dependencies", "`dependencies`", "check it"),
        ({"pattern": "^(a|aa)+$"}, "pattern", "is matched without end", "in several ways"),
    ],
)
def test_what_a_definition_cannot_say_is_warned_of(schema, place, summary, hint):
    [fault] = parse({"not": schema})[1]

    assert ("/".join(fault.pointer), fault.severity) == (f"not/{place}", "warning")
    assert summary in fault.summary
    assert hint in fault.hint


def test_a_schema_that_is_too_deep_is_refused():
    schema = {}
    for _ in range(5_000):
        schema = {"not": schema}

    assert faults(schema) == [("", "the schema is nested too deeply")]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_a_value_is_one_of_itself_and_of_its_own_type(value):
    body = json.dumps(value).encode()
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    kind = "null" if value is None else names.get(type(value), "object")

    assert errors({"enum": [value]}, body) == []
    assert errors({"type": kind}, body) == []
    assert errors({"not": {"enum": [value]}}, body) != []


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_hostile_bodies_are_answered_and_raise_nothing(body):
    schema, found = parse(
        {
            "type": "object",
            "required": ["a"],
            "properties": {"a": {"items": {"$ref": "#/tree"}, "uniqueItems": True}},
            "patternProperties": {"^b": {"multipleOf": 0.01, "maximum": 10}},
            "additionalProperties": {"pattern": "^x", "enum": ["x", 1]},
            "dependencies": {"a": ["b"]},
        },
        {"#/tree": TREE}.get,
    )

    told = schema.errors(body)

    assert [fault for fault in found if fault.severity == "error"] == []
    assert all(isinstance(message, str) for message in told)


@given(JSON)
def test_whatever_is_given_as_a_schema_is_read_or_refused(value):
    schema, found = parse(value)

    assert found or schema.errors(b"{}") is not None
