"""Makes the file system, the processes and the user that a function sees, where the system allows.

Everything is done by namespaces that the user's own account may make; nothing needs root. Where
root starts it functions are somebody else all the same: what is root's stays out of reach. The
function sees the system's programs and libraries read-only, the package at /var/task, a /tmp of its
own, and neither the user's home nor any process but its own.
"""

from __future__ import annotations

import ctypes
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.invoke.lambda_runtime.identity import GROUP_ID, USER_ID, USER_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

# Source: the kernel's <linux/sched.h>, <linux/mount.h>, <sys/prctl.h>.
_CLONE_NEWNS = 0x0002_0000
_CLONE_NEWIPC = 0x0800_0000
_CLONE_NEWUSER = 0x1000_0000
_CLONE_NEWPID = 0x2000_0000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 1, 2, 4, 8
_MS_REMOUNT, _MS_NOATIME, _MS_NODIRATIME = 0x20, 0x400, 0x800
_MS_BIND, _MS_REC, _MS_SLAVE, _MS_RELATIME = 0x1000, 0x4000, 0x8_0000, 0x20_0000
_MNT_DETACH = 2
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_MOUNT_ATTR_RDONLY = 1
_SYS_MOUNT_SETATTR = 442  # the same on every architecture that Python runs on
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_PR_SET_CHILD_SUBREAPER = 36

# Options of a mount that a namespace inherits locked: a remount has to repeat them.
_LOCKED = (
    {
        os.ST_NOSUID: _MS_NOSUID,
        os.ST_NODEV: _MS_NODEV,
        os.ST_NOEXEC: _MS_NOEXEC,
        os.ST_NOATIME: _MS_NOATIME,
        os.ST_NODIRATIME: _MS_NODIRATIME,
        os.ST_RELATIME: _MS_RELATIME,
    }
    if hasattr(os, "ST_RELATIME")
    else {}
)

# What of the machine a function sees: programs, libraries and their configuration.
_SYSTEM = ("bin", "etc", "gnu", "lib", "lib32", "lib64", "libx32", "nix", "sbin", "sys", "usr")
_SYSTEM_ELSEWHERE = ("/var/lib/ca-certificates", "/run/current-system")

# A character of a path in /proc/self/mountinfo.
_ESCAPED = re.compile(rb"\\([0-7]{3})")

# There is no /dev/shm. Source: AWS Compute Blog, "Parallel Processing in Python with AWS Lambda".
_DEVICES = ("full", "null", "random", "urandom", "zero")
_DEVICE_LINKS = {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}

# Source: Lambda developer guide, "Lambda quotas", row "/tmp directory storage", the default.
_TMP_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Places:
    """Where on this machine is what the function sees elsewhere.

    Attributes:
        task: the unpacked package, seen at /var/task.
        runtime: the runtime client and what else Lambda's image has, seen in /var/runtime.
        bootstrap: what the runtime starts with, seen in /var/runtime, too.
        layer: the unpacked layers, seen at /opt; empty for none.
        visible: further folders that are seen where they are: the interpreter's.
        hidden: folders that are seen empty: the site-packages of the machine's interpreter.
    """

    task: str
    runtime: str
    bootstrap: str
    layer: str = ""
    visible: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _libc().prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def leave_namespaces(*, rooted: bool) -> bool:
    """Go into new namespaces; the next child is the first process of its own kind.

    Args:
        rooted: whether this is root, who can become the function's user later on.

    Returns:
        Whether it has to: without a namespace of users this process is who it was.

    Raises:
        OSError: the system does not allow it.
    """
    flags = _CLONE_NEWNS | _CLONE_NEWPID | _CLONE_NEWIPC
    if rooted and not _libc().unshare(flags):
        return True
    user, group = os.geteuid(), os.getegid()
    _checked(_libc().unshare(flags | _CLONE_NEWUSER), "unshare")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{USER_ID} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{GROUP_ID} {group} 1", encoding="ascii")
    return False


def arrange(places: Places) -> None:
    """Make the file system that the function sees and go into it.

    Raises:
        OSError: the system does not allow it.
    """
    _mount("none", "/", "", _MS_SLAVE | _MS_REC)
    _mount("tmpfs", "/tmp", "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=755")  # noqa: S108 - hides it
    for name in ("new", "old"):
        Path("/tmp", name).mkdir()  # noqa: S108 - a file system of our own by now
    _pivot("/tmp", "/tmp/old")  # noqa: S108 - the same
    os.chdir("/")
    _mount("tmpfs", "/new", "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=755")
    _bring_system()
    _bring_package(places)
    _bring_devices()
    _protect("/new")
    _mount("tmpfs", "/new/tmp", "tmpfs", _MS_NOSUID | _MS_NODEV, f"size={_TMP_BYTES},mode=1777")
    for path in filter(_is_in_tmp, places.visible):
        _bring(path)
    _hide(filter(_is_in_tmp, places.hidden))
    _bring_processes()
    os.chdir("/new")
    _pivot(".", ".")
    _checked(_libc().umount2(b".", _MNT_DETACH), "umount")
    os.chdir("/var/task")


def _bring_system() -> None:
    for name in _SYSTEM:
        old = Path("/old", name)
        if old.is_symlink():
            Path("/new", name).symlink_to(old.readlink())
        elif old.is_dir():
            _bring(f"/{name}")
    for path in _SYSTEM_ELSEWHERE:
        if Path(f"/old{path}").is_dir():
            _bring(path)
    for name in ("resolv.conf", "localtime"):
        _bring_target(Path("/old/etc", name))
    passwd = Path("/passwd")
    text = f"{USER_NAME}:x:{USER_ID}:{GROUP_ID}::/home/{USER_NAME}:/sbin/nologin\n"
    passwd.write_text(text, encoding="ascii")
    if Path("/new/etc/passwd").is_file():
        _mount(str(passwd), "/new/etc/passwd", "", _MS_BIND)


def _bring_target(link: Path) -> None:
    """Bring what a link in /etc leads to, if that is not there yet."""
    if not link.is_symlink():
        return
    target = os.path.normpath(Path("/etc", link.readlink()))
    if Path(f"/old{target}").is_file() and not Path(f"/new{target}").exists():
        _bring(target)


def _bring_package(places: Places) -> None:
    for path in places.visible:
        if not _is_there(path) and not _is_in_tmp(path):
            _bring(path)
    _hide(path for path in places.hidden if not _is_in_tmp(path))
    _bring(places.task, "/var/task")
    _bring_entries(places.runtime, "/var/runtime")
    _bring(places.bootstrap, "/var/runtime/bootstrap.py")
    if places.layer:
        _bring_entries(places.layer, "/opt")
    for path in ("/new/opt", "/new/tmp", "/new/proc"):
        Path(path).mkdir(exist_ok=True)


def _hide(folders: Iterable[str]) -> None:
    for path in folders:
        if Path(f"/new{path}").is_dir():
            _mount("tmpfs", f"/new{path}", "tmpfs", _MS_NOSUID | _MS_NODEV, "size=4k,mode=555")


def _bring_entries(folder: str, to: str) -> None:
    """Show what is in a folder beside what else is at *to*."""
    for entry in os.scandir(f"/old{folder}"):
        if not entry.name.startswith("."):
            _bring(f"{folder}/{entry.name}", f"{to}/{entry.name}")


def _is_in_tmp(path: str) -> bool:
    return Path("/tmp") in Path(path).parents  # noqa: S108 - where the function's own will be


def _is_there(path: str) -> bool:
    """Tell whether *path* came with one of the system's folders."""
    new, old = Path(f"/new{path}"), Path(f"/old{path}")
    try:
        return new.exists() and os.path.samestat(new.stat(), old.stat())
    except OSError:
        return False


def _bring_devices() -> None:
    folder = Path("/new/dev")
    folder.mkdir()
    for name in _DEVICES:
        _bring(f"/dev/{name}")
    for name, end in _DEVICE_LINKS.items():
        (folder / name).symlink_to(f"/proc/self/fd{end}")


def _bring_processes() -> None:
    """Show the processes of this namespace; where that is forbidden, those of the machine."""
    try:
        _mount("proc", "/new/proc", "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    except OSError:
        _mount("/old/proc", "/new/proc", "", _MS_BIND | _MS_REC)
    # All but the processes is the kernel's, and the same for the whole machine: its settings are
    # in /proc/sys.
    _protect("/new/proc")


def _bring(path: str, to: str = "") -> None:
    """Show the machine's *path* at *to*, or where it is."""
    source, place = Path(f"/old{path}"), Path(f"/new{to or path}")
    if source.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    _mount(str(source), str(place), "", _MS_BIND | _MS_REC)
    _protect(str(place))  # of a device its owner and its mode: what is behind it can be written


def _protect(place: str) -> None:
    """Make the mount at *place* and those below it read-only."""
    try:
        _read_only(place)
    except OSError:  # a kernel before 5.12 does it for one mount at a time
        for mount in _mounts(place):
            locked = os.statvfs(mount).f_flag
            flags = sum(flag for bit, flag in _LOCKED.items() if locked & bit)
            _mount("none", mount, "", _MS_REMOUNT | _MS_BIND | _MS_RDONLY | flags)


def _mounts(place: str) -> list[str]:
    """Return *place* and where something is mounted below it."""
    found = [place]
    for line in Path("/old/proc/self/mountinfo").read_bytes().splitlines():
        # Spaces and their like are written as numbers. Source: proc_pid_mountinfo(5).
        path = os.fsdecode(_ESCAPED.sub(lambda found: bytes([int(found[1], 8)]), line.split()[4]))
        if path.startswith(f"{place}/"):
            found.append(path)
    return found


def _mount(source: str, place: str, kind: str, flags: int, options: str = "") -> None:
    mount = _libc().mount
    mount.argtypes = [ctypes.c_char_p] * 3 + [ctypes.c_ulong, ctypes.c_char_p]
    result = mount(
        os.fsencode(source), os.fsencode(place), kind.encode() or None, flags, options.encode()
    )
    _checked(result, f"mount {place}")


class _MountAttributes(ctypes.Structure):
    """`struct mount_attr` of <linux/mount.h>."""

    _fields_ = [
        ("attr_set", ctypes.c_uint64),
        ("attr_clr", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns_fd", ctypes.c_uint64),
    ]


def _read_only(place: str) -> None:
    """Make the mount at *place* and those below it read-only."""
    attributes = _MountAttributes(attr_set=_MOUNT_ATTR_RDONLY)
    result = _libc().syscall(
        ctypes.c_long(_SYS_MOUNT_SETATTR),
        ctypes.c_int(_AT_FDCWD),
        os.fsencode(place),
        ctypes.c_uint(_AT_RECURSIVE),
        ctypes.byref(attributes),
        ctypes.c_size_t(ctypes.sizeof(attributes)),
    )
    _checked(result, f"read-only {place}")


def _pivot(new: str, old: str) -> None:
    number = _SYS_PIVOT_ROOT.get(os.uname().machine)
    if number is None:
        raise OSError(38, f"pivot_root: unknown on {os.uname().machine}")
    result = _libc().syscall(ctypes.c_long(number), os.fsencode(new), os.fsencode(old))
    _checked(result, "pivot_root")
