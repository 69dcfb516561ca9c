"""What a proxy integration's function returned -> what the client gets (section 2)."""

from __future__ import annotations

import base64
import binascii
import json
from math import isfinite
from typing import TYPE_CHECKING, Any, NoReturn, cast

from chalice.gateway.responses import (
    API_CONFIGURATION_ERROR,
    BAD_GATEWAY,
    Refusal,
    Reply,
)
from chalice.headers import is_header_name, is_header_value
from chalice.invocation import MAX_RESULT_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

# Rule 2.1; `base64Encoded` is tolerated and means nothing.
_KEYS = frozenset(
    {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded", "base64Encoded"}
)

# Response headers that the client sees under another name.
# Source: rule 2.13, recorded for HTTP and AWS integrations, documented and seen for AWS_PROXY.
_REMAPPED = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "content-md5",
        "date",
        "expect",
        "host",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "trailer",
        "upgrade",
        "user-agent",
        "www-authenticate",
    }
)

_RENAMED = "x-amzn-Remapped-"

_PLAIN: tuple[str, ...] = ("2.1",)

_BOOLEANS = {"true": True, "false": False}


def reply(
    payload: bytes,
    *,
    accepts_binary: bool,
    added: tuple[tuple[str, str], ...] = (),
    not_emulated: tuple[str, ...] = (),
) -> Reply:
    """Return the reply that the JSON *payload* stands for.

    Args:
        payload: the function's result.
        accepts_binary: whether a base64 body is decoded for this client.
        added: headers that the gateway adds.
        not_emulated: what the receipt says is left out.

    Raises:
        Refusal: the result is malformed (502), or its base64 is (500).
    """
    result = _result(payload)
    status = _status(result.get("statusCode"))
    headers = tuple(_headers(result))
    body = _body(result.get("body"))
    encoded = _flag(result.get("isBase64Encoded"))
    if encoded and accepts_binary:
        try:
            content = base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError):
            raise Refusal(
                API_CONFIGURATION_ERROR,
                reason="the function's body is not base64 although isBase64Encoded is true",
                rules=("2.17",),
            ) from None
    else:
        content = body.encode("utf-8", "replace")
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers = (("Content-Type", "application/json"), *headers)
    rules = _rules(result, headers, encoded=encoded)
    return Reply(status, headers + added, content, None, rules, not_emulated)


def _rules(
    result: dict[str, Any], headers: tuple[tuple[str, str], ...], *, encoded: bool
) -> tuple[str, ...]:
    """Return the rules that shaped a reply: 2.1, and those of what not every result has."""
    rules = _PLAIN
    if result.get("multiValueHeaders") and result.get("headers"):
        rules += ("2.6",)
    for name, _ in headers:
        if name.startswith(_RENAMED):
            rules += ("2.13",)
            break
    return (*rules, "2.15") if encoded else rules


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is too large for a number")
    return number


#: Reads JSON as it is defined: NaN, Infinity and numbers that come to it are none.
read_json = json.JSONDecoder(parse_constant=_no_constant, parse_float=_number).decode


def _result(payload: bytes) -> dict[str, Any]:
    if len(payload) > MAX_RESULT_BYTES:
        raise _malformed(f"the function's result has {len(payload)} bytes; {MAX_RESULT_BYTES} fit")
    try:
        value: object = read_json(payload.decode())
    except (ValueError, RecursionError) as error:
        raise Refusal(
            BAD_GATEWAY, reason=f"the function's result cannot be read as JSON: {error}"
        ) from None
    if not isinstance(value, dict):
        raise _malformed(f"the function returned {_kind(value)}, not an object")
    result = cast("dict[str, Any]", value)
    for key in result:
        if key not in _KEYS:
            raise _malformed(f"the function's result has the unknown key `{key}`")
    return result


def _status(value: object) -> int:
    if value is None:
        return 200
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 6:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 100 <= value <= 599:
        raise _malformed(f"statusCode is `{_short(value)}`, not a number from 100 to 599")
    return value


def _headers(result: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the headers: values of multiValueHeaders go before that of headers (rule 2.6)."""
    several = _map(result, "multiValueHeaders")
    single = _map(result, "headers")
    spelt = {name.lower(): name for name in several}
    after: dict[str, list[object]] = {}
    for name, value in single.items():
        if name.lower() in spelt:
            after.setdefault(spelt[name.lower()], []).append(value)
    for name, values in several.items():
        if not isinstance(values, list):
            raise _malformed(f"multiValueHeaders has {_kind(values)}, not a list, for `{name}`")
        for value in (*cast("list[object]", values), *after.get(name, ())):
            yield from _header(name, value)
    for name, value in single.items():
        if name.lower() not in spelt:
            yield from _header(name, value)


def _map(result: dict[str, Any], key: str) -> dict[str, object]:
    value: object = result.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _malformed(f"{key} is {_kind(value)}, not an object")
    return cast("dict[str, object]", value)


def _header(name: str, value: object) -> Iterator[tuple[str, str]]:
    if not is_header_name(name):
        raise _malformed(f"`{_short(name)}` is not a header name")
    if value is None:
        return
    text = scalar_text(value)
    if text is None:
        raise _malformed(f"header `{name}` is {_kind(value)}")
    if not is_header_value(text):
        raise _malformed(f"header `{name}` has a control character in its value")
    lower = name.lower()
    if lower in _REMAPPED:
        yield f"{_RENAMED}{name}", text
    elif lower != "transfer-encoding":
        yield name, text


def _body(value: object) -> str:
    if value is None:
        return ""
    text = scalar_text(value)
    if text is None:
        raise _malformed(f"body is {_kind(value)}, not a text")
    return text


def _flag(value: object) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, str) and value.lower() in _BOOLEANS:
        return _BOOLEANS[value.lower()]
    raise _malformed(f"isBase64Encoded is `{_short(value)}`, neither true nor false")


def scalar_text(value: object) -> str | None:
    """Return a text as it is and a number or boolean as JSON writes it (rule 2.4); else None."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, int | float) else None


_KINDS = {
    "NoneType": "null",
    "dict": "an object",
    "list": "a list",
    "str": "a text",
    "bool": "a boolean",
}


def _kind(value: object) -> str:
    return _KINDS.get(type(value).__name__, "a number")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}..."


def _malformed(reason: str) -> Refusal:
    return Refusal(BAD_GATEWAY, reason=reason)
