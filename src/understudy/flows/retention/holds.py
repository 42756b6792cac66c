"""Legal hold: what it covers is not erased, neither by age nor by request, until it is released."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from understudy.core.ids import SubjectId, SubjectRef
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Event, EventType, Party
from understudy.core.ports import Hold, Reader, Unit
from understudy.core.text import require_text
from understudy.errors import Conflict, InvalidInput, NotFound
from understudy.flows.known_application import known_application
from understudy.flows.origin import Origin
from understudy.flows.retention.marks import begin_anew

HELD: Literal["legal_hold"] = "legal_hold"
"""The rule of what is refused because of a hold."""
REASON_MAX_LENGTH = 1_000


@dataclass(frozen=True, kw_only=True)
class Covered:
    """What may not be erased of one application: all of it, or its entries about some subjects."""

    everything: bool
    subjects: frozenset[SubjectRef]

    def covers(self, subject_ref: SubjectRef) -> bool:
        """True when nothing about this subject may be erased."""
        return self.everything or subject_ref in self.subjects


def held(reader: Reader, application_id: str) -> Covered:
    """What the standing holds of an application cover."""
    standing = reader.holds.standing(application_id)
    return Covered(
        everything=any(hold.subject_ref is None for hold in standing),
        subjects=frozenset(hold.subject_ref for hold in standing if hold.subject_ref is not None),
    )


def require_not_held(reader: Reader, application_id: str, subject_ref: SubjectRef) -> None:
    """Return only if no hold keeps what is known about a subject.

    :raises Conflict: with the rule ``legal_hold``, when one does.
    """
    if held(reader, application_id).covers(subject_ref):
        raise Conflict(
            "A legal hold covers this user, so nothing is erased. Somebody whose role includes "
            "holds.write (an admin) can release the hold first.",
            facts={"rule": HELD},
        )


def place(
    unit: Unit,
    application_id: str,
    *,
    subject_id: SubjectId | None,
    reason: str,
    by: Party,
    origin: Origin,
) -> Hold:
    """A new hold on one subject, deleted or not, or without one on the whole application.

    Several may stand on the same subject; what they cover is kept until the last is released.

    :raises NotFound: no such application, or it never had such a subject.
    :raises InvalidInput: without a reason, or with one that is too long.
    """
    known_application(unit, application_id)
    subject = None if subject_id is None else unit.subjects.get(application_id, subject_id)
    # Deleted ones count as known: it is often them whom a court asks about.
    if subject_id is not None and subject is None:
        raise NotFound("The application never had a user with this id.")
    hold = Hold(
        id=unit.new_id(IdPrefix.HOLD),
        application_id=application_id,
        subject_id=subject_id,
        subject_ref=subject.ref if subject else None,
        reason=_reason(reason),
        placed_by=by.ref or by.name or by.kind,
        placed_at=unit.now,
    )
    unit.holds.add(hold)
    unit.record(_event(EventType.HOLD_PLACED, hold, subject.party if subject else None, by, origin))
    return hold


def release(unit: Unit, hold_id: str, *, by: Party, origin: Origin) -> Hold:
    """End a hold: retention catches up with what it kept. One released before is answered as is.

    :raises NotFound: no such hold.
    """
    hold = unit.holds.get(hold_id)
    if hold is None:
        raise NotFound("There is no such hold.")
    if hold.released_at is not None:
        return hold
    released = replace(hold, released_at=unit.now)
    unit.holds.save(released)
    # What was passed over lies before the mark, where nobody would look for it again.
    begin_anew(unit, hold.application_id)
    subject = (
        None if hold.subject_id is None else unit.subjects.get(hold.application_id, hold.subject_id)
    )
    unit.record(
        _event(EventType.HOLD_RELEASED, hold, subject.party if subject else None, by, origin)
    )
    return released


def _event(kind: EventType, hold: Hold, subject: Party | None, by: Party, origin: Origin) -> Event:
    return Event(
        type=kind,
        application_id=hold.application_id,
        actor=by,
        subject=subject,
        reason=hold.reason,
        address=origin.address,
        user_agent=origin.user_agent,
        details={"hold_id": hold.id},
    )


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise InvalidInput("Say why this is kept.", facts={"field": "reason"})
    if len(reason) > REASON_MAX_LENGTH:
        raise InvalidInput(
            f"A reason has at most {REASON_MAX_LENGTH:,} characters.", facts={"field": "reason"}
        )
    require_text(reason, "reason", lines=True)
    return reason
