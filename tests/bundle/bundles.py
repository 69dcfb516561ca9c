"""Packages for tests of what inspects them, put together by hand."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import date
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from chalice.bundle.inspection.inspect import inspect
from chalice.bundle.parts import (
    CHALICE,
    PROJECT,
    VENDOR,
    Archive,
    Bundle,
    Distribution,
    LeftOut,
    Shipped,
)
from chalice.bundle.store import Store
from chalice.bundle.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from chalice.diagnostics import Problem

TARGET = Target((3, 13))
TODAY = date(2026, 11, 22)


def make_bundle(
    folder: Path,
    own: Mapping[str, bytes | str],
    *,
    wheels: Mapping[str, Mapping[str, bytes | str]] | None = None,
    vendor: Mapping[str, bytes | str] | None = None,
    in_layer: bool = False,
    left_out: Iterable[LeftOut] = (),
    more: Iterable[Shipped] = (),
    target: Target = TARGET,
) -> Bundle:
    """Return the package of a project with the files *own*.

    Args:
        folder: where the archives are written.
        own: the project's files, each at its place in the project.
        wheels: the files of each requirement, by its name; all are of version 1.0.
        vendor: the files in `vendor/`, by their places in the archive.
        in_layer: whether everything that is not the project's own is in a layer.
        left_out: what does not ship.
        more: further rows of the function's archive, whose content nothing reads.
        target: what it is for.
    """
    code = [(path, content, PROJECT, path) for path, content in own.items()]
    rest = [("chalice/__init__.py", "", CHALICE, "")]
    rest += [(path, text, VENDOR, f"vendor/{path}") for path, text in (vendor or {}).items()]
    distributions = []
    for line, (name, files) in enumerate((wheels or {}).items(), start=1):
        identity = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
        wheel = folder / f"{name}-1.0-py3-none-any.whl"
        made = Distribution(name, "1.0", wheel, identity, f"requirements.txt:{line}")
        distributions.append(made)
        rest += [(path, content, made.origin, "") for path, content in files.items()]
    if not in_layer:
        code += rest
    return Bundle(
        target,
        _archive(folder / "deployment.zip", "", code, more),
        _archive(folder / "layer-deployment.zip", "python/", rest, ()) if in_layer else None,
        tuple(distributions),
        tuple(left_out),
        (),
    )


def _archive(
    path: Path,
    prefix: str,
    files: Iterable[tuple[str, bytes | str, str, str]],
    more: Iterable[Shipped],
) -> Archive:
    shipped = []
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, content, origin, source in files:
            archive.writestr(prefix + place, content)
            entry = archive.getinfo(prefix + place)
            row = (entry.filename, entry.file_size, entry.compress_size, origin, source)
            shipped.append(Shipped(*row))
    shipped += more
    size = path.stat().st_size
    unzipped = sum(file.size for file in shipped)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Archive(path, digest, size, unzipped, tuple(shipped))


def problems(bundle: Bundle, store: Store | None = None) -> list[Problem]:
    """Inspect, but for what is said where this Python is not the target's."""
    found = inspect(bundle, store or Store(bundle.code.path.parent / "store"), TODAY)
    return [problem for problem in found if problem.code != "syntax-unchecked"]


def told(folder: Path, app: str, **more: Any) -> list[str]:
    """Return the problems of a project with one file, as one line each."""
    bundle = make_bundle(folder, {"app.py": dedent(app)}, **more)
    return [f"{problem.severity}: {problem}" for problem in problems(bundle)]
