"""The refresh token grant (RFC 6749, section 6): the session token yields a fresh session JWT.

The refresh token is never another one, and nothing here moves the session's end.
"""

from __future__ import annotations

from understudy.core.applications.application import Application
from understudy.core.ports import Unit
from understudy.flows.impersonation.carry_on import carry_on, touched
from understudy.flows.impersonation.open_session import OpenSession, Over
from understudy.flows.origin import Origin
from understudy.wires.oauth.errors import ErrorCode, OAuthProblem
from understudy.wires.oauth.target import beyond
from understudy.wires.oauth.token import Asked, invalid


def problem_with_refresh(asked: Asked) -> OAuthProblem | None:
    """What is wrong with the request before anybody looks at its token."""
    return None if asked.refresh_token else invalid("refresh_token is missing.")


def refreshed(
    unit: Unit, asked: Asked, *, application: Application, origin: Origin
) -> OpenSession | OAuthProblem:
    """The session as it stands, active now; one that may not go on ends here."""
    session = unit.sessions.by_token(asked.refresh_token or "")
    opened = carry_on(unit, session, application=application, origin=origin)
    if isinstance(opened, Over):
        return OAuthProblem(
            error=ErrorCode.INVALID_GRANT,
            description="The session is over, or was never one of this client's.",
        )
    return beyond(asked, opened.grant.scope) or touched(unit, opened)
