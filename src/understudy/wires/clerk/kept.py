"""What these clients store with users, beyond what rules look at; it lies under ``extra.clerk``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from understudy.core.people.principals import Subject

_KEY = "clerk"
METADATA = ("public_metadata", "private_metadata", "unsafe_metadata")


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Little of it has an effect: ``first_name`` and ``last_name`` make up the name, ``role`` and
    ``roles`` in ``public_metadata`` are roles.
    """

    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None
    locale: str | None = None
    phone_numbers: tuple[str, ...] = ()
    public_metadata: dict[str, Any] = msgspec.field(default_factory=dict)
    private_metadata: dict[str, Any] = msgspec.field(default_factory=dict)
    unsafe_metadata: dict[str, Any] = msgspec.field(default_factory=dict)

    @property
    def name(self) -> str | None:
        """The whole name."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or None


def roles_in(kept: Kept) -> tuple[str, ...]:
    """The roles that an app keeps where these clients' guides say: ``role`` or ``roles``."""
    found: list[object] = []
    for name in ("role", "roles"):
        value = kept.public_metadata.get(name)
        found += value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(role for role in found if isinstance(role, str) and role))


def roles_after(roles: Iterable[str], before: Kept, kept: Kept) -> tuple[str, ...]:
    """``roles`` once metadata changed from ``before``; what else gave a role is left alone."""
    was, now = roles_in(before), roles_in(kept)
    if was == now:
        return tuple(roles)
    return tuple(dict.fromkeys([*(role for role in roles if role not in was), *now]))


def kept_of(subject: Subject) -> Kept:
    """What was kept of a subject. A name that was changed elsewhere since is all first name."""
    kept = msgspec.convert(subject.extra.get(_KEY, {}), Kept)
    if kept.name == subject.name:
        return kept
    return msgspec.structs.replace(kept, first_name=subject.name, last_name=None)


def with_kept(extra: Mapping[str, Any], kept: Kept) -> Mapping[str, Any]:
    """``extra`` with what is kept here replaced; what other wires keep stays."""
    others = {name: value for name, value in extra.items() if name != _KEY}
    found = msgspec.to_builtins(kept)
    return {**others, _KEY: found} if found else others


def merged(before: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """``before`` with ``change`` merged into it, deeply; a null takes its key away."""
    found = dict(before)
    for name, value in change.items():
        known = found.get(name)
        if value is None:
            found.pop(name, None)
        elif isinstance(value, dict) and isinstance(known, dict):
            found[name] = merged(known, value)
        else:
            found[name] = value
    return found
