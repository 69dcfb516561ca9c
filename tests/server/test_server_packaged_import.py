"""`chalice local --package` whose application takes long to import, or ends its process."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time

import pytest
from tests.projects import application, write_project
from tests.server.serving import (
    InBackground,
    LocalProject,
    Program,
    Records,
    wait_until,
)

from chalice.diagnostics import InvalidApp
from chalice.invocation import FunctionError, Invocation, Result
from chalice.server.application import Application
from chalice.server.facts import NotLoaded
from chalice.server.listening import listen, url_of
from chalice.server.local import Server
from chalice.server.order import Order
from chalice.server.processes import default
from chalice.server.records import Broken, Notice, Reloaded, Replaced
from chalice.server.sources import PackagedProject, Project

WELL = application("""
    @app.route("/")
    def index():
        return "well"
""")
HANGS = f"import time\nfrom pathlib import Path\nPath('began').touch()\ntime.sleep(600)\n{WELL}"
ENDS = {
    "status": f"import os\nos._exit(3)\n{WELL}",
    "signal": f"import ctypes\nctypes.string_at(0)\n{WELL}",
}
REASONS = {"status": "exit status 3", "signal": "signal: segmentation fault"}


@pytest.fixture
def environ(tmp_path, tmp_path_factory, monkeypatch):
    """Have temporary files in a folder that nobody else uses, and what is kept apart."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    variables = {
        "CHALICE_CACHE_DIR": str(tmp_path_factory.getbasetemp() / "cache"),
        "TMPDIR": str(scratch),
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    return scratch


@pytest.fixture
def directory(tmp_path):
    return write_project(tmp_path / "demo", WELL)


@contextlib.contextmanager
def served(directory):
    records = Records()
    listener = listen("127.0.0.1", 0)
    source = PackagedProject(Project(directory))
    with InBackground(Server(source, listener, url_of(listener), records)) as running:
        yield LocalProject(running.url, directory, records)


@pytest.mark.parametrize("kind", ENDS)
def test_an_edit_that_ends_the_process_is_told_until_it_is_mended(environ, directory, kind):
    with served(directory) as project:
        project.edit("app.py", ENDS[kind])
        [broken] = project.records.wait_for(Broken)
        answer = project.get()
        project.edit("app.py", WELL)
        project.eventually(lambda answer: answer.status == 200)

    [problem] = broken.problems
    assert answer.status == 502
    assert (problem.code, problem.where) == ("app-exits", "app.py")
    assert problem.summary == (
        f"loading the application: Runtime exited with error: {REASONS[kind]}"
    )
    assert list(environ.iterdir()) == []


@pytest.mark.parametrize("kind", ENDS)
def test_an_application_that_ends_the_process_is_not_served(environ, directory, kind):
    write_project(directory, ENDS[kind])

    with pytest.raises(InvalidApp) as caught, served(directory):
        pass

    assert [problem.code for problem in caught.value.problems] == ["app-exits"]
    assert list(environ.iterdir()) == []


def test_an_edit_that_does_not_come_to_its_end_leaves_what_was_served(environ, directory):
    with served(directory) as project:
        project.edit("app.py", HANGS)
        wait_until((directory / "began").exists)
        meanwhile = project.get()
        project.edit("app.py", WELL.replace("well", "mended"))
        project.eventually(lambda answer: answer.body == b"mended")

    assert (meanwhile.status, meanwhile.body) == (200, b"well")


def test_an_edit_ends_the_import_that_nothing_was_served_of_yet(environ, directory):
    write_project(directory, HANGS)
    records = Records()
    listener = listen("127.0.0.1", 0)

    async def run():
        server = Server(PackagedProject(Project(directory)), listener, url_of(listener), records)
        serving = asyncio.Event()
        server.on_serving = serving.set
        running = asyncio.ensure_future(server.run())
        await asyncio.to_thread(wait_until, (directory / "began").exists)
        write_project(directory, WELL)
        async with asyncio.timeout(20):
            await serving.wait()
        server.stop()
        await running

    asyncio.run(run())

    assert records.of(Broken) == records.of(Reloaded) == []


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0), (signal.SIGHUP, 0)]
)
def test_the_server_is_stopped_though_the_application_is_being_imported(
    environ, directory, number, code
):
    write_project(directory, HANGS)
    command = [sys.executable, "-m", "chalice.cli.main", "local", "--package", "--port", "0"]

    with subprocess.Popen(
        command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        wait_until((directory / "began").exists)
        began = time.monotonic()
        program.send_signal(number)
        out, err = program.communicate(timeout=20)

    assert (program.returncode, out) == (code, b"")
    assert b"Traceback" not in err
    assert time.monotonic() - began < 5
    assert list(environ.iterdir()) == []


def test_the_server_is_stopped_though_an_edit_is_being_imported(environ, directory):
    with Program(directory, "--package") as program:
        write_project(directory, HANGS)
        wait_until((directory / "began").exists)
        program.interrupt()
        code = program.wait(5)

    assert code == 130
    assert list(environ.iterdir()) == []


DOORS = """
import os
def door(event, context):
    if event["authorizationToken"] == "end":
        os._exit(3)
    return event["authorizationToken"]
"""
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:theirs"
GUARDED = application(f"""
    theirs = CustomAuthorizer("theirs", authorizer_uri=(
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
    ))
    @app.route("/", authorizer=theirs)
    def index():
        return "well"
""")


def in_application(directory, scenario, **order):
    """Return what *scenario* makes of the application in *directory*, and what is logged."""
    records = Records()

    async def run():
        processes = default()
        processes.attach()
        orders = Order(str(directory), "dev", "", outlined=True, **order)
        application = Application(orders, processes, records)
        try:
            return await scenario(application)
        finally:
            application.close()
            await processes.close()

    return asyncio.run(run()), records


def test_what_stands_in_for_an_authorizer_is_replaced_when_it_ends_its_process(tmp_path):
    config = {"local": {"authorizers": {"theirs": "chalicelib.doors:door"}}}
    files = {"chalicelib/__init__.py": "", "chalicelib/doors.py": DOORS}
    directory = write_project(tmp_path / "demo", GUARDED, config, files)

    def asked(token):
        return Invocation(FUNCTION, b'{"authorizationToken": "%s"}' % token, 10, "id")

    async def scenario(application):
        facts = await application.load()
        ended = await application.invoke(asked(b"end"))
        after = await application.invoke(asked(b"ann"))
        return facts.outline["functions"][FUNCTION]["handler_string"], ended, after

    (handler_string, ended, after), records = in_application(directory, scenario)

    assert handler_string == ""
    assert isinstance(ended, FunctionError)
    assert "exit status 3" in ended.message
    assert after == Result(b'"ann"')
    assert len(records.of(Replaced)) == 1


def test_an_import_that_takes_too_long_is_told_of_and_given_up(tmp_path):
    directory = write_project(tmp_path / "demo", HANGS)

    async def scenario(application):
        with pytest.raises(NotLoaded) as caught:
            await application.load()
        return caught.value

    refused, records = in_application(directory, scenario, import_seconds=(0.2, 0.6))

    assert [problem.code for problem in refused.problems] == ["app-import-time"]
    [notice] = records.of(Notice)
    assert notice.text == "Loading the application takes long; its import stands at app.py:4"


def test_the_application_is_never_imported_by_the_server(environ, directory):
    write_project(directory, f"import os\nfrom pathlib import Path\n{WELL}")
    with (directory / "app.py").open("a") as file:
        file.write("Path('imported-by').write_text(str(os.getpid()))\n")

    with served(directory):
        importer = int((directory / "imported-by").read_text())

    assert importer != os.getpid()
