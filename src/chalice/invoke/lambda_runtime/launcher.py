"""The process that makes execution environments: small, of one thread, free to fork.

It gets orders over a socket: a line of JSON with the descriptors of the new environment's own
socket and log. It ends with the server, after every process of every environment has.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from chalice.invoke.lambda_runtime import identity, sandbox
from chalice.invoke.lambda_runtime.folders import remove
from chalice.invoke.lambda_runtime.supervisor import Supervisor

_TITLE = b"chalice: the first process of an execution environment"


def main(arguments: list[str]) -> None:
    """Serve the control channel whose descriptor is the first argument, to its end.

    The second one is a folder to remove where the server ends without a word; empty for none.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Children that end need nobody to ask after them; waiting for one waits for the last.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    os.umask(0o022)  # functions have to see what is made here, whoever they are
    sandbox.adopt_orphans()
    control = socket.socket(fileno=int(arguments[0]))
    control.set_inheritable(False)
    parted = _serve(control)
    with suppress(ChildProcessError):
        os.wait()
    if arguments[1] and not parted:
        remove(Path(arguments[1]))


def _serve(control: socket.socket) -> bool:
    """Make what is ordered until there is nobody to order; return whether that was said."""
    buffer = b""
    descriptors: list[int] = []
    while True:
        try:
            data, received, _, _ = socket.recv_fds(control, 65536, 8)
        except OSError:
            return False
        if not data:
            return False
        for descriptor in received:
            os.set_inheritable(descriptor, False)  # noqa: FBT003 - nothing for functions to have
        descriptors += received
        *lines, buffer = (buffer + data).split(b"\n")
        for line in lines:
            if not line:
                return True
            theirs, log = descriptors[:2]
            del descriptors[:2]
            try:
                if not os.fork():
                    for other in (control.detach(), *descriptors):
                        os.close(other)
                    _run(json.loads(line), theirs, log)
            except OSError as error:  # the user has too many processes; there may be room later
                _complain(error)
            os.close(theirs)
            os.close(log)


def _run(order: dict[str, Any], theirs: int, log: int) -> NoReturn:
    try:
        _begin(order, socket.socket(fileno=theirs), log)
    except BaseException as error:  # noqa: BLE001 - a child must never run on as a second launcher
        _complain(error)
    finally:
        os._exit(0)


def _complain(error: BaseException) -> None:
    with suppress(OSError):
        os.write(2, f"chalice: an execution environment ended: {error!r}\n".encode())


def _begin(order: dict[str, Any], control: socket.socket, log: int) -> None:
    """Become the first process of the environment, in namespaces of its own if so ordered."""
    isolated: bool = order["isolated"]
    if isolated:
        try:
            change = sandbox.leave_namespaces(rooted=identity.can_change())
            if os.fork():
                return
            number = _number()
            _entitle()
            sandbox.arrange(sandbox.Places(**order["places"]))
            if order["first"]:
                identity.attempt(order["program"], change=change)
        except OSError as error:
            reason = error.strerror or str(error)
            control.sendall(json.dumps({"refused": reason}).encode() + b"\n")
            return
    else:
        sandbox.adopt_orphans()
        change = _changes(order)
        number = _number()
        _entitle()
    supervisor = Supervisor(
        control,
        log,
        memory_mb=order["memory_mb"],
        isolated=isolated,
        change=change,
        scratch=order["scratch"],
        number=number,
    )
    try:
        supervisor.run()
    finally:
        supervisor.clear()


def _number() -> int:
    """Return this process as the machine's /proc has it, whatever namespace it is in."""
    return int(os.readlink("/proc/self"))  # noqa: PTH115 - of one component


def _entitle() -> None:
    """Let lists of processes show a title: how this one was started names the user's folders."""
    text = Path("/proc/self/stat").read_bytes()
    # Source: proc_pid_stat(5): fields 48 and 49; the third one is after the program's name.
    start, end = map(int, text[text.rindex(b")") + 2 :].split()[45:47])
    # Where the last byte is no end of an argument, what is shown ends with the first that is one.
    # Source: the kernel's fs/proc/base.c, `get_mm_cmdline`.
    shown = _TITLE.ljust(end - start - 1, b"\0")[: end - start - 1] + b"."
    ctypes.memmove(start, shown, end - start)


def _changes(order: dict[str, Any]) -> bool:
    """Return whether a function on the machine's own file system can be another user than root."""
    if not identity.can_change():
        return False
    places = order["places"]
    needed = [places[name] for name in ("task", "runtime", "bootstrap", "layer") if places[name]]
    try:
        identity.attempt(order["program"], *needed, change=True)
    except OSError:
        return False
    identity.give(order["scratch"])
    return True
