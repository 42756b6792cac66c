"""Launch a grant into the app: arm it for the code hand-off and answer the one authorization
request that follows, or hand out a token that is to be put into the app's address.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from understudy.core.ids import GrantId
from understudy.core.impersonation.grants import ARMED_LIFE, Grant
from understudy.core.impersonation.token_kinds import TokenKind
from understudy.core.notices.events import EventType, Outcome
from understudy.core.people.principals import Operator, OperatorSession
from understudy.core.ports import Unit
from understudy.core.rules.grant import LAUNCH_NOT_ARMED
from understudy.core.rules.outside import DECISION_POINT_REFUSES
from understudy.core.rules.rule import Rule
from understudy.errors import NotFound
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.denials import record_denial
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.mint import CodeBinding, Minted, mint
from understudy.flows.impersonation.opinion_facts import opinion_facts
from understudy.flows.impersonation.premises import why_not
from understudy.flows.origin import Origin


@dataclass(frozen=True, kw_only=True)
class OperatorAtBrowser:
    """An operator in the browser session in which they are signed in."""

    operator: Operator
    session: OperatorSession


@dataclass(frozen=True, kw_only=True)
class Authorized:
    """The code for an armed grant."""

    grant: Grant
    code: Minted = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """A launched grant with a token that nothing binds to a browser."""

    grant: Grant
    token: Minted = field(repr=False)


def launch(
    unit: Unit, grant_id: GrantId, *, who: OperatorAtBrowser, origin: Origin
) -> Grant | Denied:
    """Arm the operator's own grant for ``ARMED_LIFE`` in this browser session.

    :raises NotFound: no such grant, or another operator's.
    """
    grant = unit.grants.get(grant_id)
    if grant is None or grant.actor.ref != who.operator.actor_ref:
        raise NotFound
    rule = why_not(unit, grant, unit.latest)
    if rule is not None:
        return _refuse(unit, grant, rule, who, origin)
    # For this browser: a link that is sent on to a colleague opens nothing there (login CSRF).
    armed = replace(grant, armed_until=unit.now + ARMED_LIFE, armed_for=who.session.id)
    unit.grants.save(armed)
    unit.record(about(unit, armed, EventType.GRANT_LAUNCHED, origin=origin))
    return armed


def hand_over(
    unit: Unit, grant_id: GrantId, *, kind: TokenKind, who: OperatorAtBrowser, origin: Origin
) -> HandedOver | Denied:
    """A token of the operator's own grant of ``kind``; whoever gets hold of it can use it, once.

    :raises NotFound: no such grant, or another operator's.
    """
    grant = unit.grants.get(grant_id)
    if grant is None or grant.actor.ref != who.operator.actor_ref:
        raise NotFound
    rule = why_not(unit, grant, unit.latest)
    if rule is not None:
        return _refuse(unit, grant, rule, who, origin)
    details = {"wire": kind.name}
    unit.record(about(unit, grant, EventType.GRANT_LAUNCHED, origin=origin, details=details))
    return HandedOver(grant=grant, token=mint(unit, grant, kind=kind))


def authorize(
    unit: Unit,
    grant_id: GrantId,
    *,
    who: OperatorAtBrowser,
    client_id: str,
    binding: CodeBinding,
    origin: Origin,
) -> Authorized | Denied:
    """Turn an armed grant into a code, once, in the very browser session that armed it.

    :raises NotFound: no such grant, or not for this client.
    """
    grant = unit.grants.get(grant_id)
    if grant is None or grant.application_id != client_id:
        raise NotFound
    # Unarmed first, so that somebody else's browser learns nothing of how the grant stands.
    rule = _unarmed(unit, grant, who) or why_not(unit, grant, unit.latest)
    if rule is not None:
        return _refuse(unit, grant, rule, who, origin)
    # In the unit that makes the code, so that two tabs at once get one code between them.
    disarmed = replace(grant, armed_until=None, armed_for=None)
    unit.grants.save(disarmed)
    return Authorized(grant=disarmed, code=mint(unit, disarmed, binding=binding))


def _unarmed(unit: Unit, grant: Grant, who: OperatorAtBrowser) -> Rule | None:
    armed_here = grant.armed_for == who.session.id and grant.actor.ref == who.operator.actor_ref
    in_time = grant.armed_until is not None and unit.latest < grant.armed_until
    return None if armed_here and in_time else LAUNCH_NOT_ARMED


def _refuse(unit: Unit, grant: Grant, rule: Rule, who: OperatorAtBrowser, origin: Origin) -> Denied:
    refused = about(
        unit,
        grant,
        EventType.GRANT_DENIED,
        origin=origin,
        # Somebody else's link is opened by somebody else: the entry names whoever tried.
        by=who.operator.party,
        outcome=Outcome.DENIED,
        rule=rule.code,
        details=opinion_facts(unit) if rule is DECISION_POINT_REFUSES else {},
    )
    record_denial(unit, refused)
    return Denied(rule=rule)
