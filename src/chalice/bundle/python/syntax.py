"""Whether source is Python of the target's minor version, as far as this machine can tell."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chalice.bundle.target import Target

# What an interpreter of the target is asked: the sources come as JSON, their bytes as Latin-1.
_PROGRAM = """
import json, sys
found = {}
for path, source in json.load(sys.stdin).items():
    try:
        compile(source.encode("latin-1"), path, "exec", 0, True)
    except SyntaxError as error:
        found[path] = [error.lineno or 1, error.msg or "invalid syntax"]
    except (ValueError, RecursionError, MemoryError) as error:
        found[path] = [1, str(error) or type(error).__name__]
json.dump(found, sys.stdout)
"""
_LONGEST_SECONDS = 60

Fault = tuple[int, str]


def faults_of(
    sources: Mapping[str, bytes], target: Target, interpreter: Path | None
) -> tuple[dict[str, Fault], bool]:
    """Return what is wrong with the syntax of each source, and whether all was checked.

    Args:
        sources: texts of modules, by their paths.
        target: whose syntax it has to be.
        interpreter: a Python of the target's minor version, if there is one on the machine.
    """
    if target.python == sys.version_info[:2]:
        return _compiled(sources), True
    if interpreter is not None and (found := _asked(sources, interpreter)) is not None:
        return found, True
    return _guessed(sources, target), False


def _compiled(sources: Mapping[str, bytes]) -> dict[str, Fault]:
    found: dict[str, Fault] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path, source in sources.items():
            try:
                compile(source, path, "exec", 0, dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                found[path] = _fault(error)
    return found


def _asked(sources: Mapping[str, bytes], interpreter: Path) -> dict[str, Fault] | None:
    """Return what *interpreter* says, None where it does not answer."""
    question = json.dumps({path: source.decode("latin-1") for path, source in sources.items()})
    try:
        done = subprocess.run(  # noqa: S603 - the interpreter that was found for the target
            [interpreter, "-I", "-S", "-B", "-W", "ignore", "-c", _PROGRAM],
            input=question.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_LONGEST_SECONDS,
            check=True,
        )
        answer = json.loads(done.stdout)
        return {str(path): (int(line), str(what)) for path, (line, what) in answer.items()}
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def _guessed(sources: Mapping[str, bytes], target: Target) -> dict[str, Fault]:
    """Return what this interpreter knows to be wrong.

    For an older target the parser refuses most of what came later. For a newer one what is refused
    here may be right there: nothing is said.
    """
    found: dict[str, Fault] = {}
    if target.python > sys.version_info[:2]:
        return found
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path, source in sources.items():
            try:
                ast.parse(source, path, feature_version=target.python)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                found[path] = _fault(error)
    return found


def _fault(error: BaseException) -> Fault:
    if isinstance(error, SyntaxError):
        return error.lineno or 1, error.msg or "invalid syntax"
    return 1, str(error) or type(error).__name__
