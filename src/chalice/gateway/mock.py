"""MOCK integrations: the gateway answers by itself, as OPTIONS methods do (rules 2.20 and 6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.gateway.responses import (
    INTEGRATION_FAILURE,
    Refusal,
    Reply,
    header_values,
    preferred,
    with_headers,
)

if TYPE_CHECKING:
    from chalice.gateway.api import Mock
    from chalice.gateway.call import Call
    from chalice.rules.templates import Scope

_RULES = ("2.20",)

# AWS documents nowhere which one it takes; here it is that of `application/json`.
_ACCEPT = ("2.20: which of several response templates is picked for the Accept header",)


def reply(mock: Mock, call: Call, scope: Scope) -> Reply:
    """Return the integration response that the request template's status picks.

    Raises:
        Refusal: no template fits the request's content type, it names no status, or no response
            fits the status.
    """
    content_type = call.arrival.media_type
    status = mock.statuses.get(content_type)
    if status is None:
        raise Refusal(
            INTEGRATION_FAILURE,
            reason=f"the mock has no request template with a statusCode for `{content_type}`",
            rules=_RULES,
        )
    for response in mock.responses:
        if response.pattern is None or response.pattern.fullmatch(str(status)):
            break
    else:
        raise Refusal(
            INTEGRATION_FAILURE,
            reason=f"the mock has no response for status {status}",
            rules=_RULES,
        )
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    body = b""
    if response.templates:
        name, template = preferred(response.templates)
        headers = (("Content-Type", name),)
        body = template.render(scope).encode("utf-8", "replace")
    headers = with_headers(headers, header_values(response.headers, scope))
    asked = len(response.templates) > 1 and call.arrival.header("accept")
    return Reply(
        response.status,
        headers,
        body,
        rules=_RULES,
        not_emulated=_ACCEPT if asked else (),
    )
