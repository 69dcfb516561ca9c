"""The local server as a whole: opens what is to be served, answers, stops when it is told to."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from chalice.server.gathered import Gathered
from chalice.server.limits import Limits
from chalice.server.records import Fault, Notice, Serving

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Coroutine, Generator
    from typing import Any, TextIO

    from chalice.server.front import Front
    from chalice.server.records import Log
    from chalice.server.sources import Opened, Source

# How long requests may take to end once the server was told to stop.
GRACE_SECONDS = 5.0

# Connections take a file descriptor each; many systems give a program 256 or 1,024 unasked.
_DESCRIPTORS = 65_536

# Of these, as many are kept for everything else: channels to workers, files, the watch over edits.
_OTHER_DESCRIPTORS = 160


class Server:
    """One run of the server.

    Args:
        source: what is served.
        listener: where; connections wait in it until the source is open.
        url: what reaches the listener.
        log: gets what happens, on the loop of `run`; must not block.
        limits: bounds what clients may do.
        show_rules: tell clients, too, which rules decided an answer.
    """

    def __init__(
        self,
        source: Source,
        listener: socket.socket,
        url: str,
        log: Log,
        limits: Limits | None = None,
        *,
        show_rules: bool = False,
    ) -> None:
        self.url = url
        self._limits = limits or Limits()
        self._source = source
        self._listener = listener
        self._log: Log = log
        self._show_rules = show_rules
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._hurry = asyncio.Event()
        self.interrupted = False
        self.on_serving: Callable[[], None] = lambda: None

    async def run(self) -> None:
        """Serve until `stop` is called.

        Raises:
            ToolError: the source cannot be served.
        """
        self._loop = asyncio.get_running_loop()
        gathered = Gathered(self._log)
        self._log = gathered
        self._loop.set_exception_handler(self._report)
        try:
            await self._run()
        finally:
            gathered.flush()

    async def _run(self) -> None:
        self._limits = _within(self._limits, _raise_descriptor_limit())
        # The import takes longer than anything else; a worker loads the project meanwhile.
        from chalice.server.front import Front  # noqa: PLC0415

        try:
            opened = await _unless(self._stop, self._source.open(self._log))
        except BaseException:
            self._listener.close()
            raise
        if opened is None:
            self._listener.close()
            await self._source.abandon()
            return
        from chalice.server.listening import is_everywhere  # noqa: PLC0415 - as in _serve

        front = Front(
            opened.deployments,
            self._log,
            self._limits,
            everywhere=is_everywhere(self._listener),
            show_rules=self._show_rules,
            mark=opened.mark,
        )
        await self._serve(opened, front)

    async def _serve(self, opened: Opened, front: Front) -> None:
        assert self._loop is not None  # noqa: S101 - set by run
        from chalice.server.listening import BACKLOG  # noqa: PLC0415 - imported by whoever listens

        listening = await self._loop.create_server(front, sock=self._listener, backlog=BACKLOG)
        timekeeper = self._loop.create_task(front.keep_time())
        try:
            self._log(Serving(self.url, opened.api_key, opened.warnings))
            self.on_serving()
            await self._stop.wait()
            listening.close()
            front.draining = True
            front.pre_shutdown()
            await _unless(self._hurry, front.drained(GRACE_SECONDS))
        finally:
            timekeeper.cancel()
            listening.close()
            await front.shutdown(0.2)
            await opened.deployments.close()

    def stop(self, *, interrupted: bool = False) -> None:
        """Finish what is under way, then end; called once more: end at once. Not thread-safe."""
        self.interrupted = self.interrupted or interrupted
        if self._stop.is_set():
            self._hurry.set()
        self._stop.set()

    def stop_soon(self) -> None:
        """Call `stop` from another thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has been closed: it has stopped
                self._loop.call_soon_threadsafe(self.stop)

    def _report(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Report what asyncio has nobody to tell."""
        del loop
        error = context.get("exception")
        text = f"{context.get('message', 'an error in the event loop')}"
        if isinstance(error, OSError):
            self._log(Notice(f"{text}: {error}"))
        elif error is not None:
            import traceback  # noqa: PLC0415 - only a bug pays for it

            self._log(Fault(text, "".join(traceback.format_exception(error))))


async def _unless(event: asyncio.Event, work: Coroutine[Any, Any, Any]) -> Any:
    """Return what *work* returns, or None, with *work* cancelled, once *event* is set."""
    task = asyncio.ensure_future(work)
    stopped = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        if not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    return None if task.cancelled() else task.result()


def _raise_descriptor_limit() -> int:
    """Return how many descriptors this process may have."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return _DESCRIPTORS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if resource.RLIM_INFINITY in {soft, hard}:
        most = _DESCRIPTORS
    else:
        most = max(soft, min(hard, _DESCRIPTORS))
    if soft != resource.RLIM_INFINITY and soft < most:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        except (OSError, ValueError):
            return soft
    return most


def _within(limits: Limits, descriptors: int) -> Limits:
    """Return *limits* with no more connections than there are descriptors for."""
    room = max(1, descriptors - _OTHER_DESCRIPTORS)
    return replace(limits, connections=min(limits.connections, room))


def serve(server: Server) -> bool:
    """Run *server* in the main thread until a signal ends it; return whether it was Ctrl-C.

    Raises:
        ToolError: the source cannot be served.
    """
    # What is imported until the server answers stays for good: looking through it for garbage, now
    # or later, finds none.
    gc.disable()

    def settle() -> None:
        gc.freeze()
        gc.enable()

    server.on_serving = settle

    if hasattr(signal, "SIGTTOU"):
        # The log goes on while a worker has the terminal, even where `stty tostop` is set.
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        try:
            loop.add_signal_handler(signal.SIGINT, lambda: server.stop(interrupted=True))
            loop.add_signal_handler(signal.SIGTERM, server.stop)
            if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as `nohup` has it
                loop.add_signal_handler(signal.SIGHUP, server.stop)
        except NotImplementedError:  # Windows: the handler runs in the main thread, between events
            signal.signal(signal.SIGINT, lambda _number, _frame: server.stop_soon())
        await server.run()

    # Until the loop hears of it, and when it has ended, Ctrl-C is noted as well.
    before = signal.signal(signal.SIGINT, lambda _number, _frame: server.stop(interrupted=True))
    try:
        with _streams_for_the_application():
            asyncio.run(run())
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
    return server.interrupted


@contextmanager
def _streams_for_the_application() -> Generator[None]:
    """Give the application output streams of its own: the log goes on when a view closes them.

    They write to the same descriptors, by which a debugger knows a terminal.
    """
    before = sys.stdout, sys.stderr
    try:
        sys.stdout, sys.stderr = (_another(stream) for stream in before)
        yield
    finally:
        for stream in {sys.stdout, sys.stderr} - {*before}:
            with suppress(OSError, ValueError):  # closed, or nobody reads any more
                stream.flush()
        sys.stdout, sys.stderr = before


def _another(stream: TextIO) -> TextIO:
    """Return another stream that writes where *stream* does; *stream* where that cannot be."""
    with suppress(OSError, ValueError, AttributeError):  # replaced, or there is none
        descriptor = stream.fileno()
        stream.flush()
        return open(
            descriptor,
            "w",
            buffering=1,
            encoding=stream.encoding,
            errors=stream.errors,
            closefd=False,
        )
    return stream
