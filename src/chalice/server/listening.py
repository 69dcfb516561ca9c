"""The address that the server listens on."""

from __future__ import annotations

import errno
import os
import socket
from contextlib import suppress

from chalice.diagnostics import ToolError

# Accepted connections wait here for the loop; the system may allow fewer.
BACKLOG = 4096

# How far a free port is looked for when the wanted one is taken.
_PORTS_TRIED = 100


class PortTaken(ToolError):
    """Another program listens there.

    Attributes:
        port: the port that was wanted.
        free: the next free one, None where there is none nearby.
    """

    def __init__(self, host: str, port: int, free: int | None) -> None:
        hint = f"; {free} is free: `--port {free}`" if free else ""
        super().__init__(f"Port {port} of {host} is taken{hint}")
        self.port = port
        self.free = free


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on *host* and *port*; port 0 takes a free one.

    Raises:
        PortTaken: another program listens there.
        ToolError: the address is not one of this machine, or may not be used.
    """
    family = _family(host)
    try:
        return _listener(family, host, port)
    except PermissionError as error:
        raise ToolError(f"Port {port} needs more rights; take one from 1024 on") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host, port, _next_free(family, host, port)) from error
        raise ToolError(f"Cannot listen on {host}, port {port}: {error.strerror}") from error


def _family(host: str) -> socket.AddressFamily:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ToolError(f"`{host}` is no address of this machine: {error}") from error
    families = [item[0] for item in found]
    return socket.AF_INET if socket.AF_INET in families else families[0]


def _listener(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere the option lets two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
        listener.setblocking(False)  # noqa: FBT003 - its only argument
    except BaseException:
        listener.close()
        raise
    return listener


def _next_free(family: socket.AddressFamily, host: str, port: int) -> int | None:
    for candidate in range(port + 1, min(port + _PORTS_TRIED, 65536)):
        with suppress(OSError):
            _listener(family, host, candidate).close()
            return candidate
    return None


def url_of(listener: socket.socket) -> str:
    """Return the URL that reaches *listener* from this machine."""
    host, port = str(listener.getsockname()[0]), listener.getsockname()[1]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound here
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def is_loopback(listener: socket.socket) -> bool:
    """Tell whether only this machine reaches *listener*."""
    host = str(listener.getsockname()[0])
    return host == "::1" or host.startswith("127.")


def is_everywhere(listener: socket.socket) -> bool:
    """Tell whether *listener* listens on every address of this machine."""
    return listener.getsockname()[0] in {"0.0.0.0", "::"}  # noqa: S104 - not bound here
