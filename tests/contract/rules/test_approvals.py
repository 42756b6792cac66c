"""Approval by others: who is counted, what waits, and what ends with it, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, NoReturn

import pytest

from tests.contract.rules.world import HERE, REASON, World, joined
from tests.fixtures.refusals import refusal_of
from understudy.core.governance.approvals import ApprovalTerms
from understudy.core.governance.reviews import Review
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import (
    GRANT_LIFE,
    Grant,
    GrantStatus,
    ImpersonationRequest,
)
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor, Operator, OperatorStatus
from understudy.core.ports import Entry
from understudy.core.rules.approval import (
    APPROVAL_MISSING,
    APPROVAL_REQUIRED,
    APPROVER_IS_ACTOR,
    APPROVER_IS_SUBJECT,
    APPROVER_NOT_ALLOWED,
    BREAK_GLASS_NOT_ALLOWED,
)
from understudy.core.rules.grant import GRANT_CLOSED, GRANT_OUTDATED
from understudy.errors import InvalidInput, NotFound
from understudy.flows.governance.approve import Terms, approve
from understudy.flows.governance.close_review import close_review
from understudy.flows.governance.deny import deny
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.expire import expire
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.impersonation.premises import why_not
from understudy.flows.impersonation.request import request
from understudy.flows.people import team
from understudy.flows.retention.erase import erase_subject
from understudy.storage.tables.approvals import ApprovalTable


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


@pytest.fixture
def room(installation: World) -> Room:
    return Room(installation)


def details(entry: Entry) -> dict[str, Any]:
    assert entry.core is not None
    return dict(entry.core["details"])  # type: ignore[arg-type]


def test_what_waits_opens_nothing(room: Room) -> None:
    waiting = room.world.granted()
    assert (waiting.status, waiting.quorum) == (GrantStatus.PENDING, 1)
    assert waiting.expires_at == room.world.clock.now + timedelta(minutes=60)
    assert room.world.run(lambda unit: why_not(unit, waiting, unit.latest)) is APPROVAL_MISSING
    assert room.world.exchange(room.world.token(waiting)) == TokenRefused(why="approval_missing")
    assert not room.world.entries(EventType.GRANT_CREATED)
    told = details(room.last(EventType.GRANT_REQUESTED))
    assert (told["status"], told["quorum"]) == ("pending", 1)


def test_with_enough_who_agree_it_can_be_used(room: Room) -> None:
    room.ask_for(quorum=2)
    waiting = room.world.granted()
    assert room.approved(waiting, room.kit).status is GrantStatus.PENDING
    assert room.approved(waiting, room.kit).status is GrantStatus.PENDING
    room.world.clock.forward(minutes=30)
    ready = room.approved(waiting, room.lou, note=" Seen the ticket. ")
    assert ready.status is GrantStatus.READY
    assert ready.expires_at == room.world.clock.now + GRANT_LIFE
    assert isinstance(room.world.exchange(room.world.token(ready)), OpenSession)
    entry = room.last(EventType.APPROVAL_GIVEN)
    assert details(entry)["agreed"] == 2
    assert entry.personal is not None
    assert entry.personal["doer_email"] == "lou@support.example"
    assert entry.personal["reason"] == "Seen the ticket."


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


def test_a_grant_of_before_anybody_had_to_agree_opens_nothing_any_more(room: Room) -> None:
    room.ask_for(quorum=0)
    token = room.world.token(room.world.granted())
    room.ask_for(quorum=1)
    assert room.world.exchange(token) == TokenRefused(why="approval_missing")


def test_every_rule_is_asked_again_after_the_approval(room: Room) -> None:
    ready = room.approved(room.world.granted(), room.kit)
    room.world.save_subject(id="ada", email="ada@acme.example", protected=True)
    assert room.world.exchange(room.world.token(ready)) == TokenRefused(why="subject_protected")


def test_one_no_is_enough(room: Room) -> None:
    room.ask_for(quorum=2)
    waiting = room.world.granted()
    room.approved(waiting, room.kit)
    denied = room.deny(waiting, room.lou, "Ask the user first.")
    assert isinstance(denied, Grant)
    assert denied.status is GrantStatus.DENIED
    assert room.approve(waiting, room.kit) == Denied(rule=GRANT_CLOSED)
    assert room.deny(waiting, room.lou) == Denied(rule=GRANT_CLOSED)
    entry = room.last(EventType.APPROVAL_REFUSED)
    assert entry.personal is not None
    assert entry.personal["reason"] == "Ask the user first."
    assert room.world.exchange(room.world.token(denied)) == TokenRefused(why="grant_closed")


def test_taking_an_agreement_back_ends_the_session_at_once(room: Room) -> None:
    opened = room.session()
    assert isinstance(room.deny(opened.grant, room.kit), Grant)
    assert room.world.stored(opened).end_cause is EndCause.APPROVAL_WITHDRAWN
    assert not room.world.refresh(opened)
    entry = room.last(EventType.SESSION_REVOKED)
    assert entry.core is not None
    assert entry.core["doer_ref"] == room.kit.id
    assert room.world.entries(EventType.APPROVAL_WITHDRAWN)


def test_taking_it_back_before_the_launch_leaves_nothing_to_open(room: Room) -> None:
    ready = room.approved(room.world.granted(), room.kit)
    room.deny(ready, room.kit)
    assert room.world.exchange(room.world.token(ready)) == TokenRefused(why="grant_closed")


def test_nobody_takes_back_what_another_said(room: Room) -> None:
    opened = room.session()
    assert room.deny(opened.grant, room.lou) == Denied(rule=GRANT_CLOSED)
    assert isinstance(room.world.refresh(opened), OpenSession)


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


@pytest.mark.parametrize("note", ["x" * 1_001, "all is well\x00"])
def test_a_note_is_text(room: Room, note: str) -> None:
    waiting = room.world.granted()
    with pytest.raises(InvalidInput):
        room.deny(waiting, room.kit, note)
    assert not room.world.entries(EventType.APPROVAL_REFUSED)


def broken(room: Room) -> Grant:
    room.ask_for(quorum=2, break_glass=True, break_glass_minutes=5)
    return room.world.granted(break_glass=True)


def test_who_breaks_the_glass_goes_ahead_and_owes_a_review(room: Room) -> None:
    grant = broken(room)
    assert (grant.status, grant.minutes) == (GrantStatus.READY, 5)
    assert isinstance(room.world.exchange(room.world.token(grant)), OpenSession)
    told = details(room.last(EventType.GLASS_BROKEN))
    assert told == {"review_id": grant.review_id, "minutes": 5}
    with room.world.engine.reading() as reader:
        (review,) = reader.reviews.list(only_open=True)
        assert reader.reviews.list(only_open=True, application_id="app_other") == []
    assert (review.id, review.grant_id) == (grant.review_id, grant.id)


def test_nobody_breaks_a_glass_that_is_not_there_to_be_broken(room: Room) -> None:
    room.ask_for(quorum=1)
    assert room.world.ask(break_glass=True) == Denied(rule=BREAK_GLASS_NOT_ALLOWED)
    token = room.world.token(broken(room))
    room.ask_for(quorum=2)
    assert room.world.exchange(token) == TokenRefused(why="break_glass_not_allowed")


def test_a_review_is_closed_by_somebody_else_who_says_what_they_found(room: Room) -> None:
    review_id = broken(room).review_id or ""
    world = room.world

    def closed(who: Operator, note: str) -> Review | Denied:
        return world.run(lambda unit: close_review(unit, review_id, note, who=who, origin=HERE))

    assert closed(world.sam, "All was well.") == Denied(rule=APPROVER_IS_ACTOR)
    with refusal_of(InvalidInput, "invalid_input", field="note"):
        closed(room.kit, "  ")
    found = closed(room.kit, "All was well.")
    assert isinstance(found, Review)
    assert (found.closed_by, found.note) == (room.kit.id, "All was well.")
    assert closed(room.lou, "Once more.") == found
    with world.engine.reading() as reader:
        assert reader.reviews.list(only_open=True) == []
        assert reader.reviews.list(only_open=False) == [found]
    entry = room.last(EventType.REVIEW_CLOSED)
    assert entry.personal is not None
    assert entry.personal["reason"] == "All was well."


def test_what_others_wrote_is_forgotten_with_the_user(room: Room) -> None:
    waiting = room.world.granted()
    room.deny(waiting, room.kit, "Ada asked us not to.")
    room.approved(room.world.granted(), room.lou, note="Ada knows.")
    grant = broken(room)
    room.world.run(
        lambda unit: close_review(
            unit, grant.review_id or "", "Ada was told.", who=room.kit, origin=HERE
        )
    )
    room.world.run(
        lambda unit: erase_subject(
            unit, room.world.application.id, SubjectId("ada"), by=SYSTEM, origin=HERE
        )
    )
    with room.world.engine.reading() as reader:
        assert [one.note for one in reader.approvals.of_grant(waiting.id)] == [None]
        assert [one.note for one in reader.reviews.list(only_open=False)] == [None]


def test_where_nobody_has_to_agree_nothing_is_asked_of_approvals(
    installation: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> NoReturn:
        raise AssertionError("approvals were read")

    monkeypatch.setattr(ApprovalTable, "of_grant", never)
    assert isinstance(installation.refresh(installation.session()), OpenSession)
