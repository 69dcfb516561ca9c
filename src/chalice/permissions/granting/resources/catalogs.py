"""ARNs of what is in a catalog of Glue that is inside of the one of its account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.reading.values import ACCOUNT, HOLE

if TYPE_CHECKING:
    from chalice.permissions.granting.given import Call

_INSIDE = re.compile(":(database|table)/")


def inside(call: Call, found: list[str]) -> list[str]:
    """Return *found*, ARNs of Glue, in the catalog that *call* names.

    Source: Lake Formation developer guide, "Accessing Amazon S3 tables", policy of the example:
    what is in the catalog of another one has that one's name before its own, and those around it
    are asked, too.
    """
    given = call.given("CatalogId") if call.has("CatalogId") else []
    names = [name for name in map(_inner, given) if name]
    if not names or not any(map(_INSIDE.search, found)):
        return found
    below = [_INSIDE.sub(rf":\1/{name}/", text) for name in names for text in found]
    around = [
        f"{text}/{'/'.join(name.split('/')[:end])}"
        for text in found
        if text.endswith(":catalog")
        for name in names
        for end in range(1, name.count("/") + 2)
    ]
    plain = found if len(names) < len(given) else []
    return [text.replace(HOLE, "*") for text in dict.fromkeys((*plain, *below, *around))]


def _inner(catalog: str) -> str:
    """Return the name of a catalog in that of its account; empty where that one is meant.

    >>> _inner("123456789012:s3tablescatalog/tb"), _inner("a/b"), _inner("123456789012")
    ('s3tablescatalog/tb', 'a/b', '')
    """
    name = catalog.replace(ACCOUNT, "0").rpartition(":")[2]
    return "" if name.isdecimal() or name == HOLE else name
