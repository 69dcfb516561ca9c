"""AWS's lists as they ship: a file each in `data/`, in which a line is what one service has.

`scripts.authorization` writes them. A line is decoded by who asks for its service, and no other is.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATA = Path(__file__).parent / "data"


def place(name: str) -> Path:
    """Return the file of the list *name*."""
    return _DATA / f"{name}.tsv"


@functools.cache
def lines(name: str) -> Mapping[str, str]:
    """Return what follows the tab in each line of the list *name*, by service or by prefix."""
    return dict(line.split("\t", 1) for line in place(name).read_text("utf-8").splitlines())
