"""How large a request may be before API Gateway looks at it, and what leaves for Lambda."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.gateway.responses import (
    HEADERS_TOO_LARGE,
    PAYLOAD_TOO_LARGE,
    TARGET_TOO_LONG,
    Refusal,
)

if TYPE_CHECKING:
    from chalice.gateway.call import Arrival

# Largest body of a request, before and after decompression.
# Source: rules 3.16 and 7.4, recorded from deployed APIs.
MAX_BODY_BYTES = 10_485_760

# Longest method ARN, the path of the request included, where an authorizer is used.
# Source: rule 3.17.
MAX_METHOD_ARN_BYTES = 1_600


@dataclass(frozen=True, slots=True)
class HeadLimits:
    """Most bytes of the request line, and of all header names and values together."""

    request_line: int
    headers: int


# Source: rule 3.16, row for row of the developer guide's quotas.
HEAD_LIMITS = {
    "EDGE": HeadLimits(request_line=8_192, headers=10_240),
    "REGIONAL": HeadLimits(request_line=10_240, headers=10_240),
    "PRIVATE": HeadLimits(request_line=10_240, headers=8_000),
}


def check(arrival: Arrival, limits: HeadLimits) -> None:
    """Raise the refusal that a request beyond the limits gets."""
    request = arrival.request
    if len(request.method) + len(request.target) > limits.request_line:
        raise Refusal(TARGET_TOO_LONG, reason=f"request line over {limits.request_line} bytes")
    if arrival.header_bytes > limits.headers:
        raise Refusal(
            HEADERS_TOO_LARGE,
            message=f"HTTP header is larger than {limits.headers} bytes.",
            reason=f"headers of {arrival.header_bytes} bytes; {limits.headers} fit",
        )
    if len(request.body) > MAX_BODY_BYTES:
        raise Refusal(PAYLOAD_TOO_LARGE, reason=f"body of {len(request.body)} bytes")
