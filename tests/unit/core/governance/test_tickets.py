from __future__ import annotations

import pytest

from understudy.core.governance.tickets import is_about


@pytest.mark.parametrize(
    ("written", "ticket"),
    [
        ("SUP-12", "SUP-12"),
        ("sup-12", "SUP-12"),
        ("https://desk.example/browse/SUP-12?focused=1", "SUP-12"),
        ("Refund, see SUP-12.", "SUP-12"),
        ("1234", "1234"),
        ("#1234", "1234"),
        ("ZD-1234", "1234"),
        ("https://desk.example/agent/tickets/1234", "1234"),
        ("INC_0012", "INC_0012"),
    ],
)
def test_a_ticket_is_found_however_somebody_writes_it(written: str, ticket: str) -> None:
    assert is_about(written, ticket)


@pytest.mark.parametrize(
    ("written", "ticket"),
    [
        (None, "SUP-12"),
        ("", "SUP-12"),
        ("SUP-123", "SUP-12"),
        ("XSUP-12", "SUP-12"),
        ("12", "SUP-12"),
        ("12345", "1234"),
        ("SUP-12", "SUP"),
    ],
)
def test_another_ticket_is_not_taken_for_it(written: str | None, ticket: str) -> None:
    assert not is_about(written, ticket)
