"""What the configuration says of the package, and for which Python it is built."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.config.reader import as_list, as_object

if TYPE_CHECKING:
    from chalice.config.public import Config


@dataclass(frozen=True, slots=True)
class PackageSettings:
    """What ships.

    Attributes:
        include: glob patterns of files that ship beside `app.py`, `chalicelib/` and `vendor/`.
        exclude: glob patterns of files that do not ship.
        build: names of requirements that may be built on this machine though they compile.
        prune: whether to leave out of requirements what nothing reads at run time.
        secrets: files that ship although they look like secrets.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    build: tuple[str, ...] = ()
    prune: bool = True
    secrets: tuple[str, ...] = ()


def package_of(config: Config) -> PackageSettings:
    """Return what the key `package` says; its problems have been reported."""
    written = as_object(config.value("package"))
    return PackageSettings(
        include=_texts(written.get("include")),
        exclude=_texts(written.get("exclude")),
        build=_texts(written.get("build")),
        prune=written.get("prune") is not False,
        secrets=_texts(written.get("secrets")),
    )


def _texts(value: object) -> tuple[str, ...]:
    """Return the texts of a list: a configuration may be read before it is checked."""
    return tuple(item for item in as_list(value) if isinstance(item, str))


def running_python() -> tuple[int, int]:
    """Return the minor version of the interpreter that runs."""
    return sys.version_info[:2]


def python_of(config: Config) -> tuple[int, int]:
    """Return the Python of the functions: the configured one, else the running interpreter's."""
    major, _, minor = str(config.value("lambda_python_version") or "").partition(".")
    if major.isdigit() and minor.isdigit():
        return int(major), int(minor)
    return running_python()
