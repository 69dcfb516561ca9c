"""Wheels as whole files: kept by the SHA-256 of their content, fetched where they are missing.

A wheel is kept under its own hash, and hashed again whenever it is taken: what is damaged counts
as missing. It is written aside and moved into place, so that several builds may share the folder.
"""

from __future__ import annotations

import hashlib
import queue
import shutil
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from chalice.bundle.wheels.credentials import without_user

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from chalice.bundle.parts import Progress
    from chalice.bundle.store import Store
    from chalice.bundle.wheels.fits import Offer

_KIND = "wheels"
_AT_ONCE = 6
_PIECE = 256 * 1024
_PART = ".part-"

#: After this time nobody writes into a folder any more that stands beside the wheels.
LEFT_SECONDS = 86_400


class NotFetched(Exception):
    """A file cannot be had.

    Attributes:
        reason: why, for the user.
        hint: what the user can do.
    """

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


class WrongHash(NotFetched):
    """A file came, and is not what was promised.

    Attributes:
        expected: the hash that it was to have.
    """

    def __init__(self, reason: str, hint: str, expected: str) -> None:
        super().__init__(reason, hint)
        self.expected = expected


class Transfer(Protocol):
    """Reads what is at an address."""

    def __call__(self, url: str, into: BinaryIO, told: Callable[[int, int], None]) -> None:
        """Write what *url* has to *into*; tell of each piece, and of how much there will be.

        Raises:
            NotFetched: it cannot be had, or ended too early.
        """
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A wheel in the cache: its file, and the SHA-256 of what is in it."""

    path: Path
    sha256: str


class Wheels:
    """The wheels of one cache folder.

    Args:
        store: its `root` is where they are. Where that cannot be written they are kept for the
            rest of this process only.
    """

    def __init__(self, store: Store) -> None:
        self._folder = store.root / _KIND
        self.kept = True

    def find(self, sha256: str, name: str) -> Kept | None:
        """Return the wheel with this hash if it is here and whole."""
        path = self._folder / sha256 / name
        try:
            # What is no file, a FIFO for one, is not waited for.
            if not path.is_file():
                return None
            with path.open("rb") as file:
                whole = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except (OSError, ValueError):
            return None
        return Kept(path, sha256) if whole else None

    def add(self, path: Path, name: str) -> Kept:
        """Keep the file *path* as the wheel *name*.

        Raises:
            OSError: neither the cache folder nor the system's place for such files takes it.
        """
        with self.aside() as folder:
            copy = folder / name
            shutil.copyfile(path, copy)
            return self._moved(copy)

    def fetch(
        self, offers: Sequence[Offer], connect: Callable[[], Transfer], progress: Progress
    ) -> list[Kept | NotFetched]:
        """Return the wheel of each offer in their order, or why it cannot be had.

        Args:
            offers: what is wanted.
            connect: returns what transfers; called where something is missing.
            progress: is told how far it has come.

        Raises:
            OSError: what was fetched cannot be written.
        """
        found: list[Kept | NotFetched | None] = [
            self.find(offer.hashes["sha256"], offer.name) if "sha256" in offer.hashes else None
            for offer in offers
        ]
        missing = [number for number, kept in enumerate(found) if kept is None]
        if missing:
            with self.aside() as folder:
                download = _Download([offers[number] for number in missing], folder, connect())
                for number, result in zip(missing, download.run(progress), strict=True):
                    found[number] = self._moved(result) if isinstance(result, Path) else result
        return [_promised(kept, offer) for kept, offer in zip(found, offers, strict=True) if kept]

    @contextmanager
    def aside(self) -> Generator[Path]:
        """Give a folder beside the wheels that is gone afterwards, also when interrupted.

        Whoever is killed leaves his behind: the next one removes it when it is old.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            folder = self._part()
        except OSError:
            self._folder = _passing_folder()
            self.kept = False
            folder = self._part()
        with folder as name:
            yield Path(name)

    def _sweep(self) -> None:
        for path in self._folder.glob(f"{_PART}*"):
            with suppress(OSError):
                if time.time() - path.lstat().st_mtime > LEFT_SECONDS:
                    shutil.rmtree(path, ignore_errors=True)

    def _part(self) -> tempfile.TemporaryDirectory[str]:
        # A thread may still write into it when its caller is interrupted.
        return tempfile.TemporaryDirectory(
            prefix=_PART, dir=self._folder, ignore_cleanup_errors=True
        )

    def _moved(self, path: Path) -> Kept:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        place = self._folder / sha256 / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
        return Kept(place, sha256)


def _passing_folder() -> Path:
    """Return a folder that is removed when this process ends."""
    import atexit  # noqa: PLC0415 - only where the cache cannot be written

    folder = Path(tempfile.mkdtemp(prefix="chalice-wheels-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class _Download:
    """Fetches several files at once.

    The threads are daemons: whoever interrupts the process waits for no server. What they write is
    in a folder that their caller removes.
    """

    def __init__(self, offers: Sequence[Offer], folder: Path, transfer: Transfer) -> None:
        self._offers = offers
        self._folder = folder
        self._transfer = transfer
        self._lock = threading.Lock()
        self._sizes: dict[int, tuple[int, int]] = {}
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[int, Path | Exception] | None] = queue.SimpleQueue()

    def run(self, progress: Progress) -> list[Path | NotFetched]:
        """Return the file of each offer, or why there is none."""
        for number in range(len(self._offers)):
            self._waiting.put(number)
        for _ in range(min(_AT_ONCE, len(self._offers))):
            threading.Thread(target=self._work, daemon=True).start()
        results: dict[int, Path | NotFetched] = {}
        while len(results) < len(self._offers):
            said = self._done.get()
            if said is not None:
                number, result = said
                if isinstance(result, Exception) and not isinstance(result, NotFetched):
                    raise result
                results[number] = result
            with self._lock:
                done = sum(sizes[0] for sizes in self._sizes.values())
                total = sum(sizes[1] for sizes in self._sizes.values())
            progress("Downloading", done, total)
        return [results[number] for number in range(len(self._offers))]

    def _work(self) -> None:
        with suppress(queue.Empty):
            while True:
                number = self._waiting.get_nowait()
                try:
                    result: Path | Exception = self._fetched(number)
                except Exception as error:  # noqa: BLE001 - the one who waits is told, or waits for ever
                    result = error
                self._done.put((number, result))

    def _fetched(self, number: int) -> Path:
        """Return the file of one offer; a second try where what came is damaged."""
        try:
            return self._once(number)
        except NotFetched:
            return self._once(number)

    def _once(self, number: int) -> Path:
        offer = self._offers[number]
        folder = self._folder / str(number)
        folder.mkdir(exist_ok=True)
        path = folder / offer.name

        def told(done: int, total: int) -> None:
            with self._lock:
                self._sizes[number] = (done, total)
            self._done.put(None)

        with path.open("wb") as file:
            self._transfer(offer.url, file, told)
        for algorithm, expected in offer.hashes.items():
            check(path, algorithm, expected, offer)
        return path


def _promised(kept: Kept | NotFetched, offer: Offer) -> Kept | NotFetched:
    """Return *kept* where it has one of the hashes that were asked for."""
    if isinstance(kept, NotFetched) or not offer.one_of:
        return kept
    wrong: Kept | NotFetched = kept
    for said in offer.one_of:
        algorithm, _, expected = said.partition(":")
        try:
            check(kept.path, algorithm, expected, offer)
        except NotFetched as error:
            wrong = error
        else:
            return kept
    return wrong


def check(path: Path, algorithm: str, expected: str, offer: Offer) -> None:
    """Raise WrongHash where the file *path* does not have the hash that was said."""
    if algorithm not in hashlib.algorithms_guaranteed:
        return
    with path.open("rb") as file:
        found = hashlib.file_digest(file, algorithm).hexdigest()
    if found != expected:
        place = without_user(offer.url)
        raise WrongHash(
            f"`{offer.name}` is not what was promised: it has {algorithm} `{found}`, "
            f"not `{expected}`",
            f"look at what `{place}` serves: it is damaged, or was exchanged",
            expected,
        )
