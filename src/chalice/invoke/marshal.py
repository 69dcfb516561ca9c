"""A handler's result as JSON, encoded as Lambda's Python runtime encodes it (rule 10.7).

The runtime uses simplejson: named tuples become objects, bytes inside a value become text, a
Decimal keeps its digits. Plain values take the standard library's encoder, which writes the same.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

# The runtime escapes what is not ASCII up to Python 3.11 and writes it as it is from 3.12 on.
_ENSURE_ASCII = sys.version_info < (3, 12)
_ATOMS: frozenset[object] = frozenset({str, int, float, bool, type(None)})
_encode = json.JSONEncoder(ensure_ascii=_ENSURE_ASCII).encode


class MarshalError(Exception):
    """The result cannot be written as JSON; the text is that of Runtime.MarshalError."""

    def __init__(self, reason: object) -> None:
        super().__init__(f"Unable to marshal response: {reason}")


def marshal(result: Any) -> bytes:
    """Return the payload that the invocation answers with; bytes pass as they are.

    Raises:
        MarshalError: *result* holds what JSON cannot.

    >>> marshal({"price": Decimal("1.50")})
    b'{"price": 1.50}'
    """
    if isinstance(result, bytes):
        return result
    try:
        text = _encode(result) if _is_plain(result) else "".join(_pieces(result))
    except RecursionError:
        raise MarshalError("Circular reference detected") from None
    except (TypeError, ValueError, UnicodeDecodeError) as error:
        raise MarshalError(error) from None
    try:
        return text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair has no UTF-8, but it has an escape
        return text.encode("ascii", "backslashreplace")


def _is_plain(value: Any) -> bool:
    """Tell whether the standard encoder writes *value* as simplejson does."""
    kind: object = value.__class__
    if kind in _ATOMS:
        return True
    if kind is dict:
        return all(
            type(key) is str and (type(item) in _ATOMS or _is_plain(item))
            for key, item in value.items()
        )
    if kind is list or kind is tuple:
        return all(type(item) in _ATOMS or _is_plain(item) for item in value)
    return False


def _pieces(value: Any) -> Iterator[str]:
    if isinstance(value, bytes):
        yield _encode(value.decode())
    elif isinstance(value, Decimal):
        yield "NaN" if value.is_nan() else str(value)
    elif isinstance(value, tuple) and callable(getattr(cast("Any", value), "_asdict", None)):
        yield from _object(cast("Any", value)._asdict())
    elif isinstance(value, dict):
        yield from _object(cast("Any", value))
    elif isinstance(value, list | tuple):
        yield "["
        for index, item in enumerate(cast("Any", value)):
            if index:
                yield ", "
            yield from _pieces(item)
        yield "]"
    else:
        yield _encode(value)


def _object(members: dict[Any, Any]) -> Iterator[str]:
    yield "{"
    for index, (key, value) in enumerate(members.items()):
        if index:
            yield ", "
        yield _key(key)
        yield ": "
        yield from _pieces(value)
    yield "}"


def _key(key: Any) -> str:
    if isinstance(key, bytes):
        return _encode(key.decode())
    if isinstance(key, Decimal):
        return _encode(str(key))
    # The standard encoder knows which other types may be keys, and says so where they may not.
    return _encode({key: 0})[1 : -len(": 0}")]
