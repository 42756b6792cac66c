"""Kinds of entries about what users agreed to."""

from __future__ import annotations

from understudy.core.notices.kinds import Deed, EventKind, Tone, Topic

CONSENT_GIVEN = EventKind(
    type="consent.given",
    when="A user agreed that somebody works in their account: for a time, or this once.",
    topic=Topic.CONSENT,
    deed=Deed.CREATED,
    tone=Tone.CALM,
    usual=True,
    lasts=True,
)
CONSENT_WITHDRAWN = EventKind(
    type="consent.withdrawn",
    when="A user took back what they had agreed to; what stood on it ended.",
    topic=Topic.CONSENT,
    deed=Deed.DELETED,
    usual=True,
    lasts=True,
)
CONSENT_ASKED = EventKind(
    type="consent.asked",
    when="Somebody asked a user whether they may work in their account.",
    topic=Topic.CONSENT,
    deed=Deed.CREATED,
    usual=True,
)
CONSENT_DECLINED = EventKind(
    type="consent.declined",
    when="A user said no.",
    topic=Topic.CONSENT,
    deed=Deed.REFUSED,
    usual=True,
)
CONSENT_REFUSED = EventKind(
    type="consent.refused",
    when="Somebody who is not the user tried to agree in their place, or said a wrong code.",
    topic=Topic.CONSENT,
    deed=Deed.REFUSED,
    tone=Tone.BAD,
)
CODE_MADE = EventKind(
    type="consent.code_made",
    when="A user was shown a code to read out to whoever asked.",
    topic=Topic.CONSENT,
    deed=Deed.OTHER,
    title="Support code made",
)
SUBJECT_TOLD = EventKind(
    type="subject.told",
    when="A user is to hear that somebody began to work in their account, where that is set.",
    topic=Topic.CONSENT,
    deed=Deed.OTHER,
    title="User told of a session",
)
CASE_CLOSED = EventKind(
    type="case.closed",
    when="An admin has looked into a case; whether the actor may work again.",
    topic=Topic.CONSENT,
    deed=Deed.CHANGED,
    usual=True,
    lasts=True,
)
