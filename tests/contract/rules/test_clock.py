"""One clock: a leap neither lengthens a session nor erases anything (`core.clock`)."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.contract.rules.clocks import DAY, HOUR, SECOND, leaps, passes
from tests.contract.rules.world import HERE, Clock, World
from tests.fixtures.engine import TestCounter
from understudy.core.clock import Turn
from understudy.core.impersonation.grants import GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.ports import SessionFilter
from understudy.core.times import MILLISECOND
from understudy.flows.clock import cancel_grants, end_sessions, tell
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.open_session import Fallen, OpenSession
from understudy.flows.people import lock
from understudy.flows.people.sign_in import begin, identify
from understudy.flows.retention.retain import due, retain
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.databases import open_database
from understudy.storage.engine.engine import open_engine

pytestmark = pytest.mark.usefixtures("counter")


def test_a_leap_ahead_and_back_leaves_nobody_in_the_future(
    installation: World, counter: TestCounter
) -> None:
    installation.clock.now += DAY
    assert installation.engine.look_at_clock() is Turn.LEAPT
    during = installation.granted()
    passes(installation, counter, 3 * SECOND)
    installation.clock.now -= DAY
    assert installation.engine.look_at_clock() is Turn.RETURNED
    assert during.created_at == installation.clock.now - 3 * SECOND
    opened = installation.session(minutes=5)
    assert opened.session.ends_at == installation.clock.now + timedelta(minutes=5)
    passes(installation, counter, timedelta(minutes=5))
    over = installation.refresh(opened)
    assert isinstance(over, Fallen)
    assert over.cause is EndCause.TIME_LIMIT
    [started] = installation.entries(EventType.SESSION_STARTED)
    assert started.time == opened.session.started_at


def test_a_clock_set_back_lengthens_no_session(installation: World, counter: TestCounter) -> None:
    opened = installation.session(minutes=5)
    installation.clock.now -= HOUR
    counter.passed += timedelta(minutes=5) - MILLISECOND
    assert isinstance(installation.refresh(opened), OpenSession)
    counter.passed += MILLISECOND
    over = installation.refresh(opened)
    assert isinstance(over, Fallen)
    assert over.cause is EndCause.TIME_LIMIT


def test_over_is_judged_at_the_later_of_two_clocks(installation: World) -> None:
    opened, token = installation.session(), installation.token(installation.granted())
    installation.clock.now += HOUR
    assert isinstance(installation.refresh(opened), Fallen)
    assert isinstance(installation.exchange(token), TokenRefused)
    closed = installation.end(opened)
    # What is written down is from the time that goes on, whatever leapt.
    assert (closed.end_cause, closed.ended_at) == (EndCause.TIME_LIMIT, opened.session.started_at)


def test_a_lock_opens_at_the_earlier_of_two_clocks(installation: World) -> None:
    engine, key = installation.engine, b"sam"

    def fails(times: int) -> None:
        for _ in range(times):
            engine.run(lambda unit: lock.count_failure(unit, key))

    fails(5)
    with engine.reading() as reader:
        failures = reader.sign_in_failures.get(key)
    assert lock.locked_until(failures, engine.clock.earliest()) is not None
    installation.clock.now += DAY
    assert lock.locked_until(failures, engine.clock.earliest()) is not None


def test_nothing_is_erased_for_a_clock_that_leapt_ahead(installation: World) -> None:
    installation.end(installation.session())
    installation.clock.now += 40 * DAY
    with installation.engine.reading() as reader:
        assert due(reader, installation.engine.clock.earliest()) == []
    done = installation.run(partial(retain, application_id=installation.application.id))
    assert (done.entries, done.grants) == (0, 0)


@pytest.mark.parametrize("by", [timedelta(minutes=5), -HOUR])
def test_a_leap_that_is_believed_ends_whoever_was_in(
    installation: World, counter: TestCounter, by: timedelta
) -> None:
    opened, waiting = installation.session(), installation.granted("bob")
    token = installation.token(waiting)
    signed_in = installation.run(lambda unit: begin(unit, installation.sam, origin=HERE))
    leaps(installation, counter, by)
    assert installation.run(end_sessions) == 1
    assert installation.run(end_sessions) == 0
    assert installation.run(cancel_grants) == 1
    installation.run(lambda unit: tell(unit, Turn.ADOPTED, by))
    assert installation.stored(opened).end_cause is EndCause.CLOCK_DOUBT
    assert isinstance(installation.exchange(token), TokenRefused)
    with installation.engine.reading() as reader:
        assert reader.sessions.live(SessionFilter()) == []
        assert identify(reader, signed_in.token, installation.clock.now) is None
        grant = reader.grants.get(waiting.id)
    assert grant is not None
    assert grant.status is GrantStatus.CANCELLED
    [revoked] = installation.entries(EventType.SESSION_REVOKED)
    assert revoked.core is not None
    assert revoked.core["details"] == {
        "by_kind": "system",
        "by_ref": None,
        "cause": "clock_doubt",
    }
    [adopted] = installation.entries(EventType.CLOCK_ADOPTED)
    assert adopted.core is not None
    assert adopted.core["details"] == {"apart_ms": by // MILLISECOND, "signed_out": 1}
    assert adopted.time == installation.clock.now


def test_a_session_that_begins_after_a_leap_was_believed_lasts_as_long_as_any(
    installation: World, counter: TestCounter
) -> None:
    leaps(installation, counter, -HOUR)
    installation.run(lambda unit: tell(unit, Turn.ADOPTED, -HOUR))
    opened = installation.session(minutes=5)
    assert opened.session.ends_at == installation.clock.now + timedelta(minutes=5)
    passes(installation, counter, timedelta(minutes=5))
    assert isinstance(installation.refresh(opened), Fallen)


def test_the_logs_time_goes_back_by_decision_alone(
    installation: World, counter: TestCounter, database_url: str, tmp_path: Path
) -> None:
    newest = installation.clock.now
    earlier = Clock(newest - HOUR)
    database = open_database(database_url)
    with closing(open_engine(database, DataDirectory(tmp_path / "data"), clock=earlier)) as other:
        other.run(lambda unit: tell(unit, Turn.LEAPT, -HOUR))
        other.run(lambda unit: tell(unit, Turn.LEAPT, -HOUR))
        other.run(lambda unit: tell(unit, Turn.ADOPTED, -HOUR))
        other.run(lambda unit: tell(unit, Turn.LEAPT, -HOUR))
    told = installation.entries(EventType.CLOCK_LEAPT, EventType.CLOCK_ADOPTED)
    assert [entry.time for entry in reversed(told)] == [
        newest,
        newest,
        newest - HOUR,
        newest - HOUR,
    ]
