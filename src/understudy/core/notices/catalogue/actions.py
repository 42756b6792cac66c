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
REDACTION_REVEALED = EventKind(
    type="redaction.revealed",
    when=(
        "An actor asked to see what a rule hides, at one address, for some minutes; `reveals` says "
        "by which rule, `minutes` for how long. Never what it was."
    ),
    topic=Topic.ACTIONS,
    deed=Deed.OTHER,
    title="Hidden field revealed while impersonating",
    label="Hidden field revealed",
    tone=Tone.CALM,
    usual=True,
)
EFFECT_HANDLED = EventKind(
    type="effect.handled",
    when=(
        "A request wanted to send something, such as an e-mail; `kind` says what, `did` whether it "
        "was sent, held, dropped, marked, released or refused."
    ),
    topic=Topic.ACTIONS,
    deed=Deed.OTHER,
    title="Message while impersonating",
    label="Message handled",
)
CREDENTIAL_MINTED = EventKind(
    type="credential.minted",
    when="A request made something that outlives the session, such as an API key.",
    topic=Topic.ACTIONS,
    deed=Deed.CREATED,
    title="Credential made while impersonating",
    label="Credential made",
    tone=Tone.BAD,
    usual=True,
)
CREDENTIAL_REVOKED = EventKind(
    type="credential.revoked",
    when="The app has revoked what was made in a session, after its end.",
    topic=Topic.ACTIONS,
    deed=Deed.DELETED,
    title="Credential of an impersonation revoked",
    label="Credential revoked",
)
