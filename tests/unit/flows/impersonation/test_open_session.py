from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.contract.rules.world import HERE, World, named
from tests.fixtures.refusals import refusal_of
from understudy.core.ids import SubjectId
from understudy.core.impersonation.restrictions import BlockedAction, Restrictions, Scope
from understudy.core.impersonation.sessions import LEASE, EndCause
from understudy.core.notices.events import SYSTEM
from understudy.core.people.principals import OperatorStatus, Status
from understudy.errors import NotFound
from understudy.flows.applications import administer
from understudy.flows.impersonation.open_session import Fallen, OpenSession, Over, opened, refresh


def test_a_refresh_answers_what_the_exchange_answered(installation: World) -> None:
    first = installation.session()
    again = installation.refresh(first)
    assert isinstance(again, OpenSession)
    assert replace(again, log_size=first.log_size) == replace(first, application=again.application)


def test_restrictions_are_those_of_now(installation: World) -> None:
    first = installation.session(scope=Scope.READ_ONLY)
    assert first.restrictions == Restrictions(scope=Scope.READ_ONLY)
    blocked = BlockedAction(method="POST", pattern="/pay", label="paying")
    installation.set_up_application(blocked_actions=(blocked,))
    again = installation.refresh(first)
    assert isinstance(again, OpenSession)
    assert again.restrictions == Restrictions(scope=Scope.READ_ONLY, blocked_actions=(blocked,))


def test_another_applications_session_and_an_unknown_token_look_alike(
    installation: World,
) -> None:
    first = installation.session()
    with installation.engine.reading() as reader:
        foreign = refresh(
            reader,
            installation.engine.vault,
            first.session_token,
            application=installation.other_application,
            now=installation.clock(),
        )
        unknown = refresh(
            reader,
            installation.engine.vault,
            "uss_unknown",
            application=installation.application,
            now=installation.clock(),
        )
    assert foreign == unknown == Over(cause=None)


def test_an_ended_session_says_why_and_asks_for_no_second_end(installation: World) -> None:
    first = installation.session()
    installation.end(first, EndCause.REVOKED)
    over = installation.refresh(first)
    assert over == Over(cause=EndCause.REVOKED)
    assert not over


def test_an_idle_session_is_over_at_its_very_instant(installation: World) -> None:
    first = installation.session()
    installation.clock.forward(minutes=10, milliseconds=-1)
    assert isinstance(installation.refresh(first), OpenSession)
    installation.clock.forward(milliseconds=1)
    over = installation.refresh(first)
    assert over == Fallen(session_id=first.session.id, cause=EndCause.IDLE)


# What another node did and nobody was told of: the rows alone.


def _disable_actor(world: World) -> None:
    disabled = replace(world.sam, status=OperatorStatus.DISABLED)
    world.run(lambda unit: unit.operators.save(disabled))


def _disable_application(world: World) -> None:
    disabled = replace(world.application, status=Status.DISABLED)
    world.run(lambda unit: unit.applications.save(disabled))


def _switch_off(world: World) -> None:
    settings = replace(world.application.settings, impersonation_allowed=False)
    world.run(lambda unit: unit.applications.save(replace(world.application, settings=settings)))


def _protect_subject(world: World) -> None:
    with world.engine.reading() as reader:
        ada = reader.subjects.get(world.application.id, SubjectId("ada"))
    assert ada is not None
    protected = replace(ada, protected=True)
    world.run(lambda unit: unit.subjects.save(protected))


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (_disable_actor, EndCause.ACTOR_INACTIVE),
        (_disable_application, EndCause.APPLICATION_INACTIVE),
        (_switch_off, EndCause.IMPERSONATION_OFF),
        (_protect_subject, EndCause.SUBJECT_PROTECTED),
    ],
)
def test_every_premise_is_looked_at_again(
    installation: World, change: Callable[[World], None], cause: EndCause
) -> None:
    first = installation.session()
    change(installation)
    assert installation.refresh(first) == Fallen(session_id=first.session.id, cause=cause)


def test_a_named_actors_session_ends_when_an_operator_gets_that_address(
    installation: World,
) -> None:
    first = installation.session(actor=named(email="kim@app.example"))
    sam = replace(installation.sam, email="kim@app.example")
    installation.run(lambda unit: unit.operators.save(sam))
    over = installation.refresh(first)
    assert over == Fallen(session_id=first.session.id, cause=EndCause.ACTOR_NOT_ALLOWED)


def test_a_refresh_is_no_activity(installation: World) -> None:
    first = installation.session()
    installation.clock.forward(minutes=9)
    installation.refresh(first)
    assert installation.stored(first).last_active_at == first.session.last_active_at


def test_a_lease_never_outlasts_the_session(installation: World) -> None:
    first = installation.session(minutes=7)
    assert first.session.lease_until(installation.clock.now) == installation.clock.now + LEASE
    installation.clock.forward(minutes=3)
    assert first.session.lease_until(installation.clock.now) == first.session.ends_at


def test_a_subject_of_no_organization_has_none_in_the_session(installation: World) -> None:
    installation.save_subject(id="solo", email="solo@x.example")
    assert installation.session("solo").organization is None


def test_a_session_whose_subject_is_gone_from_under_it_is_not_opened(
    installation: World,
) -> None:
    first = installation.session()
    grant = replace(first.grant, subject_id=SubjectId("never-was"))
    with installation.engine.reading() as reader, refusal_of(NotFound, "not_found"):
        opened(reader, first.session, grant, first.application, session_token="x")


def test_a_rotated_secret_changes_nothing_for_a_session(installation: World) -> None:
    first = installation.session()
    installation.run(
        lambda unit: administer.rotate_secret(
            unit,
            installation.application.id,
            overlap=LEASE,
            by=SYSTEM,
            origin=HERE,
        )
    )
    assert isinstance(installation.refresh(first), OpenSession)
