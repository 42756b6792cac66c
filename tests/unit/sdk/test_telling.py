"""The app hears of each session that it begins, to tell the user: no more than they may know."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextvars import ContextVar
from logging.handlers import QueueHandler
from queue import Empty, Queue

import pytest

from understudy.errors import TokenInvalid
from understudy.sdk.context import current_impersonation
from understudy.sdk.telling import SessionNotice
from understudy.sdk.understudy import Understudy
from understudy.testing import FakeGateway

SECONDS = 10


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def understudy(gateway: FakeGateway) -> Iterator[Understudy]:
    made = gateway.understudy()
    yield made
    made.close()


def begin(gateway: FakeGateway, understudy: Understudy) -> str:
    offered = gateway.offer(gateway.open(subject_id="ada", actor_name="Kim"))
    return understudy.start(offered).session.id


def test_the_app_is_told_whom_to_tell_and_what(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    notices: Queue[SessionNotice] = Queue()
    understudy.tell_users_by(notices.put)
    gateway.users.told_as = "Acme Support"
    session_id = begin(gateway, understudy)
    notice = notices.get(timeout=SECONDS)
    assert (notice.session_id, notice.subject.id, notice.by) == (session_id, "ada", "Acme Support")
    assert notice.started_at < notice.ends_at
    assert "Kim" not in repr(notice)


def test_nobody_is_told_unless_that_is_set(gateway: FakeGateway, understudy: Understudy) -> None:
    notices: Queue[SessionNotice] = Queue()
    understudy.tell_users_by(notices.put)
    begin(gateway, understudy)
    gateway.users.told_as = "Kim"
    second = begin(gateway, understudy)
    # The one before would have come first.
    assert notices.get(timeout=SECONDS).session_id == second
    with pytest.raises(Empty):
        notices.get_nowait()


def test_a_refused_start_tells_nobody(gateway: FakeGateway, understudy: Understudy) -> None:
    notices: Queue[SessionNotice] = Queue()
    understudy.tell_users_by(notices.put)
    gateway.users.told_as = "Kim"
    with pytest.raises(TokenInvalid):
        understudy.start("no token")
    session_id = begin(gateway, understudy)
    assert notices.get(timeout=SECONDS).session_id == session_id


def test_an_app_that_cannot_tell_has_begun_the_session_all_the_same(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    failed: Queue[logging.LogRecord] = Queue()
    handler = QueueHandler(failed)
    logging.getLogger("understudy").addHandler(handler)
    try:
        understudy.tell_users_by(lambda notice: 1 / 0)
        gateway.users.told_as = "Kim"
        assert begin(gateway, understudy)
        assert "could not tell" in failed.get(timeout=SECONDS).getMessage()
    finally:
        logging.getLogger("understudy").removeHandler(handler)


def test_it_is_told_as_nobody(gateway: FakeGateway, understudy: Understudy) -> None:
    found: Queue[object] = Queue()
    kept: ContextVar[str] = ContextVar("kept", default="nothing")
    kept.set("what the request had")
    understudy.tell_users_by(lambda _: found.put((kept.get(), current_impersonation())))
    gateway.users.told_as = "Kim"
    begin(gateway, understudy)
    assert found.get(timeout=SECONDS) == ("nothing", None)
