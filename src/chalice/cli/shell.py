"""What a command sees of the shell that it was typed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chalice.cli.console import Console


@dataclass(frozen=True, slots=True)
class Shell:
    """Passed to every command as click's `obj`.

    Attributes:
        console: the only way to write.
        project_dir: absolute; also the working directory.
        environ: the environment of the process.
    """

    console: Console
    project_dir: Path
    environ: Mapping[str, str]
