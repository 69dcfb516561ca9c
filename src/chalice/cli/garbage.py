"""Commands that call AWS, spared the search for garbage where there is none."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

# The clients of the SDK are made of megabytes of JSON that stay: with CPython's threshold of 700,
# looking through it again and again is a sixth of what `chalice deploy` computes.
_OBJECTS = 100_000


@contextmanager
def seldom_collected() -> Generator[None]:
    """Have the garbage collector run seldom while the block, or what this decorates, runs."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
