"""The runtime, from its start to its end: what its process says through the Runtime API."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from chalice.invocation import TOO_LARGE, FunctionError, Result
from chalice.invoke.lambda_runtime.outcomes import reported_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.invoke.lambda_runtime.outcomes import End


class Runtime:
    """The runtime that was started once, as far as it has told; after its end nothing counts.

    Attributes:
        ready: whether it waits for an event; another future for each one.
        init_error: why it cannot load the function.
        reply: what came of the event that was delivered last.
        frozen: whether its processes have been stopped; another future for each time.
        ended: how its process ended.
    """

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.init_error: asyncio.Future[FunctionError] = loop.create_future()
        self.reply: asyncio.Future[Result | FunctionError] = loop.create_future()
        self.frozen: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[End] = loop.create_future()
        self._deliver: Callable[[Mapping[str, str], bytes], None] | None = None
        self._request_id = ""  # of the event that it works at

    async def wait(self, *futures: asyncio.Future[Any], deadline: float) -> None:
        """Wait until one of *futures* is done, the process has ended, or until the *deadline*.

        Args:
            futures: its own.
            deadline: on the clock of `time.monotonic`.
        """
        awaited = {*futures, self.ended}
        if any(future.done() for future in awaited):
            return
        timeout = max(0, deadline - time.monotonic())
        await asyncio.wait(awaited, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)

    def deliver(self, request_id: str, headers: Mapping[str, str], payload: bytes) -> bool:
        """Hand it an event; return False where nobody waits for one."""
        if self.ended.done() or self._deliver is None:
            return False
        self._request_id = request_id
        self.reply = asyncio.get_running_loop().create_future()
        deliver, self._deliver = self._deliver, None
        deliver(headers, payload)
        return True

    def end(self, end: End) -> None:
        """Note that its process has ended, unless that was known."""
        if not self.ended.done():
            self.ended.set_result(end)

    # --- what the runtime says: a `Listener` of the Runtime API ----------------------------------

    def wants_next(self, deliver: Callable[[Mapping[str, str], bytes], None]) -> bool:
        """Note that the runtime is ready."""
        if self.ended.done() or self._request_id:
            return False
        self._deliver = deliver
        if not self.ready.done():
            self.ready.set_result(None)
        return True

    def answered(self, request_id: str, payload: bytes | None) -> bool:
        """Take the function's result."""
        return self._settle(request_id, TOO_LARGE if payload is None else Result(payload))

    def failed(self, request_id: str, payload: bytes) -> bool:
        """Take the error that the function raised."""
        return self._settle(request_id, reported_error(payload))

    def failed_init(self, payload: bytes) -> bool:
        """Take the error of the init phase."""
        if self.ended.done() or self.ready.done() or self.init_error.done():
            return False
        self.init_error.set_result(reported_error(payload))
        return True

    def _settle(self, request_id: str, outcome: Result | FunctionError) -> bool:
        if self.ended.done() or not self._request_id or self._request_id != request_id:
            return False
        self._request_id = ""
        self.ready = asyncio.get_running_loop().create_future()
        self.reply.set_result(outcome)
        return True
