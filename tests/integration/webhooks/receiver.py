"""Somebody else's server, on loopback: keeps what it is sent, and answers as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread

SECONDS = 10.0
"""No wait comes near it."""


@dataclass(frozen=True, kw_only=True)
class Received:
    """One request; header names are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The message's id."""
        return self.headers["webhook-id"]


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """What is answered."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


React = Callable[[Received], Reaction]


def accept(_: Received) -> Reaction:
    """Take everything."""
    return Reaction()


class Receiver:
    """``react`` decides about each request, on a thread of its own; it may be replaced."""

    def __init__(self, react: React = accept, *, port: int = 0) -> None:
        self.react = react
        self.requests: Queue[Received] = Queue()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", 0))
                received = Received(
                    path=self.path,
                    headers={name.lower(): value for name, value in self.headers.items()},
                    body=self.rfile.read(length),
                )
                reaction = receiver.react(received)
                receiver.requests.put(received)
                self.send_response(reaction.status)
                for name, value in reaction.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(reaction.body)))
                self.end_headers()
                self.wfile.write(reaction.body)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the requests are kept."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/hooks?from=understudy"

    def next(self) -> Received:
        """The next request that was answered; waits for it."""
        return self.requests.get(timeout=SECONDS)

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def receiving(react: React = accept, *, port: int = 0) -> Iterator[Receiver]:
    """A receiver, until the block is left."""
    made = Receiver(react, port=port)
    try:
        yield made
    finally:
        made.close()
