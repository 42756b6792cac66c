"""The smallest driver of a passage: a guard for WSGI apps (PEP 3333), as CONTRIBUTING.md shows it.

It decides nothing: it says what was asked, carries out the steps of the opening, and passes the
app's answer through the reply. What an adapter of the product has beside that: our own addresses
(``Routes.answer``), and the turns of its framework, such as ``write()`` and ``wsgi.file_wrapper``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import wait
from http import HTTPStatus
from typing import Any, TypeVar

from understudy.core.impersonation.restrictions import overrides_in
from understudy.sdk.context import OwnRequest, Present, entered, within
from understudy.sdk.guard import Asked, Pass, methods_of
from understudy.sdk.headers import RawHeaders, is_kept_from_apps, is_spoofed
from understudy.sdk.passage.opening import Passages
from understudy.sdk.passage.passage import Passage
from understudy.sdk.passage.reply import Reply
from understudy.sdk.passage.request import Request
from understudy.sdk.passage.steps import LoadUser, Steps
from understudy.sdk.visit import Answer

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]
App = Callable[[Environ, StartResponse], Iterable[bytes]]
T = TypeVar("T")


class GuardedApp:
    """``app`` behind the guard. It finds its user in ``environ["user"]``."""

    def __init__(self, app: App, passages: Passages, load_user: Callable[..., object]) -> None:
        self._app = app
        self._passages = passages
        self._load_user = load_user

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        outcome = carried_out(self._passages.opening(read(environ)), self._load_user)
        if isinstance(outcome, Pass):
            return self._serve_own(without(environ, is_spoofed), start_response)
        if isinstance(outcome, Answer):
            return send(outcome, start_response)
        return self._serve(outcome, without(environ, is_kept_from_apps), start_response)

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
        reply, begun, fault = Reply(passage), False, None
        environ["user"] = passage.present.impersonation.user
        said: list[Any] = []
        parts: Iterable[bytes] = ()
        try:
            with within(passage.present):
                parts = self._app(environ, lambda *said_now: said.extend(said_now))
            for part, more in pulled(passage.present, parts):
                if reply.status is None:
                    status, headers = int(said[0].split()[0]), in_bytes(said[1])
                    if reply.start(status, headers, seen=environ["user"]) is not None:
                        break
                elif not carried_out(passage.looking()) and not reply.outlives(part, more=more):
                    if reply.refusal is not None:
                        break
                    # No end of the body, but of the connection: nobody takes this for the whole.
                    reply.cut_by = "session_over"
                    raise ConnectionAbortedError("the session is over")
                body = reply.part(part, more=more)
                if not begun and not reply.waits:
                    begun = True
                    start_response(line(status), in_text(reply.headers))
                if body:
                    yield body
        except Exception as error:
            failed = reply.cut_by is None
            fault = error if reply.close(failed=failed) is None else None
        finally:
            # Also when the server closes us in mid-body, since the browser has gone.
            with entered(passage.present):
                getattr(parts, "close", lambda: None)()
            reply.close()
        if reply.refusal is not None:
            yield from send(reply.refusal, start_response)
        elif fault is not None:
            # Whatever stands around us would answer as if it were the agent, for caches to keep.
            if not begun:
                yield from send(passage.failed(), start_response)
            raise fault


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


def carried_out(steps: Steps[T], load_user: Callable[..., object] = lambda _: None) -> T:
    """What ``steps`` come to, each of them done in this very thread."""
    answer: object = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as end:
            result: T = end.value
            return result
        if isinstance(step, LoadUser):
            answer = load_user(step.subject)
        else:
            wait([step.future], step.seconds)


def read(environ: Environ) -> Request:
    """The request as the passage goes by it."""
    http = {n[5:].replace("_", "-").lower(): v for n, v in environ.items() if n[:5] == "HTTP_"}
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    cookie = http.get("cookie", "").encode("latin-1")
    methods = methods_of(method, overrides_in(http))
    asked = Asked(cookie, methods, (path,), "authorization" in http)
    origin = f"{environ['wsgi.url_scheme']}://{http.get('host', '')}"
    base, address = environ.get("SCRIPT_NAME", ""), environ.get("REMOTE_ADDR")
    return Request(asked, method, path, base, origin, http, address)


def without(environ: Environ, hidden: Callable[[bytes], bool]) -> Environ:
    """What the app may see of a request."""
    names = {n: n.removeprefix("HTTP_").replace("_", "-").encode() for n in environ}
    return {n: value for n, value in environ.items() if not hidden(names[n])}


def send(answer: Answer, start_response: StartResponse) -> list[bytes]:
    """A whole answer of ours."""
    start_response(line(answer.status), list(answer.all_headers()))
    return [answer.body]


def line(status: int) -> str:
    """``200 OK``."""
    return f"{int(status)} {HTTPStatus(status).phrase}"


def in_bytes(headers: list[tuple[str, str]]) -> RawHeaders:
    """Headers of WSGI as the reply takes them."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def in_text(headers: RawHeaders) -> list[tuple[str, str]]:
    """And as WSGI takes them."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
