"""What expressions of templates come to, as far as that is known before a deploy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from chalice.config.reader import as_list, as_object
from chalice.regions import dns_suffix, partition_of
from chalice.resources.parts import is_expression

if TYPE_CHECKING:
    from collections.abc import Mapping

# Source: CloudFormation user guide, "Fn::Sub": `${!Literal}` stands for `${Literal}`.
_REFERENCE = re.compile(r"\$\{(!?)([^{}]*)\}")
# Source: CloudFormation user guide, "Pseudo parameters reference".
_NO_VALUE = {"Ref": "AWS::NoValue"}


def values_of(
    document: Mapping[str, Any],
    stack_name: str,
    account: str,
    region: str,
    *,
    secret: bool = True,
) -> dict[str, str]:
    """Return what references come to that are known before a deploy, by name.

    Args:
        document: a template.
        stack_name: the stack's.
        account: the account's number.
        region: where it is deployed.
        secret: parameters that are not to be shown, too.
    """
    partition = partition_of(region)
    return {
        **parameters_of(document, secret=secret),
        "AWS::AccountId": account,
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::StackName": stack_name,
        "AWS::URLSuffix": dns_suffix(partition),
    }


def parameters_of(document: Mapping[str, Any], *, secret: bool = True) -> dict[str, str]:
    """Return what parameters come to: their defaults, for a deploy gives them no other values.

    Args:
        document: a template.
        secret: those that are not to be shown, too.
    """
    return {
        name: str(item["Default"])
        for name, item in as_object(document.get("Parameters")).items()
        if isinstance(as_object(item).get("Default"), str | int)
        and (secret or str(item.get("NoEcho", "")).lower() != "true")
    }


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
        items = as_list(cast("object", value))
        return [resolved(item, values) for item in items if item != _NO_VALUE]
    return value


def _text_of(value: object, values: Mapping[str, str]) -> str | None:
    """Return the text that an expression, or a text, comes to; None where nobody knows yet."""
    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return values.get(name)
        case {"Fn::Sub": str(template)}:
            return _substituted(template, values)
        case {"Fn::Sub": [str(template), dict()]}:
            named = as_object(as_list(as_object(value)["Fn::Sub"])[1])
            texts = {name: _text_of(item, values) for name, item in named.items()}
            known = {name: text for name, text in texts.items() if text is not None}
            # A name of its own hides what it would stand for otherwise.
            others = {name: text for name, text in values.items() if name not in texts}
            return _substituted(template, {**others, **known})
        case {"Fn::Join": [str(between), list()]}:
            parts = as_list(as_list(as_object(value)["Fn::Join"])[1])
            joined = [_text_of(part, values) for part in parts]
            whole = [text for text in joined if text is not None]
            return between.join(whole) if len(whole) == len(joined) else None
        case _:
            return None


def _substituted(template: str, values: Mapping[str, str]) -> str | None:
    """Return *template* with all of its references replaced, or None where one is not known."""
    found = _REFERENCE.findall(template)
    if any(not literal and name not in values for literal, name in found):
        return None
    return _REFERENCE.sub(
        lambda match: f"${{{match[2]}}}" if match[1] else values[match[2]], template
    )
