"""Which clock an engine looks at beside the machine's counter."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.storage.engines import engine_on, marks
from tests.fixtures.engine import TestCounter
from understudy.core.clock import Turn
from understudy.storage.clock import utc_now
from understudy.storage.database.connection import Dialect
from understudy.storage.database.databases import open_database
from understudy.storage.engine import engine as engines

HOUR = timedelta(hours=1)
SOON = timedelta(minutes=1)


def test_a_server_has_a_clock_and_a_file_has_none(database_url: str) -> None:
    with closing(open_database(database_url)) as database:
        found = database.now()
        if database.dialect is Dialect.SQLITE:
            assert found is None
        else:
            assert found is not None
            assert abs(found - utc_now()) < SOON


def test_the_reference_is_the_servers_clock_or_else_the_machines(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = timedelta(0)
    monkeypatch.setattr(engines, "utc_now", lambda: utc_now() + ahead)
    with engine_on(database_url, tmp_path / "data") as engine:
        assert engine.look_at_clock() is None
        ahead = HOUR
        told = engine.look_at_clock()
        # A server's clock is one for all nodes: whoever sets that of one of them moves nothing.
        assert told is (None if engine.clock.needs_telling else Turn.LEAPT)
        engine.run(marks("a"))
        with engine.reading() as reader:
            newest = reader.entries.newest()
        assert newest is not None
        assert abs(newest - utc_now()) < SOON


def test_a_reference_that_leaps_is_told(database_url: str, tmp_path: Path) -> None:
    counter = TestCounter()
    with engine_on(database_url, tmp_path / "data", elapsed=counter) as engine:
        assert engine.look_at_clock() is None
        # As after a pause that the counter did not count, seen from the other side.
        counter.forward(hours=1)
        assert engine.look_at_clock() is Turn.LEAPT
        assert engine.clock.interval().latest - engine.clock.earliest() > HOUR - SOON
