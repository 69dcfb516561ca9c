"""What is being served: a gateway, and those who do what it asks for."""

from __future__ import annotations

import asyncio
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from chalice.gateway.exchange import KeysFound, KeysWanted, NoKeys
from chalice.gateway.responses import INTEGRATION_FAILURE
from chalice.server.records import Fault
from chalice.server.wire import failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from concurrent.futures import Future

    from chalice.gateway.exchange import Exchange, KeySource
    from chalice.gateway.http import HttpRequest, HttpResponse
    from chalice.invocation import Invocation, Outcome
    from chalice.server.hosts import Hosts
    from chalice.server.records import Log

    Invoke = Callable[[Invocation], Awaitable[Outcome]]


class Exchanges(Protocol):
    """The part of a `Gateway` that the server drives."""

    def exchange(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """Yield what is wanted, be sent what came of it, return the response."""
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


async def drive(
    gateway: Exchanges, request: HttpRequest, invoke: Invoke, keys: KeySource | None, log: Log
) -> HttpResponse:
    """Return *gateway*'s response to *request*; a bug of ours is a 500 and a record.

    Args:
        gateway: decides.
        request: complete.
        invoke: carries out what the gateway wants invoked; must not raise.
        keys: finds the keys of issuers of tokens; None has none.
        log: gets the bug.
    """
    try:
        exchange = gateway.exchange(request)
        wanted = next(exchange)
        while True:
            if isinstance(wanted, KeysWanted):
                wanted = exchange.send(await find(keys, wanted))
            else:
                wanted = exchange.send(await invoke(wanted))
    except StopIteration as end:
        response: HttpResponse = end.value
        return response
    except Exception as error:  # noqa: BLE001 - the server outlives every bug
        log(Fault(f"{type(error).__name__}: {error}", traceback.format_exc()))
        return failure("a bug in Chalice", INTEGRATION_FAILURE)


async def find(keys: KeySource | None, wanted: KeysWanted) -> KeysFound | NoKeys:
    """Return the keys that are *wanted*, or why they cannot be had in time."""
    if keys is None:
        return NoKeys("there is no source of keys")
    found = keys.find(wanted)
    if found.done():
        return found.result()
    loop = asyncio.get_running_loop()
    waiter: asyncio.Future[KeysFound | NoKeys] = loop.create_future()

    def settle() -> None:
        if not waiter.done():
            waiter.set_result(found.result())

    def tell(_: Future[KeysFound | NoKeys]) -> None:
        with suppress(RuntimeError):  # the loop has been closed: nobody waits any more
            loop.call_soon_threadsafe(settle)

    found.add_done_callback(tell)
    try:
        async with asyncio.timeout(wanted.within_seconds):
            return await waiter
    except TimeoutError:
        return NoKeys(f"no answer within {wanted.within_seconds:g} s")
