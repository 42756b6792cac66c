"""How an application's settings lie in their column: each protocol's part, where it always lay.

NOTE: frozen. Before protocols had parts of their own, these members lay beside all others, and a
node of that release still reads and writes them there, on the same database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from understudy.core.applications.application import ApplicationSettings
from understudy.core.applications.bounds import within_bounds
from understudy.storage.tables.stored_json import from_json, plain, to_json

_BESIDE: Mapping[str, str] = {
    "browser_sdk": "stytch",
    "browser_origins": "stytch",
    "rbac_roles": "stytch",
}
"""Which protocol's a member is. What a protocol adds from now on lies in ``wires``."""
_WIRES = "wires"

_read = from_json(ApplicationSettings)


def write_settings(settings: ApplicationSettings) -> str:
    """The column's text."""
    members = plain(settings)
    parts = {wire: dict(part) for wire, part in members.pop(_WIRES).items()}
    moved = set()
    for name, wire in _BESIDE.items():
        if name in parts.get(wire, {}):
            members[name] = parts[wire].pop(name)
            moved.add(wire)
    left = {wire: part for wire, part in parts.items() if part or wire not in moved}
    return to_json(members | {_WIRES: left} if left else members)


def read_settings(text: str) -> ApplicationSettings:
    """The settings that a column's text holds, within their bounds whoever wrote them."""
    settings: ApplicationSettings = _read(text)
    parts = {wire: dict(part) for wire, part in settings.wires.items()}
    unknown = dict(settings.unknown)
    for name, wire in _BESIDE.items():
        if name in unknown:
            parts.setdefault(wire, {})[name] = unknown.pop(name)
    return within_bounds(replace(settings, wires=parts, unknown=unknown))
