"""How an application's settings lie in their column: each protocol's part, where it always lay.

NOTE: frozen. Before protocols had parts of their own, these members lay beside all others, and a
node of that release still reads and writes them there, on the same database.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from understudy.core.applications.application import ApplicationSettings
from understudy.storage.tables.rows import to_json

_BESIDE: Mapping[str, str] = {
    "browser_sdk": "stytch",
    "browser_origins": "stytch",
    "rbac_roles": "stytch",
}
"""Which protocol's a member is. What a protocol adds from now on lies in ``wires``."""
_WIRES = "wires"

_read_shared = msgspec.json.Decoder(ApplicationSettings).decode
_read_beside = msgspec.json.Decoder(
    msgspec.defstruct("Beside", [(name, Any, UNSET) for name in _BESIDE])
).decode


def write_settings(settings: ApplicationSettings) -> str:
    """The column's text."""
    members: dict[str, Any] = msgspec.to_builtins(settings)
    parts: dict[str, dict[str, Any]] = members.pop(_WIRES)
    moved = set()
    for name, wire in _BESIDE.items():
        if name in parts.get(wire, {}):
            members[name] = parts[wire].pop(name)
            moved.add(wire)
    left = {wire: part for wire, part in parts.items() if part or wire not in moved}
    return to_json(members | {_WIRES: left} if left else members)


def read_settings(text: str) -> ApplicationSettings:
    """The settings that a column's text holds."""
    settings, beside = _read_shared(text), _read_beside(text)
    parts = {wire: dict(part) for wire, part in settings.wires.items()}
    for name, wire in _BESIDE.items():
        value = getattr(beside, name)
        if value is not UNSET:
            parts.setdefault(wire, {})[name] = value
    # In place, and twice decoded: every exchange reads this, and any other way takes several
    # times as long.
    object.__setattr__(settings, _WIRES, parts)
    return settings
