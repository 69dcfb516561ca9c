"""The first process of an execution environment: starts the runtime, stops it, bounds its memory.

It is told what to do by the server over a socket, one JSON object a line, and ends with it: then
the system ends every process of the environment, or, without namespaces, this one does.
"""

from __future__ import annotations

import json
import os
import re
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from chalice.invoke.lambda_runtime import identity, memory
from chalice.invoke.lambda_runtime.folders import remove

# Imported before this process leaves the machine's file system: later its modules are out of sight.
if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    import socket

# How often the memory is looked at while the function runs.
_LOOK_SECONDS = 0.02

# How much longer than a look itself the time up to the next one is at least.
_SPARING = 8

# How long processes that were sent a signal to end have before those are listed that are left.
_DYING_SECONDS = 0.01

# How long the server may wait while memory is counted; what fork bombs have takes longer.
_COUNT_SECONDS = 0.1

# How much what several processes have may change before they are looked at closely.
_FINE_KB = 4096

# Source: Lambda developer guide, "Lambda quotas", rows "File descriptors" and
# "Execution processes/threads".
_MOST_FILES = 1024
_MOST_PROCESSES = 1024


class Supervisor:
    """Carries out what the server says.

    Args:
        control: where it says so.
        log: the descriptor that the function's output goes to.
        memory_mb: the memory that the processes of the environment may take together.
        isolated: whether this process is the first of a namespace.
        change: whether the function has to become another user than this process.
        scratch: a folder to remove in the end; empty for none.
        number: this process, as the server's system numbers it.
    """

    def __init__(
        self,
        control: socket.socket,
        log: int,
        *,
        memory_mb: int,
        isolated: bool,
        change: bool,
        scratch: str,
        number: int,
    ) -> None:
        self._control = control
        self._log = log
        self._most_kb = memory_mb * 1024
        self._isolated = isolated
        self._change = change
        self._scratch = scratch
        self._number = number
        self._runtime = 0  # the process id of the runtime, 0 for none
        self._frozen = False
        self._killed_for_memory = False
        self._peak_kb = 0
        self._most_resident_kb = 0  # of one process, as far as it is part of the peak
        self._most_shared_kb = 0  # of all processes, as far as it was seen
        self._several_kb = 0  # what all but the largest had when they were looked at closely
        self._buffer = b""
        self._pause = _LOOK_SECONDS

    def run(self) -> None:
        """Do what is asked until nobody can ask any more."""
        woken, wake = os.pipe()
        for end in (woken, wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, _ignore)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self._tell({"first": self._number, "changes": self._change})
        while True:
            pause = self._pause if self._runtime and not self._frozen else None
            control = self._control.fileno()
            readable, _, _ = select.select([control, woken], [], [], pause)
            if woken in readable:
                os.read(woken, 4096)
                self._reap()
            if control in readable and not self._obey():
                return
            if self._runtime and not self._frozen:
                started = time.monotonic()
                self._look()
                # Where there is much to look at, it is looked at less often.
                self._pause = max(_LOOK_SECONDS, _SPARING * (time.monotonic() - started))

    def clear(self) -> None:
        """End what is left where the system would not do it."""
        if self._isolated:
            return
        self._end_everyone()
        if self._scratch:
            remove(Path(self._scratch))

    def _tell(self, message: dict[str, Any]) -> None:
        with suppress(OSError):
            self._control.sendall(json.dumps(message).encode() + b"\n")

    def _obey(self) -> bool:
        try:
            data = self._control.recv(1 << 20)
        except OSError:
            return False
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            message: dict[str, Any] = json.loads(line)
            match message["do"]:
                case "run":
                    self._start(message["arguments"], message["environment"], message["directory"])
                case "freeze":
                    self._freeze()
                case "thaw":
                    self._everyone(signal.SIGCONT)
                    self._frozen = False
                case _:
                    self._end()
        return bool(data)

    def _start(self, command: list[str], environment: dict[str, str], directory: str) -> None:
        self._frozen = self._killed_for_memory = False
        self._peak_kb = self._most_resident_kb = self._most_shared_kb = self._several_kb = 0
        pid = os.fork()
        if not pid:
            self._become(command, environment, directory)
        self._runtime = pid

    def _become(self, command: list[str], environment: dict[str, str], directory: str) -> NoReturn:
        """Turn this process, which was just forked, into the runtime."""
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(_MOST_FILES, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if self._isolated and not self._change:
                _limit_processes()
            if self._change:
                identity.give(self._log)  # or /dev/stdout could not be opened
            identity.renounce(change=self._change)
            os.chdir(directory)
            nothing = os.open(os.devnull, os.O_RDONLY)
            for source, target in ((nothing, 0), (self._log, 1), (self._log, 2)):
                os.dup2(source, target)
            os.execve(command[0], command, environment)  # noqa: S606 - what the server says
        except BaseException as error:  # noqa: BLE001 - a child must never run on as a supervisor
            with suppress(OSError):
                os.write(2, f"{command[0]}: {error}\n".encode())
        finally:
            os._exit(127)

    def _freeze(self) -> None:
        """Stop the processes of the environment, and say what they took of the memory."""
        if self._runtime:
            self._look()
            self._note_peak()
        if self._runtime:
            self._everyone(signal.SIGSTOP)
            self._frozen = True
            self._tell({"frozen": True, "peak_kb": self._shown_kb()})

    def _shown_kb(self) -> int:
        """Return the peak; nothing has more than there is for longer than between two looks."""
        return min(self._peak_kb, self._most_kb)

    def _note_peak(self) -> None:
        """Take note of what the processes have, and of the most that one of them had."""
        sizes = self._sizes()
        peaks = {pid: memory.peak_kb(pid) for pid in sizes}
        most = max(peaks.values(), default=0)
        if len(sizes) == 1 and most <= self._most_resident_kb:
            return
        self._most_resident_kb = most
        given_back = max((peaks[pid] - resident for pid, (resident, _) in sizes.items()), default=0)
        # Of what was given back files may have been a part.
        files = self._most_shared_kb - sum(shared for _, shared in sizes.values())
        self._count(sizes, more_kb=max(given_back - files, 0))

    def _count(self, sizes: dict[int, tuple[int, int]], *, more_kb: int = 0) -> int:
        """Return what the processes use, and take note of it with what is known beside that."""
        largest_first = sorted(sizes, key=sizes.__getitem__, reverse=True)
        used = memory.used_kb(largest_first, until=time.monotonic() + _COUNT_SECONDS)
        self._peak_kb = max(self._peak_kb, used + more_kb)
        return used

    def _sizes(self) -> dict[int, tuple[int, int]]:
        """Return what each process has in memory, and what of that is in files."""
        sizes = {pid: memory.resident_kb(pid) for pid in self._members()}
        shared = sum(shared for _, shared in sizes.values())
        self._most_shared_kb = max(self._most_shared_kb, shared)
        return sizes

    def _look(self) -> None:
        """End the environment's processes if they take more memory than there is."""
        sizes = self._sizes()
        resident = [resident for resident, _ in sizes.values()]
        files = memory.unmapped_kb(sizes, until=time.monotonic() + _COUNT_SECONDS)
        most = sum(resident) + sum(files.values())
        # What is shared, or can be dropped, is in that: only here is it worth to look closely.
        several = most - max(resident, default=0)
        if most <= self._most_kb and abs(several - self._several_kb) <= _FINE_KB:
            return
        self._several_kb = several
        used = self._count(sizes)
        if used > self._most_kb:
            self._killed_for_memory = True
            self._end()

    def _end(self) -> None:
        """End the runtime and whatever it left; the server hears of it."""
        if not self._runtime:
            return
        if not self._several_kb:  # else it may take long: what was seen last has to do
            self._note_peak()
        self._report(self._end_everyone())

    def _reap(self) -> None:
        while True:
            try:
                pid, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            if pid == self._runtime:
                self._peak_kb = max(self._peak_kb, used.ru_maxrss)
                self._end_everyone()
                self._report(status)
                return

    def _report(self, status: int) -> None:
        self._runtime = 0
        self._tell(
            {
                "ended": os.waitstatus_to_exitcode(status),
                "out_of_memory": self._killed_for_memory,
                "peak_kb": self._shown_kb(),
            }
        )

    def _end_everyone(self) -> int:
        """End every process of the environment but this; return how the runtime ended."""
        ended: dict[int, int] = {}
        until = time.monotonic() + 1
        while True:
            self._everyone(signal.SIGKILL)
            try:
                # To list them takes longer than to reap them: as many as there are, each time.
                pid, status = os.waitpid(-1, 0)
                while pid:
                    ended[pid] = status
                    pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                if self._isolated or not self._members() or time.monotonic() > until:
                    return ended.get(self._runtime, signal.SIGKILL.value)
            else:
                time.sleep(_DYING_SECONDS)

    def _members(self) -> list[int]:
        # As /proc numbers them: where it could not be mounted anew, it is that of the machine.
        return memory.descendants(int(os.readlink("/proc/self")))  # noqa: PTH115 - hot

    def _everyone(self, number: signal.Signals) -> None:
        """Send a signal to every process of the environment but this."""
        for pid in (-1,) if self._isolated else self._members():
            with suppress(OSError):
                os.kill(pid, number)


def _limit_processes() -> None:
    """Set the most processes and threads, where the kernel counts them for each namespace of users.

    Otherwise it counts what else the user runs on this machine.
    Source: the commit "Reimplement RLIMIT_NPROC on top of ucounts", in Linux 5.14.
    """
    version = tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2])
    if version < (5, 14):
        return
    most = _MOST_PROCESSES + 1  # this process is one of them
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    if hard == resource.RLIM_INFINITY or hard > most:
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def _ignore(*_: object) -> None:
    """Do nothing; unlike SIG_IGN this is not inherited by programs that are started."""
