"""The refresh token grant (RFC 6749, section 6): the session token yields a fresh session JWT.

The refresh token is never another one, and nothing here moves the session's end.
"""

from __future__ import annotations

from dataclasses import replace

from understudy.core.applications.application import Application
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Unit
from understudy.flows.impersonation.end import end
from understudy.flows.impersonation.open_session import NotOpen, OpenSession, refresh
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
    token = asked.refresh_token or ""
    opened = refresh(unit, unit.vault, token, application=application, now=unit.now)
    if isinstance(opened, NotOpen):
        if opened.to_end is not None and opened.cause is not None:
            end(unit, opened.to_end, cause=opened.cause, by=SYSTEM, origin=origin)
        return OAuthProblem(
            error=ErrorCode.INVALID_GRANT,
            description="The session is over, or was never one of this client's.",
        )
    problem = beyond(asked, opened.grant.scope)
    if problem is not None:
        return problem
    unit.sessions.touch(opened.session.id, unit.now)
    return replace(opened, session=replace(opened.session, last_active_at=unit.now))
