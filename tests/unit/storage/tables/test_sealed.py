"""Which queries go through the codes of rows."""

from __future__ import annotations

import re
from typing import Any, cast

import pytest

from tests.fixtures.vault import VAULT
from understudy.storage.database.connection import Transaction
from understudy.storage.database.statements import load
from understudy.storage.seals import SEALED
from understudy.storage.tables.sealed import SealedRows, sealed_reads, sealed_writes

WITHOUT = {
    # They count, and nothing comes of how many there are.
    "sessions_count_live",
    "cases_count",
    "subjects_count",
    "subjects_by_roles",
    # Whoever is to go is looked up by then.
    "subjects_ids",
    # Only whether there are any.
    "subjects_beyond",
    # Compared with how many have the right code.
    "holds_count",
    # The next one is higher than any, whoever wrote it.
    "policies_last",
    # Numbers, which a row that somebody planted makes no smaller.
    "grants_others_of_actor",
    "grants_by_day",
    "grants_subjects_of_actor",
    # Whose entries are looked for.
    "entries_of_grant",
    # Held against the log, whoever wrote them: what a code refuses is to be found as well.
    "compared_grants_stream",
    "compared_team_stream",
    "compared_subjects_stream",
    "compared_consents_stream",
    "compared_policies_stream",
    "unexplained_grants_stream",
    "unexplained_sessions_stream",
}
"""Queries of sealed tables that look at no code, and why."""
_NAMED = re.compile(r"(?:FROM|INTO|UPDATE|JOIN) (\w+)")


class Silent:
    """A transaction that answers nothing."""

    alive = True

    def __getattr__(self, name: str) -> Any:
        return lambda *_: []


def test_every_query_of_a_sealed_table_is_sealed() -> None:
    for name, query in load().items():
        text = query.text(frozenset(query.conditions))
        tables = set(_NAMED.findall(text)) & set(SEALED)
        if not tables or text.startswith("DELETE") or name in WITHOUT:
            continue
        found = sealed_reads().get(name) or sealed_writes().get(name)
        assert found is not None, name
        assert {found.name} == tables


def test_every_sealed_table_is_read_and_written() -> None:
    for queries in (sealed_reads(), sealed_writes()):
        assert {table.name for table in queries.values()} == set(SEALED)


def test_sealed_rows_are_neither_streamed_nor_written_by_the_thousand() -> None:
    rows = SealedRows(cast(Transaction, Silent()), VAULT.seals)
    with pytest.raises(TypeError, match="not streamed"):
        rows.stream("sealed_sessions")
    with pytest.raises(TypeError, match="one at a time"):
        rows.run_many("sessions_add", [])
    assert rows.alive
    rows.run_many("entries_erase_both", [])
    assert list(rows.stream("entries_stream")) == []
