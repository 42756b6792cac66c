"""An installation in which others have to agree, and people who may."""

from __future__ import annotations

from typing import Any

from tests.contract.rules.world import HERE, World, joined
from understudy.core.governance.approvals import ApprovalTerms
from understudy.core.impersonation.grants import (
    Grant,
)
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator
from understudy.core.ports import Entry
from understudy.flows.governance.approve import Terms, approve
from understudy.flows.governance.deny import deny
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.people import team


class Room:
    """An installation in which one other has to agree, and two who may."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.kit = joined(world.engine, "kit@support.example", Role.APPROVER)
        self.lou = joined(world.engine, "lou@support.example", Role.SUPPORT_MANAGER)
        self.ask_for(quorum=1)

    def ask_for(self, **terms: Any) -> None:
        self.world.set_up_application(approval=ApprovalTerms(**terms))

    def approve(self, grant: Grant, who: Operator, **terms: Any) -> Grant | Denied:
        return self.world.run(
            lambda unit: approve(unit, grant.id, Terms(**terms), who=who, origin=HERE)
        )

    def approved(self, grant: Grant, who: Operator, **terms: Any) -> Grant:
        answer = self.approve(grant, who, **terms)
        assert isinstance(answer, Grant), answer
        return answer

    def deny(self, grant: Grant, who: Operator, note: str | None = None) -> Grant | Denied:
        return self.world.run(lambda unit: deny(unit, grant.id, note, who=who, origin=HERE))

    def session(self) -> OpenSession:
        ready = self.approved(self.world.granted(), self.kit)
        opened = self.world.exchange(self.world.token(ready))
        assert isinstance(opened, OpenSession), opened
        return opened

    def change(self, who: Operator, **changes: Any) -> None:
        change = team.OperatorChange(**changes)
        self.world.run(lambda unit: team.update(unit, who.id, change, by=SYSTEM, origin=HERE))

    def last(self, kind: EventType) -> Entry:
        return self.world.entries(kind)[0]


def details(entry: Entry) -> dict[str, Any]:
    assert entry.core is not None
    return dict(entry.core["details"])  # type: ignore[arg-type]


def broken(room: Room) -> Grant:
    room.ask_for(quorum=2, break_glass=True, break_glass_minutes=5)
    return room.world.granted(break_glass=True)
