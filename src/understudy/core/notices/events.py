"""The facts that the audit log keeps: what an event says.

An event is split in two before it becomes a leaf: ``core_payload`` holds only our own random
ids, outcomes and numbers; ``personal_payload`` holds whatever can name a person. Each half gets a
salted commitment of its own, so that a person can be forgotten while the log still verifies
(DESIGN section 6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from understudy.core.ids import GrantId, SessionId
from understudy.core.notices.event_sets import ALERTS, HELD_OTHERWISE, SESSION_OVER
from understudy.core.notices.event_types import EventType

# A type is the first thing that an event says, so types are found here too.
__all__ = [
    "ALERTS",
    "HELD_OTHERWISE",
    "SESSION_OVER",
    "SYSTEM",
    "Action",
    "Event",
    "EventType",
    "Outcome",
    "Party",
    "PartyKind",
    "Scalar",
]

Scalar = str | int | bool | None
"""What a detail may be; floats have no canonical JSON form that everybody agrees on."""


class Outcome(StrEnum):
    """How it went."""

    OK = "ok"
    DENIED = "denied"
    FAILED = "failed"


class PartyKind(StrEnum):
    """Who vouches for an identity in an entry."""

    OPERATOR = "operator"
    NAMED_BY_APPLICATION = "named_by_application"
    APPLICATION = "application"
    SUBJECT = "subject"
    ORGANIZATION = "organization"
    SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody in an entry: ``ref`` is our own random id, the rest can name a person.

    ``taken_over`` says that their account may be in other hands (`Operator.taken_over_at`); who
    writes the entry sees to it, and no flow.
    """

    kind: PartyKind
    ref: str | None = None
    id: str | None = None
    email: str | None = None
    name: str | None = None
    taken_over: bool = False

    def is_same_as(self, other: Party) -> bool:
        """True for one and the same, whatever they were called at either time."""
        return (self.kind, self.ref) == (other.kind, other.ref)

    @property
    def own_ref(self) -> str:
        """What rows call them: our reference, or else what they are."""
        return self.ref or self.name or self.kind


SYSTEM = Party(kind=PartyKind.SYSTEM)
"""The service itself: expiry, retention, key rotation on schedule."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """One request that an actor made in the app as the subject.

    ``route`` is the app's route pattern (no values in it), ``path`` what was really asked.
    ``duration_ms`` and ``status`` are None while only the intent is known.
    """

    id: str
    method: str
    route: str | None
    path: str
    status: int | None = None
    duration_ms: int | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact about to become an audit entry. ``details`` never holds personal data or secrets.

    What is about a session or a grant has that one's own actor as ``actor``, whoever did it;
    ``doer`` is who did, and None when the actor did. Address and user agent are the doer's.
    ``reference`` is the app's own name for something that was made.
    """

    type: EventType
    application_id: str | None = None
    actor: Party | None = None
    doer: Party | None = None
    subject: Party | None = None
    organization: Party | None = None
    grant_id: GrantId | None = None
    session_id: SessionId | None = None
    outcome: Outcome = Outcome.OK
    rule: str | None = None
    reason: str | None = None
    ticket: str | None = None
    address: str | None = None
    user_agent: str | None = None
    action: Action | None = None
    reference: str | None = None
    details: Mapping[str, Scalar] = field(default_factory=dict)

    def core_payload(self) -> dict[str, Scalar | dict[str, Scalar]]:
        """The half without personal data; absent facts are left out."""
        actor, action = self.actor, self.action
        facts: dict[str, Scalar | dict[str, Scalar]] = {
            "application_id": self.application_id,
            "grant_id": self.grant_id,
            "session_id": self.session_id,
            "outcome": self.outcome,
            "rule": self.rule,
            "details": dict(self.details) or None,
        }
        if actor is not None:
            facts["actor_kind"] = actor.kind
            facts["actor_ref"] = actor.ref
            facts["actor_taken_over"] = actor.taken_over or None
        if self.doer is not None:
            facts["doer_kind"] = self.doer.kind
            facts["doer_ref"] = self.doer.ref
            facts["doer_taken_over"] = self.doer.taken_over or None
        if self.subject is not None:
            facts["subject_ref"] = self.subject.ref
        if self.organization is not None:
            facts["organization_ref"] = self.organization.ref
        if action is not None:
            facts["action_id"] = action.id
            facts["method"] = action.method
            facts["route"] = action.route
            facts["status"] = action.status
            facts["duration_ms"] = action.duration_ms
        return _present(facts)

    def personal_payload(self) -> dict[str, Scalar | dict[str, Scalar]]:
        """The half that can name people; absent facts are left out."""
        actor, subject, organization = self.actor, self.subject, self.organization
        facts: dict[str, Scalar | dict[str, Scalar]] = {
            "reason": self.reason,
            "ticket": self.ticket,
            "address": self.address,
            "user_agent": self.user_agent,
            "reference": self.reference,
        }
        if actor is not None:
            facts["actor_id"] = actor.id
            facts["actor_email"] = actor.email
            facts["actor_name"] = actor.name
        if self.doer is not None:
            facts["doer_id"] = self.doer.id
            facts["doer_email"] = self.doer.email
            facts["doer_name"] = self.doer.name
        if subject is not None:
            facts["subject_id"] = subject.id
            facts["subject_email"] = subject.email
            facts["subject_name"] = subject.name
        if organization is not None:
            facts["organization_id"] = organization.id
            facts["organization_email"] = organization.email
            facts["organization_name"] = organization.name
        if self.action is not None:
            facts["path"] = self.action.path
        return _present(facts)


def _present(
    facts: Mapping[str, Scalar | dict[str, Scalar]],
) -> dict[str, Scalar | dict[str, Scalar]]:
    return {name: value for name, value in facts.items() if value is not None}
