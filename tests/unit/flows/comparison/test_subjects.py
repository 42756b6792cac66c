"""Protection, and imports of release 0.1 that took it away without a word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from understudy.core.notices.events import EventType
from understudy.core.ports import Entry
from understudy.core.ports.comparison import Comparable, Table, Told
from understudy.flows.comparison.subjects import compare_subject, silent_imports

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Imports:
    """A log of one import, at index 5."""

    def __init__(self, core: dict[str, Any] | None) -> None:
        self.core = core

    def entries(self, types: frozenset[str]) -> Iterator[Entry]:
        (kind,) = types
        yield Entry(index=5, time=NOW, type=kind, leaf=b"", core=self.core, personal=None)


def _silent(core: dict[str, Any] | None) -> dict[str | None, int]:
    return dict(silent_imports(cast(Comparable, Imports(core))))


@pytest.mark.parametrize(
    ("details", "silent"),
    [
        ({"unprotected": 0, "told": 0}, {}),
        ({"unprotected": 2, "told": 7}, {}),
        ({"unprotected": 1200, "told": 1000}, {"app": 5}),
        ({"saved": 3}, {"app": 5}),
    ],
)
def test_an_import_is_silent_unless_it_told_of_everybody_who_lost_protection(
    details: dict[str, int], silent: dict[str, int]
) -> None:
    assert _silent({"application_id": "app", "details": details}) == silent


def test_an_import_that_was_erased_may_have_been_of_any_application() -> None:
    assert _silent(None) == {None: 5}


@pytest.mark.parametrize(
    ("silent", "found"),
    [({}, 1), ({"app": 5}, 0), ({"app": 2}, 1), ({"other": 5}, 1), ({None: 5}, 0)],
)
def test_only_a_silent_import_since_then_excuses_lost_protection(
    silent: dict[str | None, int], found: int
) -> None:
    facts = {"id": "vip", "application_id": "app", "protected": 0, "status": "active"}
    row = Told(key="sub_1", index=None, kind=Table.SUBJECT, time=NOW, facts=facts)
    details = {"details": {"protected": True}}
    saved = Told(key="sub_1", index=3, kind=EventType.SUBJECT_SAVED, time=NOW, facts=details)
    assert len([*compare_subject([row, saved], silent)]) == found
    assert [*compare_subject([row], silent)] == [*compare_subject([saved], silent)] == []


@pytest.mark.parametrize(
    ("kinds", "since", "status", "found"),
    [
        ([EventType.HONEY_SET], 1, "active", 0),
        ([EventType.HONEY_SET], None, "active", 1),
        ([EventType.HONEY_SET], None, "deleted", 0),
        ([EventType.HONEY_SET, EventType.HONEY_LIFTED], None, "active", 0),
        ([EventType.HONEY_SET, EventType.HONEY_LIFTED], 1, "active", 1),
        ([], None, "active", 0),
    ],
)
def test_a_honey_user_is_one_in_the_row_as_in_the_log(
    kinds: list[EventType], since: int | None, status: str, found: int
) -> None:
    facts = {"id": "ada", "application_id": "app", "protected": 0, "status": status}
    row = Told(
        key="sub_1",
        index=None,
        kind=Table.SUBJECT,
        time=NOW,
        facts=facts | {"honey_since": since},
    )
    entries = [
        Told(key="sub_1", index=index, kind=kind, time=NOW, facts={})
        for index, kind in enumerate(kinds)
    ]
    assert len([*compare_subject([row, *entries], {})]) == found
