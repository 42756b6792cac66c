from __future__ import annotations

import pytest

from tests.contract.rules.world import World
from tests.unit.flows.directory.importing import import_text
from understudy.core.notices.events import EventType
from understudy.errors import InvalidInput, RemovalUnconfirmed
from understudy.flows.directory.remove_absent import Leaving, Sync


def _ids(world: World) -> list[str]:
    with world.engine.reading() as reader:
        return [*reader.subjects.ids(world.application.id)]


def _many(world: World) -> list[str]:
    import_text(world, "id\n" + "\n".join(f"u{number}" for number in range(100)))
    return _ids(world)


@pytest.mark.parametrize(
    ("gone", "of", "many"), [(0, 0, False), (1, 10, False), (1, 9, True), (10, 100, False)]
)
def test_more_than_one_in_ten_are_many(gone: int, of: int, many: bool) -> None:
    assert Leaving(ids=("x",) * gone, of=of).many is many  # type: ignore[arg-type]


def test_who_is_not_in_the_file_is_deleted_and_the_entries_tell(installation: World) -> None:
    there = _many(installation)
    kept = [one for one in there if one not in ("u7", "ada")]
    session = installation.session("ada")
    report = import_text(installation, "\n".join(("id", "fresh", *kept)), sync=Sync())
    assert (report.saved, report.unchanged, report.removed) == (1, len(kept), 2)
    assert _ids(installation) == sorted([*kept, "fresh"])
    assert installation.stored(session).end_cause == "subject_inactive"
    entry = installation.entries(EventType.SUBJECTS_IMPORTED)[0]
    assert entry.core is not None
    details = entry.core["details"]
    untouched = {"power_changed": 0, "unprotected": 0, "told": 0}
    assert details == {
        **{"saved": 1, "unchanged": len(kept), "refused": 0, "removed": 2},
        **untouched,
    }
    assert len(installation.entries(EventType.SUBJECT_DELETED)) == 2


def test_nobody_is_removed_where_no_sync_was_asked_for(installation: World) -> None:
    there = _ids(installation)
    assert import_text(installation, "id\nada\n").removed == 0
    assert _ids(installation) == there


@pytest.mark.parametrize("at_most", [None, 20])
def test_many_go_only_when_that_many_were_agreed_to(
    installation: World, at_most: int | None
) -> None:
    there = _many(installation)
    entries = len(installation.entries())
    file = "\n".join(("id", "fresh", *there[21:]))
    with pytest.raises(RemovalUnconfirmed) as refused:
        import_text(installation, file, sync=Sync(at_most=at_most))
    assert f"remove 21 of {len(there)} users" in refused.value.detail
    assert (_ids(installation), len(installation.entries())) == (there, entries)
    assert import_text(installation, file, sync=Sync(at_most=21)).removed == 21


@pytest.mark.parametrize(
    "text", ["id,email\nada,nope\n", '[{"id": "ada"}', 'id,name\nada,"A', "id\nada\nada\n"]
)
def test_a_file_that_failed_half_way_removes_nobody(installation: World, text: str) -> None:
    there, entries = _ids(installation), len(installation.entries())
    report = import_text(installation, text, sync=Sync(at_most=1_000))
    assert report.problems
    assert (report.saved, report.removed) == (0, 0)
    assert (_ids(installation), len(installation.entries())) == (there, entries)
    with pytest.raises(InvalidInput) as refused:
        import_text(installation, text, sync=Sync(at_most=1_000), partial=True)
    assert refused.value.facts == {"field": "partial"}
    assert _ids(installation) == there


def test_an_empty_file_removes_nobody_by_itself(installation: World) -> None:
    there = _ids(installation)
    with pytest.raises(RemovalUnconfirmed):
        import_text(installation, "id\n", sync=Sync())
    assert _ids(installation) == there
