"""The token endpoint (RFC 6749, section 4.1.3): a code with its PKCE verifier becomes a session."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from understudy.core.ports import Unit
from understudy.core.principals import Application
from understudy.flows.exchange import Presented, TokenRefused, exchange
from understudy.flows.open_session import OpenSession
from understudy.flows.origin import Origin
from understudy.wire.oauth.errors import ErrorCode, OAuthProblem

GRANT_TYPE = "authorization_code"
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The parameters of a token request, as they came."""

    grant_type: str
    code: str | None = field(default=None, repr=False)
    redirect_uri: str | None = None
    code_verifier: str | None = field(default=None, repr=False)


def problem_with(asked: Asked) -> OAuthProblem | None:
    """What is wrong with the request before anybody looks at the code."""
    if asked.grant_type != GRANT_TYPE:
        return OAuthProblem(
            error=ErrorCode.UNSUPPORTED_GRANT_TYPE,
            description=f"Only grant_type={GRANT_TYPE} is supported.",
        )
    if not asked.code or not asked.redirect_uri:
        return _invalid("code and redirect_uri are required.")
    if _VERIFIER.fullmatch(asked.code_verifier or "") is None:
        return _invalid("code_verifier is missing, or not one (RFC 7636, section 4.1).")
    return None


def redeem(
    unit: Unit, asked: Asked, *, application: Application, origin: Origin
) -> OpenSession | OAuthProblem:
    """The session for the code; every refusal looks the same."""
    presented = Presented(
        token=asked.code or "",
        application=application,
        code_verifier=asked.code_verifier,
        redirect_uri=asked.redirect_uri,
    )
    opened = exchange(unit, presented, origin=origin)
    if isinstance(opened, TokenRefused):
        return OAuthProblem(
            error=ErrorCode.INVALID_GRANT,
            description="The code is unknown, expired, already used, or not for this request.",
        )
    return opened


def _invalid(description: str) -> OAuthProblem:
    return OAuthProblem(error=ErrorCode.INVALID_REQUEST, description=description)
