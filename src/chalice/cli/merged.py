"""The templates that commands merge into that of an application."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chalice.packaged.shipped import NOTHING_MERGED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice.packaged.shipped import Merged
    from chalice.template.merging import Theirs


def templates(names: Sequence[str]) -> tuple[Theirs, ...]:
    """Return the templates that are merged, read once: what is deployed is what was checked.

    Args:
        names: of their files, as they were named.

    Raises:
        ToolError: one cannot be read.
        InvalidApp: one is no template.
    """
    if not names:
        return ()
    from chalice.template.merging import opened  # noqa: PLC0415 - most merge nothing

    return tuple(opened(Path(name)) for name in names)


def variables_in(merged: Sequence[Theirs]) -> Merged:
    """Return what templates that are merged say of variables."""
    if not merged:
        return NOTHING_MERGED
    from chalice.template.variables import variables_of  # noqa: PLC0415 - most merge nothing

    return variables_of(merged)
