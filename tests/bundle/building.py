"""Packages built by tests, and a look into them."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bundle.wheels import sha256_of

from chalice.bundle.assembly.assemble import assemble
from chalice.bundle.files.project_files import collect_project
from chalice.bundle.parts import Distribution
from chalice.bundle.store import Store
from chalice.bundle.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalice.bundle.parts import Bundle

HERE = Target((sys.version_info.major, sys.version_info.minor))
HELLO = """\
from chalice import Chalice

app = Chalice(app_name="hello")


@app.route("/")
def index():
    return {"hello": "world"}
"""


def silent(doing: str, done: int = 0, total: int = 0) -> None:
    """Take progress, and say nothing."""


def project(folder: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """Write a project with *files* beside its `app.py` into *folder*."""
    for name, content in {"app.py": HELLO, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def distribution(wheel: Path) -> Distribution:
    """Return *wheel* as it is resolved."""
    name, version = wheel.name.split("-")[:2]
    return Distribution(
        name.replace("_", "-"), version, wheel, sha256_of(wheel), "requirements.txt:1"
    )


def bundled(
    folder: Path,
    files: Mapping[str, str | bytes] | None = None,
    wheels: Iterable[Path | Distribution] = (),
    *,
    out: Path | None = None,
    store: Store | None = None,
    automatic_layer: bool = False,
    prune: bool = True,
    interpreter: Path | None = None,
    **collecting: Any,
) -> Bundle:
    """Build the package of a project in *folder*; *interpreter* makes its bytecode."""
    root = project(folder / "project", files)
    place = out or folder / "out"
    place.mkdir(parents=True, exist_ok=True)
    return assemble(
        collect_project(root, **collecting),
        [one if isinstance(one, Distribution) else distribution(one) for one in wheels],
        HERE,
        store or Store(folder / "store"),
        place,
        automatic_layer=automatic_layer,
        prune=prune,
        interpreter=interpreter,
        progress=silent,
    )


def this_interpreter() -> Path:
    """Return the interpreter that runs the tests, which is the target's."""
    return Path(sys.executable)


def contents(archive: Path) -> dict[str, bytes]:
    """Return what is in a zip, in its order, by path."""
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def names(archive: Path) -> list[str]:
    """Return the project's own names in a zip: all but Chalice's."""
    return [name for name in contents(archive) if not name.startswith("chalice/")]


def is_root() -> bool:
    """Return whether permissions keep nobody out."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
