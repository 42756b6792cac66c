"""Sessions that may be served without asking, and endings that are never forgotten too soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fixtures.impersonation import BEGIN, OPENED, TOKEN, ManualTime, an_opened
from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.tokens import token_hash
from understudy.sdk import cache as cache_module
from understudy.sdk.cache import (
    LINGERING_SECONDS,
    REMEMBERED_SECONDS,
    UNKNOWN_SECONDS,
    Ended,
    Held,
    SessionCache,
)
from understudy.sdk.pulse import Pulse
from understudy.sdk.secret import Secret
from understudy.sdk.values import Opened

KEY = token_hash(TOKEN.reveal())


class Desk:
    """A cache that hears the news, and the time that it goes by."""

    def __init__(self) -> None:
        self.time = ManualTime()
        self.pulse = Pulse()
        self.cache = SessionCache(pulse=self.pulse, monotonic=self.time.monotonic)
        self.pulse.connected()
        self.beat()

    def beat(self) -> None:
        self.pulse.beat(self.time.monotonic())

    def keep(self, opened: Opened = OPENED) -> Held | Ended:
        sent_at = self.time.monotonic()
        return self.cache.keep(opened, sent_at=sent_at, generation=self.pulse.generation)

    def pass_time(self, seconds: float) -> None:
        """Time passes while news go on arriving."""
        self.time.advance(seconds)
        self.beat()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_an_unknown_session_must_be_asked_for(desk: Desk) -> None:
    assert desk.cache.find(KEY) is None


def test_a_kept_session_is_served(desk: Desk) -> None:
    held = desk.keep()
    assert desk.cache.find(KEY) is held


def test_a_session_is_asked_for_again_at_the_second_its_lease_ends(desk: Desk) -> None:
    desk.keep()
    desk.pass_time(299.9)
    assert isinstance(desk.cache.find(KEY), Held)
    desk.pass_time(0.1)
    assert desk.cache.find(KEY) is None


def test_a_lease_may_be_shorter_than_the_longest(desk: Desk) -> None:
    desk.keep(replace(OPENED, lease_expires_at=BEGIN + timedelta(seconds=20)))
    desk.pass_time(19.9)
    assert isinstance(desk.cache.find(KEY), Held)
    desk.pass_time(0.1)
    assert desk.cache.find(KEY) is None


def test_a_lease_is_counted_from_the_question_and_not_from_the_answer(desk: Desk) -> None:
    asked_at = desk.time.monotonic()
    desk.pass_time(4)
    desk.cache.keep(OPENED, sent_at=asked_at, generation=desk.pulse.generation)
    desk.pass_time(296)
    assert desk.cache.find(KEY) is None


def test_a_session_is_over_at_the_very_second_of_its_end(desk: Desk) -> None:
    desk.keep(an_opened(ends_at=BEGIN + timedelta(seconds=60)))
    desk.pass_time(59.9)
    assert isinstance(desk.cache.find(KEY), Held)
    desk.pass_time(0.1)
    ended = desk.cache.find(KEY)
    assert isinstance(ended, Ended)
    assert ended.cause is EndCause.TIME_LIMIT


def test_a_resting_session_is_asked_for_at_its_idle_end(desk: Desk) -> None:
    desk.keep(an_opened(idle_ends_at=BEGIN + timedelta(seconds=60)))
    desk.pass_time(60)
    assert desk.cache.find(KEY) is None


def test_nothing_is_served_five_seconds_after_the_last_beat(desk: Desk) -> None:
    desk.keep()
    desk.time.advance(4.9)
    assert isinstance(desk.cache.find(KEY), Held)
    desk.time.advance(0.1)
    assert desk.cache.find(KEY) is None


def test_nothing_kept_before_a_reconnection_is_served_after_it(desk: Desk) -> None:
    desk.keep()
    desk.pulse.connected()
    desk.beat()
    assert desk.cache.find(KEY) is None


def test_an_answer_to_a_question_from_before_a_reconnection_is_not_kept(desk: Desk) -> None:
    generation, sent_at = desk.pulse.generation, desk.time.monotonic()
    desk.pulse.connected()
    desk.beat()
    served = desk.cache.keep(OPENED, sent_at=sent_at, generation=generation)
    assert isinstance(served, Held)
    assert desk.cache.find(KEY) is None


def test_an_ending_is_known_at_once(desk: Desk) -> None:
    held = desk.keep()
    assert isinstance(held, Held)
    desk.cache.close("ses_1", EndCause.REVOKED)
    assert desk.cache.find(KEY) == Ended(cause=EndCause.REVOKED, session=held.session)


def test_a_late_answer_never_revives_an_ended_session(desk: Desk) -> None:
    desk.cache.close("ses_1", EndCause.REVOKED)
    assert desk.keep() == Ended(cause=EndCause.REVOKED)
    assert desk.cache.find(KEY) == Ended(cause=EndCause.REVOKED)


def test_an_answer_that_arrives_after_the_end_serves_nothing(desk: Desk) -> None:
    sent_at = desk.time.monotonic()
    desk.pass_time(31 * 60)
    found = desk.cache.keep(OPENED, sent_at=sent_at, generation=desk.pulse.generation)
    assert isinstance(found, Ended)
    assert found.cause is EndCause.TIME_LIMIT


def test_a_place_is_busy_while_a_session_is_served_and_for_a_minute_after_its_end(
    desk: Desk,
) -> None:
    assert not desk.cache.is_busy()
    held = desk.keep()
    assert isinstance(held, Held)
    assert desk.cache.is_busy()
    desk.cache.close(held.session.id, EndCause.REVOKED)
    desk.pass_time(LINGERING_SECONDS - 1)
    assert desk.cache.is_busy()
    desk.pass_time(1)
    assert not desk.cache.is_busy()


def test_a_place_is_not_busy_with_a_session_whose_time_is_up(desk: Desk) -> None:
    held = desk.keep()
    assert isinstance(held, Held)
    desk.time.advance(held.over_at - desk.time.monotonic())
    assert not desk.cache.is_busy()


def test_an_ending_is_remembered_for_an_hour(desk: Desk) -> None:
    desk.keep()
    desk.cache.close("ses_1", EndCause.REVOKED)
    desk.pass_time(REMEMBERED_SECONDS - 1)
    assert isinstance(desk.cache.find(KEY), Ended)
    desk.pass_time(1)
    assert desk.cache.find(KEY) is None


def test_the_first_cause_of_an_ending_stays(desk: Desk) -> None:
    desk.keep()
    first = desk.cache.close("ses_1", EndCause.REVOKED)
    assert desk.cache.close("ses_1", EndCause.IDLE) == first


def test_a_refused_token_is_remembered(desk: Desk) -> None:
    assert desk.cache.refuse(KEY, None) == Ended(cause=None)
    assert desk.cache.find(KEY) == Ended(cause=None)


def test_a_refusal_ends_what_is_held(desk: Desk) -> None:
    held = desk.keep()
    assert isinstance(held, Held)
    assert desk.cache.refuse(KEY, EndCause.IDLE) == Ended(cause=EndCause.IDLE, session=held.session)


def test_a_refusal_does_not_forget_why_a_session_had_ended(desk: Desk) -> None:
    desk.keep()
    ended = desk.cache.close("ses_1", EndCause.REVOKED)
    assert desk.cache.refuse(KEY, None) == ended


def test_peeking_shows_a_session_that_is_too_old_to_be_served(desk: Desk) -> None:
    held = desk.keep()
    desk.time.advance(100)
    assert desk.cache.find(KEY) is None
    assert desk.cache.peek(KEY) is held
    assert desk.cache.peek(b"other") is None


def test_a_watcher_hears_of_the_end_once(desk: Desk) -> None:
    heard: list[str] = []
    desk.keep()
    desk.cache.watch("ses_1", lambda: heard.append("over"))
    desk.cache.close("ses_1", EndCause.REVOKED)
    desk.cache.close("ses_1", EndCause.REVOKED)
    assert heard == ["over"]


def test_a_watcher_hears_of_an_earlier_end_at_once(desk: Desk) -> None:
    heard: list[str] = []
    desk.cache.close("ses_1", EndCause.REVOKED)
    desk.cache.watch("ses_1", lambda: heard.append("over"))
    assert heard == ["over"]


def test_whoever_stops_watching_hears_nothing(desk: Desk) -> None:
    heard: list[str] = []
    first, second = (lambda: heard.append("first")), (lambda: heard.append("second"))
    desk.cache.watch("ses_1", first)
    desk.cache.watch("ses_1", second)
    desk.cache.unwatch("ses_1", first)
    desk.cache.unwatch("ses_9", first)
    desk.cache.close("ses_1", EndCause.REVOKED)
    assert heard == ["second"]


def test_the_end_by_time_is_heard_too(desk: Desk) -> None:
    heard: list[str] = []
    desk.keep(an_opened(ends_at=BEGIN + timedelta(seconds=10)))
    desk.cache.watch("ses_1", lambda: heard.append("over"))
    desk.pass_time(10)
    desk.cache.find(KEY)
    assert heard == ["over"]


def test_the_cache_keeps_the_youngest_sessions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "MAX_LIVE", 2)
    tokens = [Secret(f"uss_{number}") for number in range(3)]
    for number, token in enumerate(tokens):
        desk.keep(an_opened(id=f"ses_{number}", token=token))
    found = [desk.cache.find(token_hash(token.reveal())) for token in tokens]
    assert [item is not None for item in found] == [False, True, True]


def test_the_cache_remembers_a_bounded_number_of_endings(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "MAX_ENDED", 2)
    for number in range(3):
        desk.cache.refuse(bytes([number]), None)
    found = [desk.cache.find(bytes([number])) for number in range(3)]
    assert [item is not None for item in found] == [False, True, True]


def test_made_up_cookies_push_no_ending_out_of_memory(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "MAX_ENDED", 2)
    monkeypatch.setattr(cache_module, "MAX_UNKNOWN", 2)
    desk.cache.refuse(b"ended", EndCause.REVOKED)
    for number in range(5):
        desk.cache.refuse(bytes([number]), None, known=False)
        desk.cache.refuse(bytes([10 + number]), EndCause.ENDED_BY_ACTOR, known=False)
    ended = desk.cache.find(b"ended")
    assert isinstance(ended, Ended)
    assert ended.cause is EndCause.REVOKED
    assert desk.cache.find(bytes([1])) is None, "what is unknown is bounded too"


def test_an_unknown_token_is_remembered_only_briefly(desk: Desk) -> None:
    desk.cache.refuse(b"unknown", None, known=False)
    assert isinstance(desk.cache.find(b"unknown"), Ended)
    desk.pass_time(UNKNOWN_SECONDS)
    assert desk.cache.find(b"unknown") is None


def test_an_end_asked_for_by_token_outranks_an_answer_under_way(desk: Desk) -> None:
    opened = an_opened()
    key = token_hash(opened.session_token.reveal())
    desk.cache.refuse(key, EndCause.ENDED_BY_ACTOR, known=False)
    assert isinstance(desk.keep(opened), Ended)
    assert isinstance(desk.cache.find(key), Ended)


def test_old_endings_make_room(desk: Desk) -> None:
    desk.cache.refuse(b"old", None)
    desk.pass_time(REMEMBERED_SECONDS)
    desk.cache.refuse(b"new", None)
    assert desk.cache.find(b"old") is None
    assert desk.cache.find(b"new") == Ended(cause=None)


def test_the_services_clock_is_counted_on_from_its_answer(desk: Desk) -> None:
    held = desk.keep()
    assert isinstance(held, Held)
    desk.pass_time(90)
    assert held.server_time(desk.time.monotonic()) == BEGIN + timedelta(seconds=90)


def test_a_session_is_found_by_its_id_live_or_over(desk: Desk) -> None:
    assert desk.cache.session_of("ses_1") is None
    held = desk.keep()
    assert isinstance(held, Held)
    assert desk.cache.session_of("ses_1") is held.session
    desk.cache.close("ses_1", EndCause.REVOKED)
    assert desk.cache.session_of("ses_1") is held.session


def test_what_was_hidden_where_is_known_beyond_a_lease(desk: Desk) -> None:
    held = desk.keep()
    assert isinstance(held, Held)
    held.hidden_at.add("/users/1")
    again = desk.keep()
    assert isinstance(again, Held)
    assert again is not held
    assert again.hidden_at.covers("/users/1")
