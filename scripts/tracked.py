"""Refuse what no tracked file may hold: paths of one machine, and addresses of package registries.

Either would make the project work in one place only. The patterns are written so that this file
does not match itself.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

# A home directory other than a made-up one, and the folders in which checkouts and builds live.
FORBIDDEN = re.compile(
    r"(?<![\w.:-])/(?:ho[m]e/(?!(?:user|you|me)\b)\w|ro[o]t/|Us[e]rs/\w|wo[r]k/|tm[p]/w/|bui[l]ds/)"
    r"|files\.pythonho[s]ted|py[p]i\.org/simple|registry\.np[m]js|registry\.ya[r]npkg|deb\.deb[i]an"
)
# What is compared byte for byte with another's text keeps what that text says.
BINARY = frozenset((".png", ".ico", ".gz", ".zip", ".whl"))


def tracked() -> list[Path]:
    """Return the files under version control, or every source file where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def findings(files: list[Path]) -> list[str]:
    """Return `path:line: what` for each line that may not be there."""
    found = []
    for file in files:
        if file.suffix in BINARY or not file.is_file():
            continue
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [
            f"{os.path.relpath(file, ROOT)}:{number}: `{match.group()}`"
            for number, line in enumerate(lines, 1)
            for match in FORBIDDEN.finditer(line)
        ]
    return found


if __name__ == "__main__":
    problems = findings(tracked())
    print(*problems, sep="\n")
    sys.exit(1 if problems else 0)
