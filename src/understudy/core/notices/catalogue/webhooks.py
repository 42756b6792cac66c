"""Kinds of entries about who hears of entries."""

from __future__ import annotations

from understudy.core.notices.kinds import Deed, EventKind, Tone, Topic

WEBHOOK_CREATED = EventKind(
    type="webhook.created",
    when="A URL was registered that hears of events.",
    topic=Topic.WEBHOOKS,
    deed=Deed.CREATED,
    label="Webhook added",
    lasts=True,
)
WEBHOOK_UPDATED = EventKind(
    type="webhook.updated",
    when="A webhook's address, format or types changed.",
    topic=Topic.WEBHOOKS,
    deed=Deed.CHANGED,
    label="Webhook changed",
    lasts=True,
)
WEBHOOK_DISABLED = EventKind(
    type="webhook.disabled",
    when="A webhook was switched off; by whom, or by how long it failed.",
    topic=Topic.WEBHOOKS,
    deed=Deed.DISABLED,
    tone=Tone.BAD,
    lasts=True,
)
WEBHOOK_DELETED = EventKind(
    type="webhook.deleted",
    when="A webhook was removed.",
    topic=Topic.WEBHOOKS,
    deed=Deed.DELETED,
    lasts=True,
)
MAIL_SERVER_SET = EventKind(
    type="mail_server.set",
    when="E-mail is handed in at a server from now on, or at another one.",
    topic=Topic.WEBHOOKS,
    deed=Deed.CHANGED,
    label="Mail server set",
    subscribable=False,
    lasts=True,
)
MAIL_SERVER_REMOVED = EventKind(
    type="mail_server.removed",
    when="No e-mail is sent from now on.",
    topic=Topic.WEBHOOKS,
    deed=Deed.DELETED,
    label="Mail server removed",
    subscribable=False,
    lasts=True,
)
WEBHOOK_REPLAYED = EventKind(
    type="webhook.replayed",
    when="An operator had a message sent to a webhook again.",
    topic=Topic.WEBHOOKS,
    deed=Deed.OTHER,
    label="Delivery sent again",
)
WEBHOOK_SECRET_ROTATED = EventKind(
    type="webhook.secret_rotated",
    when="A webhook got a new signing secret.",
    topic=Topic.WEBHOOKS,
    deed=Deed.CHANGED,
    lasts=True,
)
