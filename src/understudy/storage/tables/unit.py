"""What a use case gets to work with: look-ups in the transaction, and what happens only there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self

from understudy.core.impersonation.tokens import ID_BYTES, IdPrefix, make_id
from understudy.core.notices.events import Event
from understudy.core.ports import Erasures, Vault
from understudy.storage.database.connection import Transaction
from understudy.storage.endings.in_force import NO_ENDINGS, EndingsInForce
from understudy.storage.tables.erasures import ErasureTable
from understudy.storage.tables.outbox import Outbox
from understudy.storage.tables.reader import StoreTables

Clock = Callable[[], datetime]
Random = Callable[[int], bytes]


class SteadyClock:
    """A clock in UTC, cut to milliseconds, that never goes back when the machine's does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._latest = datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> datetime:
        """This instant, or the latest one that was ever answered if that is later."""
        now = self._clock().astimezone(UTC)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        # The order of entries is the order of their times; a clock set back would break it.
        self._latest = max(self._latest, now)
        return self._latest


class StoreUnit(StoreTables):
    """The `Unit` of one flow in a group: its look-ups see what the flows before it wrote.

    ``now`` is one instant for the whole unit. ``append`` takes an event and its time, and answers
    the index that it will have. Sessions that ``endings`` cover are over.
    """

    def __init__(
        self,
        transaction: Transaction,
        *,
        now: datetime,
        vault: Vault,
        random: Random,
        append: Callable[[datetime, Event], int],
        endings: EndingsInForce = NO_ENDINGS,
    ) -> None:
        super().__init__(transaction, endings)
        self.now = now
        self._logged_at = now
        self.vault = vault
        self._random = random
        self.erasures: Erasures = ErasureTable(transaction)
        self.outbox = Outbox(transaction, random=random)
        self._append = append

    def at(self, now: datetime) -> Self:
        """A unit for the next flow of the same transaction, at an instant of its own."""
        # The tables hold no state; building them anew would cost more than most look-ups.
        unit = object.__new__(type(self))
        unit.__dict__.update(self.__dict__, now=now, _logged_at=now)
        return unit

    def as_of(self, moment: datetime) -> Self:
        """This unit for a flow that was asked for at ``moment``, which is judged as of then.

        The log's own time goes on: what it holds is in the order of its times.
        """
        unit = object.__new__(type(self))
        unit.__dict__.update(self.__dict__, now=min(moment, self.now))
        return unit

    def record(self, event: Event) -> int:
        """Append ``event`` to the log together with this unit; answers its index.

        Whoever is to be told gets a delivery, in this unit as well.
        """
        index = self._append(self._logged_at, event)
        # Here and not in the flows: none of them can forget it, and none is told of what did not
        # happen.
        self.outbox.add(self._logged_at, index, event)
        return index

    def new_id(self, prefix: IdPrefix) -> str:
        """A fresh random id."""
        return make_id(prefix, self.random(ID_BYTES))

    def random(self, count: int) -> bytes:
        """``count`` bytes from the generator that the engine was given."""
        return self._random(count)
