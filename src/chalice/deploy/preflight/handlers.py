"""Is what Lambda calls in the package: the module of a handler, and its name in the module?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.bundle.archives.contents import Contents
from chalice.bundle.archives.entries import BadArchive
from chalice.bundle.python.imports import read_imports
from chalice.bundle.target import Target
from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from chalice.bundle.target import Architecture
    from chalice.deploy.preflight.coming import Coming

_PYTHON = re.compile(r"python(\d+)\.(\d+)")
# Where a layer has modules. Source: Lambda developer guide, "Packaging your layer content".
_IN_LAYER = "python/"


def problems_of(functions: Sequence[Coming], code: Path, layer: Path | None) -> Iterator[Problem]:
    """Yield the handlers that the package does not hold.

    Args:
        functions: those whose code is the archive *code*.
        code: that archive.
        layer: that of the layer which they have, too, if there is one.
    """
    try:
        with Contents(code) as archive:
            below = _below(layer)
            for item in functions:
                yield from _of_function(item, archive, below)
    except (OSError, BadArchive):
        return  # who uploads it says so


def _below(layer: Path | None) -> frozenset[str]:
    """Return the modules of a layer, as paths beside those of the code."""
    if layer is None:
        return frozenset()
    with Contents(layer) as archive:
        paths = [path for path in archive.paths if path.startswith(_IN_LAYER)]
    return frozenset(path.removeprefix(_IN_LAYER) for path in paths)


def _of_function(item: Coming, archive: Contents, below: Collection[str]) -> Iterator[Problem]:
    handler = item.properties.get("Handler")
    if not isinstance(handler, str):
        return
    # Source: awslambdaric, `bootstrap.py`, `_get_handler`: the name behind the last dot is looked
    # up in the module before it, in which `/` stands for `.`.
    module, dot, name = handler.rpartition(".")
    base = module.replace(".", "/")
    where = item.where("Handler")
    if not dot or not module or not name:
        summary = f"the handler `{handler}` of `{item.logical_id}` names no function in a module"
        yield Problem("handler-missing", summary, where, "write `MODULE.FUNCTION`: `app.app`")
        return
    source = next((p for p in (f"{base}.py", f"{base}/__init__.py") if p in archive.paths), None)
    if source is not None:
        yield from _in_module(item, archive.read(source), source, name, where)
    elif not _holds(archive.paths, base) and not _holds(below, base):
        # A layer of somebody else's may have it.
        certain = not item.texts("Layers")
        summary = f"the package has no `{base}.py`, which the handler `{handler}` is in"
        hint = "include the file, or name a handler that is in the package"
        severity = "error" if certain else "warning"
        yield Problem("handler-missing", summary, where, hint, severity)


def _holds(paths: Collection[str], base: str) -> bool:
    """Return whether *paths* have a module: as source, bytecode, an extension or a package."""
    ends = (".py", ".pyc", "/__init__.py", "/__init__.pyc")
    if any(f"{base}{end}" in paths for end in ends):
        return True
    return any(path.startswith(f"{base}.") and path.endswith(".so") for path in paths)


def _in_module(item: Coming, source: bytes, path: str, name: str, where: str) -> Iterator[Problem]:
    python = _PYTHON.fullmatch(str(item.properties.get("Runtime")))
    if python is None:
        return
    wanted = item.texts("Architectures")
    architecture: Architecture = "arm64" if "arm64" in wanted else "x86_64"
    target = Target((int(python[1]), int(python[2])), architecture)
    try:
        module = read_imports(source, "", package=False, target=target, later=False)
    except (SyntaxError, ValueError):
        return  # inspected where the package was built
    if module.open or name in module.binds or _is_global(source, name):
        return
    summary = f"`{path}` binds no `{name}`, which Lambda calls for `{item.logical_id}`"
    hint = f"define `{name}` at the top level of the module, or name a handler that is there"
    yield Problem("handler-missing", summary, where, hint)


def _is_global(source: bytes, name: str) -> bool:
    """Return whether a function may bind *name* in its module."""
    return re.search(rb"\bglobal\b[^\n]*\b" + re.escape(name).encode() + rb"\b", source) is not None
