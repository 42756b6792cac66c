from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.rules.world import World
from tests.fixtures.endings import ending
from understudy.core.impersonation.endings import Ending, Proof, Reach
from understudy.core.impersonation.grants import GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.times import to_ms
from understudy.flows.impersonation import replay as replays
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.impersonation.replay import replay


def of(world: World, opened: OpenSession, **changes: object) -> Ending:
    """An ending of that session, at this moment."""
    application_id = world.application.id
    facts = {"ref": opened.session.id, "application_id": application_id, "at": world.clock()}
    return ending(**{**facts, **changes})


def test_a_session_ends_as_of_the_ending_and_not_of_the_writing(installation: World) -> None:
    opened = installation.session()
    told = of(installation, opened)
    installation.clock.forward(minutes=25)
    installation.run(lambda unit: replay(unit, told))
    stored = installation.stored(opened)
    assert (stored.ended_at, stored.end_cause) == (told.at, EndCause.REVOKED)
    [entry] = installation.entries(EventType.SESSION_REVOKED)
    assert entry.core is not None
    assert entry.core["details"] == {
        "cause": "revoked",
        "by_kind": "application",
        "by_ref": "app_1",
        "at": to_ms(told.at),
        "proven": "secret",
    }
    assert entry.time == installation.clock()
    grant = installation.run(lambda unit: unit.grants.get(opened.grant.id))
    assert grant is not None
    assert grant.status is GrantStatus.CLOSED


def test_a_limit_that_was_reached_before_the_ending_wins(installation: World) -> None:
    opened = installation.session()
    told = of(installation, opened, at=opened.session.ends_at)
    installation.clock.forward(minutes=61)
    installation.run(lambda unit: replay(unit, told))
    assert installation.stored(opened).end_cause is EndCause.TIME_LIMIT
    assert len(installation.entries(EventType.SESSION_EXPIRED)) == 1


def test_to_replay_twice_writes_nothing_more(installation: World) -> None:
    opened = installation.session()
    told = of(installation, opened)
    installation.run(lambda unit: replay(unit, told))
    installation.clock.forward(minutes=1)
    installation.run(lambda unit: replay(unit, told))
    assert len(installation.entries(EventType.SESSION_REVOKED)) == 1
    assert not installation.entries(EventType.ENDING_LATE)


def test_what_was_over_by_other_means_is_told_as_late(installation: World) -> None:
    opened = installation.session()
    installation.end(opened)
    installation.clock.forward(seconds=1)
    told = of(installation, opened)
    installation.run(lambda unit: replay(unit, told))
    [entry] = installation.entries(EventType.ENDING_LATE)
    assert entry.core is not None
    assert entry.core["session_id"] == opened.session.id
    assert entry.core["grant_id"] == opened.grant.id
    assert entry.core["details"] == {
        "cause": "revoked",
        "by_kind": "application",
        "by_ref": "app_1",
        "at": to_ms(told.at),
        "proven": "secret",
        "reach": "session",
    }
    assert installation.stored(opened).end_cause is EndCause.ENDED_BY_ACTOR


def test_a_session_that_is_not_known_is_told_as_orphaned(installation: World) -> None:
    told = ending(ref="ses_of_another_database", proven=Proof.DATA_DIRECTORY)
    installation.run(lambda unit: replay(unit, told))
    [entry] = installation.entries(EventType.ENDING_ORPHANED)
    assert entry.core is not None
    assert entry.core["session_id"] == "ses_of_another_database"
    assert entry.personal is not None
    assert entry.personal["address"] == "192.0.2.1"


@pytest.mark.parametrize("reach", [one for one in Reach if one is not Reach.SESSION])
def test_a_wide_ending_closes_all_that_it_covers_and_no_later_one(
    installation: World, reach: Reach
) -> None:
    opened = installation.session()
    refs = {
        Reach.ACTOR: opened.session.actor_ref,
        Reach.SUBJECT: opened.session.subject_ref,
        Reach.APPLICATION: installation.application.id,
    }
    told = of(installation, opened, reach=reach, ref=refs.get(reach))
    installation.clock.forward(seconds=1)
    later = installation.session("bob")
    assert installation.run(lambda unit: replay(unit, told)) is False
    assert installation.stored(opened).end_cause is EndCause.REVOKED
    assert installation.stored(later).end_cause is None


def test_many_sessions_are_closed_in_slices(
    installation: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replays, "BATCH", 1)
    both = [installation.session("ada"), installation.session("bob")]
    told = of(installation, both[0], reach=Reach.ALL, ref=None)
    assert installation.run(lambda unit: replay(unit, told)) is True
    assert installation.run(lambda unit: replay(unit, told)) is False
    assert {installation.stored(one).end_cause for one in both} == {EndCause.REVOKED}


def test_an_ending_in_memory_does_not_hide_the_row_that_is_to_be_written(
    installation: World,
) -> None:
    opened = installation.session()
    told = of(installation, opened)
    installation.engine.endings.replays.stop()
    installation.engine.endings.keep([told])
    with installation.engine.reading() as reader:
        seen = reader.sessions.get(opened.session.id)
    assert seen == told.over(replace(opened.session))
    installation.clock.forward(seconds=5)
    installation.engine.endings.replays.once()
    assert installation.stored(opened).ended_at == told.at
    assert installation.stored(opened).ended_at == installation.clock() - timedelta(seconds=5)
