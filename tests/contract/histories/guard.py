"""What an app's guard holds of sessions, and how long it would serve them without asking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.contract.histories.judging import Reached
from understudy.core.impersonation.restrictions import Scope
from understudy.core.ports import Entry
from understudy.flows.impersonation.open_session import OpenSession
from understudy.http.stream import TYPES, RulesNews, news_of

LEASE = timedelta(minutes=5)


@dataclass
class Copy:
    """A session as the service last answered it."""

    opened: OpenSession
    asked_at: datetime
    active: datetime

    def usable(self, now: datetime) -> bool:
        """Whether a guard would serve by it at ``now``; its own clock ends it as well."""
        session = self.opened.session
        in_time = now < session.ends_at and now < self.active + session.idle_limit
        return in_time and now < self.asked_at + LEASE


class Guard:
    """The copies of one process, which hears each entry that the service's stream tells of."""

    def __init__(self) -> None:
        self._copies: dict[str, Copy] = {}

    def keep(self, opened: OpenSession, now: datetime) -> None:
        """Serve ``opened`` from now on."""
        self._copies[opened.session.id] = Copy(opened, asked_at=now, active=now)

    def serve(self, session_id: str, now: datetime) -> bool:
        """Whether a request is served without asking; it counts as activity."""
        copy = self._copies.get(session_id)
        if copy is None or not copy.usable(now):
            return False
        copy.active = now
        return True

    def hear(self, entries: Iterable[Entry]) -> None:
        """Believe what the stream makes of ``entries``."""
        for entry in entries:
            if entry.type not in TYPES:
                continue
            news = news_of(entry)
            if isinstance(news, RulesNews):
                self._copies.clear()
            elif entry.type != "session.started" and news.session_id is not None:
                self._copies.pop(news.session_id, None)

    def reached(self, session_id: str, now: datetime) -> Reached | None:
        """As what a request would be served without asking, if it would."""
        copy = self._copies.get(session_id)
        if copy is None or not copy.usable(now):
            return None
        return reached(copy.opened, by="a guard's copy", asked_at=copy.asked_at)


def reached(opened: OpenSession, *, by: str, asked_at: datetime) -> Reached:
    """``opened`` as the oracle looks at it."""
    return Reached(
        by=by,
        asked_at=asked_at,
        ends=opened.session.ends_at,
        only_reading=opened.restrictions.scope is Scope.READ_ONLY,
        subject=opened.subject.id,
        actor=opened.grant.actor.ref,
    )
