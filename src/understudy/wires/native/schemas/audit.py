"""The audit log as the dashboard and auditors read it."""

from __future__ import annotations

from understudy.core.notices.events import Outcome
from understudy.http.shapes import Answer, Time


class PartyAnswer(Answer, frozen=True, kw_only=True):
    """Somebody in an entry; names are null once erased.

    ``taken_over`` says that nobody had confirmed by then that they own their account, into which
    somebody had got by a fresh link.
    """

    kind: str
    ref: str | None
    id: str | None
    email: str | None
    name: str | None
    taken_over: bool


class ActionAnswer(Answer, frozen=True, kw_only=True):
    """The request that an action entry is about."""

    id: str
    method: str
    route: str | None
    path: str | None
    status: int | None
    duration_ms: int | None


class EntryAnswer(Answer, frozen=True, kw_only=True):
    """One entry. ``erased`` says which halves are gone, each covered by an erasure entry.

    ``actor`` is who the session or grant is of; ``doer`` who did it, null when the actor did.
    Address and user agent are the doer's. Expect a ``type`` that you do not know: a newer node may
    have written the entry.
    """

    index: int
    time: Time
    type: str
    application_id: str | None
    actor: PartyAnswer | None
    doer: PartyAnswer | None
    subject: PartyAnswer | None
    organization: PartyAnswer | None
    grant_id: str | None
    session_id: str | None
    outcome: Outcome | None
    rule: str | None
    reason: str | None
    ticket: str | None
    address: str | None
    user_agent: str | None
    action: ActionAnswer | None
    details: dict[str, str | int | bool | None]
    erased: list[str]


class LogAnswer(Answer, frozen=True, kw_only=True):
    """What the log publishes about itself: name, verifier keys, newest signed checkpoint."""

    origin: str
    verifier_keys: list[str]
    checkpoint: str
    size: int


class ReceiptAnswer(Answer, frozen=True, kw_only=True):
    """A C2SP tlog-proof for one entry, with the leaf that it proves: JSON, exact to the byte."""

    index: int
    leaf: str
    receipt: str
    verifier_keys: list[str]
