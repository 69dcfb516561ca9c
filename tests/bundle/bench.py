"""A project, an index and a cache to resolve with, and sources that build without a network."""

import io
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.bundle.index import Index
from tests.bundle.wheels import make_wheel, metadata_text
from tests.fakes import FakeClock

from chalice.bundle.resolution.resolve import Resolution, resolve
from chalice.bundle.store import Store
from chalice.bundle.target import Target
from chalice.diagnostics import InvalidApp, Problem

PYTHON_313 = Target((3, 13))
PYTHON_311 = Target((3, 11))
ARM = Target((3, 13), "arm64")

# What a machine says to uv and pip besides: the tests' own index is the only one.
QUIET = {
    "PIP_CONFIG_FILE": os.devnull,
    "UV_NO_CONFIG": "1",
    "UV_HTTP_RETRIES": "0",
    "PIP_RETRIES": "0",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_RESUME_RETRIES": "0",
    "PIP_NO_CACHE_DIR": "1",
}


@dataclass
class Bench:
    """A project, an index, a cache, and what resolves."""

    project: Path
    index: Index
    cache: Path
    environ: dict[str, str]
    clock: FakeClock
    tool: str

    def write(self, text: str | bytes, name: str = "requirements.txt") -> None:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def wheel(self, name: str, version: str, **given: object) -> Path:
        files = {f"{name.replace('-', '_')}.py": f"version = {version!r}\n"}
        return make_wheel(self.index.folder, name, version, files, **given)  # type: ignore[arg-type]  # keywords pass through

    def sdist(self, name: str, version: str, setup: str = "") -> Path:
        return make_sdist(self.index.folder, name, version, setup)

    def resolve(self, target: Target = PYTHON_313, **given: object) -> Resolution:
        options: dict[str, object] = {
            "build": (),
            "progress": lambda *_: None,
            "environ": self.environ,
            "now": self.clock,
        }
        return resolve(self.project, target, Store(self.cache), **{**options, **given})  # type: ignore[arg-type]  # keywords pass through

    def problems(self, target: Target = PYTHON_313, **given: object) -> tuple[Problem, ...]:
        with pytest.raises(InvalidApp) as caught:
            self.resolve(target, **given)
        return caught.value.problems


def make_bench(tmp_path: Path, index: Index, tool: str) -> Bench:
    project = tmp_path / "a project"
    project.mkdir()
    environ = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIP_", "UV_"))
        },
        **QUIET,
        **index.environ(),
        "UV_CACHE_DIR": str(tmp_path / "uv-cache"),
        "HOME": str(tmp_path / "home"),
        "CHALICE_RESOLVER": tool,
    }
    return Bench(project, index, tmp_path / "cache", environ, FakeClock(), tool)


def make_sdist(folder: Path, name: str, version: str, setup: str = "") -> Path:
    """Write a source archive that builds with itself: nothing has to be fetched for it."""
    folder.mkdir(parents=True, exist_ok=True)
    root = f"{name.replace('-', '_')}-{version}"
    path = folder / f"{root}.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for file, text in source_files(name, version, setup).items():
            entry = tarfile.TarInfo(f"{root}/{file}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return path


def unpack_source(folder: Path, name: str, version: str, setup: str = "") -> Path:
    """Write a source as a folder, and return it."""
    folder.mkdir(parents=True)
    for file, text in source_files(name, version, setup).items():
        (folder / file).write_text(text)
    return folder


def source_files(name: str, version: str, setup: str) -> dict[str, str]:
    return {
        "PKG-INFO": metadata_text(name, version),
        "pyproject.toml": PYPROJECT,
        "own.py": BACKEND.format(
            name=name.replace("-", "_"), version=version, setup=setup or "TAG = 'py3-none-any'"
        ),
    }


PYPROJECT = """
[build-system]
requires = []
build-backend = "own"
backend-path = ["."]
"""

BACKEND = """
import os, zipfile
{setup}
def _metadata():
    return "Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n"
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = os.path.join(folder, "{name}-{version}.dist-info")
    os.mkdir(info)
    with open(os.path.join(info, "METADATA"), "w") as file:
        file.write(_metadata())
    with open(os.path.join(info, "WHEEL"), "w") as file:
        file.write(f"Wheel-Version: 1.0\\nGenerator: own\\nRoot-Is-Purelib: true\\nTag: {{TAG}}\\n")
    return "{name}-{version}.dist-info"
def build_wheel(folder, config_settings=None, metadata_directory=None):
    file = f"{name}-{version}-{{TAG}}.whl"
    with zipfile.ZipFile(os.path.join(folder, file), "w") as archive:
        archive.writestr("{name}.py", "made = True\\n")
        archive.writestr("{name}-{version}.dist-info/METADATA", _metadata())
        archive.writestr(
            "{name}-{version}.dist-info/WHEEL",
            f"Wheel-Version: 1.0\\nGenerator: own\\nRoot-Is-Purelib: true\\nTag: {{TAG}}\\n",
        )
        archive.writestr("{name}-{version}.dist-info/RECORD", "")
    return file
"""


def origins(resolution: Resolution) -> list[str]:
    return [distribution.origin for distribution in resolution.distributions]


# A build that works as that of setuptools does: through `build/lib`, which it never empties.
KEEPER = """
import shutil, zipfile
from pathlib import Path
TAG = "py3-none-any"
def kept(folder):
    Path("lib.egg-info").mkdir(exist_ok=True)
    shutil.copytree("lib", "build/lib/lib", dirs_exist_ok=True)
    file = "lib-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, file), "w") as archive:
        for path in sorted(Path("build/lib").rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to("build/lib"))
        archive.writestr("lib-1.0.dist-info/METADATA", _metadata())
        archive.writestr("lib-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\\nTag: {TAG}\\n")
        archive.writestr("lib-1.0.dist-info/RECORD", "")
    return file
"""


def unpack_keeper(folder: Path, files: dict[str, str]) -> Path:
    """Write a source with *files* in its package `lib` whose build keeps what it has seen."""
    unpack_source(folder, "lib", "1.0", KEEPER.replace("{", "{{").replace("}", "}}"))
    own = folder / "own.py"
    own.write_text(
        own.read_text() + "\ndef build_wheel(folder, *rest, **more):\n    return kept(folder)\n"
    )
    for name, text in files.items():
        path = folder / "lib" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder
