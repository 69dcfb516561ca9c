"""What processes take of the machine's memory, as the kernel tells it."""

from __future__ import annotations

import os
from pathlib import Path

_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024 if hasattr(os, "sysconf") else 4
_PROC = Path("/proc")


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


def resident_kb(pid: int) -> int:
    """Return what of *pid* is in memory, shared pages included; 0 where it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE_KB
    except (OSError, IndexError):
        return 0


def unshared_kb(pid: int) -> int:
    """Return the memory that is there because of *pid* alone and cannot be dropped.

    Pages shared with other processes count in parts; pages of mapped files, which the kernel may
    drop, do not count. It takes the kernel a while to find out.
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_bytes().splitlines()
    except OSError:
        return 0
    sizes = {
        name: int(rest.split()[0])
        for name, colon, rest in (line.partition(b":") for line in lines[1:])
        if colon
    }
    if b"Pss_Anon" in sizes:
        return sizes[b"Pss_Anon"] + sizes.get(b"Pss_Shmem", 0)
    return sizes.get(b"Anonymous", 0)


def peak_kb(pid: int) -> int:
    """Return the most that *pid* ever had in memory; 0 where that is not known."""
    try:
        text = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return 0
    _, found, rest = text.partition(b"VmHWM:")
    return int(rest.split()[0]) if found else 0
