"""Files of users, read and saved in one unit."""

from __future__ import annotations

from tests.contract.rules.world import HERE, World
from understudy.core.notices.events import SYSTEM
from understudy.flows.directory.files.reading import Kind, read_subjects
from understudy.flows.directory.import_subjects import ImportReport, import_subjects
from understudy.flows.directory.remove_absent import Sync


def import_text(
    world: World,
    text: str,
    kind: Kind | None = None,
    *,
    partial: bool = False,
    sync: Sync | None = None,
) -> ImportReport:
    """What came of a file with this ``text``."""
    file = read_subjects(text.encode(), kind)
    return world.run(
        lambda unit: import_subjects(
            unit,
            world.application,
            file.rows,
            file.problems,
            partial=partial,
            by=SYSTEM,
            origin=HERE,
            sync=sync,
        )
    )
