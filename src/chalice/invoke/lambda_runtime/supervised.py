"""What runs in one execution environment, seen from the server.

The environment's first process, the `supervisor`, is asked to start, freeze and end the runtime;
what the runtime itself says comes by the Runtime API. Both end together.
"""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.diagnostics import ToolError
from chalice.invoke.lambda_runtime.folders import remove
from chalice.invoke.lambda_runtime.host import Cell
from chalice.invoke.lambda_runtime.identity import USER_ID
from chalice.invoke.lambda_runtime.outcomes import End
from chalice.invoke.lambda_runtime.peers import Processes
from chalice.invoke.lambda_runtime.runtime import Runtime
from chalice.invoke.lambda_runtime.runtime_api import RuntimeApi
from chalice.invoke.lambda_runtime.variables import log_stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.invoke.functions import LocalFunction
    from chalice.invoke.lambda_runtime.host import Host
    from chalice.invoke.lambda_runtime.setup import Setup

# How long the first process of an environment may take to obey.
_OBEY_SECONDS = 10.0

# Of a process that somebody else ended, or that was never started.
KILLED = End(-signal.SIGKILL)


class NotIsolated(ToolError):
    """The system does not allow an environment with namespaces."""


class Supervised:
    """The processes of one environment; one runtime at a time, started anew after its end.

    Args:
        function: what is run.
        setup: what the environment is made of.
        written: gets what the function writes.
        refused: is told who else asks for its events.

    Attributes:
        runtime: the one that was started last; has ended where none runs.
        peak_kb: the most memory that it had in use, as far as is known.
        scratch: the folder for temporary files where there are no namespaces; the first process
            removes it. Else empty.
    """

    def __init__(
        self,
        function: LocalFunction,
        setup: Setup,
        *,
        written: Callable[[bytes], None],
        refused: Callable[[str], None],
    ) -> None:
        self._function = function
        self._setup = setup
        self._written = written
        self._stream = log_stream()
        self._cell: Cell | None = None
        self._opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._is_frozen = False
        self.runtime = Runtime()
        self.runtime.end(KILLED)
        self._api = RuntimeApi(self.runtime, refused)
        self.peak_kb = 0
        self.scratch = ""

    @property
    def lives(self) -> bool:
        """Whether there is a first process, which the runtime can be started by."""
        return self._cell is not None

    async def open(self, host: Host, *, first: bool) -> None:
        """Have the first process made; the runtime is not started yet.

        Args:
            host: makes it.
            first: whether to try first that the interpreter starts in such an environment.

        Raises:
            NotIsolated: the system does not allow namespaces.
            OSError: the system does not allow processes or sockets.
        """
        setup = self._setup
        if not setup.isolated:
            self.scratch = tempfile.mkdtemp(prefix="chalice-tmp-", dir=setup.folder)
        order = {
            "isolated": setup.isolated,
            "places": asdict(setup.places()),
            "memory_mb": self._function.memory_mb,
            "scratch": self.scratch,
            "program": str(setup.interpreter.program),
            "first": first,
        }
        try:
            self._cell = Cell(*host.open(order), told=self._told, written=self._written)
            await self._api.open()
            refusal = await asyncio.wait_for(asyncio.shield(self._opened), _OBEY_SECONDS)
        except BaseException:
            self.close()
            if self.scratch:
                remove(Path(self.scratch))
            raise
        if refusal:
            self.close()
            raise NotIsolated(refusal)

    def close(self) -> None:
        """End everything that runs in the environment."""
        self._api.close()
        if self._cell is not None:
            self._cell.close()
            self._cell = None
        self._ended(KILLED)

    def start(self) -> Runtime:
        """Start the runtime, which does not run."""
        self.runtime = self._api.listener = Runtime()
        self.peak_kb = 0
        command = self._setup.command(
            self._function, api=self._api.address, scratch=self.scratch, stream=self._stream
        )
        self._send({"do": "run", **asdict(command)})
        if self._cell is None:
            self._ended(KILLED)
        return self.runtime

    async def freeze(self) -> None:
        """Stop the processes until `thaw`."""
        self.runtime.frozen = asyncio.get_running_loop().create_future()
        self._is_frozen = True
        self._send({"do": "freeze"})
        await self.runtime.wait(self.runtime.frozen, deadline=time.monotonic() + _OBEY_SECONDS)

    def thaw(self) -> None:
        """Let the processes go on, if they have been stopped."""
        if self._is_frozen:
            self._is_frozen = False
            self._send({"do": "thaw"})

    async def stop(self) -> None:
        """End every process of the environment but the first."""
        runtime = self.runtime
        if runtime.ended.done():
            return
        self._send({"do": "end"})
        await runtime.wait(deadline=time.monotonic() + _OBEY_SECONDS)
        if not runtime.ended.done():
            self.close()

    def drain(self) -> None:
        """Take in what the function wrote up to now."""
        if self._cell is not None:
            self._cell.drain()

    def _send(self, message: dict[str, Any]) -> None:
        if self._cell is not None:
            self._cell.send(message)

    def _told(self, message: dict[str, Any] | None) -> None:
        """Hear what the first process says."""
        if message is None:
            if not self._opened.done():
                self._opened.set_exception(ChildProcessError("its first process has ended"))
            self.drain()
            self.close()
            return
        self.peak_kb = max(self.peak_kb, message.get("peak_kb", 0))
        if "ended" in message:
            self._ended(End(message["ended"], message["out_of_memory"]))
        elif "frozen" in message:
            if not self.runtime.frozen.done():
                self.runtime.frozen.set_result(None)
        elif "refused" in message:
            self._open_with(message["refused"])
        else:
            user = USER_ID if message["changes"] else os.geteuid()
            self._api.processes = Processes(message["first"], user)
            self._open_with("")

    def _open_with(self, refusal: str) -> None:
        if not self._opened.done():
            self._opened.set_result(refusal)

    def _ended(self, end: End) -> None:
        self._is_frozen = False
        self.runtime.end(end)
