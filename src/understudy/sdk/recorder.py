"""Writes down what is done in sessions: intents at once, everything else in batches.

What waits is sent within a second, in order, on a thread of its own, again and again until the
service has it; repeats carry the same key, so that nothing is written twice. The queue is bounded:
when it is full, the guard refuses requests rather than let them pass unrecorded.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from understudy.core.impersonation.sessions import EndCause
from understudy.errors import SessionOver, TokenInvalid, Unavailable, UnderstudyError
from understudy.last_resort import LastResort
from understudy.sdk.gateway import Gateway
from understudy.sdk.secret import Secret
from understudy.sdk.values import RecordedAction

_LOG = logging.getLogger("understudy")
GATHER_SECONDS = 0.25
MAX_WAITING = 20_000
MAX_BATCH = 80
"""Actions of a batch; with every field at its longest they stay below the service's 1 MiB."""
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 5.0
GIVE_UP_TRIES = 1_000
"""About an hour and a half of trying: longer than any session lives."""


@dataclass(kw_only=True)
class _Batch:
    session_id: str
    actions: list[RecordedAction]
    key: str
    tries: int = 0


@dataclass(kw_only=True)
class _Ending:
    """``session_id`` is None while only the token is known: then the service is asked for it."""

    session_id: str | None
    token: Secret | None
    cause: EndCause
    done: Future[None] = field(default_factory=Future)
    tries: int = 0


class Recorder:
    """The outbox of one process. ``new_key`` makes Idempotency-Keys."""

    def __init__(self, *, gateway: Gateway, new_key: Callable[[], str]) -> None:
        self._gateway = gateway
        self._new_key = new_key
        self._queue: deque[tuple[str, RecordedAction] | _Ending] = deque()
        self._orders: deque[_Batch | _Ending] = deque()
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._never = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._given_up = False

    def is_full(self) -> bool:
        """True when nothing more may be done in sessions before the service takes what waits."""
        return len(self._queue) >= MAX_WAITING

    def intend(self, session_id: str, action: RecordedAction) -> None:
        """Record ``action`` durably; it has not begun. Blocks.

        :raises SessionOver: it must not begin.
        :raises Unavailable: it must not begin either, since nobody would know of it.
        """
        try:
            self._gateway.record(session_id, [action], key=self._new_key())
        except (SessionOver, Unavailable):
            raise
        except UnderstudyError as error:
            raise Unavailable(internal=error.code) from error

    def add(self, session_id: str, action: RecordedAction) -> None:
        """Record ``action`` soon. Does not block."""
        # A deque's append is one step for all threads: no request waits for another one's lock.
        self._queue.append((session_id, action))
        if not self._wake.is_set():
            self._start()

    def end(self, session_id: str | None, token: Secret | None, cause: EndCause) -> Future[None]:
        """End a session behind what was recorded in it; the future says when the service knows."""
        ending = _Ending(session_id=session_id, token=token, cause=cause)
        ending.done.set_running_or_notify_cancel()  # nobody who waits for it may cancel it
        self._queue.append(ending)
        self._hurry.set()
        self._start()
        return ending.done

    def close(self, seconds: float) -> None:
        """Send what waits, for at most ``seconds``."""
        self._closed = True
        self._hurry.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(seconds)
        # For the thread, which would go on trying for as long as the process hangs on to it.
        self._given_up = True
        left = len(self._queue) + sum(map(_weight, self._orders))
        if left:
            _LOG.error(
                "Understudy was not reached: %d recorded actions are lost",
                left,
                extra={"action": "stop_recording", "lost": left},
            )

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
        pause = FIRST_PAUSE
        while not (self._closed and (self._given_up or not (self._queue or self._orders))):
            self._rest(pause)
            # Before the queue is emptied: what is added meanwhile wakes the thread once more.
            self._wake.clear()
            self._sort()
            pause = FIRST_PAUSE if self._send_all() else min(pause * 2, LONGEST_PAUSE)

    def _rest(self, pause: float) -> None:
        if self._closed:
            if self._orders:
                self._never.wait(FIRST_PAUSE)
            return
        if not self._orders:
            self._wake.wait()
            pause = GATHER_SECONDS
        self._hurry.wait(pause)
        self._hurry.clear()

    def _sort(self) -> None:
        """Move what waits into batches, one session after another; an ending closes them."""
        actions: dict[str, list[RecordedAction]] = {}
        for _ in range(len(self._queue)):
            order = self._queue.popleft()
            if isinstance(order, _Ending):
                # What was done before the end goes first, or the service would call it late.
                self._pack(actions)
                self._orders.append(order)
                actions = {}
            else:
                actions.setdefault(order[0], []).append(order[1])
        self._pack(actions)

    def _pack(self, actions: dict[str, list[RecordedAction]]) -> None:
        for session_id, all_of_session in actions.items():
            for start in range(0, len(all_of_session), MAX_BATCH):
                some = all_of_session[start : start + MAX_BATCH]
                self._orders.append(
                    _Batch(session_id=session_id, actions=some, key=self._new_key())
                )

    def _send_all(self) -> bool:
        """Send in order until something cannot be sent; that one goes to the back."""
        while self._orders:
            order = self._orders.popleft()
            if not self._send(order):
                self._put_back(order)
                return False
        return True

    def _put_back(self, order: _Batch | _Ending) -> None:
        # To the back: one session that the service chokes on must not hold up all others.
        order.tries += 1
        if order.tries < GIVE_UP_TRIES:
            self._orders.append(order)
        else:
            _LOG.error(
                "Understudy was not reached for long: %d actions are lost",
                _weight(order),
                extra={"action": "give_up_recording", "lost": _weight(order)},
            )

    def _send(self, order: _Batch | _Ending) -> bool:
        with LastResort(_LOG, "Recording failed unexpectedly", action="send_recorded"):
            return self._is_settled(order)
        return False

    def _is_settled(self, order: _Batch | _Ending) -> bool:
        try:
            if isinstance(order, _Batch):
                self._gateway.record(order.session_id, order.actions, key=order.key)
            else:
                self._finish(order)
        except Unavailable:
            return False
        except UnderstudyError as error:
            # It would be refused again and again; the code says why, and holds nobody's data.
            _LOG.error(
                "Understudy refused what was recorded: %s",
                error.code,
                extra={"action": "record_actions", "code": error.code},
            )
        return True

    def _finish(self, order: _Ending) -> None:
        try:
            if order.session_id is None and order.token is not None:
                order.session_id = self._gateway.refresh(order.token).session.id
            if order.session_id is not None:
                self._gateway.end(order.session_id, order.cause)
        except (SessionOver, TokenInvalid):
            pass  # over already
        order.done.set_result(None)


def _weight(order: _Batch | _Ending) -> int:
    return len(order.actions) if isinstance(order, _Batch) else 1
