from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.rules.world import HERE, World, named
from understudy.core.ids import OrganizationRef, SubjectId, SubjectRef
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM
from understudy.core.people.principals import Actor
from understudy.core.ports import SessionFilter
from understudy.core.rules.decision import Deny
from understudy.core.rules.organization import ORGANIZATION_INACTIVE
from understudy.core.rules.question import Snapshot
from understudy.core.rules.subject import SUBJECT_UNKNOWN
from understudy.flows.impersonation.premises import (
    end_fallen,
    is_impersonated,
    snapshot,
    still_standing,
    usable,
)


def _snapshot(world: World, actor: Actor, subject_id: str = "ada") -> Snapshot:
    with world.engine.reading() as reader:
        return snapshot(
            reader,
            application_id=world.application.id,
            actor=actor,
            subject_id=SubjectId(subject_id),
            is_impersonated=is_impersonated(reader, world.application.id, actor),
            now=world.clock(),
        )


def _standing(world: World, grant: Grant) -> Deny | None:
    with world.engine.reading() as reader:
        return still_standing(reader, grant, world.clock())


def test_a_snapshot_of_an_operator_looks_at_their_account(installation: World) -> None:
    seen = _snapshot(installation, Actor.from_operator(installation.sam))
    assert seen.operator == installation.sam
    assert seen.application == installation.application
    assert seen.subject is not None
    assert seen.organization is not None
    assert (seen.subject.id, seen.organization.id) == ("ada", "acme")
    assert (seen.email_owner, seen.actor_is_impersonated) == (None, False)


def test_a_snapshot_of_a_named_actor_looks_for_an_operator_of_that_address(
    installation: World,
) -> None:
    seen = _snapshot(installation, named(email=" SAM@Support.example"))
    assert (seen.operator, seen.email_owner) == (None, installation.sam)


@pytest.mark.parametrize(("actor_id", "impersonated"), [("ada", True), ("bob", False)])
def test_a_snapshot_knows_whether_the_named_actor_is_being_impersonated(
    installation: World, actor_id: str, impersonated: bool
) -> None:
    installation.session("ada")
    assert _snapshot(installation, named(actor_id)).actor_is_impersonated is impersonated


def test_an_unknown_subject_and_application_are_none(installation: World) -> None:
    with installation.engine.reading() as reader:
        seen = snapshot(
            reader,
            application_id="app_nobody",
            actor=named(),
            subject_id=SubjectId("nobody"),
            is_impersonated=False,
            now=installation.clock(),
        )
    assert seen == Snapshot(application=None, subject=None)


def test_a_grants_own_session_is_no_nesting(installation: World) -> None:
    opened = installation.session("ada", actor=named("kim"))
    assert _standing(installation, opened.grant) is None


def test_a_grants_premises_fall_with_its_subjects_identity(installation: World) -> None:
    grant = installation.granted()
    assert _standing(installation, grant) is None
    other = replace(grant, subject_ref=SubjectRef("sub_other"))
    assert _standing(installation, other) == Deny(rule=SUBJECT_UNKNOWN)


def test_a_grants_premises_fall_with_its_organizations_identity(installation: World) -> None:
    grant = installation.granted()
    other = replace(grant, organization_ref=OrganizationRef("org_other"))
    assert _standing(installation, other) == Deny(rule=ORGANIZATION_INACTIVE)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (GrantStatus.PENDING, False),
        (GrantStatus.READY, True),
        (GrantStatus.ACTIVE, True),
        (GrantStatus.CLOSED, False),
        (GrantStatus.DENIED, False),
        (GrantStatus.CANCELLED, False),
        (GrantStatus.EXPIRED, False),
    ],
)
def test_only_ready_and_active_grants_are_usable(
    installation: World, status: GrantStatus, expected: bool
) -> None:
    granted = installation.granted()
    if status is GrantStatus.ACTIVE:
        # Made so by its session, which is still there.
        granted = installation.session("bob").grant
    grant = replace(granted, status=status)
    with installation.engine.reading() as reader:
        assert usable(reader, grant, installation.clock.now) is expected


def test_only_the_sessions_asked_for_and_only_the_fallen_ones_end(installation: World) -> None:
    ada, bob = installation.session("ada"), installation.session("bob")
    disabled = replace(
        installation.application,
        settings=replace(installation.application.settings, impersonation_allowed=False),
    )
    installation.run(lambda unit: unit.applications.save(disabled))
    of_ada = SessionFilter(subject_ref=ada.session.subject_ref)
    ended = installation.run(lambda unit: end_fallen(unit, of_ada, by=SYSTEM, origin=HERE))
    assert [one.id for one in ended] == [ada.session.id]
    assert installation.stored(ada).end_cause is EndCause.IMPERSONATION_OFF
    assert installation.stored(bob).end_cause is None
    installation.run(lambda unit: unit.applications.save(installation.application))
    assert (
        installation.run(lambda unit: end_fallen(unit, SessionFilter(), by=SYSTEM, origin=HERE))
        == []
    )


def test_a_session_that_ran_out_before_its_premise_fell_is_told_as_expired(
    installation: World,
) -> None:
    opened = installation.session()
    installation.clock.forward(minutes=10)
    installation.set_up_application(impersonation_allowed=False)
    assert installation.stored(opened).end_cause is EndCause.IDLE
