"""The endings that this process obeys, in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from datetime import datetime

from understudy.core.impersonation.endings import Ending, Reach
from understudy.core.impersonation.sessions import Session


class EndingsInForce:
    """What ends sessions before their rows say so. Asked by any thread, without a lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: dict[str, Ending] = {}
        self._sessions: dict[str | None, Ending] = {}
        self._wide: tuple[Ending, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any; nearly always there is none."""
        return bool(self._all)

    def all(self) -> Sequence[Ending]:
        """Every one, the oldest first."""
        return sorted(self._all.values(), key=lambda ending: ending.at)

    def of(self, session: Session) -> Ending | None:
        """The first one that covers ``session``."""
        own = self._sessions.get(session.id)
        found = [ending for ending in self._wide if ending.covers(session)]
        if own is not None:
            found.append(own)
        return min(found, key=lambda ending: ending.at, default=None)

    def over(self, session: Session) -> Session:
        """``session``, over if an ending covers it; what its row says already stands."""
        if session.end_cause is not None or not self._all:
            return session
        ending = self.of(session)
        return session if ending is None else ending.over(session)

    def add(self, endings: Iterable[Ending]) -> Sequence[Ending]:
        """Obey ``endings`` from now on; answers those that are new."""
        with self._lock:
            new = [ending for ending in endings if ending.id not in self._all]
            if new:
                self._replace(self._all | {ending.id: ending for ending in new})
        return new

    def drop(self, ids: Iterable[str]) -> None:
        """Obey these no more: rows say by now what they said."""
        gone = frozenset(ids)
        with self._lock:
            if gone & self._all.keys():
                self._replace({key: one for key, one in self._all.items() if key not in gone})

    def lapse(self, now: datetime) -> Sequence[Ending]:
        """Forget, and answer, those of which nothing that they cover can live any more."""
        lapsed = [ending for ending in self._all.values() if not ending.is_obeyed(now)]
        self.drop(ending.id for ending in lapsed)
        return lapsed

    def _replace(self, endings: dict[str, Ending]) -> None:
        # New objects and never changed ones: whoever reads at this moment needs no lock.
        narrow = [one for one in endings.values() if one.reach is Reach.SESSION]
        narrow.sort(key=lambda one: one.at, reverse=True)
        self._sessions = {one.ref: one for one in narrow}
        self._wide = tuple(one for one in endings.values() if one.reach is not Reach.SESSION)
        self._all = endings


NO_ENDINGS = EndingsInForce()
"""For whoever reads rows as they are stored. Nobody adds to it."""
