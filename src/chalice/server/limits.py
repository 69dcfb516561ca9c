"""How long, and how much, the server lets a client take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one connection, and of all together; none of them is API Gateway's.

    Attributes:
        head_seconds: from the first byte of a request's head to its last.
        body_seconds: between two pieces of a body.
        body_total_seconds: for a whole body.
        read_seconds: for a client to read an answer.
        idle_seconds: for a connection without a request.
        linger_seconds: how long what is left of a refused body is read and thrown away, so that the
            client, which is still sending, reads the answer instead of a reset connection.
        line_bytes: of one line of a head. The gateway's own limits (rule 3.16) lie below this one
            and the next, and are answered by it.
        head_bytes: of a whole head.
        connections: at a time.
        bodies_bytes: of all bodies of requests under way together.
    """

    head_seconds: float = 10.0
    body_seconds: float = 30.0
    body_total_seconds: float = 300.0
    read_seconds: float = 60.0
    idle_seconds: float = 120.0
    linger_seconds: float = 5.0
    line_bytes: int = 32 * 1024
    head_bytes: int = 64 * 1024
    connections: int = 16_384
    bodies_bytes: int = 256 * 1024 * 1024
