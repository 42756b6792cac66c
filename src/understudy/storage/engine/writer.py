"""The one writer of a process: flows from many callers, made durable together (group commit).

Flows wait in a queue. A thread takes what is there, at most ``GROUP_SIZE``, and never waits for
more: under load the groups fill up by themselves while the one before is written. Each flow runs in
a savepoint of the group's transaction; all their events are appended to the log at once, one commit
makes everything durable, and only then is anybody answered.

A group is first run ahead: on SQLite without those savepoints, which only a flow that fails after
it has written is in need of, and then the group is run again with them.

Flows must bear to be run again: when the database gives a group up (a full disk does that to the
whole transaction), it is rolled back and its flows run once more, one by one, so that only those
fail which have a reason to. A flow therefore changes nothing outside of its unit.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from understudy.core.ports import Flow
from understudy.errors import StorageBusy, Unavailable
from understudy.last_resort import LastResort
from understudy.storage.database.connection import Database, RanAhead, Transaction
from understudy.storage.engine.batch import Batch, Ledger
from understudy.storage.engine.doubt import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    TOLD_AFTER_SECONDS,
    Doubt,
    unsure,
)
from understudy.storage.engine.jobs import Job, Outcome, Promised, refuse, still_wanted

T = TypeVar("T")

GROUP_SIZE = 256
"""Most flows in one transaction; bounds how long others wait for the lock."""
QUEUE_SIZE = 10_000
"""Most flows that wait; beyond it callers are told that the database is busy."""
IDLE_SECONDS = 1.0
"""How soon after the last group the ledger may tidy up."""


_logger = logging.getLogger(__name__)


class _GroupLostError(Unavailable):
    """The transaction was given up. ``doubt`` is set when the commit alone failed: the database
    may have made it durable before its answer got lost.
    """

    def __init__(self, reason: Exception, *, begun: bool, doubt: Doubt[Batch] | None) -> None:
        super().__init__(internal="the group was given up")
        self.reason = reason
        self.begun = begun
        self.doubt = doubt

    @property
    def is_told(self) -> bool:
        """Whether its callers have heard meanwhile that nothing is known."""
        return self.doubt is not None and self.doubt.told.is_set()


def _nobody(jobs: list[Job]) -> None:
    """A group that is run again takes nobody along."""


class Writer:
    """Runs flows in groups, on a thread that starts with the first of them.

    ``groups`` (transactions committed), ``flows`` (answered, whatever the answer), ``entries``
    (appended), ``rerun_groups`` and ``seconds`` (spent on all of that) only ever grow; they are
    there to be read as metrics.
    """

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        *,
        timer: Callable[[], float],
        group_size: int = GROUP_SIZE,
        queue_size: int = QUEUE_SIZE,
        idle_seconds: float = IDLE_SECONDS,
        told_after: float = TOLD_AFTER_SECONDS,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._timer = timer
        self._group_size = group_size
        self._queue_size = queue_size
        self._idle_seconds = idle_seconds
        self._told_after = told_after
        self._doubt: Doubt[Batch] | None = None
        self._behind: deque[Job] = deque()
        """What is run one by one and has not begun."""
        self._first: deque[Job] = deque()
        self._queue: deque[Job] = deque()
        self._lane = self._queue
        """Where the present group was taken from."""
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None
        self.refused: Exception | None = None
        """Why the last transaction was given up; None while transactions commit."""
        self.groups = 0
        self.flows = 0
        self.entries = 0
        self.rerun_groups = 0
        self.seconds = 0.0

    def submit(self, flow: Flow[T], *, first: bool = False) -> Future[T]:
        """Queue ``flow``; the future resolves once it is durable, or has failed and left no trace.

        A future that is cancelled before its turn is skipped.

        :raises StorageBusy: when too many are waiting.
        :raises Unavailable: when the writer is closed, or does not know what became of a commit.
        """
        future: Future[T] = Future()
        if not self.submit_all([Promised(flow, future)], first=first):
            raise StorageBusy(internal=f"{self._queue_size} flows are waiting already")
        return future

    def submit_all(self, jobs: Sequence[Job], *, first: bool = False) -> int:
        """Queue ``jobs``, from the first on; answers for how many there was room.

        Those that come ``first`` have a lane of their own: they overtake whatever is queued, and
        are never in one group with it.

        :raises Unavailable: when the writer is closed, or does not know what became of a commit.
        """
        queue = self._first if first else self._queue
        with self._changed:
            if self._closed:
                raise Unavailable(internal="the writer is closed")
            if self._doubt is not None and self._doubt.told.is_set():
                raise unsure()
            # Some rather than none: the first in line have waited, and the rest is told to come
            # back.
            taken = jobs[: self._queue_size - len(queue)]
            queue.extend(taken)
            if self._thread is None:
                # Not before: a server may fork its workers after the engine was opened.
                self._thread = threading.Thread(
                    target=self._run, name="understudy-writer", daemon=True
                )
                self._thread.start()
            self._changed.notify()
        return len(taken)

    def run(self, flow: Flow[T]) -> T:
        """Submit ``flow`` and wait for it; never from inside a flow, which would wait for itself.

        :raises Unavailable: when it is called from inside a flow.
        """
        if threading.current_thread() is self._thread:
            raise Unavailable(internal="a flow cannot wait for another flow")
        return self.submit(flow).result()

    def close(self) -> None:
        """Finish what is queued, then stop. Safe to call again."""
        with self._changed:
            self._closed = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            # Outside of the lock, which the thread needs to see that it is to end.
            thread.join()

    def _run(self) -> None:
        jobs: list[Job] | None = []
        try:
            while (jobs := self._take()) is not None:
                started = self._timer()
                jobs = still_wanted(jobs)
                self._work(jobs)
                self.seconds += self._timer() - started
                if not self._has_more():
                    # Before the rest, in which other nodes would wait for nothing.
                    self._database.end_turn()
                    self._wait_idle()
        finally:
            self._abandon(jobs or [])
            self._database.end_turn()

    def _has_more(self) -> bool:
        return bool(self._first or self._queue)

    def _abandon(self, jobs: Sequence[Job]) -> None:
        """Let nobody wait for a thread that is gone. After a regular end nobody does."""
        with self._changed:
            self._closed = True
            left = [*jobs, *self._first, *self._queue]
            self._first.clear()
            self._queue.clear()
        refuse(left, Unavailable(internal="the writer has stopped"))

    def _take(self) -> list[Job] | None:
        """The next group, or None when all is done and the writer is closed."""
        with self._changed:
            while not self._has_more():
                if self._closed:
                    return None
                self._changed.wait()
            lane = self._lane = self._first or self._queue
            return [lane.popleft() for _ in range(min(len(lane), self._group_size))]

    def _join(self, jobs: list[Job]) -> None:
        """Add who has come while the group waited for the lock, so that nobody waits for it again.

        It is the longest of all waits where other nodes write as well. Of the same lane only.
        """
        with self._changed:
            room = min(len(self._lane), self._group_size - len(jobs))
            late = [self._lane.popleft() for _ in range(room)]
        jobs += still_wanted(late)

    def _wait_idle(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._has_more() or self._closed, self._idle_seconds)
            if self._has_more() or self._closed:
                return
        self._ledger.idle()

    def _work(self, jobs: list[Job]) -> None:
        if not jobs:
            return
        try:
            self._answer(jobs, self._commit(jobs, joined_by=self._join, ahead=True))
        except _GroupLostError as lost:
            self._after_loss(jobs, lost)

    def _answer(self, jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> None:
        # Behind the commit, or its failure: nobody is told what may still turn out otherwise.
        self.flows += len(jobs)
        for job, outcome in zip(jobs, outcomes, strict=True):
            job.resolve(outcome)

    def _after_loss(self, jobs: list[Job], lost: _GroupLostError) -> None:
        if isinstance(lost.reason, RanAhead):
            self.rerun_groups += 1
            # Step by step now, which tells whose error it is; nothing is wrong with the others.
            try:
                self._answer(jobs, self._commit(jobs))
            except _GroupLostError as again:
                lost = again
            else:
                return
        # Whoever waited for the lock in vain does not wait for it again, once for each flow; and
        # what was told that nothing is known is never run again by itself.
        if lost.is_told or (not lost.begun and isinstance(lost.reason, StorageBusy)):
            self._answer(jobs, [Outcome(error=lost.reason) for _ in jobs])
            return
        self.rerun_groups += 1
        self._one_by_one(jobs)

    def _one_by_one(self, jobs: Sequence[Job]) -> None:
        unreachable: Exception | None = None
        self._behind.extend(jobs)
        while self._behind:
            job = self._behind.popleft()
            if unreachable is not None:
                self._answer([job], [Outcome(error=unreachable)])
                continue
            try:
                # At once, as a doubt about the next one is none about this.
                self._answer([job], self._commit([job]))
            except _GroupLostError as lost:
                self._answer([job], [Outcome(error=lost.reason)])
                # A database that could not even begin is not asked again for each flow of the
                # group.
                unreachable = None if lost.begun else lost.reason

    def _commit(
        self,
        jobs: list[Job],
        *,
        joined_by: Callable[[list[Job]], None] = _nobody,
        ahead: bool = False,
    ) -> list[Outcome]:
        """Run ``jobs`` and make them durable in one transaction."""
        try:
            return self._attempt(jobs, joined_by, ahead=ahead)
        # A commit whose answer got lost is looked for, as running its flows again would do all
        # twice.
        except _GroupLostError as lost:
            if lost.doubt is None or not self._clear_up(lost.doubt):
                raise
            return list(lost.doubt.outcomes)

    def _attempt(
        self, jobs: list[Job], joined_by: Callable[[list[Job]], None], *, ahead: bool
    ) -> list[Outcome]:
        batch: Batch | None = None
        transaction: Transaction | None = None
        outcomes: list[Outcome] = []
        try:
            with self._database.writing(self._has_more, ahead=ahead) as transaction:
                joined_by(jobs)
                batch = self._ledger.open(transaction)
                outcomes = [_run_flow(job.flow, transaction, batch) for job in jobs]
                # After all flows and within their transaction: the log gets what happened in it,
                # whole, and no state changes without its entries.
                batch.seal()
        except Exception as error:
            # Broad, as one defect in one flow's event must not end the thread that serves all.
            self.refused = error
            doubt: Doubt[Batch] | None = None
            if batch is not None and transaction is not None and transaction.in_doubt:
                doubt = Doubt(batch, jobs, outcomes, behind=self._behind)
            raise _GroupLostError(error, begun=batch is not None, doubt=doubt) from error
        self._count(batch)
        return outcomes

    def _clear_up(self, doubt: Doubt[Batch]) -> bool:
        """Ask until it is known whether ``doubt`` was committed; False also if nobody waits.

        Until then nothing is written, and after ``told_after`` seconds nothing is taken either.
        """
        _logger.warning(
            "a commit was not answered: %s", self.refused, extra={"action": "doubt_commit"}
        )
        self._doubt = doubt
        timer = threading.Timer(self._told_after, self._tell, [doubt])
        timer.daemon = True
        timer.start()
        pause = FIRST_PAUSE
        try:
            while (held := self._is_durable(doubt)) is None and self._pause(doubt, pause):
                pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            timer.cancel()
            doubt.end()
            self._doubt = None
        _logger.warning(
            "what became of that commit: %s",
            {True: "it is durable", False: "nothing", None: "not known"}[held],
            extra={"action": "clear_up_commit"},
        )
        return bool(held)

    def _is_durable(self, doubt: Doubt[Batch]) -> bool | None:
        """Whether it was committed, as far as the database says."""
        # Asked under the lock: a lost transaction may still be on its way to the end, holding it.
        try:
            with self._database.writing() as transaction:
                held = doubt.batch.held_by(transaction)
        except Exception as error:
            # Broad: whatever went wrong with the question, it is no answer.
            self.refused = error
            return None
        self.refused = None
        if held:
            self._count(doubt.batch)
        return held

    def _pause(self, doubt: Doubt[Batch], seconds: float) -> bool:
        """Wait a little; False once the writer is closed and nobody waits for the answer."""
        if not doubt.told.is_set():
            doubt.told.wait(seconds)
            return True
        with self._changed:
            return not self._changed.wait_for(lambda: self._closed, seconds)

    def _tell(self, doubt: Doubt[Batch]) -> None:
        """Let nobody wait any longer for what is not known, nor for what cannot begin."""
        if not doubt.tell():
            return
        with self._changed:
            waiting = [*self._first, *self._queue]
            self._first.clear()
            self._queue.clear()
        refuse(still_wanted(waiting), unsure())

    def _count(self, batch: Batch) -> None:
        self.refused = None
        self.groups += 1
        self.entries += batch.recorded
        # What is durable by now is answered as such, whatever else goes wrong.
        with LastResort(_logger, "what was committed could not be noted", action="note_commit"):
            batch.committed()


def _run_flow(flow: Flow[Any], transaction: Transaction, batch: Batch) -> Outcome:
    """The outcome of one flow; one that raised has left nothing behind.

    :raises Unavailable: when it is the transaction that failed, and not the flow.
    """
    recorded = batch.recorded
    try:
        with transaction.savepoint():
            outcome = Outcome(value=flow(batch.unit()))
    # Not the flow's fault: the group is given up, and run again one by one.
    except Unavailable:
        raise
    except BaseException as error:
        # Broad, SystemExit included: it belongs to the caller, and the thread to everybody.
        batch.forget_after(recorded)
        outcome = Outcome(error=error)
    # Even where the flow seems to have worked: SQLite rolls all back by itself on a full disk.
    if not transaction.alive:
        raise Unavailable(internal="the database gave the transaction up") from outcome.error
    return outcome
