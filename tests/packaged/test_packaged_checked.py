"""Whether a project counts as checked, and what makes it be looked at again."""

from __future__ import annotations

import importlib
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from tests.projects import write_project

from chalice.bundle.recipe import Recipe
from chalice.bundle.store import Store
from chalice.bundle.target import Target
from chalice.diagnostics import Problem
from chalice.packaged.checked import Verdict, imported, recall, remember, surroundings
from chalice.resources.parts import Graph, Resource

STILL = (sys.prefix, sys.base_prefix)
ENVIRON = {"NAME": "value", "PWD": "/here"}
VERDICT = Verdict(
    "shop",
    Recipe(Target((3, 13), "arm64"), include=("a.py",), prune=False, layers=("arn",)),
    "content",
    (Problem("code", "summary", "app.py:1", "hint", "warning"),),
    Graph((Resource("Api", "AWS::ApiGateway::RestApi", {"Name": "shop"}, depends_on=("Role",)),)),
)


def keep(store, directory, environ=ENVIRON):
    """Keep the verdict as if this process had loaded the project."""
    facts = {
        "app_name": VERDICT.app_name,
        "recipe": asdict(VERDICT.recipe),
        "warnings": [asdict(item) for item in VERDICT.warnings],
        "deployed": asdict(VERDICT.deployed),
        "undeployable": [],
        "modules": imported(),
    }
    remember(store, directory, "dev", surroundings(directory, environ), facts, VERDICT.content)


@pytest.fixture(autouse=True)
def folders_of_modules_stay_as_they_are(monkeypatch):
    """Look for modules where nothing is written: in the repository other tests leave files."""
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry.startswith(STILL)])


@pytest.fixture
def directory(tmp_path):
    config = {"lambda_timeout": 5}
    return write_project(tmp_path / "project", "", config, {"beside.py": "", "pkg/__init__.py": ""})


@pytest.fixture
def known(tmp_path, directory):
    """Keep a verdict and return what looks it up."""
    store = Store(tmp_path / "store")
    keep(store, directory)

    def look_up(stage="dev", environ=ENVIRON):
        return recall(store, directory, stage, environ)

    return look_up


def test_a_verdict_is_what_it_was(known):
    assert known() == VERDICT


def test_what_shells_change_by_themselves_does_not_count(known):
    assert known(environ={**ENVIRON, "PWD": "/there", "SHLVL": "7"}) == VERDICT


def test_another_stage_and_another_environment_are_not_known(known):
    assert known(stage="prod") is None
    assert known(environ={**ENVIRON, "NAME": "other"}) is None
    assert known(environ={**ENVIRON, "MORE": ""}) is None


def edit_config(directory):
    (directory / ".chalice" / "config.json").write_text('{"lambda_timeout": 6}')


def add_policy(directory):
    (directory / ".chalice" / "policy-dev.json").write_text("{}")


def add_module(directory):
    (directory / "json.py").write_text("")


def add_package(directory):
    (directory / "more").mkdir()
    (directory / "more" / "__init__.py").write_text("")


@pytest.mark.parametrize("change", [edit_config, add_policy, add_module, add_package])
def test_what_an_import_would_see_counts(known, directory, change):
    change(directory)

    assert known() is None


def test_folders_without_modules_and_other_files_do_not_count(known, directory):
    (directory / "out").mkdir()
    (directory / "notes.txt").write_text("")

    assert known() == VERDICT


def test_a_module_of_the_process_that_changes_counts(tmp_path, directory):
    module = tmp_path / "installed" / "module_of_test_checked.py"
    module.parent.mkdir()
    module.write_text("X = 1\n")
    sys.path.insert(0, str(module.parent))  # `syspath_prepend` outlives the path of the fixture
    importlib.invalidate_caches()
    importlib.import_module(module.stem)
    store = Store(tmp_path / "store")
    keep(store, directory)
    before = recall(store, directory, "dev", ENVIRON)

    module.write_text("X = 1000\n")
    after = recall(store, directory, "dev", ENVIRON)
    del sys.modules[module.stem]

    assert (before, after) == (VERDICT, None)


def test_a_project_without_a_configuration_is_known_too(tmp_path):
    directory = write_project(tmp_path / "project", "")
    store = Store(tmp_path / "store")
    keep(store, directory, {})

    assert recall(store, directory, "dev", {}) == VERDICT
    (directory / ".chalice").mkdir()
    Path(directory, ".chalice", "config.json").write_text("{}")
    assert recall(store, directory, "dev", {}) is None
