"""Grants and sessions beside what the log says of them.

What retention has erased is not known any more, and so never held against a row here: rows without
an entry are weighed against what is left of such entries (`unexplained`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from understudy.core.governance.approvals import MOST_PENDING_MINUTES
from understudy.core.impersonation.grants import MAX_MINUTES, GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SESSION_OVER, EventType
from understudy.core.ports.comparison import Table, Told
from understudy.core.times import from_ms, to_ms
from understudy.flows.comparison.agreement import Agreement
from understudy.flows.comparison.differences import Difference, DifferenceCode, of_row

NEAR = timedelta(seconds=5)
"""How far the times of a row and of its entry may lie apart."""

_NEAR_MS = NEAR // timedelta(milliseconds=1)
_MINUTE_MS = 60_000
_WHOSE = ("application_id", "actor_ref", "subject_ref", "organization_ref")
_OPEN = frozenset({GrantStatus.PENDING, GrantStatus.READY, GrantStatus.ACTIVE})
_USABLE = frozenset({GrantStatus.READY, GrantStatus.ACTIVE})
_GRANT_MADE = frozenset({EventType.GRANT_CREATED, EventType.GRANT_REQUESTED})
_GRANT_OVER = frozenset(
    {
        EventType.GRANT_CANCELLED,
        EventType.GRANT_EXPIRED,
        EventType.APPROVAL_REFUSED,
        EventType.APPROVAL_WITHDRAWN,
    }
)
_LONGEST_MINUTES = MAX_MINUTES + MOST_PENDING_MINUTES


def compare_grant(told: Iterable[Told]) -> Iterator[Difference]:
    """How one grant and its sessions differ from what the log says of them."""
    grant, others = _Grant(), Agreement()
    sessions: dict[str, _Session] = {}
    for one in told:
        grant.take(one)
        others.take(one)
        session_id = one.facts["id"] if one.kind == Table.SESSION else one.facts.get("session_id")
        if session_id is not None:
            sessions.setdefault(session_id, _Session(session_id)).take(one)
    yield from grant.differences()
    yield from others.differences()
    for session in sessions.values():
        yield from session.differences()


class _Grant:
    """What is said of one grant, its entries in order."""

    def __init__(self) -> None:
        self._row: Told | None = None
        self._created: Told | None = None
        self._latest: dict[str, object] = {}
        self._over: Told | None = None
        self._ends_at: int | None = None
        self._status: object = None

    def take(self, one: Told) -> None:
        """The row, or the next entry."""
        details = one.facts.get("details") or {}
        if one.kind == Table.GRANT:
            self._row = one
        elif one.kind in _GRANT_MADE:
            self._created = one
        elif one.kind in _GRANT_OVER or (
            one.kind in SESSION_OVER and details.get("cause") != EndCause.RELAUNCHED
        ):
            self._over = one
        if one.kind == EventType.SESSION_STARTED and self._ends_at is None:
            self._ends_at = _ends_at(one)
        self._status = details.get("status", self._status)
        self._latest |= {name: details[name] for name in ("scope", "minutes") if name in details}

    def differences(self) -> Iterator[Difference]:
        """In which ways the row is not what was decided."""
        row, created = self._row, self._created
        if row is None:
            if created is not None:
                yield _missing(Table.GRANT, created.key, created)
            return
        if created is not None:
            yield from _of_others(row, created)
            yield from self._changed(row, created)
            if self._status == GrantStatus.PENDING and row.facts["status"] in _USABLE:
                yield _widened(row, "can be used; the log says that it waits for approval", created)
        if self._over is not None and row.facts["status"] in _OPEN:
            yield of_row(
                DifferenceCode.ROW_REVIVED, Table.GRANT, row.key,
                f"is {row.facts['status']}; entry {self._over.index} ({self._over.kind}) says that "
                "it is over", index=self._over.index,
            )  # fmt: skip

    def _changed(self, row: Told, created: Told) -> Iterator[Difference]:
        facts = row.facts
        for name, said in self._latest.items():
            if facts[name] != said:
                yield _widened(row, f"has {name} {facts[name]}; the log says {said}", created)
        if facts["ends_at"] > to_ms(row.time) + _longest(created) * _MINUTE_MS:
            yield _widened(row, "waits for longer than any grant may", created)
        if (facts["session_ends_at"] or 0) > (self._ends_at or 0) + _NEAR_MS:
            yield _widened(row, "lets its sessions run longer than the log says", created)


def _longest(created: Told) -> int:
    """For how many minutes a grant may wait, others' approval included."""
    return MAX_MINUTES if created.kind == EventType.GRANT_CREATED else _LONGEST_MINUTES


class _Session:
    """What is said of one session, its entries in order."""

    def __init__(self, session_id: str) -> None:
        self._id = session_id
        self._row: Told | None = None
        self._started: Told | None = None
        self._over: Told | None = None
        self._idle: int | None = None

    def take(self, one: Told) -> None:
        """The row, or the next entry."""
        if one.kind == Table.SESSION:
            self._row = one
        elif one.kind == EventType.SESSION_STARTED:
            self._started = one
        elif one.kind in SESSION_OVER:
            self._over = one
        idle = (one.facts.get("details") or {}).get("idle_minutes")
        self._idle = self._idle if idle is None else idle

    def differences(self) -> Iterator[Difference]:
        """In which ways the row is not what happened."""
        row, started = self._row, self._started
        if row is None:
            if started is not None:
                yield _missing(Table.SESSION, self._id, started, live=self._over is None)
            return
        if started is None:
            return
        yield from _of_others(row, started)
        yield from self._longer(row, started)
        yield from self._otherwise_over(row)

    def _longer(self, row: Told, started: Told) -> Iterator[Difference]:
        if row.facts["ends_at"] > _ends_at(started) + _NEAR_MS:
            until = _text(row.facts["ends_at"])
            yield _widened(row, f"runs until {until}, longer than its entry says", started)
        if self._idle is not None and row.facts["idle_limit"] > self._idle * _MINUTE_MS:
            yield _widened(row, "may be idle for longer than the log says", started)

    def _otherwise_over(self, row: Told) -> Iterator[Difference]:
        cause, over = row.facts["end_cause"], self._over
        if over is None:
            if cause is not None:
                yield of_row(
                    DifferenceCode.END_UNLOGGED, Table.SESSION, self._id,
                    f"is over ({cause}), and no entry says so",
                )  # fmt: skip
            return
        details = over.facts.get("details") or {}
        if cause is None:
            yield of_row(
                DifferenceCode.ROW_REVIVED, Table.SESSION, self._id,
                f"is live; entry {over.index} ({over.kind}) says that it is over",
                index=over.index,
            )  # fmt: skip
        # What was ended while the log could not be written says itself when that was.
        elif cause != details.get("cause") or row.facts["ended_at"] > _NEAR_MS + details.get(
            "at", to_ms(over.time)
        ):
            yield of_row(
                DifferenceCode.ROW_DIFFERS, Table.SESSION, self._id,
                f"ended otherwise than entry {over.index} says", index=over.index,
            )  # fmt: skip


def _of_others(row: Told, entry: Told) -> Iterator[Difference]:
    """Whose it is, and when it began."""
    table = Table(row.kind)
    names = [name for name in _WHOSE if row.facts[name] != entry.facts.get(name)]
    if abs(row.time - entry.time) > NEAR:
        names.append("when it began")
    if names:
        yield of_row(
            DifferenceCode.ROW_DIFFERS, table, row.facts["id"],
            f"is not what entry {entry.index} ({entry.kind}) says: {', '.join(names)}",
            index=entry.index,
        )  # fmt: skip


def _missing(table: Table, row: str, entry: Told, *, live: bool = False) -> Difference:
    tail = ", and none that it is over" if live else ""
    message = f"is not there; entry {entry.index} ({entry.kind}) tells of it{tail}"
    return of_row(DifferenceCode.ROW_MISSING, table, row, message, index=entry.index)


def _widened(row: Told, message: str, entry: Told) -> Difference:
    code, table = DifferenceCode.ROW_WIDENED, Table(row.kind)
    return of_row(code, table, row.facts["id"], message, index=entry.index)


def _ends_at(started: Told) -> int:
    """The latest end of a session by its entry, in milliseconds."""
    minutes: int = (started.facts.get("details") or {}).get("minutes", MAX_MINUTES)
    return to_ms(started.time) + minutes * _MINUTE_MS


def _text(moment_ms: int) -> str:
    return from_ms(moment_ms).isoformat(timespec="seconds")
