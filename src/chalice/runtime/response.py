"""What a view answers, and its form as the result of a Lambda proxy integration.

Every result is one that API Gateway accepts: text that is UTF-8, headers without line breaks, a
status from 100 to 599. What cannot be sent raises here, before anything has left.
"""

from __future__ import annotations

import json.encoder as _json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


def _plain(value: Any) -> Any:
    """Return what the encoder can write in place of *value*."""
    from collections.abc import Mapping  # noqa: PLC0415 - only values beyond JSON pay for it
    from decimal import Decimal  # noqa: PLC0415 - the same

    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _encoder() -> Any:
    """Return a function that gives the JSON of a value in chunks.

    `json.dumps` builds a C encoder for each call; one that is kept costs a quarter. Without the
    marker table a value that contains itself ends in RecursionError.
    """
    make: Any = _json.c_make_encoder
    if make is None:  # an interpreter without the C accelerator
        return _json.JSONEncoder(
            separators=(",", ":"), default=_plain, allow_nan=False
        ).iterencode
    escape = _json.encode_basestring_ascii
    return make(None, _plain, escape, None, ":", ",", False, False, False)


_encode = _encoder()


def encode_json(value: Any) -> str:
    """Return *value* as compact ASCII JSON; Decimal becomes a float, a mapping an object.

    Raises:
        TypeError: it holds something that JSON has no form for.
        ValueError: it holds NaN or an infinity.
        RecursionError: it is nested too deeply, or contains itself.
    """
    return "".join(_encode(value, 0))


class Response:
    """A complete answer of a view.

    Attributes:
        body: text or bytes as they are; anything else is sent as JSON.
        headers: names to values; a list sends the header once for each item, a number its text.
        status_code: 100 to 599, or the same as decimal text.
    """

    def __init__(
        self,
        body: Any,
        headers: dict[str, Any] | None = None,
        status_code: int | str = 200,
    ) -> None:
        self.body = body
        self.headers: dict[str, Any] = {} if headers is None else headers
        self.status_code = status_code

    def to_dict(self, binary_types: Iterable[str] | None = None) -> dict[str, Any]:
        """Return the result of the Lambda function for this answer.

        Args:
            binary_types: content types whose body is bytes and travels as base64.

        Raises:
            ValueError: the status, a header or the body cannot be sent; the text says which.
            TypeError: the body holds something that JSON has no form for.
        """
        body = self.body
        if not isinstance(body, (str, bytes)):
            body = encode_json(body)
        elif type(body) is str and not body.isascii():
            body = _sendable(body)
        status = self.status_code
        if type(status) is not int or not 99 < status < 600:
            status = _status(status)
        headers: dict[str, str] = {}
        lists: dict[str, list[str]] = {}
        result: dict[str, Any] = {
            "headers": headers,
            "multiValueHeaders": lists,
            "statusCode": status,
            "body": body,
        }
        if self.headers:
            split_headers(self.headers, headers, lists)
            if binary_types:
                from chalice.runtime.media import encode_binary  # noqa: PLC0415 - not for plain JSON

                encode_binary(result, binary_types)
                return result
        if type(body) is not str:
            from chalice.runtime.media import encode_binary  # noqa: PLC0415 - only for bytes

            encode_binary(result, binary_types or ())
        return result


def split_headers(
    headers: Mapping[str, Any], single: dict[str, str], lists: dict[str, list[str]]
) -> None:
    """Put the checked *headers* into *single*, those with several values into *lists*.

    Raises:
        ValueError: a name or a value cannot be sent.
    """
    for name, value in headers.items():
        if type(name) is not str or not name.replace("-", "a").isalnum() or not name.isascii():
            _check_name(name)
        if type(value) is str and value.isprintable():
            single[name] = value
        elif isinstance(value, (list, tuple)):
            lists[name] = [_header_text(name, item) for item in value]
        else:
            single[name] = _header_text(name, value)


def _check_name(name: Any) -> None:
    # Source: RFC 9110, 5.6.2 "Tokens".
    if not isinstance(name, str) or not name:
        raise ValueError(f"a header name must be text, not {name!r}")
    if not name.isascii() or not all(c.isalnum() or c in "!#$%&'*+-.^_`|~" for c in name):
        raise ValueError(f"header name {name!r} has a character that HTTP does not allow")


def _header_text(name: str, value: Any) -> str:
    if isinstance(value, str):
        if "\n" in value or "\r" in value or "\0" in value:
            raise ValueError(f"header {name!r} has a line break or a NUL in its value: {value!r}")
        return value if value.isascii() else _sendable(value)
    if not isinstance(value, bool):
        if isinstance(value, (int, float)) and value - value == 0:  # neither NaN nor infinite
            return str(value)
        from decimal import Decimal  # noqa: PLC0415 - rare

        if isinstance(value, Decimal) and value.is_finite():
            return str(value)
    raise ValueError(f"header {name!r} must be text or a number, not {value!r}")


def _status(status: Any) -> int:
    if isinstance(status, str) and len(status) == 3 and status.isascii() and status.isdecimal():
        status = int(status)
    if isinstance(status, int) and not isinstance(status, bool) and 99 < status < 600:
        return int(status)
    raise ValueError(f"status_code must be a number from 100 to 599, not {status!r}")


def _sendable(text: str) -> str:
    """Return *text* with `?` for the halves of surrogate pairs, which UTF-8 has no bytes for."""
    return text.encode("utf-8", "replace").decode("utf-8")
