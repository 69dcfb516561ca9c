"""Ctrl-C in the moments before the server answers."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest
from tests.projects import write_project

from chalice.server.listening import listen, url_of
from chalice.server.local import Server
from chalice.server.sources import ImportedProject, Project

BEGINS = "from pathlib import Path\nPath(__file__).with_name('began').touch()\n"


@pytest.fixture
def server(tmp_path):
    directory = write_project(tmp_path / "demo", BEGINS)
    listener = listen("127.0.0.1", 0)
    return Server(ImportedProject(Project(directory)), listener, url_of(listener), print)


def test_ctrl_c_just_before_the_import_keeps_it_from_beginning(server, tmp_path):
    async def run():
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, lambda: server.stop(interrupted=True))
        signal.raise_signal(signal.SIGINT)
        await server.run()

    asyncio.run(run())

    assert server.interrupted
    assert not (tmp_path / "demo" / "began").exists()


def test_ctrl_c_before_the_loop_runs_is_heard(tmp_path):
    directory = write_project(tmp_path / "demo", BEGINS)
    # `asyncio.Runner` is what the server makes first of all.
    script = (
        "import asyncio, signal, sys\n"
        "from pathlib import Path\n"
        "from chalice.server.listening import listen, url_of\n"
        "from chalice.server.local import Server, serve\n"
        "from chalice.server.sources import ImportedProject, Project\n"
        "listener = listen('127.0.0.1', 0)\n"
        "source = ImportedProject(Project(Path(sys.argv[1])))\n"
        "server = Server(source, listener, url_of(listener), print)\n"
        "class Policy(asyncio.DefaultEventLoopPolicy):\n"
        "    def new_event_loop(self):\n"
        "        signal.raise_signal(signal.SIGINT)\n"
        "        return super().new_event_loop()\n"
        "asyncio.set_event_loop_policy(Policy())\n"
        "print(serve(server))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(directory)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("True\n", "")
    assert not (directory / "began").exists()


def test_ctrl_c_while_the_command_line_is_imported_is_no_traceback(tmp_path):
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt\n")

    done = subprocess.run(
        [sys.executable, "-c", "import sys; from chalice.cli.start import main; sys.exit(main())"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted\n")
