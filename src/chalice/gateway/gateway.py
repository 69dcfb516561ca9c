"""API Gateway, from top to bottom: what it does with a request, and in which order.

`Gateway.exchange` is the whole of it. It is a generator: it yields the invocations that it wants
made, and the keys of issuers that it wants found, and is sent what came of each, so that threads,
processes, sockets and clocks are somebody else's. Each step is a function or a small object of its
own module; a step that ends the request raises `Refusal`, which becomes the answer that API Gateway
would give.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, assert_never

from chalice.gateway import (
    compression,
    definition,
    limits,
    receipts,
    result,
    validation,
)
from chalice.gateway.api import Api, Integration, LambdaProxy, Method, Mock
from chalice.gateway.authorize import Guard, Surroundings, guard
from chalice.gateway.authorizer_result import ResultCache
from chalice.gateway.call import Arrival, Call, Grant, arrive, query
from chalice.gateway.event import Events, short_id
from chalice.gateway.exchange import Exchange, KeysFound, KeysWanted, NoKeys, Sent, Want, invoked
from chalice.gateway.http import HttpResponse
from chalice.gateway.iam_guard import Callers
from chalice.gateway.ids import Ids, RandomIds
from chalice.gateway.keys import Keys
from chalice.gateway.policies import Questions, ResourcePolicy
from chalice.gateway.responses import (
    BAD_GATEWAY,
    BAD_QUERY,
    INTEGRATION_FAILURE,
    INTEGRATION_TIMEOUT,
    MISSING_AUTHENTICATION_TOKEN,
    REQUEST_TOO_LARGE,
    UNKNOWN_STAGE,
    GatewayResponses,
    Refusal,
    Reply,
)
from chalice.gateway.routing import Routes
from chalice.gateway.stage import Mounts, Stage
from chalice.invocation import (
    MAX_EVENT_BYTES,
    FunctionError,
    Invocation,
    Invoker,
    NotInvocable,
    Result,
    StillRunning,
    Throttled,
    TimedOut,
)
from chalice.rules.paths import is_greedy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.gateway.exchange import KeySource
    from chalice.gateway.http import HttpRequest

# Characters that a query may only hold percent-encoded.
# Source: rule 1.12; API Gateway developer guide, "important notes".
_UNENCODED = re.compile(r"[|{}]")

# Statuses whose responses have no content (RFC 9110, section 6.4.1).
_WITHOUT_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """A method with what serves it, made once for all its calls."""

    resource: str
    resource_id: str
    method: Method
    guard: Guard
    rules: tuple[str, ...]


class Gateway:
    """One stage of a REST API.

    One gateway answers many requests at once.

    >>> from chalice.gateway.http import HttpRequest
    >>> stage = Stage("api", False, "us-east-1", "123456789012", "a1b2c3d4e5", "dep123")
    >>> gateway = Gateway({"openapi": "3.0.1", "paths": {}}, stage)
    >>> gateway.answer(HttpRequest("GET", "/")).body
    b'{"message":"Missing Authentication Token"}'
    """

    def __init__(
        self,
        document: Mapping[str, Any],
        stage: Stage,
        invoker: Invoker | None = None,
        *,
        keys: KeySource | None = None,
        clock: Callable[[], float] = time.time,
        ids: Ids | None = None,
        cache: ResultCache | None = None,
        open_authorizers: bool = False,
    ) -> None:
        """Read the API definition *document*.

        Args:
            document: OpenAPI 3.0 with the extensions of API Gateway.
            stage: where it is served.
            invoker: carries out what `answer` wants invoked.
            keys: where `answer` looks for the keys of issuers of tokens.
            clock: seconds since the epoch.
            ids: makes request and trace ids.
            cache: keeps results of authorizers; one of this gateway's own unless given.
            open_authorizers: whether nobody is asked who a caller is. No document and no stage can
                say so: it takes somebody who passes it here.

        Raises:
            InvalidDefinition: the document cannot be served.
        """
        api = definition.read(document, stage)
        self.api = api
        self.stage = stage
        self._invoker = invoker
        self._key_source = keys
        self._clock = clock
        self._ids = ids or RandomIds()
        self._mounts = Mounts(stage)
        self._edge = api.endpoint_type == "EDGE"
        self._limits = limits.HEAD_LIMITS[api.endpoint_type]
        self._events = Events(api, stage)
        self._keys = Keys(stage, clock, from_authorizer=api.key_from_authorizer)
        self._responses = GatewayResponses(api.gateway_responses)
        self._compress_from = api.minimum_compression_size
        self._lineage = f"Lineage=1:{sha256(stage.deployment_id.encode()).hexdigest()[:8]}:0"
        questions = Questions(self._events, stage, private=api.endpoint_type == "PRIVATE")
        policy = None if api.policy is None else ResourcePolicy(api.policy, questions)
        around = Surroundings(
            events=self._events,
            cache=ResultCache(clock) if cache is None else cache,
            clock=clock,
            ids=self._ids,
            questions=questions,
            policy=policy,
            callers=Callers(stage),
            stage=stage,
            open_authorizers=open_authorizers,
        )
        self._routes = _routes(api, stage, around)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return what API Gateway answers to *request*; invocations go to the invoker."""
        exchange = self.exchange(request)
        try:
            wanted = next(exchange)
            while True:
                wanted = exchange.send(self._sent(wanted))
        except StopIteration as end:
            response: HttpResponse = end.value
            return response

    def _sent(self, wanted: Want) -> Sent:
        """Return what comes of what an exchange asks for."""
        if isinstance(wanted, KeysWanted):
            return self._keys_of(wanted)
        if self._invoker is None:
            return NotInvocable("there is no invoker")
        return self._invoker.invoke(wanted)

    def _keys_of(self, wanted: KeysWanted) -> KeysFound | NoKeys:
        if self._key_source is None:
            return NoKeys("there is no source of keys")
        try:
            return self._key_source.find(wanted).result(wanted.within_seconds)
        except TimeoutError:
            return NoKeys(f"no answer within {wanted.within_seconds:g} s")

    def exchange(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """Yield what is wanted for *request*, be sent what came of it, return the answer."""
        arrival = arrive(request, self._clock(), self._ids)
        call = None
        rules: list[str] = []
        try:
            limits.check(arrival, self._limits)
            call, endpoint = self._match(arrival)
            rules += call.rules
            method = endpoint.method
            grant = yield from endpoint.guard.admit(call)
            rules += grant.rules
            api_key = self._keys.check(call, grant) if method.api_key_required else None
            call = self._decompressed(call)
            validation.check(call, method)
            rules += receipts.of_call(call, method, api_key)
            reply = yield from self._integrate(method.integration, call, grant, api_key)
        except Refusal as refusal:
            reply = self._responses.reply(refusal, lambda: self._events.scope(arrival, call))
        return self._response(arrival, call, reply, rules)

    def _integrate(
        self, integration: Integration, call: Call, grant: Grant, api_key: str | None
    ) -> Exchange[Reply]:
        """Return what the integration of the method answers."""
        match integration:
            case LambdaProxy():
                payload = self._events.proxy(call, grant, api_key)
                reply = yield from self._invoke(integration, call, payload)
                if call.body:
                    body_rule = "1.26" if self._events.is_binary(call) else "1.25"
                    reply = replace(reply, rules=(body_rule, *reply.rules))
                return reply
            case Mock():
                from chalice.gateway import mock  # noqa: PLC0415 - most APIs answer by functions

                return mock.reply(integration, call, self._events.scope(call.arrival, call, grant))
            case other:
                assert_never(other)

    def _match(self, arrival: Arrival) -> tuple[Call, _Endpoint]:
        """Find the stage, then the method (section 3)."""
        request = arrival.request
        mount = self._mounts.of(arrival.header("host") or "")
        location = mount.locate(request.target)
        if location is None:
            raise Refusal(UNKNOWN_STAGE, reason=f"the path is not below {mount.prefix}")
        if _UNENCODED.search(location.query):
            raise Refusal(BAD_QUERY, reason="the query holds `|`, `{` or `}` without encoding")
        matched = self._routes.match(request.method, location.resource_path)
        if matched is None:
            raise _unmatched(arrival)
        endpoint, path_parameters = matched
        call = Call(
            arrival=arrival,
            location=location,
            resource_path=endpoint.resource,
            resource_id=endpoint.resource_id,
            operation_name=endpoint.method.operation_name,
            path_parameters=path_parameters,
            query=query(location.query),
            body=request.body,
            rules=endpoint.rules,
        )
        if is_greedy(endpoint.resource) and self._routes.has_resource(location.resource_path):
            call = replace(call, rules=(*call.rules, "3.2"))
        return call, endpoint

    def _decompressed(self, call: Call) -> Call:
        """Undo the content coding of the body, where the API wants that (rule 7.2)."""
        coding = call.arrival.headers.get("content-encoding")
        if self._compress_from is None or not coding or not call.body:
            return call
        body = compression.decompress(",".join(coding), call.body)
        return replace(call, body=body, decompressed=True)

    def _invoke(self, integration: LambdaProxy, call: Call, payload: bytes) -> Exchange[Reply]:
        """Invoke the function of a proxy integration and read what came of it (section 2)."""
        if integration.fault:
            raise Refusal(INTEGRATION_FAILURE, reason=integration.fault, rules=("2.9", "2.14"))
        if len(payload) > MAX_EVENT_BYTES:
            reason = f"the event has {len(payload)} bytes; {MAX_EVENT_BYTES} fit"
            raise Refusal(REQUEST_TOO_LARGE, reason=reason)
        trace = call.arrival.trace_root
        trace_id = f"{trace};Parent={self._ids.segment_id()};Sampled=0;{self._lineage}"
        outcome = yield from invoked(
            Invocation(
                function=integration.function,
                payload=payload,
                within_seconds=integration.timeout_seconds,
                request_id=self._ids.request_id(),
                trace_id=trace_id,
            )
        )
        if not isinstance(outcome, Result):
            name = self.stage.function_names.get(integration.function, integration.function)
            raise _failure(outcome, f"function `{name}`", integration.timeout_seconds)
        binary = self._events.accepts_binary(call)
        return result.reply(
            outcome.payload,
            accepts_binary=binary,
            added=(("X-Amzn-Trace-Id", trace_id),),
            not_emulated=receipts.of_edge(call) if self._edge else (),
        )

    def _response(
        self, arrival: Arrival, call: Call | None, reply: Reply, rules: list[str]
    ) -> HttpResponse:
        """Add what every answer has, and fit the body to request and status."""
        headers = (
            ("x-amzn-RequestId", arrival.request_id),
            ("x-amz-apigw-id", arrival.extended_request_id),
            *reply.headers,
        )
        body = reply.body
        status = reply.status
        rules += reply.rules
        if arrival.request.method == "HEAD" or status in _WITHOUT_BODY or status < 200:
            if body:
                rules.append("2.18" if arrival.request.method == "HEAD" else "2.19")
            body = b""
        elif self._compress_from is not None and len(body) >= max(1, self._compress_from):
            coding = compression.accepted(arrival.headers.get("accept-encoding", ()))
            if coding and not any(name.lower() == "content-encoding" for name, _ in headers):
                body = compression.compress(coding, body)
                headers = (*headers, ("Content-Encoding", coding))
                rules.append("7.3")
        resource = call.resource_path if call is not None else None
        return HttpResponse(
            status, headers, body, resource, reply.reason, tuple(rules), reply.not_emulated
        )


def _routes(api: Api, stage: Stage, around: Surroundings) -> Routes[_Endpoint]:
    routes: Routes[_Endpoint] = Routes()
    for resource in api.resources:
        # Six characters, ten for the root (rule 1.20).
        length = 10 if resource.path == "/" else 6
        resource_id = short_id(f"{stage.api_id}{resource.path}", length)
        endpoints = {
            verb: _Endpoint(
                resource.path,
                resource_id,
                method,
                guard(method, around),
                receipts.of_route(resource.path, verb),
            )
            for verb, method in resource.methods.items()
        }
        routes.add(resource.path, endpoints)
    return routes


def _unmatched(arrival: Arrival) -> Refusal:
    """Return the refusal of a request that matched nothing: 403, never 404 or 405 (rule 3.5)."""
    reason = "no method of the API serves this path and verb"
    header = arrival.header("authorization")
    if not header:
        return Refusal(MISSING_AUTHENTICATION_TOKEN, reason=reason)
    # What reads signatures is loaded for the first request that looks signed.
    from chalice.gateway import signature  # noqa: PLC0415

    return signature.unmatched(arrival, header, reason)


def _failure(
    outcome: FunctionError | TimedOut | StillRunning | Throttled | NotInvocable,
    name: str,
    limit: float,
) -> Refusal:
    """Return what the client gets for an invocation without a result (rules 2.7 to 2.10)."""
    match outcome:
        case FunctionError(error_type, message):
            return Refusal(BAD_GATEWAY, reason=f"{name} raised {error_type}: {message}")
        case TimedOut(seconds):
            return Refusal(BAD_GATEWAY, reason=f"{name} ran past its timeout of {seconds:g} s")
        case StillRunning():
            return Refusal(INTEGRATION_TIMEOUT, reason=f"{name} had no answer within {limit:g} s")
        case Throttled():
            return Refusal(INTEGRATION_FAILURE, reason=f"{name} has no concurrency left")
        case NotInvocable(why):
            return Refusal(
                INTEGRATION_FAILURE, reason=f"{name} cannot be invoked here: {why}", rules=("2.9",)
            )
        case other:
            assert_never(other)
