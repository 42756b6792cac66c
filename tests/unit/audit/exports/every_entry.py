"""An entry of every type, saying as much as it can and as little as it can, for foreign schemas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.unit.audit.example_entries import ACME, ADA, SAM, STARTED, action, facts
from understudy.audit.exports.facts import Facts
from understudy.core.notices.event_sets import KINDS
from understudy.core.notices.events import SYSTEM, Event, EventType, Outcome, Party, PartyKind
from understudy.core.notices.kinds import Deed

MARA = Party(
    kind=PartyKind.OPERATOR, ref="opr_2", id="opr_2", email="mara@support.example", name="Mara Kent"
)
KIM = Party(
    kind=PartyKind.NAMED_BY_APPLICATION,
    ref="act_7",
    id="opr_2",
    email="mara@support.example",
    name="Mara Kent",
)
"""Whom an application calls what an operator is called."""

METHODS = ("GET", "POST", "TRACE", "PROPFIND", "get", "X" * 32)
_REQUESTS = {Deed.INTENDED, Deed.COMPLETED, Deed.BLOCKED}


def entries_of(event_type: EventType) -> Iterator[tuple[str, Facts]]:
    """Each with what is special about it."""
    request = KINDS.of(event_type).deed in _REQUESTS
    full = replace(
        STARTED,
        type=event_type,
        subject=ADA,
        organization=ACME,
        rule="subject_protected",
        details={"cause": "revoked", "count": 3, "late": True},
        action=action() if request else None,
    )
    yield "full", facts(full)
    yield "with a doer", facts(replace(full, doer=MARA))
    doubted = replace(full, actor=replace(SAM, taken_over=True))
    yield "taken over", facts(doubted)
    yield "both taken over", facts(replace(doubted, doer=replace(MARA, taken_over=True)))
    yield "by time", facts(replace(full, doer=SYSTEM, address=None, user_agent=None))
    yield "named by an application", facts(replace(full, actor=KIM))
    yield "an address that is none", facts(replace(full, address="unix:/run/app.sock"))
    yield "IPv6", facts(replace(full, address="2001:db8::7"))
    for outcome in Outcome:
        yield outcome.value, facts(replace(full, outcome=outcome))
    for kind in PartyKind:
        yield f"by {kind}", facts(replace(full, actor=replace(SAM, kind=kind)))
    for erased in (("core",), ("personal",), ("core", "personal")):
        yield f"without {erased}", facts(full, without=erased)
    yield "least", facts(_least(event_type, request=request))
    yield "outside of a session", facts(replace(full, grant_id=None, session_id=None))
    if request:
        for method in METHODS:
            yield method, facts(replace(full, action=action(method)))


def _least(event_type: EventType, *, request: bool) -> Event:
    bare: dict[str, Any] = {"status": None, "duration_ms": None, "route": None}
    return Event(type=event_type, action=action(**bare) if request else None)
