"""What the suite asks of a driver: put one view behind the guard, and carry one request to it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import Flask, Response, request

from tests.contract.passage.minimal import GuardedApp, line
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.contrib.flask import Understudy as FlaskUnderstudy
from understudy.contrib.wsgi import UnderstudyMiddleware as WsgiMiddleware
from understudy.sdk.context import current_impersonation
from understudy.sdk.environ import SEEN, raw_headers, text_headers
from understudy.sdk.forbidding import forbid_while_impersonating
from understudy.sdk.headers import RawHeaders
from understudy.sdk.installed import Installed
from understudy.sdk.passage.identity import Identity
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import Subject

HTML = ("content-type", "text/html; charset=utf-8")
PAGE = b"<!doctype html><html><body class=app>hello</body></html>"
LoadUser = Callable[[Subject], object]
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(kw_only=True)
class View:
    """A view of some app, and what it has seen. ``events`` is the order in which things happened.

    ``before`` runs in the view, before it answers; ``between`` ahead of each part but the first.
    ``settles_on`` is the user whom the app's own sign-in finds meanwhile.
    """

    events: list[str] = field(default_factory=list)
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (HTML,)
    parts: tuple[bytes, ...] = (PAGE,)
    before: Callable[[], object] = lambda: None
    between: Callable[[], object] = lambda: None
    fails: bool = False
    forbidden: bool = False
    settles_on: object = None
    request_headers: dict[str, str] = field(default_factory=dict)
    subjects: list[str | None] = field(default_factory=list)
    request_body: bytes = b""

    def called(self, headers: dict[str, str]) -> None:
        """The app has been called."""
        self.events.append("view")
        self.request_headers = headers
        self._look()
        self.before()
        if self.forbidden:
            forbid_while_impersonating()
        if self.fails:
            raise LookupError("a bug in the app")

    def body(self) -> Iterator[bytes]:
        """Its parts, each made when it is asked for."""
        for number, part in enumerate(self.parts):
            if number:
                self.between()
            self._look()
            yield part

    def _look(self) -> None:
        found = current_impersonation()
        self.subjects.append(found.subject.id if found else None)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request of a browser, which may go away after some parts of the body."""

    method: str = "GET"
    path: str = "/orders"
    headers: dict[str, str] = field(default_factory=dict)
    leaves_after: int | None = None
    query: str = ""
    body: bytes = b""


@dataclass(kw_only=True)
class Got:
    """What reached the browser. ``whole`` is False when it ended before its end."""

    status: int | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)
    whole: bool = False
    error: Exception | None = None

    @property
    def body(self) -> bytes:
        return b"".join(self.parts)

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]


def user_of(request: Any) -> str | None:
    """Who is signed in to the app, whose sign-in is a header here; by any framework's request."""
    if not isinstance(request, dict):
        found: str | None = request.headers.get("x-user")
        return found
    if "headers" in request:
        return dict(text_headers(request["headers"])).get("x-user")
    return request.get("HTTP_X_USER")


class Driver(Protocol):
    """One framework's way of driving a passage."""

    def visit(self, view: View, asked: Asked) -> Got:
        """Carry ``asked`` to ``view``, and what comes of it back."""


class AsgiDriver:
    """The adapter for ASGI. Where a framework ``hears_that_it_is_gone`` it ends by itself."""

    hears_that_it_is_gone = False

    def __init__(self, understudy: Understudy, load_user: LoadUser | None) -> None:
        self._understudy = understudy
        self._load_user = load_user

    def visit(self, view: View, asked: Asked) -> Got:
        return asyncio.run(self._visit(view, asked))

    def _guarded(self, view: View) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            view.called({n.decode(): v.decode() for n, v in scope["headers"]})
            if scope["method"] == "POST":
                view.request_body = (await receive())["body"]
            if view.settles_on is not None:
                scope["user"] = view.settles_on
            headers = raw_headers(list(view.headers))
            await send({"type": "http.response.start", "status": view.status, "headers": headers})
            for part in view.body():
                await send({"type": "http.response.body", "body": part, "more_body": True})
                # As a real server does: what runs beside the app has its turn.
                for _ in range(5):
                    await asyncio.sleep(0)
            await send({"type": "http.response.body", "body": b""})

        return UnderstudyMiddleware(
            app, understudy=self._understudy, load_user=self._load_user, consent_of=user_of
        )

    async def _visit(self, view: View, asked: Asked) -> Got:
        got = Got()
        gone = asyncio.Event()

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                got.status, got.headers = message["status"], text_headers(message["headers"])
                return
            got.whole = not message.get("more_body", False)
            if message.get("body"):
                got.parts.append(message["body"])
            if asked.leaves_after is not None and len(got.parts) >= asked.leaves_after:
                gone.set()
                await asyncio.Event().wait()

        guarded = self._guarded(view)
        receive = _receiving(asked.body, gone)
        request = asyncio.create_task(guarded(_scope(asked), receive, send))
        leaving = asyncio.create_task(gone.wait())
        await asyncio.wait({request, leaving}, return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if not self.hears_that_it_is_gone:
            request.cancel()
        with suppress(asyncio.CancelledError):
            try:
                await request
            except Exception as error:
                got.error = error
        return got


class MinimalDriver:
    """The example of CONTRIBUTING.md, under the smallest WSGI server."""

    def __init__(self, understudy: Understudy, load_user: LoadUser | None) -> None:
        self._installed = Installed(understudy, Identity(loads=load_user is not None), {})
        self._load_user = load_user or (lambda _: None)

    def visit(self, view: View, asked: Asked) -> Got:
        got = Got()

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> Any:
            got.status, got.headers = int(status.split(maxsplit=1)[0]), headers

        try:
            self._serve(self._site(view)(_environ(asked), start_response), asked, got)
        except Exception as error:
            got.error = error
        return got

    def _site(self, view: View) -> Any:
        def app(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
            names = {n: n[5:].replace("_", "-").lower() for n in environ if n[:5] == "HTTP_"}
            view.called({name: environ[n] for n, name in names.items()})
            view.request_body = environ["wsgi.input"].read()
            if view.settles_on is not None:
                environ["user"] = environ[SEEN] = view.settles_on
            start_response(line(view.status), list(view.headers))
            return view.body()

        return self._guarded(app)

    def _guarded(self, app: Any) -> Any:
        return GuardedApp(app, self._installed, self._load_user)

    def _serve(self, answer: Any, asked: Asked, got: Got) -> None:
        try:
            for part in answer:
                got.parts.append(part)
                if len(got.parts) == asked.leaves_after:
                    return
            got.whole = True
        finally:
            getattr(answer, "close", lambda: None)()


class WsgiDriver(MinimalDriver):
    """The adapter for WSGI, under the same server."""

    def __init__(self, understudy: Understudy, load_user: LoadUser | None) -> None:
        self._understudy = understudy
        self._loads = load_user

    def _guarded(self, app: Any) -> Any:
        return WsgiMiddleware(
            app, understudy=self._understudy, load_user=self._loads, consent_of=user_of
        )


class FlaskDriver(MinimalDriver):
    """The extension, on an app with one view that is there for every address."""

    def __init__(self, understudy: Understudy, load_user: LoadUser | None) -> None:
        self._understudy = understudy
        self._loads = load_user

    def _guarded(self, app: Any) -> Any:
        flask = Flask(__name__, static_folder=None)

        @flask.route("/", defaults={"path": ""}, methods=_METHODS)
        @flask.route("/<path:path>", methods=_METHODS)
        def _view(path: str) -> Response:
            said: dict[str, Any] = {}

            def start_response(status: str, headers: Any, *_: object) -> Any:
                said.update(status=status, headers=headers)

            # The environ that the view got, in which it says on whom it has settled.
            parts = app(request.environ, start_response)
            return Response(parts, **said)

        # As servers have it: what the app does not catch is theirs.
        flask.config["PROPAGATE_EXCEPTIONS"] = True
        FlaskUnderstudy(
            flask,
            understudy=self._understudy,
            load_user=self._loads,
            lazily=False,
            consent_of=user_of,
        )
        return flask


def _scope(asked: Asked) -> dict[str, Any]:
    headers: RawHeaders = raw_headers([("host", "app.example"), *asked.headers.items()])
    return {
        "type": "http",
        "method": asked.method,
        "path": asked.path,
        "query_string": asked.query.encode(),
        "headers": headers,
        "client": ("192.0.2.7", 50000),
    }


def _environ(asked: Asked) -> dict[str, Any]:
    headers = {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in asked.headers.items()}
    return {
        "CONTENT_TYPE": headers.pop("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": str(len(asked.body)),
        "REQUEST_METHOD": asked.method,
        "PATH_INFO": asked.path,
        "QUERY_STRING": asked.query,
        "HTTP_HOST": "app.example",
        "REMOTE_ADDR": "192.0.2.7",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(asked.body),
        **headers,
    }


def _receiving(body: bytes, gone: asyncio.Event) -> Any:
    messages = iter([{"type": "http.request", "body": body}])

    async def receive() -> Any:
        for message in messages:
            return message
        await gone.wait()
        return {"type": "http.disconnect"}

    return receive
