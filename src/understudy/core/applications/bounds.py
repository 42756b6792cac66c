"""The bounds of an application's settings, held where they are read, whoever wrote them."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.applications.application import ApplicationSettings
from understudy.core.applications.session_origins import SessionOrigins
from understudy.core.governance.approvals import (
    MOST_PENDING_MINUTES,
    MOST_QUORUM,
    ApprovalTerms,
)
from understudy.core.governance.consents import terms_within_bounds
from understudy.core.governance.decision_points import point_within_bounds
from understudy.core.governance.insiders import limits_within_bounds
from understudy.core.governance.policy_terms import policy_terms_within_bounds
from understudy.core.governance.safeguards import loosening_within_bounds
from understudy.errors import InvalidInput

MOST_MINUTES = 60
MOST_LETTERS = 500
MOST_DAYS = 3_650
MOST_RANK = 1_000


def within_bounds(settings: ApplicationSettings) -> ApplicationSettings:
    """``settings`` as they stand; what nobody could have set becomes what permits the least.

    Of minutes that is one, of letters in a reason the most, of days of retention the most: what
    was erased does not come back. A rank that is none is above everybody. What is
    no pattern of origins draws none. A quorum that is none is the largest.
    """
    most = _or(settings.max_minutes, MOST_MINUTES, 1)
    return replace(
        settings,
        max_minutes=most,
        default_minutes=min(most, _or(settings.default_minutes, MOST_MINUTES, 1)),
        idle_minutes=_or(settings.idle_minutes, MOST_MINUTES, 1),
        reason_min_length=_or(settings.reason_min_length, MOST_LETTERS, MOST_LETTERS),
        retention_days=_or(settings.retention_days, MOST_DAYS, MOST_DAYS),
        role_ranks={
            role: rank if 0 <= rank <= MOST_RANK else MOST_RANK
            for role, rank in settings.role_ranks.items()
        },
        session_origins=_pattern(settings.session_origins),
        approval=_terms(settings.approval),
        consent=terms_within_bounds(settings.consent),
        policy_changes=policy_terms_within_bounds(settings.policy_changes),
        decision_point=point_within_bounds(settings.decision_point),
        loosening=loosening_within_bounds(settings.loosening),
        insiders=limits_within_bounds(settings.insiders),
    )


def _terms(given: ApprovalTerms) -> ApprovalTerms:
    """``given`` within its bounds."""
    return replace(
        given,
        quorum=given.quorum if 0 <= given.quorum <= MOST_QUORUM else MOST_QUORUM,
        pending_minutes=_or(given.pending_minutes, MOST_PENDING_MINUTES, 1),
        break_glass_minutes=_or(given.break_glass_minutes, MOST_MINUTES, 1),
    )


def _pattern(given: str | None) -> str | None:
    """``given`` if it is the pattern of some origins."""
    if given is None:
        return None
    try:
        return str(SessionOrigins.parse(given))
    except InvalidInput:
        return None


def _or(given: int, most: int, otherwise: int) -> int:
    """``given`` if it is between one and ``most``."""
    return given if 1 <= given <= most else otherwise
