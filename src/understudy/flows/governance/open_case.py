"""Open a case about an actor, who starts nothing from then on."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.governance.cases import NOTE_MAX_LENGTH, Case, CaseKind
from understudy.core.ids import OperatorId, SessionId
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.principals import Actor, ActorKind, Subject
from understudy.core.ports import SessionFilter, Unit
from understudy.flows.governance.whom import told
from understudy.flows.impersonation.consented import refs_of
from understudy.flows.impersonation.premises import end_fallen
from understudy.flows.origin import Origin, legible


def open_case(
    unit: Unit,
    subject: Subject,
    actor: Actor,
    kind: CaseKind,
    *,
    note: str,
    session_id: SessionId | None = None,
    origin: Origin,
) -> Case:
    """A case, with which the actor is frozen; what they work at ends in this unit."""
    case = Case(
        id=unit.new_id(IdPrefix.CASE),
        application_id=subject.application_id,
        subject_id=subject.id,
        subject_ref=subject.ref,
        actor=actor,
        session_id=session_id,
        kind=kind,
        note=legible(note.strip(), NOTE_MAX_LENGTH, joiners=True),
        opened_at=unit.now,
    )
    unit.cases.add(case)
    _freeze(unit, case)
    event = told(
        EventType.CASE_OPENED,
        subject,
        by=subject.party if kind is CaseKind.NOT_AGREED else actor.party,
        origin=origin,
        reason=case.note or None,
        details={"case_id": case.id, "kind": kind, "actor_ref": actor.ref},
    )
    unit.record(replace(event, session_id=session_id))
    for ref in refs_of(unit, case.application_id, actor):
        end_fallen(unit, SessionFilter(actor_ref=ref), by=SYSTEM, origin=origin)
    return case


def _freeze(unit: Unit, case: Case) -> None:
    if case.actor.kind is ActorKind.OPERATOR:
        operator = unit.operators.get(OperatorId(case.actor.ref))
        if operator is not None and operator.frozen_at is None:
            unit.operators.save(replace(operator, frozen_at=unit.now))
        return
    # Whoever an application names is looked up only where somebody is frozen at all.
    application = unit.applications.get(case.application_id)
    if application is not None:
        frozen = (application.freezes or 0) + 1
        unit.applications.save(replace(application, freezes=frozen))
