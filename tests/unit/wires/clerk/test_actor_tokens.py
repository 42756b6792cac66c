from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fixtures.engine import START
from tests.fixtures.refusals import refusal_of
from tests.unit.wires.clerk.values import CLAIMS, a_grant
from understudy.core.impersonation.grants import GrantStatus
from understudy.errors import InvalidInput
from understudy.flows.impersonation.mint import Minted
from understudy.flows.impersonation.start import Started
from understudy.wires.clerk.actor_tokens import CLAIMS_MOST_BYTES, read, shape, status_of

BODY = {"user_id": "ada", "actor": CLAIMS}


def test_what_is_not_said_has_the_customary_length() -> None:
    ask = read(BODY)
    assert (ask.life, ask.session_seconds) == (timedelta(hours=1), 1_800)
    assert (ask.user_id, ask.sub, ask.email, ask.name) == ("ada", "kim", None, None)


def test_a_life_is_cut_down_at_an_hour() -> None:
    assert read(BODY | {"expires_in_seconds": 3_599}).life == timedelta(seconds=3_599)
    assert read(BODY | {"expires_in_seconds": 3_601}).life == timedelta(hours=1)
    assert read(BODY | {"expires_in_seconds": 10**30}).life == timedelta(hours=1)


def test_a_session_lasts_a_minute_at_least() -> None:
    assert read(BODY | {"session_max_duration_in_seconds": 60}).session_seconds == 60
    with refusal_of(
        InvalidInput,
        "invalid_input",
        field="session_max_duration_in_seconds",
        clerk="form_param_value_invalid",
    ):
        read(BODY | {"session_max_duration_in_seconds": 59})


def test_the_actor_is_kept_small() -> None:
    room = CLAIMS_MOST_BYTES - len('{"sub": "kim", "x": ""}')
    read(BODY | {"actor": {"sub": "kim", "x": "y" * room}})
    with refusal_of(InvalidInput, "invalid_input", field="actor", clerk="form_param_value_invalid"):
        read(BODY | {"actor": {"sub": "kim", "x": "y" * (room + 1)}})


@pytest.mark.parametrize(
    ("status", "used", "shown"),
    [
        (GrantStatus.PENDING, False, "pending"),
        (GrantStatus.READY, False, "pending"),
        (GrantStatus.EXPIRED, False, "pending"),
        (GrantStatus.DENIED, False, "pending"),
        (GrantStatus.CANCELLED, False, "revoked"),
        (GrantStatus.ACTIVE, True, "accepted"),
        (GrantStatus.CLOSED, True, "accepted"),
        (GrantStatus.CANCELLED, True, "accepted"),
    ],
)
def test_there_are_three_statuses(status: GrantStatus, used: bool, shown: str) -> None:
    ends_at = START if used else None
    assert status_of(a_grant(status=status, session_ends_at=ends_at)) == shown


def test_ticket_and_url_are_shown_when_the_token_is_made_only() -> None:
    minted = Minted(token="usi_secret", expires_at=START)
    made = shape(a_grant(), now=START, made=minted, base="https://u.example")
    later = shape(a_grant(), now=START, made=None, base="https://u.example")
    assert made == later | {
        "token": "usi_secret",
        "url": "https://u.example/clerk/v1/tickets/accept?ticket=usi_secret",
    }
    assert later == {
        "object": "actor_token",
        "id": "act_1",
        "status": "pending",
        "user_id": "ada",
        "actor": CLAIMS,
        "created_at": round(START.timestamp() * 1000),
        "updated_at": round(START.timestamp() * 1000),
    }
    assert "usi_secret" not in repr(Started(grant=a_grant(), token=minted))
