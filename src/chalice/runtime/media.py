"""Media types: which bodies are bytes, and what a view accepts."""

from __future__ import annotations

from binascii import b2a_base64

from chalice.runtime.http import refusal_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any


def media_type(value: str) -> str:
    """Return the media type of a Content-Type or Accept item, without parameters, lower case."""
    return value.partition(";")[0].strip().lower()


def header(headers: Any, usual: str) -> str | None:
    """Return a header of an event or a result, whatever its case; *usual* is how most write it."""
    try:
        value = headers.get(usual)
        if value is None:
            wanted = usual.lower()
            for name in headers:
                if name.lower() == wanted:
                    value = headers[name]
    except AttributeError:  # not an object of text, as API Gateway sends it
        return None
    return value if isinstance(value, str) else None


def is_listed(content_type: str, binary_types: Collection[str]) -> bool:
    """Return whether *content_type* is named in *binary_types*, itself or as `type/*`.

    Media types have no case (RFC 9110, section 8.3.1), so neither have the entries: a function and
    its gateway must not disagree about what is bytes.
    """
    wanted = media_type(content_type)
    family = wanted.partition("/")[0] + "/*"
    if wanted in binary_types or family in binary_types:
        return True
    # Almost all are written in lower case, which is seen at once.
    if " ".join(binary_types).islower():
        return False
    lowered = {entry.lower() for entry in binary_types}
    return wanted in lowered or family in lowered


def encode_binary(result: dict[str, Any], binary_types: Collection[str]) -> None:
    """Make the body of *result* text, as base64 where its Content-Type is binary.

    Raises:
        ValueError: the body is text under a binary Content-Type, or bytes that are not UTF-8
            under one that is not.
    """
    body = result["body"]
    headers = result["headers"]
    content_type = headers.get("Content-Type") or _content_type(result)
    listed = content_type in binary_types or (
        content_type is not None and is_listed(content_type, binary_types)
    )
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
    result["body"] = b2a_base64(body, newline=False).decode("ascii")
    result["isBase64Encoded"] = True


def _content_type(result: Mapping[str, Any]) -> str | None:
    """Return the Content-Type of a result, also where it is a list of one."""
    value = header(result["headers"], "Content-Type")
    if value is None and result["multiValueHeaders"]:
        lists = result["multiValueHeaders"].items()
        value = header({name: values[-1] for name, values in lists if values}, "Content-Type")
    return value


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
    event: Mapping[str, Any], result: Mapping[str, Any], binary_types: Collection[str]
) -> str | None:
    """Return why the client cannot be sent the binary *result*, or None if it can.

    API Gateway turns base64 back into bytes only where the request's Accept header names a binary
    type (gateway rule 2.15); with `*/*` among the binary types it always does.
    """
    accept = header(event.get("headers"), "Accept") or ""
    if accept in binary_types or "*/*" in binary_types:
        return None
    for item in accept.split(","):
        if media_type(item) == "*/*" or is_listed(item, binary_types):
            return None
    content_type = _content_type(result)
    return (
        f"Request did not specify an Accept header with {content_type}, "
        f"The response has a Content-Type of {content_type}. If a response has a binary "
        f"Content-Type then the request must specify an Accept header that matches."
    )


def unsupported(content_type: str, entry: Any) -> dict[str, Any]:
    """Return the 415 for a request of *content_type* to the route *entry*; empty if it takes it."""
    sent = content_type.lower()
    if "*/*" in sent or "*/*" in entry.content_types:
        return {}
    for item in entry.content_types:
        wanted = item.lower()
        # The type that is in the text is seldom not one of its parts; most often it is not there.
        if wanted in sent:
            parts = sent.replace(";", ",").split(",")
            if wanted in [part.strip() for part in parts]:
                return {}
    message = f"Unsupported media type: {content_type}"
    result = refusal_of(415, "UnsupportedMediaType", message)
    if entry.cors is not None:
        entry.cors.add_to(result)
    return result
