"""Operators are colleagues of each other: in apps that say so, nobody works in their accounts."""

from __future__ import annotations

from understudy.core.notices.events import Party
from understudy.core.ports import SessionFilter, Unit
from understudy.flows.impersonation.premises import end_fallen
from understudy.flows.origin import Origin


def end_as_colleagues(unit: Unit, *, by: Party, origin: Origin) -> None:
    """End the sessions as those who are operators by now, where that is refused."""
    for application in unit.applications.list():
        if application.settings.insiders.refuse_colleagues:
            end_fallen(unit, SessionFilter(application_id=application.id), by=by, origin=origin)
