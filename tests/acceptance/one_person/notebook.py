"""An app that writes down what reaches it, and whose mark that carried. It refuses nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import parse_qs, urlsplit

from understudy.sdk.script_files import script_file

SCRIPT = "/_understudy/page.js"
PATIENCE_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class Received:
    """One request."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str

    @property
    def marks(self) -> list[str]:
        """What its query says of the page that it comes from."""
        return parse_qs(self.query).get("_understudy_page", [])


@dataclass
class Notebook:
    """What was received, as whom pages are made, and what stands in them."""

    address: str
    identity: str = "A"
    head: str = ""
    bodies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    changed: Lock = field(default_factory=Lock)

    def at(self, path: str) -> list[Received]:
        """What came to this path so far."""
        with self.changed:
            return [one for one in self.received if one.path == path]

    def one_at(self, path: str) -> Received:
        """What comes to this path, once it is there: exactly one request."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.at(path) and time.monotonic() < until:
            time.sleep(0.01)
        found = self.at(path)
        assert len(found) == 1, [(one.method, one.path, one.query) for one in self.received]
        return found[0]

    def page(self, path: str) -> str:
        """The page as the guard would send it."""
        return (
            f"<!doctype html><html lang='en'><head><script src='{SCRIPT}'"
            f" data-page='{self.identity}'></script>{self.head}<title>Notes</title></head>"
            f"<body>{self.bodies[path]}</body></html>"
        )


def _handler(notebook: Notebook) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            received = Received(
                method=self.command,
                path=parts.path,
                query=parts.query,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=body.decode("utf-8", "replace"),
            )
            with notebook.changed:
                notebook.received.append(received)
            self.give(*self.answer(parts.path))

        def answer(self, path: str) -> tuple[str, bytes]:
            if path == SCRIPT:
                return "text/javascript", script_file("page.js") or b""
            if path in notebook.bodies:
                return "text/html; charset=utf-8", notebook.page(path).encode()
            if path.endswith(".js"):
                return "text/javascript", b""
            return "text/plain", b"received"

        def give(self, kind: str, content: bytes) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            if kind.startswith("text/html"):
                self.send_header("set-cookie", f"understudy-page={notebook.identity}; Path=/")
            for name, value in notebook.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    return Handler


@contextmanager
def open_notebook() -> Iterator[Notebook]:
    """An empty one on a free port of loopback."""
    notebook = Notebook(address="")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(notebook))
    server.daemon_threads = True
    notebook.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield notebook
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
