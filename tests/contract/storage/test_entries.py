"""The readable side of the log on both databases."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

import pytest

from tests.contract.storage.make import (
    MINUTE,
    NOW,
    append,
    entry,
    grant,
    session,
    undone,
    with_parents,
)
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.ids import SessionId, SubjectRef
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType, Outcome
from understudy.core.ports import ActionCounts, Entry, EntryFilter, RetentionBatch
from understudy.core.times import to_ms
from understudy.storage.database.connection import Connection, Database, Transaction, Value
from understudy.storage.tables.entries import EntryTable
from understudy.storage.tables.erasures import ErasureTable
from understudy.storage.tables.stored_json import to_json

SIZE = 600
OVER = {"ended_at": NOW, "end_cause": EndCause.REVOKED}

CHOICES: dict[str, Any] = {
    "application_id": "app_2",
    "types": frozenset({EventType.SESSION_STARTED}),
    "actor_ref": "opr_2",
    "subject_ref": "sub_2",
    "organization_ref": "org_2",
    "grant_id": "grt_2",
    "session_id": "ses_2",
    "outcome": Outcome.DENIED,
    "since": NOW + 100 * MINUTE,
    "until": NOW + 500 * MINUTE,
}
EXACT = sorted(CHOICES.keys() - {"types", "since", "until", "actor_ref"})
WIDE: dict[str, Any] = {
    "types": frozenset({EventType.SESSION_STARTED, EventType.SESSION_ENDED}),
    "outcome": Outcome.OK,
}


def filters() -> list[EntryFilter]:
    """No filter, each alone, each with each other, all together, and the wide ones with each."""
    made = [{}, CHOICES]
    for size in (1, 2):
        made += [
            {name: CHOICES[name] for name in names}
            for names in itertools.combinations(CHOICES, size)
        ]
    for name, value in WIDE.items():
        made += [{name: value}]
        made += [{other: CHOICES[other], name: value} for other in CHOICES if other != name]
    return [EntryFilter(**one) for one in made]


def row(index: int) -> dict[str, Value]:
    """Each column changes at a pace of its own, so that all combinations come up."""
    kinds = ("session.started", "session.ended", "action.completed")
    session_number = index % 5
    return entry(
        index,
        type=kinds[index % 3],
        application_id=("app_1", "app_2", None)[index // 3 % 3],
        actor_ref=f"opr_{index // 2 % 3}",
        subject_ref=f"sub_{index // 5 % 4}",
        organization_ref=None if index % 7 == 0 else f"org_{index % 4}",
        grant_id=None if session_number == 4 else f"grt_{session_number + 1}",
        session_id=None if session_number in (2, 4) else f"ses_{session_number + 1}",
        doer_ref=None if index % 11 else f"opr_{index // 11 % 3}",
        outcome="ok" if index % 4 else ("denied", "failed")[index // 4 % 2],
    )


def matches(found: dict[str, Value], where: EntryFilter) -> bool:
    time = NOW + int(found["idx"] or 0) * MINUTE
    return (
        all(getattr(where, name) in (None, found[name]) for name in EXACT)
        and where.actor_ref in (None, found["actor_ref"], found["doer_ref"])
        and (not where.types or found["type"] in where.types)
        and (where.since is None or time >= where.since)
        and (where.until is None or time < where.until)
    )


def fill(transaction: Transaction, count: int = SIZE) -> list[dict[str, Value]]:
    store = with_parents(transaction)
    for number in (2, 3, 4):
        store.grants.add(grant(id=f"grt_{number}"))
    for number in (1, 2, 4):
        store.sessions.add(session(id=f"ses_{number}", grant_id=f"grt_{number}", **OVER))
    rows = [row(index) for index in range(count)]
    append(transaction, *rows)
    return rows


def entries_of(connection: Connection) -> EntryTable:
    return EntryTable(cast(Transaction, connection))


def indexes(entries: Sequence[Entry]) -> list[int]:
    return [one.index for one in entries]


def test_every_combination_of_filters_finds_what_it_should(database: Database) -> None:
    with database.writing() as transaction:
        rows = fill(transaction)
    with database.reading() as connection:
        table = entries_of(connection)
        for where in filters():
            expected = [int(one["idx"] or 0) for one in rows if matches(one, where)]
            newest = expected[::-1]
            assert indexes(table.search(where, limit=SIZE)) == newest, where
            assert indexes(table.search(where, limit=7)) == newest[:7], where
            below = [index for index in newest if index < SIZE // 2]
            assert indexes(table.search(where, before=SIZE // 2, limit=7)) == below[:7], where
            assert indexes(list(table.stream(where))) == expected, where


def test_an_entry_is_read_with_both_of_its_halves(database: Database) -> None:
    core: dict[str, Any] = {"outcome": "ok", "status": 200, "details": {"quorum": 1, "first": True}}
    with database.writing() as transaction:
        append(transaction, entry(0, core=to_json(core)))
    with database.reading() as connection:
        assert entries_of(connection).get(0) == Entry(
            index=0,
            time=NOW,
            type=EventType.ACTION_COMPLETED,
            leaf=b"leaf 0",
            core=core,
            personal={"actor_name": "Ada"},
        )
        assert entries_of(connection).get(1) is None


def test_the_size_is_one_past_the_last_index(database: Database) -> None:
    with undone(database) as store:
        assert store.entries.size() == 0
    with database.writing() as transaction:
        append(transaction, entry(0), entry(1))
        assert EntryTable(transaction).size() == 2


def test_an_index_is_written_once(database: Database) -> None:
    with database.writing() as transaction:
        append(transaction, entry(0))
    with refusal_of(errors.AlreadyExists, "already_exists"), database.writing() as transaction:
        append(transaction, entry(0))


def test_a_follower_reads_on_from_where_it_was(database: Database) -> None:
    with database.writing() as transaction:
        fill(transaction, 30)
        table = EntryTable(transaction)
        assert indexes(table.after(-1)) == list(range(30))
        assert indexes(table.after(26)) == [27, 28, 29]
        assert indexes(table.after(4, limit=2)) == [5, 6]
        started = frozenset({EventType.SESSION_STARTED, EventType.SESSION_REVOKED})
        assert indexes(table.after(20, types=started)) == [21, 24, 27]
        assert indexes(table.after(29)) == []


def test_entries_are_found_although_a_clock_was_an_hour_off(database: Database) -> None:
    hour = 3_600_000
    rows = [entry(index) for index in range(SIZE)]
    for one in rows[200:300]:
        one["time_ms"] = int(one["time_ms"] or 0) - hour
    with database.writing() as transaction:
        append(transaction, *rows)
        since, until = NOW + 150 * MINUTE, NOW + 260 * MINUTE
        late = EntryTable(transaction).search(EntryFilter(since=since, until=until), limit=SIZE)
        expected = {*range(150, 200), *range(210, 260), *range(260, 300)}
        expected -= {index for index in expected if 200 <= index < 300 and index - 60 < 150}
        assert set(indexes(late)) == expected


def test_a_time_span_before_or_after_everything_is_empty(database: Database) -> None:
    with database.writing() as transaction:
        append(transaction, *(entry(index) for index in range(300)))
        table = EntryTable(transaction)
        assert indexes(table.search(EntryFilter(until=NOW))) == []
        assert indexes(table.search(EntryFilter(until=NOW - timedelta(days=1)))) == []
        assert indexes(table.search(EntryFilter(since=NOW + timedelta(days=1)))) == []
        assert indexes(table.search(EntryFilter(since=NOW + 299 * MINUTE))) == [299]


def test_erasing_a_subject_forgets_only_the_personal_halves_about_it(database: Database) -> None:
    with database.writing() as transaction:
        rows = fill(transaction, 60)
        about = [
            int(str(one["idx"]))
            for one in rows
            if (one["application_id"], one["subject_ref"]) == ("app_1", "sub_1")
        ]

        def erase(from_index: int, limit: int) -> Sequence[int]:
            return ErasureTable(transaction).personal_of_subject(
                "app_1", SubjectRef("sub_1"), from_index=from_index, limit=limit
            )

        assert erase(about[1] + 1, 2) == about[2:4]
        assert erase(0, 60) == [*about[:2], *about[4:]]
        assert erase(0, 60) == []
        for found in EntryTable(transaction).search(EntryFilter(), limit=60):
            assert found.core == {"outcome": "ok"}
            assert (found.personal is None) == (found.index in about)
        salts = transaction.all("log_rows_stream", {"first": 0, "beyond": 60})
        assert [one["idx"] for one in salts if one["personal_salt"] is None] == about


def due(transaction: Transaction, **asked: Any) -> tuple[RetentionBatch, int]:
    """What one step erases, and how many were due before it."""
    ready: dict[str, Any] = {"from_index": 0, "held_subjects": frozenset()}
    limit = asked.pop("limit", 10_000)
    moment = asked.pop("moment", NOW + 300 * MINUTE)
    where = ready | asked
    count = EntryTable(transaction).count_due("app_1", moment, **where)
    batch = ErasureTable(transaction).older_than("app_1", moment, limit=limit, **where)
    return batch, count


def old(rows: Sequence[Any], before: int) -> list[int]:
    return [one["idx"] for one in rows if one["application_id"] == "app_1" and one["idx"] < before]


def test_what_is_older_than_a_moment_loses_both_halves_and_what_finds_it(
    database: Database,
) -> None:
    with database.writing() as transaction:
        rows = fill(transaction, 600)
        batch, count = due(transaction)
        gone = old(rows, 300)
        assert batch == RetentionBatch(
            both=gone, personal=[], next_index=batch.next_index, more=False
        )
        assert count == len(gone)
        assert batch.next_index == min(set(old(rows, 600)) - set(gone))
        for row in transaction.all("log_rows_stream", {"first": 0, "beyond": 600}):
            kept = {name for name, value in row.items() if value is not None}
            if row["idx"] in gone:
                assert kept == {"idx", "leaf", "time_ms", "type"}
            else:
                assert {"core", "core_salt", "personal", "personal_salt", "outcome"} <= kept
        assert due(transaction) == (
            RetentionBatch(both=[], personal=[], next_index=batch.next_index, more=False),
            0,
        )


def test_step_by_step_it_comes_to_the_same(database: Database) -> None:
    with database.writing() as transaction:
        rows = fill(transaction, 600)
        found: list[int] = []
        more, from_index = True, 0
        while more:
            batch, _ = due(transaction, from_index=from_index, limit=7)
            assert len(batch.both) <= 7
            found += batch.both
            more, from_index = batch.more, batch.next_index
        assert found == old(rows, 300)


def test_entries_about_held_subjects_stay(database: Database) -> None:
    with database.writing() as transaction:
        rows = fill(transaction, 600)
        held = frozenset({"sub_1", "sub_none"})
        about = {one["idx"] for one in rows if one["subject_ref"] == "sub_1"}
        batch, count = due(transaction, held_subjects=held)
        assert batch.both == [index for index in old(rows, 300) if index not in about]
        assert count == len(batch.both)
        assert about.intersection(old(rows, 300))
        again, _ = due(transaction)
        assert again.both == [index for index in old(rows, 300) if index in about]


def test_of_an_entry_about_an_erasure_the_core_half_stays(database: Database) -> None:
    with database.writing() as transaction:
        append(
            transaction,
            entry(0, type="audit.erased", personal='{"actor_name":"Mara"}'),
            entry(1, type="audit.erased", personal="{}"),
            entry(2, type="session.started"),
        )
        moment = NOW + timedelta(days=400)
        table = ErasureTable(transaction)
        first = table.older_than("app_1", moment, from_index=0, limit=10)
        assert (first.personal, first.both) == ([0], [2])
        assert table.older_than("app_1", moment, from_index=0, limit=10).personal == []
        told, empty, gone = (EntryTable(transaction).get(index) for index in range(3))
        assert told is not None
        assert empty is not None
        assert gone is not None
        assert (told.core is None, told.personal) == (False, None)
        assert (empty.core is None, empty.personal) == (False, {})
        assert (gone.core, gone.personal) == (None, None)


def test_an_entry_dated_into_the_future_keeps_nothing_behind_it_and_is_not_lost(
    database: Database,
) -> None:
    late = to_ms(NOW + timedelta(days=3650))
    with database.writing() as transaction:
        append(
            transaction,
            *(
                entry(index, time_ms=late if index == 3 else to_ms(NOW), application_id="app_1")
                for index in range(12)
            ),
        )
        batch, _ = due(transaction)
        assert batch.both == [0, 1, 2, *range(4, 12)]
        assert (batch.next_index, batch.more) == (3, False)
        last, _ = due(transaction, from_index=3, moment=NOW + timedelta(days=3651))
        assert last.both == [3]


@pytest.mark.parametrize("limit", [1, 7, 50, 600])
def test_pages_by_type_show_what_is_left_of_erased_entries_in_its_place(
    database: Database, limit: int
) -> None:
    wanted = frozenset({EventType.SESSION_STARTED, EventType.SESSION_ENDED})
    with database.writing() as transaction:
        rows = fill(transaction, 600)
        due(transaction, moment=NOW + 500 * MINUTE)
        table = EntryTable(transaction)
        everything = [one["idx"] for one in reversed(rows) if one["type"] in wanted]
        kept = [
            one["idx"]
            for one in reversed(rows)
            if one["type"] in wanted
            and one["application_id"] == "app_1"
            and one["idx"] not in old(rows, 500)
        ]
        for where, expected in (
            (EntryFilter(types=wanted), everything),
            (EntryFilter(types=wanted, application_id="app_1"), kept),
        ):
            found: list[int] = []
            before: int | None = None
            while page := indexes(table.search(where, before=before, limit=limit)):
                found += page
                before = page[-1]
            assert found == expected
            assert [entry.index for entry in table.stream(where)] == expected[::-1]


def test_what_was_done_in_a_session_is_counted(database: Database) -> None:
    done = [
        ("action.completed", '{"method":"GET","route":"/a"}'),
        ("action.completed", '{"method":"HEAD"}'),
        ("action.intended", '{"method":"POST"}'),
        ("action.completed", '{"method":"POST","route":"\\"method\\":\\"GET\\""}'),
        ("action.intended", '{"method":"PUT"}'),
        ("action.blocked", '{"method":"POST"}'),
        ("session.ended", "{}"),
    ]
    with database.writing() as transaction:
        rows = [
            entry(index, type=kind, core=core, session_id="ses_1")
            for index, (kind, core) in enumerate(done)
        ]
        append(transaction, *rows, entry(7, type="action.completed", session_id="ses_2"))
        table = EntryTable(transaction)
        assert table.actions_of(SessionId("ses_1")) == ActionCounts(reads=2, changes=2, refused=1)
        assert table.actions_of(SessionId("ses_9")) == ActionCounts()


def test_an_entry_of_a_type_that_a_newer_version_wrote_is_read_as_it_is(database: Database) -> None:
    with database.writing() as transaction:
        append(transaction, entry(0, type="moon.landed"))
        found = EntryTable(transaction).get(0)
    assert found is not None
    assert found.type == "moon.landed"
