"""The readable side of the log, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from heapq import merge
from typing import Any, cast

import msgspec

from understudy.core.governance.use import RefusedOnDay
from understudy.core.ids import ActorRef, SessionId, SubjectRef
from understudy.core.notices.events import EventType, Outcome
from understudy.core.ports import ActionCounts, Entry, EntryFilter
from understudy.core.times import from_ms, to_ms
from understudy.storage.database.connection import Params, Row, Transaction, Value
from understudy.storage.tables.driving import drive
from understudy.storage.tables.erasures import due
from understudy.storage.tables.log_times import TIME_STEP, end_before, first_since
from understudy.storage.tables.rows import Codec

_ORDER = (
    "session_id",
    "grant_id",
    "subject_ref",
    "organization_ref",
    "actor_ref",
    "not_ok",
    "type",
    "application_id",
)
_OFTEN = frozenset(
    {
        EventType.ACTION_COMPLETED,
        EventType.ACTION_INTENDED,
        EventType.GRANT_CREATED,
        EventType.SESSION_STARTED,
    }
)
"""What whoever has acted has done; the index of an actor's other types leaves these out."""
_ANY_ONE = frozenset({EventType.SESSION_STARTED})
_NO_TYPE = frozenset({""})
_Params = dict[str, Value | tuple[str, ...]]
_REFUSED = Codec(RefusedOnDay)
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class EntryTable:
    """The entries of the log."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def size(self) -> int:
        """How many entries the log has."""
        return self._db.known("entries_size", {}, _end)[0]

    def newest(self) -> datetime | None:
        """From when the last entry is; None while there is none."""
        return self._db.known("entries_size", {}, _end)[1]

    def get(self, index: int) -> Entry | None:
        """The entry at ``index``."""
        row = self._db.one("entries_get", {"idx": index})
        return _entry(row) if row else None

    def search(
        self, where: EntryFilter, *, before: int | None = None, limit: int = 50
    ) -> Sequence[Entry]:
        """Newest first, below index ``before``."""
        bounds = self._bounds(where)
        bounds["limit"] = limit
        if before is not None:
            end = bounds["before"]
            bounds["before"] = before if not isinstance(end, int) else min(end, before)
        found: list[Row] = []
        for part in self._by_session(where):
            for params in _searches(part):
                if found and len(found) == limit:
                    # Whatever lies before the last row of a full page cannot be on it.
                    bounds["first"] = _index(found[-1])
                rows = self._db.all("entries_search", params | bounds)
                found = sorted([*found, *rows], key=_index, reverse=True)[:limit]
        return [_entry(row) for row in found]

    def stream(
        self, where: EntryFilter, *, first: int = 0, before: int | None = None
    ) -> Iterator[Entry]:
        """All that match, oldest first, a few at a time, from index ``first`` up to ``before``."""
        bounds = self._bounds(where)
        bounds["first"] = max(first, _given(bounds["first"], first))
        if before is not None:
            bounds["before"] = min(before, _given(bounds["before"], before))
        found = [
            self._db.stream("entries_stream", params | bounds)
            for part in self._by_session(where)
            for params in _searches(part)
        ]
        for row in merge(*found, key=_index):
            yield _entry(row)

    def after(
        self, index: int, *, types: frozenset[str] = frozenset(), limit: int = 1000
    ) -> Sequence[Entry]:
        """Oldest first, above ``index``."""
        params: Params = {"idx": index, "types": tuple(sorted(types)), "limit": limit}
        return [_entry(row) for row in self._db.all("entries_after", params)]

    def count_due(
        self,
        application_id: str,
        moment: datetime,
        *,
        from_index: int,
        held_subjects: frozenset[SubjectRef] = frozenset(),
    ) -> int:
        """How many entries retention would take something from, all steps together."""
        where = due(self._db, application_id, moment, from_index, held_subjects)
        row = self._db.one("entries_count_due", where)
        return int(row["due"] or 0) if row else 0

    def actions_of(self, session_id: SessionId) -> ActionCounts:
        """What the log still says was done in a session."""
        row = self._db.one("entries_count_actions", {"session_id": session_id}) or {}
        intended, unsafe = int(row["intended"] or 0), int(row["unsafe"] or 0)
        return ActionCounts(
            reads=int(row["completed"] or 0) - unsafe,
            # Most changes are written down twice, before and after; of some only one half is known.
            changes=max(intended, unsafe),
            refused=int(row["blocked"] or 0),
        )

    def refused_by_day(self, actor_ref: ActorRef, since: datetime) -> Sequence[RefusedOnDay]:
        """What somebody was refused, on each day that has something."""
        where: Params = {"actor_ref": actor_ref, "since": to_ms(since)}
        return [_REFUSED.read(row) for row in self._db.all("entries_refused_by_day", where)]

    def _by_session(self, where: EntryFilter) -> Iterator[EntryFilter]:
        """A search by grant as searches by its sessions, and one for entries outside of them.

        None at all when no entry of anybody has one of the types.
        """
        where = self._occurring(where)
        if where.types == _NO_TYPE:
            return
        yield where
        if where.grant_id is not None and where.session_id is None:
            for row in self._db.all("entries_of_grant", {"grant_id": where.grant_id}):
                yield replace(where, session_id=cast(SessionId, row["id"]))

    def _occurring(self, where: EntryFilter) -> EntryFilter:
        """The filter without types that nobody's entries have.

        To find that out costs a look each; to walk through all that somebody did costs a look for
        each of their entries.
        """
        if not where.types or not _is_about_somebody(where):
            return where
        found = {one for one in where.types if self._db.one("entries_type_occurs", {"type": one})}
        return replace(where, types=frozenset(found) or _NO_TYPE)

    def _bounds(self, where: EntryFilter) -> _Params:
        """Between which indexes the filter's times lie: its first, and one past its last."""
        first = end = None
        if where.since is not None:
            found = first_since(self._db, where.since)
            first = max(0, self.size() - TIME_STEP) if found is None else found
        if where.until is not None:
            end = end_before(self._db, where.until)
        return {"first": first, "before": end}


def _searches(where: EntryFilter) -> Iterator[_Params]:
    """What finds all that match, each but once: by type, and what an actor did to others."""
    yield from _by_type(where)
    params = _params(where)
    if "by_actor_ref" in params:
        # Few entries have a doer beside their actor, so that this index needs no help by type.
        params["by_doer_ref"] = params.pop("by_actor_ref")
        yield params


def _by_type(where: EntryFilter) -> Iterator[_Params]:
    """One search, or some for each type when it is the type that walks an index, alone or with
    the actor.

    What is left of erased entries has an index of its own, and says no more than type and time.
    """
    if where.types and "by_actor_ref" in _params(where) and not where.types & _OFTEN:
        params = _params(replace(where, types=frozenset()))
        yield from (params | {"by_type": one, "by_seldom": "seldom"} for one in sorted(where.types))
        return
    if not where.types or "by_type" not in _params(replace(where, types=_ANY_ONE)):
        yield _params(where)
        return
    for event_type in sorted(where.types):
        params = _params(replace(where, types=frozenset({event_type})))
        yield params | {"by_kept": "kept"}
        if where.application_id is None and where.outcome is None:
            yield params | {"by_erased": "erased"}


def _params(where: EntryFilter) -> _Params:
    """The filter as parameters. One type may walk an index, several can only sift."""
    failed = where.outcome is not None and where.outcome is not Outcome.OK
    driven = drive(
        {
            "application_id": where.application_id,
            "actor_ref": where.actor_ref,
            "subject_ref": where.subject_ref,
            "organization_ref": where.organization_ref,
            "grant_id": where.grant_id,
            "session_id": where.session_id,
            "outcome": where.outcome,
            "not_ok": "not_ok" if failed else None,
            "type": next(iter(where.types)) if len(where.types) == 1 else None,
        },
        _ORDER,
    )
    params: _Params = {**driven}
    params["since"] = None if where.since is None else to_ms(where.since)
    params["until"] = None if where.until is None else to_ms(where.until)
    if where.types and "by_type" not in driven:
        params["types"] = tuple(sorted(where.types))
    return params


def _is_about_somebody(where: EntryFilter) -> bool:
    """Whether what is left of erased entries cannot match: they are about nobody any more."""
    refs = (where.actor_ref, where.subject_ref, where.organization_ref, where.application_id)
    return any(ref is not None for ref in refs)


def _given(bound: Value | tuple[str, ...], otherwise: int) -> int:
    return bound if isinstance(bound, int) else otherwise


def _index(row: Row) -> int:
    return int(row["idx"] or 0)


def _entry(row: Row) -> Entry:
    return Entry(
        index=_index(row),
        time=from_ms(int(row["time_ms"] or 0)),
        type=str(row["type"]),
        leaf=cast(bytes, row["leaf"]),
        core=_payload(row["core"]),
        personal=_payload(row["personal"]),
    )


def _payload(text: Value) -> Mapping[str, Any] | None:
    return None if text is None else _decode(cast(str, text))


def _end(rows: Sequence[Row]) -> tuple[int, datetime | None]:
    newest = rows[0]["newest_ms"]
    return int(rows[0]["size"] or 0), None if newest is None else from_ms(int(newest))
