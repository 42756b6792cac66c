"""The smallest driver of a passage: a guard for WSGI apps (PEP 3333), as CONTRIBUTING.md shows it.

It decides nothing: it says what was asked, carries out the steps of the opening, and passes the
app's answer through the reply. What an adapter of the product has beside that: our own addresses
(``Routes.answer``), and the turns of its framework, such as ``write()`` and ``wsgi.file_wrapper``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from http import HTTPStatus
from typing import Any

from understudy.sdk.context import OwnRequest, Present, entered, within
from understudy.sdk.environ import (
    Environ,
    raw_headers,
    scope_of,
    take_over,
    text_headers,
    with_headers,
    with_own_headers,
)
from understudy.sdk.guard import Pass
from understudy.sdk.headers import without_spoofed
from understudy.sdk.installed import Installed
from understudy.sdk.passage.blocking import carried_out
from understudy.sdk.passage.passage import Passage
from understudy.sdk.passage.reply import Reply
from understudy.sdk.raised import Raised
from understudy.sdk.reading import read_request
from understudy.sdk.values import Subject
from understudy.sdk.visit import Answer

StartResponse = Callable[[str, list[tuple[str, str]]], object]
App = Callable[[Environ, StartResponse], Iterable[bytes]]


def body_of(environ: Environ, most: int) -> bytes:
    """The first bytes of the body, for a request that the app is not called for."""
    body: bytes = environ["wsgi.input"].read(most)
    return body


def kept(environ: Environ, most: int) -> bytes | None:
    """The whole body, which the app can read again."""
    body: bytes = environ["wsgi.input"].read(most + 1)
    environ["wsgi.input"] = io.BytesIO(body)
    return body if len(body) <= most else None


class GuardedApp:
    """``app`` behind the guard. It finds its user in ``environ["user"]``."""

    def __init__(
        self, app: App, installed: Installed, load_user: Callable[[Subject], object]
    ) -> None:
        self._app = app
        self._installed = installed
        self._load_user = load_user

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        scope = scope_of(environ)
        asked = self._installed.reader.asked(scope)
        # Out of what the app and its logs see: the page's mark.
        take_over(environ, scope)
        opening = self._installed.passages.opening(read_request(scope, asked))
        outcome = carried_out(
            opening,
            lambda step: self._load_user(step.subject),
            partial(body_of, environ),
            partial(kept, environ),
        )
        if isinstance(outcome, Pass):
            headers = without_spoofed(scope["headers"])
            return self._serve_own(with_own_headers(environ, headers), start_response)
        if isinstance(outcome, Answer):
            return send(outcome, start_response)
        headers = outcome.crossing.to_app(scope["headers"])
        inner = with_headers(environ, headers, outcome.crossing.scheme)
        return self._serve(outcome, inner, start_response)

    def _serve_own(self, environ: Environ, start_response: StartResponse) -> Iterator[bytes]:
        # Known as a user's own, also in what the view puts into a pool.
        own = OwnRequest()
        with within(own):
            parts = self._app(environ, start_response)
        try:
            yield from (part for part, _ in pulled(own, parts) if part)
        finally:
            with own:
                getattr(parts, "close", lambda: None)()

    def _serve(
        self, passage: Passage, environ: Environ, start_response: StartResponse
    ) -> Iterator[bytes]:
        reply, begun, raised = Reply(passage), False, Raised()
        environ["user"] = passage.present.impersonation.user
        # So that an adapter within this one stays within the session.
        environ.update(passage.pinned())
        said: list[Any] = []
        parts: Iterable[bytes] = ()
        try:
            with raised:
                with within(passage.present):
                    parts = self._app(environ, lambda *said_now: said.extend(said_now))
                for part, more in pulled(passage.present, parts):
                    if reply.status is None:
                        status, headers = int(said[0].split()[0]), raw_headers(said[1])
                        if reply.start(status, headers, seen=environ["user"]) is not None:
                            break
                    elif not carried_out(passage.looking()) and not reply.outlives(part, more=more):
                        if reply.refusal is not None:
                            break
                        # No end of the body, but of the connection: nobody takes it for the whole.
                        reply.cut()
                        raise ConnectionAbortedError("the session is over")
                    body = reply.part(part, more=more)
                    if not begun and not reply.waits:
                        begun = True
                        start_response(line(status), text_headers(reply.headers))
                    if body:
                        yield body
        finally:
            # Also when the server closes us in mid-body, since the browser has gone.
            reply.close(failed=raised.error is not None and reply.cut_by is None)
            with entered(passage.present):
                getattr(parts, "close", lambda: None)()
        if reply.refusal is not None:
            yield from send(reply.refusal, start_response)
        elif raised.error is not None:
            # Whatever stands around us would answer as if it were the agent, for caches to keep.
            if not begun:
                yield from send(passage.failed(), start_response)
            raise raised.error


def pulled(present: Present | OwnRequest, parts: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The parts, each with whether more come, and an empty one at the end."""
    iterator = iter(parts)
    while True:
        with within(present):
            part = next(iterator, None)
        if part is None:
            break
        if part:
            yield part, True
    yield b"", False


def send(answer: Answer, start_response: StartResponse) -> list[bytes]:
    """A whole answer of ours."""
    start_response(line(answer.status), list(answer.all_headers()))
    return [answer.body]


def line(status: int) -> str:
    """``200 OK``."""
    return f"{int(status)} {HTTPStatus(status).phrase}"
