from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.contract.rules.world import HERE, World, named
from understudy.core.impersonation.grants import Grant, GrantStatus, ImpersonationToken
from understudy.core.notices.events import EventType
from understudy.core.ports import Unit
from understudy.core.rules.application import IMPERSONATION_OFF
from understudy.core.rules.grant import GRANT_CLOSED
from understudy.flows.impersonation.accept import accept, browser_mark, why_not
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.open_session import OpenSession

LIFE = timedelta(minutes=20)


def _granted(installation: World) -> tuple[Grant, str]:
    grant = installation.granted(actor=named("kim"), wire="clerk", life=2 * LIFE)
    return grant, installation.token(grant, "clerk", life=LIFE)


def _stored(installation: World, ticket: str) -> ImpersonationToken:
    with installation.engine.reading() as reader:
        found = reader.impersonation_tokens.by_token(ticket)
    assert found is not None
    return found


def _accepted(installation: World, ticket: str, mark: str = "mark") -> Grant | Denied:
    def flow(unit: Unit) -> Grant | Denied:
        token = _stored(installation, ticket)
        grant = unit.grants.get(token.grant_id)
        assert grant is not None
        return accept(unit, token, grant, mark=mark, origin=HERE)

    return installation.run(flow)


def test_accepting_remembers_the_browser_and_uses_nothing_up(installation: World) -> None:
    _, ticket = _granted(installation)
    accepted = _accepted(installation, ticket)
    assert isinstance(accepted, Grant)
    assert accepted.status is GrantStatus.READY
    assert accepted.accepted_in == browser_mark("mark")
    assert "mark" not in str(accepted.armed_for).removeprefix("browser:")
    assert _stored(installation, ticket).used_at is None
    assert len(installation.entries(EventType.GRANT_LAUNCHED)) == 1
    assert isinstance(installation.exchange(ticket, "clerk"), OpenSession)


def test_a_later_browser_takes_the_place_of_an_earlier_one(installation: World) -> None:
    _, ticket = _granted(installation)
    _accepted(installation, ticket, "first")
    later = _accepted(installation, ticket, "second")
    assert isinstance(later, Grant)
    assert later.accepted_in == browser_mark("second")


def test_nobody_accepts_a_used_ticket_and_the_try_is_an_alert(installation: World) -> None:
    _, ticket = _granted(installation)
    _accepted(installation, ticket)
    installation.exchange(ticket, "clerk")
    assert _accepted(installation, ticket, "thief") == Denied(rule=GRANT_CLOSED)
    assert len(installation.entries(EventType.TOKEN_REPLAYED)) == 1


def test_nobody_accepts_an_expired_ticket(installation: World) -> None:
    _, ticket = _granted(installation)
    installation.clock.forward(minutes=20, milliseconds=-1)
    assert isinstance(_accepted(installation, ticket), Grant)
    installation.clock.forward(milliseconds=1)
    assert _accepted(installation, ticket) == Denied(rule=GRANT_CLOSED)
    assert len(installation.entries(EventType.TOKEN_REFUSED)) == 1


def test_premises_count_at_the_button_as_well(installation: World) -> None:
    grant, ticket = _granted(installation)
    installation.set_up_application(impersonation_allowed=False)
    assert _accepted(installation, ticket) == Denied(rule=IMPERSONATION_OFF)
    token = _stored(installation, ticket)
    with installation.engine.reading() as reader:
        now = installation.clock()
        assert why_not(reader, token, grant, now=now) is IMPERSONATION_OFF
        used = replace(token, used_at=now)
        assert why_not(reader, used, grant, now=now) is GRANT_CLOSED
