"""The service as a process whose machine's clock is set while it runs, on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fixtures.postgresql import PostgresServer
from tests.fixtures.served import running
from tests.fixtures.set_clock import SetClock, set_clock
from tests.integration.abuse.servers import eventually
from understudy.config import Settings
from understudy.core.applications.application import ApplicationSettings, Vertical
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.ports import EntryFilter, Unit
from understudy.flows.applications import administer
from understudy.flows.directory.maintain import SubjectFacts, save_subject
from understudy.flows.origin import Origin
from understudy.service.opening import open_installation
from understudy.storage.clock import utc_now

HOUR, DAY, SOON = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
FIVE_MINUTES = timedelta(minutes=5)
# A minute of waiting is of no use to anybody here.
SOON_ADOPTED = (
    "from datetime import timedelta; from understudy.core import clock; "
    "clock.ADOPTED_AFTER = timedelta(seconds=1)"
)
OFTEN = "from understudy.service import background; background.RETAIN_SECONDS = 0.05"
SECONDS = 20.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """An installation with an app and Ada, and a clock that is set.

    It is that of the process that serves, if that is told by ``variables``.
    """

    folder: Path
    database_url: str
    application_id: str
    secret: str
    clock: SetClock
    variables: Mapping[str, str]

    @contextmanager
    def served(self, *, before: str = "") -> Iterator[httpx.Client]:
        """The service as a process of its own; the app's backend speaks to it."""
        variables = {**self.variables, "UNDERSTUDY_DATABASE_URL": self.database_url}
        with (
            running(self.folder, before=before, variables=variables) as service,
            httpx.Client(base_url=service.base, auth=(self.application_id, self.secret)) as app,
        ):
            eventually(lambda: answers(app), seconds=SECONDS)
            yield app

    def told(self) -> list[str]:
        """The types of all entries."""
        settings = Settings(data_dir=self.folder / "data", database_url=self.database_url)
        with closing(open_installation(settings)) as engine:
            return [entry.type for entry in engine.stream_entries(EntryFilter())]


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Place:
    clock = set_clock(tmp_path)
    return made_at(tmp_path, database_url, clock, clock.variables)


def made_at(folder: Path, url: str, clock: SetClock, variables: Mapping[str, str]) -> Place:
    settings = Settings(data_dir=folder / "data", database_url=url)

    def set_up(unit: Unit) -> administer.WithSecret:
        made = administer.create(
            unit,
            name="App",
            vertical=Vertical.B2B,
            settings=ApplicationSettings(impersonation_allowed=True),
            by=SYSTEM,
            origin=Origin(),
        )
        ada = SubjectFacts(id=SubjectId("ada"), name="Ada")
        save_subject(unit, made.application, ada, by=SYSTEM, origin=Origin())
        return made

    with closing(open_installation(settings)) as engine:
        made = engine.run(set_up)
    return Place(
        folder=folder,
        database_url=url,
        application_id=made.application.id,
        secret=made.secret,
        clock=clock,
        variables=variables,
    )


@pytest.fixture
def place_on_a_server(tmp_path: Path) -> Iterator[Place]:
    """The clock that is set is the database server's; whoever serves has one that is right."""
    with PostgresServer() as server:
        server.stop()
        clock = set_clock(server.folder)
        server.variables = clock.variables
        server.start()
        with server.database() as url:
            yield made_at(tmp_path, url, clock, {})


def answers(app: httpx.Client) -> bool:
    try:
        return app.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


def clock_of(app: httpx.Client) -> object:
    return app.get("/readyz").json()["clock"]


def opened(app: httpx.Client) -> dict[str, Any]:
    """A session of five minutes."""
    ask = {
        "subject_id": "ada",
        "reason": "Looking at the missing invoice",
        "actor": {"id": "kim"},
        "minutes": 5,
    }
    started = app.post("/api/v1/impersonations", json=ask)
    assert started.status_code == 201, started.text
    token = {"impersonation_token": started.json()["impersonation_token"]}
    answer = app.post("/api/v1/impersonations/exchange", json=token)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def end_of(session: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(session["session"]["ends_at"])


def refreshed(app: httpx.Client, session: dict[str, Any]) -> tuple[int, object]:
    token = {"session_token": session["session_token"]}
    answer = app.post("/api/v1/sessions/refresh", json=token)
    return answer.status_code, answer.json().get("rule")


@pytest.fixture
def on_a_file(place: Place) -> bool:
    """Whether the machine's clock is the reference; else it is the database server's."""
    return place.database_url.startswith("sqlite")


def test_a_clock_that_leaps_ahead_and_back_leaves_the_service_where_it_was(
    place: Place, *, on_a_file: bool
) -> None:
    with place.served() as app:
        before = opened(app)
        place.clock.set("+1d")
        if on_a_file:
            eventually(lambda: clock_of(app) == "in_doubt", seconds=SECONDS)
            eventually(lambda: EventType.CLOCK_LEAPT in place.told(), seconds=SECONDS)
        place.clock.set("+0")
        eventually(lambda: clock_of(app) == "ok", seconds=SECONDS)
        if on_a_file:
            eventually(lambda: EventType.CLOCK_RETURNED in place.told(), seconds=SECONDS)
        after = opened(app)
        # A day's leap used to be kept for good: whoever came later stayed a day longer.
        assert abs(end_of(after) - utc_now() - FIVE_MINUTES) < SOON
        assert refreshed(app, before) == ((401, "time_limit") if on_a_file else (200, None))
    told = place.told()
    assert [one for one in told if one.startswith("clock.")] == (
        ["clock.leapt", "clock.returned"] if on_a_file else []
    )


def test_a_clock_that_stays_an_hour_back_ends_everything_and_lengthens_nothing(
    place: Place, *, on_a_file: bool
) -> None:
    with place.served(before=SOON_ADOPTED) as app:
        before = opened(app)
        place.clock.set("-1h")
        if not on_a_file:
            # The server's clock counts, and no node can set that.
            assert refreshed(app, before) == (200, None)
            assert abs(end_of(opened(app)) - utc_now() - FIVE_MINUTES) < SOON
            return
        over = (401, "clock_doubt")
        eventually(lambda: refreshed(app, before) == over, seconds=SECONDS)
        eventually(lambda: EventType.CLOCK_ADOPTED in place.told(), seconds=SECONDS)
        assert abs(end_of(opened(app)) - (utc_now() - HOUR) - FIVE_MINUTES) < SOON


def test_a_start_forty_days_ahead_erases_nothing(place: Place, *, on_a_file: bool) -> None:
    with place.served() as app:
        opened(app)
    place.clock.set("+40d")
    # Retention looks for work as soon as the service is up, and again and again.
    with place.served(before=OFTEN) as app:
        assert clock_of(app) == ("unconfirmed" if on_a_file else "ok")
        session = opened(app)
        ahead = 40 * DAY if on_a_file else timedelta(0)
        assert abs(end_of(session) - (utc_now() + ahead) - FIVE_MINUTES) < SOON
    assert EventType.AUDIT_ERASED not in place.told()


def test_a_database_servers_clock_that_stays_set_ends_everything(place_on_a_server: Place) -> None:
    place = place_on_a_server
    with place.served(before=SOON_ADOPTED) as app:
        before = opened(app)
        assert clock_of(app) == "ok"
        place.clock.set("-1h")
        eventually(lambda: refreshed(app, before) == (401, "clock_doubt"), seconds=SECONDS)
        eventually(lambda: EventType.CLOCK_ADOPTED in place.told(), seconds=SECONDS)
        assert abs(end_of(opened(app)) - (utc_now() - HOUR) - FIVE_MINUTES) < SOON
    assert [one for one in place.told() if one.startswith("clock.")] == [
        "clock.leapt",
        "clock.adopted",
    ]
