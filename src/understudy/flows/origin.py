"""Where a call came from, and how foreign text enters the log."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import overload

_REPLACEMENT = "\ufffd"
_ADDRESS_LENGTH = 64
_USER_AGENT_LENGTH = 500


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The network address and user agent of a caller, as far as they are known."""

    address: str | None = None
    user_agent: str | None = None

    @classmethod
    def of(cls, address: str | None, user_agent: str | None) -> Origin:
        """An origin fit for the log, from what a stranger sent."""
        return cls(
            address=legible(address, _ADDRESS_LENGTH),
            user_agent=legible(user_agent, _USER_AGENT_LENGTH),
        )


@overload
def legible(text: str, limit: int) -> str: ...
@overload
def legible(text: None, limit: int) -> None: ...
@overload
def legible(text: str | None, limit: int) -> str | None: ...
def legible(text: str | None, limit: int) -> str | None:
    """``text`` as an entry may hold it: at most ``limit`` long, no control or format characters."""
    if text is None or (len(text) <= limit and text.isprintable()):
        return text
    return "".join(
        _REPLACEMENT if unicodedata.category(char).startswith("C") and char != "\n" else char
        for char in text[:limit]
    )
