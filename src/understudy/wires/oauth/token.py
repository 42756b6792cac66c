"""The token endpoint: what is asked for, and which grant answers it (RFC 6749, section 4.1.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from understudy.core.applications.application import Application
from understudy.core.impersonation.token_kinds import TokenKinds
from understudy.core.ports import Unit
from understudy.flows.impersonation.exchange import Presented, TokenRefused, exchange
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.origin import Origin
from understudy.wires.oauth.errors import ErrorCode, OAuthProblem


class GrantType(StrEnum):
    """What can be turned into a session JWT."""

    CODE = "authorization_code"
    REFRESH = "refresh_token"
    EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


GRANT_TYPES = tuple(grant_type.value for grant_type in GrantType)
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The parameters of a token request, as they came; those without a value are None.

    RFC 6749, section 3.2: without a value means omitted.
    """

    grant_type: str
    code: str | None = field(default=None, repr=False)
    redirect_uri: str | None = None
    code_verifier: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    subject_token: str | None = field(default=None, repr=False)
    subject_token_type: str | None = None
    actor_token: str | None = field(default=None, repr=False)
    actor_token_type: str | None = None
    requested_token_type: str | None = None
    scope: str | None = None
    resource: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()


def invalid(description: str) -> OAuthProblem:
    """A request that is not one."""
    return OAuthProblem(error=ErrorCode.INVALID_REQUEST, description=description)


def problem_with_code(asked: Asked) -> OAuthProblem | None:
    """What is wrong with a request for a code before anybody looks at the code."""
    if not asked.code or not asked.redirect_uri:
        return invalid("code and redirect_uri are required.")
    if _VERIFIER.fullmatch(asked.code_verifier or "") is None:
        return invalid("code_verifier is missing, or not one (RFC 7636, section 4.1).")
    return None


def redeem_code(
    unit: Unit, asked: Asked, *, application: Application, kinds: TokenKinds, origin: Origin
) -> OpenSession | OAuthProblem:
    """The session for the code; every refusal looks the same."""
    presented = Presented(
        token=asked.code or "",
        application=application,
        code_verifier=asked.code_verifier,
        redirect_uri=asked.redirect_uri,
    )
    opened = exchange(unit, presented, kinds=kinds, origin=origin)
    if isinstance(opened, TokenRefused):
        return OAuthProblem(
            error=ErrorCode.INVALID_GRANT,
            description="The code is unknown, expired, already used, or not for this request.",
        )
    return opened
