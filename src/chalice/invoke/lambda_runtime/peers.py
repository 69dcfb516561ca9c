"""Who is at the other end of a connection inside this machine, as the kernel tells it."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass

from chalice.invoke.lambda_runtime import memory

# Programs that use IPv6 for both have their connections in the second one.
# Source: proc_pid_net(5); the kernel's documentation, "/proc/net/tcp and /proc/net/tcp6 variables".
_TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
_LOCAL, _REMOTE, _USER, _INODE = 1, 2, 7, 9


@dataclass(frozen=True, slots=True)
class Processes:
    """The processes of one execution environment.

    Attributes:
        first: the one that all others descend from.
        user: who the others are.
    """

    first: int
    user: int


@dataclass(frozen=True, slots=True)
class _End:
    """The other end of a connection.

    Attributes:
        user: who made it.
        inode: the number of the socket, 0 where no process has it any more.
    """

    user: int
    inode: int


def stranger(peer: tuple[str, int], own: tuple[str, int], known: Processes) -> str:
    """Return who is connected; empty if it is one of the *known* processes.

    Where the system does not tell of connections anybody of this machine is taken for one. Where it
    does not tell whose a socket is, anybody of the same user is.

    Args:
        peer: address and port of the other end.
        own: address and port of this end.
        known: whom to let in.
    """
    try:
        end = _find(peer, own)
    except OSError:
        return ""
    if end is None:
        return "a program that has ended"
    if end.user == known.user and _is_held(end.inode, known):
        return ""
    return f"a program of user {end.user}"


def _find(peer: tuple[str, int], own: tuple[str, int]) -> _End | None:
    """Return the other end of a connection, None where there is none any more.

    Raises:
        OSError: there is no table of connections.
    """
    local, remote = (_written(*end).encode() for end in (peer, own))
    for number, path in enumerate(_TABLES):
        try:
            table = open(path, "rb")  # noqa: SIM115, PTH123 - closed below; hot
        except FileNotFoundError:
            if not number:
                raise
            return None  # a system without IPv6
        with table:
            for line in table:
                if local in line and remote in line:
                    fields = line.split()
                    if fields[_LOCAL].endswith(local) and fields[_REMOTE].endswith(remote):
                        return _End(int(fields[_USER]), int(fields[_INODE]))
    return None


def _written(host: str, port: int) -> str:
    """Return an address as the tables have it: its bytes are those of a number of this machine.

    >>> _written("127.0.0.1", 8000) in ("0100007F:1F40", "7F000001:1F40")
    True
    """
    return f"{int.from_bytes(socket.inet_aton(host), sys.byteorder):08X}:{port:04X}"


def _is_held(inode: int, known: Processes) -> bool:
    """Tell whether one of the *known* processes has a socket, or may have."""
    name = f"socket:[{inode}]"
    hidden = False
    for pid in (known.first, *memory.descendants(known.first)):
        folder = f"/proc/{pid}/fd"
        try:
            for descriptor in os.listdir(folder):  # noqa: PTH208 - hot
                if _target(f"{folder}/{descriptor}") == name:
                    return True
        except PermissionError:
            hidden = True
        except OSError:  # it ended meanwhile
            pass
    return hidden


def _target(descriptor: str) -> str:
    try:
        return os.readlink(descriptor)  # noqa: PTH115 - hot
    except FileNotFoundError:  # it was closed meanwhile
        return ""
