"""Sessions that may only read, with SQLAlchemy: each transaction is held, and its next is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, insert, select, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from tests.fixtures.impersonation import SESSION
from tests.integration.contrib.sqlalchemy.items import Base, Item
from understudy.contrib.sqlalchemy.read_only import hold_read_only
from understudy.core.impersonation.restrictions import Scope
from understudy.errors import SetupError, WriteBlocked
from understudy.sdk.context import Impersonation, Present, entered

FULL = Impersonation.of(SESSION)
READING = replace(FULL, scope=Scope.READ_ONLY)
INSERT = "INSERT INTO items (name) VALUES ('new')"


def by_session(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(Item(name="new"))
        session.commit()


def behind_a_rollback(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        connection.rollback()
        connection.execute(text(INSERT))


def in_a_savepoint(engine: Engine) -> None:
    with engine.begin() as connection:
        with connection.begin_nested():
            connection.execute(text("SELECT 1"))
        connection.execute(text(INSERT))


def many(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(Item), [{"name": "new"}, {"name": "new"}])


def by_the_driver(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        raw.cursor().execute(INSERT)
        raw.commit()
    finally:
        raw.close()


def sql(*statements: str) -> Callable[[Engine], None]:
    def run(engine: Engine) -> None:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    return run


WRITES: dict[str, Callable[[Engine], None]] = {
    "by_session": by_session,
    "behind_a_rollback": behind_a_rollback,
    "in_a_savepoint": in_a_savepoint,
    "many": many,
    "raw": sql(INSERT),
    "update": sql("UPDATE items SET name = 'new'"),
    "delete": sql("DELETE FROM items"),
    "table": sql("CREATE TABLE more (name text)"),
    "dropped": sql("DROP TABLE items"),
}
OF_POSTGRESQL = {
    "locked": sql("SELECT * FROM items FOR UPDATE"),
    "sequence": sql("SELECT nextval('items_id_seq')"),
    "committed": sql("SELECT 1", "COMMIT", INSERT),
    "behind_a_commit": sql(f"SELECT 1; COMMIT; {INSERT}"),
    "write_mode": sql("SET TRANSACTION READ WRITE", INSERT),
    "behind_a_comment": sql("/* shop */ COMMIT", INSERT),
    "behind_comments": sql(f"SELECT 1; /* a /* b */ c */ -- d\nCOMMIT; {INSERT}"),
}
OF_MARIADB = {
    "sequence": sql("SELECT NEXT VALUE FOR numbers"),
    "sequence_set": sql("SELECT SETVAL(numbers, 100)"),
    "locked": sql("SELECT * FROM items FOR UPDATE"),
    "truncated": sql("TRUNCATE items"),
    "renamed": sql("RENAME TABLE items TO others"),
    "write_mode": sql("SET SESSION TRANSACTION READ WRITE", INSERT),
    "write_mode_by_name": sql("SET @@SESSION.tx_read_only = 0", INSERT),
    "committed": sql("SELECT 1", "COMMIT", INSERT),
    "writing_transaction": sql("START TRANSACTION READ WRITE", INSERT),
    "behind_a_comment": sql("# a\nSET SESSION TRANSACTION READ WRITE", "COMMIT", INSERT),
    "in_a_comment": sql("/*!50000 SET SESSION TRANSACTION READ WRITE */", "COMMIT", INSERT),
    "around_a_comment": sql("SET SESSION TRANSACTION READ /* */ WRITE", "COMMIT", INSERT),
    "put_together": sql("EXECUTE IMMEDIATE 'SET SESSION TRANSACTION READ WRITE'", "COMMIT", INSERT),
    "prepared": sql("PREPARE a FROM 'SET SESSION TRANSACTION READ WRITE'", "EXECUTE a"),
    "in_a_block": sql("BEGIN NOT ATOMIC SET SESSION TRANSACTION READ WRITE; END", "COMMIT", INSERT),
}
OF_SQLITE = {
    "pragma": sql("PRAGMA query_only = OFF", INSERT),
    "attach": sql("ATTACH ':memory:' AS beside"),
}


def names(engine: Engine | Connection) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(Item.name).order_by(Item.id)))


def is_refused(shop: Engine, write: Callable[[Engine], None]) -> Present:
    """By the database; the next customer of the connection writes."""
    present = Present(READING)
    with entered(present):
        assert names(shop) == ["apple"]
        with pytest.raises(WriteBlocked):
            write(shop)
    assert present.write is not None
    assert names(shop) == ["apple"]
    by_session(shop)
    assert names(shop) == ["apple", "new"]
    return present


@pytest.mark.parametrize("way", WRITES)
def test_what_writes_is_refused_and_the_next_customer_writes(shop: Engine, way: str) -> None:
    is_refused(shop, WRITES[way])


def test_so_is_what_goes_by_the_driver(shop: Engine) -> None:
    with entered(Present(READING)), pytest.raises(Exception, match=r"(?i)read.?only|authorized"):
        by_the_driver(shop)
    assert names(shop) == ["apple"]
    by_the_driver(shop)
    assert names(shop) == ["apple", "new"]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize("way", OF_POSTGRESQL)
def test_so_is_what_postgresql_alone_knows(shop: Engine, way: str) -> None:
    is_refused(shop, OF_POSTGRESQL[way])


@pytest.mark.parametrize("kind", ["mariadb"], indirect=True)
@pytest.mark.parametrize("way", OF_MARIADB)
def test_so_is_what_mariadb_alone_knows(shop: Engine, way: str) -> None:
    is_refused(shop, OF_MARIADB[way])


@pytest.mark.parametrize("kind", ["mariadb"], indirect=True)
def test_in_autocommit_it_is_held_as_well(shop: Engine) -> None:
    def free(engine: Engine) -> None:
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(INSERT))

    is_refused(shop, free)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", OF_SQLITE)
def test_so_is_what_sqlite_alone_knows(shop: Engine, way: str) -> None:
    is_refused(shop, OF_SQLITE[way])


def test_the_table_is_told(shop: Engine) -> None:
    write = is_refused(shop, WRITES["update"]).write
    assert write is not None
    assert write.table == "items"


def test_two_transactions_of_one_connection_are_each_whose_they_are(shop: Engine) -> None:
    with shop.connect() as connection:
        with entered(Present(READING)), pytest.raises(WriteBlocked):
            connection.execute(text(INSERT))
        connection.rollback()
        connection.execute(text(INSERT))
        connection.commit()
    assert names(shop) == ["apple", "new"]


def test_what_goes_on_in_a_transaction_of_somebody_else_s_is_held_as_well(shop: Engine) -> None:
    with shop.connect() as connection:
        connection.execute(text("SELECT 1"))
        with entered(Present(READING)), pytest.raises(WriteBlocked):
            connection.execute(text(INSERT))
    assert names(shop) == ["apple"]


def test_so_is_one_that_has_read_rows_and_its_owner_s_writes_stay(shop: Engine) -> None:
    with shop.connect() as connection:
        connection.execute(text(INSERT))
        connection.execute(text("SELECT name FROM items"))
        with entered(Present(READING)), pytest.raises(WriteBlocked):
            connection.execute(text("DELETE FROM items"))
    assert names(shop) == ["apple"]


def test_sessions_that_may_do_everything_write(shop: Engine) -> None:
    with entered(Present(FULL)):
        by_session(shop)
    assert names(shop) == ["apple", "new"]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_connection_in_autocommit_is_refused(shop: Engine) -> None:
    present = Present(READING)
    with entered(present), shop.connect() as connection:
        free = connection.execution_options(isolation_level="AUTOCOMMIT")
        with pytest.raises(WriteBlocked):
            free.execute(text("SELECT 1"))
    assert present.write is not None


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_pool_hands_on_no_connection_on_which_a_session_has_set_something(shop: Engine) -> None:
    with entered(Present(READING)), shop.begin() as connection:
        connection.execute(text("SELECT set_config('shop.left', 'something', false)"))
        connection.execute(text("SELECT pg_advisory_lock(7)"))
    with shop.begin() as connection:
        left = connection.scalar(text("SELECT current_setting('shop.left', true)"))
        # Of this connection alone: the server takes its time with those that were closed.
        own = "locktype = 'advisory' AND pid = pg_backend_pid()"
        locks = connection.scalar(text(f"SELECT count(*) FROM pg_locks WHERE {own}"))
    assert (left, locks) == (None, 0)


def test_a_database_in_memory_outlives_a_session() -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    hold_read_only(engine)
    Base.metadata.create_all(engine)
    with entered(Present(READING)), pytest.raises(WriteBlocked):
        by_session(engine)
    by_session(engine)
    assert names(engine) == ["new"]


def test_what_nobody_knows_to_hold_is_told_at_once() -> None:
    engine: Any = create_engine("sqlite://")
    engine.dialect.name = "oracle"
    with pytest.raises(SetupError):
        hold_read_only(engine)
