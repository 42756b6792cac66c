"""Migrations that take longer than any statement may, with nodes of PostgreSQL that go on writing.

The server does the waiting (``pg_sleep`` for each row), and every limit of ours is made small: a
minute against thirty seconds shows nothing that three seconds against one do not.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest

from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.storage.database import postgresql_server, postgresql_site
from understudy.storage.database.migrations import Fill, Migration, Port, from_sql, load
from understudy.storage.database.postgresql import PostgresqlDatabase
from understudy.storage.database.sources import Sources
from understudy.storage.database.state import Doing

NEXT = len(load()) + 1
SECONDS = 60.0
"""No wait comes near it."""
ROWS = 30
SLOW_SECONDS = 3.0
LIMIT = "1s"

# On one line: a semicolon at the end of a line ends a statement.
MAKE_SLOW = (
    "CREATE FUNCTION slowly(value TEXT) RETURNS TEXT IMMUTABLE LANGUAGE plpgsql AS "
    f"$$ BEGIN PERFORM pg_sleep({SLOW_SECONDS / ROWS}); RETURN value; END $$"
)
SLOW_INDEX = from_sql(
    NEXT,
    "slow_index",
    f"{MAKE_SLOW};\n-- online\n"
    "CREATE INDEX meta_slowly ON meta (understudy.slowly(value)) WHERE name LIKE 'row_%';\n",
)
INDEX_STATES = (
    "SELECT indisvalid FROM pg_index WHERE indexrelid = 'understudy.meta_slowly'::regclass"
)


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    session = postgresql_server._SESSION
    monkeypatch.setattr(
        postgresql_server,
        "_SESSION",
        session.replace("TO '10s'", f"TO '{LIMIT}'").replace("TO '30s'", f"TO '{LIMIT}'"),
    )
    monkeypatch.setattr(postgresql_site, "PATIENCE", "200ms")


@pytest.fixture
def database(postgres_url: str) -> Iterator[PostgresqlDatabase]:
    """A node of the release before, and rows for the next one to be slow about."""
    with closing(PostgresqlDatabase(postgres_url)) as opened:
        opened.migrate()
        with opened.writing() as transaction:
            for number in range(ROWS):
                transaction.run("meta_put", {"name": f"row_{number}", "value": "1"})
        yield opened


def newer(url: str, migration: Migration) -> closing[PostgresqlDatabase]:
    """A node of the next release."""
    sources = replace(Sources.of(), migrations=(*load(), migration))
    return closing(PostgresqlDatabase(url, sources=sources))


def filling_slowly() -> Migration:
    def fill(port: Port) -> int:
        port.execute(f"SELECT pg_sleep({SLOW_SECONDS / ROWS})")
        changed = port.execute(
            "UPDATE meta SET value = '2' WHERE name IN (SELECT name FROM meta WHERE value = '1'"
            " AND name LIKE 'row_%' LIMIT 1) RETURNING name"
        )
        return len(changed)

    return Migration(
        number=NEXT,
        name="slow_fill",
        compatible_from=NEXT - 1,
        expand=lambda port: None,
        online=(Fill(slice=fill),),
    )


def write_until(database: PostgresqlDatabase, done: threading.Event) -> list[float]:
    """How long each transaction of a node took, one after the other."""
    took: list[float] = []
    while not done.is_set():
        began = time.monotonic()
        with database.writing() as transaction:
            transaction.run("meta_put", {"name": "written", "value": f"{len(took)}"})
        took.append(time.monotonic() - began)
    return took


@pytest.mark.parametrize("migration", [SLOW_INDEX, filling_slowly()], ids=str)
def test_writers_go_on_while_a_long_migration_runs(
    database: PostgresqlDatabase, postgres_url: str, migration: Migration
) -> None:
    done = threading.Event()
    with (
        ThreadPoolExecutor(2) as threads,
        closing(PostgresqlDatabase(postgres_url)) as other,
        newer(postgres_url, migration) as node,
    ):
        writers = [threads.submit(write_until, one, done) for one in (database, other)]
        began = time.monotonic()
        try:
            node.migrate()
        finally:
            done.set()
        took = time.monotonic() - began
        waits = [wait for writer in writers for wait in writer.result(SECONDS)]
    assert took > SLOW_SECONDS, "the migration was not long enough to show anything"
    assert max(waits) < SLOW_SECONDS / 3
    assert node.schema().due == []


def test_a_node_that_starts_while_another_builds_an_index_waits_for_it(
    database: PostgresqlDatabase, postgres_url: str
) -> None:
    """Waiting inside a statement, it would hold the snapshot that the build waits for."""
    waited = threading.Event()

    def start(_: int) -> None:
        def told(doing: Doing) -> None:
            if "another node" in doing.what:
                waited.set()

        with newer(postgres_url, SLOW_INDEX) as node:
            node.migrate(told)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(start, range(2)))
    assert waited.is_set()
    assert database.schema().unfinished == []


def test_no_statement_of_a_migration_is_cut_off(
    database: PostgresqlDatabase, postgres_url: str
) -> None:
    step = from_sql(NEXT, "slow", f"SELECT pg_sleep({SLOW_SECONDS / 2});\n")
    with newer(postgres_url, step) as node:
        node.migrate()
        assert node.schema().number == NEXT
    with pytest.raises(psycopg.errors.QueryCanceled), database.reading() as connection:
        connection._raw.execute(f"SELECT pg_sleep({SLOW_SECONDS / 2})")


def test_an_index_that_was_cut_off_is_dropped_and_made_anew(
    database: PostgresqlDatabase, postgres_url: str
) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as admin:

        def kill(doing: Doing) -> None:
            if "index" in doing.what:
                threading.Thread(target=kill_builder, args=(admin,)).start()

        with newer(postgres_url, SLOW_INDEX) as node, refusal_of(errors.Unavailable, "unavailable"):
            node.migrate(kill)
        assert admin.execute(INDEX_STATES).fetchall() == [(False,)]
        with newer(postgres_url, SLOW_INDEX) as node:
            assert [step.name for step in node.schema().unfinished] == ["slow_index"]
            node.migrate()
            assert node.schema().due == []
        assert admin.execute(INDEX_STATES).fetchall() == [(True,)]


def kill_builder(admin: psycopg.Connection[tuple[object, ...]]) -> None:
    """End whoever builds an index, once it has begun."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        ended = admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_progress_create_index"
            " WHERE datname = current_database() AND phase LIKE 'building%'"
        ).fetchall()
        if ended:
            return


def test_a_table_that_somebody_reads_is_waited_for_in_turns(
    database: PostgresqlDatabase, postgres_url: str
) -> None:
    """Whoever waits for a table lets nobody pass: other readers and writers have their turn."""
    tries: list[str] = []
    step = from_sql(NEXT, "more", "ALTER TABLE meta ADD COLUMN more {text};\n")
    with psycopg.connect(postgres_url) as reader, newer(postgres_url, step) as node:
        reader.execute("SELECT count(*) FROM understudy.meta")

        def told(doing: Doing) -> None:
            tries.append(doing.what)
            if len(tries) == 3:
                reader.rollback()

        node.migrate(told)
    assert tries == ["changing tables", "in use, waiting", "in use, waiting"]


def test_a_table_that_stays_in_use_is_given_up_in_the_end(
    database: PostgresqlDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_site.PostgresqlSite, "attempts", 2)
    step = from_sql(NEXT, "more", "ALTER TABLE meta ADD COLUMN more {text};\n")
    with psycopg.connect(postgres_url) as reader, newer(postgres_url, step) as node:
        reader.execute("SELECT count(*) FROM understudy.meta")
        with pytest.raises(errors.StorageBusy) as caught:
            node.migrate()
    assert caught.value.code == "storage_busy"
    assert database.schema().number == NEXT - 1
