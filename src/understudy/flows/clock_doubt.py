"""What an installation knows against its own clock, whichever process found out.

The log says how late it has been: whoever is behind that cannot tell how long a session has lasted.
How far the clock was ahead whenever a process began, with no second clock to say that this was
right, adds up until an admin confirms the time; beyond a day retention waits for that.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from understudy.core.clock import SILENT
from understudy.core.ports import Reader, Unit
from understudy.core.times import MILLISECOND, from_ms, to_ms
from understudy.errors import ClockInDoubt

MOST_UNCONFIRMED = timedelta(hours=24)
"""So much may pass unseen before retention waits for an admin."""
OVERLOOKED = timedelta(minutes=2)
"""How long nothing need be seen of a process that is up: it notes the time once a minute."""

_GAP, _SEEN = "clock gap", "clock seen"


def is_behind(reader: Reader, now: datetime) -> bool:
    """Whether the log has entries from after ``now``, by more than clocks differ."""
    newest = reader.entries.newest()
    return newest is not None and now < newest - SILENT


def require_not_behind(unit: Unit) -> None:
    """Let nobody begin while it is earlier than the log has seen.

    :raises ClockInDoubt: then.
    """
    if is_behind(unit, unit.now):
        raise ClockInDoubt


def unconfirmed(reader: Reader) -> timedelta:
    """How much time has passed that no process of ours has seen, since it was confirmed last."""
    return int(reader.meta.get(_GAP) or 0) * MILLISECOND


def retention_waits(reader: Reader) -> bool:
    """Whether an admin is to confirm the time before anything is forgotten for its age."""
    return unconfirmed(reader) > MOST_UNCONFIRMED


def add_unconfirmed(unit: Unit, ahead: timedelta) -> None:
    """The clock is ``ahead`` of what was seen, and nobody can say that this is right."""
    if ahead > OVERLOOKED:
        unit.meta.put(_GAP, str((unconfirmed(unit) + ahead) // MILLISECOND))


def note_start(unit: Unit) -> None:
    """A process begins: count what has passed since anybody saw the time."""
    newest = unit.entries.newest()
    if newest is not None:
        seen = from_ms(int(unit.meta.get(_SEEN) or 0))
        add_unconfirmed(unit, unit.now - max(newest, seen))
        # Counted once: the next process goes on from here.
        note_seen(unit)


def note_seen(unit: Unit) -> None:
    """A process that has been up all along sees the time."""
    unit.meta.put(_SEEN, str(to_ms(unit.now)))


def forget_doubts(unit: Unit) -> None:
    """The time is right, somebody says."""
    unit.meta.put(_GAP, "0")
    note_seen(unit)
