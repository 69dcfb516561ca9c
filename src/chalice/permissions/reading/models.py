"""The models of services that ship with botocore, or that people have put beside them.

botocore reads them, too; but the module that does imports all of its HTTP, which takes as long as
reading 1,500 lines of a program. So they are read here, as it reads them.

Source: botocore, `botocore.loaders.Loader`: folders by service and version, in `~/.aws/models` and
in its own `data`; the latest version counts, and what an extra file says is merged into it.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def model(service: str, kind: str) -> dict[str, Any] | None:
    """Return what there is of one *kind* of a service: `service-2`, `waiters-2`; None if nothing.

    Raises:
        ValueError: a file is no JSON.
    """
    folders = [folder for root in _roots() if (folder := root / service).is_dir()]
    versions = {
        version.name
        for folder in folders
        for version in folder.iterdir()
        if _file(version, kind) is not None
    }
    if not versions:
        return None
    latest = [folder / max(versions) for folder in folders]
    found = _first(latest, kind)
    extra = _first(latest, f"{kind}.sdk-extras")
    if found is not None and extra is not None:
        _merge(found, extra.get("merge", {}))
    return found


def _roots() -> Iterator[Path]:
    from botocore import BOTOCORE_ROOT  # noqa: PLC0415 - programs without the SDK do without

    yield Path("~/.aws/models").expanduser()
    yield Path(BOTOCORE_ROOT, "data")


def _file(folder: Path, kind: str) -> Path | None:
    places = (folder / f"{kind}.json", folder / f"{kind}.json.gz")
    return next(filter(Path.is_file, places), None)


def _first(folders: Sequence[Path], kind: str) -> dict[str, Any] | None:
    for folder in folders:
        place = _file(folder, kind)
        if place is not None:
            content = place.read_bytes()
            found: dict[str, Any] = json.loads(
                gzip.decompress(content) if place.suffix == ".gz" else content
            )
            return found
    return None


def _merge(found: dict[str, Any], extra: Mapping[str, Any]) -> None:
    for name, value in extra.items():
        inside: Any = found.get(name)
        if isinstance(inside, dict) and isinstance(value, dict):
            _merge(cast("dict[str, Any]", inside), cast("dict[str, Any]", value))
        else:
            found[name] = value
