"""Nobody judges their own work, whatever it was done as; on both databases.

An application may name its actors by an id alone. Their own account in the app then tells who they
are.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.rules.approving import Room
from tests.contract.rules.test_unlocks import Support
from tests.contract.rules.world import HERE, World, joined
from tests.fixtures.refusals import refusal_of
from understudy.core.governance.cases import Case
from understudy.core.governance.insiders import InsiderLimits
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor, Operator
from understudy.core.people.staff import StaffAccount
from understudy.core.rules.approval import APPROVER_IS_ACTOR, APPROVER_IS_SUBJECT
from understudy.core.rules.insider import SUBJECT_IS_COLLEAGUE
from understudy.core.rules.subject import SUBJECT_IS_ACTOR
from understudy.core.rules.unlock import DECIDER_IS_ACTOR
from understudy.errors import Conflict
from understudy.flows.directory import maintain
from understudy.flows.governance.account import not_agreed
from understudy.flows.governance.close_case import close_case
from understudy.flows.governance.close_review import close_review
from understudy.flows.impersonation.denied import Denied
from understudy.flows.people import staff
from understudy.flows.people.sign_in import SignedIn

KIM = StaffAccount(
    id="17", email="kim@support.example", name="Kim", roles=frozenset({Role.SUPPORT_MANAGER})
)


@pytest.fixture
def room(installation: World) -> Room:
    return Room(installation)


def kit_by_id(world: World) -> Actor:
    """Whoever is Kit here, as the app names them: by their account there, and nothing else."""
    world.save_subject(id="staff-9", email="Kit@Support.example.")
    return replace(world.vouched_for("staff-9"), name=None)


def let_in(world: World, account: StaffAccount = KIM) -> Operator:
    begun = world.run(lambda unit: staff.let_in(unit, account, before=None, origin=HERE))
    assert isinstance(begun, SignedIn), begun
    return begun.operator


def test_nobody_agrees_to_what_they_asked_for_by_their_account_in_the_app(room: Room) -> None:
    waiting = room.world.granted(actor=kit_by_id(room.world))
    assert room.approve(waiting, room.kit) == Denied(rule=APPROVER_IS_ACTOR)
    assert room.deny(waiting, room.kit) == Denied(rule=APPROVER_IS_ACTOR)
    assert room.approved(waiting, room.lou).status is GrantStatus.READY


def test_an_agreement_to_what_turns_out_to_be_ones_own_does_not_count(room: Room) -> None:
    actor = replace(room.world.vouched_for("staff-9"), name=None)
    ready = room.approved(room.world.granted(actor=actor), room.kit)
    kit_by_id(room.world)
    refused = room.world.exchange(room.world.token(ready))
    assert getattr(refused, "why", None) == "approval_missing"


def test_nobody_closes_the_review_of_what_they_did_by_their_account_in_the_app(room: Room) -> None:
    room.ask_for(quorum=1, break_glass=True)
    grant = room.world.granted(actor=kit_by_id(room.world), break_glass=True)

    def close(who: Operator) -> object:
        note, review_id = "All was well.", grant.review_id or ""
        return room.world.run(
            lambda unit: close_review(unit, review_id, note, who=who, origin=HERE)
        )

    assert close(room.kit) == Denied(rule=APPROVER_IS_ACTOR)
    assert not isinstance(close(room.lou), Denied)


def test_whoever_has_the_id_of_a_deleted_user_is_somebody_else(room: Room) -> None:
    world = room.world
    waiting = world.granted("bob")
    world.run(
        lambda unit: maintain.delete_subject(
            unit, world.application, SubjectId("bob"), by=room.lou.party, origin=HERE
        )
    )
    world.save_subject(id="bob", email=room.kit.email)
    assert room.approved(waiting, room.kit).status is GrantStatus.READY
    about_kit = world.granted("bob")
    assert room.approve(about_kit, room.kit) == Denied(rule=APPROVER_IS_SUBJECT)


def test_nobody_allows_a_change_of_their_own(installation: World) -> None:
    support = Support(installation)
    installation.save_subject(id="staff-9", email="pat@support.example")
    actor = replace(installation.vouched_for("staff-9"), name=None)
    session = installation.session("bob", actor=actor, scope=Scope.READ_ONLY)
    asked = support.ask(session=session)
    assert not isinstance(asked, Denied)
    assert support.decide(asked) == Denied(rule=DECIDER_IS_ACTOR)


def test_nobody_closes_a_case_about_themselves(room: Room) -> None:
    room.ask_for(quorum=0)
    opened = room.world.session("bob", actor=kit_by_id(room.world))
    case: Case = room.world.run(
        lambda unit: not_agreed(
            unit,
            room.world.application.id,
            SubjectId("bob"),
            opened.session.id,
            note="",
            origin=HERE,
        )
    )

    def close(who: Operator) -> Case:
        return room.world.run(
            lambda unit: close_case(unit, case.id, note="Fine.", lift=True, by=who, origin=HERE)
        )

    with refusal_of(Conflict, "conflict", rule="own_case"):
        close(room.kit)
    assert close(room.lou).lifted_at is not None


def test_nobody_becomes_themselves_by_a_second_account(installation: World) -> None:
    joined(installation.engine, "kit@support.example", Role.APPROVER)
    actor = kit_by_id(installation)
    installation.save_subject(id="kit-too", email="kit@support.example")
    assert installation.ask("kit-too", actor=actor) == Denied(rule=SUBJECT_IS_ACTOR)
    assert isinstance(installation.granted("ada", actor=actor), Grant)


def test_staff_of_the_app_do_not_become_themselves_by_their_name_there(
    installation: World,
) -> None:
    kim = Actor.from_operator(let_in(installation))
    installation.save_subject(id="17")
    assert installation.ask("17", actor=kim) == Denied(rule=SUBJECT_IS_ACTOR)
    assert isinstance(installation.granted("ada", actor=kim), Grant)


def test_staff_of_the_app_are_colleagues_by_their_name_there(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(refuse_colleagues=True))
    let_in(installation)
    installation.save_subject(id="17")
    assert installation.ask("17") == Denied(rule=SUBJECT_IS_COLLEAGUE)
