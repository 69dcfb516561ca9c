"""What lies about in projects and is no part of them; it never ships unless it is named.

Left out without a word but in the report: nobody misses it. What would be missed, or is dangerous
to leave lying there, is a matter of `secrets`.
"""

from __future__ import annotations

import re

#: The reason in reports.
REASON = "litter"

# Source for the names: github/gitignore, templates Python, Node, Terraform, Global/*.
_FOLDERS = re.compile(
    r"""
    # version control
    \.git | \.hg | \.svn | \.bzr | _darcs | CVS
    # what tools of deployment keep
    | \.chalice | \.aws-sam | \.serverless | \.terraform | cdk\.out | chalice\.out
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
    | \.env\.(?:example|sample|template|dist|defaults)
    # caches and coverage
    | .*\.py[co] | \.coverage(?:\..*)? | coverage\.(?:xml|json|lcov) | \.dmypy\.json
    # editors: swap files, backups, locks
    | .*\.sw[a-p] | .*~ | \.\#.* | \#.*\# | .*\.(?:orig|rej) | \.netrwhist | .*\.code-workspace
    # desktops
    | \.DS_Store | \._.* | Thumbs\.db | desktop\.ini | \.directory
    """,
    re.VERBOSE,
)

# Marks a folder as a virtual environment, whatever it is called.
# Source: PEP 405, "Specification".
ENVIRONMENT_MARK = "pyvenv.cfg"


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
