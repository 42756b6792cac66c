"""The write transaction of PostgreSQL, as the repositories use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGresult

from understudy import errors
from understudy.storage.database import statements
from understudy.storage.database.answers import Answers
from understudy.storage.database.connection import Params, RanAhead, Row, V, Value, must_change
from understudy.storage.database.memory import Memory
from understudy.storage.database.postgresql_burst import PostgresqlBurst, Statement
from understudy.storage.database.postgresql_connection import NUMBERS, STREAM_ROWS, resolved
from understudy.storage.database.postgresql_server import translate

Judge = Callable[[PGresult], None]


def _must_change(answer: PGresult) -> None:
    must_change(answer.command_tuples or 0)


class _Unsent(NamedTuple):
    """A statement, and what raises when its answer is not as it must be."""

    statement: Statement
    judge: Judge | None

    @property
    def asks(self) -> bool:
        """Whether it changes nothing, and its answer counts."""
        return self.judge not in (None, _must_change)


class _Begun(NamedTuple):
    """Where among what is unsent a savepoint begins, as long as no more than this was sent."""

    at: int
    sent: int


class PostgresqlTransaction:
    """The one write transaction: what need not be answered at once goes out with what must be.

    All is answered before its savepoint is left, so that an error is always that of the flow that
    made it. A transaction that runs ``ahead`` waits for no such answer; as nobody can tell then
    whose an error is, all that was done is lost with it, and has to be done again.

    ``foreseen`` are answers that came with the lock.
    """

    def __init__(
        self,
        burst: PostgresqlBurst,
        statements: statements.Statements,
        memory: Memory,
        *,
        foreseen: dict[str, PGresult],
        ahead: bool,
    ) -> None:
        self._raw = burst.raw
        self._burst = burst
        self._statements = statements
        self._memory = memory
        self._foreseen = foreseen
        self._ahead = ahead
        self._left_behind = False
        """Whether a savepoint was left before all that it holds was answered."""
        self._lost = False
        self._savepoints = 0
        self._sent = 0
        """How often something was sent."""
        self._unsent: list[_Unsent] = []
        self.changes = False
        self.in_doubt = False

    def all(self, query: str, params: Params = {}) -> Sequence[Row]:  # noqa: B006 - never changed
        """Every row of ``query``."""
        foreseen = self._foreseen.pop(query, None)
        return self._rows(self._run(query, params) if foreseen is None else foreseen)

    def one(self, query: str, params: Params = {}) -> Row | None:  # noqa: B006 - never changed
        """The first row of ``query``, or None."""
        return next(iter(self.all(query, params)), None)

    def stream(self, query: str, params: Params = {}) -> Iterator[Row]:  # noqa: B006 - never changed
        """Every row of ``query``, a few at a time: the server keeps the rest."""
        name = f"stream_{next(NUMBERS)}"
        text, params = resolved(self._statements, query, params)
        self._ask(f"DECLARE {name} NO SCROLL CURSOR FOR {text}", params, keeps=False)
        while True:
            rows = self._rows(self._ask(f"FETCH {STREAM_ROWS} FROM {name}", keeps=False))
            yield from rows
            if len(rows) < STREAM_ROWS:
                break
        self._ask(f"CLOSE {name}", keeps=False)

    def known(self, query: str, params: Params, read: Callable[[Sequence[Row]], V]) -> V:
        """What ``read`` makes of the rows of a query, or made of them before.

        Of what is in doubt, the database is asked together with whatever goes out next.
        """
        answers, key = self._memory.answers(query), tuple(params.values())
        if answers.doubts(key):
            believed = answers.believe(key)

            def judge(answer: PGresult) -> None:
                if read(self._rows(answer)) != believed:
                    answers.mistaken()
                    raise RanAhead(internal=f"{query} has another answer by now")

            self._put(*resolved(self._statements, query, params), judge=judge)
            self._left_behind = True  # whoever believed it, all comes to nothing if it is not so
        return answers.get(key, lambda _: read(self.all(query, params)))

    def answers(self, query: str) -> Answers:
        """What this and earlier transactions know of a query."""
        return self._memory.answers(query)

    def run(self, query: str, params: Params = {}) -> int:  # noqa: B006 - never changed
        """Run a statement; answers the number of rows it changed."""
        self.changes = True
        return self._run(query, params).command_tuples or 0

    def change(self, query: str, params: Params = {}) -> None:  # noqa: B006 - never changed
        """Run a statement that must change a row; within a savepoint known when that is left."""
        self.changes = True
        self._note(query)
        self._put(*resolved(self._statements, query, params), judge=_must_change)
        if not self._savepoints:
            self._settle()

    def run_many(self, query: str, rows: Sequence[Sequence[Value]]) -> None:
        """Run one statement for each of ``rows``."""
        self.changes = True
        self._note(query)
        text = self._statements.positional(query)
        for row in rows:
            self._put(text, row)
        self._settle()

    def run_last(self, query: str, params: Params = {}) -> None:  # noqa: B006 - never changed
        """Run a statement together with whatever goes out next, the commit if nothing does."""
        self.changes = True
        self._note(query)
        self._put(*resolved(self._statements, query, params))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what happened inside when the block raises, if the connection is still there."""
        begun = _Begun(at=len(self._unsent), sent=self._sent)
        self._put("SAVEPOINT flow")
        self._savepoints += 1
        is_whole = False
        try:
            yield
            if self._unsent and not self._ahead:
                self._settle()
            self._require_whole()
            is_whole = True
        finally:
            self._savepoints -= 1
            if not is_whole:
                self._memory.forget()
                self._undo(begun)
        self._leave(begun)

    def scrub(self) -> None:
        """Nothing: the server's vacuum decides when deleted rows leave the disk."""

    @property
    def alive(self) -> bool:
        """False once the connection is gone, or the transaction can only be rolled back."""
        return not (
            self._lost
            or self._raw.closed
            or self._raw.info.transaction_status is not TransactionStatus.INTRANS
        )

    def end(self, commands: Sequence[str]) -> Sequence[Sequence[Row]]:
        """Run what ends the transaction; answers the rows of each command."""
        if self._left_behind:
            self._settle()  # before the commit, which nothing can take back
        before = len(self._unsent)
        for command in commands:
            self._put(command)
        self.in_doubt = self.changes
        try:
            answers = self._settle()
        finally:
            # Still open, and failed: the server has answered before it came to the commit.
            if self._raw.info.transaction_status is TransactionStatus.INERROR:
                self.in_doubt = False
        return [self._rows(answer) for answer in answers[before:]]

    def _run(self, query: str, params: Params) -> PGresult:
        self._note(query)
        return self._ask(*resolved(self._statements, query, params))

    def _ask(self, text: str, params: Params = {}, *, keeps: bool = True) -> PGresult:  # noqa: B006 - never changed
        self._put(text, params, keeps=keeps)
        return self._settle()[-1]

    def _put(
        self,
        text: str,
        params: Params | Sequence[Value] = (),
        *,
        judge: Judge | None = None,
        keeps: bool = True,
    ) -> None:
        try:
            statement = self._burst.statement(text, params, keeps=keeps)
        except (psycopg.Error, UnicodeEncodeError) as error:
            raise translate(error) from error
        self._unsent.append(_Unsent(statement, judge))

    def _settle(self) -> Sequence[PGresult]:
        """Send what is there, and wait for every answer.

        :raises errors.NotFound: when a statement changed nothing that had to.
        :raises RanAhead: when it may be one of a savepoint that was left before.
        """
        sent, self._unsent = self._unsent, []
        self._sent += 1
        try:
            found = self._judged(sent)
        except Exception as error:
            if not self._left_behind:
                raise
            # Whatever it is, it need not be the fault of the flow that happens to wait here.
            self._lost = True
            raise RanAhead(internal=f"what was left behind has failed: {error!r}") from error
        self._left_behind = False
        return found

    def _judged(self, sent: Sequence[_Unsent]) -> Sequence[PGresult]:
        try:
            found = self._burst.ask([one.statement for one in sent])
        except psycopg.Error as error:
            raise translate(error) from error
        for one, answer in zip(sent, found, strict=True):
            if one.judge is not None:
                one.judge(answer)
        return found

    def _note(self, query: str) -> None:
        """``query`` is about to run: what is known of the tables that it changes is forgotten."""
        self._memory.run(query)
        for outdated in self._memory.outdates[query]:
            self._foreseen.pop(outdated, None)

    def _rows(self, answer: PGresult) -> list[Row]:
        names = [(answer.fname(at) or b"").decode() for at in range(answer.nfields)]
        return [dict(zip(names, row, strict=True)) for row in self._burst.rows(answer)]

    def _leave(self, begun: _Begun) -> None:
        """The savepoint is over, and what happened in it stays."""
        at = 0
        if self._is_unsent(begun):
            # Nobody can ask any more that it be undone.
            at = begun.at
            del self._unsent[at]
        else:
            # Goes out with whatever comes next.
            self._put("RELEASE flow")
        self._left_behind |= any(one.judge is not None for one in self._unsent[at:])

    def _is_unsent(self, begun: _Begun) -> bool:
        return begun.sent == self._sent

    def _require_not_lost(self) -> None:
        if self._lost:
            raise RanAhead(internal="what was left behind has failed")

    def _require_whole(self) -> None:
        self._require_not_lost()
        # A flow may have hidden an error: what it did was then undone by the server.
        if not self.alive:
            raise errors.Unavailable(internal="the transaction can only be rolled back")

    def _undo(self, begun: _Begun) -> None:
        if self._is_unsent(begun):
            # What others were believed to have left as it was stays to be asked for.
            asked = [one for one in self._unsent[begun.at :] if one.asks]
            self._unsent[begun.at :] = asked
            return
        # What was not sent yet may hold what was left behind, whose errors count.
        with suppress(errors.UnderstudyError):
            if self._unsent:
                self._settle()
        self._require_not_lost()
        if not self._raw.closed:
            self._put("ROLLBACK TO flow")
            self._put("RELEASE flow")
            self._settle()
