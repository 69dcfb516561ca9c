"""What a distribution imports from its own packages, and they do not have: `from . import gone`.

A package has its modules, and the names that its `__init__.py` binds. What may come into it in
another way (`import *`, `__getattr__`, `exec`, another module that sets it, an extension module) is
believed to be there. Only where a word does not stand in the file, or where the file itself asks
for it, is the syntax tree read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.bundle.inspection.modules import Kind, Modules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from chalice.bundle.inspection.groups import Group
    from chalice.bundle.python.mentions import Mention

_WORD = re.compile(rb"[^\W\d]\w*")


def absent_parts(
    group: Group, own: Modules, mentioned: Iterable[Mention], by_itself: Collection[str]
) -> set[str]:
    """Return the names, with their packages, that packages of *group* certainly do not have.

    Args:
        group: the files.
        own: its modules.
        mentioned: what its files may import.
        by_itself: names, with their packages, that an `__init__.py` takes from its own package:
            that the words stand in it says nothing.
    """
    asked: dict[str, set[str]] = {}
    for module, names in mentioned:
        known = own.provided.get(module)
        if known is not None and known.kind is Kind.PACKAGE:
            whole = {name: f"{module}.{name}" for name in names if not _is_special(name)}
            lacking = {
                name
                for name, part in whole.items()
                if not own.has(part) and part not in own.foreign
            }
            asked.setdefault(module, set()).update(lacking)
    return {
        f"{module}.{name}"
        for module, names in asked.items()
        if names and not _has_extensions(module, own)
        for name in _unbound(group, own, module, names, by_itself)
    }


def _unbound(
    group: Group, own: Modules, module: str, names: set[str], by_itself: Collection[str]
) -> set[str]:
    """Return which of *names* the `__init__.py` of *module* does not bind, nor any other file."""
    source = group.read(own.provided[module].location)
    words = {word.decode("utf-8", "replace") for word in _WORD.findall(source)}
    doubtful = {name for name in names if name not in words or f"{module}.{name}" in by_itself}
    if not doubtful:
        return doubtful
    from chalice.bundle.python.imports import read_imports  # noqa: PLC0415 - few are in doubt

    try:
        read = read_imports(source, module, package=True, target=own.target, later=False)
    except (SyntaxError, ValueError):  # of another Python
        return set()
    if read.open:
        return set()
    return {name for name in doubtful - read.binds if not _is_set(name, group)}


def _is_set(name: str, group: Group) -> bool:
    """Return whether a file may set *name* on something: `package.name = 1`, `setattr`."""
    word = name.encode()
    sets = re.compile(
        rb"\.%s\s*(?::[^=\n]*)?=(?!=)|[\"']%s[\"']|\bglobal\b.*\b%s\b" % ((word,) * 3)
    )
    sources = (group.read(location) for location, _ in group.files if location.endswith(".py"))
    return any(word in source and sets.search(source) for source in sources)


def _has_extensions(module: str, own: Modules) -> bool:
    """Return whether compiled code stands in the package, of which nobody knows what it sets."""
    return any(
        known.kind is Kind.EXTENSION and name.startswith(f"{module}.")
        for name, known in own.provided.items()
    )


def _is_special(name: str) -> bool:
    """Return whether every module has *name*, or nothing says that it is one."""
    return not name.isidentifier() or (name.startswith("__") and name.endswith("__"))
