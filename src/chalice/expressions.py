"""Expressions of CloudFormation: which values of a template are one, what they name and come to."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Source: CloudFormation user guide, "Fn::Sub": `${!Literal}` stands for `${Literal}`.
_REFERENCE = re.compile(r"\$\{(!?)([^{}]*)\}")
# Source: CloudFormation user guide, "Pseudo parameters reference".
_NO_VALUE = {"Ref": "AWS::NoValue"}


def is_expression(value: object) -> bool:
    """Return whether CloudFormation resolves *value*: `{"Ref": ...}`, `{"Fn::...": ...}`.

    >>> is_expression({"Fn::Sub": "x"}), is_expression({"Ref": "A", "b": 1})
    (True, False)
    """
    if not isinstance(value, dict) or len(cast("dict[str, Any]", value)) != 1:
        return False
    name = next(iter(cast("dict[str, Any]", value)))
    return name == "Ref" or name.startswith("Fn::")


def has_expression(value: object) -> bool:
    """Return whether CloudFormation resolves *value*, or something in it."""
    if is_expression(value):
        return True
    if isinstance(value, dict):
        return any(map(has_expression, cast("dict[str, Any]", value).values()))
    return isinstance(value, list) and any(map(has_expression, cast("list[object]", value)))


def reference_of(value: object) -> tuple[str, str]:
    """Return the resource or parameter that *value* names alone, and which attribute of it.

    The attribute of a `Ref` is empty; both are where *value* is more than one name, or none.

    >>> reference_of({"Fn::GetAtt": ["Role", "Arn"]}), reference_of({"Fn::Sub": "${Role}"})
    (('Role', 'Arn'), ('Role', ''))
    """
    match value if is_expression(value) else None:
        case {"Ref": str(name)}:
            return name, ""
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return name, attribute
        case {"Fn::GetAtt": str(whole)}:
            name, _, attribute = whole.partition(".")
            return name, attribute
        case {"Fn::Sub": str(template)}:
            found = _REFERENCE.fullmatch(template)
            name, _, attribute = found[2].partition(".") if found else ("", "", "")
            return ("", "") if found is None or found[1] else (name, attribute)
        case _:
            return "", ""


def template_of(value: object) -> tuple[str, Mapping[str, object]] | None:
    """Return the template of an `Fn::Sub`, and the names of its own; None where *value* is none.

    >>> template_of({"Fn::Sub": ["${A}-${B}", {"B": "b"}]}), template_of({"Ref": "A"})
    (('${A}-${B}', {'B': 'b'}), None)
    """
    match value:
        case {"Fn::Sub": str(template) | [str(template)]}:
            return template, {}
        case {"Fn::Sub": [str(template), dict()]}:
            return template, cast("dict[str, list[dict[str, object]]]", value)["Fn::Sub"][1]
        case _:
            return None


def names_in(template: str) -> list[str]:
    """Return what the template of an `Fn::Sub` refers to.

    >>> names_in("${Queue.Arn}-${!a}-${AWS::Region}")
    ['Queue.Arn', 'AWS::Region']
    """
    return [name for literal, name in _REFERENCE.findall(template) if not literal]


def literals_in(template: str) -> list[str]:
    """Return what is left of the template of an `Fn::Sub` in `${...}`.

    >>> literals_in("${Queue.Arn}-${!aws:username}")
    ['aws:username']
    """
    return [name for literal, name in _REFERENCE.findall(template) if literal]


def filled(template: str, text_of: Callable[[str], str | None], literally: str = "${") -> str:
    """Return the template of an `Fn::Sub` with texts for its references, as far as they are known.

    Args:
        template: the text.
        text_of: returns what a reference comes to; None leaves it as it is.
        literally: what the first two characters of a literal, `${!name}`, come to.

    >>> filled("${Name}-${!a}-${Other}", {"Name": "shop"}.get)
    'shop-${a}-${Other}'
    """

    def one(found: re.Match[str]) -> str:
        if found[1]:
            return f"{literally}{found[2]}}}"
        text = text_of(found[2])
        return found[0] if text is None else text

    return _REFERENCE.sub(one, template)


def resolved(value: Any, values: Mapping[str, str]) -> Any:
    """Return *value* with texts for expressions that *values* are enough for.

    >>> resolved([{"Fn::Sub": "${Name}-a"}, {"Ref": "Other"}], {"Name": "shop"})
    ['shop-a', {'Ref': 'Other'}]
    """
    if is_expression(value):
        text = _text_of(value, values)
        return value if text is None else text
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {k: resolved(v, values) for k, v in members.items() if v != _NO_VALUE}
    if isinstance(value, list):
        items = cast("list[object]", value)
        return [resolved(item, values) for item in items if item != _NO_VALUE]
    return value


def as_text(value: object, values: Mapping[str, str]) -> str:
    """Return a text or an expression as one text, the same for all ways to write it.

    What *values* are not enough for is an `Fn::Sub` with what is known of it, else JSON.

    >>> as_text({"Fn::Sub": "${Name}-${!a}-${Other}"}, {"Name": "shop"})
    'shop-${a}-${Other}'
    >>> as_text({"Fn::Sub": "${Queue.Arn}"}, {})
    '{"Fn::GetAtt": ["Queue", "Arn"]}'
    """
    text = resolved(value, values)
    if isinstance(text, str):
        return text
    name, attribute = reference_of(value)
    if name:
        whole = {"Fn::GetAtt": [name, attribute]} if attribute else {"Ref": name}
        return json.dumps(whole)
    found = template_of(value)
    if found is not None and not found[1]:
        return filled(found[0], values.get)
    return json.dumps(value, sort_keys=True)


def _text_of(value: object, values: Mapping[str, str]) -> str | None:
    """Return the text that an expression, or a text, comes to; None where nobody knows yet."""
    substitution = template_of(value)
    if substitution is not None:
        template, named = substitution
        texts = {name: _text_of(item, values) for name, item in named.items()}
        known = {name: text for name, text in texts.items() if text is not None}
        # A name of its own hides what it would stand for otherwise.
        others = {name: text for name, text in values.items() if name not in texts}
        return _substituted(template, {**others, **known})
    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return values.get(name)
        case {"Fn::Join": [str(between), list()]}:
            parts = cast("dict[str, list[list[object]]]", value)["Fn::Join"][1]
            joined = [_text_of(part, values) for part in parts]
            whole = [text for text in joined if text is not None]
            return between.join(whole) if len(whole) == len(joined) else None
        case _:
            return None


def _substituted(template: str, values: Mapping[str, str]) -> str | None:
    """Return *template* with all of its references replaced, or None where one is not known."""
    is_known = all(name in values for name in names_in(template))
    return filled(template, values.get) if is_known else None
