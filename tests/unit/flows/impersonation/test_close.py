from __future__ import annotations

import pytest

from tests.contract.rules.world import HERE, World
from understudy.core.impersonation.grants import GrantStatus
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.notices.events import SYSTEM, EventType
from understudy.flows.impersonation.close import close, event_type
from understudy.flows.impersonation.open_session import OpenSession


def _close(world: World, opened: OpenSession, cause: EndCause) -> Session:
    session = world.stored(opened)
    return world.run(
        lambda unit: close(unit, session, opened.grant, cause=cause, by=SYSTEM, origin=HERE)
    )


def _grant_status(world: World, opened: OpenSession) -> GrantStatus:
    grant = world.run(lambda unit: unit.grants.get(opened.grant.id))
    assert grant is not None
    return grant.status


def test_a_session_that_reached_its_limit_is_over_for_that_and_nothing_later(
    installation: World,
) -> None:
    opened = installation.session()
    installation.clock.now = opened.session.ends_at
    assert _close(installation, opened, EndCause.REVOKED).end_cause in (
        EndCause.TIME_LIMIT,
        EndCause.IDLE,
    )
    assert len(installation.entries(EventType.SESSION_EXPIRED)) == 1
    assert not installation.entries(EventType.SESSION_REVOKED)


def test_ending_twice_changes_and_records_nothing(installation: World) -> None:
    opened = installation.session()
    first = _close(installation, opened, EndCause.REVOKED)
    installation.clock.forward(minutes=1)
    assert _close(installation, opened, EndCause.ENDED_BY_ACTOR) == first
    assert not installation.entries(EventType.SESSION_ENDED)


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (EndCause.REVOKED, GrantStatus.CLOSED),
        (EndCause.REPLACED, GrantStatus.CLOSED),
        (EndCause.RELAUNCHED, GrantStatus.ACTIVE),
    ],
)
def test_a_grant_closes_with_its_session_unless_it_is_launched_again(
    installation: World, cause: EndCause, status: GrantStatus
) -> None:
    opened = installation.session()
    _close(installation, opened, cause)
    assert _grant_status(installation, opened) is status


@pytest.mark.parametrize(
    ("cause", "type_"),
    [
        (EndCause.ENDED_BY_ACTOR, "session.ended"),
        (EndCause.RELAUNCHED, "session.ended"),
        (EndCause.REPLACED, "session.ended"),
        (EndCause.TIME_LIMIT, "session.expired"),
        (EndCause.IDLE, "session.expired"),
        (EndCause.REVOKED, "session.revoked"),
        (EndCause.TOKEN_REPLAYED, "session.revoked"),
    ],
)
def test_an_entry_says_who_ended_a_session_the_actor_time_or_others(
    cause: EndCause, type_: str
) -> None:
    assert event_type(cause) == type_
