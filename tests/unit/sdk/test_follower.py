"""Following the service's news, through every way in which they may break."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from tests.fixtures.impersonation import OPENED, TOKEN, ManualTime
from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.tokens import token_hash
from understudy.errors import Unavailable
from understudy.sdk import follower as follower_module
from understudy.sdk.cache import Ended, Held, SessionCache
from understudy.sdk.follower import Follower
from understudy.sdk.pulse import Pulse
from understudy.sdk.values import Beat, News, RulesChanged, SessionClosed
from understudy.testing import FakeGateway

KEY = token_hash(TOKEN.reveal())
CLOSED = SessionClosed(session_id="ses_1", cause=EndCause.REVOKED, event_id="41")


class Script(FakeGateway):
    """Gives one stream after another; each may end, or break with an error."""

    def __init__(self, *streams: list[News | Exception]) -> None:
        super().__init__()
        self._streams = iter(streams)
        self.asked: list[str | None] = []
        self.finished = threading.Event()

    def follow(self, last_event_id: str | None) -> Iterator[News]:
        self.asked.append(last_event_id)
        for news in next(self._streams, [Unavailable()]):
            if isinstance(news, Exception):
                raise news
            yield news
        if len(self.asked) >= 3:
            self.finished.set()


class Desk:
    """A follower without a thread, and what it keeps up to date."""

    def __init__(self, gateway: FakeGateway) -> None:
        self.time, self.pulse = ManualTime(), Pulse()
        self.cache = SessionCache(pulse=self.pulse, monotonic=self.time.monotonic)
        self.follower = Follower(
            gateway=gateway, cache=self.cache, pulse=self.pulse, monotonic=self.time.monotonic
        )

    def run(self, until: threading.Event) -> None:
        self.follower.start()
        assert until.wait(5)
        self.follower.stop()
        self.follower.join(5)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower_module, "FIRST_PAUSE", 0.0)
    monkeypatch.setattr(follower_module, "LONGEST_PAUSE", 0.0)


def test_a_beat_makes_the_cache_trustworthy() -> None:
    desk = Desk(Script())
    desk.follower.take(Beat(index=1))
    assert desk.pulse.fresh_until == desk.time.monotonic() + 5
    assert desk.pulse.generation == 1


def test_further_beats_belong_to_the_same_connection() -> None:
    desk = Desk(Script())
    desk.follower.take(Beat(index=1))
    desk.follower.take(Beat(index=1))
    assert desk.pulse.generation == 1


def test_an_ending_is_taken_into_the_cache() -> None:
    desk = Desk(Script())
    desk.follower.take(Beat(index=1))
    desk.cache.keep(OPENED, sent_at=desk.time.monotonic(), generation=1)
    assert isinstance(desk.cache.find(KEY), Held)
    desk.follower.take(CLOSED)
    found = desk.cache.find(KEY)
    assert isinstance(found, Ended)
    assert found.cause is EndCause.REVOKED


def test_a_reconnection_resumes_behind_the_last_event() -> None:
    script = Script([Beat(index=0), CLOSED], [Beat(index=0)], [Beat(index=0)])
    desk = Desk(script)
    desk.run(until=script.finished)
    assert script.asked[:3] == [None, "41", "41"]
    assert desk.pulse.generation == 3


def test_a_change_of_the_rules_makes_every_copy_be_asked_for_again() -> None:
    desk = Desk(Script())
    desk.follower.take(Beat(index=1))
    held = desk.cache.keep(OPENED, sent_at=desk.time.monotonic(), generation=1)
    assert isinstance(held, Held)
    assert desk.cache.find(KEY) is held
    desk.follower.take(RulesChanged(event_id="2"))
    assert desk.cache.find(KEY) is None
    assert desk.pulse.fresh_until == desk.time.monotonic() + 5


def test_a_reconnection_resumes_behind_the_last_beat_when_nothing_happened() -> None:
    script = Script([Beat(index=50)], [Beat(index=60)], [])
    desk = Desk(script)
    desk.run(until=script.finished)
    assert script.asked[:3] == [None, "50", "60"]


@pytest.mark.parametrize("fault", [Unavailable(internal="gone"), RuntimeError("a bug")])
def test_a_broken_stream_is_followed_again(fault: Exception) -> None:
    script = Script([Beat(index=0), fault], [fault], [CLOSED])
    desk = Desk(script)
    desk.run(until=script.finished)
    assert len(script.asked) >= 3
    assert desk.cache.close("ses_1", None) == Ended(cause=EndCause.REVOKED)


def test_a_stream_that_never_beats_makes_nothing_trustworthy() -> None:
    script = Script([CLOSED], [CLOSED], [CLOSED])
    desk = Desk(script)
    desk.run(until=script.finished)
    assert desk.pulse.generation == 0
    assert desk.pulse.fresh_until < 0


def test_pauses_grow_while_nothing_can_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower_module, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(follower_module, "LONGEST_PAUSE", 0.4)
    desk, pauses = Desk(Script()), Pauses(stop_after=5)
    monkeypatch.setattr(desk.follower, "_stop", pauses)
    desk.follower.start()
    desk.follower.join(5)
    assert pauses.asked == [0.2, 0.4, 0.4, 0.4, 0.4]


def test_a_stopped_follower_believes_nothing_more() -> None:
    stop: list[Callable[[], None]] = []

    class Late(FakeGateway):
        def follow(self, last_event_id: str | None) -> Iterator[News]:
            stop[0]()
            yield Beat(index=1)

    desk = Desk(Late())
    stop.append(desk.follower.stop)
    desk.follower.start()
    desk.follower.join(5)
    assert desk.pulse.generation == 0


@pytest.mark.parametrize("fault", [Unavailable(internal="gone"), RuntimeError("closed")])
def test_a_stream_that_breaks_because_all_is_over_is_no_fault(
    fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    class Closed(FakeGateway):
        def follow(self, last_event_id: str | None) -> Iterator[News]:
            yield Beat(index=1)
            desk.follower.stop()
            raise fault

    desk = Desk(Closed())
    desk.follower.start()
    desk.follower.join(5)
    assert desk.pulse.generation == 1
    assert caplog.records == []


def test_joining_a_follower_that_never_ran_is_harmless() -> None:
    Desk(Script()).follower.join(0)


class Pauses(threading.Event):
    """Notes how long somebody wanted to wait, and does not wait."""

    def __init__(self, *, stop_after: int) -> None:
        super().__init__()
        self.asked: list[float | None] = []
        self._stop_after = stop_after

    def wait(self, timeout: float | None = None) -> bool:
        self.asked.append(timeout)
        if len(self.asked) >= self._stop_after:
            self.set()
        return self.is_set()
