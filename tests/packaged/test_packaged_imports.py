"""What `-X importtime` says, as a tree."""

from __future__ import annotations

import subprocess
import sys

from chalice.packaged.import_times import Import, imports_of, most_expensive

TEXT = """\
import time: self [us] | cumulative | imported package
import time:       100 |        100 |     deep
something that the application says
import time:       200 |        300 |   inner
import time:        50 |         50 |   other
import time:      1000 |       1350 | outer
import time:        10 |         10 | alone
"""


def test_importers_come_before_what_they_import():
    assert imports_of(TEXT) == (
        Import("alone", 0, 0.01, 0.01),
        Import("outer", 0, 1.0, 1.35),
        Import("other", 1, 0.05, 0.05, "outer"),
        Import("inner", 1, 0.2, 0.3, "outer"),
        Import("deep", 2, 0.1, 0.1, "inner"),
    )


def test_the_most_expensive_are_a_tree():
    tree = most_expensive(imports_of(TEXT), 3)

    assert [(depth, item.name) for depth, item in tree] == [(0, "outer"), (1, "inner"), (2, "deep")]


def test_an_import_is_below_the_nearest_importer_that_is_shown():
    quick = "import time: 1 | 9000 |     c\nimport time: 1 | 5 |   b\nimport time: 1 | 9000 | a\n"

    tree = most_expensive(imports_of(quick), 2)

    assert [(depth, item.name) for depth, item in tree] == [(0, "a"), (1, "c")]


def test_what_was_not_measured_is_not_expensive():
    assert most_expensive([Import("app", 0, 0, 0)]) == ()


def test_what_the_interpreter_says_is_read():
    said = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import json.decoder"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr

    found = {item.name: item for item in imports_of(said)}

    assert found["json.scanner"].importer == "json.decoder"
    assert found["json.decoder"].importer == "json"
    assert found["json"].total_ms >= found["json.decoder"].total_ms
