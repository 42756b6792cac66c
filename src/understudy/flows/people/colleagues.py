"""What ends with somebody's becoming an operator, or having another address.

Operators are colleagues of each other: in apps that say so, nobody works in their accounts. And no
actor whom an application names may carry an address of theirs (DESIGN rule 10).
"""

from __future__ import annotations

from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Party
from understudy.core.ports import SessionFilter, Unit
from understudy.flows.impersonation.premises import end_fallen
from understudy.flows.origin import Origin


def end_as_colleagues(unit: Unit, *, by: Party, origin: Origin) -> None:
    """End the sessions as those who are operators by now, where that is refused, and of actors who
    were named by an address that is an operator's by now.
    """
    for application in unit.applications.list():
        if application.settings.insiders.refuse_colleagues:
            end_fallen(unit, SessionFilter(application_id=application.id), by=by, origin=origin)
    named = {one.actor_ref for one in unit.sessions.live(SessionFilter())}
    for ref in sorted(one for one in named if one.startswith(IdPrefix.ACTOR)):
        end_fallen(unit, SessionFilter(actor_ref=ref), by=by, origin=origin)
