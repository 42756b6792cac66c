"""What shows that a transaction without entries was committed: one row of each process."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from understudy.core.times import to_ms
from understudy.storage.database.connection import Params, Transaction

KEPT = timedelta(days=30)
"""After so long the row of a process that writes no more is removed."""
_NODE_BYTES = 16


class CommitMarks:
    """The marks of one process, numbered; each replaces the one before."""

    def __init__(self) -> None:
        self._node = os.urandom(_NODE_BYTES).hex()
        self._number = 0

    @property
    def node(self) -> str:
        """The name of this process, another one after a fork."""
        return f"{self._node}-{os.getpid()}"

    def put(self, transaction: Transaction, now: datetime) -> int:
        """Leave a mark, which is there if and only if ``transaction`` gets committed."""
        if not self._number:
            transaction.run_last("commit_marks_remove_before", {"before": to_ms(now - KEPT)})
        self._number += 1
        mark: Params = {"node": self.node, "number": self._number, "made_at": to_ms(now)}
        transaction.run_last("commit_marks_put", mark)
        return self._number

    def is_last(self, transaction: Transaction, number: int) -> bool:
        """Whether ``number`` is the mark that the database holds of this process."""
        row = transaction.one("commit_marks_get", {"node": self.node})
        return row is not None and row["number"] == number
