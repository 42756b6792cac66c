"""Behind the log nobody begins; far ahead of what was seen nothing is forgotten for its age."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.contract.rules.clocks import DAY, HOUR, SECOND, forgotten, leaps, passes, reopened
from tests.contract.rules.world import HERE, World
from tests.fixtures.engine import TestCounter
from understudy.core.clock import SILENT, Turn
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.times import MILLISECOND
from understudy.errors import ClockInDoubt
from understudy.flows.clock import confirm, tell
from understudy.flows.clock_doubt import note_seen, retention_waits, unconfirmed
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.retention.erase import erase_subject
from understudy.flows.retention.marks import begin_anew
from understudy.flows.retention.retain import due

pytestmark = pytest.mark.usefixtures("counter")


def test_nobody_begins_while_the_log_is_from_the_future(
    installation: World, database_url: str, tmp_path: Path
) -> None:
    waiting = installation.granted()
    token, before = installation.token(waiting), installation.engine
    early = installation.clock.now - HOUR
    with reopened(database_url, tmp_path, early) as engine:
        installation.engine = engine
        for begins in (installation.ask, partial(installation.exchange, token)):
            with pytest.raises(ClockInDoubt) as refused:
                begins()
            assert (refused.value.code, refused.value.status) == ("clock_in_doubt", 503)
        # What an admin has looked at counts; the token was not used up meanwhile.
        confirmed = engine.run(partial(confirm, by=SYSTEM))
        assert (confirmed.now, confirmed.newest) == (early, installation.clock.now)
        assert isinstance(installation.exchange(token), OpenSession)
        [told] = installation.entries(EventType.CLOCK_CONFIRMED)
        [started] = installation.entries(EventType.SESSION_STARTED)
        assert (told.time, started.time) == (early, early)
        assert told.core is not None
        assert told.core["details"] == {"apart_ms": -3_600_000, "unconfirmed_ms": 0}
    installation.engine = before


def test_whoever_catches_up_with_the_log_begins_again(
    installation: World, database_url: str, tmp_path: Path
) -> None:
    now, before = installation.clock.now, installation.engine
    for early, refused in ((SILENT + MILLISECOND, True), (SILENT, False)):
        with (
            reopened(database_url, tmp_path, now - early) as installation.engine,
            pytest.raises(ClockInDoubt) if refused else nullcontext(),
        ):
            installation.ask()
    installation.engine = before


@pytest.fixture
def old(installation: World, counter: TestCounter) -> World:
    """An installation with a session of each of three days."""
    for _ in range(3):
        installation.end(installation.session())
        passes(installation, counter, DAY)
    return installation


def test_a_start_far_ahead_erases_nothing_before_it_is_confirmed(
    old: World, database_url: str, tmp_path: Path
) -> None:
    with reopened(database_url, tmp_path, old.clock.now + 40 * DAY) as engine:
        assert forgotten(engine, old) == 0
        assert engine.run(retention_waits)
        confirmed = engine.run(partial(confirm, by=SYSTEM))
        # What nobody has seen: since the last entry, a day before the clock was set.
        assert confirmed.unconfirmed == 41 * DAY
        assert not engine.run(retention_waits)
        assert forgotten(engine, old) > 0


def test_starts_a_little_ahead_add_up(old: World, database_url: str, tmp_path: Path) -> None:
    at = old.clock.now
    old.run(note_seen)
    for _ in range(2):
        at += timedelta(hours=12)
        with reopened(database_url, tmp_path, at) as engine:
            engine.run(note_seen)
            assert not engine.run(retention_waits)
    at += timedelta(minutes=3)
    with reopened(database_url, tmp_path, at) as engine:
        assert engine.run(retention_waits)
        assert engine.run(unconfirmed) == DAY + timedelta(minutes=3)


def test_time_that_a_process_was_up_needs_no_confirmation(
    old: World, counter: TestCounter, database_url: str, tmp_path: Path
) -> None:
    passes(old, counter, 40 * DAY)
    assert not old.run(retention_waits)
    old.run(note_seen)
    passes(old, counter, timedelta(minutes=1))
    with reopened(database_url, tmp_path, old.clock.now) as engine:
        assert not engine.run(retention_waits)
        assert engine.run(unconfirmed) == timedelta(0)


def test_one_run_erases_a_days_worth_at_most(old: World, counter: TestCounter) -> None:
    # All at once, and by a clock that nobody doubts: as after a long leap that was believed.
    passes(old, counter, 60 * DAY)
    runs = [forgotten(old.engine, old) for _ in range(4)]
    assert runs[3] == 0
    assert all(runs[:3])
    with old.engine.reading() as reader:
        assert old.application.id not in {one.application.id for one in due(reader, old.clock.now)}


def test_days_in_which_nothing_was_are_passed_over_in_one_run(
    old: World, counter: TestCounter
) -> None:
    passes(old, counter, 60 * DAY)
    while forgotten(old.engine, old):
        pass
    old.end(old.session())
    passes(old, counter, 60 * DAY)
    # As after a hold was released: everything is looked at anew, from the first entry on.
    old.run(lambda unit: begin_anew(unit, old.application.id))
    assert forgotten(old.engine, old) > 0


def test_nothing_is_erased_while_the_clock_is_in_doubt(old: World, counter: TestCounter) -> None:
    passes(old, counter, 60 * DAY)
    old.clock.now -= 3 * SECOND
    assert forgotten(old.engine, old) == 0
    erase = partial(
        erase_subject,
        application_id=old.application.id,
        subject_id=SubjectId("ada"),
        by=SYSTEM,
        origin=HERE,
    )
    with pytest.raises(ClockInDoubt):
        old.run(erase)
    old.clock.now += 3 * SECOND
    assert old.run(erase).entries > 0
    assert forgotten(old.engine, old) > 0


@pytest.mark.parametrize("vouched_for", [False, True])
def test_a_leap_ahead_that_was_believed_is_unconfirmed_without_a_second_clock(
    installation: World, counter: TestCounter, *, vouched_for: bool
) -> None:
    leaps(installation, counter, 40 * DAY)
    step = partial(tell, turn=Turn.ADOPTED, apart=40 * DAY, vouched_for=vouched_for)
    installation.run(step)
    assert installation.run(retention_waits) is not vouched_for
