"""What importing the package loads: every module costs every user on every cold start."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.budgets import broken_modules
from benchmarks.measure import added_modules
from benchmarks.peers import OURS

# Total, the interpreter's own included; AWS Chalice 1.34 needs 560.
MOST_MODULES_OF_THE_TEST_CLIENT = 200


def loaded(statement: str) -> set[str]:
    """Return the names of all modules that a fresh interpreter has after *statement*."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    # Coverage would start in it, too, and count.
    environ = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ
    )
    return set(json.loads(run.stdout))


def top_level(modules: set[str]) -> set[str]:
    """Return the packages that *modules* belong to."""
    return {name.partition(".")[0] for name in modules}


def test_a_cold_start_adds_only_the_modules_that_are_allowed():
    added = added_modules(OURS, Path(sys.executable))

    assert broken_modules(added) == []


def test_the_package_alone_loads_nothing_of_itself():
    modules = loaded("import chalice")

    assert [name for name in modules if name.startswith("chalice.")] == []


def test_the_test_client_needs_few_modules_no_sdk_and_no_command_line():
    modules = loaded("from chalice.test import Client")

    assert len(modules) <= MOST_MODULES_OF_THE_TEST_CLIENT
    assert top_level(modules).isdisjoint({"aiohttp", "boto3", "botocore", "click", "rich", "yaml"})


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_loads_neither_server_nor_application(argument):
    statement = (
        f"import sys; sys.argv = ['chalice', {argument!r}]\n"
        "from contextlib import redirect_stdout, suppress\n"
        "from io import StringIO\n"
        "from chalice.cli.main import main\n"
        "with suppress(SystemExit), redirect_stdout(StringIO()): main()"
    )

    modules = loaded(statement)

    heavy = {"aiohttp", "asyncio", "botocore", "watchfiles", "jsonschema"}
    assert top_level(modules).isdisjoint(heavy)
    assert modules.isdisjoint({"chalice.app", "chalice.server", "chalice.gateway"})
