"""Files that are not what they should be: which one it is, and who said what it should be."""

import pytest
from tests.bundle.bench import Bench, make_sdist
from tests.bundle.resolution.locks import listed, lock, pylock
from tests.bundle.wheels import make_wheel, sha256_of

# What uv and pip do not open has nothing that they could complain of.
HARMS = {"uv": ["cut", "changed", "empty"], "pip": ["cut", "empty"]}


def harmed(content: bytes, harm: str) -> bytes:
    match harm:
        case "cut":
            return content[: len(content) // 2]
        case "changed":
            return content[:60] + bytes([content[60] ^ 0xFF]) + content[61:]
        case _:
            return b""


@pytest.mark.parametrize("place", ["--find-links", "--index-url"])
def test_a_damaged_wheel_of_this_machine_is_named(bench: Bench, place):
    folder = bench.project / "my wheels" / ("demo" if place == "--index-url" else "")
    wheel = make_wheel(folder, "demo", "1.0", {"demo.py": "x = 1\n" * 999})
    whole = wheel.read_bytes()
    (folder / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    address = (bench.project / "my wheels").as_uri() if place == "--index-url" else '"my wheels"'
    bench.write(f"{place} {address}\n# one\ndemo\n")
    bench.environ.pop("UV_DEFAULT_INDEX")
    bench.environ.pop("PIP_INDEX_URL")
    bench.environ |= {"UV_OFFLINE": "1"} if place == "--index-url" else bench.index.environ()
    found = []

    for harm in HARMS[bench.tool]:
        wheel.write_bytes(harmed(whole, harm))
        found += bench.problems(refresh=True)

    assert [(problem.code, problem.where) for problem in found] == [
        ("wheel-damaged", "requirements.txt:3")
    ] * len(HARMS[bench.tool])
    path = wheel.relative_to(bench.project)
    assert all(problem.summary.startswith(f"`{path}` ") for problem in found)


@pytest.mark.parametrize("harm", ["cut", "empty"])
def test_a_damaged_wheel_of_an_index_is_named(bench: Bench, harm):
    bench.index.hashed, bench.index.silent = False, True
    wheel = bench.wheel("demo", "1.0")
    whole = wheel.read_bytes()
    bench.write("demo\n")
    wheel.write_bytes(harmed(whole, harm))

    (problem,) = bench.problems()

    assert (problem.code, problem.where) == ("wheel-damaged", "requirements.txt:1")
    assert f"`{wheel.name}`" in problem.summary
    assert "/tmp" not in problem.summary


# --- hashes of locks -----------------------------------------------------------------------------


def test_a_hash_that_a_lock_of_uv_promises_in_vain_has_its_line(uv_bench):
    wheel = uv_bench.wheel("demo", "1.0")
    uv_bench.write(listed("demo"), "pyproject.toml")
    lock(uv_bench)
    locked = (uv_bench.project / "uv.lock").read_text()
    uv_bench.write(locked.replace(sha256_of(wheel), "1" * 64), "uv.lock")
    line = 1 + next(n for n, text in enumerate(locked.splitlines()) if sha256_of(wheel) in text)

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirement-hash", f"uv.lock:{line}")
    assert "1" * 64 in problem.summary
    assert sha256_of(wheel) in problem.summary


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_a_hash_that_a_pylock_promises_in_vain_has_its_line(uv_bench, kind):
    folder = uv_bench.index.folder
    made = (
        make_wheel(folder, "demo", "1.0", {"demo.py": ""})
        if kind == "wheel"
        else make_sdist(folder, "demo", "1.0")
    )
    file = f'{{ path = "../served/{made.name}", hashes = {{ sha256 = "{"2" * 64}" }} }}'
    value = f"wheels = [{file}]" if kind == "wheel" else f"sdist = {file}"
    uv_bench.write(pylock(f'name = "demo"\nversion = "1.0"\n{value}'), "pylock.toml")

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirement-hash", "pylock.toml:7")


def test_a_hash_that_an_index_promises_in_vain_has_the_line_that_asks(uv_bench):
    wheel = uv_bench.wheel("demo", "1.0")
    uv_bench.index.lies = {wheel.name: "1" * 64}
    uv_bench.write("demo\n")

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirement-hash", "requirements.txt:1")


# --- sources -------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["./nl", "-e ./nl", "nl @ file://${PWD}/nl"])
def test_a_folder_that_holds_no_project_is_said_so(bench: Bench, line):
    (bench.project / "nl").mkdir()
    bench.write(f"{line}\n")

    (problem,) = bench.problems(environ={**bench.environ, "PWD": str(bench.project)})

    assert (problem.code, problem.where) == ("requirement-unbuilt", "requirements.txt:1")
    assert problem.summary == (
        "`nl` does not build: it has neither `pyproject.toml` nor `setup.py`"
    )


def test_the_copy_that_is_built_goes_by_the_name_of_the_users_folder(bench: Bench):
    folder = bench.project / "lib"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project\n")
    bench.write("./lib\n")

    (problem,) = bench.problems()

    assert str(bench.cache) not in problem.summary
