"""A package index on loopback, as uv and pip ask it: PEP 503 pages of the files in a folder.

It can be a bad one: files that end too early, hashes that are not theirs, answers for those who
are known only.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass
class Index:
    """What the server serves; changes count at once.

    Attributes:
        folder: the files, wheels and sdists.
        url: the address of the simple index.
        user: `name:password` that every request must come with; anybody is served without.
        hashed: whether the pages say hashes.
        silent: whether the pages say nothing of what a wheel says of itself.
        lies: SHA-256 that the pages say of a file, by its name.
        truncated: how many bytes of a file are sent, by its name.
        damaged: content that is sent in the place of a file's, by its name; the count says how
            many times.
        moved: an address that requests for files are sent to.
        requests: the path and the `Authorization` of each request, in order.
    """

    folder: Path
    url: str = ""
    user: str = ""
    hashed: bool = True
    silent: bool = False
    lies: Mapping[str, str] = field(default_factory=dict)
    truncated: Mapping[str, int] = field(default_factory=dict)
    damaged: dict[str, int] = field(default_factory=dict)
    moved: str = ""
    requests: list[tuple[str, str]] = field(default_factory=list)

    def environ(self, url: str = "") -> dict[str, str]:
        """Return variables with which uv and pip know no other index."""
        address = url or self.url
        return {"UV_DEFAULT_INDEX": address, "PIP_INDEX_URL": address, "NO_PROXY": "127.0.0.1"}

    def fetched(self) -> list[str]:
        """Return the names of the files that were asked for, in order; not metadata alone."""
        names = [path.rsplit("/", 1)[1] for path, _ in self.requests if path.startswith("/files/")]
        return [name for name in names if not name.endswith(".metadata")]

    def page(self, project: str) -> str | None:
        """Return the page of a project, None where there is none."""
        files = [path for path in sorted(self.folder.iterdir()) if _project(path.name) == project]
        if not files:
            return None
        return "<!DOCTYPE html>\n" + "".join(self._link(path) for path in files)

    def content(self, name: str) -> bytes:
        """Return what is sent of a file, or of the metadata of a wheel."""
        if name.endswith(".metadata"):
            with zipfile.ZipFile(self.folder / name.removesuffix(".metadata")) as archive:
                info = [path for path in archive.namelist() if path.endswith("/METADATA")]
                return archive.read(info[0])
        content = (self.folder / name).read_bytes()
        if self.damaged.get(name, 0):
            self.damaged[name] -= 1
            return b"\0" * len(content)
        return content

    def _link(self, path: Path) -> str:
        sha256 = self.lies.get(path.name) or hashlib.sha256(path.read_bytes()).hexdigest()
        mark = f"#sha256={sha256}" if self.hashed else ""
        shown = html.escape(path.name)
        # Source: PEP 658, by the name that pip and uv have understood longest.
        python = "" if self.silent else self._python(path)
        told = path.suffix == ".whl" and not self.silent
        known = ' data-dist-info-metadata="true"' if told else ""
        return f'<a href="/files/{quote(path.name)}{mark}"{known}{python}>{shown}</a><br/>\n'

    def _python(self, path: Path) -> str:
        if path.suffix != ".whl":
            return ""
        found = re.search(rb"Requires-Python: (.+)", self.content(f"{path.name}.metadata"))
        return f' data-requires-python="{html.escape(found[1].decode())}"' if found else ""


@contextmanager
def serve(folder: Path) -> Iterator[Index]:
    """Serve the files of *folder* until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    index = Index(folder)

    class Answers(_Answers):
        served = index

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    index.url = f"http://127.0.0.1:{server.server_port}/simple"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Answers(BaseHTTPRequestHandler):
    served: Index
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = unquote(self.path.partition("?")[0])
        authorization = self.headers.get("Authorization", "")
        if self.command == "GET":
            self.served.requests.append((path, authorization))
        expected = base64.b64encode(self.served.user.encode()).decode()
        if self.served.user and authorization != f"Basic {expected}":
            self._answer(401, b"who are you?", {"WWW-Authenticate": 'Basic realm="index"'})
        elif found := re.fullmatch(r"/simple/([^/]+)/?", path):
            page = self.served.page(found[1])
            self._answer(404 if page is None else 200, (page or "").encode())
        elif found := re.fullmatch(r"/files/([^/]+)", path):
            self._file(found[1])
        else:
            self._answer(404, b"")

    do_HEAD = do_GET  # noqa: N815 - as above

    def _file(self, name: str) -> None:
        if self.served.moved:
            self._answer(302, b"", {"Location": f"{self.served.moved}/files/{quote(name)}"})
            return
        content = self.served.content(name)
        sent = self.served.truncated.get(name, len(content))
        self._answer(200, content, {"Content-Type": "application/octet-stream"}, sent)

    def _answer(
        self,
        status: int,
        content: bytes,
        headers: Mapping[str, str] | None = None,
        sent: int | None = None,
    ) -> None:
        self.send_response(status)
        written = {"Content-Type": "text/html", "Content-Length": str(len(content))}
        for name, value in {**written, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[:sent])
        if sent is not None and sent < len(content):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _project(file: str) -> str:
    name = re.split(r"-\d", file, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()
