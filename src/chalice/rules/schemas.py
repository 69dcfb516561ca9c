"""JSON schemas of request bodies, as API Gateway validates by them: draft 4, less what it lacks.

    value --parse--> Schema --errors--> messages

A keyword that is not evaluated is a fault: no schema is looked at in part. The messages are those
of the validator behind API Gateway, since an API can send them to its clients, as
`$context.error.validationErrorString`. `keywords.py` has a function for each keyword.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, cast

from chalice.rules.decimals import decimal
from chalice.rules.keywords import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalice.rules.keywords import Check
    from chalice.rules.patterns import Pattern

Pointer = tuple[str, ...]

#: What is said of a body that is empty or no JSON.
#: Source: the log of a deployed API, 2021, for an empty body.
UNREADABLE = "Unknown error parsing request body"

# What says nothing about a value; API Gateway drops `example`.
_ANNOTATIONS = frozenset(
    {"$schema", "id", "title", "description", "default", "example", "externalDocs", "xml"}
)

# Keywords of draft 4 or of OpenAPI that API Gateway does not evaluate.
# Source: API Gateway developer guide, "Amazon API Gateway important notes", REST APIs and OpenAPI;
# of `nullable`, an imported model that lacks it (Stack Overflow, question 71649459).
_NOT_SUPPORTED = frozenset(
    {
        "anyOf",
        "discriminator",
        "exclusiveMinimum",
        "maxItems",
        "minItems",
        "nullable",
        "oneOf",
        "readOnly",
    }
)

# Where a value may be null, neither OpenAPI's way nor that of JSON schema arrives: see there.
_WITHOUT_TYPE = "leave `type` out, and check it in the view"
_INSTEAD = {"nullable": _WITHOUT_TYPE}

# The keywords that apply a schema to the same value.
_IN_PLACE = ("$ref", "allOf", "not")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a schema, and where in it; with a `warning` it can still be used.

    Attributes:
        pointer: the place in the schema; it goes through `$ref` where that is followed.
        summary: what is wrong.
        hint: what to write instead.
        severity: `error` or `warning`.
        unread: whether the rest of the schema is read, and this keyword alone is passed over.
    """

    pointer: Pointer
    summary: str
    hint: str
    severity: str = "error"
    unread: bool = False


class Schema:
    """A schema that is ready to be asked.

    Attributes:
        has_patterns: whether `errors` matches any, and so can take too long.
    """

    __slots__ = ("_checks", "has_patterns")

    def __init__(self) -> None:
        self._checks: list[Check] = []
        self.has_patterns = False

    def add(self, check: Check) -> None:
        """Have *check* look at values, too."""
        self._checks.append(check)

    def wrong(self, value: Any) -> Iterator[str]:
        """Yield what is wrong with a JSON value whose numbers are integers and decimals."""
        for check in self._checks:
            yield from check(value)

    def errors(self, body: bytes) -> list[str]:
        """Return what is wrong with a request *body*; nothing if it fits.

        A body that is too deep to be looked at does not fit.

        Raises:
            OutOfTimeError: a pattern of the schema took too long.
        """
        try:
            value = _loaded(body)
            if not self.has_patterns:
                return list(self.wrong(value))
            from chalice.rules.patterns import one_request  # noqa: PLC0415 - loaded already

            with one_request():
                return list(self.wrong(value))
        except (ValueError, RecursionError, InvalidOperation):
            return [UNREADABLE]


def _loaded(body: bytes) -> Any:
    # Decimals: as floats, 0.3 is no multiple of 0.1, and 1e999 is infinite.
    text = body.decode("utf-8", "replace")
    return json.loads(text, parse_float=decimal, parse_constant=_no_json)


def _no_json(name: str) -> Any:
    raise ValueError(name)


def parse(
    value: object, resolve: Callable[[str], object] | None = None
) -> tuple[Schema, list[Fault]]:
    """Return the schema that *value* is, and why it cannot be used.

    Args:
        value: a schema, as JSON.
        resolve: returns what a `$ref` leads to, None for nothing; without it none is followed.

    >>> schema, faults = parse({"type": "object", "required": ["item"]})
    >>> schema.errors(b'{"item": 1}'), schema.errors(b"{}"), faults
    ([], ['object has missing required properties (["item"])'], [])
    """
    reader = Reader(resolve)
    try:
        schema = reader.schema(value, ())
    except RecursionError:
        return Schema(), [Fault((), "the schema is nested too deeply", "make it flatter")]
    reader.refuse_circles()
    schema.has_patterns = reader.has_patterns
    return schema, reader.faults


@dataclass(slots=True)
class Reader:
    """Reads one schema; what is wrong with it gathers in `faults`."""

    resolve: Callable[[str], object] | None
    faults: list[Fault] = field(default_factory=list[Fault])
    has_patterns: bool = False
    _known: dict[str, Schema] = field(default_factory=dict[str, Schema])
    # The references that are being read, outermost first, and where each of them stands.
    _followed: list[tuple[str, Pointer]] = field(default_factory=list[tuple[str, Pointer]])
    # Reference -> those that its values have to fit as well, and where.
    _steps: dict[str, dict[str, Pointer]] = field(default_factory=dict[str, dict[str, Pointer]])

    def refuse(self, place: Pointer, summary: str, hint: str, severity: str = "error") -> None:
        """Note what is wrong at *place*."""
        self.faults.append(Fault(place, summary, hint, severity))

    def doubt(self, place: Pointer, what: str) -> None:
        """Warn of *what* JSON schema has and the definition of an API cannot say."""
        # Source: OpenAPI specification 3.0.1, "Schema Object", whose keywords these are not. A type
        # that it does not have is dropped on import; of these nothing is recorded.
        summary = f"OpenAPI 3.0 has no {what}: whether API Gateway keeps it on import is not known"
        self.refuse(place, summary, "check it in the view, too", "warning")

    def doubt_type(self, place: Pointer, what: str) -> None:
        """Warn of a `type` that is reported to be dropped, so that every value passes."""
        # Source: github.com/aws/serverless-application-model, issue 2374, of a list of types;
        # github.com/hashicorp/terraform-provider-aws, issue 27344, of one with `null`.
        summary = f"OpenAPI 3.0 has no {what}, and API Gateway is reported to drop it on import"
        self.refuse(place, summary, _WITHOUT_TYPE, "warning")

    def schema(self, value: object, place: Pointer) -> Schema:
        """Return the schema *value*."""
        schema = Schema()
        if not isinstance(value, Mapping):
            self.refuse(place, "a schema is no object", 'write `{"type": "object"}`')
            return schema
        fields = cast("Mapping[str, object]", value)
        if "$ref" in fields:
            return self._reference(fields["$ref"], (*place, "$ref"))
        for name, argument in fields.items():
            check = self._check(fields, str(name), argument, (*place, str(name)))
            if check is not None:
                schema.add(check)
        return schema

    def _reference(self, reference: object, place: Pointer) -> Schema:
        if not isinstance(reference, str) or self.resolve is None:
            self.refuse(place, f"`$ref` to `{reference}` is not followed", "write the schema out")
            return Schema()
        self._note_step(reference, place)
        if reference not in self._known:
            # It is known before it is read: a schema may refer to itself.
            schema = self._known[reference] = Schema()
            target = self.resolve(reference)
            if target is None:
                self.refuse(place, f"`{reference}` leads nowhere", "mend the reference")
            else:
                self._followed.append((reference, place))
                schema.add(self.schema(target, place).wrong)
                self._followed.pop()
        return self._known[reference]

    def _note_step(self, reference: str, place: Pointer) -> None:
        """Note that a value that fits what was followed last has to fit *reference*, too."""
        if not self._followed:
            return
        followed, begin = self._followed[-1]
        if all(part in _IN_PLACE or part.isdigit() for part in place[len(begin) :]):
            self._steps.setdefault(followed, {})[reference] = place

    def refuse_circles(self) -> None:
        """Refuse references that lead from one to the next and back, and never to a schema."""
        for start in self._steps:
            reached: dict[str, Pointer] = {}
            left = [*self._steps[start].items()]
            while left:
                reference, place = left.pop()
                if reference not in reached:
                    reached[reference] = place
                    left += self._steps.get(reference, {}).items()
            if start in reached:
                summary = f"`{start}` leads only back to itself: no value fits it"
                self.refuse(reached[start], summary, "write what it stands for")
                return

    def _check(
        self, fields: Mapping[str, object], name: str, argument: object, place: Pointer
    ) -> Check | None:
        if name in _ANNOTATIONS or name.startswith("x-"):
            return None
        keyword = KEYWORDS.get(name)
        if keyword is not None:
            return keyword(self, argument, place, fields)
        who = "API Gateway" if name in _NOT_SUPPORTED else "the local gateway"
        summary = f"{who} does not evaluate `{name}`"
        hint = _INSTEAD.get(name, "remove it, and check it in the view")
        self.faults.append(Fault(place, summary, hint, unread=True))
        return None

    # --- arguments of keywords -----------------------------------------------------------------

    def number(self, argument: object, place: Pointer) -> int | Decimal:
        """Return *argument*, which has to be a number."""
        if isinstance(argument, int) and not isinstance(argument, bool):
            return argument
        exact = Decimal(str(argument)) if isinstance(argument, (float, Decimal)) else None
        if exact is not None and exact.is_finite():
            return exact
        self.refuse(place, f"`{place[-1]}` is no number", "write a number")
        return 0

    def count(self, argument: object, place: Pointer) -> int:
        """Return *argument*, which has to be a whole number, 0 or more."""
        if isinstance(argument, int) and not isinstance(argument, bool) and argument >= 0:
            return argument
        self.refuse(place, f"`{place[-1]}` is no count", "write a whole number, 0 or more")
        return 0

    def flag(self, argument: object, place: Pointer) -> bool:
        """Return *argument*, which has to be true or false."""
        if isinstance(argument, bool):
            return argument
        self.refuse(place, f"`{place[-1]}` is neither true nor false", "write `true` or `false`")
        return False

    def names(self, argument: object, place: Pointer) -> list[str]:
        """Return *argument*, which has to be a list of texts, at least one."""
        items = cast("list[object]", argument) if isinstance(argument, list) else []
        names = [item for item in items if isinstance(item, str)]
        if not names or len(names) < len(items):
            self.refuse(place, f"`{place[-1]}` is no list of names", 'write `["name"]`')
        return names

    def members(self, argument: object, place: Pointer) -> dict[str, Schema]:
        """Return *argument*, which has to be an object of schemas."""
        if not isinstance(argument, Mapping):
            self.refuse(place, f"`{place[-1]}` is no object", "write an object of schemas")
            return {}
        members = cast("Mapping[str, object]", argument).items()
        return {str(name): self.schema(value, (*place, str(name))) for name, value in members}

    def elements(self, argument: object, place: Pointer) -> list[Schema]:
        """Return *argument*, which has to be a list of schemas, at least one."""
        items = cast("list[object]", argument) if isinstance(argument, list) else []
        if not items:
            self.refuse(place, f"`{place[-1]}` is no list of schemas", "write `[{...}]`")
        return [self.schema(item, (*place, str(index))) for index, item in enumerate(items)]

    def pattern(self, argument: object, place: Pointer) -> Pattern | None:
        """Return *argument*, which has to be a pattern of ECMA 262 that Python has, too."""
        from chalice.rules import patterns  # noqa: PLC0415 - most schemas have none

        self.has_patterns = True
        if isinstance(argument, str):
            with suppress(ValueError):
                pattern = patterns.ecma(argument)
                self._warn_if_slow(pattern, patterns.slow_text(pattern), place)
                return pattern
        self.refuse(place, f"`{argument}` is no pattern that can be evaluated here", "mend it")
        return None

    def _warn_if_slow(self, pattern: Pattern, text: str | None, place: Pointer) -> None:
        if text is not None:
            summary = f"`{pattern.text}` is matched without end on texts such as `{text[:8]}...`"
            hint = "write it so that no text can be matched in several ways: 400 is answered here"
            self.refuse(place, summary, hint, "warning")
