"""Count whom an actor was granted to become of late, where an application limits that."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from understudy.core.governance.budgets import is_spent
from understudy.core.people.principals import Actor
from understudy.core.ports import Counted, Reader
from understudy.core.rules.question import Snapshot


def with_budget(reader: Reader, seen: Snapshot, actor: Actor, now: datetime) -> Snapshot:
    """``seen``, and whether its subject would be one too many for ``actor``.

    In a unit nobody else is granted anything between the count and the grant. Where there is no
    limit, nothing is counted.
    """
    application, subject = seen.application, seen.subject
    if application is None or subject is None or not application.settings.insiders.has_budget:
        return seen
    where = Counted(application_id=application.id, but=subject.ref, now=now)
    others = reader.grants.others_of_actor(actor.ref, where)
    return replace(seen, budget_spent=is_spent(application.settings.insiders, others))
