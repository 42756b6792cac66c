"""What the jobs of the tests have seen: who caused them, and whom they work as."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tests.fixtures.impersonation import SESSION, a_session, restricted
from understudy import current_attribution, current_impersonation
from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.context import Impersonation

SAM = Impersonation.of(SESSION)
READING = Impersonation.of(a_session(restrictions=restricted(scope=Scope.READ_ONLY)))
SECONDS = 20.0
"""How long a test waits for a job at most."""


class Seen:
    """Names of jobs with the actor who caused them, in the order in which they ran."""

    def __init__(self) -> None:
        self._jobs: list[tuple[str, str | None]] = []
        self._more = threading.Condition()

    def note(self, job: str) -> None:
        """``job`` runs here and now; a job is nobody's session."""
        assert current_impersonation() is None
        found = current_attribution()
        with self._more:
            self._jobs.append((job, found.actor_id if found else None))
            self._more.notify_all()

    def until(self, *jobs: tuple[str, str | None]) -> None:
        """Wait until exactly these have run, whatever their order."""
        self._wait(lambda: len(self._jobs) >= len(jobs))
        assert sorted(self._jobs, key=str) == sorted(jobs, key=str)

    def clear(self) -> None:
        """Forget them."""
        self._jobs.clear()

    def _wait(self, come: Callable[[], bool]) -> None:
        with self._more:
            self._more.wait_for(come, SECONDS)


SEEN = Seen()
