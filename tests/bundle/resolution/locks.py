"""Projects with a `pyproject.toml`, and lock files for them."""

import subprocess

from tests.bundle.bench import Bench

from chalice.bundle.resolution.tools import Surroundings, find_uv

PROJECT = (
    '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = [{}]\n'
)


def listed(*names: str) -> str:
    return PROJECT.format("".join(f'\n    "{name}",' for name in names) + "\n")


def lock(bench: Bench) -> None:
    run_uv(bench, "lock")


def run_uv(bench: Bench, *arguments: str) -> None:
    command = [*(find_uv(Surroundings(bench.environ)) or ()), *arguments, "--quiet"]
    subprocess.run(command, cwd=bench.project, env=bench.environ, check=True)


def pylock(*entries: str) -> str:
    listed = "".join(f"\n[[packages]]\n{entry}\n" for entry in entries)
    return 'lock-version = "1.0"\ncreated-by = "a test"\n' + (listed or "packages = []\n")
