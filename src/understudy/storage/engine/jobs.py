"""What waits for the writer: a flow, and whoever is to hear what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol

from understudy.core.ports import Flow


@dataclass(slots=True)
class Outcome:
    """A flow's result, or the exception that it failed with."""

    value: Any = None
    error: BaseException | None = None


class Job(Protocol):
    """A flow, and whoever waits for it; asked and told on the writer's threads."""

    @property
    def flow(self) -> Flow[Any]:
        """What is to be run."""
        ...

    def begin(self) -> bool:
        """Whether anybody still waits, now that its turn has come."""
        ...

    def resolve(self, outcome: Outcome) -> None:
        """Take the outcome; only the first counts. Never raises."""
        ...


@dataclass(eq=False, slots=True)
class Promised:
    """A job for whose future somebody waits."""

    flow: Flow[Any]
    future: Future[Any]

    def begin(self) -> bool:
        """Whether the future was not cancelled; from here on it cannot be."""
        return self.future.set_running_or_notify_cancel()

    def resolve(self, outcome: Outcome) -> None:
        """Resolve the future."""
        if self.future.done():
            return
        if outcome.error is None:
            self.future.set_result(outcome.value)
        else:
            self.future.set_exception(outcome.error)


def still_wanted(jobs: Sequence[Job]) -> list[Job]:
    """Those for which somebody waits."""
    # Asked only when its turn has come: whoever gave up while waiting shall find nothing done.
    return [job for job in jobs if job.begin()]


def refuse(jobs: Sequence[Job], error: Exception) -> None:
    """Have all hear ``error``."""
    for job in jobs:
        job.resolve(Outcome(error=error))
