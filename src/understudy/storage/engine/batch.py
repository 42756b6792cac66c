"""What the writer's transactions share: the events of their flows, on the way into the log."""

from __future__ import annotations

from typing import Protocol

from understudy.core.ports import Unit
from understudy.storage.database.connection import Transaction


class Batch(Protocol):
    """What the flows of one transaction share: the events that they record, in order."""

    @property
    def recorded(self) -> int:
        """How many events there are."""
        ...

    def unit(self) -> Unit:
        """A fresh unit, at this instant."""
        ...

    def forget_after(self, count: int) -> None:
        """Drop the events of a flow that failed; the first ``count`` stay."""
        ...

    def seal(self) -> None:
        """Append the events to the log.

        :raises LogUnwritable: when the log does not allow it.
        """
        ...

    def held_by(self, transaction: Transaction) -> bool:
        """Whether this batch, sealed in an earlier transaction, was committed.

        Where it was not, it never will be once ``transaction`` is.
        """
        ...

    def committed(self) -> None:
        """Take note that the batch is durable. Never raises."""
        ...


class Ledger(Protocol):
    """Whoever knows how a transaction becomes a batch."""

    def open(self, transaction: Transaction) -> Batch:
        """The batch of a transaction that has just begun."""
        ...

    def idle(self) -> None:
        """Nothing is waiting at the moment. Never raises."""
        ...
