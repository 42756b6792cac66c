"""Whoever asks to become a honey user is an alarm, on both databases."""

from __future__ import annotations

from tests.contract.rules.world import HERE, World, named
from tests.fixtures.refusals import refusal_of
from understudy.core.ids import SubjectId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import ALERTS, SYSTEM, EventType
from understudy.core.people.principals import Subject
from understudy.core.rules.grant import GRANT_CLOSED
from understudy.core.rules.subject import SUBJECT_UNKNOWN
from understudy.errors import NotFound
from understudy.flows.directory import maintain
from understudy.flows.directory.honey import set_honey
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.request import Granted


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
    assert isinstance(installation.ask("ada"), Granted)
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
    assert isinstance(installation.ask("bob"), Granted)
    with refusal_of(NotFound, "not_found"):
        _honey(installation, "nobody")
