"""API Gateway without sockets: a definition and an `HttpRequest` in, an `HttpResponse` out.

Knows the document it serves and the rules of API Gateway (`docs/gateway-rules.md`). Must not know
of Chalice, sockets, files or the clock: invocations are yielded, time and ids are passed in.
`gateway.py`, read from top to bottom, is the order in which API Gateway does things.
"""

from chalice.gateway.definition import InvalidDefinition
from chalice.gateway.gateway import Gateway
from chalice.gateway.http import HttpRequest, HttpResponse
from chalice.gateway.ids import Ids, RandomIds
from chalice.gateway.stage import Stage
from chalice.rules.callers import UsagePlan, UserPool

__all__ = [
    "Gateway",
    "HttpRequest",
    "HttpResponse",
    "Ids",
    "InvalidDefinition",
    "RandomIds",
    "Stage",
    "UsagePlan",
    "UserPool",
]
