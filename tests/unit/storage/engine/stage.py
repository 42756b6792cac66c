"""A writer over scripted parts: a database that fails where a test says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from understudy.core.ports import Unit
from understudy.errors import StorageFull, Unavailable
from understudy.storage.database.connection import Database, Keep, Transaction, let_go
from understudy.storage.engine.jobs import Outcome
from understudy.storage.engine.writer import Writer

SECONDS = 10.0
"""No wait in here comes near it."""


class ScriptedDatabase:
    """Keeps what was committed, and fails where a test says so."""

    def __init__(self) -> None:
        self.committed: list[str] = []
        self.transactions = 0
        self.begin_errors: list[Exception | None] = []
        self.commit_errors: list[tuple[Exception, bool] | None] = []
        self.away = False
        self.turns: list[str] = []
        self.ahead: list[bool] = []
        self.waiting: list[Callable[[], None]] = []

    def end_turn(self) -> None:
        self.turns.append("ended")

    @contextmanager
    def writing(self, keep: Keep = let_go, *, ahead: bool = False) -> Iterator[Transaction]:
        self.transactions += 1
        self.ahead.append(ahead)
        for wait in self.waiting:
            wait()
        self.waiting = []
        if self.away:
            raise Unavailable(internal="away")
        if (error := _next(self.begin_errors)) is not None:
            raise error
        transaction = ScriptedTransaction(self)
        yield cast(Transaction, transaction)
        if (failure := _next(self.commit_errors)) is not None:
            error, durable = failure
            # A full disk is an answer, and any other error is none.
            transaction.in_doubt = not isinstance(error, StorageFull)
            self.committed += transaction.written if durable else []
            raise error
        self.committed += transaction.written
        self.turns.append("kept" if keep() else "left")


class ScriptedTransaction:
    """A list of words; a savepoint cuts it back."""

    def __init__(self, database: ScriptedDatabase) -> None:
        self.database = database
        self.written: list[str] = []
        self.alive = True
        self.in_doubt = False

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        length = len(self.written)
        try:
            yield
        except BaseException:
            del self.written[length:]
            raise


class ScriptedUnit:
    def __init__(self, batch: ScriptedBatch) -> None:
        self.batch = batch

    def write(self, word: str) -> str:
        self.batch.transaction.written.append(word)
        self.batch.events.append(word)
        return word

    def give_up(self) -> None:
        """What a full disk does to a transaction."""
        self.batch.transaction.alive = False


class ScriptedBatch:
    def __init__(self, ledger: ScriptedLedger, transaction: ScriptedTransaction) -> None:
        self.ledger = ledger
        self.transaction = transaction
        self.events: list[str] = []

    @property
    def recorded(self) -> int:
        return len(self.events)

    def unit(self) -> Unit:
        return cast(Unit, ScriptedUnit(self))

    def forget_after(self, count: int) -> None:
        del self.events[count:]

    def seal(self) -> None:
        if (error := self.ledger.refuses(self.events)) is not None:
            raise error

    def held_by(self, transaction: Transaction) -> bool:
        database = cast(ScriptedTransaction, transaction).database
        return bool(self.events) and self.events[-1] in database.committed

    def committed(self) -> None:
        self.ledger.logged += self.events


class ScriptedLedger:
    def __init__(self) -> None:
        self.logged: list[str] = []
        self.refuses: Callable[[list[str]], Exception | None] = lambda events: None
        self.was_idle = threading.Event()

    def open(self, transaction: Transaction) -> ScriptedBatch:
        return ScriptedBatch(self, cast(ScriptedTransaction, transaction))

    def idle(self) -> None:
        self.was_idle.set()


class Stage:
    """A writer over scripted parts, and a way to have several flows in one group."""

    def __init__(self, **options: Any) -> None:
        self.database = ScriptedDatabase()
        self.ledger = ScriptedLedger()
        self.ticks = 0.0
        self.writer = Writer(
            cast(Database, self.database), self.ledger, timer=self.timer, **options
        )

    def timer(self) -> float:
        self.ticks += 1.0
        return self.ticks

    @contextmanager
    def one_group(self) -> Iterator[None]:
        """Hold the writer up while the block submits, so that it finds all of it at once."""
        entered, released = threading.Event(), threading.Event()

        def wait(_: Unit) -> None:
            entered.set()
            released.wait(SECONDS)

        blocker = self.writer.submit(wait)
        assert entered.wait(SECONDS)
        yield
        released.set()
        blocker.result(SECONDS)

    def submit(self, word: str) -> Future[str]:
        return self.writer.submit(writes(word))


@dataclass
class Waiting:
    """A job without a future."""

    flow: Callable[[Unit], Any]
    wanted: bool = True
    outcome: Outcome | None = None

    def begin(self) -> bool:
        return self.wanted

    def resolve(self, outcome: Outcome) -> None:
        self.outcome = outcome


def writes(word: str, then: BaseException | None = None) -> Callable[[Unit], str]:
    def flow(unit: Unit) -> str:
        answer = cast(ScriptedUnit, unit).write(word)
        if then is not None:
            raise then
        return answer

    return flow


def outcome(future: Future[Any]) -> object:
    """What the future resolved to: a value, or the exception itself."""
    return future.exception(SECONDS) or future.result(SECONDS)


def _next(script: list[Any]) -> Any:
    return script.pop(0) if script else None
