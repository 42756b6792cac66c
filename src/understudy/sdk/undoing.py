"""Has the app revoke what was made in sessions, once these are over: again until it succeeds.

The service knows what is left, so that nothing is forgotten by a process that is killed, and an end
from outside counts like any other. Several processes may ask the app for the same.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from understudy.errors import UnderstudyError
from understudy.last_resort import LastResort
from understudy.sdk.gateway import Gateway
from understudy.sdk.values import Minted, Phase, RecordedAction

_LOG = logging.getLogger("understudy")
Revoke = Callable[[Minted], object]
# What was recorded in a session's last second may reach the log behind its end.
AFTER_AN_END = (1.5, 15.0)
LONGEST_PAUSE = 60.0
NOT_YET = "what was made in a session is not revoked yet"


class Undoing:
    """One thread of one process. ``revoke`` raises where it did not succeed."""

    def __init__(
        self,
        *,
        gateway: Gateway,
        revoke: Revoke,
        clock: Callable[[], datetime],
        new_key: Callable[[], str],
    ) -> None:
        self._gateway = gateway
        self._revoke = revoke
        self._clock = clock
        self._new_key = new_key
        self._wake = threading.Event()
        self._stopped = False
        self._done: set[str] = set()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin with what earlier processes have left."""
        self._wake.set()
        self._thread = threading.Thread(target=self._run, name="understudy-undoing", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """A session is over. Does not block."""
        self._wake.set()

    def stop(self) -> None:
        """Leave the rest to the next process."""
        self._stopped = True
        self._wake.set()

    def join(self, seconds: float) -> None:
        """Wait for the thread's end, for at most ``seconds``."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        pause: float | None = None
        rounds: list[float] = []
        while not self._stopped:
            due = min([*rounds[:1], *([] if pause is None else [pause])], default=None)
            if self._wake.wait(due):
                self._wake.clear()
                rounds = list(AFTER_AN_END)
            elif rounds and due == rounds[0]:
                del rounds[0]
            if self._stopped:
                return
            left = True
            with LastResort(_LOG, "Revoking failed unexpectedly", action="look_for_minted"):
                left = self._round()
            pause = min((pause or 1.0) * 2, LONGEST_PAUSE) if left else None

    def _round(self) -> bool:
        """Revoke what is to be; whether something may be left."""
        try:
            minted = self._gateway.minted()
        except UnderstudyError as error:
            _warn(error.code)
            return True
        for one in minted:
            self._undo(one)
        return bool(minted)

    def _undo(self, minted: Minted) -> None:
        if minted.id not in self._done:
            if not self._revoked(minted):
                return
            self._done.add(minted.id)
        self._tell(minted)

    def _revoked(self, minted: Minted) -> bool:
        # Not its words, which may name what was to be revoked.
        with LastResort(_LOG, NOT_YET, action="revoke_minted", name_only=True):
            self._revoke(minted)
            return True
        return False

    def _tell(self, minted: Minted) -> None:
        action = RecordedAction(
            minted.id, Phase.UNDONE, self._clock(), "OTHER", "(by the app)", kind=minted.kind
        )
        try:
            self._gateway.record(minted.session_id, [action], key=self._new_key())
        except UnderstudyError as error:
            _warn(error.code)
        else:
            self._done.discard(minted.id)


def _warn(why: str) -> None:
    _LOG.warning("%s: %s", NOT_YET, why, extra={"action": "ask_for_minted", "code": why})
