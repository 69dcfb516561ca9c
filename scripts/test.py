"""Run the tests: all of them here, the core with coverage and on every other Python that exists.

`python -m scripts.test [PYTEST ARGUMENTS]`; with arguments, only those, without coverage.
Coverage makes tests a third slower: it is taken where it must be full.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from scripts.environments import NotInstalled, ensure
from scripts.interpreters import find

ROOT = Path(__file__).parent.parent
# Where the other interpreters have their environments, beside .venv.
ENVIRONMENTS = ROOT / ".venvs"
VERSIONS = ((3, 11), (3, 12), (3, 13))
# What runs in the cloud and what imitates it must hold on every version.
CORE = (
    "tests/runtime",
    "tests/reference",
    "tests/headers",
    "tests/media",
    "tests/rules",
    "tests/iam",
    "tests/model",
    "tests/gateway",
    "tests/openapi",
)
# With these the core is measured: they ask it as the outside does.
AROUND = ("tests/authz", "tests/client", "tests/conformance", "tests/definitions")
# Lines and branches of these are covered fully; elsewhere what can break.
FULLY_COVERED = (
    "app.py",
    "blueprint.py",
    "functions.py",
    "runtime/*",
    "rules/*",
    "model/*",
    "gateway/*",
    "iam/*",
    "openapi/*",
)


def main(arguments: list[str]) -> int:
    """Run the tests and return the exit code."""
    if arguments:
        return run(sys.executable, "-m", "pytest", *arguments)
    codes = [here()]
    codes += [elsewhere(*version) for version in VERSIONS if version != sys.version_info[:2]]
    return max(codes)


def here() -> int:
    """Run the whole suite, and hold the core to full coverage by its own tests."""
    python = sys.executable
    measured = (*CORE, *AROUND)
    run(python, "-m", "coverage", "erase")
    core = run(python, "-m", "coverage", "run", "-m", *pytest(), *measured)
    run(python, "-m", "coverage", "combine", "--quiet")
    full = run(
        *(python, "-m", "coverage", "report", "--skip-covered", "--skip-empty"),
        *("--include", ",".join(f"src/chalice/{part}" for part in FULLY_COVERED)),
        *("--fail-under", "100"),
    )
    rest = run(python, "-m", *pytest(), *(f"--ignore={folder}" for folder in measured))
    return max(core, full, rest)


def pytest() -> tuple[str, ...]:
    """Return how tests are run: on all cores."""
    return ("pytest", "-q", "-n", str(os.cpu_count() or 2))


def elsewhere(major: int, minor: int) -> int:
    """Run the core's tests on another Python, or say that it is not here."""
    version = f"{major}.{minor}"
    interpreter = find(major, minor)
    if interpreter is None:
        print(f"SKIPPED Python {version}: no such interpreter on this machine", flush=True)
        return 0
    wanted = [*group("test"), "--editable", str(ROOT)]
    try:
        python = ensure(ENVIRONMENTS / version, interpreter, wanted, " ".join(dependencies()))
    except NotInstalled:
        print(f"FAILED Python {version}: its environment could not be made", flush=True)
        return 1
    print(f"Python {version}:", flush=True)
    existing = [folder for folder in CORE if (ROOT / folder).is_dir()]
    return run(str(python), "-m", *pytest(), "-p", "no:cacheprovider", *existing)


def group(name: str) -> list[str]:
    """Return the requirements of a dependency group of `pyproject.toml`."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[str] = groups["dependency-groups"][name]
    return found


def dependencies() -> list[str]:
    """Return what the package itself requires."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: list[str] = project["dependencies"]
    return found


def run(*command: str) -> int:
    """Run *command* in the project and return its exit code."""
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
