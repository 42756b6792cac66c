"""Hold what was permitted to settings that were tightened since.

What has an order is narrowed, to the stricter of what was granted and what is allowed now; what has
none is refused (``policy.permitted_still``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from understudy.core.applications.application import ApplicationSettings
from understudy.core.governance.policies import PolicyVerdict
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import Session
from understudy.core.notices.events import Scalar
from understudy.core.rules.request import longest


def narrowed(
    grant: Grant, settings: ApplicationSettings, verdict: PolicyVerdict | None = None
) -> Grant:
    """``grant`` within ``settings`` and ``verdict``; the same when it was within both already."""
    minutes = min(grant.minutes, longest(settings))
    if grant.review_id is not None:
        minutes = min(minutes, settings.approval.break_glass_minutes)
    if verdict is not None:
        minutes = verdict.minutes_within(minutes)
    ends_at = grant.session_ends_at
    if ends_at is not None:
        # Counted from the first exchange, as the minutes that were granted are.
        ends_at -= timedelta(minutes=grant.minutes - minutes)
    # Reading alone is within whatever an application allows.
    scope = grant.scope if grant.scope in settings.allowed_scopes else Scope.READ_ONLY
    if verdict is not None:
        scope = verdict.scope_within(scope)
    return replace(grant, minutes=minutes, scope=scope, session_ends_at=ends_at)


def held_to(session: Session, grant: Grant, settings: ApplicationSettings) -> Session:
    """``session`` within ``settings`` and its narrowed ``grant``."""
    idle_limit = min(session.idle_limit, timedelta(minutes=settings.idle_minutes))
    ends_at = min(session.ends_at, grant.session_ends_at or session.ends_at)
    return replace(session, idle_limit=idle_limit, ends_at=ends_at)


def told(granted: Grant, effective: Grant) -> dict[str, Scalar]:
    """What an entry says of ``effective``, and of what was ``granted`` where that was more."""
    facts: dict[str, Scalar] = {"scope": effective.scope, "minutes": effective.minutes}
    if effective.scope is not granted.scope:
        facts["granted_scope"] = granted.scope
    if effective.minutes != granted.minutes:
        facts["granted_minutes"] = granted.minutes
    return facts
