"""What an application asks about itself, and how its answers are read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import SetupError, Unavailable
from understudy.sdk.office import MOST, LiveSession, Office, OwnApplication, RevokedSession
from understudy.testing import FakeGateway

ROW = {
    "id": "ses_1",
    "actor": {"kind": "operator", "id": "opr_1", "email": "sam@support.test", "name": "Sam"},
    "subject": {"id": "42", "email": None, "name": "Ada"},
    "reason": "Cannot see the invoice",
    "ticket": None,
    "scope": "read_only",
    "started_at": "2026-03-01T12:00:00Z",
    "ends_at": "2026-03-01T12:30:00Z",
}
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Link:
    """Answers each call by the next of ``bodies``."""

    def __init__(self, *bodies: dict[str, Any]) -> None:
        self.asked: list[str] = []
        self._bodies = [json.dumps(body).encode() for body in bodies]

    def ask(self, method: str, path: str) -> bytes:
        self.asked.append(f"{method} {path}")
        return self._bodies.pop(0)


def test_the_application_is_told_who_it_is() -> None:
    link = Link({"id": "app_1", "name": "Shop", "status": "active", "vertical": "b2b"})
    assert Office(link).application() == OwnApplication(id="app_1", name="Shop", status="active")
    assert link.asked == ["GET /application"]


def test_live_sessions_name_both_people() -> None:
    link = Link({"items": [ROW], "next_cursor": None})
    assert Office(link).sessions() == [
        LiveSession(
            id="ses_1",
            actor="sam@support.test",
            actor_id="opr_1",
            subject="42",
            reason="Cannot see the invoice",
            ticket=None,
            scope="read_only",
            started_at=NOON,
            ends_at=NOON.replace(minute=30),
        )
    ]
    assert link.asked == ["GET /sessions?state=live&limit=100"]


def test_sessions_are_listed_to_the_last_page() -> None:
    link = Link({"items": [ROW], "next_cursor": "a b"}, {"items": [ROW, ROW], "next_cursor": None})
    assert len(Office(link).sessions()) == 3
    assert link.asked[1] == "GET /sessions?state=live&limit=100&cursor=a+b"


def test_a_service_that_never_comes_to_an_end_is_not_followed_for_ever() -> None:
    pages = [{"items": [ROW] * 100, "next_cursor": "more"}] * (MOST // 100 + 1)
    link = Link(*pages)
    assert len(Office(link).sessions()) == MOST
    assert len(link.asked) == MOST // 100


def test_an_id_stays_one_segment_of_the_address() -> None:
    link = Link({"id": "x", "end_cause": "revoked", "logged": False})
    found = Office(link).revoke("../application?x")
    assert found == RevokedSession(id="x", cause="revoked", logged=False)
    assert link.asked == ["POST /sessions/..%2Fapplication%3Fx/revoke"]


def test_an_answer_that_cannot_be_read_is_none() -> None:
    with refusal_of(Unavailable, "unavailable"):
        Office(Link({"id": 1})).application()


def test_a_link_of_another_kind_cannot_be_asked_and_is_left_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gateway = FakeGateway()
    closed: list[FakeGateway] = []
    monkeypatch.setattr(gateway, "close", lambda: closed.append(gateway))
    with pytest.raises(SetupError), gateway.understudy().office():
        pass
    assert closed == []


def row(number: int, actor_id: str) -> dict[str, Any]:
    """A session of one whom the application has named."""
    actor = {"kind": "named_by_application", "id": actor_id, "email": None, "name": "Kim"}
    return {**ROW, "id": f"ses_{number}", "actor": actor}


def test_all_sessions_of_actors_are_ended_and_nobody_elses() -> None:
    over = [{"id": f"ses_{number}", "end_cause": "revoked"} for number in (2, 4)]
    # Also by a service that does not know the filter.
    rows = [ROW, row(2, "a&b"), row(3, "8"), row(4, "9")]
    pages = [{"items": rows, "next_cursor": None}] * 2
    link = Link(*pages, *over)
    assert [found.id for found in Office(link).revoke_of("a&b", "9")] == ["ses_2", "ses_4"]
    assert link.asked == [
        "GET /sessions?actor_id=a%26b&state=live&limit=100",
        "GET /sessions?actor_id=9&state=live&limit=100",
        "POST /sessions/ses_2/revoke",
        "POST /sessions/ses_4/revoke",
    ]


def test_of_many_actors_all_live_sessions_are_looked_at_once() -> None:
    rows = [ROW, row(2, "a"), row(3, "8"), row(4, "d")]
    link = Link({"items": rows, "next_cursor": None})
    assert Office(link).sessions_of(*"abcde") == ["ses_2", "ses_4"]
    assert link.asked == ["GET /sessions?state=live&limit=100"]


def test_an_actors_session_is_ended_however_many_others_there_are() -> None:
    pages = [{"items": [ROW] * 100, "next_cursor": "more"}] * (MOST // 100)
    over = {"id": "ses_2", "end_cause": "revoked"}
    link = Link(*pages, {"items": [row(2, "7")], "next_cursor": None}, over)
    assert [found.id for found in Office(link).revoke_of("7")] == ["ses_2"]


def test_a_session_that_cannot_be_ended_keeps_no_other_from_its_end() -> None:
    rows = [row(2, "7"), row(3, "7")]
    link = Link({"items": rows, "next_cursor": None}, {"id": 2}, {"id": "ses_3"})
    with refusal_of(Unavailable, "unavailable"):
        Office(link).revoke_of("7")
    assert link.asked[1:] == ["POST /sessions/ses_2/revoke", "POST /sessions/ses_3/revoke"]
