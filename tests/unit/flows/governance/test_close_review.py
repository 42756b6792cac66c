from __future__ import annotations

from tests.contract.rules.approving import Room, broken
from understudy.core.rules.approval import (
    BREAK_GLASS_NOT_ALLOWED,
)
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused


def test_nobody_breaks_a_glass_that_is_not_there_to_be_broken(room: Room) -> None:
    room.ask_for(quorum=1)
    assert room.world.ask(break_glass=True) == Denied(rule=BREAK_GLASS_NOT_ALLOWED)
    token = room.world.token(broken(room))
    room.ask_for(quorum=2)
    assert room.world.exchange(token) == TokenRefused(why="break_glass_not_allowed")
