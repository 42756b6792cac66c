"""Whatever a session stands on: once it falls, an app in another process refuses.

On one node over SQLite; on two over PostgreSQL, where it falls at the node that the app does not
follow; and in an app that has Understudy within, where it falls in another of its processes. How
long each takes is measured by ``benchmarks/premises.py``; apps on Node are tested in
``tests/integration/node_link``, and what an embedding app alone knows of in
``tests/integration/embedded``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import pytest

from tests.fixtures.postgresql import PostgresServer
from tests.integration.ending.embedded_desk import AppWithin, begun_within, desk_within
from tests.integration.ending.falls import FALLS, PythonApp, Work, begun, mended
from tests.integration.node_link.desk import desk as made_desk

PATIENCE_SECONDS = 10.0


Begins = Callable[[], Work]


@pytest.fixture(
    scope="module", params=["sqlite, one node", "postgresql, two nodes", "embedded, two processes"]
)
def begins(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Begins]:
    """One service and an app that follows it, or two of both; whoever calls it is at work."""
    folder = tmp_path_factory.mktemp("matrix")
    if request.param.startswith("embedded"):
        with desk_within(folder) as within, AppWithin(folder=str(folder)) as other:
            yield partial(begun_within, within, other)
        return
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
        yield partial(begun, desk, stack.enter_context(app))


@pytest.fixture
def work(begins: Begins) -> Iterator[Work]:
    """Somebody at work; afterwards people and settings are as they were."""
    found = begins()
    yield found
    mended(found)


@pytest.mark.parametrize("fall", FALLS)
def test_a_session_falls_with_what_it_stands_on(work: Work, fall: str) -> None:
    watching = work.app.order("watch", session=work.session_id)
    work.falls(fall)
    assert watching.result(PATIENCE_SECONDS)["status"] == 401
    ended = work.desk.operator("GET", f"/sessions/{work.session_id}")
    assert ended["end_cause"] == work.cause_of(fall)
