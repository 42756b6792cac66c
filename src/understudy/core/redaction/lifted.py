"""What a session is shown for a while although a rule hides it: one rule, at one address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from understudy.core.ids import SessionId
from understudy.core.redaction.names import normalised
from understudy.core.redaction.rules import RedactionRule

REVEAL_LIFE = timedelta(minutes=10)
"""How long it is shown, and never longer than the session lasts."""
MOST_REVEALS = 10
"""So many in one session: who needs more than that needs another rule."""
REASON_MAX_LENGTH = 1_000
PATH_MAX_LENGTH = 2_000


@dataclass(frozen=True, kw_only=True)
class Lifted:
    """The values that the rule of this ``kind`` and ``match`` hides, at ``path``."""

    kind: str
    match: str
    path: str

    def is_by(self, rule: RedactionRule) -> bool:
        """Whether ``rule`` is the one, however its name is spelled."""
        return self.kind == rule.kind and normalised(self.match) == normalised(rule.match)

    def is_at(self, path: str) -> bool:
        """Whether ``path`` is its address."""
        return path.rstrip("/") == self.path.rstrip("/")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What is shown until a moment, which is no part of it."""

    lifted: Lifted
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Reveal:
    """What somebody asked to see in a session."""

    id: str
    application_id: str
    session_id: SessionId
    kind: str
    match: str
    path: str
    revealed_at: datetime
    expires_at: datetime

    @property
    def shown(self) -> Shown:
        """What is shown by it, as a guard is told."""
        lifted = Lifted(kind=self.kind, match=self.match, path=self.path)
        return Shown(lifted=lifted, until=self.expires_at)
