from __future__ import annotations

from tests.unit.core.factories import operator, organization, subject
from understudy.core.notices.events import Action, Event, EventType


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
