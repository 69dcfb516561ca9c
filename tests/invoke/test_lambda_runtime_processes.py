"""What functions do to their processes, and what is left of these."""

import ast
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from tests.invoke.real_runtime import served

from chalice.invocation import FunctionError, Result, Throttled, TimedOut
from chalice.invoke.lambda_runtime import (
    folders,
    identity,
    launcher,
    memory,
    sandbox,
    supervisor,
)
from chalice.invoke.lambda_runtime.folders import OwnFolder


@pytest.fixture(params=[True, False], ids=["", "plain"])
def isolated(request):
    return {"isolated": request.param}


def _of_environments():
    """Return the processes of the environments that this process started."""
    return set(memory.descendants(os.getpid()))


@pytest.mark.parametrize("module", [folders, identity, launcher, memory, sandbox, supervisor])
def test_what_runs_inside_an_environment_imports_before_it_goes_there(module):
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))

    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]

    assert not [
        node.lineno
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


# --- memory --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["itself", "a child"])
def test_more_memory_than_configured_ends_the_function(tmp_path, isolated, who):
    code = """
    import os, time
    def grow():
        kept = []
        while True:
            kept.append(os.urandom(5_000_000))
    def handler(event, context):
        if not event:
            return "alive"
        if event == "a child":
            if os.fork():
                time.sleep(20)
        grow()
    """

    with served(code, tmp_path, options=isolated) as functions:
        report = functions.report(event=who)
        log = functions.log()
        after = functions.value()

    assert isinstance(report.outcome, FunctionError)
    assert report.outcome.error_type == "Runtime.OutOfMemory"
    assert report.outcome.message.endswith("Error: Runtime exited with error: signal: killed")
    assert "Max Memory Used: 128 MB\t" in log
    assert after == "alive"


HOLD = """
import os, time
def handler(event, context):
    held = bytearray(event << 20)
    for place in range(0, len(held), 4096):
        held[place] = 1
    time.sleep(0.2)
"""


@pytest.mark.parametrize("size", [60, 95, 116, 122])
def test_what_is_shown_of_memory_is_what_is_limited(tmp_path, isolated, size):
    with served(HOLD, tmp_path, options=isolated) as functions:
        before = functions.report(event=0).measured.peak_kb
        report = functions.report(event=size)

    needed = before + size * 1024
    if needed > 128 * 1024:
        assert isinstance(report.outcome, FunctionError)
        assert report.outcome.error_type == "Runtime.OutOfMemory"
        assert report.measured.peak_kb == 128 * 1024
    else:
        assert isinstance(report.outcome, Result)
        assert abs(report.measured.peak_kb - needed) < 3000


def test_memory_that_is_only_reserved_or_shared_does_not_count(tmp_path, isolated):
    code = """
    import mmap, os, time
    reserved = mmap.mmap(-1, 20_000_000_000, flags=mmap.MAP_PRIVATE | 0x4000)
    shared = os.urandom(70_000_000)
    def handler(event, context):
        children = []
        for _ in range(4):
            pid = os.fork()
            if not pid:
                time.sleep(0.5)
                os._exit(0)
            children.append(pid)
        return [os.waitpid(pid, 0)[1] for pid in children]
    """

    with served(code, tmp_path, options=isolated) as functions:
        report = functions.report()

    assert report.outcome == Result(b"[0, 0, 0, 0]")
    assert 75_000 < report.measured.peak_kb < 110_000


def test_files_that_are_mapped_do_not_count(tmp_path, isolated):
    code = """
    import mmap, os
    def handler(event, context):
        global data
        with open(os.path.join(os.environ["LAMBDA_TASK_ROOT"], "data"), "rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return sum(data[place] for place in range(0, len(data), 4096))
    """

    with served(code, tmp_path, options=isolated) as functions:
        with (tmp_path / "task" / "data").open("wb") as file:
            file.truncate(200_000_000)
        report = functions.report()

    assert report.outcome == Result(b"0")
    assert report.measured.peak_kb < 40_000


def test_memory_that_is_a_file_by_its_name_only_counts(tmp_path, isolated):
    code = """
    import os, time
    def handler(event, context):
        file = os.memfd_create("data")
        for _ in range(200):
            os.write(file, bytes(1_000_000))
        time.sleep(0.2)
    """

    with served(code, tmp_path, options=isolated) as functions:
        report = functions.report()

    assert isinstance(report.outcome, FunctionError)
    assert report.outcome.error_type == "Runtime.OutOfMemory"
    assert report.measured.peak_kb == 128 * 1024


# --- output --------------------------------------------------------------------------------------


def test_megabytes_of_output_neither_stall_nor_fill_the_log(tmp_path, isolated):
    code = """
    def handler(event, context):
        for number in range(100_000):
            print("a line of some length, number", number)
        print("the end", flush=True)
        return "done"
    """

    with served(code, tmp_path, options=isolated) as functions:
        report = functions.report()
        *_, left_out, end, took = functions.texts()
        functions.report("handler")

    assert report.outcome == Result(b'"done"')
    shown = sum(len(text) for text in functions.texts())
    assert shown < 3_000_000
    assert left_out.endswith("further bytes of output are not shown")
    assert end.startswith("END ")
    assert took.startswith("REPORT ")


def test_a_line_without_end_is_cut(tmp_path, isolated):
    code = """
    import sys
    def handler(event, context):
        sys.stdout.write("x" * 600_000)
    """

    with served(code, tmp_path, options=isolated) as functions:
        functions.value()

    sizes = [len(text) for text in functions.texts() if text.startswith("xxx")]
    assert sizes == [262_144, 262_144, 75_712]


# --- threads and children ------------------------------------------------------------------------


def test_threads_and_children_stand_still_between_invocations(tmp_path, isolated):
    code = """
    import os, tempfile, threading, time
    path = os.path.join(tempfile.gettempdir(), "count")
    counted = 0
    def count():
        global counted
        while True:
            counted += 1
            time.sleep(0.002)
    def handler(event, context):
        if event:
            threading.Thread(target=count, daemon=True).start()
            if not os.fork():
                os.setsid()
                if os.fork():
                    os._exit(0)
                while True:
                    with open(path, "a") as file:
                        file.write("x")
                    time.sleep(0.002)
            time.sleep(0.1)
        return [counted, os.path.getsize(path), time.time()]
    """

    with served(code, tmp_path, options=isolated) as functions:
        thread, child, _ = functions.value(event="start")
        time.sleep(1)
        thread_later, child_later, _ = functions.value()
        time.sleep(0.01)
        functions.value()

    assert thread > 0
    assert child > 0
    # A second passed, in which neither of them did anything.
    assert thread_later - thread < 50
    assert child_later - child < 50


def test_a_daemon_that_a_function_leaves_ends_with_the_environment(tmp_path, isolated):
    code = """
    import os, signal, subprocess, sys
    def handler(event, context):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        for _ in range(3):
            subprocess.Popen(["sleep", "1000"], start_new_session=True)
    """
    before = _of_environments()

    with served(code, tmp_path, options=isolated) as functions:
        functions.value()
        during = _of_environments() - before

    assert len(during) >= 5
    assert not _alive(during)


def test_children_do_not_outlive_the_process_that_left_them(tmp_path, isolated):
    code = """
    import os, subprocess
    def handler(event, context):
        if event:
            subprocess.Popen(["sleep", "1000"], start_new_session=True)
            os._exit(1)
    """
    before = _of_environments()

    with served(code, tmp_path, options=isolated) as functions:
        functions.invoke()
        quiet = _of_environments() - before
        functions.report(event="leave")
        functions.report()
        after = _of_environments() - before

        assert len(after) == len(quiet)


@pytest.mark.parametrize(
    "statement",
    [
        "os.closerange(3, 1000)",
        "os.closerange(0, 1000)",
        "os.fork()",
        "os.kill(-1, 9)",
        "os.kill(os.getpid(), 19)",
        "threading.Thread(target=time.sleep, args=(1000,)).start()",
        "sys.stdout.close()",
    ],
)
def test_a_function_that_spoils_its_process_costs_itself_at_most(tmp_path, isolated, statement):
    if "-1" in statement and not isolated["isolated"]:
        pytest.skip("without namespaces it would end every process of this user")
    code = f"""
    import os, sys, threading, time
    def handler(event, context):
        if event:
            {statement}
        return "alive"
    """

    with served(code, tmp_path, options=isolated, timeout_seconds=2) as functions:
        first = functions.report(event=1).outcome
        outcomes = [functions.report().outcome for _ in range(5)]

    assert isinstance(first, Result | FunctionError | TimedOut)
    assert outcomes[-1] == Result(b'"alive"')


def test_many_processes_do_not_delay_the_answer_of_a_timeout(tmp_path, isolated):
    code = """
    import os, time
    def handler(event, context):
        for _ in range(event):
            os.fork()
        time.sleep(event)
    """

    with served(code, tmp_path, options=isolated, timeout_seconds=1) as functions:
        functions.report(event=0)
        started = time.monotonic()
        outcome = functions.invoke(event=7)
        seconds = time.monotonic() - started
        after = functions.report(event=0).outcome

    assert outcome == TimedOut(1)
    assert seconds < 2
    assert after == Result(b"null")


# --- how many ------------------------------------------------------------------------------------

PID = """
import os, time
def handler(event, context):
    time.sleep(event)
    return context.log_stream_name
"""


def _at_once(functions, count, event):
    outcomes = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(functions.report(event=event).outcome))
        for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_requests_at_a_time_have_an_environment_each(tmp_path, isolated):
    with served(PID, tmp_path, options=isolated) as functions:
        together = _at_once(functions, 3, 0.5)
        later = [functions.report(event=0).outcome for _ in range(5)]

    streams = {outcome.payload for outcome in together}
    assert len(streams) == 3
    # The one that was used last is used again.
    assert len({outcome.payload for outcome in later}) == 1
    assert {outcome.payload for outcome in later} <= streams


def test_there_are_never_more_environments_than_allowed(tmp_path, isolated):
    with served(PID, tmp_path, options={**isolated, "most_environments": 2}) as functions:
        outcomes = _at_once(functions, 5, 0.7)

    assert sum(isinstance(outcome, Result) for outcome in outcomes) == 2
    assert outcomes.count(Throttled()) == 3


def test_an_idle_environment_gives_way_to_another_function(tmp_path, isolated):
    code = """
    def handler(event, context): return context.function_name
    def other(event, context): return context.function_name
    """
    options = {**isolated, "most_environments": 1}

    with served(code, tmp_path, "handler", "other", options=options) as functions:
        found = [functions.value(name) for name in ("handler", "other", "handler")]

    assert found == ["handler", "other", "handler"]


def test_reserved_concurrency_is_a_limit(tmp_path, isolated):
    with served(PID, tmp_path, options=isolated, reserved_concurrency=1) as functions:
        outcomes = _at_once(functions, 2, 0.5)
        one_after_the_other = [functions.invoke(event=0) for _ in range(10)]

    assert sum(isinstance(outcome, Result) for outcome in outcomes) == 1
    assert outcomes.count(Throttled()) == 1
    assert len({outcome.payload for outcome in one_after_the_other}) == 1


# --- the end -------------------------------------------------------------------------------------


def _alive(pids):
    """Return which of *pids* still run, a moment later."""
    until = time.monotonic() + 3
    while time.monotonic() < until:
        left = {pid for pid in pids if Path(f"/proc/{pid}").exists()}
        if not left:
            return left
        time.sleep(0.02)
    return left


def test_closing_takes_no_time_while_functions_run(tmp_path, isolated):
    code = """
    import time
    def handler(event, context): time.sleep(60)
    """
    before = _of_environments()
    outcomes = []

    with served(code, tmp_path, options=isolated) as functions:
        thread = threading.Thread(target=lambda: outcomes.append(functions.invoke()))
        thread.start()
        while "START" not in "".join(functions.texts()):
            time.sleep(0.01)
        during = _of_environments() - before
        started = time.monotonic()
    seconds = time.monotonic() - started
    thread.join()

    assert seconds < 1
    assert during
    assert not _alive(during)
    assert len(outcomes) == 1


@pytest.mark.parametrize("victim", ["launcher", "first process", "runtime"])
def test_an_environment_whose_process_is_killed_is_replaced(tmp_path, isolated, victim):
    code = """
    import time
    def handler(event, context): return "alive"
    """
    before = _of_environments()

    with served(code, tmp_path, options=isolated) as functions:
        functions.value()
        launcher, first, runtime = (
            sorted(_of_environments() - before)[:1] + sorted(_of_environments() - before)[-2:]
        )
        pid = {"launcher": launcher, "first process": first, "runtime": runtime}[victim]
        subprocess.run(["kill", "-9", str(pid)], check=True)
        time.sleep(0.2)
        functions.report()
        outcome = functions.report().outcome

    assert outcome == Result(b'"alive"')
    assert not _alive(_of_environments() - before)


SERVER = """
import os, sys, tempfile, time
from pathlib import Path
from tests.invoke.real_runtime import served
from chalice.invoke.lambda_runtime import memory
from chalice.invoke.lambda_runtime.folders import OwnFolder
code = '''
import subprocess, time
def handler(event, context):
    subprocess.Popen(["sleep", "1000"], start_new_session=True)
    if event:
        time.sleep(60)
'''
folder = OwnFolder("chalice-package-").path
options = {"isolated": sys.argv[2] == "True", "orphan": folder}
with served(code, folder, options=options) as functions:
    functions.value()
    functions.invoke(event=1, within=0.3)
    assert not [*Path(tempfile.gettempdir()).glob("chalice-tmp-*")]  # it is in that folder
    print(*memory.descendants(os.getpid()), flush=True)
    time.sleep(60)
"""


def test_nothing_is_left_of_a_server_that_is_killed(tmp_path, isolated):
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, tmp_path, str(isolated["isolated"])],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        pids = set(map(int, server.stdout.readline().split()))
        server.kill()

    assert len(pids) >= 4
    assert not _alive(pids)
    assert not [*tmp_path.glob("chalice-package-*"), *tmp_path.rglob("chalice-tmp-*")]


def test_what_a_killed_process_left_is_removed_by_the_next_one(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code = """if True:
        import sys, time
        from chalice.invoke.lambda_runtime.folders import OwnFolder
        folder = OwnFolder("chalice-package-").path
        (folder / "task").mkdir()
        (folder / "task" / "app.py").touch()
        (folder / "task").chmod(0o555)
        print(folder, flush=True)
        time.sleep(60)
    """
    (tmp_path / "chalice-package-of-somebody-else").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        left = Path(owner.stdout.readline().strip())
        OwnFolder("chalice-package-").remove()
        meanwhile = left.exists()
        owner.kill()

    own = OwnFolder("chalice-package-")

    assert meanwhile
    assert not left.exists()
    own.remove()
    assert [path.name for path in tmp_path.iterdir()] == ["chalice-package-of-somebody-else"]
