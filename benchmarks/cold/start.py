"""One cold start: the runtime client in a process of its own, one event, the process's cost."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

from benchmarks import events

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from benchmarks.cold.packages import Unpacked

COLLECTED = re.compile(r"Collected : (\d+)")
PATIENCE_SECONDS = 300


class StartFailed(Exception):
    """The function did not answer; the text is what the process said."""


@dataclass(frozen=True, slots=True)
class Start:
    """What one cold start cost, until the client asked for the second event.

    Attributes:
        cpu_ms: milliseconds of CPU time, user and system, of the process.
        instructions: of the whole process, in millions; None where they were not counted.
    """

    cpu_ms: float
    instructions: float | None = None


class RuntimeApi:
    """A Runtime API that hands out one event and lets the second request for one wait.

    Source: Lambda developer guide, "Using the Lambda runtime API" (rule 10.16).
    """

    def __init__(self, event: bytes) -> None:
        self.event = event
        self.asked = 0
        self.answer: bytes | None = None
        self.done = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(api: RuntimeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            api.asked += 1
            if api.asked > 1:
                api.done.set()
                threading.Event().wait(PATIENCE_SECONDS)  # the process is ended meanwhile
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(api.event)))
            self.send_header(
                "Lambda-Runtime-Aws-Request-Id", "0" * 8 + "-0000-4000-8000-" + "0" * 12
            )
            self.send_header("Lambda-Runtime-Deadline-Ms", "4102444800000")
            self.send_header(
                "Lambda-Runtime-Invoked-Function-Arn",
                "arn:aws:lambda:us-east-1:123456789012:function:bench-dev",
            )
            self.send_header("Lambda-Runtime-Trace-Id", "Root=1-00000000-" + "0" * 24)
            self.end_headers()
            self.wfile.write(api.event)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path.endswith("/response"):
                api.answer = body
            else:
                api.done.set()
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    return Handler


def start(package: Unpacked, python: Path, client: Path, *, counted: bool = False) -> Start:
    """Start the function of *package* once and return what it cost.

    Args:
        package: what is started.
        python: the interpreter.
        client: a folder that holds `awslambdaric`.
        counted: count instructions, which takes about a minute.
    """
    event = json.dumps(events.event("/", "GET")).encode()
    callgrind = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
    command = (*(callgrind if counted else ()), str(python), "-m", "awslambdaric", "app.app")
    with RuntimeApi(event) as api:
        process = subprocess.Popen(
            command,
            cwd=package.folder,
            env=_variables(package, client, api.address),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        api.done.wait(PATIENCE_SECONDS)
        process.send_signal(signal.SIGTERM)  # callgrind sums up when it gets it
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        said = process.stdout.read()
        _, _, usage = os.wait4(process.pid, 0)
    if not api.answer or json.loads(api.answer).get("statusCode") != 200:
        raise StartFailed(f"{package.folder}: {api.answer!r} {said[-2000:]}")
    found = COLLECTED.search(said)
    instructions = int(found.group(1)) / 1e6 if found else None
    return Start((usage.ru_utime + usage.ru_stime) * 1000, instructions)


def _variables(package: Unpacked, client: Path, address: str) -> dict[str, str]:
    """Return the whole environment: no bytecode is written, as in Lambda's read-only folder."""
    return {
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_NAME": "bench-dev",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_REGION": "us-east-1",
        "LAMBDA_TASK_ROOT": str(package.folder),
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(client),
        "TZ": ":UTC",
    }
