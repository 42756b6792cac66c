"""Searches of the SDKs: conditions, all or any of which have to hold, page by page.

What an index can answer goes to the store; the rest is looked at row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from understudy.core.people.principals import Organization, Status, Subject
from understudy.core.ports import Page, Reader, SubjectFilter
from understudy.wires.stytch.errors import ErrorType, refused
from understudy.wires.stytch.filters import (
    Condition,
    Resolve,
    condition,
    member_filters,
    organization_filters,
    user_filters,
)
from understudy.wires.stytch.requests import Operand, Search, SearchQuery

DEFAULT_LIMIT = 100
_BATCH = 1_000
R = TypeVar("R", Subject, Organization)
Key = tuple[str, ...]
Fold = Callable[[str], str]
Test = Callable[[R], bool]


@dataclass(frozen=True, kw_only=True)
class Found(Generic[R]):
    """One page of a search. ``next_key`` is None on the last one."""

    rows: Sequence[R]
    total: int
    next_key: Key | None


@dataclass(frozen=True, kw_only=True)
class Window:
    """Which page is wanted. ``fold`` is how the store makes names comparable."""

    limit: int
    after: Key | None
    fold: Fold

    @classmethod
    def of(cls, asked: Search, after: Key | None, fold: Fold) -> Window:
        """The page that ``asked`` wants, after the row of the cursor."""
        return cls(limit=asked.limit or DEFAULT_LIMIT, after=after, fold=fold)


def users(
    reader: Reader, application_id: str, query: SearchQuery | None, window: Window
) -> Found[Subject]:
    """A page of users."""
    filters = user_filters(_resolve(reader, application_id))
    conditions = [condition(operand, filters) for operand in _operands(query)]
    sources = [((), SubjectFilter(application_id=application_id))]
    return _subjects(reader, sources, conditions, query, window)


def members(
    reader: Reader,
    application_id: str,
    organizations: Iterable[Organization],
    query: SearchQuery | None,
    window: Window,
) -> Found[Subject]:
    """A page of the members of some organizations."""
    filters = member_filters(_resolve(reader, application_id))
    conditions = [condition(operand, filters) for operand in _operands(query)]
    ids = sorted({one.id for one in organizations})
    sources = [
        (
            (organization_id,),
            SubjectFilter(application_id=application_id, organization_id=organization_id),
        )
        for organization_id in ids
    ]
    return _subjects(reader, sources, conditions, query, window)


def organizations(
    reader: Reader, application_id: str, query: SearchQuery | None, window: Window
) -> Found[Organization]:
    """A page of organizations."""

    def with_members(where: SubjectFilter) -> frozenset[str]:
        found = (row.organization_id for _, row in _walk(reader, where, None, window.fold))
        return frozenset(filter(None, found))

    filters = organization_filters(with_members, application_id)
    conditions = [condition(operand, filters) for operand in _operands(query)]
    tests = _tests([one.test for one in conditions], query)
    rows = _walk_organizations(reader, application_id, window.fold)
    return _counted(((key, row) for key, row in rows if all(t(row) for t in tests)), window)


def _subjects(
    reader: Reader,
    sources: Sequence[tuple[Key, SubjectFilter]],
    conditions: Sequence[Condition[Subject]],
    query: SearchQuery | None,
    window: Window,
) -> Found[Subject]:
    sources, tests = _narrowed(sources, conditions, query)
    if not tests:
        total = sum(reader.subjects.count(where) for _, where in sources)
        return _page(_after(reader, sources, window), window, total)
    rows = (
        (prefix + key, row)
        for prefix, where in sources
        for key, row in _walk(reader, where, None, window.fold)
        if all(test(row) for test in tests)
    )
    return _counted(rows, window)


def _narrowed(
    sources: Sequence[tuple[Key, SubjectFilter]],
    conditions: Sequence[Condition[Subject]],
    query: SearchQuery | None,
) -> tuple[Sequence[tuple[Key, SubjectFilter]], list[Test[Subject]]]:
    """The look-ups to make, and what is still to be tested of every row they find."""
    if len(conditions) > 1 and query is not None and query.operator == "OR":
        return sources, _tests([one.test for one in conditions], query)
    tests = [one.test for one in conditions]
    first = next((one for one in conditions if one.narrow is not None), None)
    if first is not None and first.narrow is not None:
        # One is enough: two on the same column would undo each other.
        sources = [(prefix, first.narrow(where)) for prefix, where in sources]
        if first.exact:
            tests.remove(first.test)
    return sources, tests


def _tests(tests: list[Test[R]], query: SearchQuery | None) -> list[Test[R]]:
    if query is None or query.operator == "AND" or not tests:
        return tests
    return [lambda row: any(test(row) for test in tests)]


def _after(
    reader: Reader, sources: Sequence[tuple[Key, SubjectFilter]], window: Window
) -> Iterator[tuple[Key, Subject]]:
    """The rows behind the cursor, as the store's own order has them."""
    for prefix, where in sources:
        begin = None
        if window.after is not None:
            mark = window.after[: len(prefix)]
            if prefix < mark:
                continue
            begin = window.after[len(prefix) :] if prefix == mark else None
        for key, row in _walk(reader, where, begin, window.fold):
            yield prefix + key, row


def _page(rows: Iterator[tuple[Key, R]], window: Window, total: int) -> Found[R]:
    taken = list(islice(rows, window.limit + 1))
    return _found(taken, window, total)


def _counted(rows: Iterable[tuple[Key, R]], window: Window) -> Found[R]:
    """The page of rows that had to be looked at one by one; they are counted on the way."""
    after = window.after
    taken: list[tuple[Key, R]] = []
    total = 0
    for key, row in rows:
        if after is not None and len(after) != len(key):
            raise refused(ErrorType.BAD_REQUEST, "This is not a cursor of this search.")
        total += 1
        if len(taken) <= window.limit and (after is None or key > after):
            taken.append((key, row))
    return _found(taken, window, total)


def _found(taken: Sequence[tuple[Key, R]], window: Window, total: int) -> Found[R]:
    """The page without the row that only tells that another one follows."""
    shown = taken[: window.limit]
    more = len(taken) > len(shown)
    return Found(
        rows=[row for _, row in shown], total=total, next_key=shown[-1][0] if more else None
    )


def _walk(
    reader: Reader, where: SubjectFilter, after: Key | None, fold: Fold
) -> Iterator[tuple[Key, Subject]]:
    while True:
        rows = reader.subjects.search(where, Page(limit=_BATCH, after=after))
        for row in rows:
            after = (fold(row.name or ""), row.id)
            yield after, row
        if len(rows) < _BATCH:
            return


def _walk_organizations(
    reader: Reader, application_id: str, fold: Fold
) -> Iterator[tuple[Key, Organization]]:
    after: Key | None = None
    while True:
        rows = reader.organizations.search(application_id, page=Page(limit=_BATCH, after=after))
        for row in rows:
            after = (fold(row.name), row.id)
            if row.status is not Status.DELETED:
                yield after, row
        if len(rows) < _BATCH:
            return


def _resolve(reader: Reader, application_id: str) -> Resolve:
    def resolve(external_ids: frozenset[str]) -> frozenset[str]:
        where = SubjectFilter(application_id=application_id, external_ids=external_ids)
        found = reader.subjects.search(where, Page(limit=len(external_ids)))
        return frozenset(row.id for row in found)

    return resolve


def _operands(query: SearchQuery | None) -> Sequence[Operand]:
    return query.operands if query is not None else ()
