"""A text that must not be seen: no log line, traceback or ``repr`` shows it."""

from __future__ import annotations

import hmac
from collections.abc import Callable


class Secret:
    """Holds a bearer token or an application's secret; ``reveal`` it only where it is sent.

    One that is kept elsewhere is fetched when it is first needed, by a ``value`` that is called.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str | Callable[[], str]) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself."""
        value = self._value
        if not isinstance(value, str):
            value = self._value = value()
        return value

    def __repr__(self) -> str:
        return "Secret('**********')"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.reveal().encode(), other.reveal().encode())

    def __hash__(self) -> int:
        return hash((Secret, self.reveal()))
