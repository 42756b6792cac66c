"""The same beside an event loop: psycopg, asyncpg, aiomysql and aiosqlite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from tests.fixtures.mariadb import HOST, MariaDB
from tests.integration.contrib.sqlalchemy.items import Base, Item
from tests.integration.contrib.sqlalchemy.test_read_only import INSERT, READING
from understudy.contrib.sqlalchemy.read_only import hold_read_only
from understudy.errors import WriteBlocked
from understudy.sdk.context import Present, entered

OF_MARIADB = (
    ("SELECT NEXT VALUE FOR numbers",),
    ("SELECT SETVAL(numbers, 100)",),
    ("SELECT * FROM items FOR UPDATE",),
    ("TRUNCATE items",),
    ("RENAME TABLE items TO others",),
    ("SET SESSION TRANSACTION READ WRITE", INSERT),
    ("SELECT 1", "COMMIT", INSERT),
    ("START TRANSACTION READ WRITE", INSERT),
    ("EXECUTE IMMEDIATE 'SET SESSION TRANSACTION READ WRITE'", "COMMIT", INSERT),
)


@pytest.fixture(params=["aiosqlite", "asyncpg", "psycopg", "aiomysql"])
async def shop(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """One connection, which everybody gets in turn."""
    engine = create_async_engine(_url(request, tmp_path), pool_size=1, max_overflow=0)
    hold_read_only(engine)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        if request.param == "aiomysql":
            await connection.execute(text("CREATE OR REPLACE SEQUENCE numbers"))
    yield engine
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
    await engine.dispose()


def _url(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "aiosqlite":
        return f"sqlite+aiosqlite:///{folder / 'shop.db'}"
    if request.param == "aiomysql":
        server: MariaDB = request.getfixturevalue("mariadb_server")
        account = f"{server.user}:{server.password}@{HOST}:{server.port}"
        return f"mysql+aiomysql://{account}/{server.database}"
    plain: str = request.getfixturevalue("postgres_url")
    return plain.replace("postgresql://", f"postgresql+{request.param}://")


async def write(shop: AsyncEngine) -> None:
    async with AsyncSession(shop) as session:
        session.add(Item(name="new"))
        await session.commit()


async def count(shop: AsyncEngine) -> int:
    async with shop.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM items")) or 0)


async def test_what_writes_is_refused_and_the_next_customer_writes(shop: AsyncEngine) -> None:
    present = Present(READING)
    with entered(present):
        assert await count(shop) == 0
        with pytest.raises(WriteBlocked):
            await write(shop)
    assert present.write is not None
    assert present.write.table == "items"
    assert await count(shop) == 0
    await write(shop)
    assert await count(shop) == 1


@pytest.mark.parametrize(
    "statement",
    [
        INSERT,
        "UPDATE items SET name = 'new'",
        "DELETE FROM items",
        "CREATE TABLE more (name text)",
        "CREATE TEMPORARY TABLE more (name text)",
    ],
)
async def test_nor_by_sql(shop: AsyncEngine, statement: str) -> None:
    await write(shop)
    with entered(Present(READING)), pytest.raises(WriteBlocked):
        await say(shop, statement)
    assert await count(shop) == 1
    await write(shop)
    assert await count(shop) == 2


async def test_nor_many_at_once(shop: AsyncEngine) -> None:
    with entered(Present(READING)), pytest.raises(WriteBlocked):
        async with shop.begin() as connection:
            await connection.execute(insert(Item), [{"name": "new"}, {"name": "new"}])
    assert await count(shop) == 0


@pytest.mark.parametrize("shop", ["asyncpg", "psycopg"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT name FROM items FOR UPDATE",
        "SELECT nextval('items_id_seq')",
        "SET TRANSACTION READ WRITE",
        "/* shop */ COMMIT",
    ],
)
async def test_so_is_what_postgresql_alone_knows(shop: AsyncEngine, statement: str) -> None:
    with entered(Present(READING)), pytest.raises(WriteBlocked):
        await say(shop, statement, INSERT)
    assert await count(shop) == 0
    await write(shop)


@pytest.mark.parametrize("shop", ["aiomysql"], indirect=True)
@pytest.mark.parametrize("way", OF_MARIADB)
async def test_so_is_what_mariadb_alone_knows(shop: AsyncEngine, way: tuple[str, ...]) -> None:
    await write(shop)
    with entered(Present(READING)), pytest.raises(WriteBlocked):
        await say(shop, *way)
    assert await count(shop) == 1
    await write(shop)


async def test_so_is_what_goes_by_the_driver(shop: AsyncEngine) -> None:
    with (
        entered(Present(READING)),
        pytest.raises(Exception, match=r"(?i)read.?only|authorized"),
    ):
        await by_the_driver(shop)
    assert await count(shop) == 0
    await by_the_driver(shop)
    assert await count(shop) == 1


async def by_the_driver(shop: AsyncEngine) -> None:
    async with shop.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        if shop.dialect.driver == "aiomysql":
            async with driver.cursor() as cursor:
                await cursor.execute(INSERT)
        else:
            await driver.execute(INSERT)
        if hasattr(driver, "commit"):
            await driver.commit()


async def say(shop: AsyncEngine, *statements: str, **options: str) -> None:
    async with shop.connect() as connection:
        free = await connection.execution_options(**options)
        for statement in statements:
            await free.execute(text(statement))


@pytest.mark.parametrize("shop", ["asyncpg", "psycopg"], indirect=True)
async def test_a_transaction_is_not_ended_by_sql(shop: AsyncEngine) -> None:
    with entered(Present(READING)), pytest.raises(WriteBlocked):
        await say(shop, "SELECT 1", "COMMIT", INSERT)
    assert await count(shop) == 0


async def test_a_connection_in_autocommit_writes_nothing(shop: AsyncEngine) -> None:
    with entered(Present(READING)), pytest.raises(WriteBlocked):
        await say(shop, INSERT, isolation_level="AUTOCOMMIT")
    assert await count(shop) == 0
    await write(shop)
