"""What a view may do to its process, and what its callers and the others then get."""

import concurrent.futures
import os
import sys
import time
from pathlib import Path

import pytest
from tests.projects import application, write_project
from tests.server.serving import is_running, local_project, wait_until

from chalice.server.processes import Spawner
from chalice.server.records import Fault, FunctionLog, Replaced

APP = application("""
    import ctypes, multiprocessing, os, signal, subprocess, sys, threading, time
    @app.route("/")
    def index():
        return {"pid": os.getpid()}
    @app.route("/exit")
    def exit_now():
        os._exit(3)
    @app.route("/term")
    def term():
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
    @app.route("/kill-group/{number}")
    def kill_group(number):
        os.killpg(0, int(number))
        time.sleep(0.1)
        return {"pid": os.getpid()}
    @app.route("/start")
    def start():
        return {"pid": subprocess.Popen(["sleep", "600"]).pid}
    @app.route("/start/{how}")
    def start_apart(how):
        commands = {
            "timeout": ["timeout", "900", "sleep", "600"],
            "jobs": ["bash", "-c", "set -m; sleep 600 & echo $!; wait"],
            "jobs-of-nobody": ["bash", "-c", "set -m; sleep 600 & echo $!"],
            "group": ["sh", "-c", "echo $$; exec sleep 600"],
        }
        group = 0 if how == "group" else None
        started = subprocess.Popen(commands[how], process_group=group, stdout=subprocess.PIPE)
        if how == "timeout":
            return {"pid": started.pid}
        return {"pid": int(started.stdout.readline())}
    @app.route("/segfault")
    def segfault():
        ctypes.string_at(0)
    @app.route("/sys-exit")
    def sys_exit():
        sys.exit(3)
    @app.route("/interrupt")
    def interrupt():
        raise KeyboardInterrupt
    @app.route("/recurse")
    def recurse():
        return recurse()
    @app.route("/set")
    def a_set():
        return {1, 2}
    @app.route("/seven-megabytes")
    def seven_megabytes():
        return "x" * 7_000_000
    @app.route("/sleep/{seconds}")
    def sleep(seconds):
        time.sleep(float(seconds))
        return {"pid": os.getpid()}
    HERE = os.path.dirname(os.path.abspath(__file__))
    def mark(name):
        open(os.path.join(HERE, name), "w").close()
    @app.route("/until/{name}")
    def until(name):
        mark(name + ".began")
        while not os.path.exists(os.path.join(HERE, name + ".may-end")):
            time.sleep(0.01)
        return {}
    waiting = []
    @app.route("/meet/{count}")
    def meet(count):
        waiting.append(count)
        while len(waiting) < int(count):
            time.sleep(0.01)
        return {}
    @app.route("/recursion-limit")
    def recursion_limit():
        sys.setrecursionlimit(40)
        return {}
    @app.route("/chdir")
    def chdir():
        os.chdir("/")
        return {}
    @app.route("/environ")
    def environ():
        os.environ.clear()
        return {}
    @app.route("/close-stdout")
    def close_stdout():
        sys.stdout.close()
        os.close(1)
        return {}
    @app.route("/close-everything")
    def close_everything():
        os.closerange(3, 256)
        return {}
    @app.route("/fork")
    def fork():
        if os.fork() == 0:
            return {"child": True}
        time.sleep(0.2)
        return {"child": False}
    @app.route("/fork-and-stay")
    def fork_and_stay():
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        os._exit(1)
    @app.route("/child")
    def child():
        process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(0,))
        process.start()
        process.join()
        return {"code": process.exitcode}
    @app.route("/exit-later")
    def exit_later():
        threading.Timer(0.2, os._exit, (0,)).start()
        return {}
    @app.route("/garbage")
    def garbage():
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, b"x" * 100)
            except OSError:
                pass
        return {}
    @app.route("/thread")
    def thread():
        return {"main": threading.current_thread() is threading.main_thread()}
    @app.route("/print")
    def print_it():
        print("printed by a view")
        return {}
""")

BAD_GATEWAY = (502, b'{"message": "Internal server error"}')


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    directory = write_project(
        tmp_path_factory.mktemp("faults") / "demo",
        APP,
        {"app_name": "demo", "lambda_timeout": 3},
    )
    with local_project(directory) as project:
        yield project
        assert project.records.of(Fault) == []


def began(project, name):
    return project.directory.joinpath(f"{name}.began").exists()


def pid(answer):
    assert answer.status == 200, answer
    return int(answer.body.split(b":")[1].rstrip(b"}"))


@pytest.mark.parametrize(
    "path", ["/exit", "/term", "/segfault", "/kill-group/15", "/kill-group/9", "/kill-group/1"]
)
def test_a_view_that_ends_its_process_is_a_502_and_the_next_request_is_served(project, path):
    with project.client() as client:
        before = pid(client.get())

        answer = client.get(path)
        after = pid(client.get())

    assert (answer.status, answer.body) == BAD_GATEWAY
    assert after != before
    assert project.records.wait_for(Replaced)


def test_what_a_view_has_started_is_all_that_ctrl_c_for_its_group_reaches(project):
    with project.client() as client:
        before = pid(client.get())
        child = pid(client.get("/start"))
        answer = client.get("/kill-group/2")

    assert pid(answer) == before
    wait_until(lambda: not is_running(child))


def test_what_a_view_has_started_ends_with_its_process(project):
    with project.client() as client:
        child = pid(client.get("/start"))
        client.get("/exit")

    wait_until(lambda: not is_running(child))


@pytest.mark.skipif(sys.platform != "linux", reason="no other system lets the nursery adopt")
@pytest.mark.parametrize("how", ["timeout", "jobs", "jobs-of-nobody", "group"])
def test_what_has_left_the_group_ends_with_the_process_of_the_view_that_started_it(project, how):
    with project.client() as client:
        child = pid(client.get(f"/start/{how}"))
        running = is_running(child)
        client.get("/exit")

    assert running
    wait_until(lambda: not is_running(child), 5)


def test_others_of_the_same_process_get_502_and_everybody_after_is_served(project):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        sleepers = [pool.submit(project.get, f"/until/crowd-{n}") for n in range(4)]
        wait_until(lambda: all(began(project, f"crowd-{n}") for n in range(4)))
        answer = project.get("/exit")
        after = [pool.submit(project.get, "/") for _ in range(4)]

    assert answer.status == 502
    assert {future.result().status for future in sleepers} == {502}
    assert {future.result().status for future in after} == {200}


@pytest.mark.parametrize("path", ["/sys-exit", "/interrupt", "/recurse", "/set"])
def test_what_the_runtime_answers_does_not_cost_the_process(project, path):
    with project.client() as client:
        before = pid(client.get())

        answer = client.get(path)
        after = pid(client.get())

    assert answer.status == 500
    assert after == before


def test_a_result_over_six_megabytes_is_a_502(project):
    answer = project.get("/seven-megabytes")

    assert (answer.status, answer.body) == BAD_GATEWAY


def test_a_function_past_its_timeout_is_a_502_and_its_process_is_replaced(project):
    with project.client() as client:
        before = pid(client.get())
        started = time.monotonic()

        answer = client.get("/sleep/60")
        waited = time.monotonic() - started
        after = pid(client.get())

    assert (answer.status, answer.body) == BAD_GATEWAY
    assert 2.9 < waited < 10
    assert after != before
    assert any(
        "Task timed out after 3.00 seconds" in log.text for log in project.records.of(FunctionLog)
    )
    wait_until(lambda: not is_running(before))


def test_others_of_a_process_that_is_stuck_are_answered(project):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        replaced = len(project.records.of(Replaced))
        stuck = pool.submit(project.get, "/until/for-ever")
        wait_until(lambda: began(project, "for-ever"))
        time.sleep(1.5)  # the other one began later, so its timeout comes later, too
        other = pool.submit(project.get, "/until/released")
        project.records.wait_for(Replaced, replaced + 1)
        project.directory.joinpath("released.may-end").touch()

    assert stuck.result().status == 502
    assert other.result().status == 200


@pytest.mark.parametrize(
    "path", ["/recursion-limit", "/chdir", "/environ", "/close-stdout", "/close-everything"]
)
def test_settings_of_the_process_that_a_view_spoils_do_not_stop_the_server(project, path):
    with project.client() as client:
        client.get(path)

        answers = [client.get("/").status for _ in range(3)]
        client.get("/exit")  # the next test gets a fresh process

    assert answers[1:] == [200, 200]


def test_an_edit_is_served_after_the_working_directory_was_left(project):
    project.get("/chdir")

    project.edit("app.py", APP.replace('"pid": os.getpid()', '"pid": os.getpid(), "edited": 1'))
    seen = project.eventually(lambda answer: b"edited" in answer.body)
    project.edit("app.py", APP)
    project.eventually(lambda answer: b"edited" not in answer.body)

    assert {answer.status for answer in seen} == {200}


def test_a_forked_child_that_returns_from_a_view_does_not_answer_for_it(project):
    with project.client() as client:
        answers = [client.get("/fork").body for _ in range(3)]

        assert pid(client.get())
    assert answers == [b'{"child":false}'] * 3


def test_a_child_that_outlives_its_process_does_not_keep_the_server_waiting(project):
    started = time.monotonic()
    with project.client() as client:
        answer = client.get("/fork-and-stay")
        pid(client.get())

    assert answer.status == 502
    assert time.monotonic() - started < 10


def test_a_view_may_use_processes(project):
    assert project.get("/child").body == b'{"code":0}'


def test_a_process_that_ends_while_nobody_uses_it_is_replaced_when_somebody_does(project):
    with project.client() as client:
        before = pid(client.get())
        client.get("/exit-later")
        wait_until(lambda: not is_running(before))

        assert pid(client.get()) != before


def test_garbage_on_the_channel_does_not_stop_the_server(project):
    with project.client() as client:
        client.get("/garbage")

        assert [client.get().status for _ in range(3)][1:] == [200, 200]


def test_a_process_that_somebody_kills_is_replaced(project):
    with project.client() as client:
        before = pid(client.get())
        os.kill(before, 9)

        answers = [client.get() for _ in range(3)]

    assert [answer.status for answer in answers][1:] == [200, 200]


def test_sixty_four_views_run_at_once(project):
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda _: project.get("/meet/64"), range(64)))

    assert {answer.status for answer in answers} == {200}


def test_a_view_that_runs_alone_runs_in_the_main_thread(project):
    with project.client() as client:
        client.get("/exit")  # the next process has had no reason for further threads

        assert client.get("/thread").body == b'{"main":true}'


def test_the_process_of_the_application_ends_with_the_server(tmp_path):
    directory = write_project(tmp_path / "demo", APP)
    with local_project(directory) as project:
        worker = pid(project.get())
        nursery = int(Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[1])

    wait_until(lambda: not is_running(worker) and not is_running(nursery))


def test_a_nursery_that_somebody_killed_is_replaced(tmp_path):
    directory = write_project(tmp_path / "demo", APP)
    with local_project(directory) as project, project.client() as client:
        worker = pid(client.get())
        os.kill(int(Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[1]), 9)
        still = client.get()
        answer = client.get("/exit")

        after = client.get()

    assert (still.status, answer.status, after.status) == (200, 502, 200)


def test_where_nothing_can_fork_each_process_is_a_new_interpreter(tmp_path):
    directory = write_project(tmp_path / "demo", APP)
    with local_project(directory, processes=Spawner()) as project:
        with project.client() as client:
            before = pid(client.get())
            answer = client.get("/exit")
            after = pid(client.get())
        project.edit("app.py", APP.replace('"pid"', '"edited": 1, "pid"'))
        seen = project.eventually(lambda answer: b"edited" in answer.body)

    assert (answer.status, answer.body) == BAD_GATEWAY
    assert after != before
    assert {answer.status for answer in seen} == {200}
    wait_until(lambda: not is_running(before) and not is_running(after))
