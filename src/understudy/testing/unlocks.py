"""Changes that apps have asked a fake service for."""

from __future__ import annotations

from understudy.core.governance.unlocks import Write
from understudy.sdk.unlock.values import Asked, Spent


class Unlocks:
    """What was asked for, and what was allowed and not yet spent."""

    def __init__(self) -> None:
        self._asked: list[tuple[str, Write, str]] = []
        self._allowed: set[tuple[str, Write]] = set()

    def ask(self, session_id: str, write: Write, reason: str) -> Asked:
        """Take note of what somebody wants, and why."""
        self._asked.append((session_id, write, reason))
        return Asked(id=f"unl_{len(self._asked):08}", status="asked")

    def of(self, session_id: str) -> list[tuple[Write, str]]:
        """What was asked for in a session, and why, in order."""
        return [(write, reason) for of, write, reason in self._asked if of == session_id]

    def allow(self, session_id: str, write: Write) -> None:
        """Let ``write`` pass, once."""
        self._allowed.add((session_id, write))

    def spend(self, session_id: str, write: Write) -> Spent:
        """Whether ``write`` may pass now."""
        if (session_id, write) not in self._allowed:
            return Spent(spent=False)
        self._allowed.remove((session_id, write))
        return Spent(spent=True)
