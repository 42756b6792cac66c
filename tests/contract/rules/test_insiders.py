"""Limits on those who may impersonate, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.contract.rules.world import HERE, World, named
from tests.fixtures.refusals import refusal_of
from understudy.core.governance.insiders import InsiderLimits
from understudy.core.governance.use import DayOfUse, days_of_use
from understudy.core.governance.working_hours import WorkingHours
from understudy.core.ids import ActorRef, SubjectId
from understudy.core.impersonation.grants import GrantStatus, Mark
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import ALERTS, SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import OperatorStatus, Subject
from understudy.core.people.staff import StaffAccount
from understudy.core.rules.approval import APPROVAL_MISSING
from understudy.core.rules.grant import GRANT_CLOSED
from understudy.core.rules.insider import SUBJECT_IS_COLLEAGUE
from understudy.core.rules.subject import SUBJECT_UNKNOWN
from understudy.errors import NotFound
from understudy.flows.directory import maintain
from understudy.flows.directory.honey import set_honey
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.impersonation.request import Granted
from understudy.flows.people import staff, team


def _waits(answer: Granted | Denied) -> bool:
    """Whether somebody else has to agree first."""
    assert isinstance(answer, Granted), answer
    return (answer.grant.status, answer.grant.quorum) == (GrantStatus.PENDING, 1)


def _people(installation: World, number: int) -> list[str]:
    names = [f"user-{one}" for one in range(number)]
    for name in names:
        installation.save_subject(id=name)
    return names


def test_one_subject_too_many_within_an_hour_waits_for_agreement(
    installation: World,
) -> None:
    installation.set_up_application(insiders=InsiderLimits(subjects_an_hour=2))
    installation.granted("ada")
    installation.granted("bob")
    (third,) = _people(installation, 1)
    assert _waits(installation.ask(third))
    (entry,) = installation.entries(EventType.GRANT_REQUESTED)
    assert entry.core is not None
    assert entry.core["actor_ref"] == installation.sam.id


def test_the_same_subjects_again_use_nothing_up(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(subjects_an_hour=1))
    for _ in range(3):
        assert not _waits(installation.ask("ada"))
    assert _waits(installation.ask("bob"))


def test_what_was_refused_uses_nothing_up(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(subjects_an_hour=1))
    for refused in ("vip", "boss", "gone", "nobody"):
        assert isinstance(installation.ask(refused), Denied)
    assert not _waits(installation.ask("ada"))


def test_a_budget_of_a_day_outlasts_that_of_an_hour(installation: World) -> None:
    limits = InsiderLimits(subjects_an_hour=1, subjects_a_day=2)
    installation.set_up_application(insiders=limits)
    third = _people(installation, 1)[0]
    installation.granted("ada")
    installation.clock.forward(minutes=59, seconds=59)
    assert _waits(installation.ask("bob"))
    installation.clock.forward(seconds=1)
    assert not _waits(installation.ask("bob"))
    installation.clock.forward(hours=2)
    assert _waits(installation.ask(third))
    installation.clock.forward(hours=21)
    assert not _waits(installation.ask(third))


def test_each_actor_and_each_application_has_a_budget_of_its_own(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(subjects_a_day=1))
    installation.granted("ada")
    assert not _waits(installation.ask("bob", actor=named()))
    assert _waits(installation.ask("ada", actor=named()))
    other = named("staff-8", ref=ActorRef("act_8"))
    assert not _waits(installation.ask("ada", actor=other))
    assert _waits(installation.ask("bob"))


def test_a_grant_counts_itself_and_is_none_too_many_for_that(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(subjects_an_hour=2))
    tokens = [installation.token(installation.granted(name)) for name in ("ada", "bob")]
    for token in tokens:
        assert isinstance(installation.exchange(token), OpenSession)


def test_a_budget_that_was_tightened_holds_for_what_waits_and_ends_nothing(
    installation: World,
) -> None:
    running = installation.session("ada")
    token = installation.token(installation.granted("bob"))
    installation.set_up_application(insiders=InsiderLimits(subjects_an_hour=1))
    assert installation.exchange(token) == TokenRefused(why=APPROVAL_MISSING.code)
    assert isinstance(installation.refresh(running), OpenSession)


def test_what_others_said_no_to_is_not_counted(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(subjects_an_hour=1))
    grant = installation.granted("ada")
    installation.run(lambda unit: unit.grants.save(replace(grant, status=GrantStatus.DENIED)))
    assert not _waits(installation.ask("bob"))


def test_without_limits_anybody_may_become_as_many_as_they_like(installation: World) -> None:
    for name in _people(installation, 12):
        assert not _waits(installation.ask(name))


def _invite(installation: World, email: str) -> None:
    installation.run(
        lambda unit: team.invite(
            unit, email=email, name="New", roles=[Role.AUDITOR], by=SYSTEM, origin=HERE
        )
    )


COLLEAGUES = InsiderLimits(refuse_colleagues=True)


@pytest.mark.parametrize(
    "facts",
    [
        {"id": "mara", "email": "Mara@Support.example."},
        {"id": "mara@support.example"},
    ],
    ids=["address", "id"],
)
def test_nobody_works_in_the_account_of_a_colleague_where_that_is_refused(
    installation: World, facts: dict[str, str]
) -> None:
    installation.save_subject(**facts)
    running = installation.session(facts["id"])
    token = installation.token(installation.granted(facts["id"]))
    installation.set_up_application(insiders=COLLEAGUES)
    assert installation.stored(running).end_cause is EndCause.SUBJECT_PROTECTED
    assert installation.ask(facts["id"]) == Denied(rule=SUBJECT_IS_COLLEAGUE)
    assert installation.ask(facts["id"], actor=named()) == Denied(rule=SUBJECT_IS_COLLEAGUE)
    assert installation.exchange(token) == TokenRefused(why=SUBJECT_IS_COLLEAGUE.code)
    assert not _waits(installation.ask("ada"))


def test_whoever_becomes_a_colleague_has_nobody_in_their_account(installation: World) -> None:
    installation.set_up_application(insiders=COLLEAGUES)
    opened, other = installation.session("ada"), installation.session("bob")
    _invite(installation, "ada@acme.example")
    assert installation.stored(opened).end_cause is EndCause.SUBJECT_PROTECTED
    assert installation.stored(other).end_cause is None


def test_staff_whom_the_app_signs_in_are_colleagues_from_then_on(installation: World) -> None:
    installation.set_up_application(insiders=COLLEAGUES)
    opened, other = installation.session("ada"), installation.session("bob")
    account = StaffAccount(
        id="17", email="ada@acme.example", name="Ada", roles=frozenset({Role.AUDITOR})
    )
    installation.run(lambda unit: staff.let_in(unit, account, before=None, origin=HERE))
    assert installation.stored(opened).end_cause is EndCause.SUBJECT_PROTECTED
    moved = replace(account, email="bob@acme.example")
    installation.run(lambda unit: staff.let_in(unit, moved, before=None, origin=HERE))
    assert installation.stored(other).end_cause is EndCause.SUBJECT_PROTECTED


def test_a_user_whose_address_becomes_a_colleagues_has_nobody_in_their_account(
    installation: World,
) -> None:
    installation.set_up_application(insiders=COLLEAGUES)
    opened = installation.session("bob")
    installation.save_subject(id="bob", email="mara@support.example")
    assert installation.stored(opened).end_cause is EndCause.SUBJECT_PROTECTED


def test_a_colleague_who_was_disabled_stays_one(installation: World) -> None:
    installation.set_up_application(insiders=COLLEAGUES)
    _invite(installation, "ada@acme.example")
    with installation.engine.reading() as reader:
        ada = reader.operators.by_email("ada@acme.example")
    assert ada is not None
    off = team.OperatorChange(status=OperatorStatus.DISABLED)
    installation.run(lambda unit: team.update(unit, ada.id, off, by=SYSTEM, origin=HERE))
    assert installation.ask("ada") == Denied(rule=SUBJECT_IS_COLLEAGUE)


def test_where_nobody_decided_otherwise_a_colleague_is_a_user_like_others(
    installation: World,
) -> None:
    opened = installation.session("ada")
    _invite(installation, "ada@acme.example")
    assert isinstance(installation.refresh(opened), OpenSession)


def _honey(installation: World, subject_id: str = "ada", *, honey: bool = True) -> Subject:
    return installation.run(
        lambda unit: set_honey(
            unit,
            installation.application.id,
            SubjectId(subject_id),
            honey=honey,
            by=SYSTEM,
            origin=HERE,
        )
    )


def test_whoever_asks_to_become_a_honey_user_is_an_alarm_and_told_of_nobody(
    installation: World,
) -> None:
    _honey(installation)
    answer = installation.ask("ada")
    assert answer == Denied(rule=SUBJECT_UNKNOWN) == installation.ask("nobody")
    (alarm,) = installation.entries(EventType.HONEY_TOUCHED)
    assert alarm.core is not None
    assert (alarm.core["rule"], alarm.core["actor_ref"]) == (
        "subject_is_honey",
        installation.sam.id,
    )
    assert EventType.HONEY_TOUCHED in ALERTS
    (refused,) = installation.entries(EventType.GRANT_DENIED)
    assert refused.core is not None
    assert refused.core["rule"] == "subject_unknown"


def test_an_application_names_an_actor_into_the_same_alarm(installation: World) -> None:
    _honey(installation)
    assert installation.ask("ada", actor=named()) == Denied(rule=SUBJECT_UNKNOWN)
    assert len(installation.entries(EventType.HONEY_TOUCHED)) == 1


def test_what_was_granted_before_is_over_when_somebody_becomes_a_honey_user(
    installation: World,
) -> None:
    opened = installation.session("ada")
    waiting = installation.granted("ada")
    token = installation.token(waiting)
    _honey(installation)
    assert installation.stored(opened).end_cause is EndCause.GRANT_CANCELLED
    assert installation.exchange(token) == TokenRefused(why=GRANT_CLOSED.code)


def test_a_honey_user_stays_one_until_an_admin_says_otherwise(installation: World) -> None:
    since = _honey(installation).honey_since
    assert since == installation.clock()
    installation.clock.forward(minutes=1)
    assert _honey(installation).honey_since == since
    installation.save_subject(id="ada", name="Another name", protected=True)
    assert installation.ask("ada") == Denied(rule=SUBJECT_UNKNOWN)
    installation.save_subject(id="ada", protected=False)
    _honey(installation, honey=False)
    assert not _waits(installation.ask("ada"))
    told = installation.entries(EventType.HONEY_SET, EventType.HONEY_LIFTED)
    assert [entry.type for entry in told] == ["honey.lifted", "honey.set"]


def test_entries_about_honey_users_name_nobody_and_are_no_applications(
    installation: World,
) -> None:
    ada = _honey(installation)
    (entry,) = installation.entries(EventType.HONEY_SET)
    assert entry.core is not None
    assert entry.core["subject_ref"] == ada.ref
    assert "application_id" not in entry.core
    assert entry.personal is not None
    assert not any(name.startswith("subject") for name in entry.personal)


def test_a_honey_user_who_was_deleted_is_none_when_the_id_comes_back(installation: World) -> None:
    _honey(installation, "bob")
    with installation.engine.reading() as reader:
        assert [one.id for one in reader.subjects.honey(installation.application.id)] == ["bob"]
    installation.run(
        lambda unit: maintain.delete_subject(
            unit, installation.application, SubjectId("bob"), by=SYSTEM, origin=HERE
        )
    )
    installation.save_subject(id="bob", organization_id="acme")
    assert not _waits(installation.ask("bob"))
    with refusal_of(NotFound, "not_found"):
        _honey(installation, "nobody")


def test_a_grant_off_hours_or_without_a_ticket_is_marked_with_its_entry(
    installation: World,
) -> None:
    hours = WorkingHours(time_zone="Europe/Berlin", days=(1,), begins=600, ends=660)
    limits = InsiderLimits(working_hours=hours, mark_ticketless=True)
    installation.set_up_application(insiders=limits)
    usual = installation.granted("ada", ticket="SUP-1")
    installation.clock.forward(hours=1)
    unusual = installation.granted("ada")
    assert (usual.marks, unusual.marks) == (None, (Mark.OFF_HOURS, Mark.TICKETLESS))
    with installation.engine.reading() as reader:
        assert reader.grants.get(unusual.id) == unusual
    told = [entry.core or {} for entry in installation.entries(EventType.GRANT_CREATED)]
    details = [one["details"] for one in told]
    assert [isinstance(one, dict) and one.get("marks") for one in details] == [
        "off_hours ticketless",
        None,
    ]


def test_marks_stay_as_they_were_when_a_grant_goes_on(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(mark_ticketless=True))
    opened = installation.session("ada")
    installation.set_up_application(insiders=InsiderLimits())
    assert opened.grant.marks == (Mark.TICKETLESS,)
    with installation.engine.reading() as reader:
        stored = reader.grants.get(opened.grant.id)
    assert stored is not None
    assert stored.marks == (Mark.TICKETLESS,)


def test_where_nobody_wants_marks_there_are_none(installation: World) -> None:
    assert installation.granted("ada").marks is None


def test_use_is_told_day_by_day_with_its_marks_and_refusals(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(mark_ticketless=True))
    for subject_id, ticket in (("ada", "SUP-1"), ("ada", None), ("bob", None)):
        installation.granted(subject_id, ticket=ticket)
    installation.granted("bob", actor=named())
    installation.ask("vip")
    installation.clock.forward(days=2)
    _honey(installation)
    installation.ask("ada")
    installation.granted("bob", ticket="SUP-2")
    since = installation.clock().replace(hour=0) - timedelta(days=2)
    sam = installation.sam.actor_ref
    with installation.engine.reading() as reader:
        days = days_of_use(
            reader.grants.granted_by_day(sam, since), reader.entries.refused_by_day(sam, since)
        )
        assert reader.grants.subjects_of_actor(sam, since) == 2
        later = since + timedelta(days=1)
        assert [one.grants for one in reader.grants.granted_by_day(sam, later)] == [1]
        assert [one.refused for one in reader.entries.refused_by_day(sam, later)] == [1]
    assert days == (
        DayOfUse(day=date(2026, 1, 7), grants=1, subjects=1, refused=1, alarms=1),
        DayOfUse(day=date(2026, 1, 5), grants=3, subjects=2, ticketless=2, refused=1),
    )
