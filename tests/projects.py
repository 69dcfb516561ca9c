"""Projects on disk, for tests that load them."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

APPS = Path(__file__).parent / "apps"

HEAD = "from chalice import *\napp = Chalice(app_name='demo')\n"
"""What `application` puts before the lines of a test: the first of them is line 3."""


def write_project(
    directory: Path, app: str | None = None, config: Any = None, files: dict[str, str] | None = None
) -> Path:
    """Write a project into *directory* and return it; *config* may be text as it stands."""
    contents = {} if files is None else dict(files)
    if app is not None:
        contents["app.py"] = dedent(app)
    if config is not None:
        contents[".chalice/config.json"] = config if isinstance(config, str) else json.dumps(config)
    for name, content in contents.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return directory


def application(lines: str) -> str:
    """Return an `app.py` with *lines* after the making of the application."""
    return HEAD + dedent(lines).lstrip("\n")
