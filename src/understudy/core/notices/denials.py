"""Refusals that came again: what is kept of the first while the others are counted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from understudy.core.ids import GrantId
from understudy.core.notices.events import Event, EventType, Outcome, Party, PartyKind
from understudy.core.times import to_ms

WINDOW = timedelta(seconds=60)
"""For how long refusals that are alike are counted instead of written one by one."""


@dataclass(frozen=True, kw_only=True)
class FoldedDenial:
    """A refusal that is an entry since ``since``, and how often it has come again.

    Nothing in it names a person: that is in the entry of the first.
    """

    fingerprint: bytes
    type: EventType
    application_id: str | None
    actor_kind: PartyKind | None
    actor_ref: str | None
    doer_kind: PartyKind | None
    doer_ref: str | None
    subject_ref: str | None
    organization_ref: str | None
    grant_id: GrantId | None
    rule: str
    since: datetime
    repeats: int = 0

    @classmethod
    def of(cls, event: Event, now: datetime) -> Self:
        """The first of its kind."""
        return cls(
            fingerprint=fingerprint(event),
            type=event.type,
            application_id=event.application_id,
            actor_kind=event.actor.kind if event.actor else None,
            actor_ref=event.actor.ref if event.actor else None,
            doer_kind=event.doer.kind if event.doer else None,
            doer_ref=event.doer.ref if event.doer else None,
            subject_ref=event.subject.ref if event.subject else None,
            organization_ref=event.organization.ref if event.organization else None,
            grant_id=event.grant_id,
            rule=event.rule or "",
            since=now,
        )

    def counts(self, now: datetime) -> bool:
        """Whether one more at ``now`` is counted, and not written."""
        return self.since <= now < self.since + WINDOW

    def event(self) -> Event:
        """What stands for those that were counted."""
        return Event(
            type=self.type,
            application_id=self.application_id,
            actor=_party(self.actor_kind, self.actor_ref),
            doer=_party(self.doer_kind, self.doer_ref),
            subject=_known(PartyKind.SUBJECT, self.subject_ref),
            organization=_known(PartyKind.ORGANIZATION, self.organization_ref),
            grant_id=self.grant_id,
            outcome=Outcome.DENIED,
            rule=self.rule,
            details={"repeats": self.repeats, "since_ms": to_ms(self.since)},
        )


def fingerprint(event: Event) -> bytes:
    """The same for refusals that differ in nothing but time and what was typed as a reason."""
    personal = event.personal_payload()
    asked = {name: personal.get(name) for name in ("actor_id", "subject_id", "address")}
    text = json.dumps([event.type, event.core_payload(), asked], sort_keys=True)
    return hashlib.sha256(text.encode()).digest()


def _party(kind: PartyKind | None, ref: str | None) -> Party | None:
    return Party(kind=kind, ref=ref) if kind is not None else None


def _known(kind: PartyKind, ref: str | None) -> Party | None:
    return Party(kind=kind, ref=ref) if ref is not None else None
