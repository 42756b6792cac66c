"""The parameters of a request, read one by one, so that each fault names the one it is about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from understudy.core.text import fault_in
from understudy.core.text_within import fault_within
from understudy.wires.clerk.errors import missing, unfit, unknown

LONGEST = 255
_NAMES = frozenset({"first_name", "last_name", "actor.name"})


class Parameters:
    """What was given; null stands for nothing, as these clients send it."""

    def __init__(self, given: Mapping[str, Any], *, known: frozenset[str]) -> None:
        for name in given:
            if name not in known:
                raise unknown(str(name)[:LONGEST])
        self._given = {name: value for name, value in given.items() if value is not None}
        self._null = frozenset(given) - frozenset(self._given)

    def __contains__(self, name: str) -> bool:
        """True when the parameter was given, be it as null."""
        return name in self._given or name in self._null

    def text(self, name: str, *, longest: int = LONGEST) -> str | None:
        """One line of text.

        :raises InvalidInput: anything else.
        """
        value = self._given.get(name)
        return None if value is None else line(name, value, longest=longest)

    def required(self, name: str, *, longest: int = LONGEST) -> str:
        """One line of text that must be there and says something.

        :raises InvalidInput: it is missing, or something else.
        """
        found = self.text(name, longest=longest)
        if not found:
            raise missing(name)
        return found

    def seconds(self, name: str, default: int) -> int:
        """A whole number of seconds, at least 1.

        :raises InvalidInput: anything else.
        """
        value = self._given.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise unfit(name, f"{name} must be a positive whole number.")
        return value

    def flag(self, name: str) -> bool | None:
        """True, false, or None where it was not given.

        :raises InvalidInput: anything else.
        """
        value = self._given.get(name)
        if value is not None and not isinstance(value, bool):
            raise unfit(name, f"{name} must be true or false.")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of lines of text.

        :raises InvalidInput: anything else.
        """
        value = self._given.get(name, [])
        if not isinstance(value, list):
            raise unfit(name, f"{name} must be a list.")
        return tuple(line(name, item) for item in value)

    def mapping(self, name: str, *, most_bytes: int) -> dict[str, Any] | None:
        """A JSON object of at most ``most_bytes``.

        :raises InvalidInput: anything else.
        """
        value = self._given.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise unfit(name, f"{name} must be an object.")
        require_small(name, value, most_bytes)
        return value


def line(name: str, value: object, *, longest: int = LONGEST) -> str:
    """``value`` as one line of text that can be shown.

    :raises InvalidInput: it is something else.
    """
    if not isinstance(value, str):
        raise unfit(name, f"{name} must be a string.")
    if len(value) > longest:
        raise unfit(name, f"{name} is longer than {longest} characters.")
    fault = fault_in(value, joiners=name in _NAMES)
    if fault is not None:
        raise unfit(name, f"{name} holds {fault}, which cannot be shown.")
    return value


def require_shown(name: str, value: Mapping[str, Any]) -> None:
    """Return only if every name and string within ``value`` can be shown.

    :raises InvalidInput: naming the character and the member.
    """
    found = fault_within(value)
    if found is not None:
        place, fault = found
        where = f"{name}.{place}" if place else name
        raise unfit(where, f"{where} holds {fault}, which cannot be shown.")


def require_small(name: str, value: Mapping[str, Any], most_bytes: int) -> None:
    """Return only if ``value`` is strict JSON of at most ``most_bytes``.

    :raises InvalidInput: it is larger, or holds a number or text that JSON has not.
    """
    try:
        size = len(json.dumps(value, allow_nan=False, ensure_ascii=False).encode())
    except (ValueError, RecursionError):
        raise unfit(name, f"{name} is not an object that can be kept.") from None
    if size > most_bytes:
        raise unfit(name, f"{name} is larger than {most_bytes} bytes as JSON.")
