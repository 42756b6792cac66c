"""Forgetting one person, slice by slice, with a count for whoever waits."""

from __future__ import annotations

from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from understudy.cli.installation import COMMAND_LINE, application_of
from understudy.cli.output import err
from understudy.core.ids import SubjectId
from understudy.core.ports import Unit
from understudy.errors import NotFound
from understudy.flows.origin import Origin
from understudy.flows.retention.erase import SLICE, Erased, erase_subject
from understudy.storage.engine.engine import StoreEngine


def erase(engine: StoreEngine, app_id: str, subject_id: SubjectId, *, limit: int = SLICE) -> Erased:
    """Forget everything about a subject; others write in between.

    :raises NotFound: there is no such application, or it never had such a subject.
    :raises Conflict: somebody works as the subject, or a legal hold covers them. What earlier
        slices erased stays erased.
    """
    columns = (SpinnerColumn(), TextColumn("Erasing"), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
        task = shown.add_task("erase", total=None)
        entries, from_index = 0, 0
        while True:
            done = engine.run(lambda unit: _slice(unit, app_id, subject_id, from_index, limit))  # noqa: B023
            entries += done.entries
            shown.advance(task, done.entries)
            if done.next_index is None:
                return Erased(entries=entries, grants=done.grants)
            from_index = done.next_index


def _slice(unit: Unit, app_id: str, subject_id: SubjectId, from_index: int, limit: int) -> Erased:
    application = application_of(unit, app_id)
    if unit.subjects.get(application.id, subject_id) is None:
        raise NotFound(f"The application never had a user with the id {subject_id}.")
    return erase_subject(
        unit,
        application.id,
        subject_id,
        by=COMMAND_LINE,
        origin=Origin(),
        from_index=from_index,
        limit=limit,
    )
