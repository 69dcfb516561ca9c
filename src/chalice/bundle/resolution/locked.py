"""Lock files in the format that tools exchange (PEP 751), read for one target.

Source: packaging's specification "pylock.toml".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

from chalice.bundle.inputs import requirements
from chalice.bundle.wheels.fits import Offer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Table = dict[str, object]


@dataclass(frozen=True, slots=True)
class Package:
    """One package at one version, and where it can be had.

    Attributes:
        name: normalized.
        version: empty where only a build will say.
        wheels: its wheels.
        sdist: its source, as an index has it.
        source: the folder, archive or repository that it comes from instead, as a requirements
            file would write it.
        built: whether its wheel was built here.
    """

    name: str
    version: str
    wheels: tuple[Offer, ...] = ()
    sdist: Offer | None = None
    source: str = ""
    built: bool = False


class Unreadable(ValueError):
    """A lock file does not have the form that the specification gives it."""


def packages(
    document: Mapping[str, object], folder: Path, environment: Mapping[str, str]
) -> tuple[Package, ...]:
    """Return the packages of a lock file that are meant for *environment*.

    Args:
        document: the file, parsed.
        folder: what its paths are relative to.
        environment: the variables of markers.

    Raises:
        Unreadable: it is no lock file that we know.
    """
    version = document.get("lock-version")
    if not isinstance(version, str) or version.split(".")[0] != "1":
        raise Unreadable(f"`lock-version` is {version!r}, not `1.0`")
    if missing := [key for key in ("created-by", "packages") if key not in document]:
        keys = " and ".join(f"`{key}`" for key in missing)
        raise Unreadable(f"it has no {keys}, which every lock file has")
    listed = document["packages"]
    if not isinstance(listed, list):
        raise Unreadable("`packages` is no list")
    found = [_table(entry, "an entry of `packages`") for entry in cast("list[object]", listed)]
    return tuple(_package(entry, folder) for entry in found if _meant(entry, environment))


def file_name(url: str) -> str:
    """Return the name of the file that *url* is an address of."""
    return unquote(urlsplit(url).path).rsplit("/", 1)[-1]


def _meant(entry: Table, environment: Mapping[str, str]) -> bool:
    from packaging.markers import InvalidMarker, Marker  # noqa: PLC0415 - few entries have one

    marker = entry.get("marker")
    if marker is None:
        return True
    try:
        # Groups and extras are what is asked for beyond the project itself: none of them.
        return Marker(str(marker)).evaluate(dict(environment), context="lock_file")
    except (InvalidMarker, KeyError) as error:
        raise Unreadable(f"marker `{marker}` is not understood: {error}") from error


def _package(entry: Table, folder: Path) -> Package:
    name = _text(entry, "name")
    if not name:
        raise Unreadable("a package has no `name`")
    listed = entry.get("wheels", [])
    if not isinstance(listed, list):
        raise Unreadable(f"`wheels` of `{name}` is no list")
    wheels = [_table(wheel, f"a wheel of `{name}`") for wheel in cast("list[object]", listed)]
    offers = [_offer(wheel, folder, name) for wheel in wheels]
    sdist = entry.get("sdist")
    source = ""
    archive = entry.get("archive")
    if archive is not None:
        offer = _offer(_table(archive, f"`archive` of `{name}`"), folder, name)
        if offer.name.endswith(".whl"):
            offers.append(offer)
        else:
            sdist, source = None, offer.url + _fragment(offer)
    return Package(
        requirements.normalized(name),
        _text(entry, "version"),
        tuple(offers),
        _offer(_table(sdist, f"`sdist` of `{name}`"), folder, name) if sdist else None,
        source or _source(entry, folder, name),
    )


def _source(entry: Table, folder: Path, name: str) -> str:
    if "directory" in entry:
        directory = _table(entry["directory"], f"`directory` of `{name}`")
        return str((folder / _text(directory, "path") / _text(directory, "subdirectory")).resolve())
    if "vcs" in entry:
        vcs = _table(entry["vcs"], f"`vcs` of `{name}`")
        place = _text(vcs, "url") or (folder / _text(vcs, "path")).resolve().as_uri()
        commit = _text(vcs, "commit-id")
        below = _text(vcs, "subdirectory")
        return f"{_text(vcs, 'type')}+{place}@{commit}" + (
            f"#subdirectory={below}" if below else ""
        )
    return ""


def _offer(table: Table, folder: Path, name: str) -> Offer:
    url, path = _text(table, "url"), _text(table, "path")
    if not url:
        if not path:
            raise Unreadable(f"a file of `{name}` has neither `url` nor `path`")
        url = (folder / path).absolute().as_uri()
    hashes = _table(table.get("hashes", {}), f"`hashes` of `{name}`")
    said = {str(key): str(value).lower() for key, value in hashes.items()}
    return Offer(_text(table, "name") or file_name(url), url, said)


def _fragment(offer: Offer) -> str:
    return f"#sha256={offer.hashes['sha256']}" if "sha256" in offer.hashes else ""


def _table(value: object, what: str) -> Table:
    if not isinstance(value, dict):
        raise Unreadable(f"{what} is no table")
    return cast("Table", value)


def _text(table: Table, key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise Unreadable(f"`{key}` is no text")
    return value
