"""The servers that are measured: each started as a user starts it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.environments import ensure

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ENVIRONMENTS = ROOT / ".benchmarks"

APPLICATION = """\
import time

from chalice import Chalice

app = Chalice(app_name="bench")


@app.route("/")
def index():
    return {"hello": "world", "version": 1}


@app.route("/sleep")
def sleep():
    time.sleep(1)
    return {"slept": 1}
"""

FASTAPI = """\
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def index():
    return {"hello": "world", "version": 1}


@app.get("/sleep")
def sleep():
    time.sleep(1)
    return {"slept": 1}
"""


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    port: int
    process: subprocess.Popen[bytes]
    directory: Path
    seconds_to_first_answer: float


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int, path: str = "/") -> bytes | None:
    """Return the whole answer of one request on a connection of its own, or None."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
            connection.sendall(head.encode())
            pieces = []
            while piece := connection.recv(65536):
                pieces.append(piece)
            return b"".join(pieces) or None
    except OSError:
        return None


@contextlib.contextmanager
def _running(command: list[str], directory: Path, port: int, **environ: str) -> Iterator[Running]:
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=directory,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environ},
    )
    try:
        while (answer := answers(port)) is None or b" 200 " not in answer.split(b"\r\n")[0]:
            if process.poll() is not None or time.perf_counter() - started > 30:
                raise RuntimeError(f"{command[0]} does not answer")
            time.sleep(0.005)
        yield Running(port, process, directory, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def ours(directory: Path, *options: str) -> Iterator[Running]:
    """Serve the application with `chalice local`."""
    (directory / ".chalice").mkdir(parents=True, exist_ok=True)
    (directory / "app.py").write_text(APPLICATION)
    (directory / ".chalice" / "config.json").write_text('{"version": "2.0", "app_name": "bench"}')
    port = free_port()
    program = Path(sys.executable).with_name("chalice")
    with _running([str(program), "local", "--port", str(port), *options], directory, port) as it:
        yield it


@contextlib.contextmanager
def uvicorn(directory: Path, *options: str) -> Iterator[Running]:
    """Serve the same with uvicorn and FastAPI."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "main.py").write_text(FASTAPI)
    environment = ENVIRONMENTS / "uvicorn"
    ensure(environment, Path(sys.executable), ("uvicorn", "fastapi"))
    port = free_port()
    command = [str(environment / "bin" / "uvicorn"), "main:app", "--port", str(port), *options]
    with _running(command, directory, port) as it:
        yield it


def resident_mib(process: subprocess.Popen[bytes]) -> float:
    """Return the resident memory of a process and its descendants."""
    total = 0
    for pid in (process.pid, *_descendants(process.pid)):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def _descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_descendants(int(child))]
    return found
