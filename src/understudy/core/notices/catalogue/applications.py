"""Kinds of entries about applications and what is set in them."""

from __future__ import annotations

from understudy.core.notices.kinds import Deed, EventKind, Tone, Topic

APPLICATION_CREATED = EventKind(
    type="application.created",
    when="An app was registered.",
    topic=Topic.APPLICATIONS,
    deed=Deed.CREATED,
    lasts=True,
)
APPLICATION_UPDATED = EventKind(
    type="application.updated",
    when="An app's name or settings changed; the new ones are in it.",
    topic=Topic.APPLICATIONS,
    deed=Deed.CHANGED,
    label="Settings changed",
    lasts=True,
)
APPLICATION_DISABLED = EventKind(
    type="application.disabled",
    when="An app was switched off. Its sessions ended.",
    topic=Topic.APPLICATIONS,
    deed=Deed.DISABLED,
    lasts=True,
)
APPLICATION_SECRET_ROTATED = EventKind(
    type="application.secret_rotated",
    when="An app got a new secret.",
    topic=Topic.APPLICATIONS,
    deed=Deed.CHANGED,
    label="Secret rotated",
    lasts=True,
)
POLICIES_PROPOSED = EventKind(
    type="policies.proposed",
    when="Somebody wrote other policies, which wait to be confirmed.",
    topic=Topic.APPLICATIONS,
    deed=Deed.OTHER,
    usual=True,
    lasts=True,
)
POLICIES_CHANGED = EventKind(
    type="policies.changed",
    when="Other policies hold in an app; the difference is in it.",
    topic=Topic.APPLICATIONS,
    deed=Deed.CHANGED,
    tone=Tone.CALM,
    usual=True,
    lasts=True,
)
POLICIES_WITHDRAWN = EventKind(
    type="policies.withdrawn",
    when="Policies that waited to be confirmed were withdrawn.",
    topic=Topic.APPLICATIONS,
    deed=Deed.OTHER,
    usual=True,
    lasts=True,
)
SAFEGUARD_PROPOSED = EventKind(
    type="safeguard.proposed",
    when="Somebody asked for less to be needed for a change of policies, or for another decision "
    "point or none; it waits to be confirmed.",
    topic=Topic.APPLICATIONS,
    deed=Deed.OTHER,
    label="Loosening proposed",
    usual=True,
    lasts=True,
)
SAFEGUARD_CHANGED = EventKind(
    type="safeguard.changed",
    when="What guards an app's decisions changed: the decision point, or what a change of policies "
    "needs, once that was confirmed.",
    topic=Topic.APPLICATIONS,
    deed=Deed.CHANGED,
    label="Safeguard changed",
    tone=Tone.CALM,
    usual=True,
    lasts=True,
)
SAFEGUARD_WITHDRAWN = EventKind(
    type="safeguard.withdrawn",
    when="A change of what guards an app's decisions was withdrawn before it held.",
    topic=Topic.APPLICATIONS,
    deed=Deed.OTHER,
    label="Loosening withdrawn",
    usual=True,
    lasts=True,
)
TICKET_HOOK_SET = EventKind(
    type="ticket_hook.set",
    when="Somebody said from which help desk the application hears of closed tickets.",
    topic=Topic.APPLICATIONS,
    deed=Deed.CHANGED,
    label="Ticket hook set",
    lasts=True,
)
TICKET_HOOK_REMOVED = EventKind(
    type="ticket_hook.removed",
    when="The application hears of closed tickets no longer.",
    topic=Topic.APPLICATIONS,
    deed=Deed.DELETED,
    label="Ticket hook removed",
    tone=Tone.BAD,
    lasts=True,
)
