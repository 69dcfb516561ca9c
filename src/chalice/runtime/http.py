"""One HTTP exchange as a view sees it: the `Request` it is given and the `Response` it returns.

A request converts nothing at construction: a hello-world view pays for no header, query or body.
A response is one that API Gateway accepts, or raises before anything has left: text that is UTF-8,
headers without line breaks, a status from 100 to 599.
"""

from __future__ import annotations

from json import JSONDecoder
from json import encoder as _json

from chalice.runtime import late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any

    from chalice.runtime.mappings import CaseInsensitiveMapping, MultiDict

_JSON = "application/json"


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_decoder: Any = JSONDecoder(parse_constant=_refuse_constant)
_scan = _decoder.scan_once

# What `Request.parsed` is until the body has been parsed.
UNREAD: Any = object()


class _ReadOnce:
    """An attribute that is read from the event when it is first asked for, and kept."""

    __slots__ = ("name", "read")

    def __init__(self, read: Callable[[Any], Any]) -> None:
        self.read = read
        self.name = read.__name__

    def __get__(self, request: Any, owner: Any = None) -> Any:
        if request is None:
            return self
        value = request.__dict__[self.name] = self.read(request)
        return value


if TYPE_CHECKING:
    _read_once = property
else:
    _read_once = _ReadOnce


class Request:
    """The current HTTP request; `app.current_request` while a view or middleware runs.

    Attributes:
        lambda_context: the context object that Lambda passed.
        parsed: what `json_body` has parsed, `UNREAD` before it has.
    """

    parsed: Any = UNREAD

    def __init__(self, event_dict: dict[str, Any], lambda_context: Any = None) -> None:
        self._event = event_dict
        self.lambda_context = lambda_context

    @_read_once
    def query_params(self) -> MultiDict | None:
        """The decoded query, or None where there is none."""
        query = self._event.get("multiValueQueryStringParameters")
        if not isinstance(query, dict):
            return None
        params: MultiDict = late("chalice.runtime.mappings").MultiDict(query)
        return params

    @_read_once
    def headers(self) -> CaseInsensitiveMapping:
        """The headers, read-only, found in any case; of a repeated header the last value."""
        sent = _dict_or_none(self._event.get("headers"))
        headers: CaseInsensitiveMapping = late("chalice.runtime.mappings").CaseInsensitiveMapping(
            sent or {}
        )
        return headers

    @_read_once
    def uri_params(self) -> dict[str, str] | None:
        """The captured parts of the path as sent, still percent-encoded, or None."""
        return _dict_or_none(self._event.get("pathParameters"))

    @_read_once
    def method(self) -> str:
        """The verb, upper case."""
        method: str = self._event["requestContext"]["httpMethod"]
        return method

    @_read_once
    def context(self) -> dict[str, Any]:
        """The event's `requestContext`."""
        context: dict[str, Any] = self._event["requestContext"]
        return context

    @_read_once
    def stage_vars(self) -> dict[str, str] | None:
        """The variables of the stage, or None."""
        return _dict_or_none(self._event.get("stageVariables"))

    @_read_once
    def path(self) -> str:
        """The resource path, the *pattern*: `/objects/{key}`."""
        path: str = self._event["requestContext"]["resourcePath"]
        return path

    @property
    def raw_body(self) -> bytes:
        """The body as bytes; `b""` where there is none.

        Raises:
            BadRequestError: the event's body is not what API Gateway sends.
        """
        body = self._event.get("body")
        if not body:
            return b""
        if not isinstance(body, str):
            raise _bad_request("The request body is not text")
        if not self._event.get("isBase64Encoded"):
            return body.encode("utf-8", "replace")
        from binascii import Error, a2b_base64  # noqa: PLC0415 - only binary requests pay for it

        try:
            return a2b_base64(body)
        except (Error, ValueError) as error:
            raise _bad_request("The request body is not base64") from error

    @property
    def json_body(self) -> Any:
        """The parsed body where the Content-Type is `application/json`, else None.

        Parsed once. NaN and the infinities are not JSON.

        Raises:
            BadRequestError: the body is not JSON.
        """
        value = self.parsed
        if value is not UNREAD:
            return value
        event = self._event
        content_type = content_type_of(event)
        if content_type != _JSON and not (content_type or "").lower().startswith(_JSON):
            return None
        text = event.get("body")
        try:
            if event.get("isBase64Encoded") or not text:
                text = self.raw_body.decode("utf-8")
            # The scanner alone does for a value without blanks around it; the decoder, which costs
            # more, judges everything else.
            try:
                value, end = _scan(text, 0)
            except StopIteration:
                end = -1
            if end != len(text):
                value = _decoder.decode(text.removeprefix("\ufeff"))
        except (RecursionError, TypeError, ValueError) as error:
            raise _bad_request("Error Parsing JSON") from error
        self.parsed = value
        return value

    def to_dict(self) -> dict[str, Any]:
        """Return what can be shown of the request: JSON-serializable, without body and context."""
        query = self.query_params
        return {
            "query_params": query if query is None else dict(query),
            "headers": dict(self.headers),
            "uri_params": self.uri_params,
            "method": self.method,
            "context": self.context,
            "stage_vars": self.stage_vars,
            "path": self.path,
        }

    def to_original_event(self) -> dict[str, Any]:
        """Return the event as Lambda passed it."""
        return self._event


def content_type_of(event: dict[str, Any]) -> str | None:
    """Return the request's Content-Type, whatever the case of its name; None where it has none."""
    headers: Any = event.get("headers")
    if not headers:
        return None
    try:
        value = headers.get("Content-Type") or headers.get("content-type")
        # Looking at every name costs as much as the rest of a small request: only a request that
        # has content to be of a type, and names the type in neither usual spelling, pays for it.
        if value is None and event.get("body"):
            for name in headers:
                if name.lower() == "content-type":
                    value = headers[name]
    except AttributeError:  # not an object of text, as API Gateway sends it
        return None
    return value if isinstance(value, str) else None


def _dict_or_none(value: Any) -> dict[str, Any] | None:
    """Return what the event holds where API Gateway puts an object or null."""
    return value if _is_object(value) else None


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _bad_request(message: str) -> Exception:
    from chalice.runtime.errors import BadRequestError  # noqa: PLC0415 - only errors pay for it

    return BadRequestError(message)


def _plain(value: Any) -> Any:
    """Return what the encoder can write in place of *value*."""
    from decimal import Decimal  # noqa: PLC0415 - only values beyond JSON pay for it

    if isinstance(value, Decimal):
        return float(value)
    if hasattr(value, "keys"):  # a mapping
        return dict(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _encoder() -> Any:
    """Return a function that gives the JSON of a value in chunks.

    `json.dumps` builds a C encoder for each call; one that is kept costs a quarter. Without the
    marker table a value that contains itself ends in RecursionError.
    """
    make: Any = getattr(_json, "c_make_encoder", None)
    if make is None:  # an interpreter without the C accelerator
        return _json.JSONEncoder(separators=(",", ":"), default=_plain, allow_nan=False).iterencode
    escape = _json.encode_basestring_ascii
    sort_keys = skip_keys = allow_nan = False
    return make(None, _plain, escape, None, ":", ",", sort_keys, skip_keys, allow_nan)


_encode = _encoder()
quote = _json.encode_basestring_ascii


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

    def to_dict(self, binary_types: Collection[str] | None = None) -> dict[str, Any]:
        """Return the result of the Lambda function for this answer.

        Args:
            binary_types: content types whose body is bytes and travels as base64.

        Raises:
            ValueError: the status, a header or the body cannot be sent; the text says which.
            TypeError: the body holds something that JSON has no form for.
        """
        body = self.body
        if isinstance(body, str):
            if type(body) is not str or not body.isascii():
                body = _sendable(body)
        elif not isinstance(body, bytes):
            body = "".join(_encode(body, 0))
        status = self.status_code
        if type(status) is not int or not 99 < status < 600:
            status = _status(status)
        headers, lists = split_headers(self.headers) if self.headers else ({}, {})
        result: dict[str, Any] = {
            "headers": headers,
            "multiValueHeaders": lists,
            "statusCode": status,
            "body": body,
        }
        if type(body) is not str or (headers and binary_types):
            late("chalice.runtime.media").encode_binary(result, binary_types or ())
        return result


def split_headers(headers: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the checked *headers*: those with one value, and those with several.

    Raises:
        ValueError: a name or a value cannot be sent.
    """
    single: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    for name, value in headers.items():
        if not name.replace("-", "a").isalnum() or not name.isascii():
            _check_name(name)
        if type(value) is str and value.isprintable():
            single[name] = value
        elif _is_list(value):
            several[name] = [_header_text(name, item) for item in value]
        else:
            single[name] = _header_text(name, value)
    return single, several


def _is_list(value: object) -> bool:
    return isinstance(value, (list, tuple))


def _check_name(name: str) -> None:
    # Source: RFC 9110, 5.6.2 "Tokens".
    if (
        not name
        or not name.isascii()
        or not all(c.isalnum() or c in "!#$%&'*+-.^_`|~" for c in name)
    ):
        raise ValueError(f"header name {name!r} has a character that HTTP does not allow")


def _header_text(name: str, value: Any) -> str:
    if isinstance(value, str):
        # CR, LF and NUL could end the header; API Gateway sends no other one but the tab either.
        if any((c < " " and c != "\t") or c == "\x7f" for c in value):
            raise ValueError(f"header {name!r} has a control character in its value: {value!r}")
        return _sendable(value)
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


def refusal_of(status: int, code: str, message: str) -> dict[str, Any]:
    """Return a result with the framework's error body."""
    return {
        "headers": {},
        "multiValueHeaders": {},
        "statusCode": status,
        "body": error_body(code, message),
    }


def error_body(code: str, message: str) -> str:
    """Return the framework's error body; the code needs no escaping."""
    return f'{{"Code":"{code}","Message":{quote(message)}}}'
