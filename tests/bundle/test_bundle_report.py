"""What is in a package, added up."""

from __future__ import annotations

from pathlib import Path

from chalice.bundle.parts import (
    CHALICE,
    PROJECT,
    VENDOR,
    Archive,
    Bundle,
    LeftOut,
    Shipped,
)
from chalice.bundle.report import Omission, Part, omissions, packages, tree
from chalice.bundle.target import Target


def archive(*shipped, name="deployment.zip"):
    unzipped = sum(item.size for item in shipped)
    return Archive(Path(name), "00" * 32, unzipped // 2, unzipped, shipped)


def shipped(path, size, origin=PROJECT):
    return Shipped(path, size, size // 2, origin)


def lines(part, depth=0):
    yield f"{'  ' * depth}{part.name} {part.size} {part.compressed} {part.files}"
    for inner in part.parts:
        yield from lines(inner, depth + 1)


def bundle(code, layer=None, left_out=()):
    return Bundle(Target((3, 13)), code, layer, (), tuple(left_out), ())


def test_packages_are_added_up_over_both_archives_the_largest_first():
    code = archive(shipped("app.py", 10), shipped("chalice/app.py", 40, CHALICE))
    layer = archive(
        shipped("python/a.py", 100, "a 1"),
        shipped("python/b.py", 60, "b 2"),
        shipped("python/a/b.py", 20, "a 1"),
    )

    assert packages(bundle(code, layer)) == (
        Part("a 1", 120, 60, 2),
        Part("b 2", 60, 30, 1),
        Part("chalice (runtime)", 40, 20, 1),
        Part("the project", 10, 5, 1),
    )


def test_the_tree_goes_into_what_is_large():
    code = archive(
        shipped("app.py", 4),
        shipped("big/__init__.py", 10, "big 1"),
        shipped("big/core/a.so", 600, "big 1"),
        shipped("big/core/b.so", 300, "big 1"),
        shipped("big/core/deep/er/still.so", 2, "big 1"),
        shipped("big-1.dist-info/METADATA", 4, "big 1"),
        shipped("small/__init__.py", 6, "small 1"),
        shipped("small/x.py", 6, "small 1"),
    )

    assert list(lines(tree(code))) == [
        "deployment.zip 932 466 8",
        "  big 1 916 458 5",
        "    big/ 912 456 4",
        "      big/core/ 902 451 3",
        "        big/core/a.so 600 300 1",
        "        big/core/b.so 300 150 1",
        "        big/core/deep/ 2 1 1",
        "      big/__init__.py 10 5 1",
        "    big-1.dist-info/ 4 2 1",
        "  small 1 12 6 2",
        "  the project 4 2 1",
    ]


def test_of_many_members_the_largest_are_shown():
    code = archive(*(shipped(f"chalicelib/m{size}.py", size) for size in range(1, 31)))

    [ours] = tree(code).parts
    [folder] = ours.parts

    assert [part.name for part in folder.parts[:2]] == ["chalicelib/m30.py", "chalicelib/m29.py"]
    assert folder.parts[-1] == Part("22 more", sum(range(1, 23)), 121, 22)
    assert sum(part.size for part in folder.parts) == folder.size


def test_an_empty_archive_is_a_tree_of_itself():
    assert tree(archive()) == Part("deployment.zip", 0, 0, 0)


def test_what_was_left_out_is_told_by_rule_and_origin_the_own_first():
    left_out = [
        LeftOut("big/tests/b.py", 5, "big 1", "tests"),
        LeftOut("big/tests/a.py", 7, "big 1", "tests"),
        LeftOut("chalicelib/.env", 3, PROJECT, "secret"),
        LeftOut("x/.git/config", 1, VENDOR, "litter"),
        LeftOut("other/tests/a.py", 70, "other 1", "tests"),
    ]

    assert omissions(bundle(archive(), left_out=left_out)) == (
        Omission("secret", "the project", 3, ("chalicelib/.env",)),
        Omission("litter", "vendor/", 1, ("x/.git/config",)),
        Omission("tests", "other 1", 70, ("other/tests/a.py",)),
        Omission("tests", "big 1", 12, ("big/tests/a.py", "big/tests/b.py")),
    )
