"""What a gateway asks of whoever drives it, and what it is sent in return.

A gateway does no I/O: it yields a `Want` and is sent what came of it. There are two kinds, an
`Invocation` of a function and `KeysWanted` of an issuer of tokens.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar, cast

from chalice.invocation import Invocation, Outcome

if TYPE_CHECKING:
    from concurrent.futures import Future

# How long keys are waited for. AWS has fetched them before anybody asks; here somebody waits.
KEYS_WITHIN_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class KeysWanted:
    """The keys by which an issuer signs its tokens are wanted.

    Attributes:
        issuer: as the tokens name it.
        place: the file or URL where its keys are; the issuer's own URL for `discovery`.
        kind: what *place* is: the name of a file, the URL of a key set, or the URL below which
            `.well-known/openid-configuration` says where the key set is.
        beyond: the text of a key set that is known and does not hold the key that is wanted; None
            where any will do.
        within_seconds: how long the gateway waits.
    """

    issuer: str
    place: str
    kind: Literal["file", "url", "discovery"]
    beyond: str | None = None
    within_seconds: float = KEYS_WITHIN_SECONDS

    @property
    def first_asked(self) -> str:
        """The file or URL that is read first."""
        if self.kind == "discovery":
            return f"{self.place.removesuffix('/')}/.well-known/openid-configuration"
        return self.place


@dataclass(frozen=True, slots=True)
class KeysFound:
    """The key set of an issuer (JWKS), its *text* not yet read."""

    text: str


@dataclass(frozen=True, slots=True)
class NoKeys:
    """The keys cannot be had; *reason* is for the terminal."""

    reason: str


class KeySource(Protocol):
    """Where keys come from; an implementation is safe to use from several threads."""

    def find(self, wanted: KeysWanted) -> Future[KeysFound | NoKeys]:
        """Begin to look for keys and return where they will be; never block, never raise."""
        ...


Want = Invocation | KeysWanted
Sent = Outcome | KeysFound | NoKeys

_T = TypeVar("_T")

#: A part of an exchange that comes to a value of the type in brackets.
Exchange = Generator[Want, Sent, _T]


def invoked(invocation: Invocation) -> Exchange[Outcome]:
    """Ask for *invocation* and return what came of it."""
    sent = yield invocation
    return cast("Outcome", sent)


def found(wanted: KeysWanted) -> Exchange[KeysFound | NoKeys]:
    """Ask for keys and return them, or why there are none."""
    sent = yield wanted
    return cast("KeysFound | NoKeys", sent)
