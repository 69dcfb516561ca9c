"""The names under which the local server may be called.

A page of another site can make a browser call 127.0.0.1 under a name of its own (DNS rebinding);
the Host header then carries that name. So a name that nobody announced is refused.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_HOST = re.compile(
    r"(?: \[ (?P<v6> [0-9a-f:.]+ ) \] | (?P<name> [a-z0-9._-]+ ) ) (?: : [0-9]{0,5} )?",
    re.VERBOSE | re.IGNORECASE,
)
_LOOPBACK_V4 = re.compile(r"127(?:\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}")

# So that names made up by a client cannot fill the memory.
_MOST_REMEMBERED = 256


class Hosts:
    """Tells known hosts from unknown ones.

    Args:
        names: what is known beside loopback: names, addresses, or `*.example.com` for every
            name below a domain.

    >>> hosts = Hosts(["api.test", "*.example.com"])
    >>> [hosts.known(host) for host in ("localhost:8000", "[::1]", "API.test.", "a.b.example.com")]
    [True, True, True, True]
    >>> [hosts.known(host) for host in ("evil.test", "localhost.evil.test", "127.0.0.1.evil.test")]
    [False, False, False]
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        known = [_bare(name) for name in names]
        self._names = frozenset({"localhost", "::1", *known})
        self._domains = (".localhost", *(name[1:] for name in known if name.startswith("*.")))
        self._seen: dict[str, bool] = {}

    def known(self, host: str) -> bool:
        """Return whether *host*, the value of a Host header, is one of ours; the port is free."""
        answer = self._seen.get(host)
        if answer is None:
            if len(self._seen) >= _MOST_REMEMBERED:
                self._seen.clear()
            answer = self._seen[host] = self._look_up(host)
        return answer

    def _look_up(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = (match["v6"] or match["name"]).lower().removesuffix(".")
        return (
            name in self._names
            or name.endswith(self._domains)
            or _LOOPBACK_V4.fullmatch(name) is not None
        )


def names_address(host: str, own: str) -> bool:
    """Return whether *host*, the value of a Host header, is the address *own*; the port is free.

    No DNS has to do with an address, so none can be made to lead here.

    Args:
        host: what the client wrote.
        own: the address of our end of the client's connection, as the socket has it.

    >>> names_address("192.0.2.7:8000", "192.0.2.7"), names_address("192.0.2.8", "192.0.2.7")
    (True, False)
    """
    match = _HOST.fullmatch(host)
    if match is None or not own:
        return False
    address = _address(own)
    try:
        if match["v6"] is not None:
            return ipaddress.IPv6Address(match["v6"]) == address
        return ipaddress.IPv4Address(match["name"]) == address
    except ValueError:
        return False


def _address(own: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(own.partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address


def _bare(name: str) -> str:
    return name.strip().lower().removesuffix(".").removeprefix("[").removesuffix("]")
