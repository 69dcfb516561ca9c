"""A load generator: keep-alive clients in one process, each sends when it has been answered."""

from __future__ import annotations

import re
import selectors
import socket
import time
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


@dataclass
class Outcome:
    """What became of a run.

    `unanswered` counts requests without an answer, `refused` connections that were not made.
    """

    seconds: float = 0.0
    unanswered: int = 0
    refused: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """How many requests were answered, whatever the status."""
        return len(self.latencies)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answered / self.seconds

    def latency(self, share: float) -> float:
        """Return the time within which *share* of the requests were answered."""
        return sorted(self.latencies)[int(len(self.latencies) * share)]


class Client:
    """One connection: at most one request is under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)  # noqa: FBT003 - its only argument
        self.sent_at = 0.0
        self.answered = 0
        self._buffer = b""

    def send(self, data: bytes) -> None:
        """Send one request."""
        self.sent_at = time.perf_counter()
        self.socket.send(data)

    def receive(self) -> int | None:
        """Return the status once the answer is complete, 0 if the connection broke, else None."""
        try:
            received = self.socket.recv(262_144)
        except BlockingIOError:
            return None
        except OSError:
            return 0
        if not received:
            return 0
        self._buffer += received
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        length = _LENGTH.search(self._buffer[: end + 2])
        if len(self._buffer) < end + 4 + (int(length[1]) if length else 0):
            return None
        status = int(self._buffer[9:12])
        self._buffer = b""
        self.answered += 1
        return status


def run(
    port: int,
    path: str,
    *,
    clients: int,
    seconds: float | None = None,
    requests: int | None = None,
    patience: float = 60,
) -> Outcome:
    """Keep *clients* busy for *seconds*, or until each has been answered *requests* times.

    What is under way at the end is waited for, *patience* seconds at most.
    """
    outcome = Outcome()
    selector = selectors.DefaultSelector()
    busy: set[Client] = set()
    for _ in range(clients):
        try:
            client = Client(port)
        except OSError:
            outcome.refused += 1
            continue
        busy.add(client)
        selector.register(client.socket, selectors.EVENT_READ, client)
    data = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n\r\n".encode()
    started = time.perf_counter()
    end = started + seconds if seconds is not None else float("inf")
    give_up = (end if seconds is not None else started) + patience
    for client in busy:
        client.send(data)
    while busy and time.perf_counter() < give_up:
        for key, _ in selector.select(0.5):
            client = key.data
            status = client.receive()
            if status is None:
                continue
            now = time.perf_counter()
            if status:
                outcome.latencies.append(now - client.sent_at)
                outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
            else:
                outcome.unanswered += 1
            if status and now < end and client.answered != requests:
                client.send(data)
                continue
            selector.unregister(client.socket)
            client.socket.close()
            busy.discard(client)
    outcome.unanswered += len(busy)
    outcome.seconds = time.perf_counter() - started
    for client in busy:
        client.socket.close()
    return outcome
