"""Recorded actions as apps send them: what cannot be taken is replaced, and named."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, get_type_hints

import msgspec

from understudy.core.notices.events import Action
from understudy.flows.impersonation.record_actions import Phase, RecordedAction
from understudy.flows.origin import Origin
from understudy.wires.native.schemas.impersonations import ActionInput

_TYPES = get_type_hints(ActionInput, include_extras=True)
_NAMES = tuple(ActionInput.__struct_fields__)
_LENGTHS = {
    "path": 2_000,
    "route": 500,
    "address": 64,
    "user_agent": 500,
    "table": 200,
    "reference": 200,
}


def taken_action(given: object, *, now: datetime) -> RecordedAction:
    """The action in ``given``, whatever it is: a field that cannot be taken gets a stand-in."""
    if isinstance(given, ActionInput):
        return _recorded(given, ())
    try:
        return _recorded(msgspec.convert(given, ActionInput), ())
    except msgspec.ValidationError:
        members: dict[str, Any] = given if isinstance(given, dict) else {}
        return _mended(members, now)


def _mended(members: dict[str, Any], now: datetime) -> RecordedAction:
    stand_ins = {
        # Its own, as two actions under one id would read like an intent and its completion.
        "id": f"stand-in-{hashlib.sha256(repr(members).encode()).hexdigest()[:32]}",
        "phase": "completed",
        "at": now,
        "method": "OTHER",
        "path": "(not taken)",
    }
    fields: dict[str, Any] = {}
    replaced: list[str] = []
    for name in _NAMES:
        try:
            if name in members or name in stand_ins:
                fields[name] = msgspec.convert(members.get(name), _TYPES[name])
        except msgspec.ValidationError:
            fields[name] = _shortened(name, members.get(name)) or stand_ins.get(name)
            replaced.append(name)
    if members.keys() - fields.keys():
        replaced.append("unknown")
    return _recorded(ActionInput(**fields), tuple(replaced))


def _shortened(name: str, value: object) -> str | None:
    # Most of a path that is too long tells more than no path.
    length = _LENGTHS.get(name)
    return value[:length] if length is not None and isinstance(value, str) else None


def _recorded(action: ActionInput, replaced: tuple[str, ...]) -> RecordedAction:
    return RecordedAction(
        action=Action(
            id=action.id,
            method=action.method,
            route=action.route,
            path=action.path,
            status=action.status,
            duration_ms=action.duration_ms,
        ),
        phase=Phase(action.phase),
        at=action.at,
        rule=action.rule,
        table=action.table,
        kind=action.kind,
        did=action.did,
        reference=action.reference,
        origin=Origin.of(action.address, action.user_agent),
        replaced=replaced,
    )
