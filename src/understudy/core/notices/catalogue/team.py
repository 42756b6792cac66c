"""Kinds of entries about those who sign in to the dashboard."""

from __future__ import annotations

from understudy.core.notices.kinds import Deed, EventKind, Tone, Topic

OPERATOR_INVITED = EventKind(
    type="operator.invited",
    when="An operator's account was made, or a fresh link for it.",
    topic=Topic.TEAM,
    deed=Deed.CREATED,
    label="Colleague invited",
    subscribable=False,
)
OPERATOR_JOINED = EventKind(
    type="operator.joined",
    when=(
        "An operator used a link and set a password, or came from the login of the app that "
        "embeds Understudy for the first time."
    ),
    topic=Topic.TEAM,
    deed=Deed.CHANGED,
    label="Colleague joined",
    subscribable=False,
)
OPERATOR_TAKEN_OVER = EventKind(
    type="operator.taken_over",
    when="Somebody set a new password by a fresh link for an account that had an owner.",
    topic=Topic.TEAM,
    deed=Deed.CHANGED,
    label="Account taken over",
    tone=Tone.BAD,
    alert=True,
)
OPERATOR_OWNER_CONFIRMED = EventKind(
    type="operator.owner_confirmed",
    when=(
        "A second admin, the owner's mailbox or whoever runs the service confirmed that an account "
        "that was taken over is in the hands of its owner."
    ),
    topic=Topic.TEAM,
    deed=Deed.CHANGED,
    label="Owner confirmed",
)
OPERATOR_DISOWNED = EventKind(
    type="operator.disowned",
    when=(
        "The owner said by a mailed link that it was somebody else who took their account over. "
        "Nobody can sign in to it; its sign-ins and sessions ended."
    ),
    topic=Topic.TEAM,
    deed=Deed.DISABLED,
    label="Not the owner",
    tone=Tone.BAD,
    alert=True,
)
OPERATOR_UPDATED = EventKind(
    type="operator.updated",
    when="An operator's name or roles changed, or their address was freed for somebody else.",
    topic=Topic.TEAM,
    deed=Deed.CHANGED,
    label="Colleague changed",
    subscribable=False,
)
OPERATOR_DISABLED = EventKind(
    type="operator.disabled",
    when="An operator was taken out. Sign-ins and sessions ended.",
    topic=Topic.TEAM,
    deed=Deed.DISABLED,
    label="Colleague disabled",
    subscribable=False,
)
OPERATOR_ENABLED = EventKind(
    type="operator.enabled",
    when="A disabled operator may come back.",
    topic=Topic.TEAM,
    deed=Deed.ENABLED,
    label="Colleague enabled",
    subscribable=False,
)
OPERATOR_SIGNED_IN = EventKind(
    type="operator.signed_in",
    when="An operator signed in.",
    topic=Topic.TEAM,
    deed=Deed.SIGNED_IN,
    label="Signed in",
    subscribable=False,
)
OPERATOR_SIGNED_OUT = EventKind(
    type="operator.signed_out",
    when="An operator signed out, or was signed out everywhere.",
    topic=Topic.TEAM,
    deed=Deed.SIGNED_OUT,
    label="Signed out",
    subscribable=False,
)
OPERATOR_SIGN_IN_FAILED = EventKind(
    type="operator.sign_in_failed",
    when="A wrong password, or an address without an account.",
    topic=Topic.TEAM,
    deed=Deed.SIGNED_IN,
    title="Operator sign-in failed",
    label="Sign-in failed",
    tone=Tone.BAD,
    subscribable=False,
)
OPERATOR_CONFIRMED = EventKind(
    type="operator.confirmed",
    when="An operator whom the app signed in said their password again before a start.",
    topic=Topic.TEAM,
    deed=Deed.SIGNED_IN,
    label="Password confirmed",
    subscribable=False,
)
OPERATOR_PASSWORD_CHANGED = EventKind(
    type="operator.password_changed",
    when="An operator chose another password.",
    topic=Topic.TEAM,
    deed=Deed.CHANGED,
    label="Password changed",
    subscribable=False,
)
