"""Bring many subjects in at once: all of them, or the good ones when that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from understudy.core.applications.application import Application
from understudy.core.notices.events import Event, EventType, Party, Scalar
from understudy.core.people.principals import Status
from understudy.core.ports import Reader, SessionFilter, Unit
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
from understudy.flows.impersonation.narrow_sessions import hold_sessions
from understudy.flows.impersonation.taken_back import take_back_of_moved
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

    def and_then(self, later: ImportReport) -> ImportReport:
        """This and what was done after it."""
        return ImportReport(
            saved=self.saved + later.saved,
            unchanged=self.unchanged + later.unchanged,
            removed=self.removed + later.removed,
            problems=self.problems + later.problems,
        )


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
    require_whole(sync, partial=partial)
    found = find_problems(unit, application, rows, problems)
    if found and not partial:
        return ImportReport(saved=0, unchanged=0, problems=found)
    removed = None
    if sync is not None:
        kept = [row.facts.id for row in rows]
        removed = remove_absent(unit, application, kept, sync, by=by, origin=origin)
    good = without(found, rows)
    save_organizations(unit, application, good)
    done = save_rows(
        unit, application, good, refused=len(found), removed=removed, by=by, origin=origin
    )
    return replace(done, problems=found)


def require_whole(sync: Sync | None, *, partial: bool) -> None:
    """Return only if a sync, if it is one, is of everybody.

    :raises InvalidInput: ``sync`` of a part.
    """
    if sync is not None and partial:
        raise InvalidInput(_WHOLE, facts={"field": "partial"})


def find_problems(
    reader: Reader,
    application: Application,
    rows: Sequence[ImportRow],
    problems: Iterable[RowProblem],
) -> tuple[RowProblem, ...]:
    """The ``problems`` of the file with those that only the directory shows, in their order."""
    found = [*problems, *_unknown_organizations(reader, application, rows)]
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.row or 0)))


def without(problems: Iterable[RowProblem], rows: Sequence[ImportRow]) -> Sequence[ImportRow]:
    """The rows that have no problem."""
    bad = {(problem.line, problem.row) for problem in problems}
    return [row for row in rows if (row.line, row.row) not in bad]


def save_rows(
    unit: Unit,
    application: Application,
    rows: Sequence[ImportRow],
    *,
    refused: int = 0,
    removed: int | None = None,
    by: Party,
    origin: Origin,
) -> ImportReport:
    """Save good rows whose organizations are there, and write down how many they were.

    ``refused`` and ``removed`` are written down with it; ``removed`` is None but for a sync.
    """
    done = [put_subject(unit, application, row.facts) for row in rows]
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
                "unchanged": len(rows) - saved,
                "refused": refused,
                **({} if removed is None else {"removed": removed}),
                **_counted(powers),
            },
        )
    )
    # Those who lost their protection first: beyond the bound only the counts above tell.
    for one in sorted(powers, key=lambda one: not one.lost_protection)[:MOST_TOLD]:
        tell_saved(unit, one, by=by, origin=origin)
    for one in done:
        if one.moved:
            take_back_of_moved(unit, one.subject, by=by, origin=origin)
    hold_sessions(unit, SessionFilter(application_id=application.id), by=by, origin=origin)
    return ImportReport(saved=saved, unchanged=len(rows) - saved, removed=removed or 0, problems=())


def _counted(powers: Sequence[Saved]) -> dict[str, Scalar]:
    # Also where nobody's changed: it says that whoever lost their protection was told of.
    lost = sum(one.lost_protection for one in powers)
    told = min(len(powers), MOST_TOLD)
    return {"power_changed": len(powers), "unprotected": lost, "told": told}


def _unknown_organizations(
    reader: Reader, application: Application, rows: Sequence[ImportRow]
) -> Iterable[RowProblem]:
    named = {row.facts.organization_id for row in rows if row.organization_name is not None}
    known: dict[str, bool] = {}
    for row in rows:
        organization_id = said_or(row.facts.organization_id, None)
        if organization_id is None or organization_id in named:
            continue
        if organization_id not in known:
            found = reader.organizations.get(application.id, organization_id)
            known[organization_id] = found is not None and found.status is not Status.DELETED
        if not known[organization_id]:
            yield RowProblem(
                line=row.line,
                row=row.row,
                column="organization_id",
                code="organization_unknown",
                detail=f"There is no organization {organization_id}; give its name to create it.",
            )


def save_organizations(unit: Unit, application: Application, rows: Sequence[ImportRow]) -> None:
    """Save every organization that a row names."""
    names = {
        said_or(row.facts.organization_id, None): row.organization_name
        for row in rows
        if row.organization_name is not None
    }
    for organization_id, name in names.items():
        if organization_id is not None:
            put_organization(unit, application, organization_id, name=name)
