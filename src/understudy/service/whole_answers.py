"""Whole answers in one write, beside the messages of ASGI."""

from __future__ import annotations

import asyncio
from functools import partial
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from understudy.http.answer import WRITE
from understudy.service.patience import Patience

_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class WholeAnswers(HttpToolsProtocol):
    """uvicorn's protocol, which offers in each scope to write an answer at once.

    An answer by messages goes through two coroutines, and each of its headers is looked at anew,
    though most are the same in all answers. It also hangs up on clients that hold back (see
    `Patience`), of which uvicorn knows only those that say nothing between two requests.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has come, and is to ask for something."""
        super().connection_made(transport)
        self._patience = Patience(self, self.loop.call_later)
        self._is_whole = False
        self._patience.expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._patience.end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some of a request; mostly all of it."""
        super().data_received(data)
        if not self._is_whole and not self.transport.is_closing():
            self._patience.expect(len(data))

    def is_held(self) -> bool:
        """Whether the client waits for us: for room, or for the word to go on."""
        cycle: RequestResponseCycle | None = self.cycle  # there is none before the first request
        asked = cycle is not None and cycle.waiting_for_100_continue
        return self.flow.read_paused or asked

    def hang_up(self) -> None:
        """Go, whatever is still to be sent."""
        self.transport.abort()

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        super().pause_writing()
        self._patience.is_full()

    def resume_writing(self) -> None:
        """It has caught up."""
        super().resume_writing()
        self._patience.is_drained()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._is_whole = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """All of it is there."""
        super().on_message_complete()
        self._is_whole = True
        self._patience.is_whole()

    def on_headers_complete(self) -> None:
        """Make the offer; the request's task, which exists by now, begins in the next turn."""
        super().on_headers_complete()
        self.scope[WRITE] = partial(write, self.cycle)  # type: ignore[literal-required]


def write(cycle: RequestResponseCycle, status: int, lines: bytes, content: bytes) -> bool:
    """What ``RequestResponseCycle.send`` does with a start and a body, at once.

    False when nothing was written: the client reads slowly, or what it gets is no more than
    headers, about whose meaning uvicorn knows more.
    """
    if cycle.disconnected:
        return True
    if cycle.flow.write_paused or cycle.response_started or not _is_whole(cycle, status, content):
        return False
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    own = [b"%s: %s\r\n" % header for header in cycle.default_headers]
    end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
    cycle.transport.write(b"".join((STATUS_LINE[status], *own, lines, end, content)))
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()
    return True


def _is_whole(cycle: RequestResponseCycle, status: int, content: bytes) -> bool:
    if cycle.scope["method"] == "HEAD":
        return False
    return status == HTTPStatus.NO_CONTENT if not content else status not in _WITHOUT_BODY
