from __future__ import annotations

import pytest

from tests.contract.rules.approving import Room
from understudy.core.notices.events import EventType
from understudy.core.rules.grant import GRANT_CLOSED
from understudy.errors import InvalidInput
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.open_session import OpenSession


def test_nobody_takes_back_what_another_said(room: Room) -> None:
    opened = room.session()
    assert room.deny(opened.grant, room.lou) == Denied(rule=GRANT_CLOSED)
    assert isinstance(room.world.refresh(opened), OpenSession)


def test_taking_it_back_before_the_launch_leaves_nothing_to_open(room: Room) -> None:
    ready = room.approved(room.world.granted(), room.kit)
    room.deny(ready, room.kit)
    assert room.world.exchange(room.world.token(ready)) == TokenRefused(why="grant_closed")


@pytest.mark.parametrize("note", ["x" * 1_001, "all is well\x00"])
def test_a_note_is_text(room: Room, note: str) -> None:
    waiting = room.world.granted()
    with pytest.raises(InvalidInput):
        room.deny(waiting, room.kit, note)
    assert not room.world.entries(EventType.APPROVAL_REFUSED)
