"""Bring many subjects in at once: all of them, or the good ones when that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from understudy.core.applications.application import Application
from understudy.core.notices.events import Event, EventType, Party, Scalar
from understudy.core.people.principals import Status
from understudy.core.ports import SessionFilter, Unit
from understudy.errors import InvalidInput
from understudy.flows.directory.absent import said_or
from understudy.flows.directory.maintain import (
    Saved,
    SubjectFacts,
    put_organization,
    put_subject,
    tell_saved,
)
from understudy.flows.directory.remove_absent import Sync, remove_absent
from understudy.flows.impersonation.premises import end_fallen
from understudy.flows.origin import Origin

_WHOLE = "Good rows alone are not everybody: who is to be removed is asked of whole files only."
MOST_TOLD = 1_000
"""Users whose protection or roles an import changed, and who get an entry each."""


@dataclass(frozen=True, kw_only=True)
class ImportRow:
    """One good row of a file; ``line`` counts from 1, the header included.

    ``row`` counts the users of a list, which may all stand on one line.
    """

    line: int
    row: int | None = None
    facts: SubjectFacts
    organization_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class RowProblem:
    """What is wrong with one row, and with which of the file's columns."""

    line: int
    row: int | None = None
    column: str | None = None
    code: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import did. With problems and without ``partial``, it did nothing."""

    saved: int
    unchanged: int
    removed: int = 0
    problems: tuple[RowProblem, ...]


def import_subjects(
    unit: Unit,
    application: Application,
    rows: Sequence[ImportRow],
    problems: Iterable[RowProblem] = (),
    *,
    partial: bool,
    by: Party,
    origin: Origin,
    sync: Sync | None = None,
) -> ImportReport:
    """Save every row in one unit; ``problems`` are those already found while reading the file.

    With ``sync`` whoever is not in the file is removed, unless anything is wrong with it.

    :raises InvalidInput: ``sync`` of a part.
    :raises RemovalUnconfirmed: more would go than somebody agreed to.
    """
    if sync is not None and partial:
        raise InvalidInput(_WHOLE, facts={"field": "partial"})
    found = [*problems, *_unknown_organizations(unit, application, rows)]
    if found and not partial:
        return _report(0, 0, found)
    bad = {(problem.line, problem.row) for problem in found}
    removed = 0
    if sync is not None:
        kept = [row.facts.id for row in rows]
        removed = remove_absent(unit, application, kept, sync, by=by, origin=origin)
    good = [row for row in rows if (row.line, row.row) not in bad]
    _save_organizations(unit, application, good)
    done = [put_subject(unit, application, row.facts) for row in good]
    saved = sum(one.changed for one in done)
    powers = [one for one in done if one.changed_power]
    unit.record(
        Event(
            type=EventType.SUBJECTS_IMPORTED,
            application_id=application.id,
            actor=by,
            address=origin.address,
            user_agent=origin.user_agent,
            details={
                "saved": saved,
                "unchanged": len(good) - saved,
                "refused": len(bad),
                **({} if sync is None else {"removed": removed}),
                **_counted(powers),
            },
        )
    )
    # Those who lost their protection first: beyond the bound only the counts above tell.
    for one in sorted(powers, key=lambda one: not one.lost_protection)[:MOST_TOLD]:
        tell_saved(unit, one, by=by, origin=origin)
    end_fallen(unit, SessionFilter(application_id=application.id), by=by, origin=origin)
    return replace(_report(saved, len(good) - saved, found), removed=removed)


def _counted(powers: Sequence[Saved]) -> dict[str, Scalar]:
    # Also where nobody's changed: it says that whoever lost their protection was told of.
    lost = sum(one.lost_protection for one in powers)
    told = min(len(powers), MOST_TOLD)
    return {"power_changed": len(powers), "unprotected": lost, "told": told}


def _report(saved: int, unchanged: int, problems: list[RowProblem]) -> ImportReport:
    ordered = tuple(sorted(problems, key=lambda problem: (problem.line, problem.row or 0)))
    return ImportReport(saved=saved, unchanged=unchanged, problems=ordered)


def _unknown_organizations(
    unit: Unit, application: Application, rows: Sequence[ImportRow]
) -> Iterable[RowProblem]:
    named = {row.facts.organization_id for row in rows if row.organization_name is not None}
    known: dict[str, bool] = {}
    for row in rows:
        organization_id = said_or(row.facts.organization_id, None)
        if organization_id is None or organization_id in named:
            continue
        if organization_id not in known:
            found = unit.organizations.get(application.id, organization_id)
            known[organization_id] = found is not None and found.status is not Status.DELETED
        if not known[organization_id]:
            yield RowProblem(
                line=row.line,
                row=row.row,
                column="organization_id",
                code="organization_unknown",
                detail=f"There is no organization {organization_id}; give its name to create it.",
            )


def _save_organizations(unit: Unit, application: Application, rows: Sequence[ImportRow]) -> None:
    names = {
        said_or(row.facts.organization_id, None): row.organization_name
        for row in rows
        if row.organization_name is not None
    }
    for organization_id, name in names.items():
        if organization_id is not None:
            put_organization(unit, application, organization_id, name=name)
