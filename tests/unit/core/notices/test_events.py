from __future__ import annotations

from tests.unit.core.factories import operator, organization, subject
from understudy.core.ids import SubjectRef
from understudy.core.notices.events import SYSTEM, Action, Event, EventType, Party, PartyKind


def test_the_core_half_of_an_entry_names_nobody() -> None:
    event = Event(
        type=EventType.ACTION_COMPLETED,
        application_id="app_1",
        actor=operator().party,
        subject=subject().party,
        organization=organization().party,
        reason="Cannot find the reports tab",
        ticket="SUP-1",
        address="192.0.2.7",
        user_agent="Browser",
        action=Action(id="a1", method="GET", route="/u/{id}", path="/u/ada", status=200),
    )
    core = str(event.core_payload())
    for personal in ("ada", "Ada", "sam@", "acme", "Acme", "SUP-1", "192.0.2.7", "Browser"):
        assert personal not in core
    assert event.personal_payload()["path"] == "/u/ada"
    assert event.core_payload()["subject_ref"] == "sub_1"


def test_an_event_about_nothing_says_only_how_it_went() -> None:
    event = Event(type=EventType.KEYS_ROTATED)
    assert event.core_payload() == {"outcome": "ok"}
    assert event.personal_payload() == {}


def test_a_party_is_the_same_whatever_it_was_called_then() -> None:
    ada = subject().party
    assert ada.is_same_as(subject(name="Ada King", email=None).party)
    assert not ada.is_same_as(subject(ref=SubjectRef("sub_2")).party)
    assert not ada.is_same_as(operator().party)


def test_rows_call_a_party_by_our_reference_or_else_by_what_it_is() -> None:
    assert subject().party.own_ref == "sub_1"
    assert Party(kind=PartyKind.SYSTEM, name="command line").own_ref == "command line"
    assert SYSTEM.own_ref == "system"
