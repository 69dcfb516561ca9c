"""The events that functions get: the proxy event of section 1, and what authorizers are told.

The twelve keys are always there; absent is `null` (rules 1.1 and 1.2).
"""

from __future__ import annotations

import base64
import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalice.gateway.call import OPEN, common_log_time
from chalice.media import BinaryMediaTypes, media_type
from chalice.rules.templates import Scope

if TYPE_CHECKING:
    from chalice.gateway.api import Api
    from chalice.gateway.call import Arrival, Call, Grant
    from chalice.gateway.stage import Stage

# Request headers that the function never sees.
# Source: rule 1.18, recorded with AWS_PROXY on a regional API.
_REMOVED = frozenset(
    {
        "connection",
        "content-length",
        "content-md5",
        "expect",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "www-authenticate",
        # Written by the gateway itself, below.
        "host",
        "x-amzn-trace-id",
        "x-forwarded-for",
        "x-forwarded-port",
        "x-forwarded-proto",
    }
)
# Headers whose names the gateway spells itself; all others keep the client's spelling.
# Source: rule 1.14, recorded.
_SPELT = {"REGIONAL": {"user-agent": "User-Agent"}}
_SPELT["PRIVATE"] = _SPELT["REGIONAL"]
_SPELT["EDGE"] = {**_SPELT["REGIONAL"], "authorization": "Authorization"}

# The second hop of X-Forwarded-For on EDGE (rule 1.15): CloudFront, here an address that belongs to
# nobody. Source: RFC 5737, TEST-NET-1.
_EDGE_HOP = "192.0.2.1"

# Rule 1.21.
_IDENTITY: dict[str, str | None] = {
    "cognitoIdentityPoolId": None,
    "accountId": None,
    "cognitoIdentityId": None,
    "caller": None,
    "sourceIp": None,
    "principalOrgId": None,
    "accessKey": None,
    "cognitoAuthenticationType": None,
    "cognitoAuthenticationProvider": None,
    "userArn": None,
    "userAgent": None,
    "user": None,
}

_SURROGATES = re.compile("[\\ud800-\\udfff]")
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class Events:
    """Builds what the functions of one stage of one API are told."""

    def __init__(self, api: Api, stage: Stage) -> None:
        self._stage = stage
        self._binary = BinaryMediaTypes(api.binary_media_types)
        self._spelt = _SPELT[api.endpoint_type]
        self._hop = f", {_EDGE_HOP}" if api.endpoint_type == "EDGE" else ""
        self._variables = dict(stage.variables) or None
        self._own_domain = stage.execute_api_domain

    def proxy(self, call: Call, grant: Grant, api_key: str | None) -> bytes:
        """Return the event of an `aws_proxy` integration, JSON in UTF-8."""
        single, several = self._headers(call)
        body, encoded = self._body(call)
        location = call.location
        return encode(
            {
                "resource": call.resource_path,
                "path": location.path,
                "httpMethod": call.arrival.request.method,
                "headers": single,
                "multiValueHeaders": several,
                "queryStringParameters": call.query.last,
                "multiValueQueryStringParameters": call.query.all,
                "pathParameters": call.path_parameters,
                "stageVariables": self._variables,
                "requestContext": self._context(call, grant, api_key),
                "body": body,
                "isBase64Encoded": encoded,
            }
        )

    def token(self, token: str, method_arn: str) -> bytes:
        """Return the event of a TOKEN authorizer (rule 4.1)."""
        return encode({"type": "TOKEN", "methodArn": method_arn, "authorizationToken": token})

    def request(self, call: Call, grant: Grant, method_arn: str) -> bytes:
        """Return the event of a REQUEST authorizer; empty maps are `{}` (rule 4.2)."""
        single, several = self._headers(call)
        return encode(
            {
                "type": "REQUEST",
                "methodArn": method_arn,
                "resource": call.resource_path,
                "path": call.location.path,
                "httpMethod": call.arrival.request.method,
                "headers": single,
                "multiValueHeaders": several,
                "queryStringParameters": call.query.last or {},
                "multiValueQueryStringParameters": call.query.all or {},
                "pathParameters": call.path_parameters or {},
                "stageVariables": self._variables or {},
                "requestContext": self._context(call, grant, None),
            }
        )

    def method_arn(self, call: Call) -> str:
        """Return the ARN that policies are about: verb and actual path (rule 4.3)."""
        return f"{self._stage.arn}/{call.arrival.request.method}{call.location.resource_path}"

    def scope(self, arrival: Arrival, call: Call | None, grant: Grant = OPEN) -> Scope:
        """Return what templates can name; before a match, and before a grant, less than after."""
        request = arrival.request
        domain = self._domain(arrival)
        context: dict[str, Any] = {
            "requestId": arrival.request_id,
            "extendedRequestId": arrival.extended_request_id,
            "requestTime": common_log_time(arrival.seconds),
            "requestTimeEpoch": int(arrival.seconds * 1000),
            "httpMethod": request.method,
            "protocol": "HTTP/1.1",
            "accountId": self._stage.account_id,
            "apiId": self._stage.api_id,
            "stage": self._stage.name,
            "domainName": domain,
            "domainPrefix": domain.partition(".")[0],
            "identity": {
                "sourceIp": request.client_ip,
                "userAgent": arrival.header("user-agent"),
                **grant.identity,
            },
        }
        if grant.authorizer is not None:
            context["authorizer"] = grant.authorizer
        variables = self._stage.variables
        if call is None:
            return Scope(context, arrival.headers, variables=variables)
        context |= {
            "path": call.location.context_path,
            "resourcePath": call.resource_path,
            "resourceId": call.resource_id,
        }
        return Scope(
            context, arrival.headers, call.query.last or {}, call.path_parameters or {}, variables
        )

    def is_binary(self, call: Call) -> bool:
        """Whether the body of *call* goes into the event as base64 (rule 1.26)."""
        return call.arrival.media_type in self._binary

    def accepts_binary(self, call: Call) -> bool:
        """Whether a base64 body is decoded for this client: its first Accept says (rule 2.15)."""
        accept = call.arrival.headers.get("accept")
        return media_type(accept[0] if accept else "") in self._binary

    def _domain(self, arrival: Arrival) -> str:
        if self._stage.domain_name is not None:
            return self._stage.domain_name
        host = arrival.header("host")
        if not host:
            return self._own_domain
        # The last colon is the port's, unless it stands inside the brackets of an IPv6 address.
        name, colon, port = host.rpartition(":")
        return name if colon and "]" not in port else host

    def _headers(self, call: Call) -> tuple[dict[str, str], dict[str, list[str]]]:
        """Return both header maps of an event: last values and all values, of the same names."""
        arrival = call.arrival
        given = arrival.headers
        several = {
            self._spelt.get(lower, name): given[lower]
            for lower, name in arrival.names.items()
            if lower not in _REMOVED
        }
        if call.decompressed:
            # The body is not encoded any more (rule 7.2).
            several.pop(arrival.names["content-encoding"])
        several["Host"] = [arrival.header("host") or self._own_domain]
        several["X-Amzn-Trace-Id"] = [arrival.trace_root]
        hops = (*given.get("x-forwarded-for", ()), arrival.request.client_ip)
        several["X-Forwarded-For"] = [", ".join(hops) + self._hop]
        several["X-Forwarded-Port"] = ["443"]
        several["X-Forwarded-Proto"] = ["https"]
        return {name: values[-1] for name, values in several.items()}, several

    def _context(self, call: Call, grant: Grant, api_key: str | None) -> dict[str, Any]:
        arrival = call.arrival
        request = arrival.request
        stage = self._stage
        identity = {
            **_IDENTITY,
            "sourceIp": request.client_ip,
            "userAgent": arrival.header("user-agent"),
            **grant.identity,
        }
        if api_key is not None:
            identity["apiKey"] = api_key
            identity["apiKeyId"] = short_id(api_key, 10)
        domain = self._domain(arrival)
        context: dict[str, Any] = {
            "accountId": stage.account_id,
            "apiId": stage.api_id,
            "deploymentId": stage.deployment_id,
            "domainName": domain,
            "domainPrefix": domain.partition(".")[0],
            "extendedRequestId": arrival.extended_request_id,
            "httpMethod": request.method,
            "identity": identity,
            "path": call.location.context_path,
            "protocol": "HTTP/1.1",
            "requestId": arrival.request_id,
            "requestTime": common_log_time(arrival.seconds),
            "requestTimeEpoch": int(arrival.seconds * 1000),
            "resourceId": call.resource_id,
            "resourcePath": call.resource_path,
            "stage": stage.name,
        }
        if call.operation_name:
            context["operationName"] = call.operation_name
        if grant.authorizer is not None:
            context["authorizer"] = grant.authorizer
        return context

    def _body(self, call: Call) -> tuple[str | None, bool]:
        if not call.body:
            return None, False
        if self.is_binary(call):
            return base64.b64encode(call.body).decode("ascii"), True
        # Rule 1.25: what is not UTF-8 is lost, not sent as base64.
        return call.body.decode("utf-8", "replace"), False


def encode(event: dict[str, Any]) -> bytes:
    """Return *event* as JSON in UTF-8; a lone surrogate, which no UTF-8 has, becomes U+FFFD."""
    text = _to_json(event)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text).encode()


def short_id(text: str, length: int) -> str:
    """Return an id of *length* lower-case letters and digits that is always the same for *text*."""
    number = int.from_bytes(sha256(text.encode("utf-8", "replace")).digest(), "big")
    letters: list[str] = []
    for _ in range(length):
        number, digit = divmod(number, 36)
        letters.append("0123456789abcdefghijklmnopqrstuvwxyz"[digit])
    return "".join(letters)
