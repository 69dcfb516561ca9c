"""An archive on disk as Lambda unpacks it: whole, readable, nothing outside of its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.bundle.archives.entries import BadArchive, read_entries, unpacked
from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from pathlib import Path

_FILE, _PROGRAM = 0o644, 0o755


def unpack(archive: Path, folder: Path) -> None:
    """Write what is in *archive*, a package or a wheel, into *folder*.

    Raises:
        ToolError: the archive is damaged, or a file cannot be written.
    """
    known: set[Path] = set()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with archive.open("rb") as file:
            for entry in read_entries(file):
                path = folder / entry.name
                if path.parent not in known:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    known.add(path.parent)
                with path.open("wb") as target:
                    target.writelines(unpacked(file, entry))
                path.chmod(_PROGRAM if entry.executable else _FILE)
    except BadArchive as error:
        raise ToolError(f"`{archive.name}` {error.why}") from error
    except OSError as error:
        where = error.filename or folder
        raise ToolError(f"Cannot unpack `{archive.name}`: `{where}`: {error.strerror}") from error
