from __future__ import annotations

from tests.contract.rules.world import HERE, World
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.notices.events import EventType
from understudy.flows.impersonation.carry_on import carry_on, settle, touched
from understudy.flows.impersonation.open_session import Fallen, OpenSession, Over


def _carried_on(world: World, session: Session | None) -> OpenSession | Over:
    application = world.application
    return world.run(lambda unit: carry_on(unit, session, application=application, origin=HERE))


def test_a_session_that_may_go_on_is_answered_and_nothing_is_written(installation: World) -> None:
    first = installation.session()
    before = len(installation.entries())
    again = _carried_on(installation, first.session)
    assert isinstance(again, OpenSession)
    assert again.session == first.session
    assert len(installation.entries()) == before


def test_what_has_fallen_has_ended_by_the_time_of_the_answer(installation: World) -> None:
    first = installation.session()
    installation.clock.forward(minutes=10)
    assert _carried_on(installation, first.session) == Over(cause=EndCause.IDLE)
    assert installation.stored(first).end_cause is EndCause.IDLE
    entry = installation.entries(EventType.SESSION_EXPIRED)[0]
    assert entry.core is not None
    assert entry.core["session_id"] == first.session.id


def test_what_is_over_already_is_not_ended_again(installation: World) -> None:
    first = installation.session()
    ended = installation.end(first)
    before = len(installation.entries())
    assert _carried_on(installation, ended) == Over(cause=EndCause.ENDED_BY_ACTOR)
    assert len(installation.entries()) == before


def test_none_and_another_applications_are_the_same_nothing(installation: World) -> None:
    first = installation.session()
    other, installation.application = installation.application, installation.other_application
    assert _carried_on(installation, first.session) == _carried_on(installation, None)
    assert _carried_on(installation, None) == Over(cause=None)
    installation.application = other
    assert installation.stored(first).end_cause is None


def test_two_who_find_the_same_fall_end_it_once(installation: World) -> None:
    first = installation.session()
    installation.clock.forward(minutes=10)
    found = installation.refresh(first)
    assert isinstance(found, Fallen)
    for _ in range(2):
        over = installation.run(lambda unit: settle(unit, found, origin=HERE))
        assert over == Over(cause=EndCause.IDLE)
    assert len(installation.entries(EventType.SESSION_EXPIRED)) == 1


def test_asking_is_a_sign_of_life(installation: World) -> None:
    first = installation.session()
    installation.clock.forward(minutes=4)
    seen = installation.run(lambda unit: touched(unit, first))
    assert seen.session.last_active_at == installation.clock.now
    assert installation.stored(first) == seen.session
