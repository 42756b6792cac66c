"""A commit that was not answered is neither a yes nor a no until the database says which."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import cast

import pytest

from tests.fixtures.refusals import refusal_of
from tests.unit.storage.engine.stage import SECONDS, ScriptedUnit, Stage, outcome, writes
from understudy.core.ports import Unit
from understudy.errors import OutcomeUnknown, StorageFull, Unavailable
from understudy.storage.engine.doubt import is_unsure

SOON = 0.02


def _loses(stage: Stage, *, durable: bool) -> None:
    """The next group's commit is not answered; the one that holds the writer up is."""
    stage.database.commit_errors = [None, (Unavailable(internal="cut"), durable)]


def _goes_away(stage: Stage) -> Callable[[Unit], str]:
    """A flow after which the database is not to be reached."""

    def flow(unit: Unit) -> str:
        stage.database.away = True
        return cast(ScriptedUnit, unit).write("away")

    return flow


def test_a_database_that_refuses_some_questions_is_asked_until_it_answers(stage: Stage) -> None:
    with stage.one_group():
        _loses(stage, durable=True)
        stage.database.begin_errors = [None, Unavailable(), Unavailable(), Unavailable()]
        first, second = stage.submit("a"), stage.submit("b")
    assert [outcome(first), outcome(second)] == ["a", "b"]
    assert stage.database.committed == ["a", "b"]
    assert stage.ledger.logged == ["a", "b"]
    assert stage.writer.rerun_groups == 0


def test_what_is_known_not_to_be_there_is_run_again(stage: Stage) -> None:
    with stage.one_group():
        _loses(stage, durable=False)
        stage.database.begin_errors = [None, Unavailable()]
        first, second = stage.submit("a"), stage.submit("b")
    assert [outcome(first), outcome(second)] == ["a", "b"]
    assert stage.database.committed == ["a", "b"]
    assert stage.writer.rerun_groups == 1


def test_an_error_that_says_no_is_not_asked_about(stage: Stage) -> None:
    with stage.one_group():
        stage.database.commit_errors = [None, (StorageFull(), False)]
        future = stage.submit("a")
    assert outcome(future) == "a"
    # The flow that holds the writer up, the group, and that again.
    assert stage.database.transactions == 3


def test_a_question_that_fails_by_a_defect_is_no_answer(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage.one_group():
        _loses(stage, durable=True)
        stage.database.begin_errors = [None, ValueError("a defect")]
        future = stage.submit("a")
    assert outcome(future) == "a"
    assert stage.database.committed == ["a"]


@pytest.mark.parametrize("durable", [True, False])
def test_what_was_told_to_be_unknown_is_never_run_again(durable: bool) -> None:
    stage = Stage(told_after=SOON)
    with stage.one_group():
        _loses(stage, durable=durable)
        away = stage.writer.submit(_goes_away(stage))
    error = away.exception(SECONDS)
    assert isinstance(error, OutcomeUnknown)
    assert (error.code, error.status) == ("outcome_unknown", 503)
    assert "same key" in error.detail
    stage.database.away = False
    assert _once_taken(stage, "b") == "b"
    assert stage.database.committed == (["away", "b"] if durable else ["b"])
    assert stage.ledger.logged == stage.database.committed
    stage.writer.close()


def test_nothing_is_taken_while_it_is_unknown_and_that_is_said() -> None:
    stage = Stage(told_after=SOON)
    with stage.one_group():
        _loses(stage, durable=True)
        away = stage.writer.submit(_goes_away(stage))
        queued: list[Future[str]] = []
        stage.database.waiting = [
            lambda: queued.append(stage.writer.submit(writes("e"), first=True))
        ]
    assert isinstance(outcome(away), OutcomeUnknown)
    # It waited behind, and has not been run: that is a no.
    refused = queued[0].exception(SECONDS)
    assert type(refused) is Unavailable
    assert is_unsure(refused)
    assert not is_unsure(Unavailable())
    for first in (True, False):
        with refusal_of(Unavailable, "unavailable", unsure=True) as caught:
            stage.writer.submit(writes("later"), first=first)
        assert is_unsure(caught.value)
    assert stage.writer.refused is not None
    stage.database.away = False
    assert _once_taken(stage, "b") == "b"
    assert stage.database.committed == ["away", "b"]
    assert stage.writer.refused is None
    stage.writer.close()


@pytest.mark.parametrize("durable", [True, False])
def test_a_doubt_about_one_of_several_is_none_about_the_one_before(durable: bool) -> None:
    stage = Stage(told_after=SOON)
    with stage.one_group():
        # The group is refused as a whole, then run one by one: the second of these is lost.
        lost = (Unavailable(internal="cut"), durable)
        stage.database.commit_errors = [None, (StorageFull(), False), None, lost]
        first = stage.submit("a")
        away = stage.writer.submit(_goes_away_the_second_time(stage))
        behind = stage.submit("c")
    assert outcome(first) == "a"
    assert isinstance(outcome(away), OutcomeUnknown)
    assert type(outcome(behind)) is Unavailable
    stage.database.away = False
    assert _once_taken(stage, "d") == "d"
    assert stage.database.committed == (["a", "away", "d"] if durable else ["a", "d"])
    stage.writer.close()


def test_a_writer_that_is_closed_while_nothing_is_known_stops() -> None:
    stage = Stage(told_after=SOON)
    with stage.one_group():
        _loses(stage, durable=True)
        away = stage.writer.submit(_goes_away(stage))
    stage.writer.close()
    assert isinstance(outcome(away), OutcomeUnknown)


def _ends(stage: Stage) -> Future[str]:
    return stage.writer.submit(writes("end"), first=True)


def _goes_away_the_second_time(stage: Stage) -> Callable[[Unit], str]:
    runs: list[int] = []

    def flow(unit: Unit) -> str:
        runs.append(1)
        stage.database.away = len(runs) > 1
        return cast(ScriptedUnit, unit).write("away")

    return flow


def _once_taken(stage: Stage, word: str) -> object:
    """The outcome of a flow, submitted until the writer takes it."""
    for _ in range(1_000_000):
        try:
            return outcome(stage.submit(word))
        except Unavailable:
            continue
    raise AssertionError("it is never taken")
