"""Audit entries as answers."""

from __future__ import annotations

from understudy.audit.exports.facts import Facts, Person
from understudy.core.notices.events import Outcome, PartyKind
from understudy.core.ports import Entry
from understudy.wires.native.schemas.audit import ActionAnswer, EntryAnswer, PartyAnswer


def entry_answer(entry: Entry) -> EntryAnswer:
    """One entry; halves that were erased are null and named in ``erased``."""
    facts = Facts.of(entry)
    return EntryAnswer(
        index=facts.index,
        time=facts.time,
        type=facts.type,
        application_id=facts.application_id,
        actor=_party(facts.actor),
        doer=_party(facts.doer),
        subject=_party(facts.subject),
        organization=_party(facts.organization),
        grant_id=facts.grant_id,
        session_id=facts.session_id,
        outcome=Outcome(facts.outcome) if facts.outcome is not None else None,
        rule=facts.rule,
        reason=facts.reason,
        ticket=facts.ticket,
        address=facts.address,
        user_agent=facts.user_agent,
        action=_action(facts),
        details=dict(facts.details),
        erased=list(facts.erased),
    )


def _party(person: Person | None) -> PartyAnswer | None:
    if person is None:
        return None
    return PartyAnswer(
        kind=person.kind or PartyKind.SYSTEM,
        ref=person.ref,
        id=person.id,
        email=person.email,
        name=person.name,
        taken_over=person.taken_over,
    )


def _action(facts: Facts) -> ActionAnswer | None:
    if facts.action_id is None or facts.method is None:
        return None
    return ActionAnswer(
        id=facts.action_id,
        method=facts.method,
        route=facts.route,
        path=facts.path,
        status=facts.status,
        duration_ms=facts.duration_ms,
    )
