"""What lies about in projects and is no part of them; it never ships unless it is named.

Left out without a word but in the report: nobody misses it. What would be missed, or is dangerous
to leave lying there, is a matter of `secrets`.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: The reason in reports.
REASON = "litter"

#: How folders are called in which archives are written.
ASIDE = ".package-"

# Source for the names: github/gitignore, templates Python, Node, Terraform, Global/*.
_FOLDERS = re.compile(
    r"""
    # version control
    \.git | \.hg | \.svn | \.bzr | _darcs | CVS
    # what tools of deployment keep
    | \.chalice | \.aws-sam | \.serverless | \.terraform | cdk\.out | chalice\.out
    | \.package-[a-z0-9_]{8}
    # environments, and what is installed into them
    | \.venv | \.virtualenv | node_modules | \.direnv | \.tox | \.nox | __pypackages__
    # caches and coverage
    | __pycache__ | \.cache | \.[a-z]+_cache | \.hypothesis | \.ipynb_checkpoints
    | \.nyc_output | htmlcov | \.eggs
    # editors and desktops
    | \.idea | \.vscode | \.vs | \.fleet | __MACOSX | \.Trash | \.fseventsd
    """,
    re.VERBOSE,
)

_FILES = re.compile(
    r"""
    # version control; a `.git` that is a file belongs to a submodule or a worktree
    \.git | \.git(?:ignore|attributes|modules|keep) | \.hgignore
    # examples of what would be a secret
    | \.env[-._](?:example|sample|template|dist|defaults?) | (?:example|sample|template)\.env
    # what was packaged before, and what was written halfway
    | (?:layer-)?deployment\.zip | \.part-[0-9a-f]{16}
    # caches and coverage
    | .*\.py[co] | \.coverage(?:\..*)? | coverage\.(?:xml|json|lcov) | \.dmypy\.json
    # editors: swap files, backups, locks
    | .*\.sw[a-p] | .*~ | \.\#.* | \#.*\# | .*\.(?:bak|orig|rej) | \.netrwhist | .*\.code-workspace
    # desktops
    | \.DS_Store | \._.* | Thumbs\.db | desktop\.ini | \.directory
    """,
    re.VERBOSE,
)

# Each of these, together, marks a folder as an environment, whatever it is called.
# Source: PEP 405, "Specification"; conda's documentation, "Managing environments"; older ones, of
# `virtualenv` before its version 20, have no file of their own.
_ENVIRONMENTS = (
    ("pyvenv.cfg",),
    ("conda-meta",),
    ("bin/activate", "bin/python"),
    ("Scripts/activate.bat", "Scripts/python.exe"),
)


def is_environment(folder: Path) -> bool:
    """Return whether *folder* holds a Python of its own."""
    return any(all(os.path.lexists(folder / name) for name in names) for names in _ENVIRONMENTS)


def is_litter_folder(name: str) -> bool:
    """Return whether a folder is litter by its name.

    >>> is_litter_folder("node_modules"), is_litter_folder("modules")
    (True, False)
    """
    return _FOLDERS.fullmatch(name) is not None


def is_litter(name: str) -> bool:
    """Return whether a file is litter by its name.

    >>> is_litter(".app.py.swp"), is_litter("app.py")
    (True, False)
    """
    return _FILES.fullmatch(name) is not None
