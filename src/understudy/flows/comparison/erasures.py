"""Erasures by retention beside the retention that the log says was ordered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from understudy.audit.entries.erasure import Erasure
from understudy.core.notices.events import EventType
from understudy.core.ports import Entry
from understudy.core.ports.comparison import Comparable
from understudy.errors import AuditError
from understudy.flows.comparison.differences import Difference, DifferenceCode
from understudy.flows.retention_terms import LEAST_DAYS, Terms

SLACK = timedelta(hours=1)
"""A setting is judged as of when it was asked for, and may wait for its turn to be written."""

_TYPES = frozenset(
    {
        EventType.APPLICATION_CREATED,
        EventType.APPLICATION_UPDATED,
        EventType.APPLICATION_DISABLED,
        EventType.AUDIT_ERASED,
    }
)


def early_erasures(rows: Comparable) -> Iterator[Difference]:
    """What retention erased though it was younger than the retention last ordered.

    Of an application whose orders are erased (release 0.1 did so) nothing is known, but that no
    retention is shorter than a day.
    """
    ordered: dict[str, Terms] = {}
    for entry in rows.entries(_TYPES):
        core: Mapping[str, Any] = entry.core or {}
        details, application_id = core.get("details") or {}, str(core.get("application_id"))
        if entry.type == EventType.AUDIT_ERASED:
            terms = ordered.get(application_id) or Terms(days=LEAST_DAYS)
            yield from _early(rows, entry, details, terms)
        elif "retention_days" in details:
            ordered[application_id] = _terms(entry, details, ordered.get(application_id))


def _terms(entry: Entry, details: Mapping[str, Any], before: Terms | None) -> Terms:
    days = details["retention_days"]
    promised = [one for one in (before.promised if before else ()) if entry.time < one[1]]
    # A node of release 0.1 says nothing of before, and keeps no promise.
    kept = details.get("retention_days_before", 0)
    if kept > days:
        promised.append((kept, entry.time + timedelta(days=kept)))
    return Terms(days=days, promised=tuple(promised), ordered_by=entry.index)


def _early(
    rows: Comparable, entry: Entry, details: Mapping[str, Any], terms: Terms
) -> Iterator[Difference]:
    if details.get("cause") != "retention":
        return
    try:
        ranges = Erasure.from_details(details).ranges
    except AuditError:
        return  # verification tells of it
    days = terms.days_at(entry.time)
    moment = entry.time - timedelta(days=days) + SLACK
    first, count, following = None, 0, iter(ranges)
    place = next(following)
    for index in rows.younger(ranges[0][0], ranges[-1][1], moment):
        while place[1] < index:
            place = next(following)
        if place[0] <= index:
            first, count = index if first is None else first, count + 1
    if first is not None:
        by = "" if terms.ordered_by is None else f", as entry {terms.ordered_by} ordered"
        yield Difference(
            code=DifferenceCode.ERASED_EARLY, table=None, row=None, index=entry.index,
            message=f"erased {count:,} entries too early, the first of them {first}: they were to "
            f"be kept for {days} days{by}",
        )  # fmt: skip
