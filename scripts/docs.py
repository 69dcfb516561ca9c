"""Build the documentation into `build/docs`; a warning or a link to nowhere fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Build and say where the result is; return the exit code."""
    target = ROOT / "build" / "docs"
    command = [
        *(sys.executable, "-m", "sphinx", "--builder", "html", "--quiet"),
        *("--fail-on-warning", "--nitpicky", "--fresh-env"),
        *("--doctree-dir", str(ROOT / "build" / "doctrees")),
        *(str(ROOT / "docs"), str(target)),
    ]
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode == 0:
        print(target / "index.html")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
