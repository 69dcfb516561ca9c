"""Files of a package that come from one place, and what is kept about them between builds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.bundle.parts import Shipped
    from chalice.bundle.store import Store

KIND = "inspection"


@dataclass(frozen=True, slots=True)
class Group:
    """Files that come from one place and are judged together.

    Attributes:
        origin: `numpy 2.5.5`, or `vendor`.
        where: what asks for them, for messages.
        key: stands for their content; empty where nothing does and it has to be hashed.
        files: in the order of the archive, each with its place in a function's environment.
        read: returns the content of one of them.
    """

    origin: str
    where: str
    key: str
    files: tuple[tuple[str, Shipped], ...]
    read: Callable[[str], bytes]

    def identity(self) -> str:
        """Return what stands for the content: its key, and which of the wheel's files ship."""
        digest = sha256(self.key.encode())
        for location, _ in self.files:
            digest.update(location.encode("utf-8", "surrogateescape") + b"\n")
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Gap:
    """A module of a group that cannot be imported as it is.

    Attributes:
        location: its file.
        line: of the import that fails, 0 where it is the module itself.
        name: the module that is asked for, or the module itself.
        behind: modules of the group that fail with it; whatever is in a package fails with it.
    """

    location: str
    line: int
    name: str
    behind: tuple[str, ...]


def kept(store: Store, key: str) -> dict[str, Any] | None:
    """Return what is kept under *key*, None where nothing whole is."""
    data = store.read(KIND, key)
    if data is None:
        return None
    try:
        known: dict[str, Any] = json.loads(data)
    except ValueError:
        return None
    return known
