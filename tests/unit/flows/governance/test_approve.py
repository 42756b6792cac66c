from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import pytest

from tests.contract.rules.approving import Room, details
from tests.contract.rules.world import HERE, REASON, World
from tests.fixtures.refusals import refusal_of
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import (
    GrantStatus,
    ImpersonationRequest,
)
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor, OperatorStatus
from understudy.core.rules.approval import (
    APPROVAL_REQUIRED,
    APPROVER_IS_ACTOR,
    APPROVER_IS_SUBJECT,
    APPROVER_NOT_ALLOWED,
)
from understudy.core.rules.grant import GRANT_CLOSED, GRANT_OUTDATED
from understudy.errors import InvalidInput, NotFound
from understudy.flows.governance.close_review import close_review
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.expire import expire
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.impersonation.premises import why_not
from understudy.flows.impersonation.request import request
from understudy.storage.tables.approvals import ApprovalTable


def test_whoever_agrees_may_shorten_and_narrow_and_never_widen(room: Room) -> None:
    waiting = room.world.granted(minutes=20)
    with refusal_of(InvalidInput, "invalid_input", field="minutes"):
        room.approve(waiting, room.kit, minutes=21)
    with refusal_of(InvalidInput, "invalid_input", field="minutes"):
        room.approve(waiting, room.kit, minutes=0)
    ready = room.approved(waiting, room.kit, minutes=5, scope=Scope.READ_ONLY)
    assert (ready.minutes, ready.scope) == (5, Scope.READ_ONLY)
    narrow = room.world.granted(scope=Scope.READ_ONLY)
    with refusal_of(InvalidInput, "invalid_input", field="scope"):
        room.approve(narrow, room.kit, scope=Scope.FULL)


def test_nobody_agrees_to_their_own_request_nor_about_themselves(room: Room) -> None:
    waiting = room.world.granted()
    assert room.approve(waiting, room.world.sam) == Denied(rule=APPROVER_IS_ACTOR)
    assert room.deny(waiting, room.world.sam) == Denied(rule=APPROVER_IS_ACTOR)
    room.world.save_subject(id="kit-too", email="Kit@Support.example")
    about_kit = room.world.granted("kit-too")
    assert room.approve(about_kit, room.kit) == Denied(rule=APPROVER_IS_SUBJECT)
    entry = room.last(EventType.GRANT_DENIED)
    assert entry.core is not None
    assert entry.core["doer_ref"] == room.kit.id


def test_only_roles_that_the_application_names_may_agree(room: Room) -> None:
    room.ask_for(quorum=1, roles=(Role.APPROVER,))
    waiting = room.world.granted()
    assert room.approve(waiting, room.lou) == Denied(rule=APPROVER_NOT_ALLOWED)
    assert room.approved(waiting, room.kit).status is GrantStatus.READY


@pytest.mark.parametrize("why", ["disabled", "without the role"])
def test_who_may_not_agree_any_more_is_not_counted(room: Room, why: str) -> None:
    ready = room.approved(room.world.granted(), room.kit)
    token = room.world.token(ready)
    if why == "disabled":
        room.change(room.kit, status=OperatorStatus.DISABLED)
    else:
        room.change(room.kit, roles=frozenset({Role.AUDITOR}))
    assert room.world.exchange(token) == TokenRefused(why="approval_missing")


def test_a_larger_quorum_holds_for_what_was_approved_before(room: Room) -> None:
    token = room.world.token(room.approved(room.world.granted(), room.kit))
    room.ask_for(quorum=2)
    assert room.world.exchange(token) == TokenRefused(why="approval_missing")


def test_who_agreed_and_may_no_more_is_not_told_as_one_who_agrees(room: Room) -> None:
    room.ask_for(quorum=2)
    waiting = room.world.granted()
    room.approved(waiting, room.kit)
    room.change(room.kit, status=OperatorStatus.DISABLED)
    assert room.approved(waiting, room.lou).status is GrantStatus.PENDING
    assert details(room.last(EventType.APPROVAL_GIVEN))["agreed"] == 1


def test_what_runs_ends_with_the_rules_and_not_with_an_approver_when_more_have_to_agree(
    room: Room,
) -> None:
    opened = room.session()
    room.ask_for(quorum=2)
    assert room.world.stored(opened).end_cause is EndCause.RULES_CHANGED


def test_what_ran_before_anybody_had_to_agree_ends_with_the_rules(room: Room) -> None:
    room.ask_for(quorum=0)
    opened = room.world.session()
    room.ask_for(quorum=1)
    assert room.world.stored(opened).end_cause is EndCause.RULES_CHANGED


def test_a_grant_of_before_anybody_had_to_agree_opens_nothing_any_more(room: Room) -> None:
    room.ask_for(quorum=0)
    token = room.world.token(room.world.granted())
    room.ask_for(quorum=1)
    assert room.world.exchange(token) == TokenRefused(why="approval_missing")


def test_every_rule_is_asked_again_after_the_approval(room: Room) -> None:
    ready = room.approved(room.world.granted(), room.kit)
    room.world.save_subject(id="ada", email="ada@acme.example", protected=True)
    assert room.world.exchange(room.world.token(ready)) == TokenRefused(why="subject_protected")


def test_an_approver_who_leaves_ends_no_session(room: Room) -> None:
    opened = room.session()
    room.change(room.kit, status=OperatorStatus.DISABLED)
    assert isinstance(room.world.refresh(opened), OpenSession)


def test_what_nobody_agrees_to_in_time_lapses(room: Room) -> None:
    room.ask_for(quorum=1, pending_minutes=5)
    waiting = room.world.granted()
    room.world.clock.forward(minutes=5)
    assert room.approve(waiting, room.kit) == Denied(rule=GRANT_CLOSED)
    assert room.world.run(lambda unit: why_not(unit, waiting, unit.latest)) is GRANT_CLOSED
    assert room.world.run(expire).grants == 1
    assert room.world.entries(EventType.GRANT_EXPIRED)


def test_nobody_agrees_to_what_was_switched_off_since(room: Room) -> None:
    waiting = room.world.granted()
    room.world.set_up_application(impersonation_allowed=False)
    room.world.set_up_application(impersonation_allowed=True)
    assert room.approve(waiting, room.kit) == Denied(rule=GRANT_OUTDATED)


def test_who_cannot_wait_is_refused(room: Room) -> None:
    ask = ImpersonationRequest(
        application_id=room.world.application.id,
        actor=Actor.from_operator(room.world.sam),
        subject_id=SubjectId("ada"),
        reason=REASON,
    )
    refused = room.world.run(lambda unit: request(unit, ask, can_wait=False, origin=HERE))
    assert refused == Denied(rule=APPROVAL_REQUIRED)
    assert not room.world.entries(EventType.GRANT_REQUESTED)


def test_a_grant_or_a_review_that_is_not_there_is_not_found(room: Room) -> None:
    nowhere = replace(room.world.granted(), id="grt_none")  # type: ignore[arg-type]
    with refusal_of(NotFound, "not_found"):
        room.approve(nowhere, room.kit)
    with refusal_of(NotFound, "not_found"):
        room.deny(nowhere, room.kit)
    with refusal_of(NotFound, "not_found"):
        room.world.run(lambda unit: close_review(unit, "rvw_0", "x", who=room.kit, origin=HERE))


def test_where_nobody_has_to_agree_nothing_is_asked_of_approvals(
    installation: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> NoReturn:
        raise AssertionError("approvals were read")

    monkeypatch.setattr(ApprovalTable, "of_grant", never)
    assert isinstance(installation.refresh(installation.session()), OpenSession)
