"""What a flow would do, on a snapshot: for the time in which nothing can be written.

The flow runs as it always does: it looks, asks who may, decides and saves. Its saves are seen by
its own later look-ups and by nobody else, and of what it records only the ends of sessions are
kept. So whoever may end a session, and how a fallen premise ends one, is decided in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar, cast

from understudy.core.clock import Interval
from understudy.core.impersonation.endings import Ending, Proof, Reach
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SESSION_OVER, Event, PartyKind
from understudy.core.ports import Flow, PolicyJudge
from understudy.storage.database.answers import Answers
from understudy.storage.database.connection import Connection, Params, Row, V, Value
from understudy.storage.endings.in_force import EndingsInForce
from understudy.storage.tables.unit import Random, StoreUnit
from understudy.storage.vault import InstallationVault

T = TypeVar("T")

ID_BYTES = 16
_REMEMBERED = 100_000
_NOT_WRITTEN = -1
_GET, _SAVE = "_get", "_save"


@dataclass(frozen=True, kw_only=True)
class Rehearsed(Generic[T]):
    """What the flow answered, and which sessions it would have ended."""

    value: T
    endings: Sequence[Ending]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What a rehearsal needs: as of when, how the caller was known, and the engine's own parts."""

    at: datetime
    proven: Proof
    vault: InstallationVault
    random: Random
    endings: EndingsInForce
    judge: PolicyJudge


def rehearse(flow: Flow[T], connection: Connection, stage: Stage) -> Rehearsed[T]:
    """Run ``flow`` without writing anything; what it raises is raised."""
    ended: dict[str, Ending] = {}

    def append(moment: datetime, event: Event) -> int:
        # The first end of a session counts, as it would have: a row that is over stays as it is.
        if event.type in SESSION_OVER and event.session_id is not None:
            ended.setdefault(event.session_id, _ending(event, stage))
        return _NOT_WRITTEN

    unit = StoreUnit(
        _Unwritten(connection),
        times=Interval.at(stage.at),
        vault=stage.vault,
        random=stage.random,
        append=append,
        endings=stage.endings,
        judge=stage.judge,
    )
    value = flow(unit)
    return Rehearsed(value=value, endings=tuple(ended.values()))


def _ending(event: Event, stage: Stage) -> Ending:
    details = event.details
    by_ref = details["by_ref"]
    return Ending(
        id=stage.random(ID_BYTES).hex(),
        reach=Reach.SESSION,
        ref=event.session_id,
        application_id=event.application_id,
        cause=EndCause(str(details["cause"])),
        doer_kind=PartyKind(str(details["by_kind"])),
        doer_ref=None if by_ref is None else str(by_ref),
        proven=stage.proven,
        address=event.address,
        at=stage.at,
    )


class _Unwritten:
    """A transaction over a snapshot, of which the database never hears.

    What ``…_save`` was told, ``…_get`` answers: those are the rows that premises stand on.
    """

    alive = True
    changes = False
    in_doubt = False

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._answers: dict[str, Answers] = {}
        self._saved: dict[tuple[str, object], list[Params]] = {}
        self.all: Callable[..., Sequence[Row]] = connection.all
        self.stream: Callable[..., Iterator[Row]] = connection.stream

    def one(self, query: str, params: Params = {}) -> Row | None:  # noqa: B006 - never changed
        """The first row of ``query``, as it was saved last."""
        row = self._connection.one(query, params)
        return None if row is None else self._as_saved(query, params, row)

    def known(self, query: str, params: Params, read: Callable[[Sequence[Row]], V]) -> V:
        """What ``read`` makes of the rows of ``query`` as they were saved last, or made before."""

        def ask(_: object) -> V:
            rows = self._connection.all(query, params)
            return read([self._as_saved(query, params, row) for row in rows])

        return self.answers(query).get(tuple(params.values()), ask)

    def _as_saved(self, query: str, params: Params, row: Row) -> Row:
        for saved in self._saved.get((query.removesuffix(_GET), params.get("id")), ()):
            if all(saved.get(name) == value for name, value in params.items()):
                row = {name: cast(Value, saved.get(name, value)) for name, value in row.items()}
        return row

    def answers(self, query: str) -> Answers:
        """What was read or noted since the last save of its table."""
        return self._answers.setdefault(query, Answers(_REMEMBERED))

    def run(self, query: str, params: Params = {}) -> int:  # noqa: B006 - never changed
        """As if a row had been changed."""
        table = query.removesuffix(_SAVE)
        if table != query and "id" in params:
            self._saved.setdefault((table, params["id"]), []).append(params)
            self.answers(table + _GET).forget()
        return 1

    def change(self, query: str, params: Params = {}) -> None:  # noqa: B006 - never changed
        """As if a row had been changed."""
        self.run(query, params)

    def run_many(self, query: str, rows: Sequence[Sequence[Value]]) -> None:
        """Nothing."""

    def run_last(self, query: str, params: Params = {}) -> None:  # noqa: B006 - never changed
        """Nothing."""

    def savepoint(self) -> AbstractContextManager[None]:
        """A block like any other."""
        return nullcontext()

    def scrub(self) -> None:
        """Nothing."""
