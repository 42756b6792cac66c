"""A login and a pool of their own: nothing is written, whatever the app's code says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import psycopg.conninfo
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from tests.docs.pages import ROOT, blocks
from tests.fixtures.postgresql import PostgresServer
from tests.fixtures.reading_login import PASSWORD, reader_of
from tests.integration.contrib.sqlalchemy.items import Base, Item
from tests.integration.contrib.sqlalchemy.test_read_only import INSERT, READING, names
from understudy.errors import WriteBlocked
from understudy.sdk.context import Present, entered


class House:
    """Both pools, and the guide's session over them."""

    def __init__(self, url: str) -> None:
        self.reader = psycopg.conninfo.make_conninfo(url, user="reader", password=PASSWORD)
        made = url.replace("postgresql://", "postgresql+psycopg://")
        self.writing = create_engine(made, pool_size=1, max_overflow=0)
        # By a driver's own words, as addresses with a blank in them are written differently.
        self.reading = create_engine(
            "postgresql+psycopg://",
            creator=lambda: psycopg.connect(self.reader),
            pool_size=1,
            max_overflow=0,
        )
        said: dict[str, Any] = {"writing": self.writing, "reading": self.reading}
        exec(guide(), said)
        self.session: type[Session] = said["ShopSession"]

    @property
    def engines(self) -> tuple[Engine, Engine]:
        return self.writing, self.reading


def guide() -> str:
    """What the guide says of two engines."""
    said = [one.text for one in blocks(ROOT / "docs/howto/read-only.md")]
    (found,) = [text for text in said if "ShopSession" in text]
    return found


@pytest.fixture
def house(postgres_server: PostgresServer) -> Iterator[House]:
    with postgres_server.database() as url:
        database = str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])
        admin = psycopg.conninfo.make_conninfo(postgres_server.admin_url, dbname=database)
        with psycopg.connect(admin, autocommit=True) as connection:
            for statement in reader_of(database):
                connection.execute(statement)
        made = House(url)
        Base.metadata.create_all(made.writing)
        yield made
        for engine in made.engines:
            engine.dispose()
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("DROP OWNED BY reader")
            connection.execute("DROP ROLE reader")


def add(house: House) -> None:
    with house.session() as session:
        session.add(Item(name="new"))
        session.commit()


def test_a_session_reads_by_one_and_everybody_else_writes_by_the_other(house: House) -> None:
    add(house)
    with entered(Present(READING)):
        with house.session() as session:
            who = session.scalar(text("SELECT current_user"))
            assert (who, session.query(Item).count()) == ("reader", 1)
        with pytest.raises(WriteBlocked):
            add(house)
    with entered(Present(READING, unlocked=True)):
        add(house)
    assert names(house.writing) == ["new", "new"]


@pytest.mark.parametrize(
    "statement",
    [
        INSERT,
        f"COMMIT; {INSERT}",
        f"SET default_transaction_read_only = off; COMMIT; {INSERT}",
        "SET ROLE understudy",
        "SELECT nextval('items_id_seq')",
        "COMMIT; START TRANSACTION READ WRITE; SELECT lo_create(0)",
        "COMMIT; START TRANSACTION READ WRITE; CREATE TEMPORARY TABLE more (name text)",
        "COMMIT; START TRANSACTION READ WRITE; CREATE TABLE more (name text)",
        "COMMIT; START TRANSACTION READ WRITE; SELECT * FROM items FOR UPDATE",
    ],
)
def test_by_the_driver_itself_nothing_is_written_either(house: House, statement: str) -> None:
    with psycopg.connect(house.reader) as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(statement)
    assert refused.value.sqlstate in ("42501", "25006")
    assert names(house.writing) == []
