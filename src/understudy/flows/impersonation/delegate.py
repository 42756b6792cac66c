"""Hand a grant to its application for an exchange with an actor token, and check that exchange.

Where no browser is at hand, a subject token (what the grant permits) and an actor token (an
operator who is signed in) together make a session (RFC 8693). Neither does alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from understudy.core.applications.application import Application
from understudy.core.ids import ActorRef, GrantId, OperatorId
from understudy.core.impersonation.grants import Grant, ImpersonationToken
from understudy.core.impersonation.token_kinds import DELEGATED, TokenKinds
from understudy.core.notices.events import EventType, Outcome, Party
from understudy.core.people.principals import ActorKind
from understudy.core.ports import Unit
from understudy.core.rules.actor import ACTOR_INACTIVE
from understudy.errors import Conflict, NotFound
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.denials import record_denial
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import (
    Presented,
    Refusal,
    TokenRefused,
    exchange,
    refuse,
)
from understudy.flows.impersonation.mint import Minted, mint
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.impersonation.premises import why_not
from understudy.flows.operator_sessions import holder
from understudy.flows.origin import Origin

_NOT_AN_OPERATORS = (
    "The application named this grant's actor. Such an actor has no sign-in here to prove; use the "
    "impersonation token instead."
)


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """A grant with a token that opens a session together with its operator's actor token only."""

    grant: Grant
    token: Minted = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class PresentActor:
    """The operator whom an actor token names, and the sign-in that it lives as long as."""

    operator_id: OperatorId
    operator_session_id: str


@dataclass(frozen=True, kw_only=True)
class Delegation:
    """A handed over token as an authenticated application presents it.

    ``actor`` is None when what came with it proves nobody.
    """

    token: str = field(repr=False)
    application: Application
    actor: PresentActor | None


def hand_over(
    unit: Unit,
    grant_id: GrantId,
    *,
    by: Party,
    origin: Origin,
    application_id: str | None = None,
    operator_id: OperatorId | None = None,
) -> HandedOver | Denied:
    """A token of the grant for a delegation, for its application or for its own operator.

    :raises NotFound: no such grant, or another application's or operator's.
    :raises Conflict: its actor is nobody who signs in here.
    """
    grant = unit.grants.get(grant_id)
    if grant is None or application_id not in (None, grant.application_id):
        raise NotFound
    if operator_id is not None and ActorRef(operator_id) != grant.actor.ref:
        raise NotFound
    if grant.actor.kind is not ActorKind.OPERATOR:
        raise Conflict(_NOT_AN_OPERATORS)
    rule = why_not(unit, grant, unit.latest)
    if rule is not None:
        denied = about(
            unit,
            grant,
            EventType.GRANT_DENIED,
            origin=origin,
            by=by,
            outcome=Outcome.DENIED,
            rule=rule.code,
        )
        record_denial(unit, denied)
        return Denied(rule=rule)
    details = {"wire": DELEGATED.name, "by_kind": by.kind, "by_ref": by.ref}
    launched = EventType.GRANT_LAUNCHED
    unit.record(about(unit, grant, launched, origin=origin, by=by, details=details))
    return HandedOver(grant=grant, token=mint(unit, grant, kind=DELEGATED))


def delegate(
    unit: Unit, given: Delegation, *, kinds: TokenKinds, origin: Origin
) -> OpenSession | TokenRefused:
    """The session for a handed over token, if the grant's own operator is signed in and present.

    A token that comes with anybody else stays as it was; a second use is one, whoever comes.
    """
    token = unit.impersonation_tokens.by_token(given.token)
    if token is not None and token.application_id == given.application.id:
        refused = _absent(unit, token, given, origin)
        if refused is not None:
            return refused
    presented = Presented(token=given.token, application=given.application, wire=DELEGATED.name)
    return exchange(unit, presented, kinds=kinds, origin=origin)


def _absent(
    unit: Unit, token: ImpersonationToken, given: Delegation, origin: Origin
) -> TokenRefused | None:
    """A refusal unless the grant's operator is there; replays are the exchange's to notice."""
    grant = unit.grants.get(token.grant_id)
    if grant is None or token.used_at is not None:
        return None
    actor = given.actor
    if actor is None or ActorRef(actor.operator_id) != grant.actor.ref:
        return refuse(unit, grant, Refusal.NOT_BOUND, origin, by=given.application)
    if not _signed_in(unit, actor):
        return refuse(unit, grant, ACTOR_INACTIVE.code, origin, by=given.application)
    return None


def _signed_in(unit: Unit, actor: PresentActor) -> bool:
    return any(
        session.id == actor.operator_session_id and holder(unit, session, unit.latest) is not None
        for session in unit.operator_sessions.of_operator(actor.operator_id)
    )
