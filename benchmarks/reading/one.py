"""Read one program and print what it took: `python -m benchmarks.reading.one SHAPE|FOLDER LINES`.

CPU seconds are those of the reading and the policy, in user and system mode; memory is the most
that the whole process had, what it has imported and the models of services included.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.reading.shapes import SHAPES, Files
from chalice.permissions import policy_of, read


def main(name: str, lines: int) -> None:
    """Print the figures of one program."""
    files = SHAPES[name](lines) if name in SHAPES else modules(Path(name))
    print(json.dumps(measured(files)))


def modules(folder: Path) -> Files:
    """Return the modules of a folder, as those of a package beside an application."""
    found: Files = {"app.py": b""}
    for path in sorted(folder.rglob("*.py")):
        found[str(path.relative_to(folder.parent))] = path.read_bytes()
    return found


def measured(files: Files) -> dict[str, Any]:
    """Return what reading *files* takes."""
    before = time.process_time()
    reading = read(files, {})
    policy = policy_of(reading)
    seconds = time.process_time() - before
    engine = reading.engine
    return {
        "lines": engine.program.lines,
        "characters": engine.program.characters,
        "seconds": seconds,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "steps": engine.steps,
        "uses": len(reading.uses),
        "statements": len(policy.statements),
        "unfinished": len(engine.unfinished),
    }


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
