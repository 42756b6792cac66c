"""What a transaction promises on both databases: all or nothing, one writer, still snapshots."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, nullcontext, suppress
from multiprocessing.connection import Connection as Pipe

import pytest

from tests.contract.storage.make import append, entry
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.storage.database.connection import (
    Connection,
    Database,
    Dialect,
    RanAhead,
    Transaction,
)
from understudy.storage.database.databases import open_database

SECONDS = 20.0
"""No wait comes near it."""


class Refused(Exception):
    """What a flow may raise."""


def put(transaction: Transaction, name: str, value: str = "1") -> None:
    transaction.run("meta_put", {"name": name, "value": value})


def put_and_refuse(transaction: Transaction, *names: str) -> None:
    for name in names:
        put(transaction, name, "refused")
    raise Refused


def put_and_miss(transaction: Transaction, name: str) -> None:
    put(transaction, name)
    transaction.change("webhook_endpoints_remove", {"id": "whe_nobody"})


def put_null(transaction: Transaction, name: str) -> None:
    """What the database refuses, and something that it would take if it came to it."""
    transaction.change("meta_put", {"name": name, "value": None})
    transaction.change("meta_put", {"name": name, "value": "1"})


def get(connection: Connection, name: str) -> str | None:
    row = connection.one("meta_get", {"name": name})
    return None if row is None else str(row["value"])


def committed(database: Database, name: str) -> str | None:
    with database.reading() as connection:
        return get(connection, name)


def test_what_is_written_is_there_after_the_block(database: Database) -> None:
    with database.writing() as transaction:
        put(transaction, "a")
        assert get(transaction, "a") == "1"
        assert committed(database, "a") is None
    assert committed(database, "a") == "1"


def test_a_block_left_with_an_exception_leaves_nothing(database: Database) -> None:
    with pytest.raises(Refused), database.writing() as transaction:
        put_and_refuse(transaction, "a")
    assert committed(database, "a") is None
    with database.writing() as transaction:
        assert get(transaction, "a") is None


def test_a_savepoint_undoes_only_what_happened_inside(database: Database) -> None:
    with database.writing() as transaction:
        put(transaction, "before")
        with pytest.raises(Refused), transaction.savepoint():
            put_and_refuse(transaction, "inside", "before")
        assert transaction.alive
        with transaction.savepoint():
            put(transaction, "after")
    assert committed(database, "before") == "1"
    assert committed(database, "inside") is None
    assert committed(database, "after") == "1"


def test_a_savepoint_in_a_savepoint_undoes_only_its_own_part(database: Database) -> None:
    with database.writing() as transaction, transaction.savepoint():
        put(transaction, "outer")
        with pytest.raises(Refused), transaction.savepoint():
            put_and_refuse(transaction, "inner")
    assert committed(database, "outer") == "1"
    assert committed(database, "inner") is None


def test_a_transaction_goes_on_after_an_error_in_a_savepoint(database: Database) -> None:
    with database.writing() as transaction:
        append(transaction, entry(0))
        with refusal_of(errors.AlreadyExists, "already_exists"), transaction.savepoint():
            append(transaction, entry(0))
        assert transaction.alive
        put(transaction, "after")
    assert committed(database, "after") == "1"


def test_a_change_that_meets_no_row_fails_its_savepoint_and_no_other(database: Database) -> None:
    with database.writing() as transaction:
        for number in range(3):
            with transaction.savepoint():
                put(transaction, f"before-{number}")
            with pytest.raises(errors.NotFound), transaction.savepoint():
                put_and_miss(transaction, f"inside-{number}")
            assert transaction.alive
            with transaction.savepoint():
                put(transaction, f"after-{number}")
    for number in range(3):
        names = [f"{where}-{number}" for where in ("before", "inside", "after")]
        assert [committed(database, name) for name in names] == ["1", None, "1"]


def test_a_change_outside_of_a_savepoint_fails_at_once(database: Database) -> None:
    with database.writing() as transaction:
        with pytest.raises(errors.NotFound) as caught:
            transaction.change("webhook_endpoints_remove", {"id": "whe_nobody"})
        assert caught.value.code == "not_found"
        put(transaction, "after")
    assert committed(database, "after") == "1"


def test_a_change_that_the_database_refuses_fails_its_savepoint_and_no_other(
    database: Database,
) -> None:
    with database.writing() as transaction:
        for number in range(10):
            with transaction.savepoint():
                transaction.change("meta_put", {"name": f"before-{number}", "value": "1"})
            with pytest.raises(errors.Unavailable), transaction.savepoint():
                put_null(transaction, f"null-{number}")
            assert transaction.alive
            with transaction.savepoint():
                assert get(transaction, f"before-{number}") == "1"
                assert get(transaction, f"null-{number}") is None
    assert committed(database, "before-9") == "1"


def test_an_error_that_a_flow_hides_is_not_hidden_from_its_savepoint(database: Database) -> None:
    with database.writing() as transaction:
        with suppress(errors.Unavailable), transaction.savepoint():
            put(transaction, "inside")
            with suppress(errors.Unavailable):
                transaction.run("meta_put", {"name": "null", "value": None})
            put(transaction, "inside too")
        assert transaction.alive
        put(transaction, "after")
    assert committed(database, "after") == "1"
    # SQLite undoes the one statement, PostgreSQL the whole savepoint; neither a part of it.
    inside = {committed(database, "inside"), committed(database, "inside too")}
    assert len(inside) == 1


def test_a_stream_beside_changes_and_savepoints_is_whole(database: Database) -> None:
    with database.writing() as transaction:
        append(transaction, *(entry(index) for index in range(1300)))
        seen = []
        for row in transaction.stream("log_leaves_list", {"first": 0, "beyond": 1300}):
            seen.append(row["leaf"])
            if len(seen) % 100 == 0:
                with transaction.savepoint():
                    transaction.change("meta_put", {"name": f"at-{len(seen)}", "value": "1"})
        assert seen == [b"leaf %d" % index for index in range(1300)]
    assert committed(database, "at-1300") == "1"


def test_run_says_how_many_rows_it_changed(database: Database) -> None:
    with database.writing() as transaction:
        append(transaction, *(entry(index) for index in range(3)))
        found = transaction.run("operator_sessions_remove", {"id": "nobody"})
        assert found == 0
        erased = transaction.all(
            "entries_erase_personal_of_subject",
            {
                "application_id": "app_1",
                "subject_ref": "sub_user",
                "from_index": 0,
                "limit": 3,
            },
        )
        assert sorted(row["idx"] for row in erased) == [0, 1, 2]  # type: ignore[type-var]


def test_rows_stream_in_order_however_many(database: Database) -> None:
    with database.writing() as transaction:
        append(transaction, *(entry(index) for index in range(1300)))
    with database.reading() as connection:
        rows = connection.stream("log_leaves_list", {"first": 0, "beyond": 1300})
        assert [row["leaf"] for row in rows] == [b"leaf %d" % index for index in range(1300)]


def test_a_reader_keeps_the_snapshot_of_its_first_look(database: Database) -> None:
    with database.writing() as transaction:
        put(transaction, "a", "old")
    with database.reading() as connection:
        assert get(connection, "a") == "old"
        with database.writing() as transaction:
            put(transaction, "a", "new")
        assert get(connection, "a") == "old"
    assert committed(database, "a") == "new"


def test_a_snapshot_cannot_be_written_to(database: Database) -> None:
    with (
        database.reading() as connection,
        refusal_of(errors.Unavailable, "unavailable"),
    ):
        connection.all("meta_put", {"name": "a", "value": "1"})
    assert committed(database, "a") is None


def test_readers_of_many_threads_do_not_disturb_each_other(database: Database) -> None:
    with database.writing() as transaction:
        for number in range(8):
            put(transaction, f"name-{number}", str(number))

    def read(number: int) -> bool:
        with database.reading() as connection:
            return all(get(connection, f"name-{number}") == str(number) for _ in range(20))

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(read, [number % 8 for number in range(40)]))


def test_writers_of_two_threads_take_turns(database: Database) -> None:
    entered, leave = threading.Event(), threading.Event()
    order: list[str] = []

    def first() -> None:
        with database.writing() as transaction:
            entered.set()
            assert leave.wait(SECONDS)
            put(transaction, "a", "first")
            order.append("first")

    def second() -> None:
        with database.writing() as transaction:
            order.append(f"second after {get(transaction, 'a')}")

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(first)
        assert entered.wait(SECONDS)
        two = threads.submit(second)
        leave.set()
        one.result(SECONDS)
        two.result(SECONDS)
    assert order == ["first", "second after first"]


def test_no_update_is_lost_between_threads(database: Database) -> None:
    def count_up(_: int) -> None:
        with database.writing() as transaction:
            put(transaction, "count", str(int(get(transaction, "count") or "0") + 1))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count_up, range(40)))
    assert committed(database, "count") == "40"


def _hold_the_lock(url: str, pipe: Pipe) -> None:
    database = open_database(url)
    with database.writing() as transaction:
        pipe.send("entered")
        pipe.recv()
        put(transaction, "a", "other process")
    database.close()
    pipe.send("left")


def test_a_writer_of_another_process_is_waited_for(database: Database, made_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_hold_the_lock, args=(made_url, there))
    process.start()
    assert here.poll(SECONDS)
    here.recv()

    def write() -> str | None:
        with database.writing() as transaction:
            return get(transaction, "a")

    with ThreadPoolExecutor(1) as threads:
        waiting: Future[str | None] = threads.submit(write)
        assert committed(database, "a") is None
        here.send("leave")
        assert waiting.result(SECONDS) == "other process"
    process.join(SECONDS)
    assert process.exitcode == 0


@pytest.mark.parametrize("text", ["nul \0 byte", "lone \ud800 surrogate"])
def test_text_that_cannot_be_stored_is_refused_alike(database: Database, text: str) -> None:
    with refusal_of(errors.InvalidInput, "invalid_input"), database.writing() as transaction:
        put(transaction, text)
    with refusal_of(errors.InvalidInput, "invalid_input"), database.reading() as connection:
        get(connection, text)


def test_a_closed_database_is_unavailable(database: Database) -> None:
    database.close()
    with refusal_of(errors.Unavailable, "unavailable"), database.reading():
        pass
    with refusal_of(errors.Unavailable, "unavailable"), database.writing():
        pass


def test_an_unknown_query_is_a_defect_and_no_outage(database: Database) -> None:
    with database.reading() as connection, pytest.raises(KeyError):
        connection.one("nothing_like_it")


def run_ahead(database: Database, *steps: Callable[[Transaction], None]) -> None:
    """Each step in a savepoint of its own, of which none waits for its answer."""
    with database.writing(ahead=True) as transaction:
        for step in steps:
            with suppress(Refused), transaction.savepoint():
                step(transaction)


def changes(name: str, value: str | None = "1") -> Callable[[Transaction], None]:
    return lambda transaction: transaction.change("meta_put", {"name": name, "value": value})


def misses(transaction: Transaction) -> None:
    transaction.change("webhook_endpoints_remove", {"id": "whe_nobody"})


def changes_and_refuses(transaction: Transaction) -> None:
    changes("refused")(transaction)
    raise Refused


def changes_looks_and_refuses(transaction: Transaction) -> None:
    changes("refused")(transaction)
    assert get(transaction, "refused") == "1"
    raise Refused


@pytest.mark.parametrize("refuses", [changes_and_refuses, changes_looks_and_refuses])
def test_running_ahead_commits_what_was_done_and_nothing_that_was_undone(
    database: Database, refuses: Callable[[Transaction], None]
) -> None:
    # On SQLite nothing by itself can be undone of what runs ahead: all of it is, and is done again.
    alone = database.dialect is Dialect.POSTGRESQL
    with nullcontext() if alone else pytest.raises(RanAhead):
        run_ahead(database, changes("before"), refuses, changes("after"))
    names = ("before", "refused", "after")
    done = "1" if alone else None
    assert [committed(database, name) for name in names] == [done, None, done]


def test_who_refuses_before_anything_was_changed_takes_nobody_along(database: Database) -> None:
    def refuses(transaction: Transaction) -> None:
        assert get(transaction, "before") == "1"
        raise Refused

    run_ahead(database, changes("before"), refuses, changes("after"))
    assert [committed(database, name) for name in ("before", "after")] == ["1", "1"]


@pytest.mark.parametrize("fails", [misses, changes("null", None)], ids=["misses", "null"])
@pytest.mark.parametrize(
    "then",
    [changes("after"), changes_looks_and_refuses, lambda _: None],
    ids=["changes", "refuses", "nothing"],
)
def test_nothing_is_committed_if_what_ran_ahead_on_postgresql_turns_out_to_have_failed(
    postgres_url: str,
    fails: Callable[[Transaction], None],
    then: Callable[[Transaction], None],
) -> None:
    with closing(open_database(postgres_url)) as database:
        database.migrate()
        with pytest.raises(RanAhead) as caught:
            run_ahead(database, changes("before"), fails, then)
        assert caught.value.code == "unavailable"
        names = ("before", "null", "refused", "after")
        assert [committed(database, name) for name in names] == [None] * 4
        run_ahead(database, changes("again"))
        assert committed(database, "again") == "1"


def test_a_loss_that_a_flow_hides_is_not_hidden_from_who_asks_whether_it_is_alive(
    postgres_url: str,
) -> None:
    alive: list[bool] = []

    def hides(transaction: Transaction) -> None:
        with suppress(RanAhead):
            get(transaction, "before")
        alive.append(transaction.alive)

    with closing(open_database(postgres_url)) as database:
        database.migrate()
        with pytest.raises(RanAhead) as caught:
            run_ahead(database, changes("before"), misses, hides)
        assert caught.value.code == "unavailable"
        assert alive == [False]
        assert committed(database, "before") is None
