from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import cast

import pytest

from tests.fixtures.refusals import refusal_of
from tests.unit.storage.engine.stage import (
    SECONDS,
    ScriptedBatch,
    ScriptedUnit,
    Stage,
    Waiting,
    outcome,
    writes,
)
from understudy.core.ports import Unit
from understudy.errors import (
    Conflict,
    LogUnwritable,
    StorageBusy,
    StorageFull,
    Unavailable,
    UnderstudyError,
)
from understudy.storage.database.connection import RanAhead
from understudy.storage.engine.writer import GROUP_SIZE


def test_flow_is_answered_with_its_result_once_it_is_committed(stage: Stage) -> None:
    at_answer: list[list[str]] = []
    with stage.one_group():
        future = stage.submit("a")
        future.add_done_callback(lambda _: at_answer.append(list(stage.database.committed)))
    assert outcome(future) == "a"
    assert at_answer == [["a"]]
    assert stage.ledger.logged == ["a"]


def test_flows_that_wait_share_one_transaction_in_their_order(stage: Stage) -> None:
    with stage.one_group():
        futures = [stage.submit(word) for word in "abc"]
    assert [outcome(future) for future in futures] == ["a", "b", "c"]
    assert stage.database.committed == ["a", "b", "c"]
    assert stage.database.transactions == 2


def test_group_is_bounded(stage: Stage) -> None:
    with stage.one_group():
        futures = [stage.submit(str(number)) for number in range(GROUP_SIZE + 1)]
    assert [outcome(future) for future in futures] == [str(n) for n in range(GROUP_SIZE + 1)]
    assert stage.database.transactions == 3


def test_flow_that_raises_fails_alone_and_takes_its_events_with_it(stage: Stage) -> None:
    refusal = Conflict()
    with stage.one_group():
        first = stage.submit("a")
        failing = stage.writer.submit(writes("b", then=refusal))
        last = stage.submit("c")
    assert [outcome(first), outcome(failing), outcome(last)] == ["a", refusal, "c"]
    assert stage.database.committed == ["a", "c"]
    assert stage.ledger.logged == ["a", "c"]
    assert stage.writer.rerun_groups == 0


def test_flow_that_wants_to_end_the_process_ends_only_itself(stage: Stage) -> None:
    leaving = SystemExit(3)
    assert outcome(stage.writer.submit(writes("a", then=leaving))) is leaving
    assert outcome(stage.submit("b")) == "b"
    assert stage.database.committed == ["b"]


def test_group_that_the_database_gives_up_is_run_again_one_by_one(stage: Stage) -> None:
    runs: list[str] = []

    def full(unit: Unit) -> None:
        runs.append("full")
        cast(ScriptedUnit, unit).give_up()
        raise StorageFull

    with stage.one_group():
        first, failing, last = stage.submit("a"), stage.writer.submit(full), stage.submit("c")
    assert isinstance(outcome(failing), StorageFull)
    assert [outcome(first), outcome(last)] == ["a", "c"]
    assert stage.database.committed == ["a", "c"]
    assert runs == ["full", "full"]
    assert stage.writer.rerun_groups == 1


def test_group_that_ran_ahead_in_vain_is_done_again_as_a_whole_and_not_ahead(stage: Stage) -> None:
    with stage.one_group():
        stage.database.begin_errors = [RanAhead(internal="it was not so")]
        futures = [stage.submit(word) for word in "abc"]
    assert [outcome(future) for future in futures] == ["a", "b", "c"]
    assert stage.database.ahead == [True, True, False]
    assert stage.database.committed == ["a", "b", "c"]


def test_whoever_comes_while_a_group_waits_for_the_lock_joins_it(stage: Stage) -> None:
    late: list[Future[str]] = []
    with stage.one_group():
        stage.database.waiting = [lambda: late.append(stage.submit("late"))]
        first = stage.submit("first")
    assert outcome(first) == "first"
    assert outcome(late[0]) == "late"
    assert stage.database.transactions == 2
    assert stage.database.committed == ["first", "late"]


def test_database_error_alone_is_enough_to_run_the_group_again(stage: Stage) -> None:
    errors = [Unavailable()]

    def once(unit: Unit) -> str:
        if errors:
            raise errors.pop()
        return cast(ScriptedUnit, unit).write("b")

    with stage.one_group():
        first, second = stage.submit("a"), stage.writer.submit(once)
    assert [outcome(first), outcome(second)] == ["a", "b"]
    assert stage.database.committed == ["a", "b"]


def test_flow_that_hides_a_lost_transaction_is_not_answered_as_done(stage: Stage) -> None:
    def hides(unit: Unit) -> str:
        cast(ScriptedUnit, unit).give_up()
        return "as if nothing had happened"

    with stage.one_group():
        first, hiding = stage.submit("a"), stage.writer.submit(hides)
    assert outcome(first) == "a"
    assert isinstance(outcome(hiding), Unavailable)
    assert stage.database.committed == ["a"]


def test_failed_commit_is_run_again_one_by_one(stage: Stage) -> None:
    with stage.one_group():
        # The first is for the flow that holds the writer up.
        stage.database.commit_errors = [None, (StorageFull(), False), (StorageFull(), False)]
        first, second = stage.submit("a"), stage.submit("b")
    assert isinstance(outcome(first), StorageFull)
    assert outcome(second) == "b"
    assert stage.database.committed == ["b"]


def test_commit_whose_answer_got_lost_is_not_run_again(stage: Stage) -> None:
    with stage.one_group():
        stage.database.commit_errors = [None, (Unavailable(), True)]
        first, second = stage.submit("a"), stage.submit("b")
    assert [outcome(first), outcome(second)] == ["a", "b"]
    assert stage.database.committed == ["a", "b"]
    assert stage.ledger.logged == ["a", "b"]
    assert stage.writer.rerun_groups == 0


def test_nobody_waits_twice_for_a_lock_that_another_holds(stage: Stage) -> None:
    with stage.one_group():
        stage.database.begin_errors = [StorageBusy(), None]
        first, second = stage.submit("a"), stage.submit("b")
    assert isinstance(outcome(first), StorageBusy)
    assert isinstance(outcome(second), StorageBusy)
    assert stage.database.transactions == 2
    assert stage.database.committed == []


def test_database_that_cannot_be_reached_is_tried_once_more_and_then_fails_all(
    stage: Stage,
) -> None:
    with stage.one_group():
        stage.database.begin_errors = [Unavailable(), Unavailable(), None]
        futures = [stage.submit(word) for word in "abc"]
    assert [type(outcome(future)) for future in futures] == [Unavailable] * 3
    assert stage.database.transactions == 3


def test_connection_that_broke_while_idle_is_replaced_without_anybody_noticing(
    stage: Stage,
) -> None:
    with stage.one_group():
        stage.database.begin_errors = [Unavailable()]
        futures = [stage.submit(word) for word in "abc"]
    assert [outcome(future) for future in futures] == ["a", "b", "c"]


def test_log_that_cannot_be_written_fails_every_flow_and_changes_nothing(stage: Stage) -> None:
    stage.ledger.refuses = lambda events: LogUnwritable() if events else None
    with stage.one_group():
        futures = [stage.submit(word) for word in "abc"]
    assert [type(outcome(future)) for future in futures] == [LogUnwritable] * 3
    assert stage.database.committed == []
    stage.ledger.refuses = lambda events: None
    assert outcome(stage.submit("d")) == "d"


def test_event_that_the_log_cannot_take_fails_its_own_flow_only(stage: Stage) -> None:
    defect = KeyError("odd")
    stage.ledger.refuses = lambda events: defect if "b" in events else None
    with stage.one_group():
        futures = [stage.submit(word) for word in "abc"]
    assert [outcome(future) for future in futures] == ["a", defect, "c"]
    assert stage.database.committed == ["a", "c"]


def test_cancelled_flow_is_skipped(stage: Stage) -> None:
    with stage.one_group():
        first, cancelled = stage.submit("a"), stage.submit("b")
        assert cancelled.cancel()
    assert outcome(first) == "a"
    stage.writer.close()
    assert stage.database.committed == ["a"]


def test_group_of_cancelled_flows_opens_no_transaction(stage: Stage) -> None:
    with stage.one_group():
        assert stage.submit("a").cancel()
    stage.writer.close()
    assert stage.database.transactions == 1


def test_full_queue_refuses_at_once() -> None:
    stage = Stage(queue_size=2)
    with stage.one_group():
        waiting = [stage.submit("a"), stage.submit("b")]
        with pytest.raises(StorageBusy) as caught:
            stage.submit("c")
    assert caught.value.code == "storage_busy"
    assert [outcome(future) for future in waiting] == ["a", "b"]
    stage.writer.close()


def test_of_many_at_once_those_are_taken_for_which_there_is_room() -> None:
    stage = Stage(queue_size=2)
    waiting = [Waiting(writes(word)) for word in "abc"]
    with stage.one_group():
        assert stage.writer.submit_all(waiting) == 2
        assert stage.writer.submit_all(waiting[2:]) == 0
    stage.writer.close()
    assert [job.outcome and job.outcome.value for job in waiting] == ["a", "b", None]
    with pytest.raises(Unavailable) as caught:
        stage.writer.submit_all(waiting)
    assert caught.value.code == "unavailable"


def test_job_for_which_nobody_waits_any_more_is_skipped(stage: Stage) -> None:
    waiting = [Waiting(writes("a"), wanted=False), Waiting(writes("b"))]
    stage.writer.submit_all(waiting)
    stage.writer.close()
    assert [job.outcome and job.outcome.value for job in waiting] == [None, "b"]
    assert stage.database.committed == ["b"]


def test_turn_is_kept_while_more_is_waiting_and_ended_before_the_writer_rests(
    stage: Stage,
) -> None:
    with stage.one_group():
        futures = [stage.submit(str(number)) for number in range(GROUP_SIZE + 1)]
    for future in futures:
        outcome(future)
    stage.writer.close()
    # The flow that held the writer up, a full group, and the one flow that was left over.
    assert stage.database.turns[:4] == ["kept", "kept", "left", "ended"]


def test_turn_that_was_kept_for_flows_nobody_waits_for_any_more_is_ended() -> None:
    stage = Stage(idle_seconds=SECONDS)
    with stage.one_group():
        job = Waiting(writes("a"), wanted=False)
        stage.writer.submit_all([job])
    stage.writer.close()
    assert stage.database.turns[:2] == ["kept", "ended"]


def test_close_finishes_what_was_submitted_and_takes_no_more(stage: Stage) -> None:
    with stage.one_group():
        futures = [stage.submit(word) for word in "abc"]
    stage.writer.close()
    assert [future.result(0) for future in futures] == ["a", "b", "c"]
    with pytest.raises(Unavailable) as caught:
        stage.submit("d")
    assert caught.value.code == "unavailable"
    stage.writer.close()


def test_writer_that_was_never_used_starts_no_thread_and_closes() -> None:
    before = threading.active_count()
    stage = Stage()
    assert threading.active_count() == before
    stage.writer.close()


def test_run_waits_for_the_answer_and_raises_the_error(stage: Stage) -> None:
    assert stage.writer.run(writes("a")) == "a"
    with refusal_of(Conflict, "conflict"):
        stage.writer.run(writes("b", then=Conflict()))


def test_flow_that_waits_for_another_flow_is_refused_instead_of_waiting_for_ever(
    stage: Stage,
) -> None:
    with pytest.raises(Unavailable) as caught:
        stage.writer.run(lambda _: stage.writer.run(writes("a")))
    assert caught.value.internal == "a flow cannot wait for another flow"


def test_counters_tell_groups_flows_entries_and_seconds(stage: Stage) -> None:
    with stage.one_group():
        futures: list[Future[str]] = [
            stage.submit("a"),
            stage.writer.submit(writes("b", then=UnderstudyError())),
            stage.submit("c"),
        ]
    for future in futures:
        outcome(future)
    stage.writer.close()
    writer = stage.writer
    # The flow that held the writer up is a group and a flow of its own; each group takes a tick.
    counted = (writer.groups, writer.flows, writer.entries, writer.rerun_groups, writer.seconds)
    assert counted == (2, 4, 2, 0, 2.0)


def test_ledger_hears_when_things_are_quiet() -> None:
    stage = Stage(idle_seconds=0.01)
    outcome(stage.submit("a"))
    assert stage.ledger.was_idle.wait(SECONDS)
    stage.writer.close()


def test_note_that_cannot_be_taken_changes_no_answer(
    stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(batch: ScriptedBatch) -> None:
        raise ValueError("a defect of the ledger")

    monkeypatch.setattr(ScriptedBatch, "committed", fails)
    assert outcome(stage.submit("a")) == "a"
    assert outcome(stage.submit("b")) == "b"
    assert "a defect of the ledger" in caplog.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_nobody_waits_for_a_writer_whose_thread_has_ended(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> None:
        raise ValueError("a defect of the writer")

    with stage.one_group():
        monkeypatch.setattr(stage.writer, "_work", fails)
        current = [stage.submit(str(number)) for number in range(GROUP_SIZE)]
        queued = stage.submit("queued")
    errors = [outcome(future) for future in (*current, queued)]
    assert {type(error) for error in errors} == {Unavailable}
    with refusal_of(Unavailable, "unavailable"):
        stage.submit("afterwards")


def test_many_callers_at_once_are_all_answered(stage: Stage) -> None:
    answers: list[object] = []

    def call(caller: int) -> None:
        for number in range(20):
            answers.append(stage.writer.run(writes(f"{caller}-{number}")))

    callers = [threading.Thread(target=call, args=(caller,)) for caller in range(16)]
    for thread in callers:
        thread.start()
    for thread in callers:
        thread.join(SECONDS)
    expected = sorted(f"{caller}-{number}" for caller in range(16) for number in range(20))
    assert sorted(map(str, answers)) == expected
    assert sorted(stage.database.committed) == expected


def test_what_ends_sessions_overtakes_what_is_queued_and_shares_no_group(stage: Stage) -> None:
    with stage.one_group():
        queued = [stage.submit("a"), stage.submit("b")]
        ending = stage.writer.submit(writes("end"), first=True)
    assert [outcome(future) for future in (*queued, ending)] == ["a", "b", "end"]
    assert stage.database.committed == ["end", "a", "b"]
    assert stage.writer.groups == 3


def test_the_lane_of_endings_has_room_though_the_queue_is_full() -> None:
    stage = Stage(queue_size=1)
    with stage.one_group():
        stage.submit("a")
        with refusal_of(StorageBusy, "storage_busy"):
            stage.submit("b")
        ending = stage.writer.submit(writes("end"), first=True)
    assert outcome(ending) == "end"
    stage.writer.close()


def test_why_the_last_transaction_failed_is_known_until_one_commits(stage: Stage) -> None:
    failed = StorageFull()
    stage.ledger.refuses = lambda events: failed if events else None
    outcome(stage.submit("a"))
    assert stage.writer.refused is failed
    stage.ledger.refuses = lambda events: None
    outcome(stage.submit("b"))
    assert stage.writer.refused is None
