"""Ending sessions: by the writer, or else without it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar, cast

from understudy.core.governance.decision_points import Unasked
from understudy.core.impersonation.endings import Ending, Proof
from understudy.core.ports import Flow, PolicyJudge, Unit
from understudy.errors import (
    EndedHereOnly,
    EndedNotSaved,
    OutcomeUnknown,
    Unavailable,
    UnderstudyError,
)
from understudy.storage.database.connection import Database
from understudy.storage.endings import told
from understudy.storage.endings.spool import Spool
from understudy.storage.engine.rehearsal import ID_BYTES, Rehearsed, Stage, rehearse
from understudy.storage.engine.replays import Replays
from understudy.storage.engine.writer import Writer
from understudy.storage.tables.unit import StoreUnit
from understudy.storage.vault import InstallationVault

T = TypeVar("T")

ENDING_SECONDS = 1.0
"""How long an ending waits for the writer before it takes effect without it."""


@dataclass(frozen=True, kw_only=True)
class Ended(Generic[T]):
    """What a flow that ends sessions answered; they are over, whether or not it is ``logged``."""

    value: T
    logged: bool


class Endings:
    """What ends sessions in one process, whatever becomes of its database and its disk.

    ``spool`` holds the endings that the log does not hold yet, ``replays`` brings them there.
    ``clock`` is the log's.
    """

    def __init__(
        self,
        database: Database,
        writer: Writer,
        spool: Spool,
        *,
        vault: InstallationVault,
        judge: PolicyJudge,
        clock: Callable[[], datetime],
    ) -> None:
        self.spool = spool
        self.replays = Replays(
            spool,
            lambda flow: writer.submit(flow, first=True).result(),
            done=self._tell_logged,
        )
        self._database = database
        self._writer = writer
        self._vault = vault
        self._judge = judge
        self._clock = clock

    def end(self, flow: Flow[T], *, proven: Proof) -> Ended[T]:
        """Run a ``flow`` that ends sessions: by the writer, or else without it.

        :raises EndedHereOnly: when they are over, and neither log nor disk could take that.
        """
        at = self._clock()
        try:
            value = self._run_within_a_second(as_of(flow, at))
        except (Unavailable, TimeoutError):
            return self.end_without_log(flow, at=at, proven=proven)
        return Ended(value=value, logged=self.is_logged())

    def _run_within_a_second(self, flow: Flow[T]) -> T:
        future = self._writer.submit(flow, first=True)
        try:
            return future.result(ENDING_SECONDS)
        except TimeoutError:
            # Withdrawn, if its turn has not come; otherwise both ways leave the same row.
            future.cancel()
            raise

    def end_without_log(self, flow: Flow[T], *, at: datetime, proven: Proof) -> Ended[T]:
        """Have what ``flow`` would have ended be over, and written as of ``at`` later on.

        :raises EndedHereOnly: when the disk could not take it either.
        :raises Unavailable: when it cannot be found out what that is.
        """
        rehearsed = self.rehearse(flow, at=at, proven=proven)
        self.keep(rehearsed.endings)
        return Ended(value=rehearsed.value, logged=self.is_logged())

    def run_ending(self, flow: Flow[T], *, proven: Proof) -> T:
        """``run`` for a change that may end sessions, which they do whatever becomes of it.

        :raises EndedNotSaved: when it was not written, and sessions that it ends are over.
        :raises OutcomeUnknown: when it may have been written.
        """
        at = self._clock()
        try:
            return self._writer.run(as_of(flow, at))
        except Unavailable as error:
            raise self.after_failure(flow, error, at=at, proven=proven) from error

    def after_failure(
        self, flow: Flow[T], error: Unavailable, *, at: datetime, proven: Proof
    ) -> Unavailable:
        """What to say of a ``flow`` that was not written; what it ends is over all the same."""
        if isinstance(error, OutcomeUnknown):
            # To rehearse what may have been done is to do it twice: a token that this very flow
            # has used up would look like one that is used again.
            return error
        try:
            ended = self.end_fallen(flow, at=at, proven=proven)
        except EndedHereOnly as here_only:
            return here_only
        except UnderstudyError:
            # It would have been refused, or nothing can be read either.
            return error
        return EndedNotSaved(internal=error.internal or error.code) if ended else error

    def end_fallen(self, flow: Flow[T], *, at: datetime, proven: Proof) -> bool:
        """Have over what ``flow`` would end; whether that is anything.

        :raises EndedHereOnly: when it is over, and the disk could not take it.
        """
        try:
            endings = self.rehearse(flow, at=at, proven=proven).endings
        except Unasked:
            # What asks a decision point begins something. Ending never waits for one.
            return False
        return self.keep(endings)

    def keep(self, endings: Sequence[Ending]) -> bool:
        """Obey ``endings`` until the log holds them; False when there are none.

        :raises EndedHereOnly: when they are obeyed, and could not be kept on the disk.
        """
        endings = self.spool.bounded(endings)
        kept = self.spool.keep(endings)
        self.tell(endings)
        self.replays.wake()
        if not kept:
            raise EndedHereOnly
        return bool(endings)

    def tell(self, endings: Iterable[Ending]) -> None:
        """Have other nodes obey ``endings``, as far as the database carries that now."""
        with suppress(Unavailable):
            for ending in endings:
                self._database.tell(told.obey(ending, self._vault.keyed_hash))

    def hear(self, text: str) -> None:
        """Obey what another node has told; what none of ours told is nothing."""
        found = told.heard(text, self._vault.keyed_hash)
        if isinstance(found, Ending):
            self.spool.obey([found])
        elif found is not None:
            self.spool.forget_told(found.id)

    def _tell_logged(self, ending: Ending) -> None:
        with suppress(Unavailable):
            self._database.tell(told.logged(ending, self._vault.keyed_hash))

    def new_id(self) -> str:
        """128 random bits, as text."""
        return os.urandom(ID_BYTES).hex()

    def rehearse(self, flow: Flow[T], *, at: datetime, proven: Proof) -> Rehearsed[T]:
        """What ``flow`` would do; nothing is written."""
        stage = Stage(
            at=at,
            proven=proven,
            vault=self._vault,
            random=os.urandom,
            endings=self.spool.in_force,
            judge=self._judge,
        )
        with self._database.reading() as connection:
            return rehearse(flow, connection, stage)

    def is_logged(self) -> bool:
        """Whether the log holds every ending that this process obeys."""
        return not self.spool.in_force


def as_of(flow: Flow[T], moment: datetime) -> Flow[T]:
    """``flow`` judged as of the ``moment`` at which it was asked for, however long it waits."""

    def judged(unit: Unit) -> T:
        return flow(cast(StoreUnit, unit).as_of(moment))

    return judged
