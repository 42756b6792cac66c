from __future__ import annotations

from tests.contract.rules.world import HERE, World
from understudy.core.notices.events import EventType
from understudy.flows.directory.tell_read import tell_read


def test_the_entry_names_who_read_and_how_many_and_nobody_who_was_read(
    installation: World,
) -> None:
    application_id, sam = installation.application.id, installation.sam.party
    installation.run(lambda unit: tell_read(unit, application_id, 5_001, by=sam, origin=HERE))
    (entry,) = installation.entries(EventType.SUBJECTS_READ)
    core, personal = entry.core or {}, entry.personal or {}
    assert (core["application_id"], core["actor_ref"]) == (application_id, sam.ref)
    assert core["details"] == {"read": 5_001}
    assert personal["address"] == HERE.address
    assert "subject_id" not in personal
