from __future__ import annotations

from tests.contract.rules.world import World
from understudy.flows.retention.marks import Mark, begin_anew, keep, mark_of

MARK = Mark(next_index=7, last_grant=("2026-01-05", "grt_1"))


def _mark(installation: World, application_id: str) -> Mark:
    return installation.run(lambda unit: mark_of(unit, application_id))


def test_retention_begins_at_the_first_entry() -> None:
    assert Mark() == Mark(next_index=0, last_grant=None)


def test_a_mark_is_kept_for_its_own_application(installation: World) -> None:
    installation.run(lambda unit: keep(unit, "app_1", MARK))
    assert (_mark(installation, "app_1"), _mark(installation, "app_2")) == (MARK, Mark())


def test_a_mark_without_a_grant_is_read_as_it_was_kept(installation: World) -> None:
    installation.run(lambda unit: keep(unit, "app_1", Mark(next_index=7)))
    assert _mark(installation, "app_1") == Mark(next_index=7)


def test_whoever_begins_anew_looks_at_everything(installation: World) -> None:
    installation.run(lambda unit: keep(unit, "app_1", MARK))
    installation.run(lambda unit: begin_anew(unit, "app_1"))
    assert _mark(installation, "app_1") == Mark()
