"""Read a Markdown page's examples and run them in order, in a project folder made for the page.

What runs, by the fence's language:

    python            executed; the blocks of a page share their names. Functions called `test_*`
                      are called, `>>>` sessions are compared with what they print.
    LANGUAGE file=X   written to the file X of the project: ```python file=app.py
    console           each `$ ` line is a command, the lines below it are its output. `chalice`,
                      `python` and `cat` run, and so does `curl` after `chalice local` and
                      `chalice gateway`; commands that a reader runs elsewhere (NOT_RUN) do not.
    json              parsed.
    other             not run: it is not an example of ours.

A page that shows no `app.py` of its own serves `examples/hello`. `...` in expected output stands
for any text, and any duration for any other. What a reader need not see goes into a comment:
`<!-- python`, code, `-->`. `<!-- not run: reason -->` leaves out the next block.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import os
import re
import shlex
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from tests import sandboxes

from chalice import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

BIN = Path(sys.executable).parent
# The port that `chalice local` takes when it is not told; pages show it.
SHOWN_PORT = "8000"
HELLO = Path(__file__).parents[2] / "examples" / "hello" / "app.py"
# The port that `chalice sandbox start` takes when it is not told; pages show it.
SANDBOX_PORT = "4566"
NEEDS_APPLICATION = frozenset(
    ("check", "deploy", "invoke", "local", "openapi", "package", "plan", "routes", "sync")
)
URL = re.compile(r"http://127\.0\.0\.1:(\d+)/\S*\n")
URL_ANYWHERE = re.compile(r"(http://127\.0\.0\.1):\d+/")
# What a shell puts in the place of `$(chalice url --sandbox)`.
URL_COMMAND, DEPLOYED = "chalice url --sandbox", "@deployed@"
DURATION = re.compile(r"\b[\d.]+ ms\b")
NOT_RUN = frozenset(("aws", "cd", "git", "make", "pip", "uv"))
HIDDEN = re.compile(r"\A<!-- python\n(.*)-->\s*\Z", re.DOTALL)
SKIP = re.compile(r"\A<!-- not run: \S.*-->\s*\Z", re.DOTALL)
FILE = re.compile(r"\bfile=(\S+)")
FINDER = doctest.DocTestParser()


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, the file it is (or None), its text and its first line."""

    language: str
    file: str | None
    text: str
    line: int


class ExampleFailed(AssertionError):
    """An example of a page does not do what the page says."""


def blocks(markdown: str) -> Iterator[Block]:
    """Yield the blocks of a page in order, hidden ones among them, skipped ones not."""
    skipped = False
    for token in MarkdownIt("commonmark").parse(markdown):
        line = token.map[0] + 2 if token.map else 0
        if token.type == "html_block":
            skipped = skipped or bool(SKIP.match(token.content))
            hidden = HIDDEN.match(token.content)
            if hidden:
                yield Block("python", None, hidden.group(1), line)
        elif token.type == "fence":
            if not skipped:
                language, _, rest = token.info.strip().partition(" ")
                named = FILE.search(rest)
                yield Block(language, named.group(1) if named else None, token.content, line)
            skipped = False


@dataclass
class Page:
    """A page being run: its project folder, its names, and the server that it started."""

    path: Path
    project: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "example"})
    server: Server | None = None

    def run(self) -> int:
        """Run every example and return how many there were."""
        count = 0
        with inside(self.project):
            try:
                for block in blocks(self.path.read_text(encoding="utf-8")):
                    count += self.run_block(block)
            finally:
                self.stop()
                sandbox.stop(sandbox_folder(self.project))
        return count

    def run_block(self, block: Block) -> int:
        """Run one block; return 1 if it is an example, else 0."""
        if block.file is not None:
            target = self.project / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, encoding="utf-8")
            forget(self.project)
        elif block.language in {"python", "pycon"}:
            self.run_python(block)
        elif block.language == "console":
            self.run_console(block)
        elif block.language == "json":
            json.loads(block.text)
        else:
            return 0
        return 1

    def run_python(self, block: Block) -> None:
        """Execute a block of Python, as a session where it is one."""
        place = f"{self.path.name}:{block.line}"
        if ">>> " in block.text:
            run_session(block, self.names, place)
            return
        before = set(self.names)
        # As many blank lines as stand above the block: a traceback then names the page's line.
        source = "\n" * (block.line - 1) + block.text
        exec(compile(source, str(self.path), "exec"), self.names)
        for name in sorted(set(self.names) - before):
            if name.startswith("test_"):
                self.names[name]()

    def run_console(self, block: Block) -> None:
        """Run the commands of a block and compare what each prints."""
        for line, command, expected in commands(block):
            words = shlex.split(command.replace(f"$({URL_COMMAND})", DEPLOYED), comments=True)
            if words[0] in NOT_RUN:
                continue
            if words[0] == "chalice" and not NEEDS_APPLICATION.isdisjoint(words):
                self.have_application()
            if words[:2] in (["chalice", "local"], ["chalice", "gateway"]):
                self.serve(words, expected)
                continue
            printed = self.output(words)
            if not agrees(expected, printed):
                message = f"{self.path.name}:{line}: `{command}` printed\n{printed}"
                raise ExampleFailed(f"{message}\ninstead of\n{expected}")

    def have_application(self) -> None:
        """Put the hello example into the project where the page shows no application."""
        target = self.project / "app.py"
        if not target.exists():
            target.write_bytes(HELLO.read_bytes())

    def output(self, words: list[str]) -> str:
        """Return what a command prints, both streams together, the port as pages show it."""
        port = self.server.port if self.server is not None else SHOWN_PORT
        if any(DEPLOYED in word for word in words):
            url = self.output(shlex.split(URL_COMMAND)).strip()
            words = [word.replace(DEPLOYED, url) for word in words]
        running = sandbox.find(sandbox_folder(self.project))
        if running is not None:
            words = [word.replace(f":{SANDBOX_PORT}/", f":{running.port}/") for word in words]
        if words[0] == "curl":
            words = [word.replace(f":{SHOWN_PORT}", f":{port}") for word in words]
            words.insert(1, "--silent")
        elif words[0] in {"chalice", "python", "pytest"}:
            words = [str(BIN / words[0]), *words[1:]]
        elif words[0] != "cat":
            raise ExampleFailed(f"{self.path.name}: `{words[0]}` is not known to the runner")
        done = subprocess.run(
            words,
            cwd=self.project,
            env=plain_environment(self.project),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        running = sandbox.find(sandbox_folder(self.project)) or running
        printed = done.stdout.replace(f":{port}", f":{SHOWN_PORT}")
        own = f":{running.port}" if running is not None else f":{SANDBOX_PORT}"
        return printed.replace(own, f":{SANDBOX_PORT}")

    def serve(self, words: list[str], expected: str) -> None:
        """Start a server on a free port and compare what it prints when it is ready."""
        self.stop()
        self.server = Server(words[1:], self.project)
        if expected.strip():
            printed = self.server.stop()
            if not agrees(expected.rstrip() + "...", printed):
                raise ExampleFailed(f"{self.path.name}: the server printed\n{printed}")
            self.server = Server(words[1:], self.project)  # for what follows

    def stop(self) -> None:
        """End the server that the page started, if it did."""
        if self.server is not None:
            self.server.stop()
            self.server = None


def commands(block: Block) -> Iterator[tuple[int, str, str]]:
    """Yield line, command and expected output; a command goes on below where it ends with `\\`."""
    line, command, expected = 0, "", []
    for number, text in enumerate(block.text.splitlines(), block.line):
        if command.endswith("\\"):
            command = command[:-1] + text.removeprefix("> ").strip()
        elif text.startswith("$ "):
            if command:
                yield line, command, "\n".join(expected)
            line, command, expected = number, text[2:], []
        else:
            expected.append(text)
    if command:
        yield line, command, "\n".join(expected)


def agrees(expected: str, printed: str) -> bool:
    """Return whether *printed* is what the page shows; nothing shown agrees with anything."""
    wanted = tidy(expected)
    if not wanted:
        return True
    pattern = ".*?".join(re.escape(part) for part in wanted.split("..."))
    return re.fullmatch(pattern, tidy(printed), re.DOTALL) is not None


def tidy(text: str) -> str:
    """Return *text* without trailing blanks, blank lines around it, and durations."""
    lines = (line.rstrip() for line in DURATION.sub("N ms", text).splitlines())
    return "\n".join(lines).strip("\n")


def run_session(block: Block, names: dict[str, Any], place: str) -> None:
    """Run a `>>>` session and compare what it prints."""
    test = FINDER.get_doctest(block.text, names, place, place, block.line - 1)
    report = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(test, out=report.write, clear_globs=False)
    names.update(test.globs)
    if runner.failures:
        raise ExampleFailed(report.getvalue())


@contextlib.contextmanager
def inside(project: Path) -> Iterator[None]:
    """Work in *project*, importable as in the project itself; leave no trace of it."""
    path, environment, home = list(sys.path), dict(os.environ), Path.cwd()
    sys.path.insert(0, str(project))
    os.chdir(project)
    try:
        yield
    finally:
        os.chdir(home)
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(environment)
        forget(project)


def forget(project: Path) -> None:
    """Drop the modules that were imported from *project*."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and Path(file).is_relative_to(project):
            del sys.modules[name]


def sandbox_folder(project: Path) -> Path:
    """Return where the sandbox of a page is kept."""
    return project.parent / f"{project.name}-sandbox"


def plain_environment(project: Path) -> dict[str, str]:
    """Return an environment without colour, of a fixed width, with a cache beside *project*."""
    plain = {"NO_COLOR": "1", "COLUMNS": "100", "PYTHONDONTWRITEBYTECODE": "1"}
    own = {"CHALICE_CACHE_DIR": str(project.parent / "cache")}
    return {**os.environ, **plain, **own, **sandboxes.environment_of(sandbox_folder(project))}


class Server:
    """`chalice local` on a port that was free when it took it.

    Args:
        words: the command as the page shows it, without `chalice`.
        project: where it runs.
    """

    def __init__(self, words: list[str], project: Path) -> None:
        self._process = subprocess.Popen(
            [str(BIN / "chalice"), *words, "--port", "0"],
            cwd=project,
            env=plain_environment(project),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: list[str] = []
        self._port: Future[int] = Future()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self.port = self._port.result(timeout=20)
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=20).close()
        except urllib.error.HTTPError as answer:
            answer.close()
        except (OSError, EOFError, TimeoutError) as error:
            message = f"`chalice local` does not answer; it printed\n{self.stop()}"
            raise ExampleFailed(message) from error

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.append(line)
            url = URL.fullmatch(line)
            if url is not None and not self._port.done():
                self._port.set_result(int(url[1]))
        if not self._port.done():
            self._port.set_exception(EOFError())

    def stop(self) -> str:
        """End the server and return all that it printed, the port as pages show it."""
        self._process.terminate()
        self._process.wait(timeout=20)
        self._reader.join(timeout=20)
        assert self._process.stdout is not None
        self._process.stdout.close()
        printed = "".join(self._lines)
        return URL_ANYWHERE.sub(rf"\g<1>:{SHOWN_PORT}/", printed)
