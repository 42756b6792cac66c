"""Clocks that jump (T9): what was over stays over, and nothing lives longer for it."""

from __future__ import annotations

import pytest

from tests.integration.abuse.servers import eventually
from tests.integration.abuse.stack import Stack
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType


@pytest.mark.parametrize("hours", [1, 72])
def test_t9_a_step_back_across_the_end_revives_no_session(own_stack: Stack, hours: int) -> None:
    stack = own_stack
    opened, token = stack.open(minutes=5), stack.start()
    kim = stack.overlaid(stack.visitor(), opened)
    assert kim.app("GET", "/whoami").json()["subject"] == "ada"
    session_id = opened["session"]["id"]
    stack.clock.forward(minutes=6)
    eventually(lambda: stack.session(session_id).end_cause is EndCause.TIME_LIMIT)
    eventually(lambda: kim.app("GET", "/whoami").status_code == 401)
    assert stack.exchange(token).status_code == 401
    stack.clock.forward(hours=-hours)
    assert kim.app("GET", "/whoami").status_code == 401
    assert stack.refresh(opened["session_token"]).json()["rule"] == EndCause.TIME_LIMIT
    assert stack.exchange(token).status_code == 401
    assert len(stack.entries(EventType.SESSION_EXPIRED)) == 1


def test_t9_a_step_back_during_a_session_makes_it_no_longer(own_stack: Stack) -> None:
    stack = own_stack
    opened = stack.open(minutes=5)
    stack.clock.forward(hours=-3)
    # Time that the log has seen does not come back: what begins now begins after what there was.
    again = stack.open(minutes=5)
    first, second = (stack.session(one["session"]["id"]) for one in (opened, again))
    assert second.started_at >= first.started_at
    assert (second.ends_at - first.started_at).total_seconds() < 5 * 60 + 30
    times = [entry.time for entry in stack.entries()]
    assert times == sorted(times)


def test_t9_a_jump_ahead_ends_sessions_and_kills_tokens_at_once(own_stack: Stack) -> None:
    stack = own_stack
    opened, token = stack.open(minutes=60), stack.start()
    kim = stack.overlaid(stack.visitor(), opened)
    assert kim.app("GET", "/whoami").json()["subject"] == "ada"
    stack.clock.forward(hours=72)
    assert stack.refresh(opened["session_token"]).status_code == 401
    assert stack.exchange(token).status_code == 401
    eventually(lambda: kim.app("GET", "/whoami").status_code == 401)
