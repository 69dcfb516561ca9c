"""Requirements, resolved by the real uv and the real pip against an index on loopback."""

import io
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.bundle.index import Index, serve
from tests.bundle.wheels import make_wheel, metadata_text, sha256_of
from tests.fakes import FakeClock

from chalice.bundle.resolve import Resolution, resolve
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


@pytest.fixture(params=["uv", "pip"])
def bench(request, tmp_path: Path) -> Iterator[Bench]:
    with serve(tmp_path / "served") as index:
        yield make_bench(tmp_path, index, request.param)


@pytest.fixture
def uv_bench(tmp_path: Path) -> Iterator[Bench]:
    with serve(tmp_path / "served") as index:
        yield make_bench(tmp_path, index, "uv")


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
    return Bench(project, index, tmp_path / "cache", environ, FakeClock())


def make_sdist(folder: Path, name: str, version: str, setup: str = "") -> Path:
    """Write a source archive that builds with itself: nothing has to be fetched for it."""
    folder.mkdir(parents=True, exist_ok=True)
    root = f"{name.replace('-', '_')}-{version}"
    files = {
        "PKG-INFO": metadata_text(name, version),
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["."]\n',
        "own.py": BACKEND.format(
            name=name.replace("-", "_"), version=version, setup=setup or "TAG = 'py3-none-any'"
        ),
    }
    path = folder / f"{root}.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for file, text in files.items():
            entry = tarfile.TarInfo(f"{root}/{file}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return path


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


# --- what comes out ----------------------------------------------------------------------------


def test_a_project_without_requirements_needs_nothing(bench):
    found = bench.resolve()

    assert (found.distributions, found.notes, found.source) == ((), (), "")
    assert bench.index.requests == []


def test_each_package_comes_with_its_place_and_its_whole_wheel(bench):
    needed = bench.wheel("below", "2.0")
    wheel = bench.wheel("Demo_One", "1.0", requires=["below>=1"])
    bench.write("# what we need\n\ndemo-one  # the demo\n")

    found = bench.resolve()

    assert found.source == "requirements.txt"
    assert [
        (item.name, item.version, item.where, item.sha256, item.built)
        for item in found.distributions
    ] == [
        ("below", "2.0", "requirements.txt", sha256_of(needed), False),
        ("demo-one", "1.0", "requirements.txt:3", sha256_of(wheel), False),
    ]
    assert found.distributions[1].wheel.read_bytes() == wheel.read_bytes()
    assert found.distributions[1].wheel.name == wheel.name


def test_the_wheel_is_the_targets(bench):
    for python in ("cp311", "cp313"):
        for machine in ("x86_64", "aarch64"):
            bench.wheel("compiled", "1.0", tag=f"{python}-{python}-manylinux_2_17_{machine}")
    bench.wheel("compiled", "1.0", tag="cp313-cp313-win_amd64")
    bench.write("compiled\n")

    found = {
        str(target): bench.resolve(target).distributions[0].wheel.name
        for target in (PYTHON_311, PYTHON_313, ARM)
    }

    assert found == {
        "python3.11 on x86_64": "compiled-1.0-cp311-cp311-manylinux_2_17_x86_64.whl",
        "python3.13 on x86_64": "compiled-1.0-cp313-cp313-manylinux_2_17_x86_64.whl",
        "python3.13 on arm64": "compiled-1.0-cp313-cp313-manylinux_2_17_aarch64.whl",
    }


def test_markers_are_the_targets(bench):
    for name in ("old", "new", "arm", "windows"):
        bench.wheel(name, "1.0")
    bench.wheel("top", "1.0", requires=['arm; platform_machine == "aarch64"'])
    bench.write(
        'old; python_version < "3.12"\nnew; python_version >= "3.12"\n'
        'windows; sys_platform == "win32"\ntop\n'
    )

    assert origins(bench.resolve(PYTHON_311)) == ["old 1.0", "top 1.0"]
    assert origins(bench.resolve(ARM)) == ["arm 1.0", "new 1.0", "top 1.0"]


def test_an_older_version_with_a_wheel_is_better_than_a_later_one_without(bench):
    bench.wheel("compiled", "1.0", tag="cp313-cp313-manylinux_2_17_x86_64")
    bench.wheel("compiled", "2.0", tag="cp313-cp313-manylinux_2_39_x86_64")
    bench.sdist("compiled", "2.0")
    bench.write("compiled\n")

    assert origins(bench.resolve()) == ["compiled 1.0"]


@pytest.mark.parametrize(("glibc", "fits"), [("2_26", True), ("2_27", False)])
def test_a_wheel_may_ask_for_the_glibc_of_the_image_and_no_newer(bench, glibc, fits):
    bench.wheel("compiled", "1.0", tag=f"cp311-cp311-manylinux_{glibc}_x86_64")
    bench.write("compiled\n")

    if fits:
        assert origins(bench.resolve(PYTHON_311)) == ["compiled 1.0"]
    else:
        assert [problem.where for problem in bench.problems(PYTHON_311)] == ["requirements.txt:1"]


def test_a_source_that_builds_to_a_pure_wheel_will_do(bench):
    bench.sdist("plain", "1.0")
    bench.wheel("other", "1.0")
    bench.write("plain\nother\n")

    found = bench.resolve()

    assert origins(found) == ["other 1.0", "plain 1.0"]
    assert [item.built for item in found.distributions] == [False, True]


def test_chalice_itself_is_not_taken(bench):
    bench.wheel("chalice", "1.31.0", requires=["click"])
    bench.wheel("plugin", "1.0", requires=["chalice>=1.20"])
    bench.wheel("click", "8.0")
    bench.write("chalice==1.31.0\n")

    found = bench.resolve()

    assert origins(found) == []
    assert [(note.code, note.where, note.severity) for note in found.notes] == [
        ("requirement-chalice", "requirements.txt:1", "warning")
    ]


def test_chalice_that_another_package_needs_is_not_taken_either(uv_bench):
    uv_bench.wheel("chalice", "1.31.0", requires=["click"])
    uv_bench.wheel("plugin", "1.0", requires=["chalice>=1.20"])
    uv_bench.wheel("click", "8.0")
    uv_bench.write("plugin\n")

    assert origins(uv_bench.resolve()) == ["plugin 1.0"]
