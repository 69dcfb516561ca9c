"""Virtual environments beside .venv: for other Pythons, and for the peers of the benchmarks."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

UV = (sys.executable, "-m", "uv")
# uv brings certificates of its own; a network that has another authority has told the system.
ENVIRONMENT = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


class NotInstalled(Exception):
    """The environment could not be made; what pip said stands above."""


def ensure(folder: Path, interpreter: Path, wanted: Sequence[str], state: str = "") -> Path:
    """Return the Python of the environment *folder* that has *wanted* installed.

    Args:
        folder: where it is or will be.
        interpreter: the Python to make it with.
        wanted: arguments of `pip install`.
        state: what else decides whether an environment that exists is still right.

    Raises:
        NotInstalled: neither uv nor pip could do it.
    """
    python = folder / "bin" / "python"
    recorded = folder / "installed.txt"
    text = "\n".join((str(interpreter), *wanted, state))
    if recorded.is_file() and recorded.read_text(encoding="utf-8") == text and python.exists():
        return python
    print(f"Installing into {folder}", file=sys.stderr, flush=True)
    if not (with_uv(folder, interpreter, wanted) or with_pip(folder, interpreter, wanted)):
        raise NotInstalled(str(folder))
    recorded.write_text(text, encoding="utf-8")
    return python


def with_uv(folder: Path, interpreter: Path, wanted: Sequence[str]) -> bool:
    """Make the environment by uv, which is only faster; what it says is not shown."""
    made = (*UV, "venv", "--clear", "--python", str(interpreter), str(folder))
    install = (*UV, "pip", "install", "--python", str(folder / "bin" / "python"), *wanted)
    return all(succeeds(command, quiet=True) for command in (made, install))


def with_pip(folder: Path, interpreter: Path, wanted: Sequence[str]) -> bool:
    """Make the environment by pip, which is there wherever Python is."""
    made = (str(interpreter), "-m", "venv", "--clear", str(folder))
    install = (str(folder / "bin" / "python"), "-m", "pip", "install", "-qq", *wanted)
    return all(succeeds(command) for command in (made, install))


def succeeds(command: Sequence[str], *, quiet: bool = False) -> bool:
    """Return whether *command* ends well."""
    done = subprocess.run(
        command,
        env={**ENVIRONMENT, **os.environ},
        stdin=subprocess.DEVNULL,
        capture_output=quiet,
        check=False,
    )
    return done.returncode == 0
