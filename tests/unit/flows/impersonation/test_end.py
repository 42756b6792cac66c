from __future__ import annotations

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.ids import SessionId
from understudy.core.impersonation.grants import GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.errors import NotFound
from understudy.flows.impersonation.close import event_type
from understudy.flows.impersonation.end import end


@pytest.mark.parametrize("cause", list(EndCause))
def test_every_cause_is_an_end_an_expiry_or_a_revocation(cause: EndCause) -> None:
    ended = {EndCause.ENDED_BY_ACTOR, EndCause.RELAUNCHED, EndCause.REPLACED}
    expired = {EndCause.TIME_LIMIT, EndCause.IDLE}
    expected = (
        EventType.SESSION_ENDED
        if cause in ended
        else EventType.SESSION_EXPIRED
        if cause in expired
        else EventType.SESSION_REVOKED
    )
    assert event_type(cause) is expected


def test_an_end_closes_the_grant_and_says_who_ended_it(installation: World) -> None:
    opened = installation.session()
    over = installation.run(
        lambda unit: end(unit, opened.session.id, cause=EndCause.REVOKED, by=SYSTEM, origin=HERE)
    )
    assert (over.end_cause, over.ended_at) == (EndCause.REVOKED, installation.clock.now)
    with installation.engine.reading() as reader:
        grant = reader.grants.get(opened.grant.id)
    assert grant is not None
    assert grant.status is GrantStatus.CLOSED
    core = installation.entries(EventType.SESSION_REVOKED)[0].core
    assert core is not None
    assert core["details"] == {"cause": "revoked", "by_kind": "system", "by_ref": None}


def test_an_end_that_comes_too_late_is_told_as_the_limit(installation: World) -> None:
    opened = installation.session()
    installation.clock.forward(minutes=10)
    assert installation.end(opened).end_cause is EndCause.IDLE


def test_a_session_that_is_not_there_cannot_be_ended(installation: World) -> None:
    with refusal_of(NotFound, "not_found"):
        installation.run(
            lambda unit: end(
                unit, SessionId("ses_nobody"), cause=EndCause.REVOKED, by=SYSTEM, origin=HERE
            )
        )
