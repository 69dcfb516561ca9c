"""ARNs of Glue: what is in a catalog of another has its name, and schemas that of a registry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.granting.resources import by_list
from chalice.permissions.reading.values import ACCOUNT, HOLE

if TYPE_CHECKING:
    from chalice.permissions.granting.given import Call

_INSIDE = re.compile(":(database|table)/")
_SCHEMA = re.compile("(.*):schema/([^/]+).*", re.DOTALL)


def catalogs(call: Call, prefix: str, action: str) -> list[str]:
    """Return the ARNs of what *call* is about.

    Source: Lake Formation developer guide, "Accessing Amazon S3 tables", policy of the example:
    what is in the catalog of another one has that one's name before its own, and those around it
    are asked, too.
    """
    found = _with_registries(by_list.resources(call, prefix, action))
    given = call.given("CatalogId") if call.has("CatalogId") else []
    names = [name for name in map(_inner, given) if name]
    if not names:
        return found
    inside = [_INSIDE.sub(rf":\1/{name}/", text) for name in names for text in found]
    around = [
        f"{text}/{'/'.join(name.split('/')[:end])}"
        for text in found
        if text.endswith(":catalog")
        for name in names
        for end in range(1, name.count("/") + 2)
    ]
    plain = found if len(names) < len(given) else []
    return [text.replace(HOLE, "*") for text in dict.fromkeys((*plain, *inside, *around))]


def _with_registries(found: list[str]) -> list[str]:
    """Return ARNs with the registries that schemas among them say that they are in."""
    schemas = filter(None, map(_SCHEMA.fullmatch, found))
    registries = [f"{match[1]}:registry/{match[2]}" for match in schemas]
    others = [text for text in found if not (registries and ":registry/" in text)]
    return list(dict.fromkeys([*others, *registries]))


def _inner(catalog: str) -> str:
    """Return the name of a catalog in that of its account; empty where that one is meant.

    >>> _inner("123456789012:s3tablescatalog/tb"), _inner("a/b"), _inner("123456789012")
    ('s3tablescatalog/tb', 'a/b', '')
    """
    name = catalog.replace(ACCOUNT, "0").rpartition(":")[2]
    return "" if name.isdecimal() or name == HOLE else name
