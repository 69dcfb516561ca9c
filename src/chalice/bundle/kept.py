"""What was built before, and whether it is still what would be built now.

A fingerprint covers everything that a package depends on: what is in the project's files, the
hashes of the wheels, what was asked for, the interpreter that compiles, the day (a warning of a
runtime's end depends on it). Our own code the store sees to. Of each destination what came of the
last build is kept, with its fingerprint. The archive itself is not: it counts as built only where
it lies with the bytes that it had.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from chalice.bundle.parts import Archive, Bundle, Distribution, LeftOut, Shipped
from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from chalice.bundle.store import Store
    from chalice.bundle.target import Target

_KIND = "built"

# `astuple` copies each value: of thousands of files that takes longer than all else here.
_SHIPPED = attrgetter(*(field.name for field in fields(Shipped)))
_LEFT_OUT = attrgetter(*(field.name for field in fields(LeftOut)))


def fingerprint(*parts: object) -> str:
    """Return a hash of *parts*: dataclasses, tuples, texts and numbers, whose `repr` is all."""
    return hashlib.sha256(
        "\0".join(map(repr, parts)).encode("utf-8", "surrogateescape")
    ).hexdigest()


def remember(store: Store, key: str, destination: Path, bundle: Bundle) -> None:
    """Keep what came of the build with the fingerprint *key*, the last one of *destination*."""
    archives = [bundle.code, *([bundle.layer] if bundle.layer is not None else [])]
    facts: dict[str, Any] = {
        "fingerprint": key,
        "archives": [
            {
                "name": archive.path.name,
                "sha256": archive.sha256,
                "size": archive.size,
                "unzipped": archive.unzipped,
                "shipped": list(map(_SHIPPED, archive.shipped)),
            }
            for archive in archives
        ],
        "left_out": list(map(_LEFT_OUT, bundle.left_out)),
        "notes": [asdict(note) for note in bundle.notes],
    }
    store.write(_KIND, str(destination), json.dumps(facts).encode())


def recall(
    store: Store,
    key: str,
    destination: Path,
    target: Target,
    distributions: Sequence[Distribution],
) -> Bundle | None:
    """Return the package that lies in *destination*, if it is the one of the fingerprint *key*."""
    data = store.read(_KIND, str(destination))
    facts: dict[str, Any] = json.loads(data) if data is not None else {}
    if facts.get("fingerprint") != key:
        return None
    archives = [
        Archive(
            destination / item["name"],
            item["sha256"],
            item["size"],
            item["unzipped"],
            tuple(Shipped(*values) for values in item["shipped"]),
        )
        for item in facts["archives"]
    ]
    if not all(_is_there(archive) for archive in archives):
        return None
    return Bundle(
        target=target,
        code=archives[0],
        layer=archives[1] if len(archives) > 1 else None,
        distributions=tuple(distributions),
        left_out=tuple(LeftOut(*values) for values in facts["left_out"]),
        notes=tuple(Problem(**values) for values in facts["notes"]),
    )


def _is_there(archive: Archive) -> bool:
    try:
        if archive.path.is_symlink() or archive.path.stat().st_size != archive.size:
            return False
        return file_hash(archive.path) == archive.sha256
    except OSError:
        return False


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
