"""What a process does on its own from its first session on, though nobody visits the dashboard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fixtures.embedded import REASON, Shop
from tests.fixtures.refusals import refusal_of
from tests.integration.embedded.clock import Clock, given
from understudy import Actor, Understudy
from understudy.core.impersonation.sessions import EndCause
from understudy.embedded.gateway import InProcessGateway
from understudy.embedded.link import installation_of
from understudy.embedded.upkeep import Upkeep
from understudy.errors import SessionOver, Unavailable
from understudy.sdk.asks import Ask
from understudy.sdk.values import Beat, Opened, Presented, SessionClosed
from understudy.service.app import Service

BEATS = 10
"""So many seconds an end may take to be heard of; the sweep comes each second."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """By which the shop's installation goes."""
    return given(monkeypatch)


@pytest.fixture
def understudy(tmp_path: Path, clock: Clock) -> Iterator[Understudy]:
    made = Shop().understudy(tmp_path / "data")
    yield made
    made.close()


def opened(gateway: InProcessGateway) -> Opened:
    """A session that the app has begun, as whom nobody has visited the dashboard."""
    actor = Actor(id="sam", email="sam@shop.example", name="Sam")
    granted = gateway.request(Ask(actor=actor, subject_id="ada", reason=REASON))
    return gateway.exchange(Presented(token=granted.token))


def threads() -> int:
    """How many services run on threads of their own."""
    return [thread.name for thread in threading.enumerate()].count("understudy-service")


def nothing(_: object) -> None:
    """Takes the place of what would be done."""


def test_a_session_whose_time_is_over_is_ended_though_nobody_asks_for_it(
    understudy: Understudy, clock: Clock
) -> None:
    gateway = installation_of(understudy).gateway()
    session = opened(gateway).session
    clock.ahead = timedelta(hours=2)
    heard = 0
    for news in gateway.follow(None):
        if isinstance(news, SessionClosed):
            assert (news.session_id, news.cause) == (session.id, EndCause.TIME_LIMIT)
            break
        heard += isinstance(news, Beat)
        assert heard < BEATS
    assert gateway.sessions_of({"sam"}) == []


def test_a_session_whose_time_is_over_is_refused_before_anything_has_ended_it(
    understudy: Understudy, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Upkeep, "start", nothing)
    gateway = installation_of(understudy).gateway()
    token = opened(gateway).session_token
    clock.ahead = timedelta(hours=2)
    assert threads() == 0
    with refusal_of(SessionOver, "session_over", cause=EndCause.TIME_LIMIT):
        gateway.refresh(token)


def test_it_begins_with_the_first_session_and_a_visit_takes_its_place(
    understudy: Understudy,
) -> None:
    installation = installation_of(understudy)
    installation.engine()
    assert threads() == 0
    gateway = installation.gateway()
    assert threads() == 1
    installation.service()
    assert threads() == 0
    assert installation.gateway() is gateway
    assert threads() == 0


def test_it_ends_with_the_process_and_the_next_use_begins_it_again(understudy: Understudy) -> None:
    installation = installation_of(understudy)
    for _ in range(2):
        installation.gateway()
        assert threads() == 1
        understudy.close()
        assert threads() == 0


def test_sessions_go_on_where_it_cannot_begin(
    understudy: Understudy, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(_: Service) -> None:
        raise Unavailable

    monkeypatch.setattr(Service, "start", fails)
    gateway = installation_of(understudy).gateway()
    assert gateway.refresh(opened(gateway).session_token).session.subject.id == "ada"
    assert "background work did not begin" in caplog.text
