"""An execution environment, seen from the process that owns the sockets.

The application runs in a process of its own; invocations and outcomes travel over a socket, many
at once.
"""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Protocol

from chalice.invocation import Invocation, Outcome, TimedOut
from chalice.server.facts import Facts, NotLoaded
from chalice.server.flights import Flights, Gone
from chalice.server.frames import Damaged, Decoder, Frame, Kind, invocation_frame, outcome_of
from chalice.server.records import FunctionLog

if TYPE_CHECKING:
    import socket

    from chalice.server.processes import Process
    from chalice.server.records import Log

# How long after the channel closed the process's exit status is waited for, and how long the
# application's exit handlers may take.
_STATUS_SECONDS = 1.0
_EXIT_SECONDS = 3.0

_TIMED_OUT = "a function ran past its timeout"


class Owner(Protocol):
    """Who keeps environments."""

    def failed(self, environment: Environment, reason: str, *, in_use: bool) -> None:
        """Take note that *environment* takes no more invocations although nobody retired it."""
        ...

    def ended(self, environment: Environment) -> None:
        """Take note that the process of *environment* is gone."""
        ...

    def slow(self, environment: Environment, where: str) -> None:
        """Take note that *environment* takes long to load, and where the import stands."""
        ...


class Environment:
    """One process that loads the application and runs its functions.

    Args:
        process: the process.
        owner: is told how it ends.
        log: gets what functions log.
    """

    def __init__(self, process: Process, owner: Owner, log: Log) -> None:
        self._process = process
        self._owner = owner
        self._log = log
        self._loop = asyncio.get_running_loop()
        self._channel: asyncio.Transport | None = None
        self._flights = Flights(log, self._timed_out)
        self._loaded: asyncio.Future[Facts] = self._loop.create_future()
        self._loaded.add_done_callback(_look_at)
        self._retired = False
        self._stuck = False
        self._ending: asyncio.Task[None] | None = None
        self.users = 0
        self.usable = False

    async def load(self, channel: socket.socket) -> Facts:
        """Wait until the application is loaded and return what is to be served.

        Raises:
            NotLoaded: it cannot be loaded, or the process ended.
        """
        try:
            await self._loop.create_connection(lambda: _Channel(self), sock=channel)
            facts = await self._loaded
        except BaseException:
            self.kill()
            raise
        self._flights.timeouts = facts.timeouts
        self.usable = True
        return facts

    async def invoke(self, invocation: Invocation) -> Outcome:
        """Carry out *invocation*.

        Raises:
            Gone: the environment takes no more.
        """
        return await self._flights.start(invocation, self._send)

    def _send(self, number: int, invocation: Invocation) -> None:
        if not self.usable or self._channel is None:
            raise Gone
        self._channel.write(invocation_frame(number, invocation))
        if self._channel.is_closing():
            # The process ended, nobody has heard of it yet, and nothing of this has reached it.
            self.usable = False
            raise Gone

    def retire(self) -> None:
        """Take no more invocations; end when those under way, and their requests, are done."""
        self._retired = True
        self.usable = False
        self.end_if_done()

    def end_if_done(self) -> None:
        """End the process if it has been retired and nobody needs it any more."""
        if not self._retired or self._flights or self.users:
            return
        if self._stuck:
            self.kill()
        else:
            self.close()

    def close(self) -> None:
        """Tell the process to end, and see to it that it does."""
        self._retired = True
        self.usable = False
        if self._channel is not None and not self._channel.is_closing():
            self._channel.close()
            self._loop.call_later(_EXIT_SECONDS, self._process.kill)

    def kill(self) -> None:
        """End the process at once."""
        self._retired = True
        self.usable = False
        self._process.kill()
        if self._channel is not None:
            self._channel.abort()  # it ends the process, too, should nobody be left to kill it

    def _timed_out(self) -> None:
        """A function hangs in the process: as on Lambda, another process takes over."""
        self._stuck = True
        self._fail(_TIMED_OUT, in_use=True)

    def _fail(self, reason: str, *, in_use: bool) -> None:
        if not self._retired:
            self.retire()
            self._owner.failed(self, reason, in_use=in_use)
        self.end_if_done()

    def connected(self, channel: asyncio.Transport) -> None:
        """Note that invocations can be sent over *channel*."""
        self._channel = channel

    def received(self, frame: Frame) -> None:
        """Act on what the process says.

        Raises:
            Damaged: it says nothing that can be understood.
        """
        match frame.kind:
            case Kind.LOG:
                self._log(FunctionLog(frame.body.decode("utf-8", "replace")))
            case Kind.SLOW:
                self._owner.slow(self, frame.body.decode("utf-8", "replace"))
            case Kind.READY:
                self._settle(Facts.from_json(frame.body))
            case Kind.REFUSED:
                self._settle(NotLoaded.from_json(frame.body))
            case _:
                outcome = outcome_of(frame)
                if not self._flights.land(frame.number, outcome):
                    return
                if isinstance(outcome, TimedOut):
                    self._fail(_TIMED_OUT, in_use=True)
                self.end_if_done()

    def _settle(self, result: Facts | NotLoaded) -> None:
        if self._loaded.done():
            return
        if isinstance(result, Facts):
            self._loaded.set_result(result)
        else:
            self._loaded.set_exception(result)

    def lost(self) -> None:
        """Act on the end of the channel: the process has ended, or closed its side."""
        self.usable = False
        self._channel = None
        if self._ending is None:
            self._ending = self._loop.create_task(self._end())

    async def _end(self) -> None:
        status = await self._process.wait(_STATUS_SECONDS)
        if status is None:
            self._process.kill()
        reason = exit_reason(status)
        if not self._loaded.done():
            self._loaded.set_exception(NotLoaded.ended(reason))
        in_use = bool(self._flights)
        self._flights.crash(reason)
        self._fail(reason, in_use=in_use)
        self._owner.ended(self)


def _look_at(loaded: asyncio.Future[Facts]) -> None:
    """Take note of how loading ended, so that asyncio does not report that nobody did."""
    if not loaded.cancelled():
        loaded.exception()


# What Lambda calls the signals that end a process. Source: rule 10.6 for `killed`.
_SIGNALS = {
    signal.SIGABRT: "aborted",
    signal.SIGSEGV: "segmentation fault",
    signal.SIGTERM: "terminated",
    9: "killed",
}


def exit_reason(status: int | None) -> str:
    """Return what Lambda says of a process that ended (rule 10.6).

    Args:
        status: its exit status, negative for a signal, None if unknown.

    >>> exit_reason(-9)
    'Runtime exited with error: signal: killed'
    >>> exit_reason(0)
    'Runtime exited without providing a reason'
    """
    if not status:
        return "Runtime exited without providing a reason"
    if status < 0:
        name = _SIGNALS.get(-status) or signal.strsignal(-status) or str(-status)
        return f"Runtime exited with error: signal: {name}"
    return f"Runtime exited with error: exit status {status}"


class _Channel(asyncio.Protocol):
    """Cuts what arrives into frames."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._decoder = Decoder()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a stream socket's
        self._transport = transport
        self._environment.connected(transport)

    def data_received(self, data: bytes) -> None:
        try:
            for frame in self._decoder.feed(data):
                self._environment.received(frame)
        except (Damaged, ValueError, TypeError, KeyError):
            # The application wrote to our descriptor: nothing that comes now can be trusted.
            self._environment.kill()
            if self._transport is not None:
                self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._environment.lost()
