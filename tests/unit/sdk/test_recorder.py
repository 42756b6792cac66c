"""What is recorded arrives: in order, in batches, once, and whatever happens in between."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from itertools import count

import pytest

from tests.fixtures.impersonation import BEGIN, TOKEN
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk import recorder as recorder_module
from understudy.sdk.recorder import Recorder
from understudy.sdk.secret import Secret
from understudy.sdk.values import Opened, Phase, RecordedAction
from understudy.testing import FakeGateway


class Ledger(FakeGateway):
    """Keeps batches as they came; ``faults`` are raised first, one for each call."""

    def __init__(self, *faults: Exception) -> None:
        super().__init__()
        self.faults = list(faults)
        self.batches: list[tuple[str, list[str], str]] = []
        self.told: list[tuple[str, EndCause]] = []
        self.order: list[str] = []

    def record(self, session_id: str, actions: Sequence[RecordedAction], *, key: str) -> None:
        self.batches.append((session_id, [action.id for action in actions], key))
        if self.faults:
            raise self.faults.pop(0)
        self.order.append(f"{len(actions)} in {session_id}")

    def refresh(self, session_token: Secret) -> Opened:
        if self.faults:
            raise self.faults.pop(0)
        return super().refresh(session_token)

    def end(self, session_id: str, cause: EndCause) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.order.append(f"end of {session_id}")
        self.told.append((session_id, cause))


def action(action_id: str, phase: Phase = Phase.COMPLETED) -> RecordedAction:
    return RecordedAction(action_id, phase, BEGIN, "GET", "/")


def recorder_to(gateway: FakeGateway) -> Recorder:
    keys = count(1)
    return Recorder(gateway=gateway, new_key=lambda: f"key-{next(keys)}")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(recorder_module, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(recorder_module, "GATHER_SECONDS", 0.05)
    before = set(threading.enumerate())
    yield
    names = {thread.name for thread in set(threading.enumerate()) - before}
    assert "understudy-recorder" not in names, "a recorder was left running"


def test_actions_go_out_together_and_in_order() -> None:
    ledger = Ledger()
    recorder = recorder_to(ledger)
    for number in range(3):
        recorder.add("ses_1", action(f"a{number}"))
    recorder.close(5)
    assert ledger.batches == [("ses_1", ["a0", "a1", "a2"], "key-1")]


def test_each_session_has_batches_of_its_own() -> None:
    ledger = Ledger()
    recorder = recorder_to(ledger)
    for session_id, action_id in [("s1", "a"), ("s2", "b"), ("s1", "c")]:
        recorder.add(session_id, action(action_id))
    recorder.close(5)
    assert [batch[:2] for batch in ledger.batches] == [("s1", ["a", "c"]), ("s2", ["b"])]


def test_a_batch_never_grows_beyond_what_the_service_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recorder_module, "MAX_BATCH", 2)
    ledger = Ledger()
    recorder = recorder_to(ledger)
    for number in range(5):
        recorder.add("ses_1", action(f"a{number}"))
    recorder.close(5)
    assert [len(batch[1]) for batch in ledger.batches] == [2, 2, 1]


def test_actions_are_sent_without_anybody_closing() -> None:
    gateway = FakeGateway()
    session = gateway.open()
    recorder = recorder_to(gateway)
    recorder.add(session.id, action("a1"))
    assert [found.id for found in gateway.actions(session.id)] == ["a1"]
    recorder.close(5)


def test_a_repeat_carries_the_same_key() -> None:
    ledger = Ledger(errors.Unavailable(), errors.Unavailable())
    recorder = recorder_to(ledger)
    recorder.add("ses_1", action("a1"))
    recorder.close(5)
    assert ledger.batches == [("ses_1", ["a1"], "key-1")] * 3


def test_a_batch_that_cannot_be_sent_lets_others_pass() -> None:
    ledger = Ledger(errors.Unavailable())
    recorder = recorder_to(ledger)
    recorder.add("s1", action("a"))
    recorder.add("s2", action("b"))
    recorder.close(5)
    assert [batch[1] for batch in ledger.batches] == [["a"], ["b"], ["a"]]


def test_what_the_service_refuses_for_good_is_dropped_and_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ledger = Ledger(errors.NotFound())
    recorder = recorder_to(ledger)
    recorder.add("ses_1", action("a1"))
    recorder.close(5)
    assert len(ledger.batches) == 1
    assert "not_found" in caplog.text


def test_a_fault_of_our_own_does_not_lose_what_waits(caplog: pytest.LogCaptureFixture) -> None:
    ledger = Ledger(RuntimeError("a bug"))
    recorder = recorder_to(ledger)
    recorder.add("ses_1", action("a1"))
    recorder.close(5)
    assert len(ledger.batches) == 2
    assert "unexpectedly" in caplog.text


def test_a_batch_is_given_up_in_the_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(recorder_module, "GIVE_UP_TRIES", 3)
    ledger = Ledger(*[errors.Unavailable() for _ in range(10)])
    recorder = recorder_to(ledger)
    recorder.add("ses_1", action("a1"))
    recorder.close(5)
    assert len(ledger.batches) == 3
    assert "1 actions are lost" in caplog.text


def test_closing_without_a_service_says_what_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    ledger = Ledger()
    gate = threading.Event()
    ledger.record = lambda *_, **__: gate.wait(5)  # type: ignore[method-assign,assignment]
    recorder = recorder_to(ledger)
    recorder.add("ses_1", action("a1"))
    recorder.end("ses_1", None, EndCause.ENDED_BY_ACTOR)
    recorder.add("ses_1", action("a2"))
    recorder.close(0.1)
    assert "recorded actions are lost" in caplog.text
    gate.set()
    recorder.close(5)


def test_a_closed_recorder_gives_up_on_a_service_that_stays_away() -> None:
    recorder = recorder_to(Ledger(*[errors.Unavailable() for _ in range(1000)]))
    recorder.add("ses_1", action("a1"))
    recorder.close(0.1)
    recorder.close(5)


def test_a_full_queue_is_said_to_be_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "MAX_WAITING", 2)
    recorder = recorder_to(Ledger())
    monkeypatch.setattr(recorder, "_start", lambda: None)
    recorder.add("ses_1", action("a1"))
    assert not recorder.is_full()
    recorder.add("ses_1", action("a2"))
    assert recorder.is_full()


def test_an_ending_follows_what_was_done_before_it() -> None:
    ledger = Ledger()
    recorder = recorder_to(ledger)
    recorder.add("ses_1", action("a1"))
    ended = recorder.end("ses_1", None, EndCause.ENDED_BY_ACTOR)
    recorder.add("ses_1", action("a2"))
    ended.result(5)
    recorder.close(5)
    assert ledger.order == ["1 in ses_1", "end of ses_1", "1 in ses_1"]
    assert ledger.told == [("ses_1", EndCause.ENDED_BY_ACTOR)]


def test_an_ending_waits_for_a_service_that_is_away() -> None:
    ledger = Ledger(errors.Unavailable(), errors.Unavailable())
    recorder = recorder_to(ledger)
    recorder.end("ses_1", None, EndCause.IDENTITY_NOT_APPLIED).result(5)
    recorder.close(5)
    assert ledger.told == [("ses_1", EndCause.IDENTITY_NOT_APPLIED)]


def test_an_ending_of_which_only_the_token_is_known_asks_for_the_session() -> None:
    ledger = Ledger()
    session = ledger.open()
    recorder = recorder_to(ledger)
    recorder.end(None, Secret(session.token), EndCause.ENDED_BY_ACTOR).result(5)
    recorder.close(5)
    assert ledger.told == [(session.id, EndCause.ENDED_BY_ACTOR)]


@pytest.mark.parametrize("over", [errors.SessionOver(), errors.TokenInvalid()])
def test_ending_what_is_over_is_done_at_once(over: Exception) -> None:
    ledger = Ledger(over)
    recorder = recorder_to(ledger)
    recorder.end(None, TOKEN, EndCause.ENDED_BY_ACTOR).result(5)
    recorder.close(5)
    assert ledger.told == []


def test_an_intent_is_in_the_log_before_anything_happens() -> None:
    ledger = Ledger()
    recorder_to(ledger).intend("ses_1", action("a1", Phase.INTENDED))
    assert ledger.batches == [("ses_1", ["a1"], "key-1")]


def test_an_intent_for_an_ended_session_is_refused() -> None:
    with refusal_of(errors.SessionOver, "session_over"):
        recorder_to(Ledger(errors.SessionOver())).intend("ses_1", action("a1"))


@pytest.mark.parametrize("fault", [errors.Unavailable(), errors.NotSignedIn()])
def test_an_intent_that_nobody_wrote_down_must_not_begin(fault: Exception) -> None:
    with refusal_of(errors.Unavailable, "unavailable"):
        recorder_to(Ledger(fault)).intend("ses_1", action("a1"))


def test_closing_a_recorder_that_never_ran_is_harmless() -> None:
    recorder_to(Ledger()).close(0)
