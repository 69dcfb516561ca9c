"""Where a wheel's files go on Lambda, and which of them nothing there needs.

`package.prune: false` turns the second off. Each file that stays out has one reason:

    tests      folders called `tests` or `test` that hold tests, but for what the rest imports
    bytecode   `__pycache__`: the package's own is made from the source (prune does not matter)
    metadata   in `.dist-info`: what `importlib.metadata` never reads (licences, SBOMs, `WHEEL`)
    stubs      `.pyi` and `py.typed`, unless the wheel loads its modules by them (`lazy_loader`)
    headers    C headers in `include`, static libraries, sources of Cython
    scripts    `.data/scripts`: programs for a shell; `bin/` with `prune: false`
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from chalice.bundle.archives.entries import BadArchive

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from chalice.bundle.archives.entries import Entry

# Where an installer with one folder for all puts the parts of `.data`; None for nowhere.
# Source: PyPA, "Binary distribution format", "The .data directory"; the folders of `data`,
# `scripts` and `headers` are those of `pip install --target` (observed, pip 24).
_DATA_FOLDERS = {"purelib": "", "platlib": "", "data": "", "scripts": "bin/", "headers": "include/"}

# Source: PyPA, "Recording installed projects" and "Core metadata specifications" (License-File),
# PEP 770 (sboms). What `importlib.metadata` reads is METADATA, RECORD, entry_points.txt and
# top_level.txt; what is neither here nor there is a package's own, and ships.
_UNREAD_METADATA = re.compile(
    r"(?:licenses|license_files|sboms)/|"
    r"(?:WHEEL|INSTALLER|REQUESTED|RECORD\.jws|RECORD\.p7s|zip-safe)$|"
    r"(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$"
)

_TEST_FOLDERS = frozenset({"tests", "test"})
_TEST_MODULE = re.compile(r"(?:test_.*|.*_test|conftest)\.py")
_HEADER = re.compile(r"(?:^|/)include/.*\.(?:h|hh|hpp|hxx|inl|cuh)$|\.(?:a|lib|pxd|pyx)$")
_STUB = re.compile(r"\.pyi$|(?:^|/)py\.typed$")
# Source: lazy_loader's README, "Type checkers": `attach_stub` reads the stub at run time.
_READS_STUBS = b"attach_stub"

# Imports that may name a module among the tests, and their names wherever they are written.
_RELATIVE_IMPORT = re.compile(
    rb"^[ \t]*from[ \t]+(\.+[\w.]*)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^\n#]*))", re.MULTILINE
)
_DOTTED_NAME = re.compile(rb"\b\w+(?:\.\w+)*\.tests?\b(?:\.\w+)*|\btests?\.\w+(?:\.\w+)*")
_FROM_IMPORT = re.compile(
    rb"^[ \t]*from[ \t]+([\w.]*\btests?\b[\w.]*|[\w.]+)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^\n#]*))",
    re.MULTILINE,
)


class Placed(NamedTuple):
    """One file of a wheel and its place on Lambda, relative to the folder of the dependencies."""

    path: str
    entry: Entry


class LeftOutEntry(NamedTuple):
    """One file of a wheel that stays out."""

    path: str
    size: int
    reason: str


def sort_out(
    entries: Sequence[Entry], read: Callable[[Entry], bytes], *, prune: bool
) -> tuple[list[Placed], list[LeftOutEntry]]:
    """Return which of a wheel's *entries* ship, where, and which stay out.

    Args:
        entries: all files of the wheel.
        read: returns what one unpacks to.
        prune: whether what nothing needs stays out.

    Raises:
        BadArchive: the wheel has no metadata, or puts two files in one place.
    """
    stem = _stem(entries)
    scripts = f"{stem}.data/scripts/"
    places = {
        _place(entry.name, stem): entry._replace(executable=True)
        if entry.name.startswith(scripts)
        else entry
        for entry in entries
    }
    if len(places) != len(entries):
        raise BadArchive("damaged", "installs two files in one place")
    reasons = {path: "bytecode" for path in places if "__pycache__" in path.split("/")}
    if prune:
        reasons = {**_unneeded(places, stem, read), **reasons}
    ships = [Placed(path, entry) for path, entry in places.items() if path not in reasons]
    left_out = [LeftOutEntry(path, places[path].size, why) for path, why in reasons.items()]
    return sorted(ships), sorted(left_out)


def _stem(entries: Sequence[Entry]) -> str:
    """Return what the names of the `.dist-info` and `.data` folders begin with.

    Raises:
        BadArchive: there is no such folder, or more than one.
    """
    described = [entry.name for entry in entries if entry.name.endswith(".dist-info/METADATA")]
    folders = [name for name in described if name.count("/") == 1]
    if len(folders) != 1:
        count = "no" if not folders else "more than one"
        raise BadArchive("damaged", f"has {count} `.dist-info/METADATA`")
    return folders[0].removesuffix(".dist-info/METADATA")


def _place(name: str, stem: str) -> str:
    data = f"{stem}.data/"
    if not name.startswith(data):
        return name
    kind, _, path = name.removeprefix(data).partition("/")
    if kind not in _DATA_FOLDERS or not path:
        raise BadArchive("damaged", f"holds `{name}`, which belongs nowhere")
    return _DATA_FOLDERS[kind] + path


def _unneeded(
    places: Mapping[str, Entry], stem: str, read: Callable[[Entry], bytes]
) -> dict[str, str]:
    """Return the reason for each path that nothing on Lambda needs."""
    data = f"{stem}.data/"
    reasons = {path: why for path in places if (why := _by_name(path, f"{stem}.dist-info/"))}
    for path, entry in places.items():
        for kind in ("scripts", "headers"):
            if entry.name.startswith(f"{data}{kind}/"):
                reasons[path] = kind
    sources = {path: entry for path, entry in places.items() if path.endswith(".py")}
    if "stubs" in reasons.values() and any(_READS_STUBS in read(sources[path]) for path in sources):
        reasons = {path: why for path, why in reasons.items() if why != "stubs"}
    tests = _tests(places)
    needed = _imported_tests(sources, tests, read) if tests else set[str]()
    return {**reasons, **dict.fromkeys(tests - needed, "tests")}


def _by_name(path: str, dist_info: str) -> str | None:
    if path.startswith(dist_info):
        return "metadata" if _UNREAD_METADATA.match(path.removeprefix(dist_info)) else None
    if _STUB.search(path):
        return "stubs"
    return "headers" if _HEADER.search(path) else None


def _tests(paths: Iterable[str]) -> set[str]:
    """Return the *paths* in folders of tests: they are called so, and there is a test in them.

    A folder of that name without any, as `django/test`, is for those who write tests.
    """
    below: dict[str, list[str]] = {}
    for path in paths:
        parts = path.split("/")
        for depth, part in enumerate(parts[:-1], 1):
            if part in _TEST_FOLDERS:
                below.setdefault("/".join(parts[:depth]), []).append(path)
    held = [held for held in below.values() if any(map(_is_test, held))]
    return {path for paths_of_one in held for path in paths_of_one}


def _is_test(path: str) -> bool:
    return _TEST_MODULE.fullmatch(path.rpartition("/")[2]) is not None


def _imported_tests(
    sources: Mapping[str, Entry], tests: Collection[str], read: Callable[[Entry], bytes]
) -> set[str]:
    """Return the modules among *tests* that others import, and those that these import."""
    modules = {_module(path): path for path in sources if path in tests}
    needed: set[str] = set()
    waiting = [path for path in sources if path not in tests]
    while waiting:
        path = waiting.pop()
        source = read(sources[path])
        if b"test" not in source and path not in tests:
            continue
        for name in _mentioned(source, path):
            found = {modules[above] for above in _and_above(name) if above in modules}
            waiting += sorted(found - needed)
            needed |= found
    return needed


def _mentioned(source: bytes, path: str) -> Iterator[str]:
    """Yield the modules that *source* may import: it need not be one, but none is missing."""
    for name in _DOTTED_NAME.findall(source):
        yield name.decode()
    for origin, several, one in _FROM_IMPORT.findall(source):
        yield from _imported(origin.decode(), several or one)
    folders = path.split("/")[:-1]
    for origin, several, one in _RELATIVE_IMPORT.findall(source):
        rest = origin.lstrip(b".")
        up = len(origin) - len(rest) - 1
        if up <= len(folders):
            above = folders[: len(folders) - up]
            base = ".".join([*above, rest.decode()] if rest else above)
            yield from _imported(base, several or one)


def _imported(base: str, names: bytes) -> Iterator[str]:
    yield base
    for name in re.findall(rb"\w+", names):
        yield f"{base}.{name.decode()}"


def _and_above(module: str) -> Iterator[str]:
    """Yield *module* and the packages that it is in."""
    while module:
        yield module
        module = module.rpartition(".")[0]


def _module(path: str) -> str:
    """Return the module that the source *path* is."""
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
