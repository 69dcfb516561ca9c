"""ARNs of API Gateway, which are made of paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from chalice.permissions.reading.values import ACCOUNT, HOLE, PARTITION, REGION

if TYPE_CHECKING:
    from chalice.permissions.granting.given import Call

#: Where a use has the address of its client, for services by which that says what is meant.
ENDPOINT = "endpoint_url"

_PART = "(?:\x01[^\x02]*\x02|[^/.])+"
_OF_API = re.compile(rf"https://({_PART})\.execute-api\.({_PART})\.[^/]+(?:/([^/?]*))?")

# What is no mark, and known.
_ENCODED = re.compile("[^\x00\x01\x02]+(?![^\x01\x02]*\x02)")


def apis(call: Call, prefix: str, action: str) -> list[str]:
    """Return the ARN of the path that a call of the management API is sent to."""
    del prefix
    if action != action.upper():
        # Source: SAR, "Amazon API Gateway Management V2": portals and routing rules have actions
        # that are no verbs, each on a resource of its own.
        return []
    service = call.engine.services.get(call.use.service)
    path = service.requests[call.use.operation][1] if service is not None else "/*"
    # Source: SAR, "Amazon API Gateway Management V2", "Resource types": `/apis`, without `/v2`.
    names = {name.lower(): name for name in call.params}

    def part(match: re.Match[str]) -> str:
        name = names.get(re.sub("[_-]", "", match.group(1)).lower())
        found = call.given(name) if name else []
        if len(found) != 1:
            return "*"
        # Source: SAR, "Tags": `/tags/${UrlEncodedResourceARN}`.
        is_arn = found[0].startswith("arn:")
        return _ENCODED.sub(lambda text: quote(text[0], safe=""), found[0]) if is_arn else found[0]

    path = re.sub(r"\{([\w-]+)\+?\}", part, path.partition("?")[0]).removeprefix("/v2")
    whole = f"arn:{PARTITION}:apigateway:{call.use.region or REGION}::{path}"
    return [whole.replace(HOLE, "*")]


def connections(call: Call, prefix: str, action: str) -> list[str]:
    """Return the ARNs of the connections to WebSocket APIs, which the client's address names.

    Source: API Gateway developer guide, "Use @connections commands in your backend service":
    `https://API.execute-api.REGION.amazonaws.com/STAGE`; a domain of one's own names neither.
    """
    del prefix, action
    verb = {"DeleteConnection": "DELETE", "GetConnection": "GET"}.get(call.use.operation, "POST")
    found: list[str] = []
    for address in call.given(ENDPOINT) or [HOLE]:
        match = _OF_API.match(address)
        api, region, stage = match.groups() if match else ("*", call.use.region or REGION, "*")
        of_api = f"{region}:{ACCOUNT}:{api}/{stage or '*'}/{verb}/@connections/*"
        found.append(f"arn:{PARTITION}:execute-api:{of_api}".replace(HOLE, "*"))
    return found
