"""The AWS on loopback that tests deploy to: one for a run of pytest, or for each of its workers."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from chalice import sandbox
from chalice.aws.account import SdkAccount
from chalice.aws.retrying import Patience
from chalice.aws.session import Access, Session
from chalice.diagnostics import ToolError
from chalice.disk import cache_folder
from chalice.sandbox.installing import python_of
from chalice.sandbox.running import wait_until_healthy

if TYPE_CHECKING:
    from pathlib import Path


@cache
def installed() -> str:
    """Return why MiniStack cannot be had on this machine; empty where it can."""
    try:
        python_of(cache_folder(os.environ) / "sandbox", os.environ, print)
    except ToolError as error:
        return str(error)
    return ""


def environment_of(folder: Path) -> dict[str, str]:
    """Return variables under which commands mean the sandbox in *folder*; MiniStack is shared."""
    shared = cache_folder(os.environ) / "sandbox"
    folder.mkdir(parents=True, exist_ok=True)
    installed()  # another process may be at it: half of it is not to be linked
    for made in shared.glob("ministack-*"):
        link = folder / made.name
        if not link.exists():
            link.symlink_to(made, target_is_directory=True)
    return {"CHALICE_SANDBOX_DIR": str(folder)}


def started(folder: Path, *, port: int | None = None, state: Path | None = None):
    """Start a sandbox in *folder*, on a port that nobody uses."""
    environment_of(folder)
    return sandbox.start(
        folder, port=port or free_port(), state=state, environ=os.environ, progress=print
    )[0]


def free_port() -> int:
    """Return a port that is free now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def access(url: str) -> Access:
    """Return the way to the sandbox at *url*."""
    return Access.to_sandbox(url, None)


def account(url: str):
    """Return the account of the sandbox at *url*."""
    return SdkAccount(_shared(url))


def session(url: str, slept: list[float] | None = None) -> Session:
    """Return a session to whatever answers at *url*; waits are noted in *slept* and not made."""
    if slept is None:
        return _shared(url)
    return Session(access(url), {}, Patience(slept.append, lambda: 1.0))


@cache
def _shared(url: str) -> Session:
    """Return one session for all: clients of the SDK take longer to make than most calls."""
    return Session(access(url), {}, Patience(lambda _: None))


def functions(url: str, prefix: str) -> list[str]:
    """Return the names of all functions that begin with *prefix*."""
    found: list[str] = []
    place: dict[str, str] = {}
    while True:
        page = session(url).call("lambda", "list_functions", **place)
        found += (item["FunctionName"] for item in page["Functions"])
        if not page.get("NextMarker"):
            return [name for name in found if name.startswith(prefix)]
        place = {"Marker": page["NextMarker"]}


def log_groups(url: str, stack: str) -> list[str]:
    """Return the names of the log groups of a stack's functions, its own or left over."""
    prefix = f"/aws/lambda/{stack}-"
    answer = session(url).call("logs", "describe_log_groups", logGroupNamePrefix=prefix)
    return [item["logGroupName"] for item in answer["logGroups"]]


@contextmanager
def enforcing(folder: Path):
    """Give the URL of an AWS on loopback that enforces IAM, for all but its root.

    It has a process of its own: the sandbox that users start enforces nothing.
    """
    python = python_of(cache_folder(os.environ) / "sandbox", os.environ, print)
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    environ = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    environ |= {
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": "us-east-1",
        "TMPDIR": str(folder),
        # What functions call, and whose keys are root's.
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(python), "-m", "ministack"],
            env=environ,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_healthy(process, port, folder / "log")
        yield environ["AWS_ENDPOINT_URL"]
    finally:
        process.terminate()
        process.wait(30)
