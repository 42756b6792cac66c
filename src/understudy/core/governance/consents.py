"""A user's own agreement that somebody works in their account, and whether it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from understudy.core.ids import ActorRef, GrantId, OrganizationId, SubjectRef
from understudy.core.impersonation.grants import MAX_MINUTES
from understudy.core.impersonation.restrictions import Scope

STANDING_DAYS = 30
MOST_STANDING_DAYS = 365
MOST_ORGANIZATIONS = 200
ALIAS_MAX_LENGTH = 100
SUPPORT = "Support"
"""Whoever works in an account, where nobody knows their name."""
USABLE_FOR = timedelta(minutes=15)
"""How long an agreement to one request waits for its session."""

BORNE_FOR = timedelta(hours=3)
"""For longer than any session may come, and last, of what was used before it expired."""


class ConsentMode(StrEnum):
    """What a user has to agree to before somebody works as them, from the loosest on."""

    OFF = "off"
    STANDING = "standing"
    ASK = "ask"


_STRICTNESS: Mapping[str, int] = {mode: place for place, mode in enumerate(ConsentMode)}


class ConsentKind(StrEnum):
    """Whether an agreement is to whatever comes for a time, or to one request."""

    STANDING = "standing"
    ONCE = "once"


@dataclass(frozen=True, kw_only=True)
class ConsentTerms:
    """What an admin decides about consent in one application.

    ``standing_days`` is for how long a standing consent may be given. ``organizations`` ask for
    more than their application by their ids, never for less. ``shown_as`` is what users read in
    place of the name of whoever works in their account; None shows the name. With ``tell`` a notice
    goes out at each start, for the user to be told by. ``unknown`` is what a newer version stored.
    """

    mode: ConsentMode = ConsentMode.OFF
    standing_days: int = STANDING_DAYS
    organizations: Mapping[str, str] = field(default_factory=dict)
    shown_as: str | None = None
    tell: bool = False
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def mode_for(self, organization_id: OrganizationId | None) -> ConsentMode:
        """What is asked of users of this organization: the stricter of the two.

        A mode that only a newer version knows counts as the strictest.
        """
        own = _known(self.mode)
        if organization_id is None or organization_id not in self.organizations:
            return own
        return max(own, _known(self.organizations[organization_id]), key=_STRICTNESS.__getitem__)

    def told_as(self, name: str | None) -> str | None:
        """What users are told of somebody with this ``name``; None where they are not told."""
        return (self.shown_as or name or SUPPORT) if self.tell else None


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a user agreed to; ``minutes`` None is as long as is asked for.

    One to a single request names its ``actor_ref`` and ``request_id``, and from its first use on
    the ``grant_id`` that came of it. ``expires_at`` is the first moment at which nothing new may
    come of it, and at which a standing one ends.
    """

    id: str
    application_id: str
    subject_ref: SubjectRef
    kind: ConsentKind
    scope: Scope
    minutes: int | None = None
    given_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None = None
    actor_ref: ActorRef | None = None
    request_id: str | None = None
    grant_id: GrantId | None = None

    def held_to(self, terms: ConsentTerms) -> Consent:
        """The same, over as early as ``terms`` let a standing one be by now."""
        latest = self.given_at + timedelta(days=terms.standing_days)
        if self.kind is not ConsentKind.STANDING or self.expires_at <= latest:
            return self
        return replace(self, expires_at=latest)

    def in_force(self, now: datetime) -> bool:
        """Whether something new may come of it at ``now``, its use aside."""
        return self.withdrawn_at is None and now < self.expires_at

    def suffices(self, mode: ConsentMode) -> bool:
        """Whether it is what ``mode`` asks for: to be asked each time is more than once for all."""
        return mode is not ConsentMode.ASK or self.kind is ConsentKind.ONCE

    def open_to(self, actor_ref: ActorRef) -> bool:
        """Whether this actor may start by it: one to a request is theirs alone, and for once."""
        return self.grant_id is None and self.actor_ref in (None, actor_ref)

    def bears(self, grant_id: GrantId, scope: Scope, minutes: int, now: datetime) -> bool:
        """Whether the grant stands on it, and within it."""
        if self.withdrawn_at is not None:
            return False
        if self.kind is ConsentKind.ONCE:
            # Its time was for the start; the grant that came of it has limits of its own.
            return self.grant_id == grant_id
        fits = minutes <= (self.minutes or minutes) and self.allows(scope)
        return fits and now < self.expires_at

    def allows(self, scope: Scope) -> bool:
        """Whether somebody may work with ``scope``: reading is within every agreement."""
        return scope in (self.scope, Scope.READ_ONLY)

    @property
    def width(self) -> tuple[bool, int]:
        """How much it agrees to, to choose the widest of several."""
        return self.scope is Scope.FULL, self.minutes or MAX_MINUTES


def terms_within_bounds(terms: ConsentTerms) -> ConsentTerms:
    """``terms`` as they stand; days that nobody could have set become one."""
    days = terms.standing_days if 1 <= terms.standing_days <= MOST_STANDING_DAYS else 1
    return replace(terms, standing_days=days)


def _known(mode: str) -> ConsentMode:
    return ConsentMode(mode) if mode in _STRICTNESS else ConsentMode.ASK
