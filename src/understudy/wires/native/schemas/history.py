"""What a user may know about who worked in their account."""

from __future__ import annotations

from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.principals import ActorKind
from understudy.http.shapes import Answer, Time
from understudy.wires.native.schemas.impersonations import OrganizationAnswer


class HistoryActor(Answer, frozen=True, kw_only=True):
    """Who worked in the account.

    An application learns the name of an operator and no more of them; of people whom it named
    itself it gets back what it gave. Retention takes ``email`` and ``name``.
    """

    kind: ActorKind
    id: str | None
    email: str | None
    name: str | None


class HistoryCounts(Answer, frozen=True, kw_only=True):
    """What was done: requests that read, that asked for a change, and that were refused.

    Of a change that was announced and never reported to its end nobody knows whether it happened:
    it counts as one.
    """

    reads: int
    changes: int
    refused: int


class HistoryItem(Answer, frozen=True, kw_only=True):
    """One session in the account. ``ended_at`` and ``end_cause`` are null while it goes on.

    ``forgotten`` says that retention or an erasure took the words and the counts away: then
    ``reason``, ``ticket`` and ``actions`` are null, and the times are all that is left.
    """

    session_id: str
    actor: HistoryActor
    organization: OrganizationAnswer | None
    reason: str | None
    ticket: str | None
    scope: Scope
    started_at: Time
    ends_at: Time
    ended_at: Time | None
    end_cause: EndCause | None
    actions: HistoryCounts | None
    forgotten: bool
