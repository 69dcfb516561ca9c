"""The machines that commands run on: a folder with the project, and who starts processes there."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

# The project as it is first, with other code, with another definition of the API as well.
VERSIONS = {
    "first": ("one", ""),
    "code": ("two", ""),
    "definition": ("three", '\n\n@app.route("/more")\ndef more():\n    return "more"\n'),
}
_APP = """\
from chalice import Chalice

app = Chalice(app_name="demo")


@app.route("/")
def index():
    return "{}"
{}"""

STACK = "demo-dev"
_LONGEST_SECONDS = 90.0


@dataclass(frozen=True)
class Step:
    """A command on one version of the project."""

    command: str
    version: str = "first"

    @property
    def arguments(self) -> list[str]:
        return [self.command, "--stage", "dev", "--yes"]


@dataclass(frozen=True)
class Ended:
    """How a command ended: with a code, less than zero for a signal, and what it printed."""

    code: int
    output: str


class Machine:
    """A folder with the project, and a home with caches: all that a machine knows."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.home = folder / "home"
        (self.project / ".chalice").mkdir(parents=True)
        self.home.mkdir()
        config = {"version": "2.0", "app_name": "demo", "stages": {"dev": {}}}
        (self.project / ".chalice/config.json").write_text(json.dumps(config), encoding="utf-8")

    def check_out(self, version: str) -> None:
        (self.project / "app.py").write_text(_APP.format(*VERSIONS[version]), encoding="utf-8")

    def wipe(self) -> None:
        """Remove all that commands have written."""
        for name in ("deployed", "deployments"):
            shutil.rmtree(self.project / ".chalice" / name, ignore_errors=True)
        shutil.rmtree(self.home)
        self.home.mkdir()

    def environ(self, url: str, account: str) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.home),
            "CHALICE_CACHE_DIR": str(self.home / "cache"),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "AWS_ENDPOINT_URL": url,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


class Launcher:
    """Starts one command at a time, and kills it.

    Args:
        scratch: a folder for what commands print.
        fresh: whether each command is an interpreter of its own from the start.
    """

    def __init__(self, scratch: Path, *, fresh: bool = False) -> None:
        self._output = scratch / "output.txt"
        self._fresh = fresh
        self._child: int | None = None
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("launcher.py"))],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            cwd=scratch,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, machine: Machine, step: Step, url: str, account: str) -> Ended:
        """Run *step* on *machine* to its end, or to that which `kill` makes of it."""
        machine.check_out(step.version)
        request = {
            "arguments": step.arguments,
            "folder": str(machine.project),
            "environ": machine.environ(url, account),
            "output": str(self._output),
            "fresh": self._fresh,
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        self._child = self._read()
        watchdog = threading.Timer(_LONGEST_SECONDS, self.kill, (signal.SIGABRT,))
        watchdog.start()
        try:
            code = self._read()
        finally:
            watchdog.cancel()
            self._child = None
        return Ended(code, self._output.read_text(encoding="utf-8", errors="replace"))

    def _read(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Kill the command that runs, if one does."""
        if self._child is not None:
            # It may be done with its last answer.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._child, number)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.kill()
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
