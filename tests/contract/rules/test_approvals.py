"""Approval by others, what ends with it, and going ahead without it, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.rules.approving import Room, broken, details
from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.governance.reviews import Review
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import (
    GRANT_LIFE,
    Grant,
    GrantStatus,
)
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.principals import Operator
from understudy.core.ports import Unit
from understudy.core.rules.approval import (
    APPROVAL_MISSING,
    APPROVER_IS_ACTOR,
    APPROVER_NOT_ALLOWED,
)
from understudy.core.rules.grant import GRANT_CLOSED
from understudy.errors import InvalidInput
from understudy.flows.governance.close_review import close_review
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.impersonation.premises import why_not
from understudy.flows.retention.erase import erase_subject


@pytest.fixture
def room(installation: World) -> Room:
    return Room(installation)


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


def test_who_is_frozen_agrees_to_nothing_and_counts_no_longer(room: Room) -> None:
    def freeze(unit: Unit) -> Operator:
        frozen = replace(room.kit, frozen_at=unit.now)
        unit.operators.save(frozen)
        return frozen

    ready = room.approved(room.world.granted(), room.kit)
    frozen = room.world.run(freeze)
    refused = TokenRefused(why="approval_missing")
    assert room.world.exchange(room.world.token(ready)) == refused
    answer = room.approve(room.world.granted("bob"), frozen)
    assert answer == Denied(rule=APPROVER_NOT_ALLOWED)


def test_taking_an_agreement_back_ends_the_session_at_once(room: Room) -> None:
    opened = room.session()
    assert isinstance(room.deny(opened.grant, room.kit), Grant)
    assert room.world.stored(opened).end_cause is EndCause.APPROVAL_WITHDRAWN
    assert not room.world.refresh(opened)
    entry = room.last(EventType.SESSION_REVOKED)
    assert entry.core is not None
    assert entry.core["doer_ref"] == room.kit.id
    assert room.world.entries(EventType.APPROVAL_WITHDRAWN)


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
