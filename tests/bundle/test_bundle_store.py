"""What is kept between builds, and for which code it holds."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import chalice
from chalice.bundle.edition import edition, sources
from chalice.bundle.store import Store

PACKAGE = Path(chalice.__file__).parent
FILES = {
    "patterns.py": "x = 1",
    "bundle/store.py": "x = 2",
    "bundle/wheels/fetch.py": "x = 3",
    "config/reader.py": "x = 4",
    "iam/patterns.py": "x = 4",
    "model/names.py": "x = 4",
    "packaged/checked.py": "x = 4",
    "permissions/reader.py": "x = 4",
    "permissions/data/actions.tsv": "x",
    "runtime/rest.py": "x = 5",
}


def make(folder: Path, **changed: str) -> Path:
    for name, text in {**FILES, **changed}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_what_is_kept_is_read_by_the_code_that_made_it(tmp_path):
    Store(tmp_path, code=lambda: "one").write("kind", "key", b"data")

    assert Store(tmp_path, code=lambda: "one").read("kind", "key") == b"data"


def test_what_is_no_file_counts_as_missing_and_is_replaced(tmp_path):
    store = Store(tmp_path)
    store.write("kind", "key", b"data")
    (entry,) = (path for path in tmp_path.rglob("*") if path.is_file())
    entry.unlink()
    os.mkfifo(entry)

    missing = store.read("kind", "key")
    store.write("kind", "key", b"data")

    assert (missing, store.read("kind", "key")) == (None, b"data")


def test_what_other_code_kept_is_not_read(tmp_path):
    Store(tmp_path, code=lambda: "one").write("kind", "key", b"data")

    assert Store(tmp_path, code=lambda: "other").read("kind", "key") is None


def test_a_store_asks_for_the_code_of_this_package(tmp_path):
    Store(tmp_path).write("kind", "key", b"data")

    assert Store(tmp_path, code=edition).read("kind", "key") == b"data"
    assert Store(tmp_path, code=lambda: "").read("kind", "key") is None


def test_a_damaged_entry_counts_as_missing(tmp_path):
    store = Store(tmp_path)
    store.write("kind", "key", b"data")
    [file] = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(file.read_bytes()[:-1] + b"?")

    assert store.read("kind", "key") is None


def test_every_file_that_makes_packages_is_of_account(tmp_path):
    before = edition(make(tmp_path / "before"))

    after = {name: edition(make(tmp_path / name / "after", **{name: "x = 6"})) for name in FILES}

    assert len({before, *after.values()}) == 1 + len(FILES)


def test_a_file_more_and_a_file_of_another_name_are_of_account(tmp_path):
    before = edition(make(tmp_path / "before"))
    more = edition(make(tmp_path / "more", **{"bundle/empty.py": ""}))
    other = make(tmp_path / "other")
    (other / "patterns.py").rename(other / "pattern.py")

    assert len({before, more, edition(other)}) == 3


def test_where_the_package_lies_and_what_is_compiled_of_it_are_not_of_account(tmp_path):
    before = edition(make(tmp_path / "here"))

    after = edition(make(tmp_path / "there", **{"bundle/__pycache__/store.cpython-311.pyc": "-"}))

    assert after == before


def test_all_that_packages_are_built_with_is_of_account():
    """Whoever lets these import another part of the package adds that to `edition`."""
    covered = set(sources())

    lacking = {
        f"{path.relative_to(PACKAGE)} imports {name}"
        for folder in ("bundle", "permissions")
        for path in (PACKAGE / folder).rglob("*.py")
        for name in _imported(ast.parse(path.read_text(encoding="utf-8")))
        if not covered & _files(name)
    }

    assert not lacking


def test_whoever_keeps_something_is_of_account():
    keeping = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"bundle\.store import .*\bStore\b", path.read_text(encoding="utf-8"))
    }

    assert keeping
    assert not keeping - set(sources())


def _imported(node: ast.AST) -> Iterator[str]:
    """Yield the modules of ours that are imported for more than annotations."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "chalice":
        yield node.module or ""
        yield from (
            f"{node.module}.{alias.name}" for alias in node.names if _is_module(node, alias)
        )
    for child in ast.iter_child_nodes(node):
        yield from _imported(child)


def _is_module(node: ast.ImportFrom, alias: ast.alias) -> bool:
    return any((PACKAGE.parent / file).exists() for file in _under(f"{node.module}.{alias.name}"))


def _under(name: str) -> tuple[str, str]:
    path = name.replace(".", "/")
    return f"{path}.py", f"{path}/__init__.py"


def _files(name: str) -> set[str]:
    return {file.removeprefix("chalice/") for file in _under(name)}
