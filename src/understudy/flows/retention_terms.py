"""How long an application's entries are kept, and who last said so.

A shorter retention never takes what was written while a longer one was promised: it takes effect
once that one has passed. Otherwise whoever may change it could wipe away their own traces by it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from understudy.core.applications.application import Application
from understudy.core.applications.bounds import MOST_DAYS
from understudy.core.ports import Reader, Unit
from understudy.core.times import from_ms, to_ms

LEAST_DAYS = 1


@dataclass(frozen=True, kw_only=True)
class Terms:
    """``promised`` are longer retentions of before, each with the time until which it binds.

    ``ordered_by`` is the entry that last set the days; None where version 0.1 set them.
    """

    days: int
    promised: tuple[tuple[int, datetime], ...] = ()
    ordered_by: int | None = None

    def days_at(self, now: datetime) -> int:
        """How many days are kept at ``now``."""
        return max(self.days, *(days for days, until in self.promised if now < until), LEAST_DAYS)


def terms_of(reader: Reader, application: Application) -> Terms:
    """What holds for ``application``, its days held to their bounds.

    Days that nobody could have set keep everything: it was not us who wrote them.
    """
    days = application.settings.retention_days
    if not LEAST_DAYS <= days <= MOST_DAYS:
        days = MOST_DAYS
    stored = reader.meta.get(_name(application.id))
    if stored is None:
        return Terms(days=days)
    found = json.loads(stored)
    promised = tuple((kept, from_ms(until)) for kept, until in found["promised"])
    return Terms(days=days, promised=promised, ordered_by=found["ordered_by"])


def set_terms(unit: Unit, application: Application, *, before: Terms | None, entry: int) -> None:
    """Note that ``entry`` has set the days, and what it may not shorten yet."""
    promised = [] if before is None else [one for one in before.promised if unit.earliest < one[1]]
    if before is not None and application.settings.retention_days < before.days:
        promised.append((before.days, unit.now + timedelta(days=before.days)))
    stored = {"promised": [(days, to_ms(until)) for days, until in promised], "ordered_by": entry}
    unit.meta.put(_name(application.id), json.dumps(stored))


def _name(application_id: str) -> str:
    return f"retention terms:{application_id}"
