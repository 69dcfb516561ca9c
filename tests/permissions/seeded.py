"""The seeded programs: each is one file, its further modules after lines `# --- PATH`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "programs"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py"))

#: The environment variables of the stage that the programs are read for.
ENVIRON = {"TABLE": "users-dev", "BUCKET": "files-dev", "ACCOUNT": "123456789012"}

_MODULE = re.compile(r"^# --- (\S+)\n", re.MULTILINE)


def files(name: str) -> dict[str, bytes]:
    """Return the modules of a program, by path."""
    first, *others = _MODULE.split((FOLDER / f"{name}.py").read_text("utf-8"))
    pairs = zip(others[::2], others[1::2], strict=True)
    return {"app.py": first.encode(), **{path: text.encode() for path, text in pairs}}


def answer(name: str) -> dict[str, Any]:
    """Return what is known of a program: what it needs, and the codes of its problems."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found
