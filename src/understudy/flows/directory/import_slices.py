"""A large file of users in slices: others write in between, endings first.

A slice that is done stays done, and is an entry. Whatever breaks off, the same file again goes on
with what is left; what is wrong with a file is found before its first slice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from understudy.core.applications.application import Application
from understudy.core.ids import SubjectId
from understudy.core.notices.events import Party
from understudy.core.ports import Flow, Reader, Unit
from understudy.flows.directory.import_subjects import (
    ImportReport,
    ImportRow,
    RowProblem,
    find_problems,
    import_subjects,
    require_whole,
    save_organizations,
    save_rows,
    without,
)
from understudy.flows.directory.remove_absent import Leaving, Sync, leaving, remove, require_agreed
from understudy.flows.origin import Origin

SLICE = 500
"""Users that one unit saves or removes: some 20 ms on SQLite, and 300 on PostgreSQL."""
NOTHING = ImportReport(saved=0, unchanged=0, problems=())


@dataclass(kw_only=True)
class Import:
    """A file that was read, and what is to become of it; see ``import_subjects``."""

    rows: Sequence[ImportRow]
    problems: Sequence[RowProblem]
    partial: bool
    by: Party
    origin: Origin
    sync: Sync | None = None
    application: Callable[[Reader], Application]
    limit: int = SLICE
    _saving: Sequence[ImportRow] = field(default=(), init=False)
    _removing: Sequence[SubjectId] = field(default=(), init=False)

    def slices(self) -> Iterator[Flow[ImportReport]]:
        """What to run, each in a unit of its own and before the next one is asked for.

        The first raises what ``import_subjects`` does, and then nothing was saved. A small file is
        one slice.
        """
        yield self._begin
        # Known from here on: the first slice has looked at the whole file.
        for start in range(self.limit, len(self._saving), self.limit):
            yield partial(self._save, self._saving[start : start + self.limit])
        for start in range(0, len(self._removing), self.limit):
            yield partial(self._remove, self._removing[start : start + self.limit])

    def _begin(self, unit: Unit) -> ImportReport:
        require_whole(self.sync, partial=self.partial)
        application = self.application(unit)
        gone = self._leaving(unit, application)
        if len(self.rows) <= self.limit and len(gone.ids) <= self.limit:
            return import_subjects(
                unit,
                application,
                self.rows,
                self.problems,
                partial=self.partial,
                by=self.by,
                origin=self.origin,
                sync=self.sync,
            )
        found = find_problems(unit, application, self.rows, self.problems)
        if found and not self.partial:
            return replace(NOTHING, problems=found)
        if self.sync is not None:
            require_agreed(gone, self.sync)
        self._saving, self._removing = without(found, self.rows), gone.ids
        # All at once, as a row may name what a much later one only mentions.
        save_organizations(unit, application, self._saving)
        done = save_rows(
            unit,
            application,
            self._saving[: self.limit],
            refused=len(found),
            by=self.by,
            origin=self.origin,
        )
        return replace(done, problems=found)

    def _leaving(self, unit: Unit, application: Application) -> Leaving:
        if self.sync is None:
            return Leaving(ids=(), of=0)
        return leaving(unit, application, [row.facts.id for row in self.rows])

    def _save(self, rows: Sequence[ImportRow], unit: Unit) -> ImportReport:
        return save_rows(unit, self.application(unit), rows, by=self.by, origin=self.origin)

    def _remove(self, ids: Sequence[SubjectId], unit: Unit) -> ImportReport:
        application = self.application(unit)
        removed = remove(unit, application, ids, by=self.by, origin=self.origin)
        return save_rows(unit, application, (), removed=removed, by=self.by, origin=self.origin)
