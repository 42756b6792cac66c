"""A node's turn at writing: one advisory lock for all nodes, kept for several transactions.

Nodes that wait for it get it in the order in which they asked. If each transaction took it anew,
a node would wait for all others before each of its groups, and read everything again that it
knew: two nodes wrote less than one. So a node that has more to write keeps it, for `TURN_SECONDS`
at most. It belongs to the connection: that of a process that was killed, or that the network cut
off, frees it when the server hears of it, and one that hangs is cut off after `HANGS`, whether in
a transaction or between two.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGresult

from understudy.storage.database.connection import Keep
from understudy.storage.database.postgresql_burst import PostgresqlBurst
from understudy.storage.database.postgresql_server import RawConnection

CHANNEL = "understudy"
LOCK = 0x556E646572737475
"""The key of the advisory lock of writers: "Understu". Earlier releases take it as well."""
STATE_AT = 2
"""Where in `PostgresqlTurn.ending` the state is asked for."""
TURN_SECONDS = 0.05
"""After so long no further transaction begins before others had their turn."""
HANGS = "30s"
PATIENCE_SECONDS = 2
"""After so long somebody who waits looks whether the holder still does anything."""
ATTEMPTS = 5
"""So often somebody waits, before the database counts as busy."""
NOTIFY = f"SELECT pg_notify('{CHANNEL}', '')"

# Two equal snapshots see the same rows, since every transaction that wrote has a number, and is
# either finished or not in both. Which nodes wrote, and of what release, and whether they recorded
# entries does not matter, nor do the numbers of our own savepoints. Whatever else the server does
# only makes us forget more often.
_STATE = "SELECT pg_current_snapshot()::text AS state"

_BEGIN = (
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    f"SET LOCAL idle_in_transaction_session_timeout TO '{HANGS}'",
)
# Somebody who holds the lock and does nothing with it: stopped, or cut off from the server in the
# middle of an answer. `idle_in_transaction_session_timeout` sees the first, and that late; nothing
# sees the second. Never one that runs, or commits. By the server's clock, which is one for all.
_END_WHO_HANGS = f"""
SELECT pg_terminate_backend(holder.pid)
FROM pg_locks AS held JOIN pg_stat_activity AS holder ON holder.pid = held.pid
WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
    AND held.classid = {LOCK >> 32} AND held.objid = {LOCK & 0xFFFFFFFF}
    AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND holder.pid <> pg_backend_pid()
    AND clock_timestamp() - holder.state_change > interval '{PATIENCE_SECONDS} s'
    AND (
        holder.state LIKE 'idle%'
        OR (holder.state = 'active' AND holder.wait_event = 'ClientWrite')
    )
"""  # noqa: S608  # numbers of our own
# A statement's snapshot is from before it waited, so that all is asked by those that follow.
_TAKE = (
    f"SET idle_session_timeout TO '{HANGS}'",
    f"SET LOCAL lock_timeout TO '{PATIENCE_SECONDS}s'",
    f"SELECT pg_advisory_lock({LOCK})",
    f"SET LOCAL lock_timeout TO '{PATIENCE_SECONDS * ATTEMPTS}s'",
)
_LET_GO = (f"SELECT pg_advisory_unlock({LOCK})", "RESET idle_session_timeout")


@dataclass(frozen=True, kw_only=True)
class Begun:
    """How a transaction begins: in which state, and what it was told."""

    state: object
    answers: Sequence[PGresult]


class PostgresqlTurn:
    """Whether this process holds the lock, on which of its connections, and until when."""

    def __init__(self) -> None:
        self._raw: RawConnection | None = None
        self._until = 0.0
        self.kept = False
        """Whether the last transaction left the lock with us."""

    def begin(self, burst: PostgresqlBurst, questions: Sequence[str]) -> Begun:
        """Begin a transaction under the lock, and ask what it finds there, in one round trip."""
        self.kept = False
        is_ours = self._raw is burst.raw
        commands = (*_BEGIN, *(() if is_ours else _TAKE), _STATE)
        answers = self._asked(burst, (*commands, *questions))
        if not is_ours:
            self._raw, self._until = burst.raw, time.monotonic() + TURN_SECONDS
        ((state,),) = burst.rows(answers[len(commands) - 1])
        return Begun(state=(burst.raw, state), answers=answers[len(commands) :])

    def _asked(self, burst: PostgresqlBurst, commands: Sequence[str]) -> list[PGresult]:
        """The answers, once whoever holds the lock has let go of it, or was found to hang."""
        for attempts_left in reversed(range(ATTEMPTS)):
            try:
                return burst.ask([burst.statement(text) for text in commands])
            except psycopg.errors.LockNotAvailable:
                burst.raw.execute("ROLLBACK", prepare=False)
                if not attempts_left:
                    raise
                burst.raw.execute(_END_WHO_HANGS, prepare=False)
        raise AssertionError  # the last attempt answers or raises

    def ending(self, keep: Keep) -> Sequence[str]:
        """What commits, and also ends the turn unless there is more to write."""
        self.kept = keep() and time.monotonic() < self._until
        return (NOTIFY, "COMMIT", _STATE, *(() if self.kept else _LET_GO))

    def ended(self, raw: RawConnection, state: object) -> object:
        """The state that was left. It is its connection's own: numbers recur in a copy."""
        if not self.kept:
            self._raw = None
        return raw, state

    def end(self, raw: RawConnection) -> bool:
        """Roll back what is open, and let go of the lock; False when only closing ``raw`` does."""
        is_ours = self._raw is raw
        self.forget()
        try:
            status = raw.info.transaction_status
            if raw.closed or status is TransactionStatus.ACTIVE:
                return False
            if status is not TransactionStatus.IDLE:
                raw.execute("ROLLBACK", prepare=False)
            for command in _LET_GO if is_ours else ():
                raw.execute(command, prepare=False)
        except psycopg.Error:
            return False
        return True

    def forget(self) -> None:
        """The lock is not ours, or no more once its connection is closed."""
        self._raw, self.kept = None, False
