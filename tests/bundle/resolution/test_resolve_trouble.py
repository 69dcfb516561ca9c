"""Everything that can be wrong with requirements: a sentence with its place, all at once."""

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from tests.bundle.bench import PYTHON_313, make_sdist, origins, unpack_source
from tests.bundle.index import serve
from tests.bundle.wheels import make_wheel, sha256_of

from chalice.bundle.resolution.tools import Surroundings, find_tool, find_uv
from chalice.bundle.store import Store
from chalice.bundle.target import Target
from chalice.bundle.wheels.credentials import Credentials
from chalice.bundle.wheels.fetch import Wheels
from chalice.bundle.wheels.transfer import Http
from chalice.diagnostics import InvalidApp, ToolError

ARM_311 = Target((3, 11), "arm64")


# --- what cannot be had --------------------------------------------------------------------------


def test_a_version_without_a_wheel_is_said_with_those_there_are(uv_bench):
    for glibc in ("2_28", "2_34"):
        uv_bench.wheel("numpy", "2.5.5", tag=f"cp311-cp311-manylinux_{glibc}_aarch64")
    uv_bench.wheel("numpy", "2.5.5", tag="cp311-cp311-win_amd64")
    uv_bench.write("# numbers\n\nnumpy==2.5.5\n")

    (problem,) = uv_bench.problems(ARM_311)

    assert (problem.code, problem.where) == ("requirement-no-wheel", "requirements.txt:3")
    assert problem.summary == (
        "numpy 2.5.5 has no wheel for python3.11 on arm64 with glibc 2.26; there are wheels for "
        "`cp311-cp311-manylinux_2_28_aarch64`, `cp311-cp311-manylinux_2_34_aarch64`, "
        "`cp311-cp311-win_amd64`"
    )


def test_pip_says_what_is_the_newest_that_fits(pip_bench):
    pip_bench.wheel("numpy", "2.5.5", tag="cp311-cp311-manylinux_2_28_aarch64")
    pip_bench.wheel("numpy", "2.0.0", tag="cp311-cp311-manylinux_2_17_aarch64")
    pip_bench.write("numpy>2.5\n")

    (problem,) = pip_bench.problems(ARM_311)

    assert problem.where == "requirements.txt:1"
    assert problem.summary == (
        "no version of `numpy` is what `numpy>2.5` asks for; "
        "the newest version for python3.11 on arm64 with glibc 2.26 is 2.0.0"
    )


def test_everything_is_said_at_once(uv_bench):
    uv_bench.wheel("old", "1.0")
    uv_bench.wheel("later", "1.0", requires_python=">=3.14")
    uv_bench.wheel("windows", "1.0", tag="cp313-cp313-win_amd64")
    uv_bench.wheel("good", "1.0")
    uv_bench.write("missing\ngood\nold==2.0\nlater==1.0\nwindows==1.0\n")

    problems = uv_bench.problems()

    assert [problem.where for problem in problems] == [
        "requirements.txt:1",
        "requirements.txt:3",
        "requirements.txt:4",
        "requirements.txt:5",
    ]
    assert "`missing` is not in the index" in problems[0].summary
    assert (
        "the newest version for python3.13 on x86_64 with glibc 2.34 is 1.0" in problems[1].summary
    )
    assert problems[0].severity == "error"


def test_a_source_that_compiles_is_said_so(uv_bench):
    uv_bench.sdist("fast", "1.0", "TAG = 'cp313-cp313-linux_x86_64'")
    uv_bench.sdist("broken", "1.0", "TAG = 1 / 0")
    uv_bench.write("fast\n")

    (problem,) = uv_bench.problems()

    assert problem.where == "requirements.txt:1"
    assert "compiled for `cp313-cp313-linux_x86_64`" in problem.summary
    assert "`fast` under `package.build`" in problem.hint


def test_two_that_do_not_agree_are_both_named(uv_bench):
    for version in ("1.0", "2.0"):
        uv_bench.wheel("demo", version)
    uv_bench.write("demo<2\ndemo>1\n")

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirements-conflict", "requirements.txt:1")
    assert "requirements.txt:2" in problem.hint


def test_what_another_package_needs_and_nobody_has_is_named(uv_bench):
    uv_bench.wheel("top", "1.0", requires=["nowhere"])
    uv_bench.write("top\n")

    (problem,) = uv_bench.problems()

    assert "nowhere" in problem.summary


def test_a_wheel_for_a_later_python_is_refused_whatever_the_index_says(uv_bench):
    uv_bench.wheel("later", "1.0", requires_python=">=3.14")
    uv_bench.index.silent = True
    uv_bench.write("later\n")

    (problem,) = uv_bench.problems()

    assert (problem.where, problem.summary) == (
        "requirements.txt:1",
        "later 1.0 runs on Python >=3.14, not on python3.13 on x86_64",
    )


def test_a_file_that_is_no_wheel_is_refused(uv_bench):
    uv_bench.write("./demo-1.0-py3-none-any.whl\n")
    uv_bench.write("no zip at all", "demo-1.0-py3-none-any.whl")

    problems = uv_bench.problems()

    assert [problem.where for problem in problems] == ["requirements.txt:1"]


@pytest.mark.parametrize("harm", ["cut", "changed", "twice"])
def test_a_wheel_of_the_project_that_is_damaged_is_said_so(uv_bench, harm):
    wheel = make_wheel(uv_bench.project, "demo", "1.0", {"demo.py": "x = 1\n" * 99})
    match harm:
        case "cut":
            wheel.write_bytes(wheel.read_bytes()[:-40])
        case "changed":
            wheel.write_bytes(wheel.read_bytes().replace(b"demo.py", b"\xff" * 7, 1))
        case _:
            warned = pytest.warns(UserWarning, match="Duplicate name")
            with warned, zipfile.ZipFile(wheel, "a") as archive:
                archive.writestr("demo.py", "x = 2")
    uv_bench.write(f"./{wheel.name}\n")

    problems = uv_bench.problems()

    assert [(problem.code, problem.where) for problem in problems] == [
        ("wheel-damaged", "requirements.txt:1")
    ]
    assert f"`{wheel.name}`" in problems[0].summary


def test_a_wheel_under_another_name_is_said_so(uv_bench):
    wheel = make_wheel(uv_bench.project, "demo", "1.0", {"demo.py": ""})
    other = wheel.with_name("other-1.0-py3-none-any.whl")
    other.write_bytes(wheel.read_bytes())
    uv_bench.write(f"./{other.name}\nthird @ ./{wheel.name}\n")

    problems = uv_bench.problems()

    assert [(problem.code, problem.where) for problem in problems] == [
        ("wheel-damaged", "requirements.txt:1"),
        ("requirement-name", "requirements.txt:2"),
    ]
    assert problems[0].summary.endswith("is not the wheel of `other`: it holds `demo`")
    assert problems[1].hint == "write `demo @ ...`"


def test_nothing_at_an_address_has_the_line_of_the_address(bench):
    address = f"{bench.index.url.removesuffix('/simple')}/nothing/demo-1.0-py3-none-any.whl"
    bench.write(f"# a wheel\ndemo @ {address}\n")

    (problem,) = bench.problems()

    assert (problem.code, problem.where) == ("requirement-missing", "requirements.txt:2")
    assert problem.summary == f"there is nothing at `{address}`"


def test_a_source_that_compiles_has_its_line_with_pip_as_well(pip_bench):
    pip_bench.sdist("fast", "1.0", "TAG = 'cp313-cp313-linux_x86_64'")
    pip_bench.write("fast==1.0\n")

    (problem,) = pip_bench.problems()

    assert (problem.code, problem.where) == ("requirement-no-wheel", "requirements.txt:1")
    assert "compiled for `cp313-cp313-linux_x86_64`" in problem.summary
    assert "`fast` under `package.build`" in problem.hint


@pytest.mark.parametrize("listed", ['["demo", 3]', '"demo"'])
def test_dependencies_that_are_no_list_of_texts_are_refused(uv_bench, listed):
    uv_bench.write(
        f'[project]\nname = "x"\nversion = "1"\ndependencies = {listed}\n', "pyproject.toml"
    )

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirements-syntax", "pyproject.toml:4")


def test_a_variable_that_is_not_set_is_said_with_its_line(uv_bench):
    uv_bench.write("# ${IN_A_COMMENT}\n--extra-index-url https://${NOPE}/simple\ndemo\n")

    (problem,) = uv_bench.problems()

    assert (problem.where, problem.summary) == ("requirements.txt:2", "`${NOPE}` is not set")


def test_a_repository_that_is_not_there_is_said_in_the_words_of_git(bench):
    bench.write(f"git+{bench.project.as_uri()}/nothing.git\n")

    (problem,) = bench.problems()

    assert "fatal: " in problem.summary
    assert problem.hint == "look at the address, and at whether git lets you in without asking"


def test_an_archive_that_is_cut_is_said_so(uv_bench):
    archive = make_sdist(uv_bench.project, "demo", "1.0")
    archive.write_bytes(archive.read_bytes()[:20])
    uv_bench.write(f"./{archive.name}\n")

    (problem,) = uv_bench.problems()

    assert problem.where == "requirements.txt:1"
    assert "it says nothing" not in problem.summary


# --- hashes --------------------------------------------------------------------------------------


def test_a_hash_that_is_right_is_honoured(bench):
    wheel = bench.wheel("demo", "1.0")
    bench.write(
        f"demo==1.0 \\\n    --hash=sha256:{'0' * 64} \\\n    --hash=sha256:{sha256_of(wheel)}\n"
    )

    assert origins(bench.resolve()) == ["demo 1.0"]


def test_a_hash_that_is_wrong_stops(uv_bench):
    wheel = uv_bench.wheel("demo", "1.0")
    uv_bench.write(f"demo==1.0 --hash=sha256:{'0' * 64}\n")

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirement-hash", "requirements.txt:1")
    assert sha256_of(wheel) in problem.summary


def test_a_hash_that_is_wrong_stops_with_pip_as_well(pip_bench):
    pip_bench.wheel("demo", "1.0")
    pip_bench.write(f"demo==1.0 --hash=sha256:{'0' * 64}\n")

    (problem,) = pip_bench.problems()

    assert problem.where == "requirements.txt:1"


def test_a_hash_of_another_kind_is_checked_against_what_came(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write(f"demo==1.0 --hash=sha512:{'0' * 128}\n")

    (problem,) = uv_bench.problems()

    assert "sha512" in problem.summary


def test_where_one_has_a_hash_all_need_one(uv_bench):
    wheel = uv_bench.wheel("demo", "1.0", requires=["below"])
    uv_bench.wheel("below", "1.0")
    uv_bench.write(f"demo==1.0 --hash=sha256:{sha256_of(wheel)}\n")

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirement-unhashed", "requirements.txt")
    assert "below 1.0" in problem.summary


def test_hashes_may_be_required_of_all(bench):
    wheel = bench.wheel("demo", "1.0")
    bench.write("--require-hashes\ndemo==1.0\n")

    problems = bench.problems()
    bench.write(f"--require-hashes\ndemo==1.0 --hash=sha256:{sha256_of(wheel)}\n")

    assert [(problem.code, problem.where) for problem in problems] == [
        ("requirement-unhashed", "requirements.txt:2")
    ]
    assert origins(bench.resolve()) == ["demo 1.0"]


def test_a_hash_in_an_address_is_one(uv_bench):
    wheel = uv_bench.wheel("demo", "1.0")
    address = f"{uv_bench.index.url.removesuffix('/simple')}/files/{wheel.name}"
    uv_bench.write(f"--require-hashes\ndemo @ {address}#sha256={sha256_of(wheel)}\n")

    assert origins(uv_bench.resolve()) == ["demo 1.0"]


def test_an_index_that_lies_about_a_hash_stops(uv_bench):
    wheel = uv_bench.wheel("demo", "1.0")
    uv_bench.index.lies = {wheel.name: "1" * 64}
    uv_bench.write("demo\n")

    (problem,) = uv_bench.problems()

    assert problem.where == "requirements.txt:1"
    assert "1" * 64 in problem.summary
    assert sha256_of(wheel) in problem.summary


def test_a_truncated_wheel_stops(bench):
    wheel = bench.wheel("demo", "1.0")
    bench.index.truncated = {wheel.name: 100}
    bench.write("demo\n")

    problems = bench.problems()

    assert len(problems) == 1
    assert not list(bench.cache.rglob("*.whl"))


def test_what_came_damaged_once_is_fetched_once_more(uv_bench):
    # Metadata is asked for first, with the whole file.
    wheel = uv_bench.wheel("demo", "1.0")
    uv_bench.write("demo==1.0\n")
    uv_bench.resolve()
    for file in uv_bench.cache.rglob("*.whl"):
        file.unlink()
    uv_bench.index.damaged[wheel.name] = 1

    assert origins(uv_bench.resolve()) == ["demo 1.0"]


# --- the index -----------------------------------------------------------------------------------


def test_no_network_is_said_once(bench):
    bench.write("demo\nother\n")
    environ = {**bench.environ, **bench.index.environ("http://127.0.0.1:9/simple")}

    (problem,) = bench.problems(environ=environ)

    assert (problem.code, problem.where) == ("index-unreachable", "requirements.txt")
    assert "127.0.0.1" in problem.summary


@pytest.mark.parametrize("who", ["address", "netrc"])
def test_a_private_index_lets_in_who_is_known(bench, who, tmp_path):
    bench.wheel("demo", "1.0")
    bench.index.user = "ann:s%cret"
    bench.write("demo\n")
    environ = {**bench.environ, "NETRC": str(tmp_path / "netrc")}
    if who == "address":
        address = bench.index.url.replace("://", "://ann:s%25cret@")
        environ |= bench.index.environ(address)
    else:
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login ann password s%cret\n")

    assert origins(bench.resolve(environ=environ)) == ["demo 1.0"]


def test_a_named_index_of_uv_has_its_user_in_variables(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.index.user = "ann:secret"
    uv_bench.write("demo\n")
    (uv_bench.project / "uv.toml").write_text(
        f'[[index]]\nname = "my-corp"\nurl = "{uv_bench.index.url}"\ndefault = true\n'
    )
    without = {"UV_DEFAULT_INDEX", "PIP_INDEX_URL", "UV_NO_CONFIG"}
    environ = {name: value for name, value in uv_bench.environ.items() if name not in without}
    environ |= {"UV_INDEX_MY_CORP_USERNAME": "ann", "UV_INDEX_MY_CORP_PASSWORD": "secret"}

    assert origins(uv_bench.resolve(environ=environ)) == ["demo 1.0"]


def test_a_private_index_turns_others_away_and_no_password_is_shown(bench):
    bench.wheel("demo", "1.0")
    bench.index.user = "ann:secret"
    bench.write("demo\n")
    address = bench.index.url.replace("://", "://ann:wr0ng@")

    problems = bench.problems(environ={**bench.environ, **bench.index.environ(address)})

    assert [problem.where for problem in problems] == ["requirements.txt"]
    assert problems[0].code == "index-sign-in"
    assert "wr0ng" not in str(problems)


def test_another_host_is_not_told_who_we_are(uv_bench, tmp_path):
    wheel = uv_bench.wheel("demo", "1.0")
    uv_bench.index.user = "ann:secret"
    uv_bench.write("demo\n")
    address = uv_bench.index.url.replace("://", "://ann:secret@")
    environ = {**uv_bench.environ, **uv_bench.index.environ(address)}
    with serve(uv_bench.index.folder) as other:
        uv_bench.resolve(environ=environ)
        wheel_kept = next(uv_bench.cache.rglob("*.whl"))
        wheel_kept.unlink()
        uv_bench.index.moved = other.url.removesuffix("/simple").replace("127.0.0.1", "localhost")

        found = uv_bench.resolve(environ=environ)

    assert origins(found) == ["demo 1.0"]
    assert (f"/files/{wheel.name}", "") in other.requests
    assert {authorization for _, authorization in other.requests} == {""}


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_an_encoding_that_is_marked_is_read(uv_bench, encoding):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write("# für alle\r\ndemo\r\n".encode(encoding))

    assert origins(uv_bench.resolve()) == ["demo 1.0"]


def test_an_encoding_that_is_declared_is_read(uv_bench):
    uv_bench.wheel("demo", "1.0")
    uv_bench.write("# -*- coding: latin-1 -*-\n# für alle\ndemo\n".encode("latin-1"))

    assert origins(uv_bench.resolve()) == ["demo 1.0"]


@pytest.mark.parametrize(
    ("content", "where", "said"),
    [
        ("demo\n# für\n".encode("latin-1"), "requirements.txt:2", "byte 0xfc"),
        ("demo\n".encode("utf-16-le"), "requirements.txt:1", "zero byte"),
        (b"# coding: klingon\n", "requirements.txt:1", "`klingon`"),
    ],
)
def test_an_encoding_that_nobody_names_is_refused_with_its_line(uv_bench, content, where, said):
    uv_bench.write(content)

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirements-encoding", where)
    assert said in problem.summary
    assert problem.hint == "save it as UTF-8"


@pytest.mark.parametrize("kind", ["folder", "pipe", "link to nothing", "huge"])
def test_what_is_no_file_is_refused(uv_bench, kind):
    path = uv_bench.project / "requirements.txt"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "link to nothing":
            path.symlink_to("nowhere")
        case _:
            with path.open("wb") as file:
                file.truncate(1 << 40)

    (problem,) = uv_bench.problems()

    assert (problem.code, problem.where) == ("requirements-unreadable", "requirements.txt")
    assert kind in problem.summary or kind == "huge"


def test_an_included_file_that_is_missing_has_the_place_of_the_line(uv_bench):
    uv_bench.write("demo\n-r more.txt\n-c limits.txt\n")

    problems = uv_bench.problems()

    assert [(problem.where, problem.summary) for problem in problems] == [
        ("requirements.txt:2", "`more.txt` does not exist"),
        ("requirements.txt:3", "`limits.txt` does not exist"),
    ]


def test_lines_that_are_no_requirements_are_said_at_once(uv_bench):
    uv_bench.write(
        "requests=2\nrequests ==\n--no-binary :all:\n--frobnicate\n"
        "-r https://example.com/x.txt\ndemo --global-option=x\nwhat is this\n"
    )

    problems = uv_bench.problems()

    assert [(problem.code, problem.where) for problem in problems] == [
        ("requirements-syntax", "requirements.txt:1"),
        ("requirements-syntax", "requirements.txt:2"),
        ("requirements-option", "requirements.txt:3"),
        ("requirements-option", "requirements.txt:4"),
        ("requirements-include", "requirements.txt:5"),
        ("requirements-option", "requirements.txt:6"),
        ("requirements-syntax", "requirements.txt:7"),
    ]


def test_a_source_that_does_not_build_is_said_with_its_reason(bench):
    unpack_source(bench.project / "lib", "lib", "1.0", "TAG = 1 / 0")
    bench.write("./lib\n./missing\n")

    problems = bench.problems()

    assert [(problem.code, problem.where) for problem in problems] == [
        ("requirement-unbuilt", "requirements.txt:1"),
        ("requirement-unreadable", "requirements.txt:2"),
    ]
    assert "ZeroDivisionError" in problems[0].summary


def test_a_local_wheel_for_another_machine_is_refused(bench):
    make_wheel(bench.project, "local", "1.0", {"x.py": ""}, tag="cp313-cp313-win_amd64")
    bench.write("./local-1.0-cp313-cp313-win_amd64.whl\n")

    (problem,) = bench.problems()

    assert problem.where == "requirements.txt:1"


def test_a_resolver_that_nobody_knows_is_refused(uv_bench):
    uv_bench.write("demo\n")

    (problem,) = uv_bench.problems(environ={**uv_bench.environ, "CHALICE_RESOLVER": "poetry"})

    assert (problem.code, problem.hint) == ("resolver-unknown", "write `uv` or `pip`")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [("", "neither uv nor pip is on"), ("uv", "uv is not on"), ("pip", "pip is not on")],
)
def test_no_uv_and_no_pip_is_said(tmp_path, wanted, said):
    environ = {"PATH": str(tmp_path), "CHALICE_RESOLVER": wanted}
    around = Surroundings(environ, str(tmp_path / "python"), lambda _: False)

    with pytest.raises(InvalidApp, match=said) as caught:
        find_tool(tmp_path, PYTHON_313, Store(tmp_path), around)

    assert [problem.code for problem in caught.value.problems] == ["resolver-missing"]


def test_uv_is_found_beside_the_interpreter_and_as_its_module(tmp_path):
    python = str(tmp_path / "python")
    nowhere = {"PATH": str(tmp_path / "nothing")}
    assert find_uv(Surroundings(nowhere, python, {"uv"}.__contains__)) == (python, "-m", "uv")
    (tmp_path / "uv").write_text("#!/bin/sh\n")
    (tmp_path / "uv").chmod(0o755)

    assert find_uv(Surroundings(nowhere, python, lambda _: False)) == (str(tmp_path / "uv"),)


# --- interruptions -------------------------------------------------------------------------------


def test_ctrl_c_ends_what_was_started_and_leaves_nothing(uv_bench, tmp_path):
    unpack_source(
        uv_bench.project / "lib", "lib", "1.0", SLEEPER.format(mark=str(tmp_path / "mark"))
    )
    uv_bench.write("./lib\n")
    script = tmp_path / "run.py"
    script.write_text(
        "import os, sys\nfrom pathlib import Path\n"
        "from chalice.bundle.resolution.resolve import resolve\n"
        "from chalice.bundle.store import Store\n"
        "from chalice.bundle.target import Target\n"
        "try:\n"
        f"    resolve(Path({str(uv_bench.project)!r}), Target((3, 13)),"
        f" Store(Path({str(uv_bench.cache)!r})), build=(), progress=lambda *_: None,"
        " environ=os.environ)\n"
        "except KeyboardInterrupt:\n    sys.exit(130)\n"
    )
    process = subprocess.Popen([sys.executable, script], env=uv_bench.environ)
    deadline = time.monotonic() + 20
    while not (tmp_path / "mark").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    builder = int((tmp_path / "mark").read_text())

    process.send_signal(signal.SIGINT)

    assert process.wait(10) == 130
    assert gone(builder)
    assert not list((uv_bench.cache / "wheels").iterdir())


SLEEPER = """
import time
with open({mark!r}, "w") as file:
    file.write(str(os.getpid()))
time.sleep(60)
"""


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_a_full_disk_is_said(uv_bench, tmp_path):
    class Full(Wheels):
        def fetch(self, *_: object) -> object:
            raise OSError(28, "No space left on device", str(uv_bench.cache / "wheels"))

    from chalice.bundle.inputs.choice import find_inputs
    from chalice.bundle.resolution import solving

    uv_bench.wheel("demo", "1.0")
    uv_bench.write("demo\n")
    store = Store(uv_bench.cache)

    with pytest.raises(ToolError, match="No space left on device; make room"):
        solving.solve(
            find_inputs(uv_bench.project, uv_bench.environ),
            uv_bench.project,
            PYTHON_313,
            store,
            Full(store),
            build=set(),
            progress=lambda *_: None,
            environ=uv_bench.environ,
        )


@pytest.mark.parametrize("place", ["local", "served"])
def test_a_disk_that_fills_up_is_no_trouble_of_the_network(uv_bench, place):
    wheel = uv_bench.wheel("demo", "1.0")
    served = f"{uv_bench.index.url.removesuffix('/simple')}/files/{wheel.name}"
    http = Http(Credentials({}), {})

    class Full(io.BytesIO):
        def write(self, *_: object) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left on device"):
        http(wheel.as_uri() if place == "local" else served, Full(), lambda *_: None)


def test_a_disk_that_is_full_for_uv_is_said(uv_bench, tmp_path):
    fake_uv(tmp_path, "Failed to fetch: `x`", "Caused by: No space left on device (os error 28)")
    uv_bench.write("demo\n")

    with pytest.raises(ToolError, match="cannot be written: No space left on device; make"):
        uv_bench.resolve(environ=uv_bench.environ | first_on_path(tmp_path / "bin"))


def test_a_uv_that_fails_is_not_taken_for_an_answer(uv_bench, tmp_path):
    fake_uv(tmp_path, "", code=3)
    uv_bench.write("demo\nother\n")

    problems = uv_bench.problems(environ=uv_bench.environ | first_on_path(tmp_path / "bin"))

    assert [(problem.code, problem.where) for problem in problems] == [
        ("requirements-unresolved", "requirements.txt")
    ]
    assert problems[0].summary == "uv cannot tell what is needed: it ends with 3 and says nothing"


def test_a_uv_that_is_no_program_is_said(uv_bench, tmp_path):
    fake_uv(tmp_path, "")
    (tmp_path / "bin/uv").write_text("no program")
    uv_bench.write("demo\n")

    with pytest.raises(ToolError, match="uv` cannot be started: Exec format error; mend it"):
        uv_bench.resolve(environ=uv_bench.environ | first_on_path(tmp_path / "bin"))


def first_on_path(folder: Path) -> dict[str, str]:
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def fake_uv(folder: Path, *said: str, code: int = 2) -> None:
    """Make a uv in *folder* / `bin` that says this, and fails."""
    (folder / "bin").mkdir()
    path = folder / "bin" / "uv"
    text = "\n".join(said)
    path.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{text}\nEND\nexit {code}\n")
    path.chmod(0o755)
