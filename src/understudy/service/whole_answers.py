"""Whole answers in one write, beside the messages of ASGI."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from understudy.http.answer import WRITE

_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class WholeAnswers(HttpToolsProtocol):
    """uvicorn's protocol, which offers in each scope to write an answer at once.

    An answer by messages goes through two coroutines, and each of its headers is looked at anew,
    though most are the same in all answers.
    """

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
