"""What is counted or measured, and how far it may go."""

from __future__ import annotations

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
