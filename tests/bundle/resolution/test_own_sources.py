"""Folders of the user that are required: built from a clean copy, and looked at for secrets."""

import os
import platform
import resource
import subprocess
import sys
import zipfile

import pytest
from tests.bundle.bench import make_sdist, origins, unpack_keeper, unpack_source
from tests.bundle.wheels import make_wheel

from chalice.bundle.resolution.own_sources import copied, name_of
from chalice.bundle.target import Target
from chalice.diagnostics import ToolError

KEY = f"-----BEGIN PRIVATE KEY-----\n{'A' * 64}\n-----END PRIVATE KEY-----\n"


def shipped(resolution):
    with zipfile.ZipFile(resolution.distributions[0].wheel) as wheel:
        return [name for name in wheel.namelist() if "dist-info" not in name]


def every_path(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize("line", ["./lib", "-e ./lib"])
def test_what_was_deleted_does_not_ship_and_nothing_is_left_in_the_folder(bench, line):
    folder = unpack_keeper(bench.project / "lib", {"__init__.py": "", "gone.py": ""})
    bench.write(f"{line}\n")
    before = every_path(folder)
    first = bench.resolve()
    (folder / "lib/gone.py").unlink()

    second = bench.resolve()

    assert shipped(first) == ["lib/__init__.py", "lib/gone.py"]
    assert shipped(second) == ["lib/__init__.py"]
    assert every_path(folder) == [path for path in before if path != "lib/gone.py"]


def test_what_an_earlier_build_has_left_in_the_folder_does_not_ship(uv_bench):
    folder = unpack_keeper(uv_bench.project / "lib", {"__init__.py": ""})
    (folder / "build/lib/lib").mkdir(parents=True)
    (folder / "build/lib/lib/.env").write_text("PASSWORD=x")
    uv_bench.write("./lib\n")

    assert shipped(uv_bench.resolve()) == ["lib/__init__.py"]


def test_secrets_of_the_users_own_folder_stop(uv_bench):
    files = {"__init__.py": "", ".env": "A=1", "data/k.txt": KEY, ".env.example": "A="}
    unpack_keeper(uv_bench.project / "lib", files)
    uv_bench.write("./lib\n")

    problems = uv_bench.problems()

    assert [(problem.code, problem.where) for problem in problems] == [
        ("secret-in-package", "requirements.txt:1"),
        ("secret-in-package", "requirements.txt:1"),
    ]
    wheel = "would ship in `lib-1.0-py3-none-any.whl`"
    assert [problem.summary for problem in problems] == [
        f"`lib/lib/.env` {wheel}, and holds settings of an environment",
        f"`lib/lib/data/k.txt` {wheel}, and holds a private key",
    ]


def test_secrets_that_are_named_may_ship(uv_bench):
    unpack_keeper(uv_bench.project / "lib", {"__init__.py": "", ".env": "A=1"})
    uv_bench.write("./lib\n")

    found = uv_bench.resolve(secrets=["lib/lib/.env"])

    assert "lib/.env" in shipped(found)


SECRETS = {"own/__init__.py": "", "own/.env": "A=1", "own/key.pem": KEY, "own/.netrc.bak": "x"}


@pytest.mark.parametrize(
    ("folder", "lines"),
    [
        ("wh", "./wh/own-1.0-py3-none-any.whl\n"),
        ("w h", "own @ file://{project}/w%20h/own-1.0-py3-none-any.whl\n"),
        ("wh", "--find-links ./wh\nown==1.0\n"),
    ],
    ids=["a file", "an address", "a folder"],
)
def test_secrets_in_a_wheel_of_the_project_stop_unless_they_are_named(bench, folder, lines):
    wheel = make_wheel(bench.project / folder, "own", "1.0", SECRETS)
    project = str(bench.project).replace(" ", "%20")
    bench.write(lines.format(project=project))
    inside = f"{folder}/{wheel.name}"

    problems = bench.problems()
    named = bench.resolve(secrets=[f"{inside}/{name}" for name in SECRETS])

    assert {(problem.code, problem.summary) for problem in problems} == {
        ("secret-in-package", f"`{inside}/own/.env` would ship, and holds {SETTINGS}"),
        ("secret-in-package", f"`{inside}/own/key.pem` would ship, and holds a private key"),
        ("secret-in-package", f"`{inside}/own/.netrc.bak` would ship, and holds passwords"),
    }
    assert set(shipped(named)) == set(SECRETS)
    assert bench.problems() == problems


SETTINGS = "settings of an environment"


def test_what_lies_elsewhere_or_on_an_index_is_not_looked_at(bench, tmp_path):
    make_wheel(bench.index.folder, "public", "1.0", {"public.py": "", "key.pem": KEY})
    wheel = make_wheel(tmp_path / "elsewhere", "own", "1.0", SECRETS)
    bench.write(f"public==1.0\n{wheel.as_uri().replace('file://', 'own @ file://')}\n")

    assert origins(bench.resolve()) == ["own 1.0", "public 1.0"]


def test_a_full_disk_is_told_as_such_and_not_as_a_source_that_cannot_be_read(uv_bench):
    unpack_keeper(uv_bench.project / "lib", {"__init__.py": "#" * (1 << 21)})
    uv_bench.write("./lib\n")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limits[1]))
    try:
        with pytest.raises(ToolError) as caught:
            uv_bench.resolve()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert str(caught.value) == (
        f"`{uv_bench.cache}` cannot be written: File too large; make room, "
        "or name another folder in CHALICE_CACHE_DIR"
    )


def test_a_copy_has_what_is_source_and_nothing_else(tmp_path):
    folder = tmp_path / "repository" / "libs" / "one"
    for name in (
        "pkg/__init__.py",
        "build/tool.py",
        "build/lib/pkg/old.py",
        "dist/pkg-1.tar.gz",
        "dist/page.js",
        "pkg.egg-info/PKG-INFO",
        "env/pyvenv.cfg",
        "pkg/__pycache__/a.pyc",
        ".gitignore",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    os.mkfifo(folder / "pipe")
    (folder / "inside").symlink_to("pkg/__init__.py")
    (folder / "outside").symlink_to("../../LICENSE")
    (tmp_path / "repository" / ".git").mkdir()
    (tmp_path / "repository" / "LICENSE").write_text("free")

    copy = copied(folder, tmp_path / "into", os.environ)

    assert copy == tmp_path / "into" / "libs" / "one"
    assert [path for path in every_path(copy) if not (copy / path).is_dir()] == [
        ".gitignore",
        "build/tool.py",
        "dist/page.js",
        "inside",
        "outside",
        "pkg/__init__.py",
    ]
    assert (copy / "inside").resolve() == copy / "pkg/__init__.py"
    assert (copy / "outside").read_text() == "free"
    assert (copy / "../../LICENSE").read_text() == "free"


@pytest.mark.parametrize("below", [".", "libs/one"])
def test_a_copy_knows_its_repository(tmp_path, below):
    top = tmp_path / "repository"
    source = unpack_source(top / below, "lib", "1.0")
    for name in ("README", "libs/other/a.py"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(name)
    names = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"], ["tag", "v7"]):
        subprocess.run(["git", *names, *command], cwd=top, check=True)

    copy = copied(source, tmp_path / "into", os.environ)

    command = ["git", "describe", "--tags", "--dirty"]
    said = subprocess.run(command, cwd=copy, check=True, capture_output=True, text=True)
    assert said.stdout == "v7\n"
    (copy / "own.py").write_text("edited")
    said = subprocess.run(command, cwd=copy, check=True, capture_output=True, text=True)
    assert said.stdout == "v7-dirty\n"


def test_a_copy_may_be_made_within_its_source(tmp_path):
    (tmp_path / "app.py").write_text("")

    copy = copied(tmp_path, tmp_path / "cache" / "into", os.environ)

    assert every_path(copy) == ["app.py"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", '[project]\nname = "My_Lib"\n'),
        ("pyproject.toml", '[tool.poetry]\nname = "my.lib"\n'),
        ("setup.cfg", "[metadata]\nname = my-lib\n"),
        ("setup.py", "from setuptools import setup\nsetup(name='My-Lib', version='1')\n"),
    ],
)
def test_a_folder_says_its_name(tmp_path, file, text):
    (tmp_path / file).write_text(text)

    assert name_of(str(tmp_path)) == "my-lib"


@pytest.mark.parametrize("line", ["./fast", "-e ./fast", "./fast-1.0.tar.gz"])
def test_what_is_required_by_its_path_may_be_compiled_where_that_is_allowed(uv_bench, line):
    machine = platform.machine()
    tag = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    setup = f"TAG = '{tag}-{tag}-linux_{machine}'\nif os.environ.get('CC') == 'false': 1 / 0"
    unpack_source(uv_bench.project / "fast", "fast", "1.0", setup)
    make_sdist(uv_bench.project, "fast", "1.0", setup.partition("\n")[0])
    uv_bench.write(f"{line}\n")
    target = Target(sys.version_info[:2], "arm64" if machine == "aarch64" else "x86_64")

    found = uv_bench.resolve(target, build=["fast"])

    assert [(item.origin, item.built) for item in found.distributions] == [("fast 1.0", True)]


def test_the_hint_names_what_package_build_takes(uv_bench):
    make_sdist(uv_bench.project, "fast", "1.0", "TAG = 'cp313-cp313-linux_x86_64'")
    uv_bench.write("./fast-1.0.tar.gz\n")

    (problem,) = uv_bench.problems()

    assert problem.hint == "name `fast` under `package.build` to compile it here"


def test_a_folder_that_is_not_there_is_said(uv_bench):
    uv_bench.write("-e ./nothere\n./nope-1.tar.gz[x]\n")

    problems = uv_bench.problems()

    assert [problem.where for problem in problems] == ["requirements.txt:1", "requirements.txt:2"]
    assert problems[0].summary.endswith("/nothere` does not exist")
    assert problems[0].hint == "put it there, or remove the line"


def test_a_folder_may_have_brackets_and_extras(uv_bench):
    unpack_source(uv_bench.project / "a[1]" / "lib", "lib", "1.0")
    uv_bench.write("./a[1]/lib[fast]\n")

    assert origins(uv_bench.resolve()) == ["lib 1.0"]
