"""What a use case gets to work with: look-ups in the transaction, and what happens only there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Self

from understudy.core.clock import Interval
from understudy.core.ids import GrantId, OperatorId
from understudy.core.impersonation.grants import Mark
from understudy.core.impersonation.tokens import ID_BYTES, IdPrefix, make_id
from understudy.core.notices.events import Event, Party, PartyKind
from understudy.core.ports import Erasures, PolicyJudge
from understudy.storage.database.connection import Transaction
from understudy.storage.endings.in_force import NO_ENDINGS, EndingsInForce
from understudy.storage.tables.erasures import ErasureTable
from understudy.storage.tables.outbox import Outbox
from understudy.storage.tables.reader import NO_JUDGE, StoreTables
from understudy.storage.vault import InstallationVault

Random = Callable[[int], bytes]


class StoreUnit(StoreTables):
    """The `Unit` of one flow in a group: its look-ups see what the flows before it wrote.

    ``times`` is one instant for the whole unit: ``now``, and what is in doubt of it. ``append``
    takes an event and its time, and answers the index that it will have. Sessions that ``endings``
    cover are over.
    """

    def __init__(
        self,
        transaction: Transaction,
        *,
        times: Interval,
        vault: InstallationVault,
        random: Random,
        append: Callable[[datetime, Event], int],
        endings: EndingsInForce = NO_ENDINGS,
        judge: PolicyJudge = NO_JUDGE,
    ) -> None:
        super().__init__(transaction, vault, endings, judge)
        self._tell(times)
        self._logged_at = times.order
        self._random = random
        self.erasures: Erasures = ErasureTable(transaction)
        self.outbox = Outbox(transaction, applications=self.applications, random=random)
        self._append = append

    def at(self, times: Interval) -> Self:
        """A unit for the next flow of the same transaction, at an instant of its own."""
        # The tables hold no state; building them anew would cost more than most look-ups.
        unit = object.__new__(type(self))
        unit.__dict__.update(self.__dict__, _logged_at=times.order)
        unit._tell(times)
        return unit

    def as_of(self, moment: datetime) -> Self:
        """This unit for a flow that was asked for at ``moment``, which is judged as of then.

        The log's own time goes on: what it holds is in the order of its times.
        """
        unit = object.__new__(type(self))
        unit.__dict__.update(self.__dict__)
        unit._tell(self._times.as_of(moment))
        return unit

    def _tell(self, times: Interval) -> None:
        self._times = times
        self.now, self.earliest, self.latest = times.order, times.earliest, times.latest
        self.is_in_doubt = times.is_in_doubt

    def record(self, event: Event) -> int:
        """Append ``event`` to the log together with this unit; answers its index.

        Whoever is to be told gets a delivery, in this unit as well.
        """
        event = self._marked(event)
        index = self._append(self._logged_at, event)
        # Here and not in the flows: none of them can forget it, and none is told of what did not
        # happen.
        self.outbox.add(self._logged_at, index, event)
        return index

    def _marked(self, event: Event) -> Event:
        """``event`` as an entry says it: with who in it may not be the owner of their account."""
        actor = self._as_now(event.actor, event.grant_id)
        doer = self._as_now(event.doer, None)
        if actor is event.actor and doer is event.doer:
            return event
        return replace(event, actor=actor, doer=doer)

    def _as_now(self, party: Party | None, grant_id: GrantId | None) -> Party | None:
        if party is None or party.kind is not PartyKind.OPERATOR or party.ref is None:
            return party
        operator = self.operators.get(OperatorId(party.ref))
        if operator is not None:
            doubted = operator.taken_over_at is not None
        else:
            # Of an account whose row somebody else has written, what was sealed of the grant.
            grant = None if grant_id is None else self.grants.get(grant_id)
            doubted = grant is not None and Mark.TAKEN_OVER in (grant.marks or ())
        return replace(party, taken_over=True) if doubted else party

    def new_id(self, prefix: IdPrefix) -> str:
        """A fresh random id."""
        return make_id(prefix, self.random(ID_BYTES))

    def random(self, count: int) -> bytes:
        """``count`` bytes from the generator that the engine was given."""
        return self._random(count)
