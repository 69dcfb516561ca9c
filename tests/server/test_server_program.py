"""`chalice local` as a program: what it prints, how it stops, what it leaves behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest
from tests.projects import application, write_project
from tests.server.serving import Program, is_running, wait_until

APP = application("""
    import os, sys, time
    @app.route("/")
    def index():
        return {"pid": os.getpid()}
    @app.route("/sleep/{seconds}")
    def sleep(seconds):
        print("sleeps", seconds, file=sys.stderr, flush=True)
        time.sleep(float(seconds))
        return {"slept": seconds}
    @app.route("/print")
    def print_it():
        print("printed by a view")
        return {}
    @app.route("/raise")
    def fail():
        raise ValueError("raised by a view")
    @app.route("/exit")
    def end():
        os._exit(3)
    @app.route("/close-streams")
    def close_streams():
        sys.stdout.close()
        sys.stderr.close()
        return {}
    @app.route("/close-descriptors")
    def close_descriptors():
        os.close(1)
        os.close(2)
        return {}
    @app.route("/environ/{name}")
    def environ(name):
        return {"value": os.environ.get(name)}
""")

CONFIG = {
    "app_name": "demo",
    "stages": {
        "dev": {"environment_variables": {"SETTING": "of dev"}},
        "prod": {"environment_variables": {"SETTING": "of prod"}},
    },
}

MODES = pytest.mark.parametrize("options", [(), ("--no-autoreload",)], ids=["reload", "single"])


@pytest.fixture
def directory(tmp_path):
    return write_project(tmp_path / "demo", APP, CONFIG)


def listens(program):
    try:
        program.client().__exit__()
    except (ConnectionRefusedError, ConnectionResetError):  # reset: it was waiting to be accepted
        return False
    return True


def value(answer):
    return answer.body.split(b'"value":')[1].rstrip(b"}")


@MODES
def test_the_url_is_printed_alone_and_answers_at_once(directory, options):
    with Program(directory, *options) as program:
        url = program.url
        with program.client() as client:
            status = client.get().status
        program.interrupt()
        code = program.wait()
        rest = program.process.stdout.read()

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", url)
    assert status == 200
    assert rest == ""
    assert code == 130
    assert "Traceback" not in program.said()


@MODES
def test_ctrl_c_lets_a_request_end(directory, options):
    with Program(directory, *options) as program:
        with program.client() as client:
            client.send(f"GET /sleep/1 HTTP/1.1\r\nHost: {client.host}\r\n\r\n".encode())
            program.wait_until_said("sleeps 1")
            program.interrupt()

            answer = client.answer()

        assert (answer.status, answer.header("Connection")) == (200, "close")
        assert program.wait() == 130
    assert "Traceback" not in program.said()


def test_ctrl_c_lets_an_answer_be_read_to_its_end(tmp_path):
    large = application("@app.route('/')\ndef index(): return 'x' * 5_000_000")
    with Program(write_project(tmp_path / "demo", large)) as program:
        with program.client() as client:
            client.send(f"GET / HTTP/1.1\r\nHost: {client.host}\r\n\r\n".encode())
            program.wait_until_said('"GET /" 200')  # the answer is made, and waits to be read
            program.interrupt()
            wait_until(lambda: not listens(program))

            assert len(client.answer().body) == 5_000_000
        assert program.wait() == 130


@MODES
def test_a_second_ctrl_c_does_not_wait(directory, options):
    with Program(directory, *options) as program:
        with program.client() as client:
            client.send(f"GET /sleep/30 HTTP/1.1\r\nHost: {client.host}\r\n\r\n".encode())
            program.wait_until_said("sleeps 30")
            started = time.monotonic()
            program.interrupt()
            wait_until(lambda: not listens(program))  # the first one has been heard
            program.interrupt()

            assert program.wait() == 130
        assert time.monotonic() - started < 4  # requests have 5 s to end
    assert "Traceback" not in program.said()


def test_ctrl_c_of_a_terminal_reaches_every_process_and_only_one_acts(directory):
    code = (
        "import os, subprocess, sys, time\n"
        "os.setpgrp()\n"
        f"process = subprocess.Popen([{sys.executable!r}, '-m', 'chalice.cli.main', 'local',"
        " '--port', '0'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)\n"
        "process.stdout.readline()\n"
        "import signal\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "os.killpg(0, signal.SIGINT)\n"
        "_, said = process.communicate(timeout=20)\n"
        "print(process.returncode, 'Traceback' in said)\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
    )

    assert ended.stdout.split() == ["130", "False"], ended.stderr


def test_ctrl_c_while_the_application_loads_ends_it(tmp_path):
    directory = write_project(
        tmp_path / "demo", "import time\nopen('began', 'w').close()\ntime.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "chalice.cli.main", "local", "--port", "0"],
        cwd=directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until((directory / "began").exists)

    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "Traceback" not in said


def test_sigterm_ends_it_in_order(directory):
    with Program(directory) as program:
        program.process.terminate()

        assert program.wait() == 0
    assert "Traceback" not in program.said()


def test_nothing_is_left_behind_when_the_server_is_killed(directory):
    with Program(directory) as program, program.client() as client:
        worker = int(client.get().body.split(b":")[1].rstrip(b"}"))
        client.send(f"GET /sleep/30 HTTP/1.1\r\nHost: {client.host}\r\n\r\n".encode())
        program.wait_until_said("sleeps 30")

        program.process.kill()
        program.wait()

    wait_until(lambda: not is_running(worker))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGQUIT])
def test_nothing_is_left_behind_when_the_whole_group_is_ended(directory, number):
    process = subprocess.Popen(
        [sys.executable, "-m", "chalice.cli.main", "local", "--port", "0"],
        cwd=directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    from tests.server.raw_client import RawClient

    with RawClient(process.stdout.readline().strip()) as client:
        worker = int(client.get().body.split(b":")[1].rstrip(b"}"))
        client.send(f"GET /sleep/30 HTTP/1.1\r\nHost: {client.host}\r\n\r\n".encode())
        wait_until(lambda: b"sleeps 30" in os.read(process.stderr.fileno(), 4096))

        os.killpg(process.pid, number)
        wait_until(lambda: not is_running(worker))
    process.communicate(timeout=20)


def test_what_views_print_and_raise_is_shown_with_a_line_for_each_request(directory):
    with Program(directory) as program, program.client() as client:
        client.get("/print")
        client.get("/raise")
        client.get("/nothing\u0041%0a?x=1")
        program.interrupt()
        program.wait()

    said = program.said()
    assert "printed by a view\n" in said
    assert "ValueError: raised by a view" in said
    assert re.search(r'127\.0\.0\.1 "GET /print" 200 2 B \d+\.\d ms /print\n', said)
    assert re.search(r'127\.0\.0\.1 "GET /raise" 500 \d+ B \d+\.\d ms /raise\n', said)
    assert re.search(r'"GET /nothingA%0a\?x=1" 403 42 B \d+\.\d ms - \(.+\)\n', said)


@MODES
@pytest.mark.parametrize("path", ["/close-streams", "/close-descriptors"])
def test_a_view_that_closes_its_streams_does_not_silence_the_log(directory, options, path):
    with Program(directory, *options) as program, program.client() as client:
        closed = client.get(path)
        after = client.get("/")

        program.wait_until_said('"GET /" 200')

    assert (closed.status, after.status) == (200, 200)


def test_a_reader_that_never_reads_does_not_stop_the_server(directory):
    process = subprocess.Popen(
        [sys.executable, "-m", "chalice.cli.main", "local", "--port", "0"],
        cwd=directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    url = process.stdout.readline().strip()
    from tests.server.raw_client import RawClient

    with RawClient(url) as client:
        statuses = {client.get("/nothing-" + "x" * 200).status for _ in range(1500)}
        still = client.get().status
    process.kill()
    process.communicate()

    assert (statuses, still) == ({403}, 200)


def test_a_port_that_is_taken_is_said_with_the_next_free_one(directory):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        ended = run(directory, "--port", str(port))

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert re.fullmatch(
        rf"Error: Port {port} of 127\.0\.0\.1 is taken; (\d+) is free: `--port \1`\n",
        ended.stderr,
    )


@MODES
def test_a_project_that_cannot_be_served_is_told_with_its_problems(tmp_path, options):
    directory = write_project(tmp_path / "demo", application("@app.route('/a/')\ndef f(): pass"))

    ended = run(directory, "--port", "0", *options)

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("app.py:3: ")
    assert ended.stderr.endswith("Error: 1 problem\n")


def test_an_address_that_is_not_of_this_machine_is_said(directory):
    ended = run(directory, "--host", "192.0.2.1", "--port", "0")

    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: Cannot listen on 192.0.2.1")


def test_an_open_address_is_warned_of(directory):
    with Program(directory, "--host", "0.0.0.0", "--allow-host", "given.test") as program:
        with program.client() as client:
            known = client.request("GET", "/", host="given.test").status
            unknown = client.request("GET", "/", host="other.test").status
        program.interrupt()
        program.wait()

    assert (known, unknown) == (200, 421)
    assert "Every machine that reaches 0.0.0.0 can call the application\n" in program.said()


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_the_other_loopback_address_can_be_used(directory):
    with Program(directory, "--host", "::1") as program, program.client() as client:
        assert program.url.startswith("http://[::1]:")
        assert client.get().status == 200


@MODES
def test_the_environment_is_that_of_the_stage_and_of_lambda(directory, options):
    environ = {"AWS_ACCESS_KEY_ID": "the user's own"}
    names = ("SETTING", "AWS_LAMBDA_FUNCTION_NAME", "_HANDLER", "AWS_ACCESS_KEY_ID", "TZ")
    with (
        Program(directory, "--stage", "prod", *options, environ=environ) as program,
        program.client() as client,
    ):
        values = [value(client.get(f"/environ/{name}")) for name in names]
        invented = value(client.get("/environ/AWS_SESSION_TOKEN"))

    assert values == [b'"of prod"', b'"demo-prod"', b'"app.app"', b'"the user\'s own"', b'":UTC"']
    assert invented == b"null" or "AWS_SESSION_TOKEN" in os.environ


def test_without_reload_a_view_can_end_the_server(directory):
    with Program(directory, "--no-autoreload") as program, program.client() as client:
        client.send(f"GET /exit HTTP/1.1\r\nHost: {client.host}\r\n\r\n".encode())

        assert program.wait() == 3


def test_an_unknown_stage_is_a_problem(directory):
    ended = run(directory, "--stage", "prdo", "--port", "0")

    assert ended.returncode == 1
    assert "prod" in ended.stderr


def run(directory, *options):
    return subprocess.run(
        [sys.executable, "-m", "chalice.cli.main", "local", *options],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
