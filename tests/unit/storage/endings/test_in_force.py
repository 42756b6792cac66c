from __future__ import annotations

from datetime import timedelta

from tests.contract.storage.make import session
from tests.fixtures.endings import AT, ending
from understudy.core.impersonation.endings import OBEYED_FOR, Reach
from understudy.core.impersonation.sessions import EndCause
from understudy.storage.endings.in_force import EndingsInForce


def test_a_covered_session_is_over_and_another_is_not() -> None:
    in_force = EndingsInForce()
    in_force.add([ending(ref="ses_1")])
    assert in_force.over(session(started_at=AT)).end_cause is EndCause.REVOKED
    other = session(id="ses_2", started_at=AT)
    assert in_force.over(other) is other


def test_what_the_row_says_already_stands() -> None:
    in_force = EndingsInForce()
    in_force.add([ending(ref="ses_1")])
    over = session(ended_at=AT, end_cause=EndCause.IDLE)
    assert in_force.over(over) is over


def test_the_first_of_several_endings_is_the_one_that_counts() -> None:
    in_force = EndingsInForce()
    first = ending(ref="ses_1", cause=EndCause.ENDED_BY_ACTOR, at=AT)
    wide = ending(reach=Reach.ALL, ref=None, at=AT + timedelta(seconds=1))
    in_force.add([wide, ending(ref="ses_1", at=AT + timedelta(seconds=2)), first])
    assert in_force.of(session(started_at=AT)) == first
    assert in_force.all()[0] == first


def test_only_new_ones_are_answered_and_dropped_ones_are_obeyed_no_more() -> None:
    in_force, told = EndingsInForce(), ending()
    assert list(in_force.add([told])) == [told]
    assert list(in_force.add([told])) == []
    in_force.drop(["unknown"])
    assert in_force
    in_force.drop([told.id])
    assert not in_force


def test_one_of_which_nothing_can_live_any_more_lapses() -> None:
    in_force, old, young = EndingsInForce(), ending(), ending(at=AT + timedelta(minutes=1))
    in_force.add([old, young])
    assert list(in_force.lapse(AT + OBEYED_FOR)) == [old]
    assert list(in_force.all()) == [young]
