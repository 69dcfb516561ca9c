"""A sandbox that runs: a process of its own that outlives the command which started it.

What is known of it lies in two files. `running.json` says where it listens. `running.lock` is
locked by the process itself, which gets the open file from whoever starts it: the system lets go of
it when the process ends, however it ends. So a lock without an owner is a sandbox that was killed,
and a process that has its number today is never taken for it. Who only looks takes the lock
together with others, and who starts one removes `running.json` first: a lock that is taken and a
record that is there belong together.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from chalice.diagnostics import ToolError
from chalice.disk import write_whole
from chalice.sandbox.installing import VERSION, python_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

HOST = "127.0.0.1"
# What MiniStack listens on unless it is told otherwise. Source: its `GATEWAY_PORT`.
DEFAULT_PORT = 4566

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_HEALTH = "/_ministack/health"
_LOG_TAIL_BYTES = 2_000

# What of the user's variables MiniStack, and the functions that it runs, may see: nothing that
# could reach a real account.
_PASSED = ("HOME", "LANG", "LC_ALL", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "TZ")


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox, running or killed.

    Attributes:
        pid: the number of its process.
        port: where it listens, on loopback.
        version: that of MiniStack.
        state: the folder that its state is kept in when it is stopped; None forgets.
        started: seconds since the epoch.
        log: the file that it writes to.
        alive: False where its process ended without being asked to.
    """

    pid: int
    port: int
    version: str
    state: str | None
    started: float
    log: str
    alive: bool = True

    @property
    def endpoint_url(self) -> str:
        """Where all of its services answer."""
        return f"http://{HOST}:{self.port}"


def find(folder: Path) -> Sandbox | None:
    """Return the sandbox of *folder*; None where none was started, or it was stopped."""
    known = _recorded(folder)
    if known is None:
        return None
    with _lock(folder, shared=True) as free:
        if free is not None:
            return replace(known, alive=False)
    # Somebody has the lock: this one, or who starts the next and has removed what was known since.
    return _recorded(folder)


def _recorded(folder: Path) -> Sandbox | None:
    try:
        facts: dict[str, Any] = json.loads((folder / "running.json").read_bytes())
        return Sandbox(**facts)
    except (OSError, ValueError, TypeError):
        return None


def start(
    folder: Path,
    *,
    port: int | None,
    state: Path | None,
    environ: Mapping[str, str],
    progress: Callable[[str], None],
) -> tuple[Sandbox, bool]:
    """Return a sandbox that runs, and whether it was started now.

    Args:
        folder: where it is installed, and what is known of it.
        port: where it is to listen; None takes 4566, or another one where that is in use.
        state: a folder that its state outlives a clean stop in.
        environ: the user's variables.
        progress: is told of slow steps.

    Raises:
        ToolError: it cannot be installed or started, or the port is in use.
    """
    _known_system()
    folder.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + _START_SECONDS
    while True:
        with _lock(folder) as lock:
            if lock is not None:
                # What is known is of one that was killed, and would be taken for alive from now on.
                (folder / "running.json").unlink(missing_ok=True)
                python = python_of(folder, environ, progress)
                return _begin(folder, python, lock, _free_port(port), state, environ), True
        known = _recorded(folder)
        if known is not None and _healthy(known.port):
            return known, False
        # Somebody installs or starts it, or has just asked whether it runs.
        if time.monotonic() > until:
            raise ToolError(
                "A sandbox is being started by another command and does not answer yet; wait for"
                f" it, or see its log: `{folder / 'sandbox.log'}`"
            )
        time.sleep(0.1)


def _begin(
    folder: Path,
    python: Path,
    lock: int,
    port: int,
    state: Path | None,
    environ: Mapping[str, str],
) -> Sandbox:
    """Start the process, which keeps *lock*, and return it when it answers."""
    scratch = folder / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    log = folder / "sandbox.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a program that we have installed
            [str(python), "-m", "ministack"],
            env=_environment(port, state, scratch, environ),
            cwd=scratch,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(lock,),
        )
    try:
        wait_until_healthy(process, port, log)
    except BaseException:
        _end(process)
        raise
    kept = str(state) if state is not None else None
    made = Sandbox(process.pid, port, VERSION, kept, time.time(), str(log))
    facts = asdict(made)
    del facts["alive"]
    write_whole(folder / "running.json", json.dumps(facts).encode(), private=True)
    # It goes on without us; nobody here waits for it.
    process.returncode = 0
    return made


def stop(folder: Path) -> Sandbox | None:
    """End the sandbox of *folder* and return what it was; None where there is none.

    Raises:
        ToolError: it does not end.
    """
    known = find(folder)
    if known is None:
        return None
    if known.alive:
        # One that does not answer ends already, or is not what was started: it gets no signal.
        if _healthy(known.port) and find(folder) == known:
            with contextlib.suppress(ProcessLookupError):
                os.kill(known.pid, signal.SIGTERM)
        until = time.monotonic() + _STOP_SECONDS
        while find(folder) == known:
            if time.monotonic() > until:
                raise ToolError(
                    f"The sandbox (process {known.pid}) does not end within {_STOP_SECONDS:.0f} s;"
                    f" its log is `{known.log}`. If it does not answer any more, end it by hand"
                )
            time.sleep(0.05)
    with _lock(folder) as lock:
        if lock is not None and _recorded(folder) == replace(known, alive=True):
            (folder / "running.json").unlink(missing_ok=True)
            shutil.rmtree(folder / "scratch", ignore_errors=True)
    return known


def _known_system() -> None:
    if sys.platform == "win32":
        raise ToolError("The sandbox runs on Linux and macOS; on Windows, run Chalice inside WSL")


@contextlib.contextmanager
def _lock(folder: Path, *, shared: bool = False) -> Generator[int | None]:
    """Give the lock of *folder*, an open file; None while a sandbox or who starts one has it.

    Args:
        folder: that of the sandbox.
        shared: have it together with others who only look.
    """
    import fcntl  # noqa: PLC0415 - Windows has none

    descriptor = os.open(folder / "running.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            yield None
        else:
            yield descriptor
    finally:
        # Closed and not unlocked: the lock belongs to all who have the file open.
        os.close(descriptor)


def _free_port(port: int | None) -> int:
    """Return a port that nobody listens on.

    Raises:
        ToolError: *port* is in use.
    """
    for candidate in (port,) if port else (DEFAULT_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ToolError(f"Port {port} is in use; name another one, or leave `--port` out")


def _environment(
    port: int, state: Path | None, scratch: Path, environ: Mapping[str, str]
) -> dict[str, str]:
    kept = {name: environ[name] for name in _PASSED if name in environ}
    region = "us-east-1"
    found = {
        **kept,
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": region,
        # What functions call is the sandbox, as nobody in particular.
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "TMPDIR": str(scratch),
        "PYTHONUNBUFFERED": "1",
    }
    if state is not None:
        state.mkdir(parents=True, exist_ok=True)
        found |= {
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state / "services"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state / "s3"),
        }
    return found


def wait_until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return when MiniStack answers at *port*.

    Raises:
        ToolError: *process* has ended, or takes too long; with what its *log* says.
    """
    until = time.monotonic() + _START_SECONDS
    while not _healthy(port):
        if process.poll() is not None:
            raise ToolError(f"The sandbox ended while it started: {_tail(log)}")
        if time.monotonic() > until:
            raise ToolError(
                f"The sandbox does not answer within {_START_SECONDS:.0f} s; its log is `{log}`"
            )
        time.sleep(0.05)


def _healthy(port: int) -> bool:
    from http.client import HTTPConnection, HTTPException  # noqa: PLC0415 - `find` does without

    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", _HEALTH)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _tail(log: Path) -> str:
    lines = log.read_bytes()[-_LOG_TAIL_BYTES:].decode("utf-8", "replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return f"{said[-1]}; its log is `{log}`" if said else "it says nothing"


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
