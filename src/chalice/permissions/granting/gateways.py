"""ARNs of API Gateway, which are made of paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.reading.values import ACCOUNT, HOLE, PARTITION, REGION

if TYPE_CHECKING:
    from chalice.permissions.granting.given import Call


def apis(call: Call, prefix: str, action: str) -> list[str]:
    """Return the ARN of the path that a call of the management API is sent to."""
    del prefix, action
    service = call.engine.services.get(call.use.service)
    path = service.requests[call.use.operation][1] if service is not None else "/*"
    # Source: SAR, "Amazon API Gateway Management V2", "Resource types": `/apis`, without `/v2`.
    names = {name.lower(): name for name in call.params}

    def part(match: re.Match[str]) -> str:
        name = names.get(match.group(1).replace("_", "").lower())
        found = call.given(name) if name else []
        return found[0] if len(found) == 1 else "*"

    path = re.sub(r"\{(\w+)\+?\}", part, path.partition("?")[0]).removeprefix("/v2")
    whole = f"arn:{PARTITION}:apigateway:{call.use.region or REGION}::{path}"
    return [whole.replace(HOLE, "*")]


def connections(call: Call, prefix: str, action: str) -> list[str]:
    """Return the ARN of the connections to a WebSocket API."""
    del prefix, action
    verb = {"DeleteConnection": "DELETE", "GetConnection": "GET"}.get(call.use.operation, "POST")
    # Which API is in the client's address, which only the deployment knows.
    region = call.use.region or REGION
    return [f"arn:{PARTITION}:execute-api:{region}:{ACCOUNT}:*/*/{verb}/@connections/*"]
