"""botocore's models of services, Apache License 2.0."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def models(packages: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the newest model of each service, with its name."""
    for folder in sorted((packages / "botocore" / "data").iterdir()):
        found = sorted(folder.glob("*/service-2.json*"))
        if found:
            content = found[-1].read_bytes()
            plain = gzip.decompress(content) if found[-1].suffix == ".gz" else content
            yield folder.name, json.loads(plain)
