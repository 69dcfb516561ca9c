"""Measure and print: `python -m benchmarks.deploying [--rounds N] [--only NAME] [--json]`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.table import grid
from chalice import sandbox
from chalice.aws.session import Access, Session
from chalice.disk import cache_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
OPERATION = Path(__file__).with_name("operation.py")
CHALICE = (sys.executable, "-m", "chalice.cli.main")
BUCKET = "bare-operations"
HEAD = ["", "deploy, s", "package, s", "operation, s", "deploy / (package + operation)"]

LARGE = """
from chalice import AuthResponse, Chalice

app = Chalice(app_name="shop")


@app.route("/")
def index():
    return {"hello": "world"}


@app.authorizer()
def door(request):
    return AuthResponse(routes=["*"], principal_id="visitor")


for number in range(300):

    @app.route(f"/r{number}/{{key}}", authorizer=door, cors=True, name=f"view{number}")
    def view(key, number=number):
        return {}
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is measured: a sandbox, and the environment of all programs."""

    url: str
    environ: dict[str, str]


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of one round."""

    deploy: float
    package: float
    operation: float

    @property
    def ratio(self) -> float:
        """What a deploy took for each second of what it cannot do without."""
        return self.deploy / (self.package + self.operation)


def main(arguments: list[str] | None = None) -> int:
    """Print the table and return the exit code."""
    options = parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="chalice-bench-") as name:
        folder = Path(name)
        place = started(folder)
        try:
            rows = measured(folder, place, options.rounds, options.only)
        finally:
            sandbox.stop(folder / "sandbox")
    if options.json:
        print(json.dumps([dict(zip(HEAD, row, strict=True)) for row in rows], indent=2))
    else:
        print("\n".join(grid([HEAD, *rows])))
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.deploying", description=__doc__)
    made.add_argument("--only", choices=("hello", "300 routes"), help="one application")
    made.add_argument("--rounds", type=int, default=10, help="deploys of each kind (10)")
    made.add_argument("--json", action="store_true", help="print the figures as JSON")
    return made


def started(folder: Path) -> Place:
    """Start a sandbox in *folder*; MiniStack itself is that of all sandboxes."""
    own = folder / "sandbox"
    own.mkdir()
    for made in (cache_folder(os.environ) / "sandbox").glob("ministack-*"):
        (own / made.name).symlink_to(made, target_is_directory=True)
    running, _ = sandbox.start(own, port=free_port(), state=None, environ=os.environ, progress=say)
    # What is installed has its bytecode; here the first round writes it.
    left_out = ("AWS_", "PYTHONDONTWRITEBYTECODE")
    environ = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
    environ |= {
        "CHALICE_SANDBOX_DIR": str(own),
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    session(running.endpoint_url).call("s3", "create_bucket", Bucket=BUCKET)
    return Place(running.endpoint_url, environ)


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def say(text: str) -> None:
    """Tell how it goes on."""
    print(text, file=sys.stderr)


def session(url: str) -> Session:
    """Return a session to the sandbox."""
    return Session(Access.to_sandbox(url, None), {})


def measured(folder: Path, place: Place, rounds: int, only: str | None) -> list[list[str]]:
    """Return the rows: each kind of deploy in turns with what it cannot do without."""
    hello = (ROOT / "examples" / "hello" / "app.py").read_text(encoding="utf-8")
    rows: list[list[str]] = []
    for title, text in (("hello", hello), ("300 routes", LARGE)):
        if only not in {None, title}:
            continue
        first: list[Took] = []
        second: list[Took] = []
        for number in range(rounds + 1):
            took = round_of(folder, place, text, f"{title.replace(' ', '')}{number}")
            # The first fills caches.
            if number:
                first.append(took[0])
                second.append(took[1])
        rows += [row(f"{title}, first deploy", first), row(f"{title}, code changed", second)]
    return rows


def round_of(folder: Path, place: Place, text: str, name: str) -> tuple[Took, Took]:
    """Return what making a stack and changing its code take; each of them by both ways."""
    ours, theirs = folder / "ours", folder / "theirs"
    found: list[Took] = []
    for word in ("world", "there"):
        for project in (ours, theirs):
            write(project, text.replace("world", f"{word} {name}"), f"{name}{project.name}")
        if word == "world":
            deploy = deployed(ours, place)
            package, operation = done_without(theirs, place, name)
        else:
            package, operation = done_without(theirs, place, name)
            deploy = deployed(ours, place)
        found.append(Took(deploy, package, operation))
    seconds((*CHALICE, "delete", "--sandbox", "--yes"), ours, place)
    session(place.url).call("cloudformation", "delete_stack", StackName=f"bare-{name}")
    for project in (ours, theirs):
        shutil.rmtree(project)
    return found[0], found[1]


def deployed(project: Path, place: Place) -> float:
    """Return what `chalice deploy` takes."""
    return seconds((*CHALICE, "deploy", "--sandbox", "--yes"), project, place)


def done_without(project: Path, place: Place, name: str) -> tuple[float, float]:
    """Return what the build and the operation on the stack take by themselves."""
    package = seconds((*CHALICE, "package", "out"), project, place)
    command = (sys.executable, str(OPERATION), place.url, f"bare-{name}", "out", BUCKET)
    return package, seconds(command, project, place)


def write(project: Path, text: str, name: str) -> None:
    """Write the project of an application called *name*."""
    (project / ".chalice").mkdir(parents=True, exist_ok=True)
    (project / "app.py").write_text(text, encoding="utf-8")
    config = json.dumps({"version": "2.0", "app_name": name})
    (project / ".chalice" / "config.json").write_text(config, encoding="utf-8")


def seconds(command: Sequence[str], project: Path, place: Place) -> float:
    """Return how long a program takes, from its start to its end."""
    # What one project has built does not spare the other.
    environ = {**place.environ, "CHALICE_CACHE_DIR": f"{project}-cache"}
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=project, env=environ, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}:\n{done.stderr[-2000:]}")
    return took


def row(title: str, took: Sequence[Took]) -> list[str]:
    """Return the cells of one kind of deploy: medians."""
    ratio = statistics.median(one.ratio for one in took)
    parts = ("deploy", "package", "operation")
    return [
        title,
        *(f"{statistics.median(getattr(one, part) for one in took):.2f}" for part in parts),
        f"{ratio:.2f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
