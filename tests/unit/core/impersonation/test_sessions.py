from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.unit.core.factories import NOW
from understudy.core.ids import ActorRef, GrantId, SessionId, SubjectRef
from understudy.core.impersonation.sessions import LEASE, EndCause, Session

SESSION = Session(
    id=SessionId("ses_1"),
    grant_id=GrantId("grt_1"),
    application_id="app_1",
    actor_ref=ActorRef("opr_1"),
    subject_ref=SubjectRef("sub_1"),
    organization_ref=None,
    token_hash=b"h",
    token_nonce=b"n",
    started_at=NOW,
    ends_at=NOW + timedelta(minutes=30),
    idle_limit=timedelta(minutes=10),
    last_active_at=NOW,
)


def test_a_session_is_over_at_the_very_instant_of_its_end() -> None:
    busy = replace(SESSION, last_active_at=SESSION.ends_at)
    almost = SESSION.ends_at - timedelta(milliseconds=1)
    assert busy.over_because(almost) is None
    assert busy.over_because(SESSION.ends_at) is EndCause.TIME_LIMIT


def test_a_session_is_over_at_the_very_instant_of_its_idle_limit() -> None:
    idle_at = NOW + timedelta(minutes=10)
    assert SESSION.idle_at == idle_at
    assert SESSION.over_because(idle_at - timedelta(milliseconds=1)) is None
    assert SESSION.over_because(idle_at) is EndCause.IDLE


def test_an_ended_session_stays_over_for_its_first_cause() -> None:
    ended = replace(SESSION, ended_at=NOW, end_cause=EndCause.REVOKED)
    assert ended.over_because(NOW) is EndCause.REVOKED
    assert ended.over_because(SESSION.ends_at) is EndCause.REVOKED


def test_a_lease_is_short_and_never_outlives_the_session() -> None:
    assert SESSION.lease_until(NOW) == NOW + LEASE
    late = SESSION.ends_at - timedelta(seconds=1)
    assert SESSION.lease_until(late) == SESSION.ends_at


def test_the_hash_of_a_sessions_token_is_not_printed() -> None:
    assert "token_hash" not in repr(SESSION)
