"""Asks issuers of tokens for their keys: over HTTP or from a file, bounded, and not too often.

`Issuers` is the `KeySource` of the local server, the test client and `LocalGateway`. It never holds
up whoever asks: each look-up is a thread of its own, at most one for each place, and what it found
is kept for a while.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from chalice.gateway.exchange import KEYS_WITHIN_SECONDS, KeysFound, NoKeys

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from http.client import HTTPResponse
    from pathlib import Path

    from chalice.gateway.exchange import KeysWanted

    Found = Future[KeysFound | NoKeys]

# Key sets of real issuers have a few KB.
MOST_BYTES = 256 * 1024

# Places of which something is kept; the one that was added first goes first.
MOST_PLACES = 256

# How long keys are good for. An edited file is seen at once; what is fetched is kept for less than
# the two hours of AWS (rule 4.30), so that a key that an issuer withdraws is not trusted for long.
KEPT_SECONDS = {"file": 1.0, "url": 3_600.0, "discovery": 3_600.0}

# How soon an issuer is asked again: for a key that it did not have, and after it did not answer.
PAUSE_SECONDS = {"file": 1.0, "url": 60.0, "discovery": 60.0}
FAILURE_PAUSE_SECONDS = {"file": 1.0, "url": 3.0, "discovery": 3.0}

# After this a look-up that has not ended is given up: resolving a name cannot be bounded.
_STUCK_SECONDS = 60.0


@dataclass(slots=True)
class _Place:
    """What is known of the keys of one place: the last that were found, and the last look-up."""

    looking: Found
    began: float
    ended: float = 0.0
    kept: Found | None = None
    kept_at: float = 0.0


class Issuers:
    """Finds the keys of issuers.

    Args:
        folder: where files with keys are.
        fetch: returns the key set of what is wanted, or raises; that of `Fetcher` unless given.
        clock: seconds, to tell how old something is.
    """

    def __init__(
        self,
        folder: Path,
        *,
        fetch: Callable[[KeysWanted], str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch or Fetcher(folder)
        self._clock = clock
        self._lock = threading.Lock()
        self._places: dict[tuple[str, str], _Place] = {}

    def find(self, wanted: KeysWanted) -> Found:
        """Return where the keys are or will be; begin to look where they are not known."""
        # Most programs that could ask for keys do not.
        from concurrent.futures import Future  # noqa: PLC0415

        key = (wanted.kind, wanted.place)
        with self._lock:
            now = self._clock()
            place = self._places.get(key)
            known = None if place is None else self._known(place, wanted, now)
            if known is not None:
                return known
            found: Found = Future()
            if place is None:
                while len(self._places) >= MOST_PLACES:
                    del self._places[next(iter(self._places))]
                place = self._places[key] = _Place(found, now)
            else:
                place.looking, place.began = found, now
        threading.Thread(
            target=self._look, args=(place, wanted, found), name="chalice-keys", daemon=True
        ).start()
        return found

    def _known(self, place: _Place, wanted: KeysWanted, now: float) -> Found | None:
        """Return what answers *wanted* without a new look-up."""
        kept = place.kept
        if kept is not None and now - place.kept_at < KEPT_SECONDS[wanted.kind]:
            keys = kept.result()
            if not (isinstance(keys, KeysFound) and keys.text == wanted.beyond):
                return kept
        if not place.looking.done():
            return place.looking if now - place.began < _STUCK_SECONDS else None
        failed = isinstance(place.looking.result(), NoKeys)
        pauses = FAILURE_PAUSE_SECONDS if failed else PAUSE_SECONDS
        return place.looking if now - place.ended < pauses[wanted.kind] else None

    def _look(self, place: _Place, wanted: KeysWanted, found: Found) -> None:
        try:
            keys: KeysFound | NoKeys = KeysFound(self._fetch(wanted))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, somebody waits for it
            pause = FAILURE_PAUSE_SECONDS[wanted.kind]
            why = str(error) or type(error).__name__
            keys = NoKeys(f"{why} (a request after {pause:g} s looks again)")
        with self._lock:
            place.ended = self._clock()
            if isinstance(keys, KeysFound):
                place.kept, place.kept_at = found, place.ended
            found.set_result(keys)


class Fetcher:
    """Reads key sets from files and over HTTP, each within bounds of time and size.

    Args:
        folder: where files with keys are.
        within_seconds: how long all of it may take.
    """

    def __init__(self, folder: Path, *, within_seconds: float = KEYS_WITHIN_SECONDS) -> None:
        self._folder = folder
        self._within = within_seconds

    def __call__(self, wanted: KeysWanted) -> str:
        """Return the text of the key set that is *wanted*.

        Raises:
            OSError: it cannot be read.
            ValueError: it is too large, is no key set, or is not where it should be.
        """
        if wanted.kind == "file":
            return self._file(wanted.place)
        until = time.monotonic() + self._within
        url = wanted.place if wanted.kind == "url" else _key_set_url(wanted, until)
        return _key_set(_get(url, until), url)

    def _file(self, name: str) -> str:
        path = self._folder / name
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        return _key_set(_text(content, str(path)), str(path))


def _key_set(text: str, place: str) -> str:
    """Return *text*, which came from *place*, if it is a key set.

    A page that says "starting up" with status 200 is a failure like any other: it does not take
    the place of keys that are known, and is not kept for an hour.

    Raises:
        ValueError: it is none.
    """
    from chalice.gateway import jwks  # noqa: PLC0415 - most applications have no tokens

    try:
        jwks.read(text)
    except jwks.KeysUnreadable as error:
        raise ValueError(f"{place} is no key set: {error}") from None
    return text


def _key_set_url(wanted: KeysWanted, until: float) -> str:
    """Return where the issuer's discovery document says that its keys are.

    Raises:
        ValueError: it says nothing of the kind, or is the document of another issuer.
    """
    url = wanted.first_asked
    try:
        document: object = json.loads(_get(url, until))
    except (json.JSONDecodeError, RecursionError):
        raise ValueError(f"{url} is not JSON") from None
    fields = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
    if fields.get("issuer") != wanted.issuer:
        raise ValueError(f"{url} is about another issuer, `{fields.get('issuer')}`")
    found: object = fields.get("jwks_uri")
    if not isinstance(found, str) or urlsplit(found).scheme != "https":
        raise ValueError(f"{url} names no `jwks_uri` with https")
    return found


def _get(url: str, until: float) -> str:
    """Return what is at *url*, as long as it is small and comes before *until*."""
    from urllib.error import URLError  # noqa: PLC0415 - only where something is fetched
    from urllib.request import (  # noqa: PLC0415 - the same
        HTTPHandler,
        HTTPSHandler,
        OpenerDirector,
        ProxyHandler,
        Request,
    )

    # Nothing but HTTP, and nobody is led elsewhere: a redirection is an answer other than 200.
    opener = OpenerDirector()
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    request = Request(url, headers={"Accept": "application/json", "User-Agent": "chalice"})  # noqa: S310 - the opener knows no other scheme
    try:
        answer = cast("HTTPResponse | None", opener.open(request, timeout=_left(until, url)))
    except URLError as error:
        raise OSError(f"{url} cannot be reached: {error.reason}") from error
    if answer is None:
        raise ValueError(f"{url} is not a URL of HTTP")
    with answer:
        if answer.status != 200:
            raise OSError(f"{url} answered {answer.status}")
        content = b""
        while len(content) <= MOST_BYTES:
            _left(until, url)
            piece = answer.read1(65_536)
            if not piece:
                return _text(content, url)
            content += piece
    raise ValueError(f"{url} has more than {MOST_BYTES} bytes")


def _left(until: float, url: str) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"{url} took too long")
    return left


def _text(content: bytes, place: str) -> str:
    if len(content) > MOST_BYTES:
        raise ValueError(f"{place} has more than {MOST_BYTES} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise ValueError(f"{place} is not text in UTF-8") from None
