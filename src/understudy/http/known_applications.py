"""Applications that were looked up lately, so that a backend's every request need not read them.

What is known is forgotten as soon as the log tells of a change, whoever made it, and at once after
an operator's call changed anything in this process. Nothing is known while the log is not followed.
The rules are checked against the database all the same, in each use case's own transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from understudy.core.applications.application import Application
from understudy.core.notices.events import EventType

CHANGES = frozenset(
    {
        EventType.APPLICATION_UPDATED,
        EventType.APPLICATION_DISABLED,
        EventType.APPLICATION_SECRET_ROTATED,
    }
)
"""The entries after which what is known may be wrong."""
MAX_KNOWN = 1_000


class KnownApplications:
    """Applications by id; ``followed`` says whether changes would be heard of right now.

    ``changes`` counts them.
    """

    def __init__(self, *, followed: Callable[[], bool]) -> None:
        self._followed = followed
        self._known: dict[str, Application] = {}
        self._lock = threading.Lock()
        self.changes = 0

    def get(self, application_id: str) -> Application | None:
        """The application, if it is known."""
        return self._known.get(application_id) if self._known and self._followed() else None

    def keep(self, application: Application, *, changes: int) -> None:
        """Know ``application``, unless something changed since ``changes`` was read.

        Whoever looks one up reads ``changes`` before the database, so that a change in between
        is noticed.
        """
        with self._lock:
            if changes == self.changes:
                if len(self._known) >= MAX_KNOWN:
                    self._known.clear()
                self._known[application.id] = application

    def forget(self) -> None:
        """Know nothing; also not what is being read at this moment."""
        with self._lock:
            self.changes += 1
            self._known.clear()
