"""The double that our users test with behaves like the service."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from tests.fixtures.impersonation import ManualTime
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.governance.deny_packs import DenyPack, DenyPacks
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.asks import Ask
from understudy.sdk.secret import Secret
from understudy.sdk.values import (
    Actor,
    Beat,
    Phase,
    Presented,
    RecordedAction,
    SessionClosed,
    Wire,
)
from understudy.testing import FakeGateway, FakeSession


@pytest.fixture
def time() -> ManualTime:
    return ManualTime()


@pytest.fixture
def gateway(time: ManualTime) -> FakeGateway:
    return FakeGateway(clock=time.clock)


def action(phase: Phase = Phase.COMPLETED) -> RecordedAction:
    return RecordedAction("a-1", phase, ManualTime().clock(), "GET", "/")


def refresh(gateway: FakeGateway, session: FakeSession) -> str:
    return gateway.refresh(Secret(session.token)).session.id


def test_an_open_session_is_refreshed(gateway: FakeGateway) -> None:
    session = gateway.open()
    assert refresh(gateway, session) == session.id


def test_sessions_are_told_apart(gateway: FakeGateway) -> None:
    first, second = gateway.open(), gateway.open()
    assert first.id != second.id
    assert first.token != second.token


def test_a_session_may_have_an_origin_of_its_own(gateway: FakeGateway) -> None:
    own = "https://understudy-abcdefghijklmnopqrstuvwxyz.view.app.example"
    opened = gateway.refresh(Secret(gateway.open(origin=own).token))
    assert opened.session.origin == own
    assert gateway.refresh(Secret(gateway.open().token)).session.origin is None


def test_its_headers_are_the_overlays(gateway: FakeGateway) -> None:
    session = gateway.open()
    assert session.headers == {
        "Cookie": f"__Host-understudy={session.token}",
        "Understudy-Page": session.id,
    }


def test_a_revoked_session_is_over_for_its_cause(gateway: FakeGateway) -> None:
    session = gateway.open()
    gateway.revoke(session.id, EndCause.IDLE)
    gateway.revoke(session.id, EndCause.REVOKED)
    with pytest.raises(errors.SessionOver) as over:
        refresh(gateway, session)
    assert over.value.facts == {"cause": EndCause.IDLE}
    assert gateway.ended(session.id) is EndCause.IDLE


def test_a_session_ends_with_its_time(gateway: FakeGateway, time: ManualTime) -> None:
    session = gateway.open(minutes=30, idle_minutes=30)
    time.advance(30 * 60 - 1)
    opened = gateway.refresh(Secret(session.token))
    assert opened.lease == timedelta(seconds=1)
    assert opened.lease_expires_at == opened.session.ends_at
    time.advance(1)
    with refusal_of(errors.SessionOver, "session_over", cause="time_limit"):
        refresh(gateway, session)


def test_an_unknown_token_is_invalid(gateway: FakeGateway) -> None:
    with refusal_of(errors.TokenInvalid, "token_invalid"):
        gateway.refresh(Secret("uss_unknown"))


def test_an_offer_is_taken_once_and_only_as_it_was_bound(gateway: FakeGateway) -> None:
    session = gateway.open()
    token = gateway.offer(session, code_verifier="v", redirect_uri="https://app.test/cb")
    presented = Presented(
        token=Secret(token), code_verifier=Secret("v"), redirect_uri="https://app.test/cb"
    )
    assert gateway.exchange(presented).session.id == session.id
    with refusal_of(errors.TokenInvalid, "token_invalid"):
        gateway.exchange(presented)


def test_an_offer_is_not_used_up_on_another_wire(gateway: FakeGateway) -> None:
    token = Secret(gateway.offer(gateway.open(), wire=Wire.CLERK))
    with refusal_of(errors.TokenInvalid, "token_invalid"):
        gateway.exchange(Presented(token=token))
    assert gateway.exchange(Presented(token=token, wire=Wire.CLERK)).session.id


def test_an_offer_bound_to_something_else_is_invalid(gateway: FakeGateway) -> None:
    token = gateway.offer(gateway.open(), code_verifier="v")
    with refusal_of(errors.TokenInvalid, "token_invalid"):
        gateway.exchange(Presented(token=Secret(token)))


def test_the_same_batch_is_recorded_once(gateway: FakeGateway) -> None:
    session = gateway.open()
    for _ in range(2):
        gateway.record(session.id, [action()], key="same")
    gateway.record(session.id, [action()], key="other")
    assert len(gateway.actions(session.id, at_least=2)) == 2


def test_nothing_new_begins_in_an_ended_session(gateway: FakeGateway) -> None:
    session = gateway.open()
    gateway.revoke(session.id)
    gateway.record(session.id, [action()], key="1")
    with pytest.raises(errors.SessionOver) as over:
        gateway.record(session.id, [action(Phase.INTENDED)], key="2")
    assert over.value.facts == {"cause": EndCause.REVOKED}


def test_actions_of_an_unknown_session_are_refused(gateway: FakeGateway) -> None:
    with refusal_of(errors.NotFound, "not_found"):
        gateway.record("ses_unknown", [action()], key="1")


def test_actions_that_never_arrive_are_not_waited_for_for_ever(
    gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("understudy.testing.gateway.PATIENCE_SECONDS", 0.01)
    session = gateway.open()
    with pytest.raises(TimeoutError, match="0 of 1"):
        gateway.actions(session.id)
    with pytest.raises(TimeoutError, match="goes on"):
        gateway.wait_until_ended(session.id)
    with pytest.raises(TimeoutError, match="nobody follows"):
        gateway.wait_for_followers()
    with pytest.raises(TimeoutError, match="asked for 0 times"):
        gateway.wait_for_calls("refresh", at_least=1)


def test_news_begin_with_a_beat_and_tell_of_endings(gateway: FakeGateway) -> None:
    session = gateway.open()
    news = gateway.follow(None)
    assert next(news) == Beat(index=1)
    revoking = threading.Thread(target=gateway.revoke, args=(session.id,))
    revoking.start()
    closed = next(news)
    gateway.break_streams()
    assert list(news) == []
    revoking.join(5)
    assert closed == SessionClosed(session_id=session.id, cause=EndCause.REVOKED, event_id="1")


def test_revoking_waits_until_the_news_are_taken_in(gateway: FakeGateway) -> None:
    session, news = gateway.open(), gateway.follow(None)
    next(news)
    revoking = threading.Thread(target=gateway.revoke, args=(session.id,))
    revoking.start()
    next(news)
    assert revoking.is_alive()
    gateway.break_streams()
    assert list(news) == []
    revoking.join(5)
    assert not revoking.is_alive()


def test_a_quiet_stream_beats_on(gateway: FakeGateway) -> None:
    news = gateway.follow(None)
    assert [next(news), next(news)] == [Beat(index=1), Beat(index=1)]


def test_a_gateway_without_streams_gives_no_news(gateway: FakeGateway) -> None:
    gateway.streaming = False
    with refusal_of(errors.Unavailable, "unavailable"):
        next(gateway.follow(None))


def test_an_unreachable_gateway_refuses_everything(gateway: FakeGateway) -> None:
    session = gateway.open()
    gateway.reachable = False
    with refusal_of(errors.Unavailable, "unavailable"):
        refresh(gateway, session)
    with refusal_of(errors.Unavailable, "unavailable"):
        gateway.end(session.id, EndCause.ENDED_BY_ACTOR)


def test_time_passes_for_the_service_and_for_its_apps(gateway: FakeGateway) -> None:
    session = gateway.open(minutes=30)
    gateway.forward(timedelta(minutes=31))
    with pytest.raises(errors.SessionOver):
        refresh(gateway, session)


def test_sessions_that_staff_ask_for_have_the_packs_of_the_application(
    gateway: FakeGateway,
) -> None:
    gateway.deny_packs = DenyPacks(packs=(DenyPack.TWO_FACTOR,))
    actor = Actor(id="kim", email=None, name="Kim")
    gateway.request(Ask(actor=actor, subject_id="42", reason="Cannot see the invoice"))
    (session,) = gateway.sessions()
    assert session.restrictions.blocked_actions == gateway.deny_packs.actions()
