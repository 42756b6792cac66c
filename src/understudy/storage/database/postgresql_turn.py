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
# A statement's snapshot is from before it waited, so that all is asked by those that follow.
_TAKE = (f"SET idle_session_timeout TO '{HANGS}'", f"SELECT pg_advisory_lock({LOCK})")
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
        answers = burst.ask([burst.statement(text) for text in (*commands, *questions)])
        if not is_ours:
            self._raw, self._until = burst.raw, time.monotonic() + TURN_SECONDS
        ((state,),) = burst.rows(answers[len(commands) - 1])
        return Begun(state=(burst.raw, state), answers=answers[len(commands) :])

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
