"""The request that a view sees, read from the event only as far as the view asks.

Nothing is converted at construction: a hello-world view pays for no header, query or body.
"""

from __future__ import annotations

from json import JSONDecoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from chalice.runtime.mappings import CaseInsensitiveMapping, MultiDict


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_decode = JSONDecoder(parse_constant=_refuse_constant).decode

_UNREAD: Any = object()


class Request:
    """The current HTTP request; `app.current_request` while a view or middleware runs.

    Attributes:
        query_params: `MultiDict` of the decoded query, or None where there is none.
        headers: read-only mapping, names in any case; of a repeated header the last value.
        uri_params: the captured parts of the path as sent (still percent-encoded), or None.
        method: the verb, upper case.
        context: the event's `requestContext`.
        stage_vars: the variables of the stage, or None.
        path: the resource path, the *pattern*: `/objects/{key}`.
        lambda_context: the context object that Lambda passed.
    """

    query_params: MultiDict | None
    headers: CaseInsensitiveMapping
    uri_params: dict[str, str] | None
    method: str
    context: dict[str, Any]
    stage_vars: dict[str, str] | None
    path: str

    def __init__(self, event_dict: dict[str, Any], lambda_context: Any = None) -> None:
        self._event = event_dict
        self.lambda_context = lambda_context

    if not TYPE_CHECKING:  # the attributes are declared above; this reads each on first use

        def __getattr__(self, name):
            read = _READERS.get(name)
            if read is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            value = read(self._event)
            setattr(self, name, value)
            return value

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
        state = self.__dict__
        value = state.get("_json_body", _UNREAD)
        if value is _UNREAD:
            value = state["_json_body"] = self._parse_json()
        return value

    def _parse_json(self) -> Any:
        content_type = content_type_of(self._event.get("headers"))
        if content_type is None or not content_type.lower().startswith("application/json"):
            return None
        event = self._event
        text = event.get("body")
        try:
            if event.get("isBase64Encoded") or not isinstance(text, str):
                text = self.raw_body.decode("utf-8")
            return _decode(text)
        except (ValueError, RecursionError) as error:
            raise _bad_request("Error Parsing JSON") from error

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


def content_type_of(headers: Any) -> str | None:
    """Return the Content-Type among an event's headers, whatever the case of its name."""
    if not headers or not isinstance(headers, dict):
        return None
    value = headers.get("content-type") or headers.get("Content-Type")
    # One scan in C tells that no other spelling is there, which is the common case.
    if value is None and "content-type" in _joined(headers).lower():
        for name in headers:
            if isinstance(name, str) and name.lower() == "content-type":
                value = headers[name]
    return value if isinstance(value, str) else None


def _joined(headers: dict[Any, Any]) -> str:
    try:
        return "\n".join(headers)
    except TypeError:
        return "\n".join(map(str, headers))


def _bad_request(message: str) -> Exception:
    from chalice.runtime.errors import BadRequestError  # noqa: PLC0415 - only errors pay for it

    return BadRequestError(message)


def _query_params(event: dict[str, Any]) -> MultiDict | None:
    query = event.get("multiValueQueryStringParameters")
    if not isinstance(query, dict):
        return None
    from chalice.runtime.mappings import MultiDict  # noqa: PLC0415 - paid where a query is read

    return MultiDict(query)


def _headers(event: dict[str, Any]) -> CaseInsensitiveMapping:
    from chalice.runtime.mappings import CaseInsensitiveMapping  # noqa: PLC0415 - the same

    headers = event.get("headers")
    return CaseInsensitiveMapping(headers if isinstance(headers, dict) else {})


def _mapping(name: str) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    def read(event: dict[str, Any]) -> dict[str, Any] | None:
        value = event.get(name)
        return value if isinstance(value, dict) else None

    return read


_READERS: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "query_params": _query_params,
    "headers": _headers,
    "uri_params": _mapping("pathParameters"),
    "method": lambda event: event["requestContext"]["httpMethod"],
    "context": lambda event: event["requestContext"],
    "stage_vars": _mapping("stageVariables"),
    "path": lambda event: event["requestContext"]["resourcePath"],
}
