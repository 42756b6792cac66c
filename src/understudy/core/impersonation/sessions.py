"""The impersonation session: when it lives, when it is over, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from understudy.core.ids import ActorRef, GrantId, OrganizationRef, SessionId, SubjectRef

LEASE = timedelta(minutes=5)
"""How long a guard may serve a session from its cache without asking again, at most."""


class EndCause(StrEnum):
    """Why a session is over. Stable: the log, the banner and webhooks carry it."""

    ENDED_BY_ACTOR = "ended_by_actor"
    REVOKED = "revoked"
    TIME_LIMIT = "time_limit"
    IDLE = "idle"
    RELAUNCHED = "relaunched"
    REPLACED = "replaced"
    TOKEN_REPLAYED = "token_replayed"
    GRANT_CANCELLED = "grant_cancelled"
    ACTOR_INACTIVE = "actor_inactive"
    ACTOR_NOT_ALLOWED = "actor_not_allowed"
    SUBJECT_INACTIVE = "subject_inactive"
    SUBJECT_PROTECTED = "subject_protected"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    APPLICATION_INACTIVE = "application_inactive"
    IMPERSONATION_OFF = "impersonation_off"
    POLICY_FORBIDS = "policy_forbids"
    RULES_CHANGED = "rules_changed"
    IDENTITY_NOT_APPLIED = "identity_not_applied"
    CLOCK_DOUBT = "clock_doubt"
    APPROVAL_WITHDRAWN = "approval_withdrawn"


EXPIRY_CAUSES = frozenset({EndCause.TIME_LIMIT, EndCause.IDLE})
ENDED_CAUSES = frozenset({EndCause.ENDED_BY_ACTOR, EndCause.RELAUNCHED, EndCause.REPLACED})


@dataclass(frozen=True, kw_only=True)
class Session:
    """One stretch of work of an actor as a subject. ``ends_at`` is never put off.

    The session token is an HMAC of ``token_nonce`` under the installation key: recoverable with
    the key, useless without it.
    """

    id: SessionId
    grant_id: GrantId
    application_id: str
    actor_ref: ActorRef
    subject_ref: SubjectRef
    organization_ref: OrganizationRef | None
    token_hash: bytes = field(repr=False)
    token_nonce: bytes = field(repr=False)
    started_at: datetime
    ends_at: datetime
    idle_limit: timedelta
    last_active_at: datetime
    ended_at: datetime | None = None
    end_cause: EndCause | None = None

    def over_because(self, now: datetime) -> EndCause | None:
        """Why the session is over at ``now``, or None while it lives.

        The very second of ``ends_at`` is over already (RFC 7519, section 4.1.4: "on or after").
        """
        if self.end_cause is not None:
            return self.end_cause
        if now >= self.ends_at:
            return EndCause.TIME_LIMIT
        if now >= self.idle_at:
            return EndCause.IDLE
        return None

    @property
    def idle_at(self) -> datetime:
        """When the session ends if nothing more happens in it."""
        return self.last_active_at + self.idle_limit

    def lease_until(self, now: datetime) -> datetime:
        """Until when a guard may trust its copy: at most ``LEASE``, never past the end."""
        return min(now + LEASE, self.ends_at)
