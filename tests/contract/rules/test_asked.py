"""A user says yes, reads out a code, or says that it was not agreed; nobody says it for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.rules.test_consent import agreed, taken_back
from tests.contract.rules.world import HERE, REASON, World
from tests.fixtures.refusals import refusal_of
from understudy.core.governance.cases import Case, CaseKind
from understudy.core.governance.consent_requests import ConsentRequest, RequestState
from understudy.core.governance.consents import Consent, ConsentMode, ConsentTerms
from understudy.core.ids import SessionId, SubjectId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor, Operator
from understudy.core.rules.consent import ACTOR_FROZEN, CONSENT_MISSING
from understudy.core.rules.request import REASON_MISSING
from understudy.core.rules.subject import SUBJECT_PROTECTED
from understudy.errors import Conflict, InvalidInput, NotFound
from understudy.flows.governance.account import end_by_user, not_agreed
from understudy.flows.governance.ask import allow, ask_user, decline
from understudy.flows.governance.close_case import close_case
from understudy.flows.governance.support_code import CodeRefused, MadeCode, make_code, redeem
from understudy.flows.impersonation.denied import Denied
from understudy.flows.people import team

ADA = SubjectId("ada")


@pytest.fixture
def asking(installation: World) -> World:
    """An application whose users are asked each time."""
    installation.set_up_application(consent=ConsentTerms(mode=ConsentMode.ASK))
    return installation


def asked(world: World, subject_id: str = "ada", **changes: object) -> ConsentRequest:
    answer = tried(world, subject_id, **changes)
    assert isinstance(answer, ConsentRequest), answer
    return answer


def tried(world: World, subject_id: str = "ada", **changes: object) -> ConsentRequest | Denied:
    ready = ImpersonationRequest(
        application_id=world.application.id,
        actor=Actor.from_operator(world.sam),
        subject_id=SubjectId(subject_id),
        reason=REASON,
    )
    ask = replace(ready, **changes)  # type: ignore[arg-type]
    return world.run(lambda unit: ask_user(unit, ask, origin=HERE))


def allowed(world: World, request: ConsentRequest, user: SubjectId = ADA) -> Consent:
    app = world.application.id
    return world.run(lambda unit: allow(unit, app, user, request.id, origin=HERE))


def code_of(world: World, request: ConsentRequest, user: SubjectId = ADA) -> MadeCode:
    app = world.application.id
    return world.run(lambda unit: make_code(unit, app, user, request.id, origin=HERE))


def said(
    world: World, request: ConsentRequest, code: str, actor: Actor | None = None
) -> Consent | CodeRefused:
    ref = (actor or Actor.from_operator(world.sam)).ref
    return world.run(lambda unit: redeem(unit, request.id, code, actor_ref=ref, origin=HERE))


def complained(world: World, session_id: str, user: SubjectId = ADA) -> Case:
    app, note = world.application.id, " I was never asked. "
    return world.run(
        lambda unit: not_agreed(unit, app, user, SessionId(session_id), note=note, origin=HERE)
    )


def mara(world: World) -> Operator:
    with world.engine.reading() as reader:
        found = reader.operators.by_email("mara@support.example")
    assert found is not None
    return found


def closed(world: World, case: Case, *, lift: bool, by: Operator | None = None) -> Case:
    who = by or mara(world)
    return world.run(
        lambda unit: close_case(
            unit, case.id, note="Talked to both.", lift=lift, by=who, origin=HERE
        )
    )


# --- asked, and answered ---


def test_what_a_user_allows_is_good_for_one_start_of_whoever_asked(asking: World) -> None:
    request = asked(asking, minutes=10, scope=Scope.READ_ONLY)
    assert asking.ask() == Denied(rule=CONSENT_MISSING)
    allowed(asking, request)
    opened = asking.session(minutes=40)
    assert (opened.grant.minutes, opened.restrictions.scope) == (10, Scope.READ_ONLY)
    assert asking.ask() == Denied(rule=CONSENT_MISSING)


def test_nobody_else_starts_by_it(asking: World) -> None:
    allowed(asking, asked(asking))
    kim = asking.vouched_for("kim")
    assert asking.ask(actor=kim) == Denied(rule=CONSENT_MISSING)
    assert asking.ask("bob") == Denied(rule=CONSENT_MISSING)


def test_it_is_good_for_a_quarter_of_an_hour(asking: World) -> None:
    allowed(asking, asked(asking))
    asking.clock.forward(minutes=15)
    assert asking.ask() == Denied(rule=CONSENT_MISSING)


def test_a_session_that_was_allowed_ends_when_that_is_taken_back(asking: World) -> None:
    allowed(asking, asked(asking))
    asking.clock.forward(minutes=14)
    opened = asking.session()
    asking.clock.forward(minutes=5)
    assert [one.id for one in taken_back(asking).ended] == [opened.session.id]
    assert asking.stored(opened).end_cause is EndCause.CONSENT_WITHDRAWN


def test_a_question_is_answered_once_and_in_time(asking: World) -> None:
    request = asked(asking)
    asking.run(lambda unit: decline(unit, asking.application.id, ADA, request.id, origin=HERE))
    for late in (request, asked(asking)):
        if late is not request:
            asking.clock.forward(minutes=30)
        with refusal_of(Conflict, "conflict", rule="request_over"):
            allowed(asking, late)
    assert asking.ask() == Denied(rule=CONSENT_MISSING)
    assert len(asking.entries(EventType.CONSENT_DECLINED)) == 1


def test_a_user_answers_what_they_are_asked_and_nothing_else(asking: World) -> None:
    request = asked(asking)
    with refusal_of(NotFound, "not_found"):
        allowed(asking, request, SubjectId("bob"))
    with refusal_of(NotFound, "not_found"):
        allowed(asking, replace(request, id="csr_none"))


def test_what_agreement_would_not_mend_is_not_put_to_a_user(asking: World) -> None:
    assert tried(asking, reason=" ") == Denied(rule=REASON_MISSING)
    assert tried(asking, "vip") == Denied(rule=SUBJECT_PROTECTED)
    assert asking.entries(EventType.CONSENT_ASKED) == []


def test_nobody_is_asked_where_nothing_is_asked_for(installation: World) -> None:
    with refusal_of(Conflict, "conflict", rule="consent_mode"):
        tried(installation)


def test_the_last_question_of_an_actor_takes_the_place_of_the_one_before(asking: World) -> None:
    first, second = asked(asking), asked(asking)
    with refusal_of(Conflict, "conflict", rule="request_over"):
        allowed(asking, first)
    assert allowed(asking, second).request_id == second.id


def test_nobody_buries_a_user_under_questions(asking: World) -> None:
    for number in range(5):
        asked(asking, actor=asking.vouched_for(f"kim-{number}"))
    with refusal_of(Conflict, "conflict", rule="too_many_asked"):
        tried(asking)


# --- a code that is read out ---


def test_a_code_that_is_read_out_is_a_yes(asking: World) -> None:
    request = asked(asking)
    made = code_of(asking, request)
    assert made.text.startswith("HELP ")
    assert len(made.text) == len("HELP 1234 5678")
    assert isinstance(said(asking, request, made.text), Consent)
    assert asking.session().session.end_cause is None
    assert said(asking, request, made.text) == CodeRefused()


def test_a_code_is_for_its_question_and_whoever_asked(asking: World) -> None:
    request = asked(asking)
    kim = asking.vouched_for("kim")
    other = asked(asking, actor=kim)
    made = code_of(asking, request)
    assert said(asking, other, made.text, kim) == CodeRefused()
    with refusal_of(NotFound, "not_found"):
        said(asking, request, made.text, kim)


def test_a_code_is_over_after_ten_minutes(asking: World) -> None:
    request = asked(asking)
    made = code_of(asking, request)
    asking.clock.forward(minutes=10)
    assert said(asking, request, made.text) == CodeRefused()
    assert asking.ask() == Denied(rule=CONSENT_MISSING)


def test_no_code_is_right_before_the_user_made_one(asking: World) -> None:
    assert said(asking, asked(asking), "00000000") == CodeRefused()


def test_the_sixth_try_is_wrong_whatever_it_is(asking: World) -> None:
    request = asked(asking)
    made = code_of(asking, request)
    for _ in range(5):
        assert said(asking, request, "wrong") == CodeRefused()
    assert said(asking, request, made.text) == CodeRefused()
    assert asking.ask() == Denied(rule=CONSENT_MISSING)


def test_after_ten_wrong_codes_none_is_right_until_the_next_day(asking: World) -> None:
    for _ in range(2):
        request = asked(asking)
        for _ in range(5):
            said(asking, request, "wrong")
    request = asked(asking)
    assert said(asking, request, code_of(asking, request).text) == CodeRefused()
    asking.clock.forward(days=1)
    request = asked(asking)
    assert isinstance(said(asking, request, code_of(asking, request).text), Consent)


def test_who_guesses_is_frozen_at_the_twentieth_wrong_code(asking: World) -> None:
    for day in range(2):
        for _ in range(2):
            request = asked(asking)
            for _ in range(5):
                assert asking.entries(EventType.CASE_OPENED) == []
                said(asking, request, "wrong")
        asking.clock.forward(days=1)
        assert bool(asking.entries(EventType.CASE_OPENED)) is bool(day)
    assert asking.ask() == Denied(rule=ACTOR_FROZEN)
    with asking.engine.reading() as reader:
        [case] = reader.cases.search(only_open=True)
    assert case.kind is CaseKind.CODES_GUESSED
    closed(asking, case, lift=True)
    request = asked(asking)
    assert isinstance(said(asking, request, code_of(asking, request).text), Consent)


# --- this was not agreed ---


def test_a_user_ends_a_session_in_their_account_and_in_no_other(installation: World) -> None:
    opened = installation.session()
    app = installation.application.id
    with refusal_of(NotFound, "not_found"):
        installation.run(
            lambda unit: end_by_user(unit, app, SubjectId("bob"), opened.session.id, origin=HERE)
        )
    installation.run(lambda unit: end_by_user(unit, app, ADA, opened.session.id, origin=HERE))
    assert installation.stored(opened).end_cause is EndCause.REVOKED


def test_who_was_not_agreed_to_works_as_nobody_until_an_admin_has_looked(
    installation: World,
) -> None:
    opened, other = installation.session(), installation.session("bob")
    case = complained(installation, opened.session.id)
    assert (case.kind, case.note) == (CaseKind.NOT_AGREED, "I was never asked.")
    assert installation.stored(opened).end_cause is EndCause.REVOKED
    assert installation.stored(other).end_cause is EndCause.ACTOR_NOT_ALLOWED
    assert installation.ask() == Denied(rule=ACTOR_FROZEN)
    [entry] = installation.entries(EventType.CASE_OPENED)
    assert entry.core is not None
    assert entry.core["session_id"] == opened.session.id
    closed(installation, case, lift=False)
    assert installation.ask() == Denied(rule=ACTOR_FROZEN)
    closed(installation, case, lift=True)
    assert installation.session().session.end_cause is None


def test_somebody_whom_the_app_names_is_frozen_as_well(installation: World) -> None:
    kim, lee = installation.vouched_for("kim"), installation.vouched_for("lee")
    opened = installation.session(actor=kim)
    case = complained(installation, opened.session.id)
    assert installation.ask(actor=kim) == Denied(rule=ACTOR_FROZEN)
    assert not isinstance(installation.ask(actor=lee), Denied)
    closed(installation, case, lift=True)
    assert not isinstance(installation.ask(actor=kim), Denied)


def test_one_of_two_cases_that_is_lifted_does_not_let_them_work(installation: World) -> None:
    first, second = installation.session(), installation.session("bob")
    cases = [
        complained(installation, first.session.id),
        complained(installation, second.session.id, SubjectId("bob")),
    ]
    closed(installation, cases[0], lift=True)
    assert installation.ask() == Denied(rule=ACTOR_FROZEN)
    closed(installation, cases[1], lift=True)
    assert not isinstance(installation.ask(), Denied)


def test_nobody_closes_a_case_about_themselves_or_twice_or_without_a_word(
    installation: World,
) -> None:
    case = complained(installation, installation.session().session.id)
    sam = installation.run(
        lambda unit: team.update(
            unit,
            installation.sam.id,
            team.OperatorChange(roles=frozenset({Role.ADMIN})),
            by=mara(installation).party,
            origin=HERE,
        )
    )
    with refusal_of(Conflict, "conflict", rule="own_case"):
        closed(installation, case, lift=True, by=sam)
    with refusal_of(InvalidInput, "invalid_input", field="note"):
        installation.run(
            lambda unit: close_case(
                unit, case.id, note=" ", lift=True, by=mara(installation), origin=HERE
            )
        )
    closed(installation, case, lift=False)
    with refusal_of(Conflict, "conflict", rule="case_closed"):
        closed(installation, case, lift=False)
    with refusal_of(NotFound, "not_found"):
        closed(installation, replace(case, id="cas_none"), lift=False)


def test_a_standing_consent_and_a_yes_are_taken_back_together(installation: World) -> None:
    installation.set_up_application(consent=ConsentTerms(mode=ConsentMode.STANDING))
    request = asked(installation)
    allowed(installation, request)
    agreed(installation)
    assert taken_back(installation).consents == 2
    assert request.state is RequestState.PENDING
