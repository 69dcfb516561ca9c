"""pip passes over what does not answer, and says so in its log only: here it is said aloud."""

import pytest
from tests.bundle.bench import origins
from tests.bundle.wheels import sha256_of

NOWHERE = "http://127.0.0.1:9/simple"
SECRET = "http://ann:hunter2@127.0.0.1:9/simple"


def page_of(folder, *wheels):
    """Write a simple index of files, and return its address."""
    for wheel in wheels:
        place = folder / wheel.name.split("-")[0]
        place.mkdir(parents=True)
        (place / wheel.name).write_bytes(wheel.read_bytes())
        (place / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    return folder.as_uri()


@pytest.mark.parametrize("place", ["index", "links"])
def test_an_index_that_does_not_answer_is_said_though_another_has_it(pip_bench, tmp_path, place):
    other = page_of(tmp_path / "other", pip_bench.wheel("demo", "1.0"))
    pip_bench.write("demo\n")
    environ = {**pip_bench.environ, "PIP_INDEX_URL": SECRET, "PIP_EXTRA_INDEX_URL": other}
    if place == "links":
        environ |= {"PIP_INDEX_URL": pip_bench.index.url, "PIP_FIND_LINKS": SECRET}

    (problem,) = pip_bench.problems(environ=environ)

    assert (problem.code, problem.where) == ("index-unreachable", "requirements.txt")
    assert NOWHERE in problem.summary
    assert "Connection refused" in problem.summary
    assert " object at 0x" not in problem.summary
    assert "hunter2" not in str(problem)


def test_an_index_that_lacks_a_package_is_no_trouble(pip_bench, tmp_path):
    other = page_of(tmp_path / "other", pip_bench.wheel("demo", "1.0"))
    (pip_bench.index.folder / "demo-1.0-py3-none-any.whl").unlink()
    pip_bench.write("demo\n")

    found = pip_bench.resolve(environ={**pip_bench.environ, "PIP_EXTRA_INDEX_URL": other})

    assert origins(found) == ["demo 1.0"]


def test_an_index_that_wants_to_know_who_asks_is_said_though_another_has_it(pip_bench, tmp_path):
    wheel = pip_bench.wheel("demo", "1.0")
    other = page_of(tmp_path / "other", wheel)
    pip_bench.index.user = "ann:secret"
    pip_bench.write(f"demo==1.0 --hash=sha256:{sha256_of(wheel)}\n")

    (problem,) = pip_bench.problems(environ={**pip_bench.environ, "PIP_EXTRA_INDEX_URL": other})

    assert problem.code == "index-sign-in"


def test_what_is_waited_for_is_told(pip_bench):
    pip_bench.write("demo\n")
    environ = {**pip_bench.environ, **pip_bench.index.environ(SECRET), "PIP_RETRIES": "1"}
    told = []

    pip_bench.problems(environ=environ, progress=lambda doing, *_: told.append(doing))

    assert "Waiting for the index, which does not answer" in told
