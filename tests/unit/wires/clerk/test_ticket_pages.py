from __future__ import annotations

from dataclasses import replace

from understudy.wires.clerk.ticket_pages import (
    Person,
    TicketFacts,
    confirm_page,
    homeless_page,
    unusable_page,
)

NONCE = "nonce-of-22-characters"
FACTS = TicketFacts(
    sign_in_ticket="usi_1",
    application="Billing",
    subject=Person(name="Ada", further="ada@acme.example · ada"),
    actor=Person(name="kim"),
    reason="Cannot see the invoice",
    reason_given=True,
    reference=None,
    minutes=30,
    read_only=False,
)


def _text(facts: TicketFacts) -> str:
    return bytes(confirm_page(facts, action="/accept", nonce=NONCE).body).decode()


def test_the_page_asks_and_says_who_and_why() -> None:
    text = _text(FACTS)
    for shown in ("Work as Ada?", "ada@acme.example · ada", "kim", "Up to 30 minutes", "Billing"):
        assert shown in text
    assert '<form method="post" action="/accept">' in text
    assert "Nobody gave a reason" not in text
    assert "<script" not in text
    assert "usi_1" not in repr(FACTS)


def test_what_is_missing_is_said_or_left_out() -> None:
    text = _text(replace(FACTS, reason_given=False, minutes=1, read_only=True))
    assert "Nobody gave a reason" in text
    assert "Up to 1 minute<" in text
    assert "Read only" in text
    assert ">Ticket<" not in text
    assert ">Ticket<" in _text(replace(FACTS, reference="T-81"))


def test_every_text_is_text() -> None:
    hostile = '"><script>x</script>'
    text = _text(
        replace(
            FACTS,
            sign_in_ticket=hostile,
            application=hostile,
            subject=Person(name=hostile, further=hostile),
            actor=Person(name=hostile, further=hostile),
            reason=hostile,
            reference=hostile,
        )
    )
    assert "<script" not in text
    assert f'<style nonce="{NONCE}">' in text


def test_other_pages_say_what_to_do() -> None:
    gone, homeless = unusable_page(nonce=NONCE), homeless_page(nonce=NONCE)
    assert (gone.status_code, homeless.status_code) == (410, 409)
    assert b"Ask for a new one" in bytes(gone.body)
    assert b"redirect URL" in bytes(homeless.body)
