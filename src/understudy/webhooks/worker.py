"""Sends what is in the outbox: one thread that looks for work, and one for each attempt."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Container, Mapping
from datetime import datetime, timedelta

from understudy.core.notices.webhooks import Delivery
from understudy.core.ports import Engine
from understudy.errors import Unavailable
from understudy.flows.notices.deliver import Tried, claim, not_now, settle, withdraw
from understudy.flows.notices.messages import Outgoing
from understudy.last_resort import LastResort
from understudy.webhooks.sender import Answer

POLL_SECONDS = 0.5
"""How often a node looks for what other processes have put into the outbox."""
AT_ONCE = 16
"""Attempts that one node makes at the same time."""
STOP_SECONDS = 5.0
"""How long attempts under way may take once the process stops; the rest is sent again later."""

_logger = logging.getLogger(__name__)


Compose = Callable[[Delivery], Outgoing | None]
"""What a delivery is to say, from the log as it is now; None when there is nothing to say."""


Mail = Callable[[Outgoing], Answer]
"""Sends an e-mail to its recipients, and never raises."""


Post = Callable[[str, Mapping[str, str], bytes], Answer]
"""Sends a body with headers to a URL, and never raises; see ``Sender.post``."""


class Worker:
    """Runs from ``start`` to ``stop``. ``wake`` has it look for work at once.

    Only messages in one of ``formats`` are sent. ``chance`` answers numbers between 0 and 1,
    ``timer`` seconds.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        compose: Compose,
        formats: Container[str],
        post: Post,
        clock: Callable[[], datetime],
        timer: Callable[[], float],
        chance: Callable[[], float],
        wake: threading.Event,
        mail: Mail | None = None,
    ) -> None:
        self._engine = engine
        self._compose = compose
        self._formats = formats
        self._post = post
        self._mail = mail
        self._clock = clock
        self._timer = timer
        self._chance = chance
        self._wake = wake
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._busy: Counter[str] = Counter()
        self._attempts: set[threading.Thread] = set()
        self._thread: threading.Thread | None = None
        self.accepted = 0
        self.failed = 0

    def start(self) -> None:
        """Begin to send."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="understudy-webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Claim nothing more, and let attempts under way finish as far as they do so soon."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        until = self._timer() + STOP_SECONDS
        with self._lock:
            left = list(self._attempts)
        for thread in left:
            thread.join(max(0.0, until - self._timer()))

    def _run(self) -> None:
        while not self._stopping.is_set():
            # Before looking, not behind it: what comes meanwhile sets it again and is not missed.
            self._wake.clear()
            with LastResort(
                _logger,
                "looking for webhooks to send failed and is tried again",
                action="claim_webhooks",
            ):
                self._begin_all()
            # Not left to `wake` alone: other processes fill the outbox as well, and wake nobody
            # here.
            if not self._stopping.is_set():
                self._wake.wait(POLL_SECONDS)

    def _begin_all(self) -> None:
        try:
            while not self._stopping.is_set() and self._begin_some():
                pass
        except Unavailable as error:
            _logger.warning(
                "webhooks wait for the database: %s",
                error.internal,
                extra={"action": "wait_for_database"},
            )

    def _begin_some(self) -> bool:
        """Claim what is due, as far as there is room, and begin to send it."""
        with self._lock:
            busy = Counter(self._busy)
        room = AT_ONCE - busy.total()
        if room <= 0 or not self._is_due(busy):
            return False
        claimed = self._engine.run(
            lambda unit: claim(unit, limit=room, busy=busy, formats=self._formats)
        )
        for delivery in claimed:
            self._begin(delivery)
        return bool(claimed)

    def _is_due(self, busy: Mapping[str, int]) -> bool:
        """Asked before a unit is begun, so that nothing to do is no write."""
        now = self._clock()
        with self._engine.reading() as reader:
            # First without looking at who is to be spared: mostly nothing is due at all.
            if not reader.deliveries.due(now, 1):
                return False
            besides = not_now(reader, busy, now, formats=self._formats)
            return bool(reader.deliveries.due(now, 1, besides=besides))

    def _begin(self, delivery: Delivery) -> None:
        thread = threading.Thread(
            target=self._attempt, args=(delivery,), name="understudy-webhook", daemon=True
        )
        with self._lock:
            # Before the thread runs, which takes it away again when it ends.
            self._busy[delivery.receiver] += 1
            self._attempts.add(thread)
        thread.start()
        # Removed here and not by itself: a thread that ended before it was added would stay.
        with self._lock:
            self._attempts = {one for one in self._attempts if one.is_alive()}

    def _attempt(self, delivery: Delivery) -> None:
        try:
            # Nobody waits for this thread: the lease ends, and it is tried again. What is told
            # must hold no secret, and an error's words may quote the message.
            with LastResort(
                _logger,
                "a webhook could not be settled",
                action="settle_webhook",
                name_only=True,
                delivery=delivery.id,
            ):
                self._send(delivery)
        finally:
            with self._lock:
                self._busy[delivery.receiver] -= 1
                if not self._busy[delivery.receiver]:
                    del self._busy[delivery.receiver]
            self._wake.set()

    def _send(self, delivery: Delivery) -> None:
        # Only now, from the log: what was erased since the event is not sent.
        outgoing = self._compose(delivery)
        if outgoing is None:
            self._engine.run(lambda unit: withdraw(unit, delivery))
            return
        at, started = self._clock(), self._timer()
        # Outside of any unit: a slow receiver must not hold the writer, for whom everybody waits.
        answer = self._sent(outgoing)
        tried = Tried(
            at=at,
            duration=timedelta(seconds=self._timer() - started),
            url=outgoing.url,
            request=outgoing.shown,
            status=answer.status,
            answer=answer.text,
            error=answer.error,
            retry_after=answer.retry_after,
        )
        chance = self._chance()
        self._engine.run(lambda unit: settle(unit, delivery, tried, chance=chance))
        if tried.accepted:
            self.accepted += 1
        else:
            self.failed += 1

    def _sent(self, outgoing: Outgoing) -> Answer:
        if not outgoing.recipients:
            return self._post(outgoing.url, outgoing.headers, outgoing.body)
        if self._mail is None:
            return Answer(error="No e-mail is sent from here.")
        return self._mail(outgoing)
