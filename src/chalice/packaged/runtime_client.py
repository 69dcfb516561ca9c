"""What Lambda's image has beside the interpreter: the runtime client, `awslambdaric`, and the SDK.

It is taken from the environment that Chalice runs in where somebody installed it there, else from
the package index, by the same steps as a project's requirements. It is kept unpacked.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.bundle.resolution.resolve import resolve
from chalice.bundle.target import Target, this_architecture
from chalice.diagnostics import InvalidApp, ToolError
from chalice.packaged.unpack import unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from chalice.bundle.parts import Progress
    from chalice.bundle.store import Store

# The version that is taken from the index: the newest of November 2026, for every Python that
# Lambda has. It is pinned so that the same package behaves the same from day to day.
VERSION = "4.2.2"

_CLIENT = "awslambdaric"
_SDK = "boto3"
_WHOLE = ".whole"


def runtime_client(
    interpreter: Path,
    python: tuple[int, int],
    store: Store,
    *,
    spare: Path,
    sdk: bool,
    environ: Mapping[str, str],
    progress: Progress,
    notice: Callable[[str], None],
) -> Path:
    """Return the folder with what Lambda's image has for a CPython of *python*.

    Args:
        interpreter: imports it.
        python: its minor version.
        store: where it is kept, unpacked.
        spare: a folder to have it in where nothing can be kept.
        sdk: whether the SDK for Python is needed beside the client.
        environ: the environment of uv and pip.
        progress: is told of slow steps.
        notice: is told what is missing.

    Raises:
        ToolError: the client cannot be had, with what to do.
    """
    if sdk:
        try:
            return _folder((_CLIENT, _SDK), interpreter, python, store, spare, environ, progress)
        except ToolError as error:
            notice(f"Lambda has `{_SDK}`, here it is missing. {error}")
    return _folder((_CLIENT,), interpreter, python, store, spare, environ, progress)


def _folder(
    names: Sequence[str],
    interpreter: Path,
    python: tuple[int, int],
    store: Store,
    spare: Path,
    environ: Mapping[str, str],
    progress: Progress,
) -> Path:
    kept = _writable(store.root / "runtime-client") or spare
    architecture = this_architecture()
    installed = _installed(names) if sys.version_info[:2] == python else ()
    version = installed[0].version if installed else VERSION
    origin = "installed" if installed else "index"
    name = f"{'-'.join(names)}-{version}-{origin}-{python[0]}.{python[1]}-{architecture}"
    folder = kept / name
    if (folder / _WHOLE).exists():
        return folder
    progress(f"Getting Lambda's runtime client, {' and '.join(f'`{item}`' for item in names)}")
    try:
        with tempfile.TemporaryDirectory(prefix=".part-", dir=kept) as scratch:
            draft = Path(scratch, "client")
            draft.mkdir()
            if installed:
                _copy(installed, draft)
            else:
                _fetch(names, draft, Target(python, architecture), store, environ, progress)
            _compile(interpreter, draft)
            (draft / _WHOLE).touch()
            _put(draft, folder)
    except OSError as error:
        where = error.filename or kept
        raise ToolError(
            f"Cannot keep Lambda's runtime client: `{where}`: {error.strerror or error}"
        ) from error
    return folder


def _writable(folder: Path) -> Path | None:
    """Return *folder*, made where it is missing, or None where nothing can be kept in it."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        return folder if os.access(folder, os.W_OK) else None
    return None


def _compile(interpreter: Path, folder: Path) -> None:
    """Put bytecode beside the sources: functions cannot write there, and would compile each time.

    Where that fails they do.
    """
    import subprocess  # noqa: PLC0415 - what is kept does without

    mode = ("--invalidation-mode", "unchecked-hash")
    subprocess.run(  # noqa: S603 - an interpreter of the user's
        [interpreter, "-I", "-S", "-m", "compileall", "-q", *mode, folder],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


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
    names: Sequence[str],
    draft: Path,
    target: Target,
    store: Store,
    environ: Mapping[str, str],
    progress: Progress,
) -> None:
    lines = [f"{name}=={VERSION}" if name == _CLIENT else name for name in names]
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch, "requirements.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        try:
            resolution = resolve(
                Path(scratch), target, store, build=(_CLIENT,), progress=progress, environ=environ
            )
        except InvalidApp as error:
            wanted = " and ".join(f"`{line}`" for line in lines)
            reason = "; ".join(problem.summary for problem in error.problems)
            raise ToolError(
                f"Lambda's runtime client, {wanted}, cannot be had for {target}: {reason}. Where"
                f" the package index cannot be reached, install it beside Chalice:"
                f" `pip install {' '.join(names)}`"
            ) from error
    for distribution in resolution.distributions:
        unpack(distribution.wheel, draft)


# --- installed beside Chalice --------------------------------------------------------------------


def _installed(names: Sequence[str]) -> tuple[metadata.Distribution, ...]:
    """Return *names* and what they need, the first of them first; nothing if any is missing."""
    seen: dict[str, metadata.Distribution] = {}
    try:
        for name in names:
            _add(name, seen)
    except metadata.PackageNotFoundError:
        return ()
    return tuple(seen.values())


def _add(name: str, seen: dict[str, metadata.Distribution]) -> None:
    from packaging.requirements import Requirement  # noqa: PLC0415 - nobody else needs it
    from packaging.utils import canonicalize_name  # noqa: PLC0415 - the same

    key = canonicalize_name(name)
    if key in seen:
        return
    seen[key] = distribution = metadata.distribution(name)
    for text in distribution.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            _add(requirement.name, seen)


def _copy(installed: Iterable[metadata.Distribution], draft: Path) -> None:
    for distribution in installed:
        for file in distribution.files or ():
            # Programs are installed elsewhere, and bytecode is the business of who runs it.
            if ".." in file.parts or file.suffix == ".pyc" or file.is_absolute():
                continue
            target = draft.joinpath(*file.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(file.locate()), target)
