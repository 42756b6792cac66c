"""An address that somebody of the app's staff had, for somebody else of them to come with."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.notices.events import Event, EventType, Party
from understudy.core.people.principals import Operator
from understudy.core.ports import Unit
from understudy.core.text import fold_email
from understudy.errors import Conflict, NotFound
from understudy.flows.origin import Origin
from understudy.flows.people.operator_facts import operator_facts
from understudy.flows.people.sign_in import end_everything
from understudy.flows.people.team import owners

NOWHERE = "freed.invalid"
"""Where no mailbox is (RFC 2606)."""


def free_address(unit: Unit, email: str, *, by: Party, origin: Origin) -> list[Operator]:
    """Take an address from whoever of the app's staff has it; they keep their account without it.

    All that they began ends. Once the app tells of them with another address, they come in again.

    :raises NotFound: nobody has it.
    :raises Conflict: somebody who signs in here by it; nothing is changed.
    :raises InvalidInput: what is compared of the address is not what would be stored.
    """
    found = owners(unit, fold_email(email))
    if not found:
        raise NotFound("Nobody has this address.")
    if any(operator.staff_id is None for operator in found):
        raise Conflict("Whoever has this address signs in here by it. Disable the account instead.")
    return [_freed(unit, operator, by=by, origin=origin) for operator in found]


def _freed(unit: Unit, operator: Operator, *, by: Party, origin: Origin) -> Operator:
    nowhere = fold_email(f"{operator.id}@{NOWHERE}")
    freed = replace(operator, email=nowhere, updated_at=unit.now)
    unit.operators.save(freed)
    end_everything(unit, freed, by=by, origin=origin)
    unit.record(
        Event(
            type=EventType.OPERATOR_UPDATED,
            actor=by,
            # As they were called until now: the address is what this is about.
            subject=operator.party,
            address=origin.address,
            user_agent=origin.user_agent,
            details={**operator_facts(freed), "address_freed": True},
        )
    )
    return freed
