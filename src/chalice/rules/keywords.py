"""The keywords of JSON schema that API Gateway evaluates: one function each, which returns a check.

A check yields what is wrong with a value; a value of a type that the keyword is not about passes.

Source of the messages: those of `required`, `type` and `enum` as public tests and logs of deployed
APIs have them; the others are the texts of the library that writes those, `json-schema-validator`,
as other programs that use it were seen to print them. Unrecorded are those of `additionalItems`,
`allOf`, `dependencies`, `maxProperties`, `minProperties`, `multipleOf`, `not` and `uniqueItems`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from chalice.rules.decimals import divides

if TYPE_CHECKING:
    from chalice.rules.schemas import Pointer, Reader, Schema

Check: TypeAlias = Callable[[Any], Iterator[str]]
Fields: TypeAlias = Mapping[str, object]

# --- values ------------------------------------------------------------------------------------


# As the bodies of requests are read; 1.0 is no integer (draft 4, section 3.5).
_TYPE_NAMES: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    Decimal: "number",
    str: "string",
    list: "array",
    dict: "object",
}


def _is(value: Any, kind: str) -> bool:
    found = _TYPE_NAMES[type(value)]
    return found == kind or (found == "integer" and kind == "number")


def _key(value: Any) -> object:
    """Return what is equal for values that are equal in JSON: 1 and 1.0 are, 1 and true are not."""
    match value:
        case bool():
            return ("boolean", value)
        case float():
            return Decimal(str(value))
        case list():
            return ("array", tuple(map(_key, cast("list[object]", value))))
        case Mapping():
            members = cast("Mapping[str, Any]", value).items()
            return ("object", frozenset((name, _key(item)) for name, item in members))
        case _:
            return value


def _shown(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)


def _number(value: Any) -> int | Decimal | None:
    return value if _is(value, "number") else None


# --- any value ---------------------------------------------------------------------------------


def _type(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check:
    if isinstance(argument, list):
        kinds = reader.names(cast("list[object]", argument), place)
    else:
        kinds = [str(argument)]
    for kind in kinds:
        if kind not in _TYPE_NAMES.values():
            known = ", ".join(sorted(_TYPE_NAMES.values()))
            reader.refuse(place, f"`{kind}` is no type", f"write one of {known}")
    if isinstance(argument, list) or "null" in kinds:
        what = "list of types" if isinstance(argument, list) else "type `null`"
        reader.doubt_type(place, what)
    # The library names both kinds of numbers where any number is allowed.
    allowed = sorted({*kinds, *(("integer",) if "number" in kinds else ())})

    def check(value: Any) -> Iterator[str]:
        if not any(_is(value, kind) for kind in kinds):
            found = _TYPE_NAMES[type(value)]
            yield (
                f"instance type ({found}) does not match any allowed primitive type"
                f" (allowed: {_shown(allowed)})"
            )

    return check


def _enum(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check | None:
    if not _list(argument):
        reader.refuse(place, "`enum` is no list of values", "write `[1, 2]`")
        return None
    values = _list(argument)
    keys = {_key(item) for item in values}

    def check(value: Any) -> Iterator[str]:
        if _key(value) not in keys:
            possible = f"(possible values: {_shown(values)})"
            yield f"instance value ({_shown(value)}) not found in enum {possible}"

    return check


def _all_of(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check:
    schemas = reader.elements(argument, place)

    def check(value: Any) -> Iterator[str]:
        matched = sum(_fits(schema, value) for schema in schemas)
        if matched < len(schemas):
            yield (
                "instance failed to match all required schemas"
                f" (matched only {matched} out of {len(schemas)})"
            )

    return check


def _not(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check:
    schema = reader.schema(argument, place)

    def check(value: Any) -> Iterator[str]:
        if _fits(schema, value):
            yield "instance matched a schema which it should not have"

    return check


def _fits(schema: Schema, value: Any) -> bool:
    return next(schema.wrong(value), None) is None


# --- numbers -----------------------------------------------------------------------------------


def _minimum(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check:
    least = reader.number(argument, place)

    def check(value: Any) -> Iterator[str]:
        number = _number(value)
        if number is not None and number < least:
            yield (
                "numeric instance is lower than the required minimum"
                f" (minimum: {least}, found: {number})"
            )

    return check


def _maximum(reader: Reader, argument: object, place: Pointer, fields: Fields) -> Check:
    most = reader.number(argument, place)
    exclusive = fields.get("exclusiveMaximum") is True

    def check(value: Any) -> Iterator[str]:
        number = _number(value)
        if number is None:
            return
        if number > most:
            yield (
                "numeric instance is greater than the required maximum"
                f" (maximum: {most}, found: {number})"
            )
        elif exclusive and number == most:
            yield f"numeric instance is not strictly lower than the required maximum {most}"

    return check


def _exclusive_maximum(reader: Reader, argument: object, place: Pointer, fields: Fields) -> None:
    if reader.flag(argument, place) and "maximum" not in fields:
        reader.refuse(place, "`exclusiveMaximum` needs `maximum`", "write `maximum`, too")


def _multiple_of(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check | None:
    divisor = reader.number(argument, place)
    if divisor <= 0:
        reader.refuse(place, "`multipleOf` is not above 0", "write a number above 0")
        return None

    def check(value: Any) -> Iterator[str]:
        number = _number(value)
        if number is not None and not divides(divisor, number):
            yield f"remainder of division is not zero ({number} / {divisor})"

    return check


# --- texts -------------------------------------------------------------------------------------


def _min_length(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check:
    least = reader.count(argument, place)

    def check(value: Any) -> Iterator[str]:
        if isinstance(value, str) and len(value) < least:
            bounds = f"(length: {len(value)}, required minimum: {least})"
            yield f"string {_shown(value)} is too short {bounds}"

    return check


def _max_length(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check:
    most = reader.count(argument, place)

    def check(value: Any) -> Iterator[str]:
        if isinstance(value, str) and len(value) > most:
            bounds = f"(length: {len(value)}, maximum allowed: {most})"
            yield f"string {_shown(value)} is too long {bounds}"

    return check


def _pattern(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check | None:
    pattern = reader.pattern(argument, place)
    if pattern is None:
        return None

    def check(value: Any) -> Iterator[str]:
        if isinstance(value, str) and not pattern.search(value):
            yield f"ECMA 262 regex {_shown(argument)} does not match input string {_shown(value)}"

    return check


# --- lists -------------------------------------------------------------------------------------


def _items(reader: Reader, argument: object, place: Pointer, fields: Fields) -> Check:
    if not isinstance(argument, list):
        every = reader.schema(argument, place)

        def check(value: Any) -> Iterator[str]:
            for item in _list(value):
                yield from every.wrong(item)

        return check
    reader.doubt(place, "`items` for each place of a list")
    schemas = reader.elements(cast("list[object]", argument), place)
    others = fields.get("additionalItems")
    # What is no schema has been refused where it stands.
    after = reader.schema(others, (*place[:-1], "additionalItems")) if _is_schema(others) else None

    def check_each(value: Any) -> Iterator[str]:
        items = _list(value)
        for item, schema in zip(items, schemas, strict=False):
            yield from schema.wrong(item)
        if others is False and len(items) > len(schemas):
            yield f"array has {len(items)} elements, {len(schemas)} are allowed"
        if after is not None:
            for item in items[len(schemas) :]:
                yield from after.wrong(item)

    return check_each


def _additional_items(reader: Reader, argument: object, place: Pointer, _: Fields) -> None:
    """Refuse what is neither a flag nor a schema; `items` has the check."""
    reader.doubt(place, "`additionalItems`")
    if not _is_schema(argument):
        reader.flag(argument, place)


def _unique_items(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check | None:
    if not reader.flag(argument, place):
        return None

    def check(value: Any) -> Iterator[str]:
        items = _list(value)
        if len({_key(item) for item in items}) < len(items):
            yield "array must not contain duplicate elements"

    return check


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _is_schema(value: object) -> bool:
    return isinstance(value, Mapping)


# --- objects -----------------------------------------------------------------------------------


def _required(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check:
    names = sorted(set(reader.names(argument, place)))

    def check(value: Any) -> Iterator[str]:
        missing = [name for name in names if isinstance(value, dict) and name not in value]
        if missing:
            yield f"object has missing required properties ({_shown(missing)})"

    return check


def _properties(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check:
    schemas = reader.members(argument, place)

    def check(value: Any) -> Iterator[str]:
        members = _object(value)
        for name, schema in schemas.items():
            if name in members:
                yield from schema.wrong(members[name])

    return check


def _pattern_properties(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check:
    reader.doubt(place, "`patternProperties`")
    schemas = reader.members(argument, place)
    read = [(reader.pattern(text, (*place, text)), each) for text, each in schemas.items()]
    patterns = [(pattern, each) for pattern, each in read if pattern is not None]

    def check(value: Any) -> Iterator[str]:
        for name, item in _object(value).items():
            for pattern, schema in patterns:
                if pattern.search(name):
                    yield from schema.wrong(item)

    return check


def _additional_properties(
    reader: Reader, argument: object, place: Pointer, fields: Fields
) -> Check | None:
    if argument is True:
        return None
    # Source: API Gateway developer guide, "Amazon API Gateway important notes": not supported. Many
    # deployed APIs rely on it all the same.
    summary = "the documentation of API Gateway calls `additionalProperties` not supported"
    reader.refuse(place, summary, "check it in the view, too", "warning")
    schema = None if argument is False else reader.schema(argument, place)
    named = _names(fields.get("properties"))
    known = len(reader.faults)
    read = [reader.pattern(text, place) for text in _names(fields.get("patternProperties"))]
    patterns = [pattern for pattern in read if pattern is not None]
    del reader.faults[known:]  # `patternProperties` has told them

    def check(value: Any) -> Iterator[str]:
        members = _object(value)
        others = [
            name
            for name in members
            if name not in named and not any(pattern.search(name) for pattern in patterns)
        ]
        if schema is not None:
            for name in others:
                yield from schema.wrong(members[name])
        elif others:
            yield (
                "object instance has properties which are not allowed by the schema:"
                f" {_shown(sorted(others))}"
            )

    return check


def _dependencies(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check | None:
    if not isinstance(argument, Mapping):
        reader.refuse(place, "`dependencies` is no object", "write an object")
        return None
    reader.doubt(place, "`dependencies`")
    schemas: dict[str, Schema] = {}
    names: dict[str, list[str]] = {}
    for name, value in cast("Fields", argument).items():
        if _is_schema(value):
            schemas[name] = reader.schema(value, (*place, name))
        else:
            names[name] = sorted(set(reader.names(value, (*place, name))))

    def check(value: Any) -> Iterator[str]:
        members = _object(value)
        for name, wanted in names.items():
            missing = [item for item in wanted if name in members and item not in members]
            if missing:
                yield (
                    f"property {_shown(name)} of object has missing property dependencies"
                    f" (schema requires {_shown(wanted)}; missing: {_shown(missing)})"
                )
        for name, schema in schemas.items():
            if name in members:
                yield from schema.wrong(value)

    return check


def _min_properties(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check:
    least = reader.count(argument, place)

    def check(value: Any) -> Iterator[str]:
        if isinstance(value, dict) and len(_object(value)) < least:
            bounds = f"(found {len(_object(value))} but schema requires at least {least})"
            yield f"object has too few properties {bounds}"

    return check


def _max_properties(reader: Reader, argument: object, place: Pointer, _: Fields) -> Check:
    most = reader.count(argument, place)

    def check(value: Any) -> Iterator[str]:
        found = len(_object(value))
        if found > most:
            bounds = f"(found {found} but schema requires at most {most})"
            yield f"object has too many properties {bounds}"

    return check


def _object(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _names(value: object) -> list[str]:
    return [*cast("Fields", value)] if isinstance(value, Mapping) else []


#: Keyword -> what reads it: given the reader, the argument, its place and the schema around it.
KEYWORDS: dict[str, Callable[[Reader, object, Pointer, Fields], Check | None]] = {
    "additionalItems": _additional_items,
    "additionalProperties": _additional_properties,
    "allOf": _all_of,
    "dependencies": _dependencies,
    "enum": _enum,
    "exclusiveMaximum": _exclusive_maximum,
    "items": _items,
    "maxLength": _max_length,
    "maxProperties": _max_properties,
    "maximum": _maximum,
    "minLength": _min_length,
    "minProperties": _min_properties,
    "minimum": _minimum,
    "multipleOf": _multiple_of,
    "not": _not,
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "properties": _properties,
    "required": _required,
    "type": _type,
    "uniqueItems": _unique_items,
}
