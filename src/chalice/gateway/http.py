"""One HTTP request and one HTTP response as API Gateway sees them: bytes already framed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A complete request.

    Attributes:
        method: the verb as sent.
        target: path and query as sent, percent-encoding kept: `/a%20b?x=1`.
        headers: names and values in order, case kept, repeats kept.
        body: the content after transfer decoding.
        client_ip: where it came from.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    client_ip: str = "127.0.0.1"

    def header(self, name: str) -> str | None:
        """Return the last value of the header *name*, whatever its case, or None."""
        wanted = name.lower()
        for key, value in reversed(self.headers):
            if key.lower() == wanted:
                return value
        return None


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A complete response.

    Attributes:
        status: 100 to 599.
        headers: names and values in order; framing (Content-Length, Date, Connection) is the
            server's.
        body: empty for HEAD.
        resource: the resource template that was matched, for the log; None where none was.
        reason: one line for the terminal where the gateway answered in the function's place.
        rules: numbers of the rules that decided, in the order in which they did.
        not_emulated: sentences about what AWS does with such a request and this gateway does not.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    resource: str | None = None
    reason: str | None = None
    rules: tuple[str, ...] = ()
    not_emulated: tuple[str, ...] = ()
