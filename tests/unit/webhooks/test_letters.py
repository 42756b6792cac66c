from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tests.fixtures.mail import parts
from tests.unit.webhooks.test_formats import ENTRY, message
from understudy.core.notices.event_sets import ALERTS
from understudy.core.notices.events import EventType
from understudy.core.ports import Entry
from understudy.webhooks.letters import EMAIL


def letter(
    entry: Entry | None = ENTRY, *, personal: bool = False, name: str = "Acme"
) -> EmailMessage:
    about = message("email", entry, personal=personal)
    about = replace(about, application=replace(about.application, name=name))
    rendered = EMAIL.spell(about)
    assert rendered is not None
    assert rendered.media_type == "message/rfc822"
    found = message_from_bytes(rendered.body, policy=default)
    assert isinstance(found, EmailMessage)
    assert rendered.shown == parts(found)[0].replace("\r\n", "\n")
    return found


def asked(**personal: str) -> Entry:
    return replace(ENTRY, type=EventType.GRANT_REQUESTED, personal=personal)


def test_an_email_says_what_happened_where_and_opens_a_page() -> None:
    found = letter(asked())
    assert found["Subject"] == "Impersonation waits for approval: Acme"
    assert found["Message-ID"] == "<entry-7@understudy.example>"
    plain, html = parts(found)
    assert plain.splitlines() == [
        "Impersonation waits for approval.",
        "",
        "Application: Acme",
        "",
        "Open in Understudy: https://understudy.example/approvals",
    ]
    assert html.count("<a ") == 1
    assert '<a href="https://understudy.example/approvals">' in html
    assert "<form" not in html


def test_people_and_reason_come_along_only_where_the_endpoint_asks_and_never_in_the_subject() -> (
    None
):
    entry = asked(actor_name="Kim", subject_email="ada@acme.example", reason="Missing invoice")
    assert "Kim" not in parts(letter(entry))[0]
    found = letter(entry, personal=True)
    assert found["Subject"] == "Impersonation waits for approval: Acme"
    for part in parts(found):
        assert all(text in part for text in ("Kim", "ada@acme.example", "Missing invoice"))


def test_what_somebody_typed_is_text() -> None:
    entry = asked(reason='<a href="https://evil.example">x</a>\r\nBcc: eve@evil.example')
    plain, html = parts(letter(entry, personal=True))
    assert html.count("<a ") == 1
    assert "&lt;a href=" in html
    assert "\nBcc:" not in plain.replace("\r\n", "\n")


def test_a_name_makes_no_headers() -> None:
    found = letter(asked(), name="Acme\r\nBcc: eve@evil.example\r\n\r\nHello")
    assert found["Bcc"] is None
    assert found["Subject"].endswith("Acme Bcc: eve@evil.example Hello")
    assert letter(asked(), name="Größe \N{ROCKET}")["Subject"].endswith("Größe \N{ROCKET}")


def test_an_alarm_opens_its_entry_and_a_test_the_dashboard() -> None:
    alarm = replace(ENTRY, type=EventType.TOKEN_REPLAYED)
    assert "https://understudy.example/audit/7" in parts(letter(alarm))[0]
    found = letter(None)
    assert found["Subject"] == "A test: Acme"
    assert "https://understudy.example\n" in parts(found)[0].replace("\r\n", "\n")


def test_what_waits_and_what_is_an_alarm_can_be_told_and_nothing_else() -> None:
    assert EventType.GRANT_REQUESTED in EMAIL.tellable
    assert EMAIL.tellable - {EventType.GRANT_REQUESTED} <= ALERTS
    assert EMAIL.default_types == EMAIL.tellable


def test_what_was_erased_is_told_to_nobody() -> None:
    assert EMAIL.spell(message("email", replace(ENTRY, core=None))) is None
