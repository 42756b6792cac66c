"""What was recorded and is not yet in the log: bounded in all, and for each session.

In order within a session, sessions in turn; a batch that fails holds up its own session only.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain

from understudy.sdk.cleaning import clean_action
from understudy.sdk.part_keys import part_key
from understudy.sdk.values import Phase, RecordedAction
from understudy.sdk.wire import print_actions

MAX_ENTRIES = 20_000
MAX_BYTES = 32 * 1024 * 1024
MAX_OF_SESSION = 2_000
MAX_BATCH = 80
MAX_BATCH_BYTES = 512 * 1024
"""Half of what the service takes, as a proxy before it may take less."""
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 5.0
_ENTRY_BYTES = 300


@dataclass(kw_only=True)
class Batch:
    """Actions of one session that go out together, again and again under one ``key``."""

    actions: list[RecordedAction]
    key: str
    tries: int = 0
    replaced: bool = False
    restored: bool = False


@dataclass(kw_only=True)
class Line:
    """What waits of one session; given up at ``keep_until``, not tried before ``not_before``."""

    session_id: str
    keep_until: float
    waiting: deque[RecordedAction] = field(default_factory=deque)
    batches: deque[Batch] = field(default_factory=deque)
    folded: Counter[tuple[Phase, str | None]] = field(default_factory=Counter)
    like: RecordedAction | None = None
    entries: int = 0
    bytes: int = 0
    not_before: float = 0.0
    pause: float = 0.0


class Outbox:
    """Everything held. ``new_key`` makes Idempotency-Keys. Safe to use from any thread."""

    def __init__(self, *, new_key: Callable[[], str]) -> None:
        self._new_key = new_key
        self._lines: dict[str, Line] = {}
        self._lock = threading.Lock()
        self._entries = 0
        self._bytes = 0

    def is_full(self, session_id: str) -> bool:
        """True when nothing more may be done in this session before the service takes what waits.

        A look and no lock, as each request of a session asks.
        """
        if self._entries >= MAX_ENTRIES or self._bytes >= MAX_BYTES:
            return True
        line = self._lines.get(session_id)
        return line is not None and line.entries >= MAX_OF_SESSION

    def add(self, session_id: str, action: RecordedAction, keep_until: float) -> None:
        """Hold ``action``; beyond the bounds only a count of its like is kept."""
        action = clean_action(action)
        with self._lock:
            line = self._line(session_id, keep_until)
            # What was made and lasts has to be found again, each by itself.
            if self.is_full(session_id) and action.phase is not Phase.MINTED:
                line.folded[action.phase, action.rule] += 1
                line.like = action
                return
            line.waiting.append(action)
            self._count(line, 1, weight(action))

    def put_back(self, session_id: str, batch: Batch, keep_until: float) -> None:
        """Hold a batch of an earlier process, under its own key."""
        with self._lock:
            line = self._line(session_id, keep_until)
            line.batches.append(batch)
            self._count(line, len(batch.actions), sum(map(weight, batch.actions)))

    def next(self, now: float) -> tuple[Line, Batch] | None:
        """The batch whose turn it is; its session then stands last."""
        with self._lock:
            for session_id, line in list(self._lines.items()):
                if line.not_before <= now:
                    self._lines[session_id] = self._lines.pop(session_id)
                    self._pack(line)
                    return line, line.batches[0]
        return None

    def settle(self, line: Line, batch: Batch) -> None:
        """The log has ``batch``, or will never have it."""
        with self._lock:
            line.batches.remove(batch)
            self._count(line, -len(batch.actions), -sum(map(weight, batch.actions)))
            line.pause = line.not_before = 0.0
            if not (line.batches or line.waiting or line.folded):
                self._lines.pop(line.session_id, None)

    def postpone(self, line: Line, batch: Batch, now: float) -> None:
        """Try ``batch`` again later, and what stands behind it in its session after it."""
        with self._lock:
            batch.tries += 1
            line.pause = min(line.pause * 2, LONGEST_PAUSE) or FIRST_PAUSE
            line.not_before = now + line.pause

    def replace(self, line: Line, batch: Batch, others: list[list[RecordedAction]]) -> None:
        """Send ``others`` in place of ``batch``, under keys that say what they are parts of.

        A try of ``batch`` whose answer was lost may have arrived: then its parts are in the log.
        """
        made = [
            Batch(actions=actions, key=part_key(batch.key, number), replaced=batch.replaced)
            for number, actions in enumerate(others)
        ]
        with self._lock:
            place = line.batches.index(batch)
            before = sum(map(weight, batch.actions))
            line.batches.remove(batch)
            for offset, one in enumerate(made):
                line.batches.insert(place + offset, one)
            self._count(line, 0, sum(map(weight, chain(*others))) - before)

    def due_in(self, now: float) -> float | None:
        """Seconds until something can be sent; None when nothing waits."""
        with self._lock:
            times = [line.not_before for line in self._lines.values()]
        return max(0.0, min(times) - now) if times else None

    def hurry(self) -> None:
        """Try everything at once."""
        with self._lock:
            for line in self._lines.values():
                line.not_before = 0.0

    def drain(self) -> list[tuple[str, Batch]]:
        """Everything held, in order, which is then no longer held."""
        with self._lock:
            lines, self._lines = list(self._lines.values()), {}
            self._entries = self._bytes = 0
            for line in lines:
                while line.waiting or line.folded:
                    self._cut(line)
        return [(line.session_id, batch) for line in lines for batch in line.batches]

    def _line(self, session_id: str, keep_until: float) -> Line:
        line = self._lines.get(session_id)
        if line is None:
            line = Line(session_id=session_id, keep_until=keep_until)
            self._lines[session_id] = line
        return line

    def _count(self, line: Line, entries: int, weight_: int) -> None:
        line.entries += entries
        line.bytes += weight_
        self._entries += entries
        self._bytes += weight_

    def _pack(self, line: Line) -> None:
        if not line.batches:
            self._cut(line)

    def _cut(self, line: Line) -> None:
        """One more batch of what waits, by number and by encoded bytes; then what was folded."""
        some: list[RecordedAction] = []
        size = 0
        while line.waiting and len(some) < MAX_BATCH:
            size += len(print_actions([line.waiting[0]]))
            if some and size > MAX_BATCH_BYTES:
                break
            some.append(line.waiting.popleft())
        if not some:
            some = list(_folded(line))
            self._count(line, len(some), sum(map(weight, some)))
        line.batches.append(Batch(actions=some, key=self._new_key()))


def weight(action: RecordedAction) -> int:
    """What ``action`` weighs in bytes, about: encoded text, and the names around it."""
    texts = (action.path, action.route or "", action.address or "", action.user_agent or "")
    return _ENTRY_BYTES + sum(len(text.encode("utf-8", "replace")) for text in texts)


def _folded(line: Line) -> Iterable[RecordedAction]:
    counts, line.folded = line.folded, Counter()
    for number, ((phase, rule), times) in enumerate(counts.items()):
        if line.like is not None:
            yield line.like._replace(
                id=f"{line.like.id[:48]}-folded-{number}",
                phase=Phase.BLOCKED if phase is Phase.BLOCKED else Phase.COMPLETED,
                path=f"({times} more, counted only)",
                route=None,
                rule=rule,
            )
