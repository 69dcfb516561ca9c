"""Wheels for tests: small, real, the same bytes each time; `pip` and `uv` install them."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, TypeVar

from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Writable = TypeVar("Writable", "Path", BytesIO)

TIMESTAMP = (2020, 2, 2, 0, 0, 0)


def make_wheel(
    folder: Path,
    name: str,
    version: str,
    files: Mapping[str, bytes | str],
    *,
    tag: str = "py3-none-any",
    requires: Iterable[str] = (),
    requires_python: str = "",
    extras: Mapping[str, Iterable[str]] | None = None,
    entry_points: str = "",
    metadata: Mapping[str, bytes | str] | None = None,
    executable: Iterable[str] = (),
    compression: int = zipfile.ZIP_DEFLATED,
    build: str = "",
) -> Path:
    """Write a wheel into *folder* and return it.

    Args:
        folder: where it goes; made when it is missing.
        name: the project's name as it is written in the metadata; normalized in the file's name.
        version: as it is written in both.
        files: what it installs, by path in the wheel; `NAME-VERSION.data/scripts/x` is a way to
            name a script.
        tag: the compatibility tags, `cp313-cp313-manylinux_2_28_x86_64`.
        requires: lines of `Requires-Dist`.
        requires_python: what `Requires-Python` says; empty leaves the line out.
        extras: further lines of `Requires-Dist`, by the extra that needs them.
        entry_points: the text of `entry_points.txt`; empty leaves the file out.
        metadata: more files of the `.dist-info` folder, by name; they replace what is made here.
        executable: paths that carry the executable bits.
        compression: one of `zipfile`'s methods, for every entry.
        build: the build number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    project = canonicalize_name(name).replace("-", "_")
    info = f"{project}-{version}.dist-info"
    described = {
        "METADATA": metadata_text(name, version, requires, requires_python, extras or {}),
        "WHEEL": _wheel_text(tag, build),
        **({"entry_points.txt": entry_points} if entry_points else {}),
        **(metadata or {}),
    }
    contents = {path: _bytes(content) for path, content in files.items()}
    contents |= {f"{info}/{path}": _bytes(content) for path, content in described.items()}
    contents.setdefault(f"{info}/RECORD", record(contents, f"{info}/RECORD"))
    path = folder / f"{'-'.join(filter(None, (project, version, build, tag)))}.whl"
    write_zip(path, contents, executable=executable, compression=compression)
    return path


def write_zip(
    path: Writable,
    contents: Mapping[str, bytes],
    *,
    executable: Iterable[str] = (),
    compression: int = zipfile.ZIP_DEFLATED,
) -> Writable:
    """Write a zip with *contents* into *path*, a path or a file, in their order, and return it.

    Names are written as they are, however wrong.
    """
    runs = set(executable)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, TIMESTAMP)
            entry.filename = name  # ZipInfo would cut it at a NUL and turn separators
            entry.external_attr = (0o100755 if name in runs else 0o100644) << 16
            entry.create_system = 3
            archive.writestr(entry, content, compression)
    return path


def metadata_text(
    name: str,
    version: str,
    requires: Iterable[str] = (),
    requires_python: str = "",
    extras: Mapping[str, Iterable[str]] | None = None,
) -> str:
    """Return the text of a `METADATA` file, which is that of a `PKG-INFO` too."""
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Python: {requires_python}"] if requires_python else []
    lines += [f"Requires-Dist: {line}" for line in requires]
    for extra, lines_of_extra in (extras or {}).items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {line}; extra == "{extra}"' for line in lines_of_extra]
    return "\n".join(lines) + "\n"


def record(contents: Mapping[str, bytes], own: str) -> bytes:
    """Return the `RECORD` of *contents*; *own* is its path, listed without a hash."""
    lines = [f"{name},{_digest(content)},{len(content)}" for name, content in contents.items()]
    return "\n".join([*lines, f"{own},,", ""]).encode()


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _wheel_text(tag: str, build: str) -> str:
    interpreters, abis, platforms = tag.split("-")
    pure = "true" if abis == "none" and platforms == "any" else "false"
    tags = [
        f"Tag: {interpreter}-{abi}-{platform}"
        for interpreter in interpreters.split(".")
        for abi in abis.split(".")
        for platform in platforms.split(".")
    ]
    head = ["Wheel-Version: 1.0", "Generator: tests", f"Root-Is-Purelib: {pure}"]
    return "\n".join([*head, *([f"Build: {build}"] if build else []), *tags]) + "\n"


def _digest(content: bytes) -> str:
    raw = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    return f"sha256={raw.rstrip(b'=').decode()}"


def _bytes(content: bytes | str) -> bytes:
    return content.encode() if isinstance(content, str) else content
