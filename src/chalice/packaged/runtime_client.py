"""Lambda's own runtime client for Python, `awslambdaric`, for an interpreter of this machine.

It is taken from the environment that Chalice runs in where somebody installed it there, else from
the package index, by the same steps as a project's requirements. It is kept unpacked.
"""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.bundle.resolve import resolve
from chalice.bundle.target import Target
from chalice.diagnostics import InvalidApp, ToolError
from chalice.packaged.unpack import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.bundle.parts import Progress
    from chalice.bundle.store import Store
    from chalice.bundle.target import Architecture

# The version that is taken from the index: the newest of November 2026, for every Python that
# Lambda has. It is pinned so that the same package behaves the same from day to day.
VERSION = "4.2.2"

_NAME = "awslambdaric"
_WHOLE = ".whole"


def runtime_client(
    python: tuple[int, int], store: Store, *, environ: Mapping[str, str], progress: Progress
) -> Path:
    """Return the folder in which the client is, with what it needs, for a CPython of *python*.

    Raises:
        ToolError: it cannot be had, with what to do.
    """
    kept = store.root / "runtime-client"
    architecture: Architecture = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
    installed = _installed() if sys.version_info[:2] == python else None
    version = installed.version if installed is not None else VERSION
    origin = "installed" if installed is not None else "index"
    name = f"{version}-{origin}-{python[0]}.{python[1]}-{sys.platform}-{architecture}"
    folder = kept / name
    if (folder / _WHOLE).exists():
        return folder
    progress("Getting Lambda's runtime client")
    try:
        kept.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".part-", dir=kept) as scratch:
            draft = Path(scratch, "client")
            draft.mkdir()
            if installed is not None:
                _copy(installed, draft)
            else:
                _fetch(draft, Target(python, architecture), store, environ, progress)
            (draft / _WHOLE).touch()
            _put(draft, folder)
    except OSError as error:
        where = error.filename or kept
        raise ToolError(
            f"Cannot keep Lambda's runtime client: `{where}`: {error.strerror or error}"
        ) from error
    return folder


def _put(draft: Path, folder: Path) -> None:
    """Move *draft* into its place, unless somebody else was faster."""
    try:
        draft.rename(folder)
    except OSError:
        if (folder / _WHOLE).exists():
            return
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)


def _fetch(
    draft: Path, target: Target, store: Store, environ: Mapping[str, str], progress: Progress
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch, "requirements.txt").write_text(f"{_NAME}=={VERSION}\n", encoding="utf-8")
        try:
            resolution = resolve(
                Path(scratch), target, store, build=(_NAME,), progress=progress, environ=environ
            )
        except InvalidApp as error:
            reason = "; ".join(problem.summary for problem in error.problems)
            raise ToolError(
                f"Lambda's runtime client, `{_NAME}` {VERSION}, cannot be had for {target}:"
                f" {reason}. Where the package index cannot be reached, install it beside Chalice:"
                f" `pip install {_NAME}`"
            ) from error
    for distribution in resolution.distributions:
        unpack(distribution.wheel, draft)


# --- installed beside Chalice --------------------------------------------------------------------


def _installed() -> metadata.Distribution | None:
    """Return the client of the running interpreter, if all that it needs is there, too."""
    try:
        found = list(_with_needs(_NAME, set()))
    except metadata.PackageNotFoundError:
        return None
    return found[0]


def _with_needs(name: str, seen: set[str]) -> Iterator[metadata.Distribution]:
    from packaging.requirements import Requirement  # noqa: PLC0415 - what is kept does without
    from packaging.utils import canonicalize_name  # noqa: PLC0415 - the same

    seen.add(canonicalize_name(name))
    distribution = metadata.distribution(name)
    yield distribution
    for text in distribution.requires or ():
        requirement = Requirement(text)
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if wanted and canonicalize_name(requirement.name) not in seen:
            yield from _with_needs(requirement.name, seen)


def _copy(client: metadata.Distribution, draft: Path) -> None:
    for distribution in _with_needs(client.metadata["Name"], set()):
        for file in distribution.files or ():
            # Programs are installed elsewhere, and bytecode is another interpreter's business.
            if ".." in file.parts or file.suffix == ".pyc" or file.is_absolute():
                continue
            target = draft.joinpath(*file.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(file.locate()), target)
