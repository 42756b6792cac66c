"""What ends a session ends it at the very next request, and nothing is done after it.

Which premises the service looks at, and that it ends a session when one of them falls, is tried in
``tests/integration/abuse/test_lifetime.py``; here it is what the app does once it has heard.
"""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from tests.acceptance.peers.conftest import Clock
from tests.acceptance.peers.desk import AT_ONCE_SECONDS, DOCUMENT, Desk, first_refused
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.cookies import OVERLAY

SECONDS = 0.5
FALLEN = (
    EndCause.ACTOR_INACTIVE,
    EndCause.ACTOR_NOT_ALLOWED,
    EndCause.SUBJECT_PROTECTED,
    EndCause.SUBJECT_INACTIVE,
    EndCause.IMPERSONATION_OFF,
    EndCause.RULES_CHANGED,
    EndCause.REVOKED,
)


@pytest.mark.parametrize("cause", FALLEN)
def test_the_very_next_request_is_refused_once_the_service_has_ended_a_session(
    desk: Desk, cause: EndCause
) -> None:
    """django-hijack 3.7.9 and django-loginas 0.3.14 went on as the user after the agent's account
    was deactivated or demoted; ezauth and Hephaestus after the target was promoted."""
    session = desk.gateway.open(subject_id=desk.user_id("ada"))
    desk.enter(session)
    desk.gateway.wait_for_followers()
    assert desk.me() == "ada"
    desk.gateway.revoke(session.id, cause)
    number, seconds, answer = first_refused(lambda: desk.get("/me"))
    assert (number, answer.status, answer.code) == (1, 401, "session_over")
    assert seconds < AT_ONCE_SECONDS


def test_what_is_sent_after_the_end_is_not_done_and_the_page_gives_it_back(desk: Desk) -> None:
    """django-impersonate 1.9.5 answered a form that was sent after the end of time with a redirect
    to its stop page, and the form was lost without a word; the other two have no end of time."""
    desk.sign_in("sam")
    desk.start("ada")
    desk.gateway.wait_for_followers()
    desk.gateway.revoke(desk.session.id, EndCause.TIME_LIMIT)
    answer = desk.post("/order", {"item": "tea"}, **DOCUMENT)
    assert (answer.status, answer.header("location"), desk.orders) == (401, None, [])
    assert "nothing was saved or changed" in answer.text
    assert "tea</textarea>" in answer.text


def test_time_ends_a_session_whatever_is_done_in_it(desk: Desk) -> None:
    """django-hijack 3.7.9 and django-loginas 0.3.14 have no limit, django-impersonate none unless
    it is set; better-auth ignored the duration that was asked for, and gave a day."""
    began = time.perf_counter()
    desk.enter(desk.gateway.open(subject_id=desk.user_id("ada"), minutes=SECONDS / 60))
    _, _, answer = first_refused(lambda: desk.post("/order"), most=100_000)
    lived = time.perf_counter() - began
    assert (answer.status, answer.code) == (401, "session_over")
    assert SECONDS - 0.1 < lived < SECONDS + AT_ONCE_SECONDS
    assert set(desk.orders) == {"ada"}


def test_a_session_that_nobody_stops_ends_by_itself(desk: Desk, clock: Clock) -> None:
    """Of django-impersonate 1.9.5 the row in the log stayed open for ever when the browser was
    closed; hijack and loginas told nobody of an end either."""
    session = desk.gateway.open(subject_id=desk.user_id("ada"), idle_minutes=10)
    clock.ahead = timedelta(minutes=10)
    desk.plant(OVERLAY, session.token)
    number, _, answer = first_refused(lambda: desk.get("/me"))
    assert (number, answer.code) == (1, "session_over")
    assert desk.gateway.wait_until_ended(session.id) is EndCause.IDLE
