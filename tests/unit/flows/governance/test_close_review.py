from __future__ import annotations

from datetime import timedelta

from tests.contract.rules.approving import Room, broken
from understudy.core.impersonation.sessions import EndCause
from understudy.core.rules.approval import (
    BREAK_GLASS_NOT_ALLOWED,
)
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.open_session import OpenSession


def test_nobody_breaks_a_glass_that_is_not_there_to_be_broken(room: Room) -> None:
    room.ask_for(quorum=1)
    assert room.world.ask(break_glass=True) == Denied(rule=BREAK_GLASS_NOT_ALLOWED)
    token = room.world.token(broken(room))
    room.ask_for(quorum=2)
    assert room.world.exchange(token) == TokenRefused(why="break_glass_not_allowed")


def test_what_broke_the_glass_ends_when_nobody_is_let_do_so_any_more(room: Room) -> None:
    opened = room.world.exchange(room.world.token(broken(room)))
    assert isinstance(opened, OpenSession)
    room.ask_for(quorum=2, break_glass=True, break_glass_minutes=5)
    assert room.world.stored(opened).end_cause is None
    room.ask_for(quorum=2)
    assert room.world.stored(opened).end_cause is EndCause.RULES_CHANGED


def test_what_broke_the_glass_is_held_to_fewer_minutes_than_before(room: Room) -> None:
    opened = room.world.exchange(room.world.token(broken(room)))
    waiting = room.world.token(broken(room))
    assert isinstance(opened, OpenSession)
    room.ask_for(quorum=2, break_glass=True, break_glass_minutes=2)
    two_minutes = room.world.clock() + timedelta(minutes=2)
    assert room.world.stored(opened).ends_at == two_minutes
    later = room.world.exchange(waiting)
    assert isinstance(later, OpenSession)
    assert later.session.ends_at == two_minutes
