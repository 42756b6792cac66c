"""Look into a case and close it; and let its actor work again, or not."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.governance.cases import NOTE_MAX_LENGTH, Case
from understudy.core.ids import OperatorId
from understudy.core.notices.events import Event, EventType
from understudy.core.people.principals import ActorKind, Operator
from understudy.core.ports import Unit
from understudy.core.text import require_text
from understudy.errors import Conflict, InvalidInput, NotFound
from understudy.flows.impersonation.known_as import (
    actor_known_as,
    operator_known_as,
    subject_known_as,
)
from understudy.flows.origin import Origin


def close_case(
    unit: Unit, case_id: str, *, note: str, lift: bool, by: Operator, origin: Origin
) -> Case:
    """Close it with a ``note``; with ``lift`` its actor may work again, as far as it goes.

    What was closed without that can be lifted later.

    :raises NotFound: no such case.
    :raises InvalidInput: without a note, or one that is no text.
    :raises Conflict: it is about whoever would close it, or theirs, or is closed.
    """
    case = unit.cases.get(case_id)
    if case is None:
        raise NotFound("There is no such case.")
    _require_somebody_else(unit, case, by)
    text = _note(note)
    if case.lifted_at is not None or (case.closed_at is not None and not lift):
        raise Conflict("This case is closed.", facts={"rule": "case_closed"})
    closed = replace(
        case,
        closed_at=case.closed_at or unit.now,
        closed_by=by.id,
        closing_note=text,
        lifted_at=unit.now if lift else None,
    )
    unit.cases.save(closed)
    if lift:
        _thaw(unit, closed)
    subject = unit.subjects.get(case.application_id, case.subject_id)
    unit.record(
        Event(
            type=EventType.CASE_CLOSED,
            application_id=case.application_id,
            actor=by.party,
            subject=subject.party if subject and subject.ref == case.subject_ref else None,
            reason=text,
            address=origin.address,
            user_agent=origin.user_agent,
            details={"case_id": case.id, "lifted": lift, "actor_ref": case.actor.ref},
        )
    )
    return closed


def _require_somebody_else(unit: Unit, case: Case, by: Operator) -> None:
    """Nobody judges their own complaint, nor what is said of them."""
    known_as = operator_known_as(unit, by, case.application_id)
    user = subject_known_as(unit, case.application_id, case.subject_id, case.subject_ref)
    if known_as.is_same_as(user):
        raise Conflict("Somebody else looks into what you said.", facts={"rule": "own_case"})
    if known_as.is_same_as(actor_known_as(unit, case.application_id, case.actor)):
        raise Conflict("Somebody else looks into what is about you.", facts={"rule": "own_case"})


def _thaw(unit: Unit, case: Case) -> None:
    tries = unit.consent_requests.tries_of(case.actor.ref)
    if tries is not None:
        unit.consent_requests.save_tries(replace(tries, wrong_today=0, wrong=0))
    if case.actor.kind is ActorKind.OPERATOR:
        operator = unit.operators.get(OperatorId(case.actor.ref))
        if operator is not None and not unit.cases.freezes(case.actor.ref):
            unit.operators.save(replace(operator, frozen_at=None))
        return
    application = unit.applications.get(case.application_id)
    if application is not None:
        frozen = (application.freezes or 1) - 1
        unit.applications.save(replace(application, freezes=frozen or None))


def _note(text: str) -> str:
    note = text.strip()
    if not 0 < len(note) <= NOTE_MAX_LENGTH:
        raise InvalidInput(
            f"Say what you found, in at most {NOTE_MAX_LENGTH:,} characters.",
            facts={"field": "note"},
        )
    require_text(note, "note", lines=True)
    return note
