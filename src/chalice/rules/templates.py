"""The small part of API Gateway's template language that this gateway can render.

Text with `$context.NAME` in it (body templates), and mapping expressions, which are one quoted text
or one name (header values). Everything else of the Velocity language is refused when the definition
is read: a template is never sent half rendered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

# `$context.a.b` or `${context.a.b}`; `!` asks Velocity to render nothing where there is no value.
_VARIABLE = re.compile(
    r"\$!?(?:context\.([A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*)"
    r"|\{context\.([A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*)\})"
)
# What would be code in Velocity: references other than `$context`, directives, comments.
_CODE = re.compile(r"\$!?\{?[A-Za-z]|#(?:[a-z@*#]|\{|\[\[)")

_NAME = r"([A-Za-z0-9!#$%&'*+.^_`|~-]+)"
_EXPRESSIONS = {
    "header": re.compile(rf"method\.request\.header\.{_NAME}"),
    "query": re.compile(rf"method\.request\.querystring\.{_NAME}"),
    "path": re.compile(rf"method\.request\.path\.{_NAME}"),
    "variable": re.compile(rf"stageVariables\.{_NAME}"),
    "context": re.compile(rf"context\.{_NAME}"),
}


class TemplateError(Exception):
    """A template or an expression holds *code* that is not rendered here."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Scope:
    """The values that templates and expressions can name.

    Attributes:
        context: `$context`, nested.
        headers: lower-case names with all values.
        query: decoded query parameters.
        path: captured path parameters.
        variables: stage variables.
    """

    context: Mapping[str, Any]
    headers: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    variables: Mapping[str, str] = field(default_factory=dict[str, str])

    def find(self, name: str) -> object:
        """Return `$context.name`, name dotted; None where there is nothing of that name."""
        value: object = self.context
        for part in name.split("."):
            if not isinstance(value, Mapping):
                return None
            value = cast("Mapping[str, object]", value).get(part)
        return value


@dataclass(frozen=True, slots=True)
class Template:
    """A body template: texts and the `$context` names between them."""

    pieces: tuple[tuple[str, str], ...]

    def render(self, scope: Scope) -> str:
        """Return the text with the values of *scope* in it."""
        return "".join(
            text + (_text(scope.find(name), name) if name else "") for text, name in self.pieces
        )


@dataclass(frozen=True, slots=True)
class Expression:
    """What a header gets: a literal text, or the value that *name* has in *source*."""

    source: str
    name: str

    def value(self, scope: Scope) -> str | None:
        """Return the value, or None where the request has none."""
        match self.source:
            case "literal":
                return self.name
            case "header":
                return scope.headers.get(self.name.lower(), [None])[-1]
            case "query":
                return scope.query.get(self.name)
            case "path":
                return scope.path.get(self.name)
            case "variable":
                return scope.variables.get(self.name)
            case _:
                found = scope.find(self.name)
                return None if found is None else _text(found, self.name)


def template(text: str) -> Template:
    """Read a body template.

    Raises:
        TemplateError: it holds code.
    """
    pieces: list[tuple[str, str]] = []
    at = 0
    for found in _VARIABLE.finditer(text):
        pieces.append((_plain(text[at : found.start()]), found.group(1) or found.group(2)))
        at = found.end()
    pieces.append((_plain(text[at:]), ""))
    return Template(tuple(pieces))


def expression(text: str) -> Expression:
    """Read a mapping expression: `'text'`, `method.request.header.NAME`, `context.NAME`, ...

    Raises:
        TemplateError: it is another expression.
    """
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return Expression("literal", text[1:-1])
    for source, pattern in _EXPRESSIONS.items():
        found = pattern.fullmatch(text)
        if found:
            return Expression(source, found.group(1))
    raise TemplateError(text)


def _plain(text: str) -> str:
    found = _CODE.search(text)
    if found:
        raise TemplateError(text[found.start() :].split(maxsplit=1)[0])
    return text


def _text(value: object, name: str) -> str:
    if value is None:
        # That one is JSON: no message is `null`, not an empty text (rule 4.7).
        return "null" if name == "error.messageString" else ""
    return value if isinstance(value, str) else json.dumps(value)
