"""Who a function's processes are for the kernel: a user of their own, without any privilege."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
from contextlib import suppress
from pathlib import Path

# Who a function runs as. Source: observed, `id` in a function of python3.12, us-east-1.
USER_ID, GROUP_ID, USER_NAME = 993, 990, "sbx_user1051"

# Source: the kernel's <linux/prctl.h> and <linux/capability.h>.
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 1, 24, 38, 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAP_SETGID, _CAP_SETUID = 6, 7
_MOST_CAPABILITIES = 64
_CAPABILITY_VERSION_3 = 0x2008_0522
_SIGKILL = 9


def can_change() -> bool:
    """Tell whether this process can become the function's user: root can, outside of most jails."""
    if os.geteuid():
        return False
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        effective = int(status.partition("CapEff:")[2].split()[0], 16)
        return (
            all(effective >> number & 1 for number in (_CAP_SETGID, _CAP_SETUID))
            and _is_known("/proc/self/uid_map", USER_ID)
            and _is_known("/proc/self/gid_map", GROUP_ID)
        )
    except (OSError, ValueError, IndexError):
        return False


def _is_known(table: str, number: int) -> bool:
    """Tell whether the namespace has a user or group *number*."""
    ranges = [map(int, line.split()) for line in Path(table).read_text("ascii").splitlines()]
    return any(first <= number < first + count for first, _, count in ranges)


def renounce(*, change: bool) -> None:
    """Give up every right that this process has beyond its user's; programs gain none by starting.

    Args:
        change: become the function's user, too.

    Raises:
        OSError: the system does not allow that.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    for number in range(_MOST_CAPABILITIES):
        if libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0) < 0:
            break  # there are no more, or this process had none to begin with
    if change:
        os.setgroups([])
        os.setresgid(GROUP_ID, GROUP_ID, GROUP_ID)
        os.setresuid(USER_ID, USER_ID, USER_ID)
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    libc.capset(header, (ctypes.c_uint32 * 6)())
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # After the user changed: that takes it back.
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def attempt(program: str, *readable: str, change: bool) -> None:
    """Start an interpreter as a function's process is started, and let it end.

    Args:
        program: the interpreter.
        readable: folders and files that it has to see.
        change: as for `renounce`.

    Raises:
        OSError: it does not start, or does not see them.
    """
    # While SIGCHLD is ignored nobody is told how a child ends.
    before = signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if not pid:
        try:
            renounce(change=change)
            os.dup2(1, 2)  # what it has to say is that it did not start
            os.execve(program, [program, "-IS", "-c", _LOOK, *readable], {})  # noqa: S606
        finally:
            os._exit(127)
    _, status = os.waitpid(pid, 0)
    signal.signal(signal.SIGCHLD, before)
    if status:
        raise OSError(errno.ENOEXEC, f"`{program}` does not start in it")


_LOOK = "import os, sys; [os.path.isdir(p) and os.listdir(p) or open(p) for p in sys.argv[1:]]"


def give(what: str | int) -> None:
    """Make a folder, or what an open file leads to, the function's user's."""
    with suppress(OSError):
        os.chown(what, USER_ID, GROUP_ID)
