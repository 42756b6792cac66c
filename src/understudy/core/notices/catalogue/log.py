"""Kinds of entries about the log itself."""

from __future__ import annotations

from understudy.core.notices.kinds import Deed, EventKind, Tone, Topic

HOLD_PLACED = EventKind(
    type="hold.placed",
    when="A legal hold: nothing that it covers is erased while it stands.",
    topic=Topic.LOG,
    deed=Deed.CREATED,
    title="Legal hold placed",
    tone=Tone.CALM,
    lasts=True,
)
HOLD_RELEASED = EventKind(
    type="hold.released",
    when="A legal hold was released.",
    topic=Topic.LOG,
    deed=Deed.RELEASED,
    title="Legal hold released",
    lasts=True,
)
INSTALLATION_CREATED = EventKind(
    type="installation.created",
    when="The database was set up.",
    topic=Topic.LOG,
    deed=Deed.CREATED,
    subscribable=False,
)
KEYS_ROTATED = EventKind(
    type="keys.rotated",
    when="New signing keys were announced.",
    topic=Topic.LOG,
    deed=Deed.CHANGED,
)
CLOCK_RETURNED = EventKind(
    type="clock.returned",
    when="The clock came back within a minute; nothing went by it meanwhile.",
    topic=Topic.LOG,
    deed=Deed.OTHER,
    label="Clock came back",
    subscribable=False,
)
CLOCK_CONFIRMED = EventKind(
    type="clock.confirmed",
    when="An admin said that the clock is right, whatever the log has seen.",
    topic=Topic.LOG,
    deed=Deed.CHANGED,
    label="Clock confirmed",
    subscribable=False,
)
AUDIT_EXPORTED = EventKind(
    type="audit.exported",
    when="The log was exported; with the filter.",
    topic=Topic.LOG,
    deed=Deed.READ,
    title="Audit log exported",
    label="Log exported",
    lasts=True,
)
AUDIT_ERASED = EventKind(
    type="audit.erased",
    when="Payloads were erased; of which indexes.",
    topic=Topic.LOG,
    deed=Deed.DELETED,
    title="Audit log contents erased",
    label="Payloads erased",
    lasts=True,
)
