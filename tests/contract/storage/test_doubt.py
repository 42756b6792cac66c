"""A COMMIT whose answer gets lost: what it did is done once, and callers hear what is so."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.contract.storage.engines import (
    NOON,
    SECONDS,
    engine_on,
    is_marked,
    marks,
    one_group,
    tamper,
    words_in_log,
)
from tests.fixtures.losses import ENTRIES, FOR_GOOD, MARKS, Losses
from understudy.core.ports import Unit
from understudy.errors import OutcomeUnknown, Unavailable
from understudy.storage.database.connection import Transaction
from understudy.storage.database.databases import open_database
from understudy.storage.database.postgresql_transaction import PostgresqlTransaction
from understudy.storage.engine.engine import StoreEngine
from understudy.storage.tables.commit_marks import CommitMarks

SOON = 0.02
HOLDING = {0: MARKS, 1: ENTRIES}


@pytest.fixture
def engine(losses: Losses, tmp_path: Path) -> Iterator[StoreEngine]:
    with engine_on(losses.url, tmp_path / "data") as engine:
        engine.run(marks("before"))
        yield engine
        losses.heal()


class Counted:
    """Flows that count how often they are run."""

    def __init__(self, *, events: int) -> None:
        self.events = events
        self.runs: list[str] = []

    def marks(self, word: str) -> Callable[[Unit], str]:
        """A flow that writes ``word``, with or without entries."""

        def flow(unit: Unit) -> str:
            self.runs.append(word)
            marks(word, events=self.events)(unit)
            return word

        return flow


@pytest.mark.parametrize("refusals", [0, 1, 4])
@pytest.mark.parametrize("events", [1, 0])
def test_what_was_committed_is_answered_as_done_and_not_done_again(
    losses: Losses, engine: StoreEngine, events: int, refusals: int
) -> None:
    flows = Counted(events=events)
    losses.lose(HOLDING[events], refusals=refusals)
    with one_group(engine):
        futures = [engine.submit(flows.marks(word)) for word in "ab"]
    assert [future.result(SECONDS) for future in futures] == ["a", "b"]
    assert losses.lost.wait(10)
    assert flows.runs == ["a", "b"]
    assert words_in_log(engine) == ["before", *(["a", "b"] if events else [])]
    assert is_marked(engine, "a")
    assert engine.verify().ok


@pytest.mark.parametrize("refusals", [0, 1, 4])
@pytest.mark.parametrize("events", [1, 0])
def test_what_was_not_committed_is_done_once(
    losses: Losses, engine: StoreEngine, events: int, refusals: int
) -> None:
    flows = Counted(events=events)
    losses.lose(HOLDING[events], reached=False, refusals=refusals)
    assert engine.submit(flows.marks("a")).result(SECONDS) == "a"
    assert flows.runs == ["a", "a"]
    assert words_in_log(engine) == ["before", *(["a"] if events else [])]
    assert is_marked(engine, "a")
    assert engine.verify().ok


@pytest.mark.parametrize("reached", [True, False])
@pytest.mark.parametrize("events", [1, 0])
def test_unknown_is_told_and_never_run_again(
    losses: Losses, engine: StoreEngine, events: int, reached: bool
) -> None:
    engine.writer._told_after = SOON
    flows = Counted(events=events)
    losses.lose(HOLDING[events], reached=reached, refusals=FOR_GOOD)
    told = engine.submit(flows.marks("a")).exception(SECONDS)
    assert isinstance(told, OutcomeUnknown)
    assert told.code == "outcome_unknown"
    with pytest.raises(Unavailable) as refused:
        engine.submit(marks("meanwhile"))
    assert refused.value.code == "unavailable"
    losses.heal()
    _write(engine, "afterwards")
    assert flows.runs == ["a"]
    assert is_marked(engine, "a") is reached
    assert not is_marked(engine, "meanwhile")
    assert words_in_log(engine) == [
        "before",
        *(["a"] if events and reached else []),
        "afterwards",
    ]
    assert engine.verify().ok


def test_only_a_group_that_changes_something_and_records_nothing_leaves_a_mark(
    losses: Losses, engine: StoreEngine
) -> None:
    def marked() -> int:
        return tamper(engine._database, losses.url, "DELETE FROM commit_marks")

    engine.run(marks("recorded"))
    engine.run(lambda unit: unit.meta.get("mark recorded"))
    assert marked() == 0
    engine.run(marks("unrecorded", events=0))
    assert marked() == 1


def test_a_mark_goes_out_with_the_commit_and_costs_no_round_trip(postgres_url: str) -> None:
    with closing(open_database(postgres_url)) as database:
        database.migrate()
        with database.writing() as transaction:
            assert isinstance(transaction, PostgresqlTransaction)
            before = transaction._sent
            CommitMarks().put(transaction, NOON)
            assert transaction._sent == before


def test_of_what_changes_nothing_there_is_no_doubt(losses: Losses, engine: StoreEngine) -> None:
    database = engine._database
    losses.lose("FROM meta")
    with pytest.raises(Unavailable) as lost, database.writing() as reads:
        reads.one("meta_get", {"name": "mark before"})
    assert lost.value.code == "unavailable"
    assert losses.lost.wait(10)
    assert (reads.changes, reads.in_doubt) == (False, False)

    losses.lose("INTO meta")
    with pytest.raises(Unavailable) as lost, database.writing() as changes:
        changes.run("meta_put", {"name": "mark lost", "value": "lost"})
    assert lost.value.code == "unavailable"
    assert (changes.changes, changes.in_doubt) == (True, True)


def test_of_what_the_database_refuses_there_is_no_doubt(
    losses: Losses, engine: StoreEngine
) -> None:
    with pytest.raises(Unavailable) as refused, engine._database.writing() as transaction:
        _marks_without_a_name(transaction)
    assert refused.value.code == "unavailable"
    assert (transaction.changes, transaction.in_doubt) == (True, False)
    assert not is_marked(engine, "refused")


def test_what_a_disk_may_have_kept_of_a_lost_commit_is_overwritten_by_the_question(
    losses: Losses, engine: StoreEngine
) -> None:
    # SQLite's log would bring it back after a crash: said to be nothing, and there all the same.
    losses.lose(ENTRIES, reached=False)
    engine.run(marks("a"))
    assert tamper(engine._database, losses.url, "DELETE FROM commit_marks") == 1


def test_an_error_of_a_real_disk_at_commit_is_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "understudy.db"
    flows = Counted(events=1)
    with engine_on(f"sqlite:///{path}", tmp_path / "data") as engine:
        engine.writer._told_after = SOON
        engine.run(marks("before"))
        with _no_file_beyond(path.with_name(f"{path.name}-wal").stat().st_size):
            told = engine.submit(flows.marks("a")).exception(SECONDS)
        assert isinstance(told, OutcomeUnknown)
        assert told.code == "outcome_unknown"
        _write(engine, "afterwards")
        assert flows.runs == ["a"]
        assert words_in_log(engine) == ["before", "afterwards"]
        assert engine.verify().ok


@contextmanager
def _no_file_beyond(size: int) -> Iterator[None]:
    """Writes beyond ``size`` bytes of any file fail, and not as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_database_that_has_lost_what_was_committed_stops_the_log(
    losses: Losses, engine: StoreEngine
) -> None:
    # As after a failover to a copy that lags behind: the head is that of an earlier time.
    engine.run(marks("seen"))
    with engine.reading_log() as log:
        head = log.head()
    assert head is not None
    engine.run(marks("lost"))
    for statement in (
        f"UPDATE log_head SET note = '{head.decode()}'",
        "DELETE FROM log_entries WHERE idx = (SELECT max(idx) FROM log_entries)",
    ):
        tamper(engine._database, losses.url, statement)
    with pytest.raises(Unavailable) as refused:
        engine.run(marks("on top"))
    assert refused.value.code == "log_unwritable"
    assert not is_marked(engine, "on top")


def _marks_without_a_name(transaction: Transaction) -> None:
    transaction.run("meta_put", {"name": "mark refused", "value": "refused"})
    transaction.run_last("commit_marks_put", {"node": None, "number": 1, "made_at": 1})


def _write(engine: StoreEngine, word: str) -> None:
    """Write ``word`` as soon as flows are taken again."""
    for _ in range(1_000_000):
        try:
            engine.run(marks(word))
        except Unavailable:
            continue
        return
    raise AssertionError("nothing is taken any more")
