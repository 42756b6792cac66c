"""What is special to a PostgreSQL server: it can be away, come back, and refuse us."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from threading import Event

import psycopg
import pytest

from tests.fixtures.ports import free_port
from tests.fixtures.postgresql import PostgresServer
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.storage.database import postgresql_server, postgresql_turn
from understudy.storage.database.databases import open_database
from understudy.storage.database.postgresql import PostgresqlDatabase
from understudy.storage.database.postgresql_transaction import PostgresqlTransaction

SECONDS = 20.0
"""No wait comes near it."""

_TABLES = """
SELECT schemaname, tablename,
    (SELECT count(*) FROM pg_indexes AS i WHERE i.schemaname = t.schemaname)
FROM pg_tables AS t WHERE schemaname IN ('public', 'understudy') ORDER BY 1, 2
"""


@pytest.fixture
def database(postgres_url: str) -> Iterator[PostgresqlDatabase]:
    with closing(PostgresqlDatabase(postgres_url)) as opened:
        opened.migrate()
        yield opened


def setting(database: PostgresqlDatabase, name: str) -> list[str]:
    """A setting as a reader and as a writer has it."""
    found = []
    for context in (database.reading(), database.writing()):
        with context as connection:
            found.append(connection._raw.execute(f"SHOW {name}").fetchall()[0][0])
    return found


def put(database: PostgresqlDatabase, name: str) -> None:
    with database.writing() as transaction:
        transaction.run("meta_put", {"name": name, "value": "1"})


def knows(database: PostgresqlDatabase, name: str) -> bool:
    with database.reading() as connection:
        return connection.one("meta_get", {"name": name}) is not None


def kill(url: str, connection: PostgresqlTransaction) -> None:
    """End the connection from the server's side."""
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (connection._raw.info.backend_pid,))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("transaction_isolation", ["repeatable read", "read committed"]),
        ("transaction_read_only", ["on", "off"]),
        ("search_path", ["understudy", "understudy"]),
        ("synchronous_commit", ["on", "on"]),
        ("lock_timeout", ["10s", "10s"]),
        ("statement_timeout", ["30s", "30s"]),
        ("idle_in_transaction_session_timeout", ["0", "30s"]),
    ],
)
def test_transactions_are_set_up_for_their_purpose(
    database: PostgresqlDatabase, name: str, values: list[str]
) -> None:
    assert setting(database, name) == values


def test_our_tables_lie_in_a_schema_of_their_own(
    database: PostgresqlDatabase, postgres_url: str
) -> None:
    put(database, "a")
    with psycopg.connect(postgres_url) as other:
        found = other.execute("SELECT DISTINCT schemaname FROM pg_tables WHERE tablename = 'meta'")
        assert found.fetchall() == [("understudy",)]
        assert other.execute("SELECT name FROM understudy.meta").fetchall() == [("a",)]


def test_another_schema_leaves_all_others_as_they_are(
    database: PostgresqlDatabase, postgres_url: str
) -> None:
    put(database, "a")
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("CREATE TABLE public.meta (name text)")
        before = other.execute(_TABLES).fetchall()
        with closing(PostgresqlDatabase(postgres_url, schema="shop_support")) as beside:
            beside.migrate()
            put(beside, "b")
            assert not beside.schema().due
        assert other.execute(_TABLES).fetchall() == before
        assert other.execute("SELECT name FROM shop_support.meta").fetchall() == [("b",)]
        assert other.execute("SELECT name FROM understudy.meta").fetchall() == [("a",)]
        assert other.execute("SELECT name FROM public.meta").fetchall() == []


def test_an_address_that_cannot_be_read_is_never_repeated() -> None:
    with pytest.raises(errors.SetupError) as caught:
        open_database("postgresql://ada:hunter2@host:no-port/db?bad=option")
    shown = f"{caught.value!r} {caught.value.internal} {caught.value.__cause__!r}"
    assert "hunter2" not in shown


def test_a_server_that_is_away_is_unavailable_at_once() -> None:
    url = f"postgresql://ada:hunter2@127.0.0.1:{free_port()}/db"
    with closing(PostgresqlDatabase(url)) as database:
        for attempt in (database.migrate, lambda: put(database, "a"), database.watch):
            with pytest.raises(errors.Unavailable) as caught:
                attempt()
            assert type(caught.value) is errors.Unavailable
            assert "hunter2" not in f"{caught.value!r} {caught.value.internal}"


def test_a_role_that_may_not_make_schemas_is_told_what_to_do(
    postgres_server: PostgresServer, postgres_url: str
) -> None:
    name = postgres_url.rpartition("/")[2]
    with psycopg.connect(postgres_server.admin_url, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} OWNER TO postgres")
    with closing(PostgresqlDatabase(postgres_url)) as database:
        with pytest.raises(errors.SetupError, match="may not make the schema understudy"):
            database.migrate()
        admin_of_it = postgres_server.admin_url.rpartition("/")[0] + f"/{name}"
        with psycopg.connect(admin_of_it, autocommit=True) as admin:
            admin.execute("CREATE SCHEMA understudy AUTHORIZATION understudy")
        database.migrate()
        put(database, "a")


def test_a_database_of_another_encoding_is_refused(postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres_server.admin_url, autocommit=True) as admin:
        admin.execute(
            "CREATE DATABASE latin OWNER understudy TEMPLATE template0"
            " ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'"
        )
    with (
        closing(PostgresqlDatabase(postgres_server.url("latin"))) as database,
        pytest.raises(errors.SetupError, match="encoding UTF8"),
    ):
        database.migrate()


def test_after_a_restart_of_the_server_everything_goes_on(
    postgres_server: PostgresServer, database: PostgresqlDatabase
) -> None:
    put(database, "before")
    assert knows(database, "before")
    postgres_server.stop()
    with refusal_of(errors.Unavailable, "unavailable"):
        knows(database, "before")
    with refusal_of(errors.Unavailable, "unavailable"):
        put(database, "meanwhile")
    postgres_server.start()
    assert knows(database, "before")
    put(database, "after")
    assert not knows(database, "meanwhile")


def test_connections_that_died_while_idle_are_not_noticed(
    postgres_server: PostgresServer, database: PostgresqlDatabase
) -> None:
    with database.reading(), database.reading(), database.writing():
        pass
    postgres_server.stop()
    postgres_server.start()
    put(database, "after")
    assert knows(database, "after")


def write_and_die(url: str, transaction: PostgresqlTransaction) -> None:
    transaction.run("meta_put", {"name": "lost", "value": "1"})
    kill(url, transaction)
    with refusal_of(errors.Unavailable, "unavailable"), transaction.savepoint():
        pass
    assert not transaction.alive


def test_a_transaction_whose_connection_died_leaves_nothing(
    database: PostgresqlDatabase, postgres_url: str
) -> None:
    with refusal_of(errors.Unavailable, "unavailable"), database.writing() as transaction:
        write_and_die(postgres_url, transaction)
    assert not knows(database, "lost")
    put(database, "next")
    assert knows(database, "next")


def test_a_transaction_after_an_error_outside_of_a_savepoint_cannot_commit(
    database: PostgresqlDatabase,
) -> None:
    def write() -> None:
        with database.writing() as transaction:
            transaction.run("meta_put", {"name": "lost", "value": "1"})
            with suppress(errors.Unavailable):
                transaction.run("meta_put", {"name": "lost", "value": None})
            assert not transaction.alive

    with refusal_of(errors.Unavailable, "unavailable"):
        write()
    assert not knows(database, "lost")


def test_a_writer_that_waits_too_long_for_the_lock_is_told_so(
    database: PostgresqlDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience = f"'{postgresql_turn.PATIENCE_SECONDS}s'"
    hasty = tuple(one.replace(patience, "'20ms'") for one in postgresql_turn._TAKE)
    monkeypatch.setattr(postgresql_turn, "_TAKE", hasty)
    # Too soon for the holder to count as one that hangs.
    with closing(PostgresqlDatabase(postgres_url)) as other:
        with database.writing(), pytest.raises(errors.StorageBusy) as caught:
            put(other, "a")
        assert str(caught.value.internal).startswith("55P03")
        put(other, "a")


def keep() -> bool:
    return True


def holders(url: str) -> list[bool]:
    """Who has the lock of writers, and who waits for it: whether it is theirs."""
    with psycopg.connect(url) as other:
        found = other.execute(
            "SELECT granted FROM pg_locks JOIN pg_database ON oid = database"
            " WHERE locktype = 'advisory' AND datname = current_database() ORDER BY granted DESC"
        )
        return [row[0] for row in found]


def test_a_turn_is_kept_for_the_next_transaction_and_then_ended(
    database: PostgresqlDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_turn, "TURN_SECONDS", SECONDS)
    for _ in range(2):
        with database.writing(keep) as transaction:
            transaction.run("meta_put", {"name": "a", "value": "1"})
        assert holders(postgres_url) == [True]
        assert knows(database, "a")
    database.end_turn()
    assert holders(postgres_url) == []
    with database.writing(keep):
        pass
    put(database, "b")
    assert holders(postgres_url) == []


def test_a_turn_whose_time_is_over_is_not_kept(
    database: PostgresqlDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_turn, "TURN_SECONDS", 0.0)
    with database.writing(keep):
        assert holders(postgres_url) == [True]
    assert holders(postgres_url) == []


def write_and_refuse(database: PostgresqlDatabase) -> None:
    with database.writing(keep) as transaction:
        transaction.run("meta_put", {"name": "lost", "value": "1"})
        raise errors.Conflict


def test_a_turn_ends_with_a_transaction_that_fails(
    database: PostgresqlDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_turn, "TURN_SECONDS", SECONDS)
    with database.writing(keep):
        pass
    with pytest.raises(errors.Conflict):
        write_and_refuse(database)
    assert holders(postgres_url) == []
    assert not knows(database, "lost")


def test_nodes_that_wait_get_their_turn_in_the_order_in_which_they_asked(
    database: PostgresqlDatabase, postgres_url: str
) -> None:
    order: list[str] = []
    waiting: list[Future[None]] = []

    def write(node: PostgresqlDatabase, name: str) -> None:
        with node.writing():
            order.append(name)

    with ExitStack() as stack:
        nodes = [stack.enter_context(closing(PostgresqlDatabase(postgres_url))) for _ in range(3)]
        threads = stack.enter_context(ThreadPoolExecutor(3))
        with database.writing():
            for number, node in enumerate(nodes):
                waiting.append(threads.submit(write, node, str(number)))
                until(lambda: len(holders(postgres_url)) == len(waiting) + 1)
    assert order == ["0", "1", "2"]


def until(happens: Callable[[], bool]) -> None:
    """Wait until it does; each look is a query."""
    deadline = time.monotonic() + SECONDS
    while not happens():
        assert time.monotonic() < deadline


def test_a_turn_of_a_connection_that_is_lost_is_over_at_once(
    database: PostgresqlDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_turn, "TURN_SECONDS", SECONDS)
    with database.writing(keep) as transaction:
        pass
    with closing(PostgresqlDatabase(postgres_url)) as other, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(put, other, "other")
        until(lambda: holders(postgres_url) == [True, False])
        kill(postgres_url, transaction)
        waiting.result(SECONDS)
    put(database, "here")
    assert knows(database, "other")
    assert holders(postgres_url) == []


def test_a_node_that_hangs_between_two_transactions_of_its_turn_loses_it(
    database: PostgresqlDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_turn, "TURN_SECONDS", SECONDS)
    hasty = tuple(text.replace("'30s'", "'100ms'") for text in postgresql_turn._TAKE)
    monkeypatch.setattr(postgresql_turn, "_TAKE", hasty)
    with database.writing(keep):
        pass
    with closing(PostgresqlDatabase(postgres_url)) as other:
        put(other, "other")
    put(database, "here")
    assert holders(postgres_url) == []


def change_and_hang(database: PostgresqlDatabase, other: PostgresqlDatabase) -> None:
    with database.writing() as transaction:
        with transaction.savepoint():
            transaction.change("meta_put", {"name": "lost", "value": "1"})
        with transaction.savepoint():
            transaction.change("meta_put", {"name": "lost too", "value": "1"})
            put(other, "other")


def test_a_node_that_hangs_in_its_transaction_loses_it_whatever_it_was_about_to_send(
    database: PostgresqlDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = tuple(text.replace("'30s'", "'100ms'") for text in postgresql_turn._BEGIN)
    monkeypatch.setattr(postgresql_turn, "_BEGIN", hasty)
    with closing(PostgresqlDatabase(postgres_url)) as other:
        with pytest.raises(errors.Unavailable):
            change_and_hang(database, other)
        assert [knows(other, name) for name in ("lost", "lost too", "other")] == [
            False,
            False,
            True,
        ]


def test_a_node_of_an_earlier_release_takes_turns_with_this_one(
    database: PostgresqlDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the same lock, for one transaction."""
    monkeypatch.setattr(postgresql_turn, "TURN_SECONDS", SECONDS)
    lock = "SELECT pg_try_advisory_xact_lock(%s)"
    with psycopg.connect(postgres_url, autocommit=True) as earlier:
        with database.writing(keep):
            pass
        assert earlier.execute(lock, (postgresql_turn.LOCK,)).fetchall() == [(False,)]
        database.end_turn()
        assert earlier.execute(lock, (postgresql_turn.LOCK,)).fetchall() == [(True,)]


def test_a_connection_outside_of_a_turn_may_be_idle(database: PostgresqlDatabase) -> None:
    show = "SHOW idle_session_timeout"
    with database.writing() as transaction:
        raw = transaction._raw
        assert raw.execute(show).fetchall() == [("30s",)]
    assert raw.execute(show).fetchall() == [("0",)]


def test_a_statement_that_takes_too_long_is_cancelled(
    database: PostgresqlDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = postgresql_server._SESSION.replace("'30s'", "'100ms'")
    monkeypatch.setattr(postgresql_server, "_SESSION", hasty)
    with psycopg.connect(postgres_url) as locker:
        locker.execute("LOCK TABLE understudy.meta IN ACCESS EXCLUSIVE MODE")
        with closing(PostgresqlDatabase(postgres_url)) as other:
            with pytest.raises(errors.StorageBusy) as caught:
                knows(other, "a")
            assert str(caught.value.internal).startswith("57014")


def test_a_stream_is_read_from_the_server_bit_by_bit(database: PostgresqlDatabase) -> None:
    with database.writing() as transaction:
        names = [(f"name-{number}", "1") for number in range(2000)]
        transaction.run_many("meta_put", names)
        streams = [transaction.stream("meta_get", {"name": f"name-{n}"}) for n in (1, 2)]
        assert [next(stream) for stream in streams] == [{"value": "1"}] * 2


def test_a_watch_reports_an_outage_and_looks_again_afterwards(
    postgres_server: PostgresServer, database: PostgresqlDatabase
) -> None:
    with closing(database.watch()) as watch:
        postgres_server.stop()
        for _ in range(2):
            with refusal_of(errors.Unavailable, "unavailable"):
                watch.wait(SECONDS)
        postgres_server.start()
        # What was committed in between is not known, so that a look is due.
        assert watch.wait(SECONDS)
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(watch.wait, SECONDS)
            put(database, "a")
            assert waiting.result(SECONDS)


def test_a_watch_asks_for_a_look_each_second(database: PostgresqlDatabase) -> None:
    with closing(database.watch()) as watch:
        assert [watch.wait(0.1) for _ in range(10)] == [False] * 9 + [True]
        assert watch.wait(SECONDS)


def test_a_watch_of_an_app_that_shares_the_database_is_not_disturbed(
    database: PostgresqlDatabase, postgres_url: str
) -> None:
    heard = Event()
    with closing(database.watch()) as watch, psycopg.connect(postgres_url) as app:
        app.execute("CREATE TABLE app_orders (id int)")
        app.execute("NOTIFY app_channel")
        app.commit()
        if watch.wait(0.2):
            heard.set()
    assert not heard.is_set()
