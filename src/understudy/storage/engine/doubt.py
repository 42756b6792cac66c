"""A group that was sent to be committed, and no answer came: unknown is not no."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from typing import Generic, TypeVar

from understudy.errors import OutcomeUnknown, Unavailable
from understudy.storage.engine.jobs import Job, Outcome, refuse

TOLD_AFTER_SECONDS = 5.0
"""How long callers wait for what became of their flows."""
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0
"""Between two questions to a database that does not answer."""

_UNSURE = "unsure"

B = TypeVar("B")


class Doubt(Generic[B]):
    """``jobs`` whose ``outcomes`` hold if ``batch`` was committed, and what waits ``behind`` them.

    They hear either what became of them or that it is not known, never both; what was told so is
    not run again, and nothing of what waited behind it is run at all.
    """

    def __init__(
        self, batch: B, jobs: Sequence[Job], outcomes: Sequence[Outcome], *, behind: deque[Job]
    ) -> None:
        self.batch = batch
        self.outcomes = outcomes
        self.told = threading.Event()
        self._jobs = jobs
        self._behind = behind
        self._is_over = False
        self._lock = threading.Lock()

    def tell(self) -> bool:
        """Have everybody hear that it is not known; False when it is by now."""
        with self._lock:
            if self._is_over:
                return False
            self.told.set()
            refuse(self._jobs, OutcomeUnknown())
            # They have not been run, or all of it was undone.
            refuse(self._behind, unsure())
            self._behind.clear()
        return True

    def end(self) -> None:
        """It is known, or nobody asks any more."""
        with self._lock:
            self._is_over = True


def unsure() -> Unavailable:
    """What those hear who came later: nothing of theirs was done."""
    why = "it is not known yet what became of the last commit"
    return Unavailable(internal=why, facts={_UNSURE: True})


def is_unsure(error: Unavailable) -> bool:
    """Whether it is said while an earlier call may have been done: this one perhaps, before."""
    return error.facts.get(_UNSURE) is True
