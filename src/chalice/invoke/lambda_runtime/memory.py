"""What processes take of the machine's memory, as the kernel tells it."""

from __future__ import annotations

import math
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024 if hasattr(os, "sysconf") else 4
_PROC = Path("/proc")

# One mapping of a process: whether it is executable, its file by device and inode, the file's name,
# what of it is in memory, that with shared pages in parts, and what is in no file (any more).
# Source: proc_pid_smaps(5).
_MAPPING = re.compile(
    rb"^[0-9a-f]+-[0-9a-f]+ ..(.). [0-9a-f]+ ([0-9a-f]+:[0-9a-f]+ [0-9]+) *(.*)\n"
    rb"(?:[A-Z].*\n)*?Rss: +([0-9]+) kB\nPss: +([0-9]+) kB\n"
    rb"(?:[A-Z].*\n)*?Anonymous: +([0-9]+) kB$",
    re.MULTILINE,
)

_NO_FILE = b" 0"

# Memory that has a name, and no file behind it.
_UNMAPPED = "/memfd:"
_SHARED = (_UNMAPPED.encode(), b"/dev/zero", b"/SYSV", b"/dev/shm/")


def processes() -> dict[int, int]:
    """Return the processes that can be seen here, each with its parent; empty without /proc."""
    found: dict[int, int] = {}
    try:
        names = [name for name in os.listdir(_PROC) if name.isdecimal()]  # noqa: PTH208 - hot
    except OSError:
        return found
    for name in names:
        try:
            text = Path("/proc", name, "stat").read_bytes()
        except OSError:  # it ended meanwhile
            continue
        # The program's name is in parentheses and may itself hold some.
        found[int(name)] = int(text[text.rindex(b")") + 2 :].split()[1])
    return found


def descendants(ancestor: int) -> list[int]:
    """Return the processes that *ancestor* started, and those that these started."""
    found: list[int] = []
    parents = [ancestor]
    while parents:
        parents = [child for parent in parents for child in _children(parent)]
        found += parents
    return found


def _children(parent: int) -> list[int]:
    found: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{parent}/task"):  # noqa: PTH208 - hot
            text = Path(f"/proc/{parent}/task/{thread}/children").read_bytes()
            found += map(int, text.split())
    except FileNotFoundError:
        if Path("/proc/self/task", str(os.getpid()), "children").exists():
            return found  # it ended meanwhile
        return [pid for pid, its_parent in processes().items() if its_parent == parent]
    except OSError:
        pass
    return found


def resident_kb(pid: int) -> tuple[int, int]:
    """Return what of *pid* is in memory, and what of that is in files; 0 where it has ended."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_bytes().split()
    except (OSError, ValueError):
        return 0, 0
    return int(resident) * _PAGE_KB, int(shared) * _PAGE_KB


def used_kb(pids: Sequence[int], *, until: float = math.inf) -> int:
    """Return the memory that processes take together: what is shown, and what is limited.

    That is their own memory, what they share (each page once, however many have it) and the
    programs and libraries that they run. What the kernel can drop does not count: pages of other
    files, mapped or not.

    Args:
        pids: the processes; the largest ones first.
        until: when to stop, on the clock of `time.monotonic`; it takes the kernel a while to find
            out. The last processes are left out then.
    """
    own = 0.0
    code: dict[bytes, int] = {}
    shared: dict[bytes, float] = {}
    for pid in pids:
        if time.monotonic() > until:
            break
        try:
            mapped = _mapped(Path(f"/proc/{pid}/smaps").read_bytes())
        except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            continue
        except OSError:  # not ours to read
            own += resident_kb(pid)[0]
            continue
        own += mapped.own
        for file, code_kb in mapped.code.items():
            code[file] = max(code.get(file, 0), code_kb)
        for file, shared_kb in mapped.shared.items():
            shared[file] = shared.get(file, 0) + shared_kb
    for file, file_kb in unmapped_kb(pids, until=until).items():
        shared[file] = max(shared.get(file, 0), file_kb)
    return round(own + sum(code.values()) + sum(shared.values()))


@dataclass(frozen=True, slots=True)
class _Mapped:
    """What one process has in memory, in kB.

    Attributes:
        own: what is in no file.
        code: what is in programs and libraries, by file.
        shared: its part of memory that has a name, by that.
    """

    own: float
    code: Mapping[bytes, int]
    shared: Mapping[bytes, float]


def _mapped(text: bytes) -> _Mapped:
    own = 0.0
    shared: dict[bytes, float] = {}
    files: dict[bytes, int] = {}
    programs: set[bytes] = set()
    for executable, file, name, *sizes in _MAPPING.findall(text):
        resident, part, anonymous = map(int, sizes)
        if executable == b"x":
            programs.add(file)
        if name.startswith(_SHARED):
            shared[file] = shared.get(file, 0) + part
        elif file.endswith(_NO_FILE):
            own += part
        elif resident:
            # Of a mapped file, what the process has changed is its own.
            own += part * anonymous / resident
            files[file] = files.get(file, 0) + resident - anonymous
    code = {file: files[file] for file in programs & files.keys()}
    return _Mapped(own, code, shared)


def unmapped_kb(pids: Iterable[int], *, until: float = math.inf) -> dict[bytes, int]:
    """Return the size of each file without a file system that processes have open.

    Args:
        pids: the processes.
        until: as for `used_kb`.
    """
    found: dict[bytes, int] = {}
    for pid in pids:
        if time.monotonic() > until:
            break
        folder = f"/proc/{pid}/fd"
        with suppress(OSError):  # it ended meanwhile, or is not ours to look into
            for descriptor in os.listdir(folder):  # noqa: PTH208 - hot
                path = f"{folder}/{descriptor}"
                if os.readlink(path).startswith(_UNMAPPED):  # noqa: PTH115 - hot
                    file = os.stat(path)  # noqa: PTH116 - the same
                    device = f"{os.major(file.st_dev):02x}:{os.minor(file.st_dev):02x}"
                    found[f"{device} {file.st_ino}".encode()] = file.st_blocks // 2
    return found


def peak_kb(pid: int) -> int:
    """Return the most that *pid* ever had in memory; 0 where that is not known."""
    try:
        text = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return 0
    _, found, rest = text.partition(b"VmHWM:")
    return int(rest.split()[0]) if found else 0
