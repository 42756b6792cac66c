"""Who caused a transaction, as a trigger reads it, with SQLAlchemy and its pool."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from tests.fixtures.impersonation import SESSION
from tests.integration.contrib.audited import BY_NOBODY, BY_SAM, make, told
from understudy.contrib.sqlalchemy import record_attribution
from understudy.sdk.attribution import Attribution, attributed_to
from understudy.sdk.context import Impersonation, Present, entered

SAM = Impersonation.of(SESSION)
INSERT = text("INSERT INTO orders (state) VALUES (:state)")


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    """One connection, which everybody gets in turn."""
    make(postgres_url)
    url = postgres_url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, pool_size=1, max_overflow=0)
    record_attribution(engine)
    yield engine
    engine.dispose()


def write(connection: Connection, state: str) -> None:
    connection.execute(INSERT, {"state": state})


def test_a_trigger_knows_actor_subject_and_session(engine: Engine, postgres_url: str) -> None:
    with entered(Present(SAM)), engine.begin() as connection:
        write(connection, "refunded")
    assert told(postgres_url) == [("refunded", *BY_SAM)]


def test_the_next_customer_of_the_connection_is_nobody(engine: Engine, postgres_url: str) -> None:
    with entered(Present(SAM)), engine.begin() as connection:
        write(connection, "1")
    with engine.begin() as connection:
        write(connection, "2")
    assert told(postgres_url) == [("1", *BY_SAM), ("2", *BY_NOBODY)]


def test_after_a_rollback_each_transaction_is_told_again(engine: Engine, postgres_url: str) -> None:
    with entered(Present(SAM)), engine.connect() as connection:
        write(connection, "taken back")
        connection.rollback()
        write(connection, "2")
        connection.commit()
        with connection.begin_nested() as savepoint:
            write(connection, "taken back")
            savepoint.rollback()
        write(connection, "3")
        connection.commit()
    with engine.begin() as connection:
        write(connection, "4")
    assert told(postgres_url) == [("2", *BY_SAM), ("3", *BY_SAM), ("4", *BY_NOBODY)]


def test_a_job_s_transaction_is_told_who_caused_the_job(engine: Engine, postgres_url: str) -> None:
    with attributed_to(Attribution.of(SAM)), engine.begin() as connection:
        write(connection, "refunded")
    assert told(postgres_url) == [("refunded", *BY_SAM)]


def test_in_autocommit_a_trigger_sees_nobody(engine: Engine, postgres_url: str) -> None:
    with entered(Present(SAM)), engine.connect() as connection:
        write(connection.execution_options(isolation_level="AUTOCOMMIT"), "1")
    assert told(postgres_url) == [("1", *BY_NOBODY)]


def test_on_sqlite_nothing_is_told_and_everything_works(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'app.db'}")
    record_attribution(engine)
    with entered(Present(SAM)), engine.begin() as connection:
        connection.execute(text("CREATE TABLE orders (state text)"))
        write(connection, "refunded")
        assert connection.execute(text("SELECT state FROM orders")).scalar() == "refunded"
    engine.dispose()
