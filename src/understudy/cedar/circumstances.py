"""What policies look at: whatever else is known changes no verdict, and Cedar need not know it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_CONTEXT: Mapping[str, Any] = {"Var": "context"}
_ACTION: Mapping[str, Any] = {"Var": "action"}


@dataclass(frozen=True, kw_only=True)
class Looked:
    """``circumstances`` are names in the context, None for all. Policies that do not look at the
    ``moment`` say the same at the start and later.
    """

    circumstances: frozenset[str] | None = None
    moment: bool = True


EVERYTHING = Looked()


def looked_at(policies: Mapping[str, Any]) -> Looked:
    """What ``policies``, taken apart, look at."""
    found = frozenset(_names(policies))
    heads = any(one["action"]["op"] != "All" for one in policies.values())
    names = frozenset(name for name in found if isinstance(name, str))
    return Looked(
        circumstances=None if _WHOLE in found else names, moment=heads or _MOMENT in found
    )


_WHOLE, _MOMENT = 0, 1


def _names(policies: Mapping[str, Any]) -> Iterator[str | int]:
    waiting: list[Any] = list(policies.values())
    while waiting:
        part = waiting.pop()
        if part == _CONTEXT:
            yield _WHOLE  # compared with something, or handed on
        elif part == _ACTION:
            yield _MOMENT
        elif isinstance(part, dict) and part.get("left") == _CONTEXT and "attr" in part:
            yield part["attr"]
        elif isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
