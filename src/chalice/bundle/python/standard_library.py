"""The standard library of each Python that Lambda runs, by top-level name."""

from __future__ import annotations

# Top-level names that Python 3.10 to 3.14 share, as `sys.stdlib_module_names` of each has them.
_SHARED = """
    __future__ _abc _aix_support _ast _asyncio _bisect _blake2 _bz2 _codecs _codecs_cn
    _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _collections
    _collections_abc _compat_pickle _compression _contextvars _csv _ctypes _curses
    _curses_panel _datetime _dbm _decimal _elementtree _frozen_importlib
    _frozen_importlib_external _functools _gdbm _hashlib _heapq _imp _io _json _locale
    _lsprof _lzma _markupbase _md5 _multibytecodec _multiprocessing _opcode _operator
    _osx_support _pickle _posixshmem _posixsubprocess _py_abc _pydecimal _pyio _queue
    _random _sha1 _sha3 _signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics
    _string _strptime _struct _symtable _thread _threading_local _tkinter _tracemalloc _uuid
    _warnings _weakref _weakrefset _zoneinfo abc antigravity argparse array ast asyncio
    atexit base64 bdb binascii bisect builtins bz2 cProfile calendar cmath cmd code codecs
    codeop collections colorsys compileall concurrent configparser contextlib contextvars
    copy copyreg csv ctypes curses dataclasses datetime dbm decimal difflib dis doctest
    email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch
    fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip
    hashlib heapq hmac html http idlelib imaplib importlib inspect io ipaddress itertools
    json keyword linecache locale logging lzma mailbox marshal math mimetypes mmap
    modulefinder multiprocessing netrc ntpath nturl2path numbers opcode operator optparse os
    pathlib pdb pickle pickletools pkgutil platform plistlib poplib posix posixpath pprint
    profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re
    readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex
    shutil signal site smtplib socket socketserver sqlite3 sre_compile sre_constants
    sre_parse ssl stat statistics string stringprep struct subprocess symtable sys sysconfig
    syslog tabnanny tarfile tempfile termios textwrap this threading time timeit tkinter
    token tokenize trace traceback tracemalloc tty turtle turtledemo types typing
    unicodedata unittest urllib uuid venv warnings wave weakref webbrowser wsgiref xml
    xmlrpc zipapp zipfile zipimport zlib zoneinfo
"""

# What versions have beyond that. Source for 3.14: the same table of its release, and "What's New in
# Python 3.14" (`annotationlib`, `compression`).
_SINCE = {
    (3, 11): "_tokenize _typing tomllib",
    (3, 12): "_pydatetime _pylong _sha2",
    (3, 13): """_colorize _interpchannels _interpqueues _interpreters _opcode_metadata _pyrepl
        _suggestions _sysconfig""",
    (
        3,
        14,
    ): "_ast_unparse _hmac _py_warnings _remote_debugging _types _zstd annotationlib compression",
}

# What was removed, and in which version. Sources: "What's New" of 3.11 to 3.14, PEP 594, PEP 632.
_REMOVED = {
    (3, 11): "binhex",
    (3, 12): "_sha256 _sha512 asynchat asyncore distutils imp smtpd",
    (3, 13): """_crypt aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap nis nntplib
        ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib""",
    (3, 14): "_compression",
}

# In `sys.stdlib_module_names` everywhere, importable on other systems only.
OTHER_SYSTEMS = frozenset(
    (
        *("_android_support", "_ios_support", "_scproxy"),
        *("_msi", "_overlapped", "_winapi", "_wmi", "msilib", "msvcrt", "nt", "winreg", "winsound"),
    )
)

# What to write instead of a module that is gone, where there is one answer.
INSTEAD = {
    "asynchat": "asyncio",
    "asyncore": "asyncio",
    "cgi": "urllib.parse or email.message",
    "crypt": "hashlib, or bcrypt from the package index",
    "distutils": "shutil, sysconfig, subprocess, or setuptools",
    "imghdr": "filetype or puremagic from the package index",
    "imp": "importlib",
    "mailcap": "mimetypes",
    "pipes": "shlex or subprocess",
    "smtpd": "aiosmtpd from the package index",
    "telnetlib": "telnetlib3 from the package index",
    "uu": "base64",
}


def standard_library(python: tuple[int, int]) -> frozenset[str]:
    """Return the top-level names of *python*'s standard library on Linux.

    A version that is not known is taken for the newest that is.

    >>> "distutils" in standard_library((3, 11)), "distutils" in standard_library((3, 12))
    (True, False)
    """
    names: set[str] = set(_SHARED.split())
    for version, added in _SINCE.items():
        if version <= python:
            names.update(added.split())
    for version, removed in _REMOVED.items():
        if version > python:
            names.update(removed.split())
        else:
            names.difference_update(removed.split())
    return frozenset(names)


def removed_in(name: str, python: tuple[int, int]) -> tuple[int, int] | None:
    """Return the version that removed *name* from the standard library, if *python* lacks it."""
    for version, removed in _REMOVED.items():
        if version <= python and name in removed.split():
            return version
    return None
