"""The kinds of entry together, and those of them for which something holds."""

from __future__ import annotations

from understudy.core.notices.event_types import EventType
from understudy.core.notices.kinds import Kinds

KINDS = Kinds(one.kind for one in EventType)

SESSION_OVER: frozenset[EventType] = frozenset(one for one in EventType if one.kind.ends_session)
"""The types that tell a guard to forget a session."""

HELD_OTHERWISE: frozenset[EventType] = frozenset(
    {EventType.APPLICATION_UPDATED, EventType.SESSION_NARROWED, EventType.REDACTION_REVEALED}
)
"""The types that tell a guard to ask again what its sessions are held to."""

ALERTS: frozenset[EventType] = frozenset(one for one in EventType if one.kind.alert)
"""The types that somebody should look at the same day."""

SETS_CLOCK: frozenset[EventType] = frozenset({EventType.CLOCK_ADOPTED, EventType.CLOCK_CONFIRMED})
"""The types by which the log's time may go back."""

LASTING: frozenset[EventType] = frozenset(one for one in EventType if one.kind.lasts)
"""The types of which retention takes the personal half alone."""
