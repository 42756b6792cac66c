"""Where a call came from, and how foreign text enters the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

from understudy.core.text import cleaned

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
def legible(text: str, limit: int, *, joiners: bool = False) -> str: ...
@overload
def legible(text: None, limit: int, *, joiners: bool = False) -> None: ...
@overload
def legible(text: str | None, limit: int, *, joiners: bool = False) -> str | None: ...
def legible(text: str | None, limit: int, *, joiners: bool = False) -> str | None:
    """``text`` as an entry may hold it: at most ``limit`` long, nothing in it that is no text."""
    return None if text is None else cleaned(text[:limit], joiners=joiners)
