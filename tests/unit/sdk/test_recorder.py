"""What is recorded arrives: in order, in batches, once, and whatever happens in between."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import pytest

from tests.fixtures.impersonation import BEGIN, TOKEN, ManualTime
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk import outbox as outbox_module
from understudy.sdk import recorder as recorder_module
from understudy.sdk.outbox import MAX_OF_SESSION
from understudy.sdk.recorder import KEPT_SECONDS, Recorder
from understudy.sdk.secret import Secret
from understudy.sdk.state_file import StateFiles
from understudy.sdk.values import Opened, Phase, RecordedAction
from understudy.sdk.wire import print_actions
from understudy.testing import FakeGateway


class Ledger(FakeGateway):
    """Keeps batches as they came; ``faults`` are raised first, one for each call."""

    def __init__(self, *faults: Exception) -> None:
        super().__init__()
        self.faults = list(faults)
        self.batches: list[tuple[str, list[str], str]] = []
        self.told: list[tuple[str, EndCause]] = []
        self.order: list[str] = []
        self.unlogged = 0

    def record(self, session_id: str, actions: Sequence[RecordedAction], *, key: str) -> None:
        self.batches.append((session_id, [action.id for action in actions], key))
        if self.faults:
            raise self.faults.pop(0)
        self.order.append(f"{len(actions)} in {session_id}")

    def refresh(self, session_token: Secret) -> Opened:
        if self.faults:
            raise self.faults.pop(0)
        return super().refresh(session_token)

    def end(self, session_id: str, cause: EndCause) -> bool:
        if self.faults:
            raise self.faults.pop(0)
        self.order.append(f"end of {session_id}")
        self.told.append((session_id, cause))
        return len(self.told) > self.unlogged


def action(action_id: str, phase: Phase = Phase.COMPLETED) -> RecordedAction:
    return RecordedAction(action_id, phase, BEGIN, "GET", "/")


def recorder_to(gateway: FakeGateway) -> Recorder:
    keys = count(1)
    return Recorder(gateway=gateway, new_key=lambda: f"key-{next(keys)}")


SECONDS = 10.0


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(outbox_module, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(recorder_module, "GATHER_SECONDS", 0.05)
    before = set(threading.enumerate())
    yield
    ours = {"understudy-recorder", "understudy-endings"}
    for thread in set(threading.enumerate()) - before:
        if thread.name in ours:
            # One that gave up may be at its last step still.
            thread.join(SECONDS)
            assert not thread.is_alive(), "one was left running"


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
    monkeypatch.setattr(outbox_module, "MAX_BATCH", 2)
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


class Refusing(Ledger):
    """Fails for the session ``s1``; says when it has, and when anything of ``s2`` has come."""

    def __init__(self) -> None:
        super().__init__()
        self.failed, self.came = threading.Event(), threading.Event()

    def record(self, session_id: str, actions: Sequence[RecordedAction], *, key: str) -> None:
        if session_id == "s1" and not self.came.is_set():
            self.failed.set()
            raise errors.Unavailable
        super().record(session_id, actions, key=key)
        self.came.set()


def test_what_comes_while_another_sessions_batch_waits_is_sent_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger = Refusing()
    recorder = recorder_to(ledger)
    with monkeypatch.context() as patched:
        patched.setattr(outbox_module, "FIRST_PAUSE", 10 * SECONDS)
        recorder.add("s1", action("a"))
        assert ledger.failed.wait(SECONDS)
        recorder.add("s2", action("b"))
        assert ledger.came.wait(SECONDS)
    recorder.close(5)
    assert [batch[:2] for batch in ledger.batches] == [("s2", ["b"]), ("s1", ["a"])]


@pytest.mark.parametrize("over", [errors.SessionOver(), errors.TokenInvalid(), errors.NotFound()])
def test_what_is_over_or_unknown_finishes_a_batch_and_the_loss_is_said(
    over: errors.UnderstudyError, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = Ledger(over)
    recorder = recorder_to(ledger)
    recorder.add("ses_1", action("a1"))
    recorder.close(5)
    assert len(ledger.batches) == 1
    assert over.code in caplog.text
    assert "1 actions are lost" in caplog.text


KEPT = [
    errors.NotSignedIn(),
    errors.PermissionMissing(),
    errors.Conflict(),
    errors.AlreadyExists(),
    errors.TooManyRequests(),
    errors.StorageFull(),
    errors.Unavailable(facts={"status": 404}),
]


@pytest.mark.parametrize("refusal", KEPT, ids=lambda refusal: type(refusal).__name__)
def test_blinding_the_recorder_with_a_refusal_that_passes_loses_nothing(
    refusal: errors.UnderstudyError,
) -> None:
    ledger = Ledger(*[refusal] * 5)
    recorder = recorder_to(ledger)
    recorder.add("ses_1", action("a1"))
    recorder.close(5)
    assert ledger.order == ["1 in ses_1"]
    assert {batch[2] for batch in ledger.batches} == {"key-1"}


class Picky(Ledger):
    """Refuses every batch that holds ``bad``, as ``refusal`` says."""

    def __init__(self, bad: str, refusal: errors.UnderstudyError) -> None:
        super().__init__()
        self.bad, self.refusal = bad, refusal
        self.taken: list[tuple[str, str]] = []

    def record(self, session_id: str, actions: Sequence[RecordedAction], *, key: str) -> None:
        if any(self.bad in one.path for one in actions):
            raise self.refusal
        self.taken += [(one.id, one.path) for one in actions]
        super().record(session_id, actions, key=key)


REFUSED_FOR_ITS_WORDS = [
    errors.BodyTooLarge(),
    errors.InvalidInput(),
    errors.MalformedRequest(),
    errors.Unavailable(facts={"status": 413}),
    errors.Unavailable(facts={"status": 403}),
]


@pytest.mark.parametrize("refusal", REFUSED_FOR_ITS_WORDS, ids=str)
def test_one_action_that_is_not_taken_loses_no_other_and_has_a_stand_in(
    refusal: errors.UnderstudyError,
) -> None:
    ledger = Picky("bad", refusal)
    recorder = recorder_to(ledger)
    for number in range(10):
        path = "/bad" if number == 4 else f"/{number}"
        recorder.add("ses_1", action(f"a{number}")._replace(path=path))
    recorder.close(20)
    assert [one[0] for one in ledger.taken] == [f"a{number}" for number in range(10)]
    assert ledger.taken[4] == ("a4", "(refused by the service)")


def test_batches_are_cut_by_encoded_bytes() -> None:
    ledger = Ledger()
    recorder = recorder_to(ledger)
    long, face = '/"' * 1000, "\U0001f600" * 500
    for number in range(outbox_module.MAX_BATCH):
        recorder.add("ses_1", action(f"a{number}")._replace(path=long, route=face, user_agent=face))
    sizes: list[int] = []
    ledger.record = lambda _, actions, **__: sizes.append(len(print_actions(actions)))  # type: ignore[method-assign]
    recorder.close(5)
    assert len(sizes) == 2
    assert max(sizes) <= outbox_module.MAX_BATCH_BYTES


def test_what_is_recorded_is_cleaned() -> None:
    gateway = FakeGateway()
    session = gateway.open()
    recorder = recorder_to(gateway)
    dirty = action("a1")._replace(method="M" * 40, path="/x\x00\ud800\x1b", user_agent="a\r\nb")
    recorder.add(session.id, dirty)
    recorder.close(5)
    (found,) = gateway.actions(session.id)
    assert (found.method, found.path) == ("OTHER", "/x\ufffd\ufffd\ufffd")
    assert found.user_agent == "a\ufffd\ufffdb"


def test_a_fault_of_our_own_does_not_lose_what_waits(caplog: pytest.LogCaptureFixture) -> None:
    ledger = Ledger(RuntimeError("a bug"))
    recorder = recorder_to(ledger)
    recorder.add("ses_1", action("a1"))
    recorder.close(5)
    assert len(ledger.batches) == 2
    assert "unexpectedly" in caplog.text


def test_a_batch_is_given_up_an_hour_after_the_end_and_the_loss_is_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    time = ManualTime()
    ledger = Ledger(*[errors.Unavailable() for _ in range(10)])
    recorder = Recorder(gateway=ledger, new_key=lambda: "key", monotonic=time.monotonic)
    recorder.add("ses_1", action("a1"), time.monotonic())
    time.advance(KEPT_SECONDS)
    recorder.close(5)
    assert len(ledger.batches) == 1
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
    assert "recorded actions and endings are lost" in caplog.text
    gate.set()
    recorder.close(5)


def test_a_closed_recorder_gives_up_on_a_service_that_stays_away() -> None:
    recorder = recorder_to(Ledger(*[errors.Unavailable() for _ in range(1000)]))
    recorder.add("ses_1", action("a1"))
    recorder.close(0.1)
    recorder.close(5)


def test_a_session_at_its_bound_is_full_alone_and_in_flight_counts() -> None:
    ledger = Ledger()
    gate, begun = threading.Event(), threading.Event()

    def stuck(*_: object, **__: object) -> None:
        begun.set()
        gate.wait(5)

    ledger.record = stuck  # type: ignore[method-assign]
    recorder = recorder_to(ledger)
    for number in range(MAX_OF_SESSION):
        recorder.add("ses_1", action(f"a{number}"))
    assert begun.wait(5)
    assert recorder.is_full("ses_1"), "what is under way is held too"
    assert not recorder.is_full("ses_2")
    gate.set()
    recorder.close(5)
    assert not recorder.is_full("ses_1")


@pytest.mark.parametrize(("bound", "most"), [("MAX_ENTRIES", 2), ("MAX_BYTES", 700)])
def test_all_sessions_together_are_bounded(
    monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    monkeypatch.setattr(outbox_module, bound, most)
    recorder = recorder_to(Ledger())
    monkeypatch.setattr(recorder, "_start", lambda: None)
    recorder.add("ses_1", action("a1")._replace(path="/" * 100))
    assert not recorder.is_full("ses_2")
    recorder.add("ses_1", action("a2")._replace(path="/" * 100))
    assert recorder.is_full("ses_2")


def test_beyond_the_bound_likes_are_folded_to_a_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "MAX_OF_SESSION", 1)
    gateway = FakeGateway()
    session = gateway.open()
    recorder = recorder_to(gateway)
    with monkeypatch.context() as patch:
        patch.setattr(recorder, "_start", lambda: None)
        recorder.add(session.id, action("a1"))
        for number in range(7):
            recorder.add(session.id, action(f"b{number}", Phase.BLOCKED)._replace(rule="read_only"))
    recorder.add(session.id, action("c"))
    recorder.close(5)
    found = gateway.actions(session.id)
    assert [(one.phase, one.path) for one in found] == [
        (Phase.COMPLETED, "/"),
        (Phase.BLOCKED, "(7 more, counted only)"),
        (Phase.COMPLETED, "(1 more, counted only)"),
    ]


def test_an_ending_waits_for_no_action() -> None:
    ledger = Ledger()
    gate, begun = threading.Event(), threading.Event()

    def stuck(*_: object, **__: object) -> None:
        begun.set()
        gate.wait(5)

    ledger.record = stuck  # type: ignore[method-assign]
    recorder = recorder_to(ledger)
    recorder.add("ses_1", action("a1"))
    assert begun.wait(5)
    recorder.end("ses_1", None, EndCause.ENDED_BY_ACTOR).result(5)
    assert ledger.told == [("ses_1", EndCause.ENDED_BY_ACTOR)]
    gate.set()
    recorder.close(5)


@pytest.mark.parametrize("refusal", KEPT, ids=lambda refusal: type(refusal).__name__)
@pytest.mark.parametrize("cause", [EndCause.ENDED_BY_ACTOR, EndCause.IDENTITY_NOT_APPLIED])
def test_an_ending_that_is_refused_for_now_is_tried_again(
    refusal: errors.UnderstudyError, cause: EndCause
) -> None:
    ledger = Ledger(refusal, refusal, refusal)
    recorder = recorder_to(ledger)
    recorder.end("ses_1", None, cause).result(5)
    recorder.close(5)
    assert ledger.told == [("ses_1", cause)]


def test_an_ending_that_is_over_but_not_in_the_log_is_told_at_once_and_repeated(
    tmp_path: Path,
) -> None:
    ledger = Ledger()
    ledger.unlogged = 3
    recorder = Recorder(gateway=ledger, new_key=lambda: "key-1", state=state_in(tmp_path))
    recorder.end("ses_1", None, EndCause.ENDED_BY_ACTOR).result(5)
    recorder.close(5)
    assert ledger.told == [("ses_1", EndCause.ENDED_BY_ACTOR)] * 4
    assert list(tmp_path.iterdir()) == []


def test_an_ending_that_is_not_in_the_log_at_the_stop_waits_for_the_next_process(
    tmp_path: Path,
) -> None:
    ledger = Ledger()
    ledger.unlogged = 1_000
    recorder = Recorder(gateway=ledger, new_key=lambda: "key-1", state=state_in(tmp_path))
    recorder.end("ses_1", None, EndCause.ENDED_BY_ACTOR).result(5)
    recorder.close(0.1)
    later = Recorder(gateway=Ledger(), new_key=lambda: "key-2", state=state_in(tmp_path))
    assert later.resume() == ["ses_1"]
    later.close(5)


def state_in(directory: Path) -> StateFiles:
    return StateFiles(directory, client_id="app_test")


def test_an_ending_survives_the_process_where_there_is_a_directory(tmp_path: Path) -> None:
    away = Ledger(*[errors.NotSignedIn() for _ in range(1000)])
    recorder = Recorder(gateway=away, new_key=lambda: "key-1", state=state_in(tmp_path))
    recorder.end("ses_1", None, EndCause.ENDED_BY_ACTOR)
    recorder.close(0.1)
    assert [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()] == [0o600]
    ledger = Ledger()
    later = Recorder(gateway=ledger, new_key=lambda: "key-2", state=state_in(tmp_path))
    assert later.resume() == ["ses_1"]
    later.close(5)
    assert ledger.told == [("ses_1", EndCause.ENDED_BY_ACTOR)]
    assert list(tmp_path.iterdir()) == []


def test_actions_survive_a_stop_under_their_own_key(tmp_path: Path) -> None:
    away = Ledger(*[errors.Unavailable() for _ in range(1000)])
    recorder = Recorder(gateway=away, new_key=lambda: "key-1", state=state_in(tmp_path))
    recorder.add("ses_1", action("a1"))
    recorder.close(0.1)
    assert [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()] == [0o600]
    ledger = Ledger()
    later = Recorder(gateway=ledger, new_key=lambda: "key-2", state=state_in(tmp_path))
    later.resume()
    later.close(5)
    assert ledger.batches == [("ses_1", ["a1"], "key-1")]
    assert list(tmp_path.iterdir()) == []


def test_a_state_file_that_cannot_be_read_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = Ledger(*[errors.Unavailable() for _ in range(1000)])
    recorder = Recorder(gateway=away, new_key=lambda: "key-1", state=state_in(tmp_path))
    recorder.end("ses_1", None, EndCause.ENDED_BY_ACTOR)
    recorder.close(0.1)
    for path in tmp_path.iterdir():
        path.write_text("{")
    later = Recorder(gateway=Ledger(), new_key=lambda: "key-2", state=state_in(tmp_path))
    assert later.resume() == []
    assert "cannot be read" in caplog.text
    later.close(1)


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
