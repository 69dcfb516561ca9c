"""Files of a project, as places name them."""

from __future__ import annotations

from pathlib import Path

# Directories below a project whose files are libraries': its vendored packages, and those of a
# virtual environment.
_LIBRARIES = ("vendor", "site-packages", "dist-packages")


def own_file(file: str | None, root: Path) -> str | None:
    """Return *file* relative to the project in *root*; None if it is no source of the project's.

    >>> own_file("/p/chalicelib/db.py", Path("/p"))
    'chalicelib/db.py'
    >>> own_file("/p/.venv/lib/site-packages/six.py", Path("/p")) is None
    True
    """
    if file is None:
        return None
    path = Path(file)
    if not path.is_relative_to(root):
        return None
    relative = path.relative_to(root)
    return None if any(part in _LIBRARIES for part in relative.parts) else relative.as_posix()
