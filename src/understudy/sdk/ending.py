"""One ending on its way to the service: of a session, or of all that actors have."""

from __future__ import annotations

import secrets
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import Enum, auto

from understudy.core.impersonation.sessions import EndCause
from understudy.sdk import outbox
from understudy.sdk.secret import Secret


class Kind(Enum):
    """What is known of whatever is to end."""

    SESSION = auto()
    TOKEN = auto()
    ACTORS = auto()


# Anybody may make up a token; and of actors there is one, beside those of earlier processes.
MOST = {Kind.SESSION: 10_000, Kind.TOKEN: 1_000, Kind.ACTORS: 1_000}
"""How many endings wait."""
MAX_ACTORS = 100_000
"""Whose sessions are to end together."""


@dataclass(kw_only=True, eq=False)
class Ending:
    """``session_id`` is None while only the token is known: then the service is asked for it.

    Or while the sessions of actors are still to be found. ``asked_for`` are those for whom the
    service was asked, ``actor_ids`` those who came since.
    """

    session_id: str | None = None
    token: Secret | None = None
    cause: EndCause = EndCause.REVOKED
    actor_ids: set[str] = field(default_factory=set)
    asked_for: set[str] = field(default_factory=set)
    keep_until: float
    name: str = field(default_factory=lambda: secrets.token_hex(16))
    done: Future[None] = field(default_factory=Future)
    not_before: float = 0.0
    pause: float = 0.0
    kept: bool = False

    @property
    def kind(self) -> Kind:
        """What is known of whatever is to end."""
        if self.session_id is not None:
            return Kind.SESSION
        return Kind.TOKEN if self.token is not None else Kind.ACTORS

    @property
    def everybody(self) -> set[str]:
        """The actors whose sessions are to end."""
        return self.asked_for | self.actor_ids

    @property
    def count(self) -> int:
        """How many endings are lost with it."""
        return len(self.everybody) or 1

    def has_room_for(self, actor_id: str) -> bool:
        """Whether one more actor can wait, which one who waits already always can."""
        waiting = len(self.actor_ids) + len(self.asked_for)
        return actor_id in self.actor_ids or waiting < MAX_ACTORS

    def postpone(self, *, hurried: bool) -> None:
        """Try again after a pause that grows, unless the process is about to stop."""
        self.pause = min(self.pause * 2, outbox.LONGEST_PAUSE) or outbox.FIRST_PAUSE
        pause = outbox.FIRST_PAUSE if hurried else self.pause
        self.not_before = time.monotonic() + pause

    def tell(self) -> None:
        """Let whoever waits know that the session is over."""
        if not self.done.done():
            self.done.set_result(None)
