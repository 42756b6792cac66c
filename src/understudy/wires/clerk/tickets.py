"""Tickets: redeeming one for a session, and what people are shown before they use one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from understudy.core.applications.addresses import origin_of
from understudy.core.applications.application import Application
from understudy.core.applications.session_origins import SessionOrigins
from understudy.core.impersonation.grants import Grant, GrantStatus, ImpersonationToken
from understudy.core.impersonation.token_kinds import TokenKind, TokenKinds
from understudy.core.people.principals import Status
from understudy.core.ports import Reader, Unit
from understudy.flows.impersonation.exchange import Presented, Refusal, TokenRefused, exchange
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.origin import Origin
from understudy.wires.clerk.errors import ClerkProblem, Code
from understudy.wires.clerk.session_objects import client_id, shape

LONGEST = 200
"""Nothing longer is a ticket of ours."""
STRATEGY = "ticket"
LONGEST_SECONDS = 3_600
SIGN_IN_TICKET = TokenKind(
    name="clerk", longest_life=timedelta(seconds=LONGEST_SECONDS), replay_revokes=False
)
"""The caller chooses how long one lives; its clients expect that the session goes on."""

INVALID = ClerkProblem(
    status=HTTPStatus.BAD_REQUEST,
    code=Code.TICKET_INVALID,
    message="is invalid",
    detail="This ticket is not known here.",
    parameter="ticket",
)


@dataclass(frozen=True, kw_only=True)
class KnownTicket:
    """A ticket of this wire, with the grant and the application that it belongs to."""

    sign_in_ticket: str = field(repr=False)
    token: ImpersonationToken
    grant: Grant
    application: Application


def known_ticket(reader: Reader, ticket: str) -> KnownTicket | None:
    """What is known of ``ticket``, used or not; None when it is none of this wire."""
    if len(ticket) > LONGEST or not ticket.isascii():
        return None
    token = reader.impersonation_tokens.by_token(ticket)
    if token is None or token.wire != SIGN_IN_TICKET.name:
        return None
    grant = reader.grants.get(token.grant_id)
    application = reader.applications.get(token.application_id)
    if grant is None or application is None:
        return None
    return KnownTicket(sign_in_ticket=ticket, token=token, grant=grant, application=application)


def redeem(
    unit: Unit, ticket: str, *, application: Application, kinds: TokenKinds, origin: Origin
) -> OpenSession | ClerkProblem:
    """The session for the ticket, once. A foreign ticket and an unknown one look alike."""
    presented = Presented(token=ticket, application=application, wire=SIGN_IN_TICKET.name)
    opened = exchange(unit, presented, kinds=kinds, origin=origin)
    if isinstance(opened, TokenRefused):
        return refusal(opened.why, revoked=_revoked(unit, ticket))
    return opened


def refusal(why: str, *, revoked: bool) -> ClerkProblem:
    """The answer to a ticket that was refused because of ``why``."""
    code, detail = Code.TOKEN_UNUSABLE, "This actor token cannot be used, or not any more."
    if why in (Refusal.UNKNOWN, Refusal.FOREIGN, Refusal.WRONG_WIRE, Refusal.NOT_BOUND):
        return INVALID
    if why == Refusal.REPLAYED:
        code, detail = Code.TOKEN_USED, "This actor token was used already. Create another one."
    elif revoked:
        code, detail = Code.TOKEN_REVOKED, "This actor token was revoked."
    elif why == Refusal.EXPIRED:
        code, detail = Code.TICKET_EXPIRED, "This ticket has expired. Create another one."
    return ClerkProblem(
        status=HTTPStatus.BAD_REQUEST,
        code=code,
        message="cannot be used",
        detail=detail,
        parameter="ticket",
    )


def origins(application: Application) -> tuple[str, ...]:
    """The origins of the app, first that of its first redirect URL."""
    return tuple(dict.fromkeys(map(origin_of, application.settings.redirect_urls)))


def is_at_home(application: Application, origin: str) -> bool:
    """True when pages of ``origin`` belong to the app, and the app may be used.

    Those of its sessions do, for whatever gives nobody anything: whose they are is not asked.
    """
    pattern = application.settings.session_origins
    of_a_session = pattern is not None and SessionOrigins.parse(pattern).has(origin)
    active = application.status is Status.ACTIVE
    return active and (origin in origins(application) or of_a_session)


def is_its_home(found: KnownTicket, origin: str) -> bool:
    """True when the ticket may be used at ``origin``, and its app may be used.

    A grant with an origin of its own is at home there, and nowhere else.
    """
    own, application = found.grant.origin, found.application
    homes = origins(application) if own is None else (own,)
    return application.status is Status.ACTIVE and origin in homes


def exchanged(opened: OpenSession, jwt: str, *, issuer: str) -> dict[str, Any]:
    """The answer of our own exchange: the session, a first JWT, and the long-lived token."""
    session = opened.session
    return {
        "object": "ticket_exchange",
        "session": shape(session, opened.grant, issuer=issuer, now=session.started_at),
        "jwt": jwt,
        "session_token": opened.session_token,
    }


def sign_in(opened: OpenSession, jwt: str, *, issuer: str) -> dict[str, Any]:
    """The answer of a sign-in by ticket, as browser SDKs read it."""
    session, grant = opened.session, opened.grant
    begun = shape(session, grant, issuer=issuer, now=session.started_at)
    client = client_id(grant)
    attempt = {
        "object": "sign_in_attempt",
        "id": "sia_" + client.removeprefix("client_"),
        "status": "complete",
        "supported_identifiers": [],
        "supported_first_factors": None,
        "supported_second_factors": None,
        "first_factor_verification": None,
        "second_factor_verification": None,
        "identifier": None,
        "user_data": None,
        "created_session_id": begun["id"],
        "abandon_at": begun["abandon_at"],
    }
    token = {"object": "token", "jwt": jwt}
    return {
        "response": attempt,
        "client": {
            "object": "client",
            "id": client,
            "sessions": [begun | {"last_active_token": token, "user": None}],
            "sign_in": None,
            "sign_up": None,
            "last_active_session_id": begun["id"],
            "created_at": begun["created_at"],
            "updated_at": begun["updated_at"],
        },
    }


def _revoked(reader: Reader, ticket: str) -> bool:
    found = known_ticket(reader, ticket)
    return found is not None and found.grant.status is GrantStatus.CANCELLED
