"""Let a session go on, or find that it is over; what has fallen is ended on the way.

Looking is a read, and most sessions go on: only for one that has fallen is there something to
write. Where reads and writes go different ways, look first and then ``settle``.
"""

from __future__ import annotations

from dataclasses import replace

from understudy.core.applications.application import Application
from understudy.core.impersonation.sessions import Session
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Unit
from understudy.flows.impersonation.end import end
from understudy.flows.impersonation.open_session import Fallen, OpenSession, Over, look_again
from understudy.flows.origin import Origin


def carry_on(
    unit: Unit, session: Session | None, *, application: Application, origin: Origin
) -> OpenSession | Over:
    """The live session, every premise checked again; one that may go on no longer is over."""
    # Within the unit, so that nothing can fall between the look and the ending.
    found = look_again(unit, unit.vault, session, application=application, now=unit.latest)
    return settle(unit, found, origin=origin) if isinstance(found, Fallen) else found


def settle(unit: Unit, fallen: Fallen, *, origin: Origin) -> Over:
    """End what was found to have fallen; it is over for the cause that was found."""
    # Through `end`, which looks at the row again: since a look outside of a unit somebody else may
    # have ended it, and then the log keeps their cause.
    end(unit, fallen.session_id, cause=fallen.cause, by=SYSTEM, origin=origin)
    return Over(cause=fallen.cause)


def touched(unit: Unit, opened: OpenSession) -> OpenSession:
    """``opened`` as active just now: asking for it is a sign of life."""
    unit.sessions.touch(opened.session.id, unit.now)
    return replace(opened, session=replace(opened.session, last_active_at=unit.now))
