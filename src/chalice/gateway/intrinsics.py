"""Intrinsic functions of CloudFormation in a definition, as far as they tell a text.

Nothing is resolved: `${Orders.Arn}` stands for what only CloudFormation knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from chalice.expressions import filled, template_of

if TYPE_CHECKING:
    from collections.abc import Mapping

# Functions contain functions; the deepest that make sense have three.
_MAX_DEPTH = 8

#: What begins a name that stands for what none of the functions that are read makes.
UNKNOWN = "${?"


def written(value: object, depth: int = 0) -> str | None:
    """Return the text that *value* comes to, None where it is none.

    >>> written({"Fn::Sub": ["${F}:live", {"F": {"Fn::GetAtt": ["Orders", "Arn"]}}]})
    '${Orders.Arn}:live'
    >>> written({"Fn::Sub": ["${F}:live", {"F": {"Fn::ImportValue": "orders"}}]})
    '${?F}:live'
    """
    text: str | None = None
    match value:
        case _ if depth > _MAX_DEPTH:
            pass
        case str():
            text = value
        case {"Ref": str(name)} | {"Fn::GetAtt": str(name)}:
            text = f"${{{name}}}"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            text = f"${{{name}.{attribute}}}"
        case {"Fn::Join": ["", list()]}:
            parts = cast("dict[str, list[list[object]]]", value)["Fn::Join"][1]
            texts = [written(part, depth + 1) for part in parts]
            known = [item for item in texts if item is not None]
            text = "".join(known) if len(known) == len(texts) else None
        case _:
            found = template_of(value)
            text = _substituted(*found, depth) if found is not None else None
    return text


def _substituted(template: str, names: Mapping[str, object], depth: int) -> str:
    """Return *template* with what *names* says put in the place of each name."""

    def text_of(name: str) -> str | None:
        if name not in names:
            return None
        text = written(names[name], depth + 1)
        return f"{UNKNOWN}{name}}}" if text is None else text

    return filled(template, text_of)
