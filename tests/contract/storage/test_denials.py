"""Refusals that are being counted, in both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.core.factories import NOW
from understudy.core.ids import GrantId
from understudy.core.notices.denials import WINDOW, FoldedDenial
from understudy.core.notices.events import EventType, PartyKind
from understudy.storage.database.connection import Database
from understudy.storage.tables.denials import FoldedDenialTable

FIRST = FoldedDenial(
    fingerprint=b"1" * 32,
    type=EventType.GRANT_DENIED,
    application_id="app_1",
    actor_kind=PartyKind.OPERATOR,
    actor_ref="act_1",
    doer_kind=PartyKind.APPLICATION,
    doer_ref="app_1",
    subject_ref="sub_1",
    organization_ref="org_1",
    grant_id=GrantId("grt_1"),
    rule="subject_protected",
    since=NOW,
)
BARE = replace(
    FIRST,
    fingerprint=b"2" * 32,
    application_id=None,
    actor_kind=None,
    actor_ref=None,
    doer_kind=None,
    doer_ref=None,
    subject_ref=None,
    organization_ref=None,
    grant_id=None,
    since=NOW + timedelta(seconds=1),
)


def test_what_is_counted_comes_back_as_it_was(database: Database) -> None:
    with database.writing() as transaction:
        table = FoldedDenialTable(transaction)
        table.add(FIRST)
        table.add(BARE)
        for _ in range(3):
            table.count(FIRST.fingerprint)
        assert table.get(FIRST.fingerprint) == replace(FIRST, repeats=3)
        assert table.get(BARE.fingerprint) == BARE
        table.remove(BARE.fingerprint)
        assert table.get(BARE.fingerprint) is None


@pytest.mark.parametrize(
    ("seconds", "due"),
    [(0, [FIRST]), (1, [FIRST, BARE]), (-1, []), (-60, [BARE]), (-61, [FIRST, BARE])],
)
def test_due_is_what_no_longer_counts(
    database: Database, seconds: int, due: list[FoldedDenial]
) -> None:
    now = NOW + WINDOW + timedelta(seconds=seconds)
    with database.writing() as transaction:
        table = FoldedDenialTable(transaction)
        table.add(FIRST)
        table.add(BARE)
        assert table.due(now, 10) == due
        assert table.due(now, 1) == due[:1]
        assert [one for one in (FIRST, BARE) if not one.counts(now)] == due
