"""Where a Lambda authorizer's caller identity may come from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

# Source: rule 4.4 (API Gateway API reference, CreateAuthorizer, "identitySource"); stage variables
# and context values from the developer guide, "Configure an API Gateway Lambda authorizer".
_SOURCE = re.compile(r"(?:method\.request\.(header|querystring)|(stageVariables|context))\.(\S+)")

#: What to write, for messages.
FORMS = (
    "`method.request.header.NAME`, `method.request.querystring.NAME`, `stageVariables.NAME` or"
    " `context.NAME`"
)


@dataclass(frozen=True, slots=True)
class IdentitySource:
    """Where a part of the caller's identity is: *kind* is header, querystring, ..."""

    kind: Literal["header", "querystring", "stageVariables", "context"]
    name: str


def identity_source(text: str) -> IdentitySource | None:
    """Return the source that the mapping expression *text* names, or None if it names none.

    >>> identity_source("method.request.header.X-Tenant")
    IdentitySource(kind='header', name='X-Tenant')
    >>> identity_source("X-Tenant") is None
    True
    """
    found = _SOURCE.fullmatch(text)
    # A comma separates sources where a definition writes several into one text.
    if found is None or "," in found[3]:
        return None
    kind = cast("Literal['header', 'querystring']", found[1] or found[2])
    return IdentitySource(kind, found[3])
