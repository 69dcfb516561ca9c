"""What API Gateway counts, knows and calls so: numbers, and words of its definitions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from chalice.regions import dns_suffix

# --- numbers -----------------------------------------------------------------------------------

# How long API Gateway keeps an authorizer's answer, in seconds; 0 keeps none.
# Source: rule 4.12 (API Gateway API reference, CreateAuthorizer, "authorizerResultTtlInSeconds").
DEFAULT_TTL_SECONDS, MAX_TTL_SECONDS = 300, 3_600

# The largest body that an API may leave uncompressed, in bytes.
# Source: rule 7.1, recorded.
MAX_COMPRESSION_SIZE_BYTES = 10_485_760

# Source: API Gateway developer guide, "Quotas for configuring and running a REST API" (rule 3.16).
# Both can be raised for an API.
MAX_RESOURCES = 300
MAX_AUTHORIZERS = 10

# The statuses of a gateway response. API Gateway takes any from 100 on; one below 200 is no answer.
# Source: API Gateway API reference, PutGatewayResponse, "statusCode"; RFC 9110, section 15.2.
MIN_STATUS, MAX_STATUS = 200, 599

# What a parameter may be called that a definition names. Source: API Gateway developer guide,
# "Parameter mapping source reference for REST APIs": `^[a-zA-Z0-9._$-]+$`.
_PARAMETER = re.compile(r"[A-Za-z0-9._$-]+")


def is_parameter_name(name: str) -> bool:
    """Return whether a definition can name a header or a query parameter so.

    >>> is_parameter_name("X-Tenant"), is_parameter_name("filter[a]"), is_parameter_name("")
    (True, False, False)
    """
    return _PARAMETER.fullmatch(name) is not None


# --- words -------------------------------------------------------------------------------------

#: Rule 3.10 (the answer of PutMethod to any other).
VERBS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD")

#: Stands for all of them.
ANY = "ANY"

#: Source: API Gateway API reference, "GatewayResponse", `responseType` (rule 2.24).
RESPONSE_TYPES = (
    "ACCESS_DENIED",
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE",
    "BAD_REQUEST_BODY",
    "BAD_REQUEST_PARAMETERS",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "EXPIRED_TOKEN",
    "INTEGRATION_FAILURE",
    "INTEGRATION_TIMEOUT",
    "INVALID_API_KEY",
    "INVALID_SIGNATURE",
    "MISSING_AUTHENTICATION_TOKEN",
    "QUOTA_EXCEEDED",
    "REQUEST_TOO_LARGE",
    "RESOURCE_NOT_FOUND",
    "THROTTLED",
    "UNAUTHORIZED",
    "UNSUPPORTED_MEDIA_TYPE",
    "WAF_FILTERED",
)

#: Those that stand for every type of their family that is not set itself (rule 2.24).
DEFAULTS = ("DEFAULT_4XX", "DEFAULT_5XX")

# --- user pools ----------------------------------------------------------------------------------

#: The ARN of a user pool. Source: API Gateway API reference, CreateAuthorizer, "providerARNs".
USER_POOL_ARN = re.compile(
    r"arn:(?P<partition>[a-z-]+):cognito-idp:(?P<region>[a-z0-9-]+):[0-9]{12}"
    r":userpool/(?P<pool>[\w-]+)",
    re.ASCII,
)


def user_pool_issuer(partition: str, region: str, pool: str) -> str:
    """Return what tokens of a user pool say in `iss`.

    Source: Amazon Cognito developer guide, "Verifying JSON web tokens".

    >>> user_pool_issuer("aws", "eu-west-1", "eu-west-1_abc")
    'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc'
    """
    return f"https://cognito-idp.{region}.{dns_suffix(partition)}/{pool}"


# --- where the identity of a caller may come from ------------------------------------------------

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
