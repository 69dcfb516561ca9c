"""Files over HTTP, as far as fetching wheels needs it."""

from __future__ import annotations

import os
import ssl
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener, url2pathname

from chalice.bundle.wheels.credentials import without_user
from chalice.bundle.wheels.fetch import NotFetched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from http.client import HTTPMessage
    from typing import IO

    from chalice.bundle.wheels.credentials import Credentials

_PIECE = 256 * 1024
_SECONDS = 30.0
_UNSIGNED = (401, 403)


class Http:
    """A `Transfer` that reads `http:`, `https:` and `file:`.

    Proxies are those of the environment, trusted authorities those of the system, or of
    SSL_CERT_FILE and SSL_CERT_DIR; a file that pip is told of, PIP_CERT, counts as well.
    """

    def __init__(self, credentials: Credentials, environ: Mapping[str, str]) -> None:
        self._credentials = credentials
        context = ssl.create_default_context()
        for name in ("SSL_CERT_FILE", "PIP_CERT"):
            if environ.get(name):
                try:
                    context.load_verify_locations(environ[name])
                except OSError:  # uv and pip have said so already, or will
                    continue
        self._opener = build_opener(HTTPSHandler(context=context), _Redirects(credentials))

    def __call__(self, url: str, into: BinaryIO, told: Callable[[int, int], None]) -> None:
        """Write what *url* has to *into*.

        Raises:
            NotFetched: it cannot be had, or ended too early.
            OSError: it cannot be written.
        """
        path = _local_path(url)
        done = 0
        # What fails while it is read is no matter of the disk, and the other way round.
        for piece, total in self._sent(url) if path is None else _in_file(path):
            into.write(piece)
            done += len(piece)
            told(done, total)

    def _sent(self, url: str) -> Iterator[tuple[bytes, int]]:
        """Yield each piece of what *url* has, and how long all of it is, 0 where nobody says."""
        shown = without_user(url)
        try:
            yield from self._read(url)
        except HTTPError as error:
            error.close()
            reason = f"`{shown}` answers {error.code} {error.reason}"
            hint = "try again later"
            if error.code in _UNSIGNED:
                hint = "sign in as `Private indexes` in the documentation of packaging says"
            raise NotFetched(reason, hint) from error
        except (URLError, HTTPException, OSError) as error:
            cause = error.reason if isinstance(error, URLError) else error
            reason = (
                f"`{shown}` cannot be reached: {without_user(str(cause)) or type(cause).__name__}"
            )
            raise NotFetched(reason, "look at the network, or at the proxy's settings") from error

    def _read(self, url: str) -> Iterator[tuple[bytes, int]]:
        with self._opener.open(_request(url, self._credentials), timeout=_SECONDS) as response:
            said = response.headers.get("Content-Length", "")
            total = int(said) if said.isdecimal() else 0
            done = 0
            while piece := response.read(_PIECE):
                done += len(piece)
                yield piece, total
            if total and done < total:
                reason = f"`{without_user(url)}` ended after {done} of {total} bytes"
                raise NotFetched(reason, "try again")


class _Redirects(HTTPRedirectHandler):
    """Follows to other addresses; what one host may know another is not told."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the request for the other address."""
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        return None if following is None else _request(newurl, self._credentials)


def _local_path(url: str) -> Path | None:
    """Return the file that *url* names, None where it is not on this machine."""
    split = urlsplit(url)
    return Path(url2pathname(split.path)) if split.scheme == "file" else None


def _in_file(path: Path) -> Iterator[tuple[bytes, int]]:
    """Yield each piece of the file *path*, and how long it is."""
    try:
        with path.open("rb") as file:
            total = os.fstat(file.fileno()).st_size
            while piece := file.read(_PIECE):
                yield piece, total
    except OSError as error:
        reason = f"`{path}` cannot be read: {error.strerror}"
        raise NotFetched(reason, "put the wheel there, or resolve again") from error


def _request(url: str, credentials: Credentials) -> Request:
    # S310: addresses come from an index, and `file:` was dealt with before.
    request = Request(without_user(url), headers={"Accept-Encoding": "identity"})  # noqa: S310
    if header := credentials.header(url):
        request.add_unredirected_header("Authorization", header)
    return request
