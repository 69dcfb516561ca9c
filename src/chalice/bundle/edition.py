"""Which code makes packages: what is kept between builds holds for the code that made it only.

The version alone does not tell one state of a checkout from the next, and a number that is kept by
hand is forgotten. So it is the sources themselves, as they are: times of files lie where installers
set them, and paths differ between environments that hold the same.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent

# What builds packages, keeps something about them, and ships in them; beside them the modules of
# the package itself, which these build on. Whoever builds on more adds it: a test sees to it.
_FOLDERS = ("bundle", "config", "iam", "model", "packaged", "permissions", "runtime")


@cache
def edition(package: Path = _PACKAGE) -> str:
    """Return a hash that changes with the code, and with the Python that runs it.

    Everything is read, once in a process, which takes about 5 ms.
    """
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for name in sources(package):
        with open(f"{package}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 - a hundred: hot
            content = file.read()
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def sources(package: Path = _PACKAGE) -> list[str]:
    """Return the files that the hash covers, below *package*."""
    found = os.listdir(package)  # noqa: PTH208 - hot
    folders: list[str] = [*_FOLDERS]
    while folders:
        folder = folders.pop()
        with os.scandir(package / folder) as entries:
            for entry in entries:
                (folders if entry.is_dir() else found).append(f"{folder}/{entry.name}")
    return sorted(name for name in found if name.endswith((".py", ".tsv")))
