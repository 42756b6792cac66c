"""The naive app behind the real middleware, on a real server, with sessions of a fake service."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Browser, BrowserContext, Page

from tests.acceptance.one_person.naive_app import NaiveApp
from tests.acceptance.one_person.stored import Stored
from tests.acceptance.one_person.tabs import PAGES, Way, begun
from tests.fixtures.asgi_server import served
from tests.fixtures.ports import free_port
from understudy import Understudy
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.applications.session_origins import LABEL_BYTES, SessionOrigins, draw_label
from understudy.sdk.boot_time import seconds_since_boot
from understudy.sdk.launch import Client
from understudy.sdk.secret import Secret
from understudy.sdk.values import Wire
from understudy.testing import FakeGateway, FakeSession
from understudy.testing.gateway import ISSUER

QUIET_SECONDS = 0.15
HALF_AN_HOUR = 31 * 60.0
PEOPLE = ("ada", "bob", "cyd", "agent")


class Place(Enum):
    """Where sessions are served."""

    ORIGINS = "an origin for each session"
    OWN_HOST = "the app's own host"


@dataclass
class Arrivals:
    """What reaches the server, and how it fares there: outside of everything else."""

    app: Any
    fates: list[tuple[str, int]] = field(default_factory=list)
    _under_way: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        query = parse_qs(scope.get("query_string", b"").decode())
        if "how" not in query:
            await self.app(scope, receive, send)
            return

        async def noted(message: Any) -> None:
            status = {"http.response.start": "status", "websocket.http.response.start": "status"}
            if message["type"] in status:
                self.fates.append((query["how"][0], message["status"]))
            elif message["type"] == "websocket.accept":
                self.fates.append((query["how"][0], 101))
            await send(message)

        self._changes(1)
        try:
            await self.app(scope, receive, noted)
        finally:
            self._changes(-1)

    def settle(self) -> None:
        """Return once nothing is under way, and nothing more has come for a while."""
        with self._changed:
            while self._changed.wait(QUIET_SECONDS) or self._under_way:
                pass

    def _changes(self, by: int) -> None:
        with self._changed:
            self._under_way += by
            self._changed.notify_all()


class Site:
    """Where the app is, and what happens to its sessions elsewhere."""

    pages: Mapping[str, tuple[Way, ...]] = PAGES
    elsewhere = ("/other", "/")
    who = "#who"
    names: Mapping[str, str] = MappingProxyType({name: name for name in PEOPLE})

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.stored = Stored(folder / "app.db")
        self.gateway = FakeGateway(clock=self._now)
        self._ahead = 0.0
        self._pattern = SessionOrigins.parse(f"http://*.view.app.localhost:{self.port}")
        self.arrivals = Arrivals(self._guarded())
        self.own_origin = f"http://app.localhost:{self.port}"

    def begun(self, browser: Browser, kept: object = None) -> BrowserContext:
        """A browser with no past, or with these cookies alone."""
        return begun(browser, kept)

    def sign_in(self, page: Page) -> None:
        """Sign the agent in to the app, as themself."""
        page.goto(f"{self.own_origin}/log-in?as=agent")

    def launch(self, user: str, place: Place, page: Page) -> str:
        """Begin a session as ``user`` in a tab; its public id."""
        session, address = self.opened(user, place)
        page.goto(address)
        return session.id

    def opened(self, user: str, place: Place) -> tuple[FakeSession, str]:
        """A session as ``user``, and the address at which the agent's browser takes it up."""
        origin = self._new_origin() if place is Place.ORIGINS else None
        session = self.gateway.open(subject_id=user, subject_name=user, origin=origin)
        token = self.gateway.offer(session, wire=Wire.STYTCH)
        query = f"stytch_token_type=impersonation&token={token}"
        return session, f"{origin or self.own_origin}/_understudy/callback?{query}"

    def revoke(self, session_id: str) -> None:
        """End it as somebody else would; the app has heard of it."""
        self.gateway.revoke(session_id)

    def expire(self, session_id: str, page: Page) -> None:
        """Time goes by, for the service and the app alike."""
        self._ahead += HALF_AN_HOUR

    def wait_until_ended(self, session_id: str) -> None:
        """Return once the service has heard of its end."""
        self.gateway.wait_until_ended(session_id)

    def settle(self) -> None:
        """Return once nothing is under way, and nothing more has come for a while."""
        self.arrivals.settle()

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """The server, for as long as the block lasts."""
        with served(self.arrivals, self.port):
            yield

    def _guarded(self) -> UnderstudyMiddleware:
        understudy = Understudy(
            connect=lambda: self.gateway,
            client=Client(
                issuer=ISSUER,
                client_id="app_test",
                key=Secret("a key for tests"),
                session_origins=self._pattern,
            ),
            clock=self._now,
            monotonic=lambda: seconds_since_boot() + self._ahead,
        )
        return UnderstudyMiddleware(
            NaiveApp(self.stored).app(),
            understudy=understudy,
            hand_offs=["stytch"],
            writes_by_get=["/feed"],
        )

    def _new_origin(self) -> str:
        return self._pattern.origin(draw_label(os.urandom(LABEL_BYTES)))

    def _now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead)
