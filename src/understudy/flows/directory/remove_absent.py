"""Remove whoever a file of all users does not have: a full sync."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from understudy.core.applications.application import Application
from understudy.core.ids import SubjectId
from understudy.core.notices.events import Party
from understudy.core.people.principals import Status
from understudy.core.ports import Reader, Unit
from understudy.errors import RemovalUnconfirmed
from understudy.flows.directory.maintain import delete_subject
from understudy.flows.origin import Origin

SHARE = 10
"""One in so many users goes without a word. More are what a file that was cut off looks like."""


@dataclass(frozen=True, kw_only=True)
class Sync:
    """That a file holds everybody. ``at_most`` is how many somebody agreed to lose, if more."""

    at_most: int | None = None


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """Who is in the directory and not in a file, and of how many."""

    ids: tuple[SubjectId, ...]
    of: int

    @property
    def many(self) -> bool:
        """Whether somebody has to agree."""
        return len(self.ids) * SHARE > self.of


def leaving(reader: Reader, application: Application, kept: Sequence[SubjectId]) -> Leaving:
    """Whom a sync with a file of ``kept`` would remove."""
    there = reader.subjects.ids(application.id)
    stay = frozenset(kept)
    return Leaving(ids=tuple(one for one in there if one not in stay), of=len(there))


def remove_absent(
    unit: Unit,
    application: Application,
    kept: Sequence[SubjectId],
    sync: Sync,
    *,
    by: Party,
    origin: Origin,
) -> int:
    """Delete whoever is not among ``kept``, each with an entry; their sessions end. How many.

    :raises RemovalUnconfirmed: more than one in ten would go, or than was agreed to.
    """
    gone = leaving(unit, application, kept)
    require_agreed(gone, sync)
    return remove(unit, application, gone.ids, by=by, origin=origin)


def require_agreed(gone: Leaving, sync: Sync) -> None:
    """Return only if so many may go.

    :raises RemovalUnconfirmed: more than one in ten would go, or than was agreed to.
    """
    number = len(gone.ids)
    if gone.many if sync.at_most is None else number > sync.at_most:
        raise RemovalUnconfirmed(
            f"This would remove {number:,} of {gone.of:,} users. Nothing was changed. If the file "
            f"holds everybody, agree to {number}."
        )


def remove(
    unit: Unit,
    application: Application,
    ids: Sequence[SubjectId],
    *,
    by: Party,
    origin: Origin,
) -> int:
    """Delete these, each with an entry; their sessions end. How many there were still."""
    number = 0
    for subject_id in ids:
        subject = unit.subjects.get(application.id, subject_id)
        if subject is not None and subject.status is not Status.DELETED:
            delete_subject(unit, application, subject_id, by=by, origin=origin)
            number += 1
    return number
