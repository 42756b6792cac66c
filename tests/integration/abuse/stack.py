"""The whole product on loopback: service, database, and a customer's app under the middleware.

Both servers run in threads of the test's own process, so that a test may look behind the scenes;
between them, and between them and whoever attacks, there is nothing but HTTP.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from tests.fixtures.schema import open_made
from tests.integration.abuse.apps import APPS, Shop
from tests.integration.abuse.installation import HERE, Made, add_application
from tests.integration.abuse.servers import SECONDS, running, served
from tests.integration.abuse.visitor import Visitor
from understudy import Understudy
from understudy.config import Settings
from understudy.core.applications.application import Application
from understudy.core.ids import SessionId
from understudy.core.impersonation.sessions import Session
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator
from understudy.core.ports import Entry, EntryFilter, SessionFilter, Unit
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.flows.directory.maintain import SubjectFacts
from understudy.flows.people import team
from understudy.flows.people.sign_in import begin
from understudy.http.cookies import OPERATOR_COOKIE
from understudy.service.app import Service, create_app
from understudy.service.server import Server, listen
from understudy.storage.data_directory import DataDirectory
from understudy.storage.engine.engine import StoreEngine, open_engine
from understudy.wires.native.passwords import hash_password

REASON = "Ada writes that she cannot find her reports"


class Clock:
    """The machine's clock, which a test may set ahead or back."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@dataclass(kw_only=True)
class Stack:
    """A running product: one application with users, and its app on a host name of its own."""

    folder: Path
    clock: Clock
    engine: StoreEngine
    service: Service
    settings: Settings
    main: Made
    understudy: Understudy
    shop: Shop
    app_port: int = 0
    stop_service: Callable[[], None] = lambda: None

    @property
    def issuer(self) -> str:
        """Where browsers find the service."""
        return self.settings.public_url

    @property
    def app_url(self) -> str:
        """Where browsers find the app."""
        return f"http://app.localhost:{self.app_port}"

    @property
    def callback(self) -> str:
        """The app's registered redirect URL."""
        return f"{self.app_url}/_understudy/callback"

    @property
    def api(self) -> str:
        """The native API, without a name that would have to be looked up."""
        return f"http://127.0.0.1:{self.settings.port}/api/v1"

    def backend(self, made: Made | None = None) -> httpx.Client:
        """A client that speaks as an application: its own, unless another is named."""
        auth = (made or self.main).auth
        return httpx.Client(
            base_url=self.api, auth=auth, timeout=SECONDS, trust_env=False, verify=False
        )

    def stranger(self, **options: Any) -> httpx.Client:
        """A client that brings no credentials but those in ``options``."""
        return httpx.Client(
            base_url=self.api, timeout=SECONDS, trust_env=False, verify=False, **options
        )

    def visitor(self) -> Visitor:
        """Somebody with an empty browser."""
        return Visitor(issuer=self.issuer, app_url=self.app_url)

    def operator(
        self,
        *roles: Role,
        email: str = "sam@support.example",
        name: str = "Sam Rivers",
        password: str | None = None,
    ) -> tuple[Operator, Visitor]:
        """An operator with ``roles``, and the browser in which they are signed in."""
        # Mostly nobody types a password; what is stored then fits none.
        hashed = _hashed(password) if password else "-"

        def join(unit: Unit) -> tuple[Operator, str]:
            invited = team.invite(unit, email=email, name=name, roles=roles, by=SYSTEM, origin=HERE)
            joined = team.join(unit, invited.token, name=name, password_hash=hashed, origin=HERE)
            return joined, begin(unit, joined, origin=HERE).token

        operator, token = self.engine.run(join)
        visitor = self.visitor()
        visitor.plant(self.issuer, OPERATOR_COOKIE, token)
        return operator, visitor

    def support(self, email: str = "sam@support.example") -> Visitor:
        """The browser of somebody whose role is to impersonate."""
        return self.operator(Role.SUPPORT_MANAGER, email=email)[1]

    def ask(self, visitor: Visitor, subject_id: str = "ada", **changes: Any) -> httpx.Response:
        """What the dashboard sends when an operator asks to become somebody."""
        body = {"subject_id": subject_id, "reason": REASON, **changes}
        body.setdefault("application_id", self.main.application.id)
        return visitor.call("POST", f"{self.issuer}/api/v1/impersonations", json=body)

    def granted(self, visitor: Visitor, subject_id: str = "ada", **changes: Any) -> str:
        """The id of a grant that an operator got."""
        answer = self.ask(visitor, subject_id, **changes)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["grant"]["id"])

    def become(self, visitor: Visitor, subject_id: str = "ada", **changes: Any) -> Session:
        """The whole way from the dashboard into the app; the session that came of it."""
        before = {session.id for session in self.live()}
        page = visitor.launch(self.granted(visitor, subject_id, **changes))
        assert page.status_code == 200, page.text
        (session,) = (session for session in self.live() if session.id not in before)
        return session

    def start(self, made: Made | None = None, **changes: Any) -> str:
        """An impersonation token that the application's backend got for an actor whom it names."""
        body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}, **changes}
        with self.backend(made) as backend:
            answer = backend.post("/impersonations", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["impersonation_token"])

    def exchange(self, token: str, made: Made | None = None, **more: Any) -> httpx.Response:
        """What the backend gets for an impersonation token."""
        with self.backend(made) as backend:
            return backend.post(
                "/impersonations/exchange", json={"impersonation_token": token, **more}
            )

    def open(self, **changes: Any) -> dict[str, Any]:
        """A session that the backend opened, as JSON."""
        answer = self.exchange(self.start(**changes))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def refresh(self, session_token: str, **more: Any) -> httpx.Response:
        """What the backend hears of a session."""
        with self.backend() as backend:
            return backend.post("/sessions/refresh", json={"session_token": session_token, **more})

    def overlaid(self, visitor: Visitor, opened: Mapping[str, Any]) -> Visitor:
        """``visitor`` with the overlay of a session that the backend opened."""
        visitor.plant(self.app_url, "__Host-understudy", opened["session_token"])
        visitor.plant(self.app_url, "understudy-page", opened["session"]["id"])
        return visitor

    def live(self) -> list[Session]:
        """Every session that is not over."""
        with self.engine.reading() as reader:
            return list(reader.sessions.live(SessionFilter()))

    def session(self, session_id: str) -> Session:
        """One session as it is stored."""
        with self.engine.reading() as reader:
            found = reader.sessions.get(SessionId(session_id))
        assert found is not None
        return found

    def entries(self, *types: EventType) -> list[Entry]:
        """The log, or what of it has one of ``types``; oldest first."""
        return list(self.engine.stream_entries(EntryFilter(types=frozenset(types))))

    def other_application(self, name: str = "Another app", **settings: Any) -> Made:
        """A second application, with users of the same ids."""
        return add_application(self.engine, name, **settings)

    def change_settings(self, **changes: Any) -> None:
        """Change the application's settings as an admin would."""

        def change(unit: Unit) -> Application:
            stored = unit.applications.get(self.main.application.id)
            assert stored is not None
            changed = replace(stored, settings=replace(stored.settings, **changes))
            return administer.update(unit, changed, by=SYSTEM, origin=HERE)

        self.main = replace(self.main, application=self.engine.run(change))

    def save_subject(self, **facts: Any) -> None:
        """Say all there is of somebody, as the application's sync would."""
        nothing = {
            "email": None,
            "name": None,
            "organization_id": None,
            "roles": (),
            "protected": False,
        }
        saved = SubjectFacts(**{**nothing, **facts})
        self.engine.run(
            lambda unit: maintain.save_subject(
                unit, self.main.application, saved, by=SYSTEM, origin=HERE
            )
        )

    @contextmanager
    def log_out_of_order(self) -> Iterator[None]:
        """While this lasts, the database refuses every new entry of the log."""
        self._sql(
            "CREATE TRIGGER out_of_order BEFORE INSERT ON log_entries"
            " BEGIN SELECT RAISE(ABORT, 'the log is out of order'); END"
        )
        try:
            yield
        finally:
            self._sql("DROP TRIGGER out_of_order")

    def _sql(self, statement: str) -> None:
        path = self.settings.store_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, isolation_level=None, timeout=SECONDS)) as raw:
            raw.execute(statement)


@contextmanager
def stack(
    folder: Path,
    *,
    framework: str = "fastapi",
    make_app: Callable[[Understudy, Shop], Any] | None = None,
    rate_multiplier: float = 0.0,
    monotonic: Callable[[], float] | None = None,
    middleware: Mapping[str, Any] | None = None,
) -> Iterator[Stack]:
    """A stack whose files lie in ``folder``, with ``make_app`` or the shop in a ``framework``.

    ``monotonic`` is the clock that the SDK goes by, ``middleware`` are options of the middleware.

    Rate limits are off unless asked for: nearly all calls come from one address.
    """
    clock = Clock()
    with closing(listen("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        settings = Settings(port=port, data_dir=folder, rate_multiplier=rate_multiplier)
        database = open_made(settings.store_url)
        engine = open_engine(database, DataDirectory(folder), clock=clock)
        with closing(engine):
            service = create_app(engine, database, settings)
            made = add_application(engine, "Shop")
            with running(lambda up: Server(service, announce=up), listening) as stop_service:
                understudy = linked(settings, made, monotonic=monotonic)
                shop = Shop()
                found = Stack(
                    folder=folder,
                    clock=clock,
                    engine=engine,
                    service=service,
                    settings=settings,
                    main=made,
                    understudy=understudy,
                    shop=shop,
                    stop_service=stop_service,
                )
                options = {} if make_app else dict(middleware or {})
                app = (make_app or APPS[framework])(understudy, shop, **options)
                with served(app) as found.app_port:
                    found.change_settings(redirect_urls=(found.callback,))
                    yield found
                understudy.close()


def linked(
    settings: Settings, made: Made, *, monotonic: Callable[[], float] | None = None
) -> Understudy:
    """The app's handle, as its owner would make it."""
    handle = Understudy.remote(
        f"http://127.0.0.1:{settings.port}",
        made.application.id,
        made.secret,
        public_url=settings.public_url,
    )
    if monotonic is None:
        return handle
    return Understudy(connect=handle._connect, client=handle.client, monotonic=monotonic)


@cache
def _hashed(password: str) -> str:
    return hash_password(password)
