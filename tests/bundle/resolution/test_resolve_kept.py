"""What was resolved is taken again as long as nothing else can come out, and no longer."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from tests.bundle.bench import ARM, PYTHON_313, origins
from tests.bundle.wheels import make_wheel, sha256_of

from chalice.bundle.resolution.resolve import FRESH_SECONDS


def test_nothing_is_asked_again_for_ten_minutes(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write("demo\n")
    first = uv_bench.resolve()
    uv_bench.wheel("demo", "2.0")
    uv_bench.index.requests.clear()

    uv_bench.clock.advance(FRESH_SECONDS - 1)
    again = uv_bench.resolve()

    assert again == first
    assert uv_bench.index.requests == []


@pytest.mark.parametrize("later", [FRESH_SECONDS, -1], ids=["ten minutes", "the clock went back"])
def test_what_is_not_pinned_is_looked_at_again(uv_bench, later):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write("demo\n")
    uv_bench.resolve()
    uv_bench.wheel("demo", "2.0")

    uv_bench.clock.advance(later)

    assert origins(uv_bench.resolve()) == ["demo 2.0"]


@pytest.mark.parametrize(("line", "said"), [("demo", True), ("demo==1.0", False)])
def test_without_a_network_it_is_said_what_needs_none(bench, line, said):
    bench.write(f"{line}\n")
    nowhere = bench.index.environ("http://127.0.0.1:9/simple")

    (problem,) = bench.problems(environ={**bench.environ, **nowhere})

    assert ("is packaged again without a network" in problem.hint) is said


def test_a_new_version_is_there_at_once_for_who_asks(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write("demo\n")
    uv_bench.resolve()
    uv_bench.wheel("demo", "2.0")

    assert origins(uv_bench.resolve(refresh=True)) == ["demo 2.0"]


def test_what_is_pinned_whole_is_never_asked_again(uv_bench):
    uv_bench.wheel("demo", "1.0", requires=["below"])
    uv_bench.wheel("below", "1.0")
    uv_bench.write("demo==1.0\nbelow===1.0\n")
    first = uv_bench.resolve()
    uv_bench.index.requests.clear()

    uv_bench.clock.advance(10 * 365 * 86400)

    assert uv_bench.resolve() == first
    assert uv_bench.index.requests == []


def test_a_pin_of_one_package_does_not_pin_what_it_needs(uv_bench):
    uv_bench.wheel("demo", "1.0", requires=["below"])
    uv_bench.wheel("below", "1.0")
    uv_bench.write("demo==1.0\n")
    uv_bench.resolve()
    uv_bench.wheel("below", "2.0")

    uv_bench.clock.advance(FRESH_SECONDS)

    assert origins(uv_bench.resolve()) == ["below 2.0", "demo 1.0"]


def test_a_constraint_pins_as_well(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write("-c limits.txt\ndemo\n")
    uv_bench.write("demo==1.0\n", "limits.txt")
    first = uv_bench.resolve()
    uv_bench.index.requests.clear()

    uv_bench.clock.advance(FRESH_SECONDS)

    assert uv_bench.resolve() == first
    assert uv_bench.index.requests == []


def test_any_other_file_target_or_setting_is_another_question(uv_bench):
    for version in ("1.0", "2.0"):
        uv_bench.wheel("demo", version)
    uv_bench.write("-c limits.txt\ndemo\n")
    uv_bench.write("demo==1.0\n", "limits.txt")
    uv_bench.resolve()

    def asked(**given: object) -> bool:
        uv_bench.index.requests.clear()
        uv_bench.resolve(**given)
        return bool(uv_bench.index.requests)

    assert not asked()
    assert asked(target=ARM)
    assert asked(environ={**uv_bench.environ, "UV_RESOLUTION": "lowest"})
    assert asked(build=["demo"])
    uv_bench.write("demo==2.0\n", "limits.txt")
    assert asked()


def test_notes_are_kept_with_it(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write("chalice\ndemo\n")
    uv_bench.write(
        '[project]\nname = "x"\nversion = "1"\ndependencies = ["demo"]\n', "pyproject.toml"
    )

    first, again = uv_bench.resolve(), uv_bench.resolve()

    assert again == first
    assert [note.code for note in again.notes] == [
        "requirements-passed-over",
        "requirement-chalice",
    ]


@pytest.mark.parametrize("damage", [b"", b"other", None], ids=["empty", "exchanged", "gone"])
def test_a_damaged_wheel_is_fetched_again(uv_bench, damage):
    whole = uv_bench.wheel("demo", "1.0")
    uv_bench.write("demo==1.0\n")
    wheel = uv_bench.resolve().distributions[0].wheel
    if damage is None:
        wheel.unlink()
    else:
        wheel.write_bytes(damage)

    again = uv_bench.resolve().distributions[0].wheel

    assert again.read_bytes() == whole.read_bytes()


def test_a_source_is_built_once(uv_bench):
    uv_bench.sdist("plain", "1.0")
    uv_bench.write("plain\n")
    said: list[str] = []
    uv_bench.resolve(progress=lambda doing, *_: said.append(doing))
    uv_bench.clock.advance(FRESH_SECONDS)

    again = uv_bench.resolve(progress=lambda doing, *_: said.append(doing))

    assert said.count("Building plain") == 1
    assert again.distributions[0].built


def test_a_wheel_that_is_here_is_not_fetched_for_another_project(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write("demo\n")
    uv_bench.resolve()
    uv_bench.write("demo >= 1\n")
    uv_bench.index.requests.clear()

    uv_bench.resolve()

    assert uv_bench.index.fetched() == []


def test_nothing_stays_beside_the_wheels(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.sdist("plain", "1.0")
    uv_bench.write("demo\nplain\n")

    uv_bench.resolve()

    assert [
        path.name for path in (uv_bench.cache / "wheels").iterdir() if path.name[0] == "."
    ] == []


def test_no_file_of_the_cache_holds_a_password(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.index.user = "ann:secret"
    uv_bench.write("demo\n")
    address = uv_bench.index.url.replace("://", "://ann:secret@")
    uv_bench.resolve(environ={**uv_bench.environ, **uv_bench.index.environ(address)})

    kept = [path.read_bytes() for path in uv_bench.cache.rglob("*") if path.is_file()]

    assert kept
    assert not any(b"secret" in content for content in kept)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_cache_that_cannot_be_written_costs_time_only(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write("demo\n")
    uv_bench.cache.mkdir()
    uv_bench.cache.chmod(stat.S_IRUSR | stat.S_IXUSR)

    found = uv_bench.resolve()

    assert found.distributions[0].wheel.is_file()


def test_a_cache_that_is_a_file_costs_time_only(uv_bench):
    whole = uv_bench.wheel("demo", "1.0")
    uv_bench.write("demo\n")
    uv_bench.cache.write_text("in the way")

    found = uv_bench.resolve()

    assert found.distributions[0].wheel.read_bytes() == whole.read_bytes()
    assert uv_bench.cache.read_text() == "in the way"


def test_two_at_once_share_the_cache(uv_bench):
    for number in range(5):
        uv_bench.wheel(f"demo{number}", "1.0")
    uv_bench.write("".join(f"demo{number}\n" for number in range(5)))
    found = []
    threads = [Thread(target=lambda: found.append(uv_bench.resolve())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [origins(resolution) for resolution in found] == [
        [f"demo{number} 1.0" for number in range(5)]
    ] * 3


def test_what_was_kept_needs_no_network_code(uv_bench, tmp_path: Path):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write("demo==1.0\n")
    uv_bench.resolve()
    script = tmp_path / "again.py"
    script.write_text(
        "import os, sys\nfrom pathlib import Path\n"
        "from chalice.bundle.resolution.resolve import resolve\n"
        "from chalice.bundle.store import Store\n"
        "from chalice.bundle.target import Target\n"
        f"resolve(Path({str(uv_bench.project)!r}), Target({PYTHON_313.python}),"
        f" Store(Path({str(uv_bench.cache)!r})), build=(), progress=print, environ=os.environ)\n"
        "heavy = {'aiohttp', 'rich', 'asyncio', 'urllib.request', 'ssl', 'packaging.tags',"
        " 'subprocess', 'zipfile'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )

    said = subprocess.run(
        [sys.executable, script], env=uv_bench.environ, capture_output=True, text=True, check=True
    )

    assert said.stdout == "[]\n"


@pytest.mark.parametrize("told", ["line", "variable"])
def test_a_wheel_that_is_replaced_in_a_folder_of_links_is_another(bench, told):
    wheels = bench.project / "wheels"
    first = make_wheel(wheels, "demo", "1.0", {"demo.py": "one = 1"})
    if told == "variable":
        bench.environ |= {"UV_FIND_LINKS": "wheels", "PIP_FIND_LINKS": "wheels"}
    bench.write("demo==1.0\n" if told == "variable" else "--find-links wheels\ndemo==1.0\n")
    before = bench.resolve().distributions[0].sha256
    bench.index.requests.clear()
    again = bench.resolve().distributions[0].sha256
    asked = list(bench.index.requests)
    second = make_wheel(wheels, "demo", "1.0", {"demo.py": "two = 22"})

    after = bench.resolve().distributions[0].sha256

    assert first == second
    assert (before == again, asked) == (True, [])
    assert after == sha256_of(second)
