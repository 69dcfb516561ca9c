"""Modules of requirements that are not Python of the target's version.

What compiles has its bytecode beside it by now, so only what has none is read again. Templates that
end in `.py` are among it, and code for other versions: it counts where it would be imported.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chalice.bundle.inspection.groups import KIND, Group, kept
from chalice.bundle.inspection.modules import module_name
from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from chalice.bundle.python.syntax import Fault
    from chalice.bundle.store import Store
    from chalice.bundle.target import Target

_BYTECODE_FOLDER = "__pycache__/"


def compiled_sources(locations: Iterable[str]) -> frozenset[str]:
    """Return the sources whose bytecode is among the files at *locations*.

    >>> sorted(compiled_sources(["/var/task/a/__pycache__/b.cpython-313.pyc", "/var/task/c.py"]))
    ['/var/task/a/b.py']
    """
    found: set[str] = set()
    for location in locations:
        if location.endswith(".pyc"):
            folder, mark, name = location.rpartition(_BYTECODE_FOLDER)
            if mark:
                found.add(f"{folder}{name.partition('.')[0]}.py")
    return frozenset(found)


def unparsed_of(
    group: Group, compiled: frozenset[str], target: Target, interpreter: Path | None, store: Store
) -> dict[str, Fault]:
    """Return the modules of *group* that are not Python of *target*, with line and message.

    Args:
        group: the files.
        compiled: the sources that have bytecode; where there is none at all, nothing is known.
        target: whose syntax it has to be.
        interpreter: a Python of the target's minor version, if there is one on the machine.
        store: where the answer is kept.
    """
    asked = [
        location
        for location, _ in group.files
        if location.endswith(".py") and location not in compiled and module_name(location, target)
    ]
    if not (compiled and asked):
        return {}
    key = f"unparsed:{target}:{interpreter is not None}:{group.identity()}"
    if (known := kept(store, key)) is None:
        from chalice.bundle.python.syntax import faults_of  # noqa: PLC0415 - only what is new pays

        sources = {location: group.read(location) for location in asked}
        known = {"faults": faults_of(sources, target, interpreter)[0]}
        store.write(KIND, key, json.dumps(known).encode())
    return {location: (line, what) for location, (line, what) in known["faults"].items()}


def unparsed_problem(
    shown: str, fault: Fault, where: str, target: Target, severity: str
) -> Problem:
    """Return the problem of a module that cannot be imported for its syntax.

    Args:
        shown: its file, as the archive has it.
        fault: line and message.
        where: what is to be mended: the file itself where it is the project's, else a requirement.
        target: whose syntax it is not.
        severity: of the problem.
    """
    line, what = fault
    version = ".".join(map(str, target.python))
    return Problem(
        "dependency-syntax",
        f"`{shown}:{line}` cannot be imported: this is not Python {version}: {what}",
        where,
        f"take a version that is for Python {version}, or set `lambda_python_version`",
        severity,
    )
