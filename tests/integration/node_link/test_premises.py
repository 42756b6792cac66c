"""Whatever a session stands on: once it falls, an app on Node refuses within a second."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.contract.rules.world import World, world
from tests.fixtures import asgi_server
from tests.integration.ending.falls import FALLS, Work, begun, mended
from tests.integration.node_link.desk import Desk
from tests.integration.node_link.node_app import NodeApp
from understudy.config import Settings
from understudy.service.app import create_app
from understudy.storage.database.databases import open_database

WITHIN_SECONDS = 1.0
PATIENCE_SECONDS = 10.0
SWEEP_SECONDS = 1.0
"""How often the service looks for what has run out, whose time the app knows by itself."""


@pytest.fixture
def work(desk: Desk, app: NodeApp) -> Iterator[Work]:
    """Somebody at work; afterwards people and settings are as they were."""
    found = begun(desk, app)
    yield found
    mended(found)


@pytest.mark.parametrize("fall", FALLS)
def test_a_session_falls_with_what_it_stands_on(work: Work, fall: str) -> None:
    watching = work.app.order("watch", session=work.session_id)
    work.falls(fall)
    # Counted from the answer: to hash a password takes its time before anything has changed.
    began = time.monotonic()
    refused = watching.result(PATIENCE_SECONDS)
    seconds = refused["at"] - began
    print(f"{fall}: {seconds:.3f} s")
    assert (refused["status"], refused["cause"]) == (401, work.cause_of(fall))
    assert seconds < WITHIN_SECONDS


def test_settings_that_are_tightened_hold_for_sessions_that_run(work: Work) -> None:
    action = {"method": "GET", "pattern": "/orders", "label": "Orders"}
    watching = work.app.order("watch", session=work.session_id)
    began = time.monotonic()
    work.settings_become(blocked_actions=[action])
    refused = watching.result(PATIENCE_SECONDS)
    seconds = refused["at"] - began
    print(f"action blocked: {seconds:.3f} s")
    work.settings_become(blocked_actions=[])
    assert refused["status"] == 403
    assert seconds < WITHIN_SECONDS


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, NodeApp]]:
    """An installation whose clock a test moves, and an app of its application."""
    folder = tmp_path_factory.mktemp("clock")
    url = f"sqlite:///{folder / 'understudy.db'}"
    with world(url, folder) as made:
        made.set_up_application()
        service = create_app(made.engine, open_database(url), Settings(rate_multiplier=0))
        with (
            asgi_server.served(service) as port,
            NodeApp(
                url=f"http://127.0.0.1:{port}",
                applicationId=made.application.id,
                secret=made.secret,
            ) as app,
        ):
            yield made, app


@pytest.mark.parametrize(("minutes", "cause"), [(30, "idle"), (10, "time_limit")])
def test_a_session_falls_with_its_time(
    elsewhere: tuple[World, NodeApp], minutes: int, cause: str
) -> None:
    installation, app = elsewhere
    token = installation.token(installation.granted(minutes=minutes))
    session = app.do("start", token=token)["session"]
    app.do("follow")
    watching = app.order("watch", session=session)
    began = time.monotonic()
    installation.clock.forward(minutes=10)
    refused = watching.result(PATIENCE_SECONDS)
    seconds = refused["at"] - began
    print(f"{cause}: {seconds:.3f} s")
    assert (refused["status"], refused["cause"]) == (401, cause)
    assert seconds < SWEEP_SECONDS + WITHIN_SECONDS
