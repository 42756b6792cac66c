"""A shop on SQLAlchemy, sync and async, whose pages are asked for: the verb first, then the rows.

Its side of Django's is ``tests/integration/contrib/django/read_only``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from typing import Any, Protocol

import httpx
import pytest
from sqlalchemy import create_engine, make_url, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.integration.contrib.sqlalchemy.conftest import KINDS
from tests.integration.contrib.sqlalchemy.items import Base, Item
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.contrib.sqlalchemy.read_only import hold_read_only
from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway

DRIVERS = {
    "sqlite": ("", "aiosqlite"),
    "postgresql": ("psycopg", "asyncpg"),
    "mariadb": ("pymysql", "aiomysql"),
}
AT_WORK = [
    pytest.param(kind, driver, id=f"{kind}, {driver or 'by the standard library'}")
    for kind, drivers in DRIVERS.items()
    for driver in drivers
]


class Stock(Protocol):
    """What the shop's pages do to its rows."""

    async def names(self) -> list[str]: ...
    async def add(self) -> None: ...


class Sync:
    """In threads, as an app does beside a loop."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)
        hold_read_only(self._engine)

    async def names(self) -> list[str]:
        return await run_in_threadpool(self._names)

    async def add(self) -> None:
        await run_in_threadpool(self._add)

    async def close(self) -> None:
        self._engine.dispose()

    def _names(self) -> list[str]:
        with Session(self._engine) as session:
            return list(session.scalars(select(Item.name).order_by(Item.id)))

    def _add(self) -> None:
        with Session(self._engine) as session:
            session.add(Item(name="new"))
            session.commit()


class Async:
    """In the loop."""

    def __init__(self, url: str) -> None:
        self._engine: AsyncEngine = create_async_engine(url)
        hold_read_only(self._engine)

    async def names(self) -> list[str]:
        async with AsyncSession(self._engine) as session:
            return list(await session.scalars(select(Item.name).order_by(Item.id)))

    async def add(self) -> None:
        async with AsyncSession(self._engine) as session:
            session.add(Item(name="new"))
            await session.commit()

    async def close(self) -> None:
        await self._engine.dispose()


def shop(stock: Stock, ran: list[str]) -> Starlette:
    """A site that tells in ``ran`` what it has begun, and what it has charged for."""

    async def search(request: Request) -> JSONResponse:
        return JSONResponse(await stock.names())

    async def buy(request: Request) -> JSONResponse:
        ran.append(f"{request.method} began")
        await stock.add()
        ran.append("charged")
        return JSONResponse({})

    return Starlette(
        routes=[
            Route("/search", search, methods=["POST"]),
            Route("/buy", buy, methods=["GET", "POST"]),
        ]
    )


class Place:
    """The site under the guard; ``ran`` is what it has done."""

    def __init__(self, stock: Stock) -> None:
        self.ran: list[str] = []
        self.stock = stock
        self.gateway = FakeGateway()
        self.understudy = self.gateway.understudy()
        site = shop(stock, self.ran)
        site.add_middleware(
            UnderstudyMiddleware, understudy=self.understudy, reads=["POST /search"]
        )
        self._site = site
        self.session = self.gateway.open(scope=Scope.READ_ONLY)

    async def ask(self, method: str, path: str, *, impersonated: bool = True) -> Any:
        headers = self.session.headers if impersonated else {}
        transport = httpx.ASGITransport(self._site)
        async with httpx.AsyncClient(transport=transport, base_url="https://app.test") as client:
            return await client.request(method, path, headers=headers)

    def blocked_by(self) -> list[tuple[str | None, str | None]]:
        """The rules that the log has, and the tables."""
        actions = self.gateway.actions(self.session.id, phase=Phase.BLOCKED)
        return [(one.rule, one.table) for one in actions]


@pytest.fixture
def url(kind_of: str, driver: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Of a database with the shop's table, and one item in it."""
    for found in KINDS[kind_of](request):
        engine = create_engine(found)
        Base.metadata.drop_all(engine)
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            session.add(Item(name="apple"))
            session.commit()
        base = make_url(found)
        name = base.get_backend_name()
        chosen = base.set(drivername=f"{name}+{driver}" if driver else name)
        yield chosen.render_as_string(hide_password=False)
        Base.metadata.drop_all(engine)
        engine.dispose()


@pytest.fixture
async def place(url: str, driver: str) -> AsyncIterator[Place]:
    """The shop, by the driver that is asked for."""
    stock = Async(url) if driver in ("aiosqlite", "asyncpg", "aiomysql") else Sync(url)
    made = Place(stock)
    with closing(made.understudy):
        yield made
    await stock.close()


@pytest.mark.parametrize(("kind_of", "driver"), AT_WORK)
async def test_searches_are_answered_and_nothing_else_is_done(place: Place) -> None:
    found = await place.ask("POST", "/search")
    assert (found.status_code, found.json()) == (200, ["apple"])

    undeclared = await place.ask("POST", "/buy")
    assert (undeclared.status_code, undeclared.json()["code"]) == (403, "read_only")
    assert place.ran == []

    writes = await place.ask("GET", "/buy")
    assert (writes.status_code, writes.json()["code"]) == (403, "write_blocked")
    assert place.ran == ["GET began"]
    assert await place.stock.names() == ["apple"]
    assert place.blocked_by() == [("read_only", None), ("write_blocked", "items")]

    for method in ("GET", "POST"):
        assert (await place.ask(method, "/buy", impersonated=False)).status_code == 200
    assert await place.stock.names() == ["apple", "new", "new"]
    assert place.ran.count("charged") == 2
