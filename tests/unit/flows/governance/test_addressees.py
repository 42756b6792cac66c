from __future__ import annotations

from collections.abc import Sequence

from tests.contract.rules.approving import Room, broken
from tests.contract.rules.world import joined
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import OperatorStatus
from understudy.core.ports import Entry
from understudy.flows.governance.addressees import addressees

KIT, LOU, MARA = "kit@support.example", "lou@support.example", "mara@support.example"


def written_to(room: Room, entry: Entry | None) -> Sequence[str]:
    with room.world.engine.reading() as reader:
        return addressees(reader, room.world.application, entry, room.world.clock())


def test_a_request_is_told_to_those_who_may_decide_on_it_as_long_as_it_waits(room: Room) -> None:
    room.world.save_subject(id="lou-too", email=LOU)
    waiting = room.world.granted("ada")
    asked = room.last(EventType.GRANT_REQUESTED)
    assert written_to(room, asked) == [KIT, LOU]
    room.world.granted("lou-too")
    assert written_to(room, room.last(EventType.GRANT_REQUESTED)) == [KIT]
    room.ask_for(quorum=1, roles=(Role.APPROVER,))
    assert written_to(room, asked) == [KIT]
    room.approved(waiting, room.kit)
    assert written_to(room, asked) == []


def test_nobody_is_told_of_a_request_that_has_lapsed(room: Room) -> None:
    room.world.granted("ada")
    room.world.clock.forward(minutes=60)
    assert written_to(room, room.last(EventType.GRANT_REQUESTED)) == []


def test_a_broken_glass_is_told_to_those_who_may_review_it(room: Room) -> None:
    broken(room)
    assert written_to(room, room.last(EventType.GLASS_BROKEN)) == [KIT, LOU, MARA]
    room.change(room.kit, status=OperatorStatus.DISABLED)
    assert written_to(room, room.last(EventType.GLASS_BROKEN)) == [LOU, MARA]


def test_an_alarm_is_told_to_those_who_watch_and_not_to_whom_it_is_about(room: Room) -> None:
    world = room.world
    joined(world.engine, "ann@support.example", Role.AUDITOR)
    room.ask_for(quorum=0)
    opened = world.token(world.granted())
    world.exchange(opened)
    world.exchange(opened)
    replayed = room.last(EventType.TOKEN_REPLAYED)
    assert written_to(room, replayed) == ["ann@support.example", MARA]
    room.change(world.sam, roles=frozenset({Role.SUPPORT_MANAGER, Role.AUDITOR}))
    assert written_to(room, replayed) == ["ann@support.example", MARA]


def test_a_test_goes_to_those_who_may_ask_for_it(room: Room) -> None:
    assert written_to(room, None) == [MARA]
