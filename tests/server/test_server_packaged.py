"""`chalice local --package`: the package behind the gateway, through sockets."""

import contextlib
import json
import os
import signal
import tempfile
import threading
import time
from pathlib import Path

import pytest
from tests.projects import application, write_project
from tests.server.raw_client import RawClient
from tests.server.serving import InBackground, Program, Records, local_project, wait_until

from chalice.diagnostics import InvalidApp
from chalice.emulator import emulate
from chalice.gateway.http import HttpRequest
from chalice.model.load import uninstall
from chalice.project import load_project
from chalice.server.listening import listen, url_of
from chalice.server.local import Server
from chalice.server.records import Broken, FunctionLog, Reloaded, Serving
from chalice.server.sources import PackagedProject, Project

APP = application("""
    import os, sys, time
    @app.route("/")
    def index():
        return {"root": os.environ["LAMBDA_TASK_ROOT"], "setting": os.environ.get("SETTING")}
    @app.route("/exit")
    def end():
        os._exit(3)
    @app.route("/sleep/{seconds}")
    def sleep(seconds):
        print("sleeps", flush=True)
        time.sleep(float(seconds))
        return {"slept": seconds}
    @app.authorizer()
    def door(request):
        print("asked", request.token)
        routes = ["*"] if request.token == "ann" else []
        return AuthResponse(routes=routes, principal_id=request.token)
    @app.route("/private", authorizer=door)
    def private():
        return {"you are": app.current_request.context["authorizer"]["principalId"]}
    @app.route("/key", api_key_required=True)
    def key():
        return {}
    theirs = CustomAuthorizer("theirs", authorizer_uri=(
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        "arn:aws:lambda:us-east-1:123456789012:function:theirs/invocations"
    ))
    @app.route("/theirs", authorizer=theirs)
    def for_theirs():
        return app.current_request.context["authorizer"]["principalId"]
""")
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
CONFIG = {
    "environment_variables": {"SETTING": "of all"},
    "local": {
        "api_keys": ["kkkkkkkkkkkkkkkkkkkk"],
        "authorizers": {"theirs": {"returns": {"principalId": "them", "policyDocument": POLICY}}},
    },
}


class Packaged:
    """A package that is served in the process of the test."""

    def __init__(self, url, directory, records):
        self.url = url
        self.directory = directory
        self.records = records

    def get(self, target="/", headers=()):
        with RawClient(self.url, 30) as client:
            return client.get(target, headers)

    def edit(self, name, text):
        path = self.directory / name
        new = path.with_name(f"{path.name}.tmp")
        new.write_text(text)
        new.replace(path)

    def eventually(self, wanted, seconds=30):
        """Ask for the root until its answer satisfies *wanted*."""
        until = time.monotonic() + seconds
        while not wanted(answer := self.get()):
            assert time.monotonic() < until, answer
            time.sleep(0.05)
        return answer

    def said(self):
        return [record.text for record in self.records.of(FunctionLog)]


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Keep what is kept between builds apart from what the user keeps."""
    folder = tmp_path_factory.getbasetemp() / "cache"
    before = os.environ.get("CHALICE_CACHE_DIR")
    os.environ["CHALICE_CACHE_DIR"] = str(folder)
    yield folder
    if before is None:
        del os.environ["CHALICE_CACHE_DIR"]
    else:
        os.environ["CHALICE_CACHE_DIR"] = before


@pytest.fixture
def serve(cache):
    """Return a context manager that serves a project's package."""

    @contextlib.contextmanager
    def run(directory, **options):
        records = Records()
        listener = listen("127.0.0.1", 0)
        source = PackagedProject(Project(directory, **options))
        try:
            with InBackground(Server(source, listener, url_of(listener), records)) as running:
                yield Packaged(running.url, directory, records)
        finally:
            uninstall()

    return run


@pytest.fixture
def directory(tmp_path):
    return write_project(tmp_path / "demo", APP, CONFIG)


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """Have temporary files in a folder that nobody else uses."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_requests_are_answered_as_the_package_answers(serve, directory):
    with serve(directory) as served:
        first = served.get()
        named = served.get("/private", [("Authorization", "ann")])
        denied = served.get("/private", [("Authorization", "bob")])
        no_key = served.get("/key")
        with_key = served.get("/key", [("x-api-key", "k" * 20)])
        theirs = served.get("/theirs", [("Authorization", "x")])
        wait_until(lambda: any(text.startswith("REPORT ") for text in served.said()))
        said = served.said()

    answer = json.loads(first.body)
    assert (first.status, answer["setting"]) == (200, "of all")
    assert answer["root"] != str(directory)
    assert (named.status, json.loads(named.body)) == (200, {"you are": "ann"})
    assert (denied.status, no_key.status, with_key.status) == (403, 403, 200)
    assert (theirs.status, theirs.body) == (200, b"them")
    assert "asked ann" in said
    assert any(text.startswith("START RequestId: ") for text in said)


def test_a_function_that_ends_its_process_costs_one_request(serve, directory):
    with serve(directory) as served:
        broken = served.get("/exit")
        answer = served.get()

    assert (broken.status, answer.status) == (502, 200)


def test_an_edit_is_packaged_and_served(serve, directory):
    with serve(directory) as served:
        served.edit("app.py", APP.replace('"setting": os', '"edited": 1, "setting": os'))
        served.eventually(lambda answer: b'"edited"' in answer.body)
        [reloaded] = served.records.wait_for(Reloaded)

    assert "app.py" in reloaded.files


def test_an_edit_that_cannot_be_packaged_is_told_until_it_is_mended(serve, directory):
    with serve(directory) as served:
        served.get()
        served.edit("app.py", APP.replace('"/sleep/{seconds}"', '"/sleep/{second}"'))
        [broken] = served.records.wait_for(Broken)
        status = served.get().status
        served.edit("app.py", APP)
        served.eventually(lambda answer: answer.status == 200)

    assert status == 502
    assert "view-parameter-missing" in {problem.code for problem in broken.problems}


def test_a_file_that_is_still_being_saved_is_waited_for(serve, directory):
    data = directory / "chalicelib" / "data.txt"
    data.parent.mkdir()
    (data.parent / "__init__.py").touch()
    data.touch()
    done = threading.Event()

    def save():
        while not done.is_set():
            data.write_text(str(time.monotonic_ns()))

    with serve(directory) as served:
        saving = threading.Thread(target=save)
        saving.start()
        served.edit("app.py", APP.replace('"setting": os', '"edited": 1, "setting": os'))
        time.sleep(1)
        done.set()
        saving.join()
        served.eventually(lambda answer: b'"edited"' in answer.body)
        broken = served.records.of(Broken)

    assert broken == []


def test_new_requirements_are_an_edit(serve, directory):
    with serve(directory) as served:
        served.get()
        served.edit("requirements.txt", "# nothing\n")
        [reloaded] = served.records.wait_for(Reloaded)

    assert "requirements.txt" in reloaded.files


def test_a_request_ends_where_it_began_though_its_package_is_replaced(serve, directory):
    with serve(directory) as served, RawClient(served.url, 30) as client:
        client.send(b"GET /sleep/3 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wait_until(lambda: "sleeps" in served.said())
        served.edit("app.py", APP.replace('"slept"', '"rested"'))
        served.records.wait_for(Reloaded)
        answer = client.answer()

    assert json.loads(answer.body) == {"slept": "3"}


def test_a_request_ends_where_it_began_though_others_have_ended_there_before(serve, directory):
    with serve(directory) as served, RawClient(served.url, 30) as client:
        served.get()
        client.send(b"GET /sleep/3 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wait_until(lambda: "sleeps" in served.said())
        served.edit("app.py", APP.replace('"slept"', '"rested"'))
        served.records.wait_for(Reloaded)
        answer = client.answer()

    assert (answer.status, json.loads(answer.body)) == (200, {"slept": "3"})


def test_open_authorizers_are_marked(serve, directory):
    with serve(directory, open_authorizers=True) as served:
        answer = served.get("/sleep/0")

    assert (answer.status, answer.header("x-chalice-auth")) == (200, "open")


def test_nothing_is_left_behind(serve, directory, scratch):
    with serve(directory) as served:
        served.get()
        meanwhile = list(scratch.glob("chalice-package-*"))

    assert len(meanwhile) == 1
    assert list(scratch.iterdir()) == []


def test_what_cannot_be_packaged_is_not_served(serve, tmp_path, scratch):
    directory = write_project(tmp_path / "demo", APP, CONFIG, {"chalicelib/.env": "PASSWORD=x\n"})
    os.mkfifo(directory / "chalicelib" / "queue")

    with pytest.raises(InvalidApp), serve(directory):
        pass

    assert list(scratch.iterdir()) == []


def test_the_program_stops_and_leaves_nothing(directory, cache, scratch):
    with Program(directory, "--package", environ={"TMPDIR": str(scratch)}) as program:
        with program.client() as client:
            status = client.get().status
        program.interrupt()
        code = program.wait()

    assert (status, code) == (200, 130)
    assert "Traceback" not in program.said()
    assert "INIT_START Runtime Version" in program.said()
    assert list(scratch.iterdir()) == []


def test_a_terminal_that_is_closed_leaves_nothing(directory, cache, scratch):
    with Program(directory, "--package", environ={"TMPDIR": str(scratch)}) as program:
        program.process.send_signal(signal.SIGHUP)
        code = program.wait()

    assert code == 0
    assert list(scratch.iterdir()) == []


def test_a_package_and_a_debugger_exclude_each_other(directory):
    with Program(directory, "--package", "--no-autoreload") as program:
        code = program.wait()

    assert code == 2
    assert "choose one" in program.said()


EXAMPLES = Path(__file__).parents[2] / "examples"
ASKED = {
    "hello": [
        ("GET", "/", {}, b""),
        ("GET", "/hello/you?greeting=Hi", {}, b""),
        ("GET", "/notes/welcome", {}, b""),
        ("GET", "/notes/none", {}, b""),
        ("OPTIONS", "/notes/welcome", {"Origin": "https://a.example"}, b""),
        ("PUT", "/notes/a", {"Content-Type": "application/json"}, b'{"text": "x"}'),
        ("GET", "/pixel.png", {"Accept": "image/png"}, b""),
        ("GET", "/pixel.png", {}, b""),
        ("POST", "/reverse", {"Content-Type": "application/octet-stream"}, b"\x00\xffabc"),
        ("POST", "/reverse", {"Content-Type": "text/plain"}, b"abc"),
        ("GET", "/private", {}, b""),
        ("GET", "/private", {"Authorization": "Bearer let-me-in"}, b""),
        ("GET", "/private", {"Authorization": "no"}, b""),
        ("GET", "/nowhere", {}, b""),
    ],
    "shop": [
        ("GET", "/", {}, b""),
        ("GET", "/orders", {}, b""),
        ("GET", "/stock", {}, b""),
        ("GET", "/nowhere", {}, b""),
    ],
}
VOLATILE = {"date", "x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id", "connection"}


def through_socket(url, asked):
    for method, target, headers, body in asked:
        with RawClient(url, 30) as client:
            fields = {"Host": "localhost", "Content-Length": str(len(body)), **headers}
            lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
            client.send(f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode() + body)
            answer = client.answer()
        yield answer.status, answer.body, stable(answer.headers)


def stable(headers):
    return sorted(
        (name.lower(), value)
        for name, value in headers
        if name.lower() not in VOLATILE | {"content-length"}
    )


def through_client(project, asked):
    gateway = emulate(project)
    for method, target, headers, body in asked:
        fields = (("Host", "localhost"), *headers.items())
        answer = gateway.answer(HttpRequest(method, target, fields, body))
        yield answer.status, answer.body, stable(answer.headers)


@pytest.mark.parametrize("name", sorted(ASKED))
def test_an_example_answers_the_same_in_every_way(serve, name, monkeypatch):
    directory, asked = EXAMPLES / name, ASKED[name]
    try:
        project = load_project(directory)
        with monkeypatch.context() as variables:
            for key, value in project.settings.function("api_handler").environment.items():
                variables.setenv(key, value)
            client = list(through_client(project, asked))
    finally:
        uninstall()

    with local_project(directory) as served:
        local = list(through_socket(served.url, asked))
    with serve(directory) as served:
        package = list(through_socket(served.url, asked))

    assert client[0][0] == 200
    assert local == client
    assert package == client


def test_warnings_of_the_package_are_shown(serve, tmp_path):
    directory = write_project(
        tmp_path / "demo", APP, CONFIG, {"requirements.txt": "chalice==1.34.0\n"}
    )

    with serve(directory) as served:
        [serving] = served.records.wait_for(Serving)

    assert [warning.severity for warning in serving.warnings] == ["warning"]
    assert "chalice" in serving.warnings[0].summary
