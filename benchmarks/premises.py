"""From the answer to whatever takes a premise away to the first request that an app refuses.

Each premise of the kill matrix falls in turn, and the app is a process of its own: over SQLite in
Python and on Node, over PostgreSQL at the other of two nodes.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.rounds import quantile
from benchmarks.row import Row
from benchmarks.scale import Scale
from tests.fixtures.postgresql import PostgresServer
from tests.integration.ending.falls import FALLS, PythonApp, begun, mended
from tests.integration.node_link.desk import Desk, desk
from tests.integration.node_link.node_app import NodeApp

NAMES = ("premises-sqlite", "premises-node", "premises-postgresql")
BAR_MILLISECONDS = 1000.0
PATIENCE_SECONDS = 10.0


def rows(scale: Scale) -> Iterator[Row]:
    """A row for each way in which app and service may stand."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        one = stack.enter_context(desk(_made(folder / "one")))
        yield _row("premises-sqlite", "an app in Python, one node", one, PythonApp, scale)
        yield _row("premises-node", "an app on Node, one node", one, NodeApp, scale)
        server = stack.enter_context(PostgresServer())
        url = stack.enter_context(server.database())
        two = stack.enter_context(desk(_made(folder / "two"), url, nodes=2))
        yield _row("premises-postgresql", "at the other of two nodes", two, PythonApp, scale)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _row(name: str, what: str, at: Desk, kind: type[NodeApp], scale: Scale) -> Row:
    options = {"applicationId": at.place.application_id, "secret": at.place.secret}
    with kind(url=at.service.url, **options) as app:
        falls = list(FALLS)[: scale.premises]
        found = [_fall(at, app, fall) for _ in range(scale.falls) for fall in falls]
    return Row(
        name=name,
        what=f"a premise fell to first refusal, {what}, p99 of {len(found)}",
        unit="ms",
        value=quantile(found, 0.99) * 1000,
        at_most=BAR_MILLISECONDS,
    )


def _fall(at: Desk, app: NodeApp, fall: str) -> float:
    """Seconds; nothing when the app was faster than the answer."""
    work = begun(at, app)
    watching = app.order("watch", session=work.session_id)
    happens, _ = FALLS[fall]
    happens(work)
    answered = time.monotonic()
    refused = float(watching.result(PATIENCE_SECONDS)["at"])
    mended(work)
    return max(0.0, refused - answered)
