"""Kinds of entries that somebody should look at the same day."""

from __future__ import annotations

from understudy.core.notices.kinds import Deed, EventKind, Tone, Topic

GLASS_BROKEN = EventKind(
    type="glass.broken",
    when="Somebody went ahead without the approval that is wanted; a review is owed.",
    topic=Topic.ALERTS,
    deed=Deed.CREATED,
    title="Impersonation without approval",
    label="Went ahead without approval",
    tone=Tone.BAD,
    alert=True,
)
HONEY_TOUCHED = EventKind(
    type="honey.touched",
    when="Somebody asked to work as a honey user; they were told that there is no such user.",
    topic=Topic.ALERTS,
    deed=Deed.REFUSED,
    title="Honey user touched",
    label="Honey user touched",
    tone=Tone.BAD,
    alert=True,
)
TOKEN_REFUSED = EventKind(
    type="token.refused",
    when="A token or code was refused; `rule` says why.",
    topic=Topic.ALERTS,
    deed=Deed.REFUSED,
    title="Impersonation token refused",
    label="Token refused",
    tone=Tone.BAD,
)
TOKEN_REPLAYED = EventKind(
    type="token.replayed",
    when="A token or code was used a second time.",
    topic=Topic.ALERTS,
    deed=Deed.REFUSED,
    title="Impersonation token used twice",
    label="Token used twice",
    tone=Tone.BAD,
    alert=True,
)
ROW_FORGED = EventKind(
    type="row.forged",
    when="Rows were not as this installation wrote them, and count as not there.",
    topic=Topic.ALERTS,
    deed=Deed.REFUSED,
    title="Database rows changed from outside",
    label="Forged rows",
    tone=Tone.BAD,
    alert=True,
)
SUBJECTS_READ = EventKind(
    type="subjects.read",
    when="More users were shown to an operator within an hour than work takes; how many.",
    topic=Topic.ALERTS,
    deed=Deed.READ,
    label="Many users read",
    tone=Tone.BAD,
    alert=True,
)
SUBJECTS_OPENED = EventKind(
    type="subjects.opened",
    when="An operator opened more users within an hour than the settings say is usual.",
    topic=Topic.ALERTS,
    deed=Deed.READ,
    title="Many users opened",
    tone=Tone.BAD,
    alert=True,
)
CASE_OPENED = EventKind(
    type="case.opened",
    when="A user had not agreed to a session, or codes were guessed; the actor is frozen.",
    topic=Topic.ALERTS,
    deed=Deed.CREATED,
    tone=Tone.BAD,
    alert=True,
    lasts=True,
)
CLOCK_LEAPT = EventKind(
    type="clock.leapt",
    when="The clock is more than 2 s from where it should be. Nothing is erased meanwhile.",
    topic=Topic.ALERTS,
    deed=Deed.OTHER,
    label="Clock in doubt",
    tone=Tone.BAD,
    alert=True,
)
CLOCK_ADOPTED = EventKind(
    type="clock.adopted",
    when="The clock stayed where it leapt to and is believed. Sessions and sign-ins ended.",
    topic=Topic.ALERTS,
    deed=Deed.CHANGED,
    label="Clock followed",
    tone=Tone.BAD,
    alert=True,
)
