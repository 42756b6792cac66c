"""How time goes on, leaps, and starts anew in tests of the clock."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from tests.contract.rules.world import Clock, World
from tests.fixtures.engine import TestCounter
from understudy.core.clock import ADOPTED_AFTER, Turn
from understudy.flows.retention.retain import Retained, retain
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.databases import open_database
from understudy.storage.engine.engine import StoreEngine, open_engine

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


def passes(installation: World, counter: TestCounter, time: timedelta) -> None:
    """Time goes on: by the counter, and on the wall alike."""
    counter.passed += time
    installation.clock.now += time


def leaps(installation: World, counter: TestCounter, by: timedelta) -> None:
    """The wall leaps, and stays there until it is believed."""
    installation.clock.now += by
    assert installation.engine.look_at_clock() is Turn.LEAPT
    passes(installation, counter, ADOPTED_AFTER)
    assert installation.engine.look_at_clock() is Turn.ADOPTED


def reopened(database_url: str, folder: Path, at: datetime) -> closing[StoreEngine]:
    """The same installation after a start at which the clock said ``at``."""
    database = open_database(database_url)
    return closing(open_engine(database, DataDirectory(folder / "data"), clock=Clock(at)))


def forgotten(engine: StoreEngine, installation: World) -> int:
    """How many entries one run forgets, all its steps together."""
    entries, done = 0, Retained(more=True)
    while done.more:
        step = partial(retain, application_id=installation.application.id, run=done.run, batch=2)
        done = engine.run(step)
        entries += done.entries
    return entries
