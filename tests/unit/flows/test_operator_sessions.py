from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.contract.rules.world import World
from tests.unit.core.factories import NOW
from understudy.core.ids import OperatorId
from understudy.core.people.principals import OperatorSession, OperatorStatus
from understudy.flows.operator_sessions import holder


def _session(world: World) -> OperatorSession:
    return OperatorSession(
        id="sgn_1",
        operator_id=world.sam.id,
        token_hash=b"h",
        created_at=NOW,
        last_seen_at=NOW,
        expires_at=NOW + timedelta(minutes=40),
    )


def _good(world: World, session: OperatorSession, *, minutes: float) -> bool:
    at = NOW + timedelta(minutes=minutes)
    return world.run(lambda unit: holder(unit, session, at)) is not None


def test_a_sign_in_is_good_for_half_an_hour_after_it_was_last_seen(installation: World) -> None:
    session = _session(installation)
    assert _good(installation, session, minutes=29.9)
    assert not _good(installation, session, minutes=30)


def test_a_sign_in_that_is_used_ends_at_its_time_all_the_same(installation: World) -> None:
    session = _session(installation)
    session = replace(session, last_seen_at=NOW + timedelta(minutes=39))
    assert _good(installation, session, minutes=39.9)
    assert not _good(installation, session, minutes=40)


def test_a_sign_in_falls_with_its_account(installation: World) -> None:
    session = _session(installation)
    assert not _good(installation, replace(session, operator_id=OperatorId("opr_gone")), minutes=1)
    installation.change_operator(status=OperatorStatus.DISABLED)
    assert not _good(installation, session, minutes=1)
