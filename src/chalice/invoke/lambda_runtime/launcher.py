"""The process that makes execution environments: small, of one thread, free to fork.

It gets orders over a socket: a line of JSON with the descriptors of the new environment's own
socket and log. It ends with the server, after every process of every environment has.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
from contextlib import suppress
from typing import Any, NoReturn

from chalice.invoke.lambda_runtime import sandbox
from chalice.invoke.lambda_runtime.supervisor import Supervisor


def main(arguments: list[str]) -> None:
    """Serve the control channel whose descriptor is the argument, to its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Children that end need nobody to ask after them; waiting for one waits for the last.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sandbox.adopt_orphans()
    control = socket.socket(fileno=int(arguments[0]))
    _serve(control)
    with suppress(ChildProcessError):
        os.wait()


def _serve(control: socket.socket) -> None:
    buffer = b""
    descriptors: list[int] = []
    while True:
        try:
            data, received, _, _ = socket.recv_fds(control, 65536, 8)
        except OSError:
            return
        if not data:
            return
        descriptors += received
        *lines, buffer = (buffer + data).split(b"\n")
        for line in lines:
            theirs, log = descriptors[:2]
            del descriptors[:2]
            if not os.fork():
                for other in (control.detach(), *descriptors):
                    os.close(other)
                _run(json.loads(line), theirs, log)
            os.close(theirs)
            os.close(log)


def _run(order: dict[str, Any], theirs: int, log: int) -> NoReturn:
    try:
        _begin(order, socket.socket(fileno=theirs), log)
    except BaseException as error:  # noqa: BLE001 - a child must never run on as a second launcher
        with suppress(OSError):
            os.write(2, f"chalice: an execution environment ended: {error!r}\n".encode())
    finally:
        os._exit(0)


def _begin(order: dict[str, Any], control: socket.socket, log: int) -> None:
    """Become the first process of the environment, in namespaces of its own if so ordered."""
    isolated: bool = order["isolated"]
    if isolated:
        try:
            sandbox.leave_namespaces()
            if os.fork():
                return
            sandbox.arrange(sandbox.Places(**order["places"]))
            _try(order["program"])
        except OSError as error:
            reason = error.strerror or str(error)
            control.sendall(json.dumps({"refused": reason}).encode() + b"\n")
            return
    else:
        sandbox.adopt_orphans()
    supervisor = Supervisor(
        control,
        log,
        memory_mb=order["memory_mb"],
        isolated=isolated,
        scratch=order["scratch"],
    )
    try:
        supervisor.run()
    finally:
        supervisor.clear()


def _try(program: str) -> None:
    """Start an interpreter and let it end.

    Raises:
        OSError: it does not start in this file system: it needs what is out of sight.
    """
    if not program:
        return
    # While SIGCHLD is ignored nobody is told how a child ends.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if not pid:
        try:
            os.dup2(1, 2)  # what it has to say is that it did not start
            os.execve(program, [program, "-IS", "-c", ""], {})  # noqa: S606 - what the server says
        finally:
            os._exit(127)
    _, status = os.waitpid(pid, 0)
    if status:
        raise OSError(errno.ENOEXEC, f"`{program}` does not start in it")
