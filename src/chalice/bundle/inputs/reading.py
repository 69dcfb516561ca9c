"""Files that a project is asked for, read whole or refused with a sentence."""

from __future__ import annotations

import codecs
import re
import stat
from typing import TYPE_CHECKING

from chalice.diagnostics import InvalidApp, Problem, visible

if TYPE_CHECKING:
    from pathlib import Path

# More than any list of requirements with all of its hashes, and than any lock file.
MAX_BYTES = 32 * 1024 * 1024

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

# The longest first: the mark of UTF-16 begins that of UTF-32.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Source: PEP 263, which pip follows in requirements files.
_DECLARED = re.compile(rb"^[ \t]*#.*?coding[:=][ \t]*([-\w.]+)")


def exists(path: Path) -> bool:
    """Whether there is anything called *path*, also a link to nothing."""
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True


def read_text(path: Path, name: str, where: str = "") -> str:
    """Return the text of the file *path*, whatever encoding it says it has; UTF-8 if none.

    Args:
        path: the file.
        name: the file as the user knows it.
        where: who asks for it; the file itself where nobody else does.

    Raises:
        InvalidApp: it is no file, cannot be read, is huge, or not text.
    """
    return _decoded(_content(path, name, where or name), name)


def refused(code: str, summary: str, where: str, hint: str) -> InvalidApp:
    """Return the error with this one problem."""
    return InvalidApp([Problem(code, summary, where, hint)])


def _content(path: Path, name: str, where: str) -> bytes:
    shown = visible(name)
    try:
        status = path.stat()
        kind = _KINDS.get(stat.S_IFMT(status.st_mode))
        if kind:
            summary = f"`{shown}` is {kind}, not a file"
            raise refused("requirements-unreadable", summary, where, "put a file in its place")
        if status.st_size > MAX_BYTES:
            summary = f"`{shown}` has {status.st_size} bytes"
            hint = f"list requirements in it, in at most {MAX_BYTES}"
            raise refused("requirements-unreadable", summary, where, hint)
        return path.read_bytes()
    except FileNotFoundError:
        what = "is a link to nothing" if path.is_symlink() else "does not exist"
        summary = f"`{shown}` {what}"
        hint = "make it a file you can read, or take its name away"
        raise refused("requirements-unreadable", summary, where, hint) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        summary = f"`{shown}` cannot be read: {reason}"
        hint = "make it a file you can read"
        raise refused("requirements-unreadable", summary, where, hint) from error


def _decoded(content: bytes, name: str) -> str:
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "")
    for line in [] if encoding else content.split(b"\n", 2)[:2]:
        if found := _DECLARED.match(line):
            encoding = found[1].decode("ascii", "replace")
            break
    try:
        text = content.decode(encoding or "utf-8")
    except LookupError:
        summary = f"`{visible(name)}` says that its encoding is `{encoding}`, which Python lacks"
        raise refused("requirements-encoding", summary, f"{name}:1", "save it as UTF-8") from None
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        summary = f"`{visible(name)}` is not {encoding or 'UTF-8'}: byte 0x{byte:02x}"
        raise refused(
            "requirements-encoding", summary, f"{name}:{number}", "save it as UTF-8"
        ) from None
    if "\0" in text:
        number = text.count("\n", 0, text.index("\0")) + 1
        summary = f"`{visible(name)}` is not text: it has a zero byte"
        raise refused("requirements-encoding", summary, f"{name}:{number}", "save it as UTF-8")
    return text
