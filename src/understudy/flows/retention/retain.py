"""Forget what an application's retention no longer covers, a little at a time; each step is told.

Both halves of an entry go, and with them what it was found by and what was delivered of it. Of what
was decided about the application itself the core half stays: settings, secrets, webhooks, holds,
erasures, exports. Nobody covers up by a shorter retention that it was they who ordered it. Grants
lose their words and names. Grants and sessions themselves stay, as facts about random ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from understudy.audit.entries.erasure import ErasedPart
from understudy.core.applications.application import Application
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.notices.events import SYSTEM, Scalar
from understudy.core.ports import Page, Reader, RetentionBatch, Unit
from understudy.core.times import to_ms
from understudy.flows.clock_doubt import retention_waits
from understudy.flows.origin import Origin
from understudy.flows.retention.erase import (
    forget_words_of_others,
    forgotten,
    is_forgotten,
    record_erasure,
)
from understudy.flows.retention.holds import Covered, held
from understudy.flows.retention.marks import Mark, keep, mark_of
from understudy.flows.retention_terms import Terms, terms_of

BATCH = 500
"""How many entries one unit erases: some 20 ms, so that others get their turn."""

_DAY = timedelta(days=1)
_OPEN = frozenset({GrantStatus.PENDING, GrantStatus.READY, GrantStatus.ACTIVE})


@dataclass(frozen=True, kw_only=True)
class Run:
    """Steps that belong together: what is from before ``until`` goes, once any of it has gone."""

    until: datetime | None = None
    erased: bool = False


_BEGIN = Run()


@dataclass(frozen=True, kw_only=True)
class Retained:
    """What one step forgot; ``more`` when the next one of its ``run`` may find something."""

    entries: int = 0
    grants: int = 0
    more: bool = False
    run: Run = _BEGIN


@dataclass(frozen=True, kw_only=True)
class Due:
    """How many entries of an application have grown too old, those under hold left out."""

    application: Application
    entries: int


def due(reader: Reader, now: datetime) -> Sequence[Due]:
    """What retention would erase at ``now``, by application; those with nothing are left out."""
    found = [_due(reader, application, now) for application in reader.applications.list()]
    return [one for one in found if one.entries]


def retain(unit: Unit, application_id: str, *, run: Run = _BEGIN, batch: int = BATCH) -> Retained:
    """One step for one application: at most ``batch`` entries, and as many grants.

    What a legal hold covers is passed over; once it is released, the next step begins anew. A run
    forgets a day's worth at most, whatever the clock says by then; nothing goes while the clock is
    in doubt, or waits to be confirmed.
    """
    if unit.is_in_doubt or retention_waits(unit):
        return Retained()
    application = unit.applications.get(application_id)
    holds = held(unit, application_id)
    # Without moving the mark: once the hold is released, all of it is still to be looked at.
    if application is None or holds.everything:
        return Retained()
    terms = terms_of(unit, application)
    mark, moment = mark_of(unit, application_id), _moment(terms, unit.earliest)
    step = _Step(
        application=application,
        moment=min(moment, run.until or _a_day_beyond(unit, mark) or moment),
        mark=mark,
        holds=holds,
        batch=batch,
    )
    erased = unit.erasures.older_than(
        application_id,
        step.moment,
        from_index=step.mark.next_index,
        limit=batch,
        held_subjects=holds.subjects,
    )
    grants = _forget_grants(unit, step)
    # In the unit that erases, so that no half is ever missing without an entry which says why.
    _tell(unit, application, terms, erased)
    _forget_the_rest(unit, step, erased)
    mark = Mark(next_index=erased.next_index, last_grant=grants.last_key)
    # Most steps find nothing; an unchanged mark would make each of them a write.
    if mark != step.mark:
        keep(unit, application_id, mark)
    entries = len(erased.both) + len(erased.personal)
    went = run.erased or bool(entries or grants.count)
    more, until = erased.more or grants.more, step.moment
    # Days in which nothing was are passed over: a run ends where something has gone.
    if not (more or went) and until < moment:
        more, until = True, until + _DAY
    return Retained(
        entries=entries, grants=grants.count, more=more, run=Run(until=until, erased=went)
    )


def _a_day_beyond(reader: Reader, mark: Mark) -> datetime | None:
    """A day after where retention has come; None where nothing is left to look at."""
    entry = reader.entries.get(mark.next_index)
    return None if entry is None else entry.time + _DAY


@dataclass(frozen=True, kw_only=True)
class _Step:
    """What is older than ``moment`` goes, from ``mark`` on, but for what is under hold."""

    application: Application
    moment: datetime
    mark: Mark
    holds: Covered
    batch: int


@dataclass(frozen=True, kw_only=True)
class _Grants:
    count: int
    last_key: tuple[str, ...] | None
    more: bool


def _due(reader: Reader, application: Application, now: datetime) -> Due:
    holds = held(reader, application.id)
    if holds.everything:
        return Due(application=application, entries=0)
    entries = reader.entries.count_due(
        application.id,
        _moment(terms_of(reader, application), now),
        from_index=mark_of(reader, application.id).next_index,
        held_subjects=holds.subjects,
    )
    return Due(application=application, entries=entries)


def _moment(terms: Terms, now: datetime) -> datetime:
    return now - timedelta(days=terms.days_at(now))


def _forget_grants(unit: Unit, step: _Step) -> _Grants:
    count, last_key = 0, step.mark.last_grant
    page = Page(limit=step.batch, after=last_key)
    rows = unit.grants.older_than(step.application.id, step.moment, page)
    for grant in rows:
        if grant.status in _OPEN:
            # The service was away: what is still open is closed first, and forgotten next time.
            return _Grants(count=count, last_key=last_key, more=False)
        last_key = (str(to_ms(grant.created_at)), grant.id)
        if not step.holds.covers(grant.subject_ref):
            count += _forget(unit, grant)
    return _Grants(count=count, last_key=last_key, more=len(rows) == step.batch)


def _forget(unit: Unit, grant: Grant) -> bool:
    """Take the grant's words, and the names of its actor; answers whether it had its words."""
    had = not is_forgotten(grant)
    nameless = replace(grant.actor, email=None, name=None)
    unit.grants.save(replace(forgotten(grant), actor=nameless))
    forget_words_of_others(unit, grant)
    unit.erasures.scrub()
    return had


def _tell(unit: Unit, application: Application, terms: Terms, erased: RetentionBatch) -> None:
    details: dict[str, Scalar] = {
        "cause": "retention",
        "retention_days": terms.days_at(unit.earliest),
        "ordered_by": terms.ordered_by,
    }
    for part, indexes in (
        (ErasedPart.BOTH, erased.both),
        (ErasedPart.PERSONAL, erased.personal),
    ):
        record_erasure(
            unit, application.id, part, indexes, by=SYSTEM, origin=Origin(), details=details
        )


def _forget_the_rest(unit: Unit, step: _Step, erased: RetentionBatch) -> None:
    indexes = sorted([*erased.both, *erased.personal])
    # A delivery holds what it sent: the outbox must not remember what the log has forgotten.
    if indexes:
        unit.deliveries.forget_entries(unit.now, indexes=indexes)
    gone = unit.consents.forget(step.application.id, step.moment)
    gone += unit.cases.forget(step.application.id, step.moment)
    if unit.holds.forget(step.application.id, step.moment) or gone:
        unit.erasures.scrub()
