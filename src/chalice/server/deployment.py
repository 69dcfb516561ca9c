"""What is being served: a gateway, and somebody who carries out what it wants invoked."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Protocol

from chalice.gateway.responses import INTEGRATION_FAILURE
from chalice.server.records import Fault
from chalice.server.wire import failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from chalice.gateway.http import HttpRequest, HttpResponse
    from chalice.invocation import Invocation, Outcome
    from chalice.server.hosts import Hosts
    from chalice.server.records import Log

    Invoke = Callable[[Invocation], Awaitable[Outcome]]


class Exchanges(Protocol):
    """The part of a `Gateway` that the server drives."""

    def exchange(self, request: HttpRequest) -> Generator[Invocation, Outcome, HttpResponse]:
        """Yield what is to be invoked, be sent what came of it, return the response."""
        ...


class Deployments(Protocol):
    """Where the server learns what to answer."""

    @property
    def hosts(self) -> Hosts:
        """The names under which the server may be called."""
        ...

    async def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer with what is deployed when the request comes; never raise."""
        ...

    async def close(self) -> None:
        """Stop what runs in the background."""
        ...


async def drive(gateway: Exchanges, request: HttpRequest, invoke: Invoke, log: Log) -> HttpResponse:
    """Return *gateway*'s response to *request*; a bug of ours is a 500 and a record.

    Args:
        gateway: decides.
        request: complete.
        invoke: carries out what the gateway wants invoked; must not raise.
        log: gets the bug.
    """
    try:
        exchange = gateway.exchange(request)
        invocation = next(exchange)
        while True:
            invocation = exchange.send(await invoke(invocation))
    except StopIteration as end:
        response: HttpResponse = end.value
        return response
    except Exception as error:  # noqa: BLE001 - the server outlives every bug
        log(Fault(f"{type(error).__name__}: {error}", traceback.format_exc()))
        return failure("a bug in Chalice", INTEGRATION_FAILURE)
