"""From the answer to whatever takes a premise away to the first request that an app refuses.

Each premise of the kill matrix falls in turn, and the app is a process of its own: over SQLite in
Python and on Node, over PostgreSQL at the other of two nodes, and embedded, where it falls in
another process of the same app.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.rounds import quantile
from benchmarks.row import Row
from benchmarks.scale import Scale
from tests.fixtures.postgresql import PostgresServer
from tests.integration.ending.embedded_desk import AppWithin, begun_within, desk_within
from tests.integration.ending.falls import FALLS, PythonApp, Work, begun, mended
from tests.integration.node_link.desk import Desk, desk
from tests.integration.node_link.node_app import NodeApp

NAMES = ("premises-sqlite", "premises-node", "premises-postgresql")
CUT_NAMES = ("premises-cut",)
EMBEDDED_NAMES = ("premises-embedded",)
BAR_MILLISECONDS = 1000.0
CUT_BAR_SECONDS = 6.0
PATIENCE_SECONDS = 10.0


def rows(scale: Scale) -> Iterator[Row]:
    """A row for each way in which an app may stand to a service."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        one = stack.enter_context(desk(_made(folder / "one")))
        yield _served("premises-sqlite", "an app in Python, one node", one, PythonApp, scale)
        yield _served("premises-node", "an app on Node, one node", one, NodeApp, scale)
        server = stack.enter_context(PostgresServer())
        url = stack.enter_context(server.database())
        two = stack.enter_context(desk(_made(folder / "two"), url, nodes=2))
        yield _served("premises-postgresql", "at the other of two nodes", two, PythonApp, scale)


def cut_rows(scale: Scale) -> Iterator[Row]:
    """A row for an app that hears nothing: each premise falls at a node that it does not follow."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(PostgresServer())
        url = stack.enter_context(server.database())
        at = stack.enter_context(desk(folder, url, nodes=2))
        options = {"applicationId": at.place.application_id, "secret": at.place.secret}
        app = stack.enter_context(PythonApp(url=at.service.url, **options))
        found = [_unheard(at, app, fall) for fall in list(FALLS)[: scale.premises]]
    yield Row(
        name="premises-cut",
        what=f"the same with the network cut, longest of {len(found)}",
        unit="s",
        value=max(found),
        at_most=CUT_BAR_SECONDS,
    )


def _unheard(at: Desk, app: PythonApp, fall: str) -> float:
    """Seconds until the app serves nobody any more; once it hears again it knows of the end."""
    work = begun(at, app)
    turned_away = app.order("turn_away", session=work.session_id)
    watching = app.order("watch", session=work.session_id)
    os.kill(at.service.pid, signal.SIGSTOP)
    try:
        work.falls(fall)
        answered = time.monotonic()
        refused = float(turned_away.result(PATIENCE_SECONDS)["at"])
    finally:
        os.kill(at.service.pid, signal.SIGCONT)
    # An app of an application that is disabled hears nothing before it is there again.
    mended(work)
    watching.result(PATIENCE_SECONDS)
    return max(0.0, refused - answered)


def embedded_rows(scale: Scale) -> Iterator[Row]:
    """A row for an app that has it within."""
    with (
        tempfile.TemporaryDirectory() as folder,
        desk_within(Path(folder)) as within,
        AppWithin(folder=folder) as other,
    ):
        begins = partial(begun_within, within, other)
        yield _row("premises-embedded", "in another process of the app", begins, scale)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _served(name: str, what: str, at: Desk, kind: type[NodeApp], scale: Scale) -> Row:
    options = {"applicationId": at.place.application_id, "secret": at.place.secret}
    with kind(url=at.service.url, **options) as app:
        return _row(name, what, partial(begun, at, app), scale)


def _row(name: str, what: str, begins: Callable[[], Work], scale: Scale) -> Row:
    falls = list(FALLS)[: scale.premises]
    found = [_fall(begins(), fall) for _ in range(scale.falls) for fall in falls]
    return Row(
        name=name,
        what=f"a premise fell to first refusal, {what}, p99 of {len(found)}",
        unit="ms",
        value=quantile(found, 0.99) * 1000,
        at_most=BAR_MILLISECONDS,
    )


def _fall(work: Work, fall: str) -> float:
    """Seconds; nothing when the app was faster than the answer."""
    watching = work.app.order("watch", session=work.session_id)
    work.falls(fall)
    answered = time.monotonic()
    refused = float(watching.result(PATIENCE_SECONDS)["at"])
    mended(work)
    return max(0.0, refused - answered)
