"""Servers for tests: a gateway on a socket, a project behind `chalice local`."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.server.raw_client import RawClient

from chalice.server.hosts import Hosts
from chalice.server.listening import listen, url_of
from chalice.server.local import Server
from chalice.server.records import Answered, Serving
from chalice.server.single import SingleProcess
from chalice.server.sources import EditedProject, Opened, Project


class Records:
    """A log that tests can wait on."""

    def __init__(self):
        self._all = []
        self._changed = threading.Condition()

    def __call__(self, record):
        with self._changed:
            self._all.append(record)
            self._changed.notify_all()

    def of(self, kind):
        with self._changed:
            return [record for record in self._all if isinstance(record, kind)]

    def wait_for(self, kind, count=1, seconds=20):
        """Return the records of *kind*, as soon as there are *count*."""
        with self._changed:
            self._changed.wait_for(lambda: self._count(kind) >= count, seconds)
        found = self.of(kind)
        assert len(found) >= count, f"no {count} {kind.__name__} among {self._all}"
        return found

    def _count(self, kind):
        return sum(isinstance(record, kind) for record in self._all)


class EveryHost:
    """Knows every host: for tests that are about something else."""

    def known(self, host):
        return True


class GatewaySource:
    """A source that serves one gateway from this process."""

    def __init__(self, gateway, invoker, *, timeouts=None, hosts=None, keys=None):
        self._gateway = gateway
        self._invoker = invoker
        self._timeouts = timeouts or {}
        self._hosts = hosts or Hosts()
        self._keys = keys

    async def open(self, log):
        return Opened(
            SingleProcess(
                self._gateway, self._invoker, self._timeouts, self._hosts, log, self._keys
            )
        )

    async def abandon(self):
        pass


class InBackground:
    """A context manager that runs a server in a thread.

    The server answers when the block begins, and has stopped when it ends.

    Attributes:
        url: where it answers.
    """

    def __init__(self, server):
        self._server = server
        self._ready = threading.Event()
        self._error = None
        self._thread = threading.Thread(target=self._run, name="chalice-local", daemon=True)
        self.url = server.url

    def _run(self):
        try:
            asyncio.run(self._server.run())
        except BaseException as error:  # noqa: BLE001 - raised where the block begins
            self._error = error
        finally:
            self._ready.set()

    def __enter__(self):
        self._server.on_serving = self._ready.set
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            raise self._error
        return self

    def __exit__(self, *exception):
        self._server.stop_soon()
        self._thread.join()


@contextlib.contextmanager
def on_a_socket(source, log=None, limits=None, address="127.0.0.1"):
    """Serve *source* on a free port and give the URL."""
    listener = listen(address, 0)
    server = Server(source, listener, url_of(listener), log or Records(), limits)
    with InBackground(server) as running:
        yield running.url


class LocalProject:
    """A project served as `chalice local` serves it, in the process of the test."""

    def __init__(self, url, directory, records):
        self.url = url
        self.directory = directory
        self.records = records

    def client(self, timeout=20):
        return RawClient(self.url, timeout)

    def get(self, target="/", headers=()):
        with self.client() as client:
            return client.get(target, headers)

    def edit(self, name, text):
        """Replace a file as an editor does: whole, under its name, at once."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.tmp")
        new.write_text(text)
        new.replace(path)

    def answers(self, target="/"):
        return self.records.of(Answered)

    def eventually(self, wanted, target="/", seconds=20):
        """Ask for *target* until the answer satisfies *wanted*, and return every answer."""
        seen = []
        until = time.monotonic() + seconds
        with self.client() as client:
            while time.monotonic() < until:
                seen.append(client.get(target))
                if wanted(seen[-1]):
                    return seen
                time.sleep(0.01)
        raise AssertionError(f"last answer: {seen[-1]}")


@contextlib.contextmanager
def local_project(directory, *, processes=None, **options):
    """Serve the project in *directory*, with reload."""
    records = Records()
    listener = listen("127.0.0.1", 0)
    source = EditedProject(Project(directory, **options), processes)
    server = Server(source, listener, url_of(listener), records)
    with InBackground(server) as running:
        yield LocalProject(running.url, directory, records)


class Program:
    """`chalice local`, or another command that serves, as a program of its own."""

    def __init__(self, directory, *options, environ=None, command=("local",)):
        self.directory = directory
        self.errors = Path(directory, "..", f"{Path(directory).name}.stderr").resolve()
        with self.errors.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "chalice.cli.main", *command, "--port", "0", *options],
                cwd=directory,
                stdout=subprocess.PIPE,
                stderr=stream,
                env={**os.environ, **(environ or {})},
                text=True,
            )
        self.url = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def client(self, timeout=20):
        return RawClient(self.url, timeout)

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)

    def wait(self, seconds=20):
        return self.process.wait(seconds)

    def said(self):
        return self.errors.read_text()

    def wait_until_said(self, text, seconds=20):
        """Return when the program has written *text* to stderr."""
        wait_until(lambda: text in self.said(), seconds)


def wait_until(condition, seconds=20):
    """Return when *condition* holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def is_running(pid):
    """Tell whether a process runs that is not yet a zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


__all__ = [
    "EveryHost",
    "GatewaySource",
    "LocalProject",
    "Program",
    "Records",
    "Serving",
    "is_running",
    "local_project",
    "on_a_socket",
    "wait_until",
]
