"""An answer in which the service has a part: the adapter waits for it beside its event loop."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from understudy.errors import UnderstudyError
from understudy.sdk.passage.steps import Steps, Wait
from understudy.sdk.visit import Answer


@dataclass(frozen=True, kw_only=True)
class Later:
    """An answer that waits for ``future``: ``then`` makes it, or ``failed``, or ``otherwise``.

    When nobody waits any more, ``abandoned`` undoes what comes of it after all.
    """

    future: Future[Any]
    seconds: float
    then: Callable[[Any], Answer]
    failed: Callable[[UnderstudyError], Answer]
    otherwise: Callable[[], Answer]
    abandoned: Callable[[Any], object] = lambda _: None

    def answer(self) -> Answer:
        """The answer once ``future`` is done."""
        try:
            return self.then(self.future.result())
        except UnderstudyError as error:
            return self.failed(error)

    def abandon(self) -> Answer:
        """The answer when it took too long."""
        self.future.add_done_callback(self._undo)
        return self.otherwise()

    def steps(self) -> Steps[Answer]:
        """The answer, or the one for when it takes too long."""
        try:
            yield Wait(self.future, self.seconds)
        except GeneratorExit:
            # Whoever waited has gone, and nobody gets the answer.
            self.abandon()
            raise
        return self.answer() if self.future.done() else self.abandon()

    def _undo(self, future: Future[Any]) -> None:
        if not future.cancelled() and future.exception() is None:
            self.abandoned(future.result())
