"""What a policy mentions: names of facts, and values of each type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

_UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
_SPAN = re.compile(r"(\d+)(ms|d|h|m|s)")


@dataclass(frozen=True, kw_only=True)
class Literals:
    """``mentioned`` are names of facts; ``entities`` are pairs of a type and an id."""

    mentioned: frozenset[str]
    texts: tuple[str, ...]
    numbers: tuple[int, ...]
    addresses: tuple[str, ...]
    moments: tuple[datetime, ...]
    durations: tuple[timedelta, ...]
    entities: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, policy: Mapping[str, Any]) -> Self:
        """What a policy, taken apart, mentions anywhere."""
        found = list(_walk({name: policy[name] for name in policy if name != "annotations"}))

        def all_of(kind: str) -> list[Any]:
            return list(dict.fromkeys(value for one, value in found if one == kind))

        return cls(
            mentioned=frozenset(all_of("attribute")),
            texts=tuple(all_of("text")),
            numbers=tuple(all_of("number")),
            addresses=tuple(one.partition("/")[0] for one in all_of("ip")),
            moments=tuple(filter(None, map(_moment, all_of("datetime")))),
            durations=tuple(map(_span, all_of("duration"))),
            entities=tuple(all_of("entity")),
        )

    def named(self, kind: str) -> tuple[str, ...]:
        """The ids of entities of one type."""
        return tuple(name for one, name in self.entities if one == kind)


def _walk(tree: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - a tree of anything
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(reversed(part))
        elif isinstance(part, dict):
            yield from _said(part)
            waiting.extend(part[name] for name in reversed(part) if name != "pattern")


def _said(part: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(part.get("attr"), str):
        yield "attribute", part["attr"]
    if isinstance(part.get("pattern"), list):
        yield "text", _as_text(part["pattern"])
    if part.keys() == {"type", "id"}:
        yield "entity", (part["type"], part["id"])
    for name, value in part.items():
        yield from _value(name, value)


def _value(name: str, value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any literal
    if name in ("ip", "datetime", "duration"):
        yield name, value[0].get("Value", "")
    elif name == "Value" and isinstance(value, str):
        yield "text", value
    elif name == "Value" and isinstance(value, int) and not isinstance(value, bool):
        yield "number", value


def _as_text(pattern: list[Any]) -> str:
    """A text that a pattern matches: something in place of each wildcard."""
    return "".join(one["Literal"] if isinstance(one, dict) else "x" for one in pattern)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _span(text: str) -> timedelta:
    return timedelta(milliseconds=sum(int(n) * _UNITS[unit] for n, unit in _SPAN.findall(text)))
