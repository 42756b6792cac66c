"""The smallest app, as it is and behind the guard, and a browser's request to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from fastapi import FastAPI
from starlette.responses import HTMLResponse

from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.sdk.cache import Held
from understudy.sdk.epoch import EPOCH, SHOWN
from understudy.sdk.outbox import Outbox
from understudy.sdk.reading import read_asked
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import Phase, RecordedAction
from understudy.testing import FakeGateway

HEADERS = (
    (b"host", b"app.example.com"),
    (b"connection", b"keep-alive"),
    (b"cache-control", b"max-age=0"),
    (b"sec-ch-ua", b'"Chromium";v="156", "Not.A/Brand";v="24"'),
    (b"sec-ch-ua-mobile", b"?0"),
    (b"sec-ch-ua-platform", b'"Linux"'),
    (b"upgrade-insecure-requests", b"1"),
    (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0"),
    (b"accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    (b"sec-fetch-site", b"same-origin"),
    (b"sec-fetch-mode", b"navigate"),
    (b"sec-fetch-dest", b"document"),
    (b"accept-encoding", b"gzip, deflate, br, zstd"),
    (b"accept-language", b"en-GB,en;q=0.9"),
)
"""What a browser of today sends with a page."""
AGENT_COOKIE = b"session=eyJhbGciOi.ZXlKaGJHY2lPaUpJVXpJMU5pSjk; theme=dark"
RULES = (
    BlockedAction(method="POST", pattern="/account/password", label="Change password"),
    BlockedAction(method="DELETE", pattern="/account", label="Delete account"),
    BlockedAction(method="POST", pattern="/api-keys/**", label="Create API keys"),
    BlockedAction(method="*", pattern="/billing/**", label="Billing"),
)
_PAGE = b"<html><body>hi</body></html>"
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/html"), (b"content-length", str(len(_PAGE)).encode())],
}


async def bare_app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
    """Answers every request with one small page."""
    if scope["type"] == "http":
        await send(_START)
        await send({"type": "http.response.body", "body": _PAGE})


LONG_PAGE = b"<!doctype html><html><head><title>Orders</title></head><body>%s</body></html>" % (
    b"<p>One order of many</p>" * 4_200
)
_LONG_START = {
    **_START,
    "headers": [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(LONG_PAGE)).encode()),
    ],
}


async def long_page(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
    """Answers every request with one page of 100 KB."""
    if scope["type"] == "http":
        await send(_LONG_START)
        await send({"type": "http.response.body", "body": LONG_PAGE})


async def load_user(subject: Any) -> Any:  # noqa: ANN401 - whatever the app's users are
    """The app's user for a subject."""
    return subject


def page_app() -> FastAPI:
    """The same page in a usual framework."""
    app = FastAPI()

    @app.get("/orders/{number}")
    async def order(number: int) -> HTMLResponse:
        del number
        return HTMLResponse(_PAGE)

    return app


def guarded_page_app() -> UnderstudyMiddleware:
    """That app behind the middleware."""
    understudy = FakeGateway().understudy()
    return UnderstudyMiddleware(page_app(), understudy=understudy, load_user=load_user)


@dataclass(frozen=True, kw_only=True)
class GuardedApp:
    """The app behind the middleware, with one session open and in the cache."""

    middleware: UnderstudyMiddleware
    page: UnderstudyMiddleware
    understudy: Understudy
    runtime: Runtime
    session_id: str
    asked: dict[str, Any]

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        """One over a gateway in memory; what is recorded goes nowhere."""
        gateway = FakeGateway()
        understudy = gateway.understudy()
        session = gateway.open(blocked_actions=RULES)
        runtime = understudy.runtime()
        runtime.pulse.connected()
        runtime.pulse.beat(runtime.monotonic() + 3600)
        runtime.sessions.refresh(Secret(session.token))
        runtime.recorder._outbox = _Sink(new_key=lambda: "key")  # counted, not sent
        guarded = cls(
            middleware=UnderstudyMiddleware(bare_app, understudy=understudy, load_user=load_user),
            page=UnderstudyMiddleware(long_page, understudy=understudy, load_user=load_user),
            understudy=understudy,
            runtime=runtime,
            session_id=session.id,
            asked=scope(
                b"; ".join(
                    (
                        AGENT_COOKIE,
                        session.headers["Cookie"].encode(),
                        # As every browser has them that holds a session.
                        f"{EPOCH}=1; {SHOWN}={session.id}".encode(),
                    )
                )
            ),
        )
        if not isinstance(runtime.guard.decide(read_asked(guarded.asked)), Held):
            raise AssertionError("the session is not served from the cache")
        yield guarded
        understudy.close()

    def check(self) -> None:
        """What the guard does with a request of the session."""
        self.runtime.guard.decide(read_asked(self.asked))

    def check_and_record(self) -> None:
        """The same, and what is written down when it is done."""
        runtime = self.runtime
        runtime.guard.decide(read_asked(self.asked))
        action = runtime.action(
            runtime.new_action_id(), Phase.COMPLETED, "GET", "/orders/42", "/orders/{id}", 200, 3
        )
        runtime.recorder.add(self.session_id, action)


class _Sink(Outbox):
    """Takes actions as ever, and lets go of them: to pack and to send is no request's work."""

    def add(self, session_id: str, action: RecordedAction, keep_until: float) -> None:
        super().add(session_id, action, keep_until)
        self._lines.clear()
        self._entries = self._bytes = 0


def scope(cookie: bytes) -> dict[str, Any]:
    """A browser's request for a page, with ``cookie``."""
    return {
        "type": "http",
        "method": "GET",
        "scheme": "https",
        "path": "/orders/42",
        "raw_path": b"/orders/42",
        "root_path": "",
        "query_string": b"",
        "client": ("192.0.2.7", 50000),
        "headers": [*HEADERS, (b"cookie", cookie)],
    }


async def receive() -> dict[str, Any]:
    """The browser is gone."""
    return {"type": "http.disconnect"}


async def send(message: object) -> None:
    """Nobody listens."""
    del message
