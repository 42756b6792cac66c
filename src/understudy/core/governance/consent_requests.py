"""An operator's question to a user: may I work in your account?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from understudy.core.ids import ActorRef, SubjectId, SubjectRef
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.principals import Actor

REQUEST_LIFE = timedelta(minutes=30)
"""How long a question waits for its answer."""
CODE_LIFE = timedelta(minutes=10)
CODE_DIGITS = 8
MOST_TRIES = 5
"""So many codes may be tried for one question, right or wrong."""
MOST_WRONG_A_DAY = 10
MOST_WRONG = 20
"""Whoever said so many wrong codes in all is frozen until an admin has looked."""
DAY = timedelta(days=1)


class RequestState(StrEnum):
    """What became of a question. Time aside: one that nobody answered expires."""

    PENDING = "pending"
    ALLOWED = "allowed"
    DECLINED = "declined"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, kw_only=True)
class ConsentRequest:
    """Who asks whom, for what; the answer is to exactly this.

    ``code_hash`` stands for the code that the user may read out, ``tries`` counts what was tried.
    """

    id: str
    application_id: str
    subject_id: SubjectId
    subject_ref: SubjectRef
    actor: Actor
    reason: str
    ticket: str | None
    scope: Scope
    minutes: int
    state: RequestState = RequestState.PENDING
    created_at: datetime
    expires_at: datetime
    code_hash: bytes | None = field(default=None, repr=False)
    code_expires_at: datetime | None = None
    tries: int = 0

    def is_pending(self, now: datetime) -> bool:
        """Whether it may be answered still."""
        return self.state is RequestState.PENDING and now < self.expires_at

    def takes_codes(self, now: datetime) -> bool:
        """Whether a code can be right at ``now``."""
        until = self.code_expires_at
        return self.is_pending(now) and until is not None and now < until


@dataclass(frozen=True, kw_only=True)
class CodeTries:
    """How many wrong codes an actor has said: since ``since``, a day at most, and in all."""

    actor_ref: ActorRef
    since: datetime
    wrong_today: int = 0
    wrong: int = 0

    def at(self, now: datetime) -> CodeTries:
        """The same, a new day begun where the last is over."""
        if now < self.since + DAY:
            return self
        return CodeTries(actor_ref=self.actor_ref, since=now, wrong=self.wrong)

    @property
    def spent(self) -> bool:
        """Whether no code of theirs is looked at any more today."""
        return self.wrong_today >= MOST_WRONG_A_DAY

    @property
    def suspicious(self) -> bool:
        """Whether so many were wrong that this is guessing."""
        return self.wrong >= MOST_WRONG
