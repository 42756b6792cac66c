"""Token exchange (RFC 8693): redeem an impersonation token, or a delegation with its actor.

What is wrong with a subject or actor token is an ``invalid_request`` (section 2.2.2), and always
the same one. What is issued always names the actor: an exchange for a plain copy of the subject's
rights, which the standard calls impersonation, does not exist here.
"""

from __future__ import annotations

from understudy.core.applications.application import Application
from understudy.core.impersonation.token_kinds import TokenKinds
from understudy.core.ports import Unit
from understudy.flows.impersonation.delegate import Delegation, delegate
from understudy.flows.impersonation.exchange import (
    Presented,
    Refusal,
    TokenRefused,
    exchange,
    refuse_stranger,
)
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.origin import Origin
from understudy.wires.oauth.delegation import read_actor_token, read_subject_token
from understudy.wires.oauth.errors import OAuthProblem
from understudy.wires.oauth.target import beyond
from understudy.wires.oauth.token import Asked, invalid

_TYPE = "urn:ietf:params:oauth:token-type:"
ACCESS_TOKEN = _TYPE + "access_token"
JWT = _TYPE + "jwt"
IMPERSONATION_TOKEN = "urn:understudy:params:oauth:token-type:impersonation-token"  # noqa: S105
_ISSUED = (ACCESS_TOKEN, JWT)
_REFUSED = (
    "The subject token or the actor token is unknown, expired, already used, or not for this "
    "client."
)


def problem_with_exchange(asked: Asked) -> OAuthProblem | None:
    """What is wrong with the request before anybody looks at its tokens (section 2.1)."""
    delegating = asked.actor_token is not None
    subject_type = JWT if delegating else IMPERSONATION_TOKEN
    checks = (
        (asked.subject_token, "subject_token is missing."),
        (asked.subject_token_type, "subject_token_type is missing."),
        (
            delegating or asked.actor_token_type is None,
            "actor_token_type goes with an actor_token only.",
        ),
        (
            not delegating or asked.actor_token_type is not None,
            "An actor_token needs its actor_token_type.",
        ),
        (
            asked.subject_token_type == subject_type,
            f"With{'' if delegating else 'out'} an actor_token the subject_token_type is "
            f"{subject_type}.",
        ),
        (asked.actor_token_type in (None, JWT), f"The actor_token_type is {JWT}."),
        (
            asked.requested_token_type in (None, *_ISSUED),
            f"The requested_token_type is one of {', '.join(_ISSUED)}.",
        ),
    )
    return next((invalid(text) for holds, text in checks if not holds), None)


def issued_type(asked: Asked) -> str:
    """The type of what is issued: a session JWT is an access token, and is a JWT."""
    return asked.requested_token_type or ACCESS_TOKEN


def exchanged(
    unit: Unit,
    asked: Asked,
    *,
    application: Application,
    issuer: str,
    kinds: TokenKinds,
    origin: Origin,
) -> OpenSession | OAuthProblem:
    """The session for what was presented; nothing is used up when only the scope is wrong."""
    if asked.actor_token is None:
        token = asked.subject_token or ""
        problem = _beyond_scope(unit, asked, token, application)
        if problem is not None:
            return problem
        presented = Presented(token=token, application=application)
        return _told(exchange(unit, presented, kinds=kinds, origin=origin))
    return _delegated(
        unit, asked, application=application, issuer=issuer, kinds=kinds, origin=origin
    )


def _delegated(
    unit: Unit,
    asked: Asked,
    *,
    application: Application,
    issuer: str,
    kinds: TokenKinds,
    origin: Origin,
) -> OpenSession | OAuthProblem:
    secret = read_subject_token(
        unit.vault,
        asked.subject_token or "",
        issuer=issuer,
        application_id=application.id,
        now=unit.latest,
    )
    if secret is None:
        return _told(refuse_stranger(unit, application, Refusal.UNKNOWN, origin))
    problem = _beyond_scope(unit, asked, secret, application)
    if problem is not None:
        return problem
    actor = read_actor_token(
        unit.vault,
        asked.actor_token or "",
        issuer=issuer,
        application_id=application.id,
        now=unit.latest,
    )
    # Whether it is the operator whom ``may_act`` names is for the flow to say, by the grant itself.
    given = Delegation(token=secret, application=application, actor=actor)
    return _told(delegate(unit, given, kinds=kinds, origin=origin))


def _beyond_scope(
    unit: Unit, asked: Asked, token: str, application: Application
) -> OAuthProblem | None:
    """Only for tokens that would open a session otherwise: about all others nothing is told."""
    stored = unit.impersonation_tokens.by_token(token)
    if stored is None or stored.application_id != application.id:
        return None
    if stored.used_at is not None or unit.latest >= stored.expires_at:
        return None
    grant = unit.grants.get(stored.grant_id)
    return None if grant is None else beyond(asked, grant.scope)


def _told(result: OpenSession | TokenRefused) -> OpenSession | OAuthProblem:
    return invalid(_REFUSED) if isinstance(result, TokenRefused) else result
