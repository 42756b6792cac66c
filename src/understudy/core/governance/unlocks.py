"""One blocked write that an actor asks for: somebody else allows that request alone, once.

A request is bound by its canonical fields and not by its bytes: boundaries, key order and tokens
against forgery differ each time the same form is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from understudy.core.ids import ActorRef, GrantId, SessionId, SubjectRef

UNLOCK_LIFE = timedelta(minutes=10)
"""How long one that was asked for waits, and how long one that was allowed can be used."""
MOST_WAITING = 5
"""How many of one session may wait for a decision; nobody could look at more with care."""
REASON_MAX_LENGTH = 1_000


class UnlockStatus(StrEnum):
    """Where it stands. Only what is ``ALLOWED`` lets anything pass, and is ``SPENT`` by that."""

    ASKED = "asked"
    ALLOWED = "allowed"
    REFUSED = "refused"
    SPENT = "spent"


@dataclass(frozen=True, kw_only=True)
class Write:
    """A request that changes something, as the guard reads it.

    ``query`` and ``fields`` are (name, value) in an order that does not depend on who sent it;
    a field's value is canonical text: for JSON the member as it was written, numbers included.
    """

    method: str
    host: str
    path: str
    media_type: str
    query: tuple[tuple[str, str], ...] = ()
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class Unlock:
    """What was asked for. ``fingerprint`` is a keyed hash of the write and of what it is bound to.

    ``fields`` are keyed hashes by name, which tell what differs and not what was in it. ``shown``
    are the values, encrypted, for whoever decides; None as soon as somebody has.
    """

    id: str
    application_id: str
    grant_id: GrantId
    session_id: SessionId
    actor_ref: ActorRef
    subject_ref: SubjectRef
    method: str
    fingerprint: bytes
    fields: Mapping[str, str]
    shown: bytes | None = field(default=None, repr=False)
    reason: str
    status: UnlockStatus
    asked_at: datetime
    expires_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    spent_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Whether time has left it anything to be decided or used."""
        return now < self.expires_at
