"""Say which browser goes on with a ticket: the one in which somebody confirmed it last."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from understudy.core.impersonation.grants import BROWSER_MARK, Grant, ImpersonationToken
from understudy.core.notices.events import EventType, Outcome
from understudy.core.ports import Reader, Unit
from understudy.core.rules.grant import GRANT_CLOSED
from understudy.core.rules.rule import Rule
from understudy.flows.impersonation import premises
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.denials import record_denial
from understudy.flows.impersonation.denied import Denied
from understudy.flows.origin import Origin


def accept(
    unit: Unit, token: ImpersonationToken, grant: Grant, *, mark: str, origin: Origin
) -> Grant | Denied:
    """Bind the grant of an unused ``token`` to the browser that was given ``mark``.

    Nothing is used up. A later browser takes the place of an earlier one as long as the token was
    not used; after that nobody does, and whoever tries is a line in the log.
    """
    rule = why_not(unit, token, grant, now=unit.latest)
    if rule is not None:
        used = token.used_at is not None
        # A second use is a sign of theft, and each of them an entry.
        kind = EventType.TOKEN_REPLAYED if used else EventType.TOKEN_REFUSED
        refused = about(unit, grant, kind, origin=origin, outcome=Outcome.DENIED, rule=rule.code)
        if used:
            unit.record(refused)
        else:
            record_denial(unit, refused)
        return Denied(rule=rule)
    bound = replace(grant, armed_for=browser_mark(mark), armed_until=token.expires_at)
    unit.grants.save(bound)
    unit.record(about(unit, bound, EventType.GRANT_LAUNCHED, origin=origin))
    return bound


def why_not(
    reader: Reader, token: ImpersonationToken, grant: Grant, *, now: datetime
) -> Rule | None:
    """The rule that keeps an unused ``token`` from being used at ``now``; None when none does."""
    if token.used_at is not None or now >= token.expires_at:
        return GRANT_CLOSED
    return premises.why_not(reader, grant, now)


def browser_mark(mark: str) -> str:
    """What is kept of ``mark``, which is random: a plain hash is enough."""
    return BROWSER_MARK + sha256(mark.encode()).hexdigest()
