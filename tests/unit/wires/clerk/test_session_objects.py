from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fixtures.engine import START
from tests.fixtures.refusals import refusal_of
from tests.unit.wires.clerk.values import CLAIMS, ISSUER, a_grant, a_session
from understudy.core.impersonation.sessions import EndCause
from understudy.errors import InvalidInput
from understudy.wires.clerk.session_objects import read_query, shape, status_of

KNOWN_TO_CLIENTS = {
    "active",
    "revoked",
    "ended",
    "expired",
    "removed",
    "abandoned",
    "replaced",
    "pending",
}


@pytest.mark.parametrize("cause", EndCause)
def test_every_end_has_a_word_that_clients_know(cause: EndCause) -> None:
    status = status_of(a_session(end_cause=cause), START)
    assert status in KNOWN_TO_CLIENTS - {"active"}


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (EndCause.ENDED_BY_ACTOR, "ended"),
        (EndCause.RELAUNCHED, "replaced"),
        (EndCause.REPLACED, "replaced"),
        (EndCause.TIME_LIMIT, "expired"),
        (EndCause.IDLE, "expired"),
        (EndCause.REVOKED, "revoked"),
        (EndCause.SUBJECT_PROTECTED, "revoked"),
    ],
)
def test_the_words(cause: EndCause, status: str) -> None:
    assert status_of(a_session(end_cause=cause), START) == status


def test_a_session_is_over_at_its_second_before_anybody_noted_it() -> None:
    session = a_session(idle_limit=timedelta(hours=1))
    assert status_of(session, session.ends_at - timedelta(milliseconds=1)) == "active"
    assert status_of(session, session.ends_at) == "expired"
    assert status_of(a_session(), START + timedelta(minutes=10)) == "expired"


def test_the_shape() -> None:
    ms = round(START.timestamp() * 1000)
    assert shape(a_session(), a_grant(), issuer=ISSUER, now=START) == {
        "object": "session",
        "id": "sess_1",
        "client_id": "client_1",
        "user_id": "ada",
        "actor": CLAIMS,
        "status": "active",
        "last_active_organization_id": None,
        "last_active_at": ms,
        "expire_at": ms + 1_800_000,
        "abandon_at": ms + 600_000,
        "created_at": ms,
        "updated_at": ms,
    }


def test_a_query_says_what_is_wanted() -> None:
    query = read_query([("user_id", "ada"), ("paginated", "true"), ("status", "active")])
    assert (query.user_id, query.paginated, query.status) == ("ada", True, "active")
    assert (query.limit, query.offset, query.client_id) == (10, 0, None)
    assert read_query([]).paginated is False
    with refusal_of(
        InvalidInput, "invalid_input", field="status", clerk="form_param_value_invalid"
    ):
        read_query([("status", "lost")])
