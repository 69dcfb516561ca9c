"""A recording: what a program called of AWS, by way of a folder that is gone afterwards."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.disk import write_whole
from chalice.permissions.proving.recorded import called, environment, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.permissions.proving.recorded import Called

_GONE = "the file that calls are written to has gone, or could not be written"


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded of a program.

    Attributes:
        code: how it ended.
        calls: what it called.
        lost: what could not be recorded.
    """

    code: int
    calls: tuple[Called, ...]
    lost: tuple[str, ...]


def record(
    environ: Mapping[str, str],
    modules: Mapping[str, Path],
    variables: Mapping[str, str],
    run: Callable[[Mapping[str, str]], int],
) -> Recording:
    """Have a program run, and return what it called.

    Args:
        environ: the variables that it is to see.
        modules: the modules that ship, by their path as they ship.
        variables: the variables of the stage.
        run: runs it with the variables that it is given, and returns its exit code.
    """
    with tempfile.TemporaryDirectory(prefix="chalice-prove-") as folder:
        log, told = Path(folder, "calls"), Path(folder, "plan.json")
        write_whole(told, json.dumps(plan(log, modules, variables)).encode(), private=True)
        write_whole(log, b"", private=True)
        code = run(environment(environ, told))
        lines = log.read_bytes().splitlines() if log.exists() else None
    calls, lost = called(lines or [])
    lost = [*lost, _GONE] if lines is None else lost
    return Recording(code, tuple(calls), tuple(dict.fromkeys(lost)))
