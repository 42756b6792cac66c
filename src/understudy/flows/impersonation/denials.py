"""Write down refusals: the first at once, those that are like it as one entry a minute.

Whoever is refused can ask again as fast as the network allows. A log with a line for each would
bury what else happened, and would grow by somebody else's will.
"""

from __future__ import annotations

from understudy.core.notices.denials import FoldedDenial
from understudy.core.notices.events import Event
from understudy.core.ports import Unit

BATCH = 200
"""How many kinds one unit settles, so that others get their turn."""


def record_denial(unit: Unit, event: Event) -> None:
    """Write ``event`` down, or count it with those like it of the last minute."""
    denial = FoldedDenial.of(event, unit.now)
    found = unit.folded_denials.get(denial.fingerprint)
    if found is not None and found.counts(unit.now):
        unit.folded_denials.count(found.fingerprint)
        return
    if found is not None:
        _settle(unit, found)
    unit.record(event)
    unit.folded_denials.add(denial)


def settle_denials(unit: Unit) -> bool:
    """Write down what was counted and is over; True when another call would find more."""
    due = unit.folded_denials.due(unit.now, BATCH)
    for denial in due:
        _settle(unit, denial)
    return len(due) == BATCH


def _settle(unit: Unit, denial: FoldedDenial) -> None:
    if denial.repeats:
        unit.record(denial.event())
    unit.folded_denials.remove(denial.fingerprint)
