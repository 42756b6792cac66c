"""Subject tokens and actor tokens (RFC 8693): signed JWTs that nobody but this service reads.

Both are signed under keys drawn from the installation's, each under its own, so that neither
passes for the other nor for a session JWT.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey

from understudy.core.people.principals import Operator, OperatorSession
from understudy.core.ports import Vault
from understudy.flows.impersonation.delegate import HandedOver, PresentActor
from understudy.wires.oauth.compact import read

ACTOR_TOKEN_LIFE = timedelta(minutes=5)
_LEEWAY = timedelta(seconds=30)
_ALGORITHM = "HS256"


class Kind(StrEnum):
    """The ``typ`` of such a JWT; each has a key of its own."""

    SUBJECT = "understudy-subject+jwt"
    ACTOR = "understudy-actor+jwt"


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A token's text, shown to its caller this once."""

    token: str = field(repr=False)
    expires_at: datetime


def subject_token(
    vault: Vault, handed: HandedOver, *, issuer: str, now: datetime, jwt_id: str
) -> Signed:
    """The subject token of a grant that was handed over; ``may_act`` names its operator.

    RFC 8693, section 4.4.
    """
    grant, token = handed.grant, handed.token
    contents = _claims(issuer, grant.application_id, now, token.expires_at, jwt_id) | {
        "sub": grant.subject_id,
        "may_act": {"iss": issuer, "sub": grant.actor.id},
        "understudy": {"grant": grant.id, "token": token.token},
    }
    return Signed(token=_sign(vault, Kind.SUBJECT, contents), expires_at=token.expires_at)


def actor_token(
    vault: Vault,
    operator: Operator,
    session: OperatorSession,
    *,
    application_id: str,
    issuer: str,
    now: datetime,
    jwt_id: str,
) -> Signed:
    """The token by which one application may show that the operator is there; it ends with the
    sign-in.
    """
    expires_at = min(now + ACTOR_TOKEN_LIFE, session.expires_at)
    contents = _claims(issuer, application_id, now, expires_at, jwt_id) | {
        "sub": operator.id,
        "sid": session.id,
    }
    return Signed(token=_sign(vault, Kind.ACTOR, contents), expires_at=expires_at)


def read_subject_token(
    vault: Vault, text: str, *, issuer: str, application_id: str, now: datetime
) -> str | None:
    """The secret in a subject token, which opens the grant's session once.

    Whether the token has expired is the secret's to say: a second use is one, however late.
    """
    claims = _verified(
        vault, Kind.SUBJECT, text, issuer=issuer, application_id=application_id, now=now
    )
    if claims is None or "act" in claims:
        return None
    return str(claims["understudy"]["token"])


def read_actor_token(
    vault: Vault, text: str, *, issuer: str, application_id: str, now: datetime
) -> PresentActor | None:
    """The operator behind an actor token that is good now, their sign-in not yet looked at."""
    claims = _verified(
        vault, Kind.ACTOR, text, issuer=issuer, application_id=application_id, now=now
    )
    if claims is None or int(now.timestamp()) >= claims["exp"]:
        return None
    return PresentActor(operator_id=claims["sub"], operator_session_id=claims["sid"])


def _claims(
    issuer: str, application_id: str, now: datetime, expires_at: datetime, jwt_id: str
) -> dict[str, Any]:
    return {
        "iss": issuer,
        "aud": issuer,
        "client_id": application_id,
        "iat": int(now.timestamp()),
        "exp": int(expires_at.timestamp()),
        "jti": jwt_id,
    }


def _sign(vault: Vault, kind: Kind, contents: dict[str, Any]) -> str:
    return jwt.encode({"alg": _ALGORITHM, "typ": kind.value}, contents, _key(vault, kind))


def _verified(
    vault: Vault, kind: Kind, text: str, *, issuer: str, application_id: str, now: datetime
) -> Mapping[str, Any] | None:
    """What we signed as ``kind`` for this application. The signature vouches for the shape."""
    unverified = read(text, types=frozenset({kind.value}))
    if unverified is None:
        return None
    claims = unverified.verified(_key(vault, kind), _ALGORITHM)
    if claims is None:
        return None
    ours = claims["iss"] == issuer and claims["client_id"] == application_id
    return claims if ours and claims["iat"] <= (now + _LEEWAY).timestamp() else None


def _key(vault: Vault, kind: Kind) -> OctKey:
    return OctKey.import_key(vault.keyed_hash("oauth token", kind.value))
