"""The origin that a page comes from: a server for the page, its cases, and what it has seen."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.browser import chromium

PAGE = Path(__file__).parent / "page.html"

# A loaded machine of two processors takes its time to start a browser.
_SECONDS = 180


class Origin:
    """Serves the page on a port of its own.

    Attributes:
        url: the page; without the slash at its end it is the origin.
        cases: what the page asks for: name, url, init of `fetch`, headers to read.
    """

    def __init__(self):
        self.cases = []
        self._seen = None
        self._done = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    @property
    def name(self):
        """The origin as a browser writes it."""
        return self.url.rstrip("/")

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def visit(self, browser, profile):
        """Let *browser* open the page, and return what it saw by the names of the cases."""
        with chromium.running(browser, profile, self.url) as (process, errors):
            for _ in range(_SECONDS * 4):
                if self._done.wait(0.25):
                    return self._seen
                if process.poll() is not None:
                    break
            said = errors.read_text(errors="replace")[-4000:]
        raise AssertionError(f"the browser reported nothing; it said: {said}")

    def _handler(origin):  # noqa: N805 - the handler's own `self` is another one
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/":
                    self._answer("text/html", PAGE.read_bytes())
                elif self.path == "/cases":
                    self._answer("application/json", json.dumps(origin.cases).encode())
                else:
                    self.send_error(404)

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                origin._seen = json.loads(self.rfile.read(length))
                self._answer("text/plain", b"")
                origin._done.set()

            def _answer(self, content_type, body):
                self.send_response(200)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler
