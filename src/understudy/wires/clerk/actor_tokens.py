"""Actor tokens: an application's backend names the actor and gets a single-use ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from understudy.core.applications.application import Application
from understudy.core.ids import GrantId, SubjectId
from understudy.core.impersonation.grants import (
    MAX_MINUTES,
    Grant,
    GrantStatus,
    ImpersonationRequest,
)
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Party
from understudy.core.people.principals import Actor
from understudy.core.ports import Reader, Unit
from understudy.core.times import to_ms
from understudy.flows.impersonation.cancel import cancel
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.mint import Minted
from understudy.flows.impersonation.start import Started, start
from understudy.flows.origin import Origin
from understudy.wires.clerk.actors import email_of, name_of, reason_of, ticket_of
from understudy.wires.clerk.errors import NO_SUCH_RESOURCE, ClerkProblem, Code, missing, unfit
from understudy.wires.clerk.parameters import Parameters, line, require_shown
from understudy.wires.clerk.tickets import LONGEST_SECONDS, SIGN_IN_TICKET

ID_PREFIX = "act_"
ACCEPT_PATH = "/tickets/accept"
CLAIMS_MOST_BYTES = 2_048
"""What the actor may take as JSON: it goes into a JWT that must fit a cookie of 4,096 bytes."""

_SESSION_SECONDS = 1_800
_MINUTE = 60
_KNOWN = frozenset({"user_id", "actor", "expires_in_seconds", "session_max_duration_in_seconds"})


@dataclass(frozen=True, kw_only=True)
class ActorTokenAsk:
    """What the caller asks for; ``claims`` is the actor as it was given."""

    user_id: SubjectId
    claims: Mapping[str, Any]
    life: timedelta
    session_seconds: int

    @property
    def sub(self) -> str:
        """The impersonator's id."""
        return str(self.claims["sub"])

    @property
    def email(self) -> str | None:
        """The impersonator's e-mail address, as far as it is known."""
        return email_of(self.claims)

    @property
    def name(self) -> str | None:
        """The impersonator's name, as far as it is known."""
        return name_of(self.claims)


def read(body: Mapping[str, Any]) -> ActorTokenAsk:
    """What ``body`` asks for.

    :raises InvalidInput: a parameter is missing, unknown or unfit.
    """
    given = Parameters(body, known=_KNOWN)
    user_id = given.required("user_id")
    claims = given.mapping("actor", most_bytes=CLAIMS_MOST_BYTES) or {}
    if not claims.get("sub"):
        raise missing("actor.sub")
    line("actor.sub", claims["sub"])
    for name in ("email", "name"):
        if isinstance(claims.get(name), str):
            line(f"actor.{name}", claims[name])
    # All of it is in the JWT, and apps show of it what they like.
    require_shown("actor", claims)
    session_seconds = given.seconds("session_max_duration_in_seconds", _SESSION_SECONDS)
    if session_seconds < _MINUTE:
        raise unfit("session_max_duration_in_seconds", "A session lasts a minute or longer.")
    seconds = given.seconds("expires_in_seconds", LONGEST_SECONDS)
    return ActorTokenAsk(
        user_id=SubjectId(user_id),
        claims=claims,
        life=timedelta(seconds=min(seconds, LONGEST_SECONDS)),
        session_seconds=session_seconds,
    )


def create(
    unit: Unit, ask: ActorTokenAsk, *, actor: Actor, application: Application, origin: Origin
) -> Started | Denied:
    """The ticket for what was asked, or the rule that refused; either way the log tells."""
    settings = application.settings
    reason, given = reason_of(ask.claims, least=settings.reason_min_length)
    most = min(settings.max_minutes, MAX_MINUTES)
    wanted = ImpersonationRequest(
        application_id=application.id,
        actor=actor,
        subject_id=ask.user_id,
        reason=reason,
        reason_given=given,
        ticket=ticket_of(ask.claims),
        minutes=min(ask.session_seconds // _MINUTE, most),
        life=ask.life,
        actor_as_given=ask.claims,
    )
    return start(
        unit,
        wanted,
        with_token=True,
        kind_for=lambda _: SIGN_IN_TICKET,
        life=ask.life,
        # Its clients know no token that comes later.
        can_wait=False,
        origin=origin,
    )


def revoke(
    unit: Unit, token_id: str, *, application: Application, by: Party, origin: Origin
) -> Grant | ClerkProblem:
    """Withdraw a ticket that nobody has used yet."""
    grant = _named(unit, token_id, application)
    if grant is None:
        return NO_SUCH_RESOURCE
    if status_of(grant) != "pending" or unit.latest >= grant.expires_at:
        return _not_revocable(grant)
    return cancel(unit, grant.id, by=by, origin=origin, application_id=application.id)


def status_of(grant: Grant) -> str:
    """One of three words; these clients know no fourth, and what expired unused stays pending."""
    if grant.session_ends_at is not None:
        return "accepted"
    return "revoked" if grant.status is GrantStatus.CANCELLED else "pending"


def token_id(grant: Grant) -> str:
    """The id by which these clients name the grant."""
    return ID_PREFIX + grant.id.removeprefix(IdPrefix.GRANT)


def shape(grant: Grant, *, now: datetime, made: Minted | None, base: str) -> dict[str, Any]:
    """The actor token as JSON; the ticket and its URL are shown when it is made, and never again.

    ``base`` is where the service is reached.
    """
    found: dict[str, Any] = {
        "object": "actor_token",
        "id": token_id(grant),
        "status": status_of(grant),
        "user_id": grant.subject_id,
        "actor": dict(grant.actor_as_given or {"sub": grant.actor.id}),
        "created_at": to_ms(grant.created_at),
        "updated_at": to_ms(now),
    }
    if made is not None:
        query = urlencode({"ticket": made.token})
        found |= {"token": made.token, "url": f"{base}/clerk/v1{ACCEPT_PATH}?{query}"}
    return found


def _named(reader: Reader, token_id: str, application: Application) -> Grant | None:
    """The grant of this name, if it is the application's own and was asked for on this wire."""
    if not token_id.startswith(ID_PREFIX):
        return None
    grant = reader.grants.get(GrantId(IdPrefix.GRANT + token_id.removeprefix(ID_PREFIX)))
    if grant is None or grant.application_id != application.id or grant.actor_as_given is None:
        return None
    return grant


def _not_revocable(grant: Grant) -> ClerkProblem:
    states = {"accepted": "was used already", "revoked": "was revoked already"}
    why = states.get(status_of(grant), "has expired")
    return ClerkProblem(
        status=HTTPStatus.BAD_REQUEST,
        code=Code.TOKEN_NOT_REVOCABLE,
        message="cannot be revoked",
        detail=f"This actor token {why}. To end a session, revoke the session.",
    )
