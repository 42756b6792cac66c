"""Load over HTTP/1.1 from one event loop: kept connections, and as little work as can be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import cast

import httptools
import uvloop


class UnexpectedAnswer(RuntimeError):
    """A server did not do what it was asked for."""


@dataclass(slots=True)
class Answer:
    """What came back; headers by lower-case name, of several the last, cookies apart."""

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def expect(self, status: int) -> Answer:
        """This answer, if it has ``status``.

        :raises UnexpectedAnswer: otherwise; a benchmark of refusals would be a fast one.
        """
        if self.status != status:
            raise UnexpectedAnswer(f"{self.status} in place of {status}: {self.body[:500]!r}")
        return self


class Caller(asyncio.Protocol):
    """One kept connection, with one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer = Answer()
        self._arrived: asyncio.Future[Answer] | None = None
        self._parser = httptools.HttpResponseParser(self)

    async def ask(self, request: bytes) -> Answer:
        """Send ``request`` and wait for its answer."""
        assert self._transport is not None
        self._arrived = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._arrived

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See ``asyncio.Protocol``."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """See ``asyncio.Protocol``."""
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """See ``asyncio.Protocol``."""
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_exception(exc or ConnectionResetError("the server hung up"))

    def on_message_begin(self) -> None:
        """An answer begins (``httptools``)."""
        self._answer = Answer()

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header of it."""
        name = name.lower()
        if name == b"set-cookie":
            cookie, _, content = value.decode("latin-1").partition(";")[0].partition("=")
            self._answer.cookies[cookie] = content
        else:
            self._answer.headers[name] = value

    def on_body(self, body: bytes) -> None:
        """A piece of its body."""
        self._answer.body += body

    def on_message_complete(self) -> None:
        """All of it is there."""
        self._answer.status = self._parser.get_status_code()
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(self._answer)


def request_bytes(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {text}" for name, text in headers.items())]
    if method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


Cycle = Callable[[Caller, int], Awaitable[None]]
"""One unit of work on one connection; the number says which of the callers it is."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """How often the cycle got done, and in how many seconds."""

    cycles: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Served:
    """A server on loopback, and the work that it is to be loaded with.

    ``others`` are the ports of its further workers; callers are spread over all of them.
    """

    port: int
    cycle: Cycle
    others: tuple[int, ...] = ()

    def load(self, *, callers: int, seconds: float) -> Done:
        """What gets done while ``callers`` do the cycle at the same time, over and over.

        Every caller finishes what it has begun, and the clock runs until then.
        """
        return uvloop.run(_load(self, callers, seconds))

    def per_second(self, *, callers: int, seconds: float) -> float:
        """How often the cycle gets done in a second of such a load."""
        done = self.load(callers=callers, seconds=seconds)
        return done.cycles / done.seconds


async def connect(port: int) -> Caller:
    """A connection to a server on loopback."""
    _, caller = await asyncio.get_running_loop().create_connection(Caller, "127.0.0.1", port)
    return caller


async def _load(served: Served, callers: int, seconds: float) -> Done:
    ports = cycle((served.port, *served.others))
    connections = [await connect(next(ports)) for _ in range(callers)]
    started = time.perf_counter()
    counts = await asyncio.gather(
        *(
            _repeat(served.cycle, caller, number, started + seconds)
            for number, caller in enumerate(connections)
        )
    )
    elapsed = time.perf_counter() - started
    for caller in connections:
        caller.close()
    return Done(cycles=sum(counts), seconds=elapsed)


async def _repeat(cycle: Cycle, caller: Caller, number: int, until: float) -> int:
    done = 0
    while time.perf_counter() < until:
        await cycle(caller, number)
        done += 1
    return done
