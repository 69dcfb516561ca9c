"""The ways to reach one gateway: every conformance case is run over each of them.

A way is an object with a `name` and `serve(world)`, a context manager that gives a function from an
`HttpRequest` to an answer with `status`, `headers` (pairs, in order) and `body`. `HttpResponse` is
such an answer; a way over a socket makes its own from what came over the wire.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from tests.fakes import FakeClock
from tests.server.socket_way import SocketWay

from chalice.gateway import Gateway, HttpRequest, Stage
from chalice.invocation import Invoker


@dataclass(frozen=True)
class World:
    """What a case is served from: make a `Gateway` of these four."""

    definition: Mapping[str, Any]
    stage: Stage
    invoker: Invoker
    clock: FakeClock

    def gateway(self) -> Gateway:
        return Gateway(self.definition, self.stage, self.invoker, clock=self.clock)


class Answer(Protocol):
    """What came back."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def body(self) -> bytes: ...


class Way(Protocol):
    """One way to reach a gateway."""

    name: str

    def serve(self, world: World) -> AbstractContextManager[Callable[[HttpRequest], Answer]]: ...


class InProcessWay:
    """The gateway called as a function, without sockets."""

    name = "gateway"

    @contextmanager
    def serve(self, world: World) -> Iterator[Callable[[HttpRequest], Answer]]:
        yield world.gateway().answer


#: Add a way here and every case runs over it, too.
WAYS: list[Way] = [InProcessWay(), SocketWay()]
