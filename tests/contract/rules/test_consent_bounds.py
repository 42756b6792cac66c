"""What a user agreed to reaches no further than they read, and no longer than it is theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.rules.test_asked import allowed, asked, closed, code_of, complained, said
from tests.contract.rules.test_consent import agreed
from tests.contract.rules.world import HERE, REASON, World
from tests.fixtures.refusals import refusal_of
from understudy.core.governance.consents import ConsentMode, ConsentTerms
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor, Operator
from understudy.core.people.staff import StaffAccount
from understudy.core.rules.consent import ACTOR_FROZEN, CONSENT_MISSING
from understudy.errors import Conflict, NotFound
from understudy.flows.directory import maintain
from understudy.flows.directory.import_subjects import ImportRow, import_subjects
from understudy.flows.directory.maintain import SubjectFacts
from understudy.flows.governance.support_code import CodeRefused
from understudy.flows.impersonation.denied import Denied
from understudy.flows.people.sign_in import SignedIn
from understudy.flows.people.staff import let_in

ADA = SubjectId("ada")


@pytest.fixture
def asking(installation: World) -> World:
    """An application whose users are asked each time."""
    installation.set_up_application(consent=ConsentTerms(mode=ConsentMode.ASK))
    return installation


@pytest.fixture
def standing(installation: World) -> World:
    """An application whose users agree for a time."""
    terms = ConsentTerms(mode=ConsentMode.STANDING, standing_days=10)
    installation.set_up_application(consent=terms)
    return installation


def replaced(world: World) -> None:
    """Ada is deleted, and her id given to somebody else."""
    world.run(
        lambda unit: maintain.delete_subject(unit, world.application, ADA, by=SYSTEM, origin=HERE)
    )
    world.save_subject(id="ada", email="new@acme.example", name="Another", organization_id="acme")


# --- what they read ---


@pytest.mark.parametrize(
    "other", [{"reason": "Something else that takes longer"}, {"ticket": "SUP-7"}]
)
def test_a_yes_is_to_the_reason_and_the_ticket_that_were_read(
    asking: World, other: dict[str, Any]
) -> None:
    allowed(asking, asked(asking))
    assert asking.ask(**other) == Denied(rule=CONSENT_MISSING)
    assert asking.session(reason=f" {REASON} ", ticket=" ").grant.reason == REASON


# --- whose it is ---


def test_a_code_of_somebody_who_is_gone_lets_nobody_into_the_next_account(asking: World) -> None:
    request = asked(asking)
    made = code_of(asking, request)
    replaced(asking)
    with refusal_of(NotFound, "not_found"):
        said(asking, request, made.text)
    assert asking.ask() == Denied(rule=CONSENT_MISSING)


def test_a_yes_of_somebody_who_is_gone_lets_nobody_into_the_next_account(standing: World) -> None:
    allowed(standing, asked(standing))
    agreed(standing)
    replaced(standing)
    assert standing.ask() == Denied(rule=CONSENT_MISSING)


@pytest.mark.parametrize("imported", [False, True])
def test_who_moves_to_another_organization_is_asked_anew(standing: World, imported: bool) -> None:
    agreed(standing)
    opened = standing.session()
    request = asked(standing, actor=standing.vouched_for("kim"))
    if imported:
        facts = SubjectFacts(id=ADA, organization_id=OrganizationId("globex"))
        row = ImportRow(line=1, facts=facts)
        standing.run(
            lambda unit: import_subjects(
                unit, standing.application, [row], partial=False, by=SYSTEM, origin=HERE
            )
        )
    else:
        standing.save_subject(id="ada", organization_id="globex")
    assert standing.stored(opened).end_cause is not None
    assert standing.ask() == Denied(rule=CONSENT_MISSING)
    [entry] = standing.entries(EventType.CONSENT_WITHDRAWN)
    assert entry.core is not None
    assert entry.core["actor_kind"] == "system"
    with refusal_of(Conflict, "conflict", rule="request_over"):
        allowed(standing, request)
    standing.save_subject(id="ada", organization_id="acme")
    assert standing.ask() == Denied(rule=CONSENT_MISSING)


def test_who_stays_where_they_are_is_not_asked_anew(standing: World) -> None:
    agreed(standing)
    standing.save_subject(id="ada", name="Ada Lovelace", organization_id="acme")
    assert standing.session().session.end_cause is None


# --- how long it lasts ---


def test_fewer_days_are_fewer_for_whoever_agreed_before(standing: World) -> None:
    agreed(standing)
    standing.clock.forward(days=3)
    opened = standing.session()
    terms = ConsentTerms(mode=ConsentMode.STANDING, standing_days=3)
    standing.set_up_application(consent=terms)
    assert standing.stored(opened).end_cause is EndCause.CONSENT_WITHDRAWN
    assert standing.ask() == Denied(rule=CONSENT_MISSING)


def test_a_session_ends_by_the_days_that_are_allowed_by_now(standing: World) -> None:
    given = agreed(standing)
    terms = ConsentTerms(mode=ConsentMode.STANDING, standing_days=1)
    standing.set_up_application(consent=terms)
    standing.clock.forward(hours=23, minutes=50)
    opened = standing.session(minutes=30)
    assert opened.session.ends_at - given.given_at == timedelta(days=1)


def test_more_days_make_nothing_last_longer(standing: World) -> None:
    agreed(standing, days=1)
    terms = ConsentTerms(mode=ConsentMode.STANDING, standing_days=30)
    standing.set_up_application(consent=terms)
    standing.clock.forward(days=1)
    assert standing.ask() == Denied(rule=CONSENT_MISSING)


# --- taps, codes and complaints that cross ---


def test_a_code_for_what_was_answered_meanwhile_is_no_guess(asking: World) -> None:
    request = asked(asking)
    made = code_of(asking, request)
    allowed(asking, request)
    for _ in range(25):
        assert said(asking, request, made.text) == CodeRefused()
    with asking.engine.reading() as reader:
        tries = reader.consent_requests.tries_of(request.actor.ref)
    assert tries is None or (tries.wrong_today, tries.wrong) == (0, 0)
    assert asking.entries(EventType.CASE_OPENED) == []
    assert asking.session().session.end_cause is None


def test_a_session_is_complained_of_once(installation: World) -> None:
    opened = installation.session(actor=installation.vouched_for("kim"))
    case = complained(installation, opened.session.id)
    assert complained(installation, opened.session.id) == case
    closed(installation, case, lift=True)
    again = complained(installation, opened.session.id)
    assert (again.id, again.lifted_at) == (case.id, installation.clock.now)
    assert not isinstance(installation.ask(actor=installation.vouched_for("kim")), Denied)
    assert len(installation.entries(EventType.CASE_OPENED)) == 1


# --- under another name ---


def staff(world: World) -> Operator:
    """Somebody of the app's own staff, whom its login signs in here as well."""
    account = StaffAccount(
        id="kim", email="kim@support.example", name="Kim", roles=frozenset({Role.SUPPORT_MANAGER})
    )
    begun = world.run(lambda unit: let_in(unit, account, before=None, origin=HERE))
    assert isinstance(begun, SignedIn)
    return begun.operator


def test_who_is_frozen_as_an_operator_is_so_when_the_app_names_them(installation: World) -> None:
    by_id = installation.vouched_for("kim")
    by_address = replace(installation.vouched_for("k-7"), email="Kim@Support.example")
    lee = installation.vouched_for("lee")
    operator = Actor.from_operator(staff(installation))
    running = installation.session("bob", actor=by_id)
    complained(installation, installation.session(actor=operator).session.id)
    for actor in (operator, by_id, by_address):
        assert installation.ask(actor=actor) == Denied(rule=ACTOR_FROZEN)
    assert installation.stored(running).end_cause is EndCause.ACTOR_NOT_ALLOWED
    assert not isinstance(installation.ask(actor=lee), Denied)


def test_whom_the_app_names_is_frozen_as_the_operator_as_well(installation: World) -> None:
    operator, kim = Actor.from_operator(staff(installation)), installation.vouched_for("kim")
    running = installation.session("bob", actor=operator)
    complained(installation, installation.session(actor=kim).session.id)
    assert installation.stored(running).end_cause is EndCause.ACTOR_NOT_ALLOWED
    assert installation.ask(actor=operator) == Denied(rule=ACTOR_FROZEN)
    assert not isinstance(installation.ask(), Denied)


# --- who judges ---


@pytest.mark.parametrize("gone", [False, True])
def test_nobody_closes_what_they_said_themselves(installation: World, gone: bool) -> None:
    mara_too = {"id": "mara-1", "email": "Mara@Support.example", "organization_id": "acme"}
    installation.save_subject(**mara_too)
    opened = installation.session("mara-1")
    case = complained(installation, opened.session.id, SubjectId("mara-1"))
    with refusal_of(Conflict, "conflict", rule="own_case"):
        closed(installation, case, lift=True)
    kim = staff(installation)
    installation.save_subject(id="kim", organization_id="acme")
    other = installation.session("kim", actor=installation.vouched_for("lee"))
    own = complained(installation, other.session.id, SubjectId("kim"))
    if gone:
        user = SubjectId("kim")
        installation.run(
            lambda unit: maintain.delete_subject(
                unit, installation.application, user, by=SYSTEM, origin=HERE
            )
        )
    with refusal_of(Conflict, "conflict", rule="own_case"):
        closed(installation, own, lift=True, by=kim)
    assert closed(installation, own, lift=True).lifted_at is not None
