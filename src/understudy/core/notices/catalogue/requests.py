"""Kinds of entries about who may work as a user: asked for, agreed to, refused, taken back."""

from __future__ import annotations

from understudy.core.notices.kinds import Deed, EventKind, Tone, Topic

GRANT_CREATED = EventKind(
    type="grant.created",
    when="Somebody may work as a user.",
    topic=Topic.REQUESTS,
    deed=Deed.CREATED,
    title="Impersonation granted",
    label="Impersonation permitted",
    tone=Tone.CALM,
    usual=True,
)
GRANT_REQUESTED = EventKind(
    type="grant.requested",
    when="Somebody asks to work as a user, and waits until others agree.",
    topic=Topic.REQUESTS,
    deed=Deed.CREATED,
    title="Impersonation waits for approval",
    label="Approval asked for",
    tone=Tone.CALM,
    usual=True,
)
APPROVAL_GIVEN = EventKind(
    type="approval.given",
    when="Somebody agreed to a request; `agreed` of `quorum` do by now.",
    topic=Topic.REQUESTS,
    deed=Deed.CHANGED,
    title="Impersonation approved",
    label="Request approved",
    tone=Tone.CALM,
    usual=True,
)
APPROVAL_REFUSED = EventKind(
    type="approval.refused",
    when="Somebody who was asked to agree said no.",
    topic=Topic.REQUESTS,
    deed=Deed.REFUSED,
    title="Impersonation approval refused",
    label="Request turned down",
    tone=Tone.BAD,
    usual=True,
)
APPROVAL_WITHDRAWN = EventKind(
    type="approval.withdrawn",
    when="Somebody took their agreement back; what came of it ended.",
    topic=Topic.REQUESTS,
    deed=Deed.REFUSED,
    title="Impersonation approval withdrawn",
    label="Approval taken back",
    tone=Tone.BAD,
    usual=True,
)
REVIEW_CLOSED = EventKind(
    type="review.closed",
    when="Somebody else looked at what was done without approval.",
    topic=Topic.REQUESTS,
    deed=Deed.CHANGED,
    title="Impersonation reviewed",
    label="Review closed",
    tone=Tone.CALM,
    usual=True,
)
GRANT_DENIED = EventKind(
    type="grant.denied",
    when="A rule refused a request or a launch; `rule` says which.",
    topic=Topic.REQUESTS,
    deed=Deed.REFUSED,
    title="Impersonation denied",
    label="Impersonation refused",
    tone=Tone.BAD,
    usual=True,
)
GRANT_LAUNCHED = EventKind(
    type="grant.launched",
    when="An operator pressed *Launch*; the hand-off is open for 60 s.",
    topic=Topic.REQUESTS,
    deed=Deed.OTHER,
    title="Impersonation launched",
    label="App launched",
)
GRANT_CANCELLED = EventKind(
    type="grant.cancelled",
    when="A grant was withdrawn.",
    topic=Topic.REQUESTS,
    deed=Deed.OTHER,
    title="Impersonation cancelled",
    label="Request cancelled",
    usual=True,
)
GRANT_EXPIRED = EventKind(
    type="grant.expired",
    when="A grant was not used in time.",
    topic=Topic.REQUESTS,
    deed=Deed.OTHER,
    title="Impersonation grant expired",
    label="Request lapsed",
)
UNLOCK_ASKED = EventKind(
    type="unlock.asked",
    when="An actor asked that one blocked change be allowed.",
    topic=Topic.REQUESTS,
    deed=Deed.CREATED,
    title="Change while impersonating asked for",
    label="Change asked for",
    usual=True,
)
UNLOCK_ALLOWED = EventKind(
    type="unlock.allowed",
    when="Somebody else, or policies, allowed one blocked change, once.",
    topic=Topic.REQUESTS,
    deed=Deed.ENABLED,
    title="Change while impersonating allowed",
    label="Change allowed",
    tone=Tone.CALM,
    usual=True,
)
UNLOCK_REFUSED = EventKind(
    type="unlock.refused",
    when="Somebody else refused a change that was asked for.",
    topic=Topic.REQUESTS,
    deed=Deed.REFUSED,
    title="Change while impersonating refused",
    label="Change refused",
    tone=Tone.BAD,
)
UNLOCK_SPENT = EventKind(
    type="unlock.spent",
    when="A change that was allowed was let through to the app; it is not again.",
    topic=Topic.REQUESTS,
    deed=Deed.OTHER,
    title="Allowed change let through",
    label="Change let through",
)
TICKET_CLOSED = EventKind(
    type="ticket.closed",
    when="A help desk said that a ticket is closed; `grants` that were for it are withdrawn.",
    topic=Topic.REQUESTS,
    deed=Deed.OTHER,
    label="Ticket closed",
)
