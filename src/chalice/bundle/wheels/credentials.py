"""Who we are for an index: user and password where uv's and pip's settings name them.

uv and pip know how to sign in to an index, but neither says what it found out, and uv keeps no
wheel's file: so the files are fetched here, with what these say, the first that names the host:

    the address of the file itself
    addresses of indexes with a user in them, in the variables of uv and pip
    UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD of an index with a name
    .netrc, or the file that NETRC names
    what `uv auth login` has kept

What is found is sent to that host only, never shown and never kept.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from urllib.parse import SplitResult

#: Variables that name indexes, and folders of wheels.
#: Source: uv documentation, "Environment variables"; pip documentation, "Configuration".
INDEXES = (
    "UV_INDEX",
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
)
_USER = re.compile(r"://[^/@\s]*@")
_NAMED = re.compile(r"([A-Za-z0-9_-]+)=(.+)")


class Credentials:
    """Finds what an address needs.

    Args:
        environ: the variables.
        indexes: further addresses of indexes, from files of the project; `NAME=ADDRESS` as uv
            writes those with a name.
        kept: returns what uv keeps for an address, `(user, password)`; asked when nothing else
            helped.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        indexes: Iterable[str] = (),
        kept: Callable[[str], tuple[str, str] | None] = lambda _: None,
    ) -> None:
        self._environ = environ
        listed = [entry for name in INDEXES for entry in environ.get(name, "").split()]
        self._indexes = [_named(entry) for entry in [*listed, *indexes]]
        self._kept = kept

    def header(self, url: str) -> str | None:
        """Return the `Authorization` of a request for *url*, None where nobody is known."""
        for user, password in self._found(urlsplit(url)):
            pair = f"{unquote(user)}:{unquote(password)}"
            return "Basic " + base64.b64encode(pair.encode()).decode()
        return None

    def _found(self, split: SplitResult) -> Iterator[tuple[str, str]]:
        if split.username:
            yield split.username, split.password or ""
        origin = _origin(split)
        for name, address in self._indexes:
            index = _split(address)
            if index is None or _origin(index) != origin:
                continue
            if index.username:
                yield index.username, index.password or ""
            prefix = f"UV_INDEX_{re.sub(r'[^A-Z0-9]', '_', name.upper())}"
            if name and (user := self._environ.get(f"{prefix}_USERNAME")):
                yield user, self._environ.get(f"{prefix}_PASSWORD", "")
        yield from self._in_netrc(split.hostname or "")
        if found := self._kept(f"{split.scheme}://{split.hostname}"):
            yield found

    def _in_netrc(self, host: str) -> Iterator[tuple[str, str]]:
        import netrc  # noqa: PLC0415 - seldom needed

        named = self._environ.get("NETRC")
        path = Path(named) if named else Path(self._environ.get("HOME") or Path.home(), ".netrc")
        try:
            found = netrc.netrc(path).authenticators(host)
        except (OSError, ValueError, netrc.NetrcParseError):
            return
        if found:
            yield found[0], found[2] or ""


def without_user(text: str) -> str:
    """Return *text* with the users of all addresses in it taken away.

    >>> without_user("cannot reach https://ann:secret@example.com/simple")
    'cannot reach https://example.com/simple'
    """
    return _USER.sub("://", text)


def _named(entry: str) -> tuple[str, str]:
    found = _NAMED.fullmatch(entry)
    return (found[1], found[2]) if found else ("", entry)


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _origin(split: SplitResult) -> tuple[str, str, int | None]:
    try:
        return split.scheme, split.hostname or "", split.port
    except ValueError:
        return split.scheme, split.hostname or "", None
