"""Kinds of entries about what an actor did as a user."""

from __future__ import annotations

from understudy.core.notices.kinds import Deed, EventKind, Tone, Topic

ACTION_INTENDED = EventKind(
    type="action.intended",
    when="A request that changes something is about to run.",
    topic=Topic.ACTIONS,
    deed=Deed.INTENDED,
    title="Request while impersonating begun",
    label="Change begun",
)
ACTION_COMPLETED = EventKind(
    type="action.completed",
    when="A request was answered; with its status and duration.",
    topic=Topic.ACTIONS,
    deed=Deed.COMPLETED,
    title="Request while impersonating",
    label="Request made",
)
ACTION_BLOCKED = EventKind(
    type="action.blocked",
    when="The guard refused a request; `rule` says why.",
    topic=Topic.ACTIONS,
    deed=Deed.BLOCKED,
    title="Request while impersonating blocked",
    label="Request blocked",
    tone=Tone.BAD,
)
