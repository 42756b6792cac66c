"""Who caused a transaction, as a trigger reads it, with SQLAlchemy's async engine and its pool."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from tests.fixtures.impersonation import SESSION
from tests.integration.contrib.audited import BY_NOBODY, BY_SAM, make, told
from understudy.contrib.sqlalchemy import record_attribution
from understudy.sdk.context import Impersonation, Present, entered

SAM = Impersonation.of(SESSION)
INSERT = text("INSERT INTO orders (state) VALUES (:state)")


@pytest.fixture(params=["psycopg", "asyncpg"])
async def engine(request: pytest.FixtureRequest, postgres_url: str) -> AsyncIterator[AsyncEngine]:
    """One connection, which everybody gets in turn."""
    make(postgres_url)
    url = postgres_url.replace("postgresql://", f"postgresql+{request.param}://")
    engine = create_async_engine(url, pool_size=1, max_overflow=0)
    record_attribution(engine)
    yield engine
    await engine.dispose()


async def write(engine: AsyncEngine, state: str) -> None:
    async with AsyncSession(engine) as session:
        await session.execute(INSERT, {"state": state})
        await session.commit()


async def write_as_sam(engine: AsyncEngine, state: str) -> None:
    with entered(Present(SAM)):
        await write(engine, state)


async def test_a_trigger_knows_who_caused_each_of_a_loop_s_transactions(
    engine: AsyncEngine, postgres_url: str
) -> None:
    await write_as_sam(engine, "1")
    await write(engine, "2")
    # Those who wait for the connection at the same time get it one after the other.
    await asyncio.gather(
        *(write_as_sam(engine, f"3 of {number}") for number in range(3)),
        *(write(engine, f"4 of {number}") for number in range(3)),
    )
    assert told(postgres_url) == [
        ("1", *BY_SAM),
        ("2", *BY_NOBODY),
        *((f"3 of {number}", *BY_SAM) for number in range(3)),
        *((f"4 of {number}", *BY_NOBODY) for number in range(3)),
    ]


async def test_after_a_rollback_the_next_transaction_is_told_again(
    engine: AsyncEngine, postgres_url: str
) -> None:
    with entered(Present(SAM)):
        async with engine.connect() as connection:
            await connection.execute(INSERT, {"state": "taken back"})
            await connection.rollback()
            await connection.execute(INSERT, {"state": "1"})
            await connection.commit()
    await write(engine, "2")
    assert told(postgres_url) == [("1", *BY_SAM), ("2", *BY_NOBODY)]
