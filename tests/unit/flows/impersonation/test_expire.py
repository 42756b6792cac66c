from __future__ import annotations

import pytest

from tests.contract.rules.world import World
from understudy.core.impersonation.grants import GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.ports import GrantFilter, Page
from understudy.flows.impersonation import expire as module
from understudy.flows.impersonation.expire import Expired, expire


def _statuses(world: World) -> list[GrantStatus]:
    with world.engine.reading() as reader:
        found = reader.grants.search(GrantFilter(), Page(limit=100))
    return [grant.status for grant in found]


def test_nothing_is_due_before_its_time(installation: World) -> None:
    installation.session()
    installation.granted("bob")
    installation.clock.forward(minutes=10, milliseconds=-1)
    assert installation.run(expire) == Expired(sessions=0, grants=0)


def test_idle_and_overdue_sessions_are_told_apart(installation: World) -> None:
    idle, busy = installation.session("ada"), installation.session("bob", minutes=12)
    installation.clock.forward(minutes=9)
    installation.run(lambda unit: unit.sessions.touch(busy.session.id, installation.clock.now))
    installation.clock.forward(minutes=3)
    assert installation.run(expire) == Expired(sessions=2, grants=0)
    assert installation.stored(idle).end_cause is EndCause.IDLE
    assert installation.stored(busy).end_cause is EndCause.TIME_LIMIT
    for entry in installation.entries(EventType.SESSION_EXPIRED):
        assert entry.core is not None
        assert entry.core["actor_ref"] == installation.sam.id
        details = entry.core["details"]
        assert isinstance(details, dict)
        assert details["by_kind"] == "system"
    assert set(_statuses(installation)) == {GrantStatus.CLOSED}


def test_a_grant_that_nobody_used_expires_at_its_very_instant(installation: World) -> None:
    installation.granted()
    installation.clock.forward(minutes=15, milliseconds=-1)
    assert installation.run(expire) == Expired(sessions=0, grants=0)
    installation.clock.forward(milliseconds=1)
    assert installation.run(expire) == Expired(sessions=0, grants=1)
    assert _statuses(installation) == [GrantStatus.EXPIRED]
    assert len(installation.entries(EventType.GRANT_EXPIRED)) == 1
    assert installation.run(expire) == Expired(sessions=0, grants=0)


def test_a_grant_in_use_does_not_expire(installation: World) -> None:
    opened = installation.session()
    installation.clock.forward(minutes=9)
    installation.run(lambda unit: unit.sessions.touch(opened.session.id, installation.clock.now))
    installation.clock.forward(minutes=7)
    assert installation.run(expire) == Expired(sessions=0, grants=0)
    assert installation.stored(opened).end_cause is None


def test_much_is_closed_in_batches_until_there_is_no_more(
    installation: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    for _ in range(7):
        installation.granted()
    sessions = [installation.session("bob") for _ in range(4)]
    installation.clock.forward(minutes=15)
    rounds = [installation.run(expire)]
    while rounds[-1].more:
        rounds.append(installation.run(expire))
    assert [(one.sessions, one.grants) for one in rounds] == [(3, 3), (1, 3), (0, 1)]
    assert all(installation.stored(opened).end_cause is EndCause.IDLE for opened in sessions)
    assert set(_statuses(installation)) == {GrantStatus.CLOSED, GrantStatus.EXPIRED}
