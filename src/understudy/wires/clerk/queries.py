"""Query strings of lists: some parameters may be repeated, each fault names its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from understudy.wires.clerk.errors import unfit, unknown
from understudy.wires.clerk.parameters import line

_WHOLE = re.compile(r"[0-9]{1,15}")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}

LIMIT_DEFAULT = 10
LIMIT_MOST = 500
OFFSET_MOST = 1_000_000


class ListQuery:
    """The pairs of a query string, of which ``lists`` may repeat and ``unsupported`` are refused.

    An unknown filter is never ignored: a list of everybody would come instead.
    """

    def __init__(
        self,
        pairs: Sequence[tuple[str, str]],
        *,
        known: Collection[str],
        lists: Collection[str] = (),
    ) -> None:
        self._found: dict[str, list[str]] = {}
        for written, text in pairs:
            name = written.removesuffix("[]")
            if name not in known and name not in lists:
                raise unknown(name[:100], f"{name[:100]} is not a parameter that is known here.")
            self._found.setdefault(name, []).append(line(name, text))
            if name not in lists and len(self._found[name]) > 1:
                raise unfit(name, f"{name} appears more than once.")

    def text(self, name: str) -> str | None:
        """A parameter that appears once; None where it is missing or empty."""
        return next(iter(self._found.get(name, ())), None) or None

    def texts(self, name: str) -> tuple[str, ...]:
        """All values of a parameter."""
        return tuple(self._found.get(name, ()))

    def flag(self, name: str) -> bool | None:
        """True, false, or None where it is missing.

        :raises InvalidInput: anything else.
        """
        text = self.text(name)
        if text is not None and text not in _FLAGS:
            raise unfit(name, f"{name} must be true or false.")
        return None if text is None else _FLAGS[text]

    def limit(self) -> int:
        """How many rows are wanted.

        :raises InvalidInput: not 1 to 500.
        """
        return self._whole("limit", LIMIT_DEFAULT, least=1, most=LIMIT_MOST)

    def offset(self) -> int:
        """How many rows are to be passed over.

        :raises InvalidInput: not a whole number, or a huge one.
        """
        return self._whole("offset", 0, least=0, most=OFFSET_MOST)

    def _whole(self, name: str, default: int, *, least: int, most: int) -> int:
        text = self.text(name)
        if text is None:
            return default
        if _WHOLE.fullmatch(text) is None or not least <= int(text) <= most:
            raise unfit(name, f"{name} must be a whole number from {least} to {most}.")
        return int(text)
