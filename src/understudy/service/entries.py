"""Audit entries as answers: what an event said, put together again from its two halves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from understudy.core.events import Outcome, PartyKind
from understudy.core.ports import Entry
from understudy.core.tokens import IdPrefix
from understudy.service.schemas.audit import ActionAnswer, EntryAnswer, PartyAnswer

Half = Mapping[str, Any]


def entry_answer(entry: Entry) -> EntryAnswer:
    """One entry; halves that were erased are null and named in ``erased``."""
    core: Half = entry.core or {}
    personal: Half = entry.personal or {}
    outcome = core.get("outcome")
    return EntryAnswer(
        index=entry.index,
        time=entry.time,
        type=entry.type,
        application_id=core.get("application_id"),
        actor=_party("actor", core, personal, kind=core.get("actor_kind")),
        subject=_party("subject", core, personal, kind=_subject_kind(core)),
        organization=_party("organization", core, personal, kind=PartyKind.ORGANIZATION),
        grant_id=core.get("grant_id"),
        session_id=core.get("session_id"),
        outcome=Outcome(outcome) if outcome is not None else None,
        rule=core.get("rule"),
        reason=personal.get("reason"),
        ticket=personal.get("ticket"),
        address=personal.get("address"),
        user_agent=personal.get("user_agent"),
        action=_action(core, personal),
        details=dict(core.get("details") or {}),
        erased=[
            name
            for name, half in (("core", entry.core), ("personal", entry.personal))
            if half is None
        ],
    )


def _party(role: str, core: Half, personal: Half, *, kind: str | None) -> PartyAnswer | None:
    found = PartyAnswer(
        kind=kind or PartyKind.SYSTEM,
        ref=core.get(f"{role}_ref"),
        id=personal.get(f"{role}_id"),
        email=personal.get(f"{role}_email"),
        name=personal.get(f"{role}_name"),
    )
    named = any((found.ref, found.id, found.email, found.name))
    return found if named or (role == "actor" and kind) else None


def _subject_kind(core: Half) -> PartyKind:
    # An entry about the team is about an operator.
    ref = str(core.get("subject_ref", ""))
    return PartyKind.OPERATOR if ref.startswith(IdPrefix.OPERATOR) else PartyKind.SUBJECT


def _action(core: Half, personal: Half) -> ActionAnswer | None:
    if core.get("action_id") is None:
        return None
    return ActionAnswer(
        id=core["action_id"],
        method=core["method"],
        route=core.get("route"),
        path=personal.get("path"),
        status=core.get("status"),
        duration_ms=core.get("duration_ms"),
    )
