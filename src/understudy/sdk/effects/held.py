"""Effects that wait in this process until somebody releases them, or their session is over."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from understudy.sdk.context import Telling
from understudy.sdk.values import Phase

MOST_OF_SESSION = 200
"""Held at a time; what comes beyond that is dropped."""


@dataclass(frozen=True, kw_only=True, eq=False)
class HeldEffect:
    """Something that was not sent yet. What it is only the app's own sender knows."""

    kind: str
    session_id: str
    send: Callable[[], Any]
    told: Telling


class HeldEffects:
    """Those of one process, by session."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, list[HeldEffect]] = defaultdict(list)

    def hold(self, effect: HeldEffect) -> None:
        """Keep it, or drop it where there is no more room."""
        with self._lock:
            of_session = self._held[effect.session_id]
            first, room = not of_session, len(of_session) < MOST_OF_SESSION
            if room:
                of_session.append(effect)
        if not room:
            effect.told.tell(Phase.EFFECT, kind=effect.kind, did="dropped")
        if first:
            effect.told.at_end(lambda: self.drop(effect.session_id))

    def of(self, session_id: str) -> Sequence[HeldEffect]:
        """What waits of a session, oldest first."""
        with self._lock:
            return tuple(self._held.get(session_id, ()))

    def release(self, session_id: str) -> list[Any]:
        """Send what waits; what the senders answer. One that fails is told of, and raises last."""
        answers, failures = [], []
        for effect in self._take(session_id):
            try:
                answers.append(effect.send())
            except Exception as error:
                failures.append(error)
                effect.told.tell(Phase.EFFECT, kind=effect.kind, did="failed")
            else:
                effect.told.tell(Phase.EFFECT, kind=effect.kind, did="released")
        if failures:
            raise failures[0]
        return answers

    def drop(self, session_id: str) -> int:
        """Do without what waits; how much that was."""
        taken = self._take(session_id)
        for effect in taken:
            effect.told.tell(Phase.EFFECT, kind=effect.kind, did="dropped")
        return len(taken)

    def _take(self, session_id: str) -> list[HeldEffect]:
        # Once: whoever releases and whoever ends the session do not both have it.
        with self._lock:
            return self._held.pop(session_id, [])
