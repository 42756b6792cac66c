"""Whatever a session stands on: once it falls, an app in another process refuses.

On one node over SQLite, and on two over PostgreSQL, where it falls at the node that the app does
not follow. How long each takes is measured by ``benchmarks/premises.py``; apps on Node are tested
in ``tests/integration/node_link``, and embedded ones in ``tests/integration/embedded``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.fixtures.postgresql import PostgresServer
from tests.integration.ending.falls import FALLS, PythonApp, Work, begun, mended
from tests.integration.node_link.desk import Desk
from tests.integration.node_link.desk import desk as made_desk

PATIENCE_SECONDS = 10.0


@pytest.fixture(scope="module", params=["sqlite, one node", "postgresql, two nodes"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, PythonApp]]:
    """One service, or two, and an app that follows the first."""
    folder = tmp_path_factory.mktemp("matrix")
    two = request.param.startswith("postgresql")
    with ExitStack() as stack:
        url = None
        if two:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            url = stack.enter_context(server.database())
        desk = stack.enter_context(made_desk(folder, url, nodes=2 if two else 1))
        app = PythonApp(
            url=desk.service.url,
            applicationId=desk.place.application_id,
            secret=desk.place.secret,
        )
        yield desk, stack.enter_context(app)


@pytest.fixture
def work(house: tuple[Desk, PythonApp]) -> Iterator[Work]:
    """Somebody at work; afterwards people and settings are as they were."""
    found = begun(*house)
    yield found
    mended(found)


@pytest.mark.parametrize("fall", FALLS)
def test_a_session_falls_with_what_it_stands_on(work: Work, fall: str) -> None:
    happens, cause = FALLS[fall]
    watching = work.app.order("watch", session=work.session_id)
    happens(work)
    assert watching.result(PATIENCE_SECONDS)["status"] == 401
    ended = work.desk.operator("GET", f"/sessions/{work.session_id}")
    assert ended["end_cause"] == cause
