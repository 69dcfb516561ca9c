"""Media types: which bodies are bytes, and what a view accepts."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

def media_type(value: str) -> str:
    """Return the media type of a Content-Type or Accept item, without parameters, lower case."""
    return value.partition(";")[0].strip().lower()


def header(headers: Any, name: str) -> str | None:
    """Return the header called *name* (lower case) among an event's or a result's headers."""
    if isinstance(headers, dict):
        for key, value in headers.items():
            if isinstance(key, str) and key.lower() == name and isinstance(value, str):
                return value
    return None


def is_listed(content_type: str, binary_types: Iterable[str]) -> bool:
    """Return whether *content_type* is named in *binary_types*, itself or as `type/*`."""
    wanted = media_type(content_type)
    group = wanted.partition("/")[0] + "/*"
    return any(item.lower() in (wanted, group) for item in binary_types if isinstance(item, str))


def encode_binary(result: dict[str, Any], binary_types: Iterable[str]) -> None:
    """Make the body of *result* text, as base64 where its Content-Type is binary.

    Raises:
        ValueError: the body is text under a binary Content-Type, or bytes that are not UTF-8
            under one that is not.
    """
    body = result["body"]
    content_type = header(result["headers"], "content-type")
    listed = content_type is not None and is_listed(content_type, binary_types)
    if isinstance(body, str):
        if not listed:
            return
        if not media_type(content_type or "").startswith("application/json"):
            raise ValueError(
                f"the body of a response with the binary Content-Type {content_type!r} must be "
                f"bytes, not text"
            )
        body = body.encode()
    elif not listed and "*/*" not in binary_types:
        result["body"] = _text_of(body, content_type)
        return
    from binascii import b2a_base64  # noqa: PLC0415 - only binary answers pay for it

    result["body"] = b2a_base64(body, newline=False).decode("ascii")
    result["isBase64Encoded"] = True


def _text_of(body: bytes, content_type: str | None) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        shown = content_type or "application/json"
        raise ValueError(
            f"a body of bytes that are not UTF-8 needs a binary Content-Type: {shown!r} is not in "
            f"`app.api.binary_types`"
        ) from error


def refuses(
    event: Mapping[str, Any], result: Mapping[str, Any], binary_types: Iterable[str]
) -> str | None:
    """Return why the client cannot be sent the binary *result*, or None if it can.

    API Gateway turns base64 back into bytes only where the request's Accept header names a binary
    type (gateway rule 2.15); with `*/*` among the binary types it always does.
    """
    if "*/*" in binary_types:
        return None
    accept = header(event.get("headers"), "accept") or ""
    items = [media_type(item) for item in accept.split(",")]
    if "*/*" in items or any(is_listed(item, binary_types) for item in items if item):
        return None
    content_type = header(result["headers"], "content-type")
    return (
        f"Request did not specify an Accept header with {content_type}, "
        f"The response has a Content-Type of {content_type}. If a response has a binary "
        f"Content-Type then the request must specify an Accept header that matches."
    )


def accepts(content_type: str, content_types: Iterable[str]) -> bool:
    """Return whether a request of *content_type* may reach a view that takes *content_types*."""
    wanted = [str(item).lower() for item in content_types]
    sent = [part.strip().lower() for part in content_type.replace(";", ",").split(",")]
    return "*/*" in wanted or any(part in wanted or part == "*/*" for part in sent)
