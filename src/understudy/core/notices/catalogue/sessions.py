"""Kinds of entries about sessions: how they begin, change and end."""

from __future__ import annotations

from understudy.core.notices.kinds import Deed, EventKind, Tone, Topic

SESSION_STARTED = EventKind(
    type="session.started",
    when="Somebody began to work as a user.",
    topic=Topic.SESSIONS,
    deed=Deed.BEGUN,
    title="Impersonation started",
    label="Session started",
    tone=Tone.LIVE,
    usual=True,
)
SESSION_ENDED = EventKind(
    type="session.ended",
    when="The actor ended the session, or launched it again.",
    topic=Topic.SESSIONS,
    deed=Deed.OVER,
    title="Impersonation ended",
    label="Session ended",
    ends_session=True,
    usual=True,
)
SESSION_EXPIRED = EventKind(
    type="session.expired",
    when="Time ran out, or nothing happened for too long.",
    topic=Topic.SESSIONS,
    deed=Deed.OVER,
    title="Impersonation expired",
    label="Session expired",
    ends_session=True,
    usual=True,
)
SESSION_REVOKED = EventKind(
    type="session.revoked",
    when="Somebody else ended it, or a premise fell.",
    topic=Topic.SESSIONS,
    deed=Deed.OVER,
    title="Impersonation revoked",
    label="Session revoked",
    tone=Tone.BAD,
    ends_session=True,
    usual=True,
)
SESSION_NARROWED = EventKind(
    type="session.narrowed",
    when="Settings were tightened; a session that ran is held to them.",
    topic=Topic.SESSIONS,
    deed=Deed.CHANGED,
    title="Impersonation narrowed",
    label="Session narrowed",
    usual=True,
)
ENDING_LATE = EventKind(
    type="ending.late",
    when="What somebody ended while the log could not be written was over by other means.",
    topic=Topic.SESSIONS,
    deed=Deed.OTHER,
    title="Impersonation ending found nothing to end",
    label="Ended again",
)
ENDING_ORPHANED = EventKind(
    type="ending.orphaned",
    when="A session was ended that this database does not know.",
    topic=Topic.SESSIONS,
    deed=Deed.OTHER,
    title="Impersonation ending without a session",
    label="Unknown session ended",
    tone=Tone.BAD,
)
