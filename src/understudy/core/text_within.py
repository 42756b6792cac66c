"""Text that lies somewhere within what a caller gave as JSON."""

from __future__ import annotations

from understudy.core.text import TextFault, fault_in


def fault_within(value: object) -> tuple[str, TextFault] | None:
    """The first character that is no text in the names and strings of ``value``, and where.

    The place is the names that lead there, as ``team.name`` or ``tags.0``. Several lines are text
    here, as nobody knows what a member is for.

    NOTE: without recursion, as a caller decides how deep it goes.
    """
    waiting: list[tuple[str, object]] = [("", value)]
    while waiting:
        place, found = waiting.pop()
        if isinstance(found, str):
            fault = fault_in(found, lines=True)
            if fault is not None:
                return place, fault
        elif isinstance(found, dict):
            for name, member in reversed(found.items()):
                # A name is judged before what it leads to, and told by where it stands.
                waiting += [(_below(place, name), member), (place, name)]
        elif isinstance(found, list):
            waiting += [(_below(place, str(index)), one) for index, one in _backwards(found)]
    return None


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _backwards(items: list[object]) -> list[tuple[int, object]]:
    return list(enumerate(items))[::-1]
