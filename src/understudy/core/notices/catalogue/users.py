"""Kinds of entries about those whom somebody may work as."""

from __future__ import annotations

from understudy.core.notices.kinds import Deed, EventKind, Tone, Topic

SUBJECTS_IMPORTED = EventKind(
    type="subjects.imported",
    when="Users were imported from a file; how many.",
    topic=Topic.USERS,
    deed=Deed.CHANGED,
    title="Users imported",
)
SUBJECT_SAVED = EventKind(
    type="subject.saved",
    when="A user was made or changed.",
    topic=Topic.USERS,
    deed=Deed.CHANGED,
    title="User saved",
)
SUBJECT_UNPROTECTED = EventKind(
    type="subject.unprotected",
    when="A user's protection was taken away: from now on they can be impersonated.",
    topic=Topic.USERS,
    deed=Deed.CHANGED,
    title="User protection removed",
    label="Protection taken away",
    tone=Tone.BAD,
)
HONEY_SET = EventKind(
    type="honey.set",
    when="An admin made a user a honey user: whoever asks to work as them is an alarm.",
    topic=Topic.USERS,
    deed=Deed.CHANGED,
    title="Honey user set",
    subscribable=False,
)
HONEY_LIFTED = EventKind(
    type="honey.lifted",
    when="An admin made a honey user a user like others.",
    topic=Topic.USERS,
    deed=Deed.CHANGED,
    title="Honey user lifted",
    subscribable=False,
)
SUBJECT_DELETED = EventKind(
    type="subject.deleted",
    when="A user was deleted.",
    topic=Topic.USERS,
    deed=Deed.DELETED,
    title="User deleted",
)
ORGANIZATION_SAVED = EventKind(
    type="organization.saved",
    when="An organization was made or changed.",
    topic=Topic.USERS,
    deed=Deed.CHANGED,
)
ORGANIZATION_DELETED = EventKind(
    type="organization.deleted",
    when="An organization was deleted.",
    topic=Topic.USERS,
    deed=Deed.DELETED,
)
