"""Writes down what is done in sessions: intents at once, everything else in batches.

What waits is sent within a second, in order for each session, on a thread of its own, again and
again until the service has it; repeats carry the same key, so that nothing is written twice. What
is held is bounded: a session that reaches the bound is refused rather than pass unrecorded.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from understudy.core.impersonation.sessions import EndCause
from understudy.errors import SessionOver, Unavailable, UnderstudyError
from understudy.last_resort import LastResort
from understudy.sdk import outbox
from understudy.sdk.boot_time import seconds_since_boot
from understudy.sdk.cleaning import clean_action, stand_in
from understudy.sdk.endings import LONGEST_SECONDS, Endings
from understudy.sdk.gateway import Gateway
from understudy.sdk.outbox import Batch, Line, Outbox
from understudy.sdk.secret import Secret
from understudy.sdk.state_file import StateFiles
from understudy.sdk.values import RecordedAction
from understudy.sdk.verdicts import Verdict, verdict_on

_LOG = logging.getLogger("understudy")
GATHER_SECONDS = 0.25
KEPT_SECONDS = 3_600.0
"""How long beyond a session's end its actions are tried again."""


class Recorder:
    """What one process tells the log. ``new_key`` makes Idempotency-Keys.

    ``monotonic`` is the clock of sessions' ends; pauses are measured by the machine's.
    """

    def __init__(
        self,
        *,
        gateway: Gateway,
        new_key: Callable[[], str],
        monotonic: Callable[[], float] = seconds_since_boot,
        state: StateFiles | None = None,
    ) -> None:
        self._gateway = gateway
        self._new_key = new_key
        self._monotonic = monotonic
        self._state = state
        self._endings = Endings(gateway=gateway, monotonic=monotonic, state=state)
        self._outbox = Outbox(new_key=new_key)
        self.is_full = self._outbox.is_full
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._never = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._given_up = False

    def intend(self, session_id: str, action: RecordedAction) -> None:
        """Record ``action`` durably; it has not begun. Blocks.

        :raises SessionOver: it must not begin.
        :raises Unavailable: it must not begin either, since nobody would know of it.
        """
        try:
            self._gateway.record(session_id, [clean_action(action)], key=self._new_key())
        except (SessionOver, Unavailable):
            raise
        except UnderstudyError as error:
            raise Unavailable(internal=error.code) from error

    def add(self, session_id: str, action: RecordedAction, over_at: float | None = None) -> None:
        """Record ``action`` soon; ``over_at`` is the session's end. Does not block."""
        if over_at is None:
            over_at = self._monotonic() + LONGEST_SECONDS - KEPT_SECONDS
        self._outbox.add(session_id, action, over_at + KEPT_SECONDS)
        if not self._wake.is_set():
            self._start()

    def end(self, session_id: str | None, token: Secret | None, cause: EndCause) -> Future[None]:
        """End a session, whatever waits; the future says when the service knows."""
        self._hurry.set()
        return self._endings.end(session_id, token, cause)

    def revoke_of(self, actor_id: str) -> None:
        """Revoke the live sessions of an actor. Does not block."""
        self._endings.revoke_of(actor_id)

    def resume(self) -> list[str]:
        """Take up what earlier processes left, endings first; the sessions that are to end."""
        ended = self._endings.resume()
        for session_id, batch in self._state.batches() if self._state is not None else ():
            self._outbox.put_back(session_id, batch, self._monotonic() + LONGEST_SECONDS)
            self._start()
        return ended

    def close(self, seconds: float) -> None:
        """Send what waits for at most ``seconds``; the rest goes to a file, or is lost."""
        until = time.monotonic() + seconds
        self._closed = True
        self._hurry.set()
        self._wake.set()
        lost = self._endings.close(seconds)
        if self._thread is not None:
            self._thread.join(max(0.0, until - time.monotonic()))
        # For the thread, which would go on trying for as long as the process hangs on to it.
        self._given_up = True
        lost += self._leave()
        if lost:
            _LOG.error(
                "Understudy was not reached: %d recorded actions and endings are lost",
                lost,
                extra={"action": "stop_recording", "lost": lost},
            )

    def _leave(self) -> int:
        lost = 0
        for session_id, batch in self._outbox.drain():
            if self._state is None or not self._state.keep_batch(session_id, batch):
                lost += len(batch.actions)
        return lost

    def _start(self) -> None:
        self._wake.set()
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    # Not before there is something to send: servers load the app, and then fork.
                    self._thread = threading.Thread(
                        target=self._run, name="understudy-recorder", daemon=True
                    )
                    self._thread.start()

    def _run(self) -> None:
        while not self._given_up:
            self._rest()
            # Before the outbox is emptied: what is added meanwhile wakes the thread once more.
            self._wake.clear()
            self._send_due()
            if self._closed and self._outbox.due_in(0.0) is None:
                return

    def _rest(self) -> None:
        due = self._outbox.due_in(time.monotonic())
        if self._closed:
            # One hurry for what failed before the stop; after it the first pause each time.
            if due:
                self._never.wait(min(due, outbox.FIRST_PAUSE))
                self._outbox.hurry()
            return
        # What comes while a batch that failed waits for its next try does not wait with it.
        if due == 0.0 or self._wake.wait(due):
            self._hurry.wait(GATHER_SECONDS)
            self._hurry.clear()

    def _send_due(self) -> None:
        while not self._given_up and (found := self._outbox.next(time.monotonic())) is not None:
            line, batch = found
            with LastResort(_LOG, "Recording failed unexpectedly", action="send_recorded"):
                self._send(line, batch)
                continue
            self._outbox.postpone(line, batch, time.monotonic())

    def _send(self, line: Line, batch: Batch) -> None:
        try:
            self._gateway.record(line.session_id, batch.actions, key=batch.key)
        except UnderstudyError as error:
            self._failed(line, batch, error)
        else:
            self._settle(line, batch)

    def _failed(self, line: Line, batch: Batch, error: UnderstudyError) -> None:
        verdict = verdict_on(error, tries=batch.tries + 1)
        if verdict is Verdict.SPLIT and self._has_split(line, batch):
            return
        refused_for_good = verdict is Verdict.SPLIT and error.facts.get("status") is None
        over = self._monotonic() >= line.keep_until
        if verdict is Verdict.FINISHED or refused_for_good or over:
            self._lose(line, batch, error.code)
        else:
            self._outbox.postpone(line, batch, time.monotonic())

    def _has_split(self, line: Line, batch: Batch) -> bool:
        """Send less at once, and at last a stand-in: something in ``batch`` is not taken."""
        actions = batch.actions
        if len(actions) > 1:
            middle = len(actions) // 2
            self._outbox.replace(line, batch, [actions[:middle], actions[middle:]])
        elif not batch.replaced:
            batch.replaced = True
            self._outbox.replace(line, batch, [[stand_in(actions[0])]])
        else:
            return False
        self._forget(batch)
        return True

    def _lose(self, line: Line, batch: Batch, code: str) -> None:
        # The code says why, and holds nobody's data.
        _LOG.error(
            "Understudy refused what was recorded: %s; %d actions are lost",
            code,
            len(batch.actions),
            extra={"action": "record_actions", "code": code, "lost": len(batch.actions)},
        )
        self._settle(line, batch)

    def _settle(self, line: Line, batch: Batch) -> None:
        self._outbox.settle(line, batch)
        self._forget(batch)

    def _forget(self, batch: Batch) -> None:
        if self._state is not None and batch.restored:
            self._state.forget_batch(batch.key)
