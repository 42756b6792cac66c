from __future__ import annotations

from pathlib import Path

from tests.contract.rules.world import world
from understudy.cli.audit_erase import erase
from understudy.core.ids import SubjectId
from understudy.core.notices.events import EventType


def test_a_person_in_many_entries_is_forgotten_slice_by_slice(tmp_path: Path) -> None:
    with world(f"sqlite:///{tmp_path}/u.db", tmp_path) as made:
        for _ in range(3):
            made.end(made.session("ada"))
        app_id = made.application.id
        done = erase(made.engine, app_id, SubjectId("ada"), limit=4)
        # A subject saved, and of each session what was granted, started and ended.
        assert (done.entries, done.grants, done.next_index) == (10, 3, None)
        assert len(made.entries(EventType.AUDIT_ERASED)) == 3
        assert erase(made.engine, app_id, SubjectId("ada"), limit=4).entries == 0
