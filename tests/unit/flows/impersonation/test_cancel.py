from __future__ import annotations

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from tests.unit.flows.at_browser import at_browser, launched
from understudy.core.ids import GrantId
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.rules.grant import GRANT_CLOSED
from understudy.errors import NotFound
from understudy.flows.impersonation.cancel import cancel
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.expire import expire


def _cancel(world: World, grant_id: str, *, application_id: str | None = None) -> Grant:
    return world.run(
        lambda unit: cancel(
            unit, GrantId(grant_id), by=world.sam.party, origin=HERE, application_id=application_id
        )
    )


def test_a_cancelled_grant_starts_nothing(installation: World) -> None:
    grant, who = installation.granted(), at_browser(installation)
    token = installation.token(grant)
    launched(installation, grant, who)
    cancelled = _cancel(installation, grant.id)
    assert cancelled.status is GrantStatus.CANCELLED
    assert (cancelled.armed_for, cancelled.armed_until) == (None, None)
    assert installation.exchange(token) == TokenRefused(why=GRANT_CLOSED.code)


def test_its_live_session_ends_with_it(installation: World) -> None:
    opened = installation.session()
    _cancel(installation, opened.grant.id)
    assert installation.stored(opened).end_cause is EndCause.GRANT_CANCELLED
    kinds = [entry.type for entry in installation.entries()][:2]
    assert kinds == [EventType.GRANT_CANCELLED, EventType.SESSION_REVOKED]
    core = installation.entries()[0].core
    assert core is not None
    assert core["details"] == {"by_kind": "operator", "by_ref": installation.sam.id}


def test_cancelling_twice_is_no_error_and_one_entry(installation: World) -> None:
    grant = installation.granted()
    assert _cancel(installation, grant.id) == _cancel(installation, grant.id)
    assert len(installation.entries(EventType.GRANT_CANCELLED)) == 1


def test_a_grant_that_is_over_is_answered_as_it_is(installation: World) -> None:
    opened = installation.session()
    installation.end(opened)
    assert _cancel(installation, opened.grant.id).status is GrantStatus.CLOSED
    unused = installation.granted()
    installation.clock.forward(minutes=15)
    installation.run(expire)
    assert _cancel(installation, unused.id).status is GrantStatus.EXPIRED
    assert not installation.entries(EventType.GRANT_CANCELLED)


def test_an_application_cancels_only_its_own_grants(installation: World) -> None:
    grant = installation.granted()
    for grant_id, application_id in (
        (grant.id, installation.other_application.id),
        ("grt_nobody", None),
    ):
        with refusal_of(NotFound, "not_found"):
            _cancel(installation, grant_id, application_id=application_id)
    own = _cancel(installation, grant.id, application_id=installation.application.id)
    assert own.status is GrantStatus.CANCELLED


def test_the_system_may_cancel_too(installation: World) -> None:
    grant = installation.granted()
    installation.run(lambda unit: cancel(unit, grant.id, by=SYSTEM, origin=HERE))
    core = installation.entries(EventType.GRANT_CANCELLED)[0].core
    assert core is not None
    assert core["details"] == {"by_kind": "system", "by_ref": None}
