"""The interpreter that runs a function, as it describes itself."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from chalice.diagnostics import ToolError

_QUESTION = """
import json, os, site, sys, sysconfig
base = sys.base_prefix
libraries = set()
if os.path.exists("/proc/self/maps"):
    mapped = (line.split(maxsplit=5)[-1].strip() for line in open("/proc/self/maps"))
    libraries = {os.path.dirname(path) for path in mapped if path[0] == "/" and ".so" in path}
program = getattr(sys, "_base_executable", None) or sys.executable
print(json.dumps({
    "version": sys.version_info[:3],
    "program": os.path.realpath(program),
    "folders": [base, sys.base_exec_prefix, sysconfig.get_path("stdlib"), *sorted(libraries)],
    "packages": site.getsitepackages([base, sys.base_exec_prefix, "/usr/local"]),
}))
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python of this machine, without the packages that are installed for it.

    Attributes:
        program: the executable; never that of a virtual environment.
        version: major, minor, micro.
        folders: what it needs to run.
        packages: where further packages are installed for it.
    """

    program: Path
    version: tuple[int, int, int]
    folders: tuple[Path, ...]
    packages: tuple[Path, ...]

    @property
    def minor(self) -> tuple[int, int]:
        """Major and minor version."""
        return self.version[:2]


def ask(program: Path) -> Interpreter:
    """Return what *program* says of itself.

    Raises:
        ToolError: it does not run.
    """
    try:
        done = subprocess.run(  # noqa: S603 - an interpreter that somebody chose or PATH names
            [program, "-I", "-S", "-c", _QUESTION],
            capture_output=True,
            timeout=20,
            check=True,
        )
        said = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise ToolError(f"`{program}` is no Python interpreter that runs here: {error}") from error
    folders = dict.fromkeys(Path(path).resolve() for path in said["folders"])
    major, minor, micro = said["version"]
    return Interpreter(
        program=Path(said["program"]),
        version=(major, minor, micro),
        folders=tuple(folder for folder in folders if folder != Path("/")),
        packages=tuple({Path(path).resolve(): None for path in said["packages"]}),
    )
